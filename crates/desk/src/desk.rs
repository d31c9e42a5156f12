//! The desk of one counter: opened once, shared by every command. It owns the store, the catalogue, the session and the running work.
//! Every change of a case goes through [`Desk::act`]: read, decide, append durably, tell the window.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, RwLock};

use onewindow_capture::ocr::Reader;
use onewindow_case::calendar::WorkingCalendar;
use onewindow_case::ids::{CaseId, CounterId, StaffNo};
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{Catalogue, SharedBundle, Shelf};
use onewindow_ipc::Words;
use onewindow_ipc::news::{CaseNews, ScanNews, StatusNews};
use onewindow_journal::{Actor, CounterEvent, Event, Role as ActorRole};
use onewindow_print::{FontShelf, TemplateShelf};
use onewindow_store::{Identity, KeySource, NewEntry, OpenReport, Options, Stamp, Store};
use onewindow_wire::enrolment::Roster;

use crate::clock::{Clock, WallClock};
use crate::config::CounterConfig;
use crate::fault::DeskFault;
use crate::guarded_clock::GuardedClock;
use crate::preview::Previews;
use crate::scanning::RunningScan;
use crate::session::Session;
use crate::standing::Standing;

/// Losses that are noted in the journal at a start.
const LOSSES_NOTED: usize = 20;
/// Most cases gone through where work is taken up again or counted.
const NEWEST_CASES: usize = 2_000;

/// Folder inside the data folder with the office's own templates.
const TEMPLATES_FOLDER: &str = "templates";

/// What the desk tells unasked.
#[derive(Debug, Clone)]
pub enum News {
    /// The status line.
    Status(Box<StatusNews>),
    /// A case changed.
    Case(CaseNews),
    /// A scan went on.
    Scan(ScanNews),
}

type Listener = Box<dyn Fn(News) + Send + Sync>;

/// Where a counter's files are and how it is set up.
#[derive(Debug, Clone)]
pub struct DeskFolder {
    /// Data folder with `counter.json` and the store.
    pub data: PathBuf,
    /// Key of the store.
    pub keys: KeySource,
    /// Folder outside of `data` in which is remembered how far the journal had come, so that a restored backup is noticed.
    pub marks: Option<PathBuf>,
}

impl DeskFolder {
    /// A data folder whose device key is a file beside the store.
    pub fn with_key_file(data: &Path) -> Self {
        Self {
            data: data.to_path_buf(),
            keys: KeySource::File,
            marks: None,
        }
    }
}

/// A counter at work. Cloning gives another handle to the same desk.
#[derive(Clone)]
pub struct Desk {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub config: CounterConfig,
    pub data: PathBuf,
    pub clock: GuardedClock,
    pub keys: &'static str,
    pub store: Store,
    pub shelf: RwLock<Shelf>,
    pub releases: Mutex<crate::releases::Looked>,
    pub calendar: WorkingCalendar,
    pub session: Mutex<Option<Session>>,
    pub roster: RwLock<Option<Roster>>,
    pub standing: Mutex<Standing>,
    pub scans: Mutex<HashMap<CaseId, RunningScan>>,
    /// What scanners said they can do.
    pub scanners: Mutex<crate::scanners::KnownScanners>,
    /// Stacks of which the backs are still to come, at most one a case.
    pub stacks: Mutex<HashMap<CaseId, crate::stacks::Stack>>,
    /// What was done with pages and can be taken back.
    pub ways_back: Mutex<crate::undoing::WaysBack>,
    /// The folder that other devices fill; nothing when none is set up.
    pub inbox: Mutex<Option<crate::inbox::Inbox>>,
    pub previews: Mutex<Previews>,
    /// What a supervisor reads of other counters.
    pub branch: Mutex<crate::branch::Branch>,
    /// One sheet is sent and followed at a time.
    pub printing: Mutex<()>,
    pub closing: AtomicBool,
    /// One act on a case at a time: what was read is what is decided on.
    acting: Mutex<()>,
    listener: OnceLock<Listener>,
    /// Layouts of documents, also those that the office has changed.
    pub templates: TemplateShelf,
    fonts: OnceLock<Result<FontShelf, String>>,
    reader: OnceLock<Option<Reader>>,
    pub reading: crate::reading::ReadingQueue,
    /// Room for decoded pages, from the scanner's first row to the judgement and while one is read.
    pub rooms: onewindow_scan::PageRooms,
    pub waker: crate::sending::Waker,
    pub opened: OpenReport,
}

impl Desk {
    /// Opens a counter's data folder. `progress` hears of a rebuild, 0 to 100 percent.
    ///
    /// # Errors
    /// Set-up, store or catalogue can not be used; each says what to do.
    pub fn open(folder: &DeskFolder, progress: &dyn Fn(u32)) -> Result<Self, DeskFault> {
        Self::open_with_clock(folder, Box::new(WallClock), progress)
    }

    /// As [`Desk::open`], with a clock of the caller's.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn open_with_clock(folder: &DeskFolder, clock: Box<dyn Clock>, progress: &dyn Fn(u32)) -> Result<Self, DeskFault> {
        let config = CounterConfig::load(&folder.data)?;
        config.case_no(clock.today(), 1)?;
        let catalogue = Arc::new(Catalogue::built_in()?);
        let identity = Identity {
            counter: CounterId::new(&config.counter),
        };
        let report = |step: onewindow_store::Progress| progress(percent(step.entries, step.of_entries));
        let options = Options {
            marks: folder.marks.clone(),
            ..Options::default()
        };
        let (store, opened) = Store::open_with(&folder.data.join("store"), &identity, &folder.keys, &options, &report)?;
        let clock = GuardedClock::new(clock, last_known_ms(&store));
        let calendar = crate::deadlines::calendar(&folder.data);
        onewindow_print::check_templates()?;
        let templates = TemplateShelf::load(&folder.data.join(TEMPLATES_FOLDER))?;
        let shared = Arc::new(Shared {
            data: folder.data.clone(),
            clock,
            keys: folder.keys.code(),
            store,
            shelf: RwLock::new(Shelf::of(catalogue)),
            releases: Mutex::new(crate::releases::Looked::default()),
            calendar,
            session: Mutex::new(None),
            roster: RwLock::new(None),
            standing: Mutex::new(Standing::default()),
            scans: Mutex::new(HashMap::new()),
            scanners: Mutex::new(crate::scanners::KnownScanners::default()),
            stacks: Mutex::default(),
            ways_back: Mutex::new(crate::undoing::WaysBack::default()),
            inbox: Mutex::new(config.inbox.as_deref().map(crate::inbox::Inbox::of)),
            previews: Mutex::new(Previews::default()),
            branch: Mutex::new(crate::branch::Branch::default()),
            printing: Mutex::new(()),
            closing: AtomicBool::new(false),
            acting: Mutex::new(()),
            listener: OnceLock::new(),
            templates,
            fonts: OnceLock::new(),
            reader: OnceLock::new(),
            reading: crate::reading::ReadingQueue::default(),
            rooms: onewindow_scan::PageRooms::new(crate::judging::DECODED_PAGES),
            waker: crate::sending::Waker::default(),
            opened,
            config,
        });
        let desk = Self { shared };
        desk.load_roster()?;
        desk.note_opening()?;
        desk.look_for_releases()?;
        desk.note(
            None,
            CounterEvent::Started {
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
        )?;
        desk.stock_demo_blanks()?;
        Ok(desk)
    }

    /// What happened to the store belongs into the journal, where it can not be forgotten.
    fn note_opening(&self) -> Result<(), DeskFault> {
        let opened = &self.shared.opened;
        if let Some((from, to)) = opened.restored {
            self.note(None, CounterEvent::StateRestored { from, to })?;
        }
        if let Some(reason) = opened.rebuilt {
            self.note(
                None,
                CounterEvent::StoreRebuilt {
                    reason: reason.code().to_owned(),
                },
            )?;
        }
        for loss in opened.losses.iter().take(LOSSES_NOTED) {
            self.note(
                None,
                CounterEvent::EntriesLost {
                    from: loss.from_seq,
                    to: loss.to_seq,
                },
            )?;
        }
        if let Some(behind_ms) = self.shared.clock.behind_ms() {
            self.note(None, CounterEvent::ClockWarned { offset_ms: -behind_ms })?;
        }
        if let Some(key) = &self.shared.config.recovery_key {
            self.set_recovery_key(key)?;
        }
        Ok(())
    }

    /// Starts the work in the background: sending, the status line, reading of pages, following of prints left open.
    pub fn start_work(&self) {
        crate::sending::start(self);
        crate::reading::start(self);
        crate::standing::start(self);
        self.resume_prints();
        self.resume_day_print();
        self.resume_papers();
        self.resume_judging();
    }

    /// Ends the work in the background; what is under way is finished or continued at the next start.
    pub fn close(&self) {
        self.shared.closing.store(true, std::sync::atomic::Ordering::Relaxed);
        self.shared.waker.wake();
    }

    /// Hears everything the desk tells unasked. Only the first listener counts.
    pub fn listen(&self, listener: impl Fn(News) + Send + Sync + 'static) {
        if self.shared.listener.set(Box::new(listener)).is_err() {
            tracing::warn!("a second listener was refused");
        }
    }

    pub(crate) fn tell(&self, news: News) {
        if let Some(listener) = self.shared.listener.get() {
            listener(news);
        }
    }

    pub(crate) fn tell_case(&self, case: &Case) {
        self.tell(News::Case(CaseNews {
            case_id: case.id.to_string(),
            revision: case.revision,
        }));
    }

    /// What the store repaired when it was opened, in words; nothing when all was well.
    pub fn store_note(&self) -> Option<Words> {
        let opened = &self.shared.opened;
        if let Some(loss) = opened.losses.first() {
            return Some(Words::new(
                format!(
                    "本机日志第 {} 至 {} 条读不出来，已隔离并记录；其余都在。请通知安装员。",
                    loss.from_seq, loss.to_seq
                ),
                format!(
                    "Entries {} to {} of the journal can not be read; they were set aside and noted, everything else is there. Tell the installer.",
                    loss.from_seq, loss.to_seq
                ),
            ));
        }
        if let Some(restored) = self.restored() {
            return Some(restored.words());
        }
        opened.rebuilt.as_ref()?;
        Some(Words::new(
            format!("本机索引已从日志重建，{} 个办件都在。", opened.cases),
            format!("The local index was rebuilt from the journal; all {} cases are there.", opened.cases),
        ))
    }

    /// The case with this identity.
    ///
    /// # Errors
    /// [`DeskFault::Unknown`] when this counter does not hold it.
    pub fn get_case(&self, id: CaseId) -> Result<Arc<Case>, DeskFault> {
        self.shared.store.find_case(id)?.ok_or(DeskFault::Unknown { what: "case" })
    }

    /// The bundle of a case, in the catalogue that counted when it was opened.
    pub(crate) fn get_bundle(&self, case: &Case) -> Result<SharedBundle, DeskFault> {
        SharedBundle::find(&self.catalogue_of(case), &case.bundle).ok_or_else(|| DeskFault::BundleUnknown(case.bundle.to_string()))
    }

    /// The catalogue in force today: what new cases begin with.
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(self.shelf().on(self.shared.clock.today()))
    }

    /// The catalogue that counts for a case. One whose version this counter does not have any more is shown with today's.
    pub(crate) fn catalogue_of(&self, case: &Case) -> Arc<Catalogue> {
        let known = self.shelf().find(&case.catalogue_version).cloned();
        known.unwrap_or_else(|| self.catalogue())
    }

    pub(crate) fn shelf(&self) -> std::sync::RwLockReadGuard<'_, Shelf> {
        self.shared.shelf.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Reads a case, lets `decide` say what happens, and returns once that is flushed to disk. No events: nothing is written.
    pub(crate) fn act(&self, id: CaseId, decide: impl FnOnce(&Case) -> Result<Vec<CaseEvent>, DeskFault>) -> Result<Arc<Case>, DeskFault> {
        self.act_as(self.actor()?, id, decide)
    }

    /// As [`Desk::act`], with acts of the counter that belong to it: both are written in one append, or neither.
    pub(crate) fn act_with(
        &self,
        id: CaseId,
        decide: impl FnOnce(&Case) -> Result<(Vec<CaseEvent>, Vec<CounterEvent>), DeskFault>,
    ) -> Result<Arc<Case>, DeskFault> {
        let actor = self.actor()?;
        let guard = lock(&self.shared.acting);
        let case = self.get_case(id)?;
        let (of_case, of_counter) = decide(&case)?;
        let of_case = of_case.into_iter().map(|event| self.entry(actor.clone(), Some(id), Event::Case(event)));
        let of_counter = of_counter.into_iter().map(|event| self.entry(actor.clone(), None, Event::Counter(event)));
        self.shared.store.append_if(id, case.revision, of_case.chain(of_counter).collect())?;
        drop(guard);
        self.shared.waker.wake();
        let case = self.get_case(id)?;
        self.tell_case(&case);
        Ok(case)
    }

    /// Notes several acts of the counter in one append.
    pub(crate) fn note_all(&self, actor: Option<Actor>, events: Vec<CounterEvent>) -> Result<(), DeskFault> {
        let actor = actor.unwrap_or_else(system);
        let entries = events.into_iter().map(|event| self.entry(actor.clone(), None, Event::Counter(event))).collect();
        self.shared.store.append(entries)?;
        self.shared.waker.wake();
        Ok(())
    }

    /// As [`Desk::act`], by someone else than who is signed in: the centre, a device, a supervisor with an own PIN.
    pub(crate) fn act_as(&self, actor: Actor, id: CaseId, decide: impl FnOnce(&Case) -> Result<Vec<CaseEvent>, DeskFault>) -> Result<Arc<Case>, DeskFault> {
        let guard = lock(&self.shared.acting);
        let case = self.get_case(id)?;
        let events = decide(&case)?;
        if events.is_empty() {
            return Ok(case);
        }
        let entries = events
            .into_iter()
            .map(|event| self.entry(actor.clone(), Some(id), Event::Case(event)))
            .collect();
        self.shared.store.append_if(id, case.revision, entries)?;
        drop(guard);
        self.shared.waker.wake();
        let case = self.get_case(id)?;
        self.tell_case(&case);
        Ok(case)
    }

    /// Holds off every other act on cases as long as it lives.
    pub(crate) fn take_turn(&self) -> MutexGuard<'_, ()> {
        lock(&self.shared.acting)
    }

    /// Begins a case with its first events, durably.
    pub(crate) fn begin(&self, id: CaseId, events: Vec<CaseEvent>) -> Result<Arc<Case>, DeskFault> {
        let actor = self.actor()?;
        let entries = events
            .into_iter()
            .map(|event| self.entry(actor.clone(), Some(id), Event::Case(event)))
            .collect();
        self.shared.store.append(entries)?;
        self.shared.waker.wake();
        let case = self.get_case(id)?;
        self.tell_case(&case);
        Ok(case)
    }

    /// Notes an act of the counter itself.
    pub(crate) fn note(&self, actor: Option<Actor>, event: CounterEvent) -> Result<(), DeskFault> {
        let actor = actor.unwrap_or_else(system);
        self.shared.store.append(vec![self.entry(actor, None, Event::Counter(event))])?;
        self.shared.waker.wake();
        Ok(())
    }

    /// The newest cases of this counter, whole; bounded.
    pub(crate) fn newest_cases(&self) -> impl Iterator<Item = Arc<Case>> + '_ {
        self.shared
            .store
            .cases(0, NEWEST_CASES)
            .into_iter()
            .filter_map(|line| self.shared.store.find_case(line.id).ok().flatten())
    }

    pub(crate) fn stamp(&self, actor: Actor) -> Stamp {
        Stamp {
            time_ms: self.shared.clock.now_ms(),
            business_date: self.shared.clock.today(),
            actor,
        }
    }

    pub(crate) fn entry(&self, actor: Actor, case: Option<CaseId>, event: Event) -> NewEntry {
        NewEntry {
            case,
            time_ms: self.shared.clock.now_ms(),
            business_date: self.shared.clock.today(),
            actor,
            event,
        }
    }

    /// The fonts for paper, loaded once.
    pub(crate) fn fonts(&self) -> Result<&FontShelf, DeskFault> {
        let found = self.shared.fonts.get_or_init(|| FontShelf::find().map_err(|fault| fault.to_string()));
        match found {
            Ok(fonts) => Ok(fonts),
            // Looked for again to give the caller the typed fault; the shelf is small work when a font is missing.
            Err(_) => Err(FontShelf::find().err().map_or_else(|| DeskFault::Defect("fonts".into()), DeskFault::Print)),
        }
    }

    /// The reading models, loaded at first use; `None` when they are not installed.
    pub(crate) fn reader(&self) -> Option<&Reader> {
        let load = || {
            let folder = self
                .shared
                .config
                .models
                .clone()
                .or_else(|| std::env::var_os("ONEWINDOW_MODELS").map(PathBuf::from))
                .or_else(onewindow_capture::ocr::find_models)?;
            Reader::load(&folder).inspect_err(|fault| tracing::warn!(%fault, "reading models")).ok()
        };
        self.shared.reader.get_or_init(load).as_ref()
    }
}

/// The time of the journal's last entry: the clock must not go back behind it.
fn last_known_ms(store: &Store) -> i64 {
    let last = store.head().seq.saturating_sub(1);
    let bytes = store.entries_after(last, 1, 1).ok().and_then(|batch| batch.entries.into_iter().next());
    bytes
        .and_then(|(_, bytes)| onewindow_journal::decode(&bytes).ok())
        .map_or(0, |entry| entry.time_ms)
}

fn percent(done: u64, of: u64) -> u32 {
    u32::try_from(done.saturating_mul(100) / of.max(1)).unwrap_or(100).min(100)
}

/// The software itself as an actor.
pub(crate) fn system() -> Actor {
    Actor {
        staff_no: StaffNo::new("desk"),
        role: ActorRole::System,
    }
}

/// The centre as an actor: its word is noted, not the clerk's.
pub(crate) fn centre() -> Actor {
    Actor {
        staff_no: StaffNo::new("centre"),
        role: ActorRole::System,
    }
}

/// Locks, also after a panic elsewhere: the guarded values are replaced whole, never left half done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
