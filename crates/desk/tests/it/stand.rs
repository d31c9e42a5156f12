//! A counter in a folder of its own with a clock that is turned by hand, and a centre with every department.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use onewindow_case::ids::{CaseId, MatterId};
use onewindow_catalogue::{Bundle, Catalogue};
use onewindow_central::{Centre, CentreConfig, DemoFile, serve};
use onewindow_desk::{Clock, Desk, DeskFolder};
use onewindow_ipc::case_view::{CaseView, Disposition, MarkView, OutcomeKind, OutcomeRequest};
use onewindow_testkit::departments::{DepartmentToken, Departments, Policy};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw, encode_jpeg};
use tempfile::TempDir;
use time::macros::datetime;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::fillings::{self, Filling};

pub const COUNTER: &str = "330302-01-003";
pub const CLERK: (&str, &str) = ("0307", "246810");
pub const SUPERVISOR: (&str, &str) = ("0012", "975310");
/// Tuesday 2026-11-24, ten o'clock in China.
const TUESDAY_MS: i64 = datetime!(2026-11-24 10:00 +8).unix_timestamp() * 1_000;
const DAY_MS: i64 = 86_400_000;

pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::built_in().unwrap());

/// One sheet, drawn once, that stands for any paper: what is on it does not matter where nobody reads it.
static SHEET: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let options = DrawOptions {
        dpi: 200,
        ..DrawOptions::default()
    };
    let paper = draw(PaperKind::AppointmentResolution, &Cast::demo(), &options).unwrap();
    encode_jpeg(&paper, 85).unwrap()
});

/// Hands of a clock that several owners may turn.
#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct Counter {
    pub desk: Desk,
    pub data: PathBuf,
    now_ms: Arc<AtomicI64>,
    _dir: TempDir,
}

impl Counter {
    /// A counter whose centre does not answer.
    pub fn alone() -> Self {
        Self::of("http://127.0.0.1:1")
    }

    /// A counter of the centre at this address, with the clerk signed in.
    pub fn of(centre_url: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let blanks: Vec<_> = ["business_licence", "entertainment_permit", "food_licence", "tenancy_proof"]
            .iter()
            .zip(["33TA", "33TB", "33TC", "33TD"])
            .map(|(kind, prefix)| serde_json::json!({ "kind": kind, "prefix": prefix, "first": 1, "last": 40 }))
            .collect();
        let config = serde_json::json!({
            "counter": COUNTER, "label": "03",
            "branch_zh": "云溪市政务服务中心南塘分中心", "branch_en": "Yunxi Service Centre, Nantang Branch",
            "office_short": "云行", "phone": "0577-00000001", "address": "云溪市南塘大道 1 号",
            "centre_url": centre_url, "enrolment_code": "CODE-03", "demo": true,
            "demo_staff": [
                { "staff_no": CLERK.0, "name": "沈青", "role": "clerk", "pin": CLERK.1 },
                { "staff_no": SUPERVISOR.0, "name": "罗明远", "role": "supervisor", "pin": SUPERVISOR.1 },
            ],
            "demo_blanks": blanks,
        });
        std::fs::write(data.join("counter.json"), config.to_string()).unwrap();
        std::fs::write(dir.path().join("sheet.jpg"), &*SHEET).unwrap();
        let now_ms = Arc::new(AtomicI64::new(TUESDAY_MS));
        let desk = open(&data, &now_ms);
        Self { desk, data, now_ms, _dir: dir }
    }

    /// Closes the desk and opens its folder again, as after a power cut between two acts.
    pub fn restart(&mut self) {
        self.restart_after(|_data| {});
    }

    /// A backup of the whole data folder, made while the counter is closed.
    pub fn back_up(&mut self) -> TempDir {
        let backup = tempfile::tempdir().unwrap();
        self.restart_after(|data| copy(data, backup.path()));
        backup
    }

    /// Puts a backup back and opens the counter on it.
    pub fn put_back(&mut self, backup: &TempDir) {
        self.restart_after(|data| {
            std::fs::remove_dir_all(data).unwrap();
            copy(backup.path(), data);
        });
    }

    fn restart_after(&mut self, meanwhile: impl FnOnce(&Path)) {
        self.desk.close();
        // The store lets one owner in; a desk of another, empty folder takes the place while the folder is opened anew.
        let aside = Self::alone_folder(&self._dir);
        let aside = open(&aside, &self.now_ms);
        drop(std::mem::replace(&mut self.desk, aside));
        meanwhile(&self.data);
        let desk = open(&self.data, &self.now_ms);
        self.desk.close();
        self.desk = desk;
    }

    fn alone_folder(dir: &TempDir) -> PathBuf {
        let aside = dir.path().join("aside");
        if !aside.exists() {
            std::fs::create_dir(&aside).unwrap();
            std::fs::copy(dir.path().join("data/counter.json"), aside.join("counter.json")).unwrap();
        }
        aside
    }

    pub fn pass_days(&self, days: i64) {
        self.now_ms.fetch_add(days * DAY_MS, Ordering::Relaxed);
    }

    pub fn sheet(&self) -> PathBuf {
        self._dir.path().join("sheet.jpg")
    }

    /// Opens a case, names the applicant, answers as usual and fills the form.
    pub fn begin(&self, filling: &Filling) -> CaseView {
        let bundle = bundle(filling.bundle);
        let view = self.desk.open_case(filling.bundle, Some("A017".to_owned())).unwrap();
        let id = id_of(&view);
        self.desk.set_applicant(id, &filling.applicant()).unwrap();
        for (question, answer) in &bundle.figures.usual {
            self.desk.answer_question(id, question.as_str(), Some(&answer.to_string())).unwrap();
        }
        let mut view = self.desk.show_case(id).unwrap();
        for field in view.fields.clone() {
            let value = fillings::value(filling, &field);
            if !value.is_empty() && field.value != value {
                view = self.desk.set_field(id, &field.field, &value).unwrap();
            }
        }
        view
    }

    /// Hands in every paper that is asked for, as scanned pages; commitments are signed, shared data confirmed.
    pub fn hand_in(&self, view: &CaseView, except: impl Fn(&str) -> bool) -> CaseView {
        let id = id_of(view);
        for item in view.checklist.iter().filter(|item| !except(&item.material)) {
            match item.disposition {
                Disposition::Required => {
                    let pages = vec![self.sheet(); item.pages_expected.max(1) as usize];
                    self.desk.import_files(id, Some(item.material.clone()), &pages).unwrap();
                }
                Disposition::Commitment => {
                    self.desk.mark_material(id, &item.material, Some(MarkView::CommitmentSigned), None).unwrap();
                }
                Disposition::Shared => {
                    self.desk.mark_material(id, &item.material, Some(MarkView::SharedConfirmed), None).unwrap();
                }
                Disposition::Form | Disposition::Internal | Disposition::Waived => {}
            }
        }
        self.consent(view)
    }

    /// As [`Counter::hand_in`], with the clerk's word instead of scanned pages: quick where pages are not the point.
    pub fn vouch(&self, view: &CaseView, except: impl Fn(&str) -> bool) -> CaseView {
        let id = id_of(view);
        for item in view.checklist.iter().filter(|item| !except(&item.material)) {
            let (mark, reason) = match item.disposition {
                Disposition::Required => (MarkView::OtherProof, Some("原件已核")),
                Disposition::Commitment => (MarkView::CommitmentSigned, None),
                Disposition::Shared | Disposition::Form | Disposition::Internal | Disposition::Waived => continue,
            };
            self.desk.mark_material(id, &item.material, Some(mark), reason).unwrap();
        }
        self.consent(view)
    }

    /// Every consent that the bundle asks for is given by itself.
    fn consent(&self, view: &CaseView) -> CaseView {
        for consent in view.visit.consents.iter().filter(|consent| !consent.given) {
            self.desk.give_consent(id_of(view), &consent.consent, true).unwrap();
        }
        self.desk.show_case(id_of(view)).unwrap()
    }

    pub fn decide(&self, view: &CaseView, kind: OutcomeKind) -> Result<CaseView, onewindow_desk::DeskFault> {
        self.desk.decide_outcome(id_of(view), &request(view, kind))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.desk.close();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &target);
        } else {
            std::fs::copy(file.path(), target).unwrap();
        }
    }
}

fn open(data: &Path, now_ms: &Arc<AtomicI64>) -> Desk {
    let clock = Box::new(Hands(Arc::clone(now_ms)));
    let desk = Desk::open_with_clock(&DeskFolder::with_key_file(data), clock, &|_| {}).unwrap();
    desk.sign_in(CLERK.0, CLERK.1).unwrap();
    desk
}

pub fn bundle(id: &str) -> &'static Bundle {
    CATALOGUE.find_bundle(&id.into()).unwrap()
}

pub fn id_of(view: &CaseView) -> CaseId {
    CaseId::parse(&view.case_id).unwrap()
}

pub fn request(view: &CaseView, kind: OutcomeKind) -> OutcomeRequest {
    OutcomeRequest {
        kind,
        reason: None,
        text: None,
        supervisor_no: None,
        supervisor_pin: None,
        undertaking_signed: None,
        credit_clean: None,
        seen_revision: view.revision,
    }
}

/// What keeps a case from being accepted, for the message of a failure.
pub fn open_points(view: &CaseView) -> Vec<String> {
    view.findings
        .iter()
        .filter(|finding| finding.severity == onewindow_ipc::case_view::Severity::Error && finding.overridden.is_none())
        .map(|finding| format!("{} {:?} {:?}: {}", finding.code, finding.material, finding.field, finding.what.en))
        .collect()
}

/// Gives out a granted matter: a licence of this counter on a blank first.
pub fn hand_over(counter: &Counter, view: &CaseView, matter: &str) -> CaseView {
    let id = id_of(view);
    let matter_id = MatterId::new(matter);
    let shown = view.matters.iter().find(|known| known.matter == matter).unwrap();
    if shown.licence_printable {
        let serial = shown.next_blank.clone().unwrap_or_else(|| panic!("a blank for {matter}"));
        counter.desk.issue_licence(id, &matter_id, &serial).unwrap();
        counter.desk.settle_blank(id, &serial, true, None, None).unwrap();
    }
    counter.desk.hand_over(id, &matter_id, "本人").unwrap()
}

pub struct Office {
    pub url: String,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    now_ms: Arc<AtomicI64>,
    _centre: Arc<Centre>,
    _dir: TempDir,
}

impl Office {
    /// The centre with the counter and every department of the catalogue.
    pub fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let now_ms = Arc::new(AtomicI64::new(TUESDAY_MS));
        let hands = Arc::clone(&now_ms);
        let config = CentreConfig {
            clock: onewindow_central::Clock::from_ms(move || hands.load(Ordering::Relaxed)),
            ..CentreConfig::new(dir.path().join("centre"))
        };
        let departments: Vec<_> = CATALOGUE
            .departments()
            .keys()
            .map(|id| serde_json::json!({ "department": id.as_str(), "token": token(id.as_str()) }))
            .collect();
        let demo: DemoFile = serde_json::from_value(serde_json::json!({
            "branch": { "id": "330302-01", "zh": "云溪市政务服务中心南塘分中心", "en": "Yunxi Service Centre, Nantang Branch" },
            "office": "云溪市",
            "counters": [{ "counter": COUNTER, "code": "CODE-03" }],
            "staff": [
                { "staff_no": CLERK.0, "name": "沈青", "role": "clerk", "pin": CLERK.1 },
                { "staff_no": SUPERVISOR.0, "name": "罗明远", "role": "supervisor", "pin": SUPERVISOR.1 },
            ],
            "departments": departments,
        }))
        .unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (url, centre) = runtime.block_on(async {
            let centre = Arc::new(Centre::open(config).await.unwrap());
            centre.seed_demo(&demo).await.unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let served = Arc::clone(&centre);
            tokio::spawn(async move {
                let stopped = async move {
                    let _sent = stopped.await;
                };
                serve(listener, served, stopped).await.unwrap();
            });
            (url, centre)
        });
        Self {
            url,
            runtime,
            stop: Some(stop),
            now_ms,
            _centre: centre,
            _dir: dir,
        }
    }

    /// Sends everything that waits and takes the news.
    pub fn sync(&self, counter: &Counter) {
        self.now_ms.store(counter.now_ms.load(Ordering::Relaxed), Ordering::Relaxed);
        self.runtime.block_on(counter.desk.sync_once()).unwrap();
    }

    /// Waits for something asked of the centre.
    pub fn run<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(asked)
    }

    /// Departments work until nothing waits for them.
    pub fn decide_all(&self, policy: Policy) -> usize {
        let tokens = CATALOGUE
            .departments()
            .keys()
            .map(|id| DepartmentToken {
                department: id.as_str().to_owned(),
                token: token(id.as_str()),
            })
            .collect();
        Departments::work_once(&self.url, tokens, policy).unwrap().len()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _listening = stop.send(());
        }
    }
}

fn token(department: &str) -> String {
    format!("token-{department}")
}
