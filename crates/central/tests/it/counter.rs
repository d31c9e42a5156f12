//! A counter with its journal in memory: chains entries as the real one does and sends them as told.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_case::event::{Applicant, ApplicantKind, CaseEvent, FieldSource, Judgement, MatterDue, PageOrigin};
use onewindow_case::ids::{BundleId, CaseId, CounterId, Digest, FieldKey, MaterialKey, MatterId, PageId, QuestionId, StaffNo};
use onewindow_journal::{Actor, CounterEvent, Entry, Event, Head, Role, encode};
use onewindow_wire::allotment::{Allotment, AllotmentRequest};
use onewindow_wire::entries::{EntriesBatch, EntriesReceipt, EntryBytes, PageReceipt, PagesAsked, PagesMissing};
use onewindow_wire::feed::{CentreWord, Feed};
use onewindow_wire::{COUNTER_HEADER, path};
use reqwest::{Client, RequestBuilder};
use time::macros::date;
use uuid::Uuid;

use crate::stand::{MONDAY_MS, Refused, answer};

pub struct Counter {
    pub id: CounterId,
    pub token: String,
    pub epoch: u32,
    pub head: Head,
    /// Everything written, in order.
    pub entries: Vec<EntryBytes>,
    actor: Actor,
    url: String,
    client: Client,
}

/// A case as it is being written.
pub struct Draft {
    pub id: CaseId,
    pub revision: u32,
}

/// Matters of the karaoke bundle without food, and who decides.
pub const KARAOKE: [(&str, &str); 8] = [
    ("business_licence", "SCJ"),
    ("environment", "HBJ"),
    ("fire_check", "XF"),
    ("hygiene", "WJW"),
    ("hearing", "WGL"),
    ("entertainment_permit", "WGL"),
    ("police_filing", "PSB_SEC"),
    ("seal_tax", "SWJ"),
];

pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest::new(<[u8; 32]>::try_from(digest(&SHA256, bytes).as_ref()).unwrap())
}

impl Counter {
    pub fn new(url: &str, id: CounterId, token: String, epoch: u32) -> Self {
        Self {
            id,
            token,
            epoch,
            head: Head::EMPTY,
            entries: Vec::new(),
            actor: Actor {
                staff_no: StaffNo::new("1001"),
                role: Role::Clerk,
            },
            url: url.to_owned(),
            client: Client::new(),
        }
    }

    /// From now on somebody else acts.
    pub fn actor(&mut self, staff_no: &str, role: Role) {
        self.actor = Actor {
            staff_no: StaffNo::new(staff_no),
            role,
        };
    }

    /// Asks for something by its path.
    pub async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, Refused> {
        answer(self.signed(self.client.get(format!("{}{path}", self.url))).send().await.unwrap()).await
    }

    /// Chains an entry and keeps it for sending.
    pub fn write(&mut self, case: Option<(CaseId, u32)>, event: Event) -> EntryBytes {
        let entry = Entry {
            counter: self.id.clone(),
            epoch: self.epoch,
            seq: self.head.seq + 1,
            prev: self.head.digest,
            case: case.map(|(id, _)| id),
            revision: case.map_or(0, |(_, revision)| revision),
            time_ms: MONDAY_MS,
            business_date: date!(2026 - 11 - 23),
            actor: self.actor.clone(),
            event,
        };
        let bytes = encode(&entry);
        self.head = self.head.after(&bytes);
        let sent = EntryBytes {
            seq: entry.seq,
            bytes: STANDARD.encode(bytes),
        };
        self.entries.push(sent.clone());
        sent
    }

    pub fn note(&mut self) -> EntryBytes {
        self.write(None, Event::Counter(CounterEvent::Locked))
    }

    pub fn add(&mut self, draft: &mut Draft, event: CaseEvent) -> EntryBytes {
        draft.revision += 1;
        self.write(Some((draft.id, draft.revision)), Event::Case(event))
    }

    pub fn open(&mut self, bundle: &str, catalogue_version: &str) -> Draft {
        let mut draft = Draft {
            id: CaseId::new(Uuid::now_v7()),
            revision: 0,
        };
        let opened = CaseEvent::Opened {
            case_no: format!("{}", draft.id.as_uuid().as_u128()),
            bundle: BundleId::new(bundle),
            catalogue_version: catalogue_version.to_owned(),
            ticket: None,
        };
        self.add(&mut draft, opened);
        draft
    }

    pub fn page(&mut self, draft: &mut Draft, bytes: &[u8]) {
        let digest = digest_of(bytes);
        let kept = CaseEvent::PageKept {
            page: PageId::new(Uuid::now_v7()),
            original: digest,
            corrected: digest,
            thumb: digest,
            material: Some(MaterialKey::new("floor_plan")),
            sequence: 1,
            origin: PageOrigin::Scanner("virtual".to_owned()),
            judgement: Judgement::pending(),
        };
        self.add(draft, kept);
    }

    pub fn accept(&mut self, draft: &mut Draft, matters: &[(&str, &str)]) {
        let matters = matters.iter().map(|(matter, department)| MatterDue {
            matter: MatterId::new(*matter),
            department: (*department).into(),
            due: None,
        });
        let accepted = CaseEvent::Accepted {
            on: date!(2026 - 11 - 23),
            matters: matters.collect(),
            pickup_code: "042917".to_owned(),
        };
        self.add(draft, CaseEvent::Received { on: date!(2026 - 11 - 23) });
        self.add(draft, accepted);
    }

    /// A karaoke bar with one page, written up to its acceptance.
    pub fn karaoke(&mut self, page: &[u8]) -> Draft {
        let mut draft = self.open("karaoke", "2026.1");
        let applicant = Applicant {
            kind: ApplicantKind::Organisation,
            name: "云江市星隅歌舞娱乐有限公司".to_owned(),
            id_number: String::new(),
            phone: "13800000000".to_owned(),
            agent: None,
        };
        self.add(&mut draft, CaseEvent::ApplicantSet { applicant });
        self.add(
            &mut draft,
            CaseEvent::Answered {
                question: QuestionId::new("legal_form"),
                answer: Some("company".to_owned()),
            },
        );
        for (field, value) in [
            ("enterprise_name", "云江市星隅歌舞娱乐有限公司"),
            ("registered_capital", "1000000"),
            ("business_scope", "歌舞娱乐服务"),
            ("legal_rep_name", "测试甲"),
            ("address", "云江市样例路1号"),
            ("use_area_m2", "860"),
            ("guests", "300"),
        ] {
            self.add(
                &mut draft,
                CaseEvent::FieldSet {
                    field: FieldKey::new(field),
                    value: value.to_owned(),
                    source: FieldSource::Typed,
                },
            );
        }
        self.page(&mut draft, page);
        self.accept(&mut draft, &KARAOKE);
        draft
    }

    /// A karaoke case that has arrived in full.
    pub async fn arrived_karaoke(&mut self) -> String {
        let from = self.entries.len();
        let page = Uuid::now_v7().as_bytes().repeat(40);
        let draft = self.karaoke(&page);
        self.send(&self.entries[from..]).await.unwrap();
        self.put(&page).await.unwrap();
        draft.id.to_string()
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token).header(COUNTER_HEADER, self.id.as_str())
    }

    pub async fn send(&self, entries: &[EntryBytes]) -> Result<EntriesReceipt, Refused> {
        let batch = EntriesBatch {
            counter: self.id.to_string(),
            epoch: self.epoch,
            entries: entries.to_vec(),
        };
        let request = self.signed(self.client.post(format!("{}{}", self.url, path::ENTRIES))).json(&batch);
        answer(request.send().await.unwrap()).await
    }

    pub async fn ask_allotment(&self, request: &AllotmentRequest) -> Result<Allotment, Refused> {
        let request = self.signed(self.client.post(format!("{}{}", self.url, path::ALLOTMENT))).json(request);
        answer(request.send().await.unwrap()).await
    }

    pub async fn send_all(&self) -> Result<EntriesReceipt, Refused> {
        self.send(&self.entries).await
    }

    pub async fn missing(&self, digests: &[Digest]) -> Vec<String> {
        let asked = PagesAsked {
            digests: digests.iter().map(ToString::to_string).collect(),
        };
        let request = self.signed(self.client.post(format!("{}{}", self.url, path::PAGES_MISSING))).json(&asked);
        answer::<PagesMissing>(request.send().await.unwrap()).await.unwrap().missing
    }

    pub fn page_request(&self, method: reqwest::Method, digest: &Digest) -> RequestBuilder {
        let url = format!("{}{}", self.url, path::PAGE.replace("{digest}", &digest.to_string()));
        self.signed(self.client.request(method, url))
    }

    pub async fn put_as(&self, digest: &Digest, bytes: &[u8]) -> Result<PageReceipt, Refused> {
        answer(self.page_request(reqwest::Method::PUT, digest).body(bytes.to_vec()).send().await.unwrap()).await
    }

    pub async fn put(&self, bytes: &[u8]) -> Result<PageReceipt, Refused> {
        self.put_as(&digest_of(bytes), bytes).await
    }

    pub async fn feed(&self, after: u64, wait_s: u32) -> Result<Feed, Refused> {
        let url = format!("{}{}?after={after}&wait_s={wait_s}", self.url, path::FEED);
        answer(self.signed(self.client.get(url)).send().await.unwrap()).await
    }

    /// Everything said of a case, written short.
    pub async fn words(&self, case: &str) -> Vec<String> {
        let items = self.feed(0, 0).await.unwrap().items;
        items.into_iter().filter(|item| item.case == case).map(|item| short(&item.word)).collect()
    }
}

/// A word without its figures and reasons.
pub fn short(word: &CentreWord) -> String {
    match word {
        CentreWord::Received { revision } => format!("received {revision}"),
        CentreWord::WithDepartment { matter, department, .. } => format!("{matter} with {department}"),
        CentreWord::Suspended { matter, .. } => format!("{matter} suspended"),
        CentreWord::Extended { matter, .. } => format!("{matter} extended"),
        CentreWord::Granted { matter, .. } => format!("{matter} granted"),
        CentreWord::Refused { matter, .. } => format!("{matter} refused"),
        CentreWord::Stopped { matter, .. } => format!("{matter} stopped"),
        CentreWord::Returned { code, by: None, .. } => format!("returned {code}"),
        CentreWord::Returned { code, by: Some(by), .. } => format!("returned {code} by {by}"),
        CentreWord::FindingPassed { code, .. } => format!("passed {code}"),
    }
}
