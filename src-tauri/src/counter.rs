//! The counter behind the window: its desk, or why there is none. Opening may take a while (a rebuild, sealed keys), so the window
//! comes first and its questions wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use onewindow_desk::{CounterConfig, Desk, DeskFault, DeskFolder, KeyPlace, KeySource, News, StoreFault};
use onewindow_ipc::fault::{CommandFault, FaultKind};
use onewindow_ipc::session::StartView;

/// What a command gives the window; a fault carries four texts, so it lies on the heap.
pub(crate) type Answer<T> = Result<T, Box<CommandFault>>;

type Hearer = Box<dyn Fn(News) + Send + Sync>;

/// How long the first screen waits for a counter before it says that it is being opened.
const OPENING_PATIENCE: Duration = Duration::from_millis(400);
/// Below the user's state folder, outside of the data folder: what a restored backup can not bring back.
const MARKS_FOLDER: &str = "onewindow";

/// A handle to the one counter of this process.
#[derive(Clone)]
pub(crate) struct Counter {
    shared: Arc<Shared>,
}

struct Shared {
    data: PathBuf,
    hear: Arc<Hearer>,
    standing: Mutex<Standing>,
    changed: Condvar,
}

enum Standing {
    /// Percent of the index rolled forward or rebuilt.
    Opening(u32),
    /// The key is sealed: the window has to ask for its passphrase. What was wrong with the last one.
    Sealed(Option<Box<CommandFault>>),
    Open(Desk),
    /// `told`: the window has shown why; its next question is a new attempt.
    Broken {
        fault: Box<CommandFault>,
        told: bool,
    },
}

impl Counter {
    /// Begins to open the counter of a data folder; `hear` gets the desk's news.
    pub fn open(data: &Path, hear: impl Fn(News) + Send + Sync + 'static) -> Self {
        let shared = Shared {
            data: data.to_path_buf(),
            hear: Arc::new(Box::new(hear)),
            standing: Mutex::new(Standing::Opening(0)),
            changed: Condvar::new(),
        };
        let counter = Self { shared: Arc::new(shared) };
        counter.begin();
        counter
    }

    /// Opens with the key that the set-up names, or waits for its passphrase.
    fn begin(&self) {
        let keys = match CounterConfig::load(&self.shared.data).map(|config| config.keys) {
            Ok(KeyPlace::Passphrase) => {
                *self.standing() = Standing::Sealed(None);
                self.shared.changed.notify_all();
                return;
            }
            Ok(KeyPlace::System) => KeySource::System,
            // Without a set-up opening tells why.
            Ok(KeyPlace::File) | Err(_) => KeySource::File,
        };
        self.open_in_background(keys);
    }

    /// Opens the counter with the passphrase of its key.
    ///
    /// # Errors
    /// A defect only; a wrong passphrase is told in the view.
    pub async fn open_with_passphrase(&self, passphrase: String) -> Answer<StartView> {
        let sealed = matches!(*self.standing(), Standing::Sealed(_));
        if sealed {
            *self.standing() = Standing::Opening(0);
            self.open_in_background(KeySource::Passphrase(passphrase.into()));
        }
        self.start_view().await
    }

    /// Lets the desk do something, away from the window's own thread.
    ///
    /// # Errors
    /// What the desk refused or could not do, or why there is no desk.
    pub async fn ask<T: Send + 'static>(&self, act: impl FnOnce(&Desk) -> Result<T, DeskFault> + Send + 'static) -> Answer<T> {
        let counter = self.clone();
        let asked = tauri::async_runtime::spawn_blocking(move || act(&counter.desk()?).map_err(|fault| told(&fault)));
        asked
            .await
            .unwrap_or_else(|_| Err(told(&DeskFault::Defect("a command ended in a panic".to_owned()))))
    }

    /// What the first screen shows, also when the counter cannot be opened. Asked again after a fault was shown, it tries again.
    ///
    /// # Errors
    /// A defect only.
    pub async fn start_view(&self) -> Answer<StartView> {
        let counter = self.clone();
        let asked = tauri::async_runtime::spawn_blocking(move || {
            counter.open_again_if_told();
            counter.wait_a_little();
            let standing = match &*counter.standing() {
                Standing::Opening(percent) => Some((Some(*percent), None)),
                Standing::Sealed(fault) => Some((None, fault.clone())),
                Standing::Open(_) | Standing::Broken { .. } => None,
            };
            match (standing, counter.desk_now()) {
                (Some((opening, fault)), _) => StartView {
                    opening,
                    passphrase_needed: opening.is_none(),
                    broken: fault.map(|fault| *fault),
                    ..counter.bare_view()
                },
                (None, Ok(desk)) => desk.start_view(),
                (None, Err(fault)) => counter.broken_view(*fault),
            }
        });
        asked
            .await
            .map_err(|_| told(&DeskFault::Defect("the first screen ended in a panic".to_owned())))
    }

    /// The desk, waited for while it is being opened. Blocks: not for the window's own thread.
    ///
    /// # Errors
    /// Why there is no desk.
    pub fn desk(&self) -> Answer<Desk> {
        let standing = self.standing();
        let settled = self
            .shared
            .changed
            .wait_while(standing, |standing| matches!(standing, Standing::Opening(_)))
            .unwrap_or_else(PoisonError::into_inner);
        desk_of(&settled)
    }

    fn desk_now(&self) -> Answer<Desk> {
        desk_of(&self.standing())
    }

    /// The first screen is shown at once when the counter opens at once, else with how far it is.
    fn wait_a_little(&self) {
        let standing = self.standing();
        let _settled_or_not = self
            .shared
            .changed
            .wait_timeout_while(standing, OPENING_PATIENCE, |standing| matches!(standing, Standing::Opening(_)));
    }

    /// Ends the work in the background; what is under way is continued at the next start.
    pub fn close(&self) {
        if let Standing::Open(desk) = &*self.standing() {
            desk.close();
        }
    }

    fn open_in_background(&self, keys: KeySource) {
        let counter = self.clone();
        let open = move || {
            let opened = catch_unwind(AssertUnwindSafe(|| counter.open_desk(keys)));
            let opened = opened.unwrap_or_else(|_| Err(DeskFault::Defect("opening the counter ended in a panic".to_owned())));
            counter.settle(opened);
        };
        if let Err(error) = std::thread::Builder::new().name("open".into()).spawn(open) {
            self.settle(Err(DeskFault::Defect(error.to_string())));
        }
    }

    fn open_desk(&self, keys: KeySource) -> Result<Desk, DeskFault> {
        let folder = DeskFolder {
            data: self.shared.data.clone(),
            keys,
            marks: dirs::state_dir().map(|folder| folder.join(MARKS_FOLDER)),
        };
        let desk = Desk::open(&folder, &|percent| {
            if let Standing::Opening(told) = &mut *self.standing() {
                *told = percent;
            }
        })?;
        let hear = Arc::clone(&self.shared.hear);
        desk.listen(move |news| hear(news));
        desk.start_work();
        crate::marks::mark("desk-open");
        Ok(desk)
    }

    fn settle(&self, opened: Result<Desk, DeskFault>) {
        let sealed = CounterConfig::load(&self.shared.data).is_ok_and(|config| config.keys == KeyPlace::Passphrase);
        *self.standing() = match opened {
            Ok(desk) => Standing::Open(desk),
            // Other words may be the right ones.
            Err(fault @ DeskFault::Store(StoreFault::WrongKey)) if sealed => Standing::Sealed(Some(told(&fault))),
            Err(fault) => Standing::Broken {
                fault: told(&fault),
                told: false,
            },
        };
        self.shared.changed.notify_all();
    }

    fn open_again_if_told(&self) {
        let mut standing = self.standing();
        if matches!(*standing, Standing::Broken { told: true, .. }) {
            *standing = Standing::Opening(0);
            drop(standing);
            self.begin();
        }
    }

    /// The first screen without a desk: whatever of the set-up can be read, and what is wrong.
    fn broken_view(&self, fault: CommandFault) -> StartView {
        if let Standing::Broken { told, .. } = &mut *self.standing() {
            *told = true;
        }
        StartView {
            broken: Some(fault),
            ..self.bare_view()
        }
    }

    /// What can be said without a desk.
    fn bare_view(&self) -> StartView {
        let config = CounterConfig::load(&self.shared.data).ok();
        StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            branch: config.as_ref().map(CounterConfig::branch).unwrap_or_default().into(),
            counter_id: config.as_ref().map(|config| config.counter.clone()).unwrap_or_default(),
            counter_label: config.as_ref().map(|config| config.label.clone()).unwrap_or_default(),
            roster_until: String::new(),
            roster_valid: false,
            demo_staff: Vec::new(),
            demo: config.is_some_and(|config| config.demo),
            store_note: None,
            broken: None,
            opening: None,
            passphrase_needed: false,
            session: None,
            locked: false,
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        // Replaced whole, never left half done: also good after a panic elsewhere.
        self.shared.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn desk_of(standing: &Standing) -> Answer<Desk> {
    match standing {
        Standing::Open(desk) => Ok(desk.clone()),
        Standing::Broken { fault, .. } => Err(fault.clone()),
        Standing::Sealed(_) => Err(told(&DeskFault::Store(StoreFault::WrongKey))),
        Standing::Opening(_) => Err(told(&DeskFault::Defect("the desk is neither open nor broken".to_owned()))),
    }
}

/// What the window gets for a fault; faults and defects are logged once, here, with their causes.
pub(crate) fn told(fault: &DeskFault) -> Box<CommandFault> {
    let told = Box::new(fault.to_command_fault());
    match told.kind {
        FaultKind::Refusal | FaultKind::Denied => tracing::debug!(code = told.code, "not done"),
        FaultKind::Fault => tracing::warn!(code = told.code, causes = causes(fault), "{fault}"),
        FaultKind::Defect => tracing::error!(code = told.code, causes = causes(fault), "{fault}"),
    }
    told
}

/// Most causes of one fault in a line of the log.
const CAUSES_MAX: usize = 8;

fn causes(fault: &DeskFault) -> String {
    let mut chain: Vec<String> = Vec::new();
    let mut cause = std::error::Error::source(fault);
    while let Some(error) = cause.filter(|_| chain.len() < CAUSES_MAX) {
        chain.push(error.to_string());
        cause = error.source();
    }
    chain.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_without_a_set_up_still_has_a_first_screen_that_says_why() {
        let folder = tempfile::tempdir().expect("a folder");
        let counter = Counter::open(folder.path(), |_| {});
        for _ in 0..2 {
            let view = tauri::async_runtime::block_on(counter.start_view()).expect("a view");
            assert_eq!(
                view.broken.map(|fault| fault.code).as_deref(),
                Some("config-missing"),
                "it is told each time it is asked"
            );
        }
        let refused = tauri::async_runtime::block_on(counter.ask(|desk| Ok(desk.status()))).expect_err("there is no desk");
        assert_eq!(refused.code, "config-missing", "every command gives the same reason");
    }

    fn view_once_settled(counter: &Counter) -> StartView {
        loop {
            let view = tauri::async_runtime::block_on(counter.start_view()).expect("a view");
            if view.opening.is_none() {
                return view;
            }
        }
    }

    #[test]
    fn a_sealed_key_is_asked_for_until_the_right_words_are_given() {
        let folder = tempfile::tempdir().expect("a folder");
        let set_up = include_str!("../../assets/demo/counter.json").replacen('{', "{ \"keys\": \"passphrase\",", 1);
        std::fs::write(folder.path().join(onewindow_desk::FILE_NAME), set_up).expect("written");
        let sealed = DeskFolder {
            data: folder.path().to_path_buf(),
            keys: KeySource::Passphrase("spring river".to_owned().into()),
            marks: None,
        };
        drop(Desk::open(&sealed, &|_| {}).expect("a new store, sealed under the words"));
        let counter = Counter::open(folder.path(), |_| {});
        let view = view_once_settled(&counter);
        assert!(view.passphrase_needed && view.broken.is_none());
        let refused = tauri::async_runtime::block_on(counter.ask(|desk| Ok(desk.status()))).expect_err("there is no desk yet");
        assert_eq!(refused.code, "wrong-key", "no command gets through before the words");
        let open_with = |words: &str| {
            tauri::async_runtime::block_on(counter.open_with_passphrase(words.to_owned())).expect("a view");
            view_once_settled(&counter)
        };
        let view = open_with("autumn river");
        assert_eq!(
            (view.passphrase_needed, view.broken.map(|fault| fault.code).as_deref()),
            (true, Some("wrong-key"))
        );
        let view = open_with("spring river");
        assert!(!view.passphrase_needed && view.broken.is_none(), "the right words open it");
        counter.close();
    }
}
