//! The centre as its parts: books, pages, key, catalogue and clock. Opening it makes everything that is missing.
//! Absent on purpose: HTTP; the endpoints call the use cases, which are methods of [`Centre`] in their own files.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use onewindow_case::Case;
use onewindow_case::ids::{BundleId, CaseId};
use onewindow_catalogue::release::ReleaseFolder;
use onewindow_catalogue::{Catalogue, SharedBundle, Shelf};
use onewindow_journal::{Event, decode};
use time::{Date, Duration};
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::database::{CaseRow, Database, OfficeKeyRow, View};
use crate::fault::CentreFault;
use crate::office::Office;
use crate::page_files::PageFiles;
use crate::recovery::Recovery;
use crate::throttle::Throttle;

/// Setting: the name before that of a department, such as `云江市`.
pub(crate) const OFFICE_SETTING: &str = "office";
/// Setting: codes may be used again by the same counter.
pub(crate) const DEMO_SETTING: &str = "demo";
/// Folder of catalogue releases inside the data folder.
const RELEASES: &str = "catalogue";
/// Days for which a key may sign.
const KEY_DAYS: i64 = 730;
/// Folded cases that are kept in memory.
const FOLDED_MAX: usize = 256;
/// Wrong enrolment codes in a minute before the centre stops listening for the rest of it.
const ENROLMENT_TRIES: u32 = 10;

/// What a centre is opened with.
#[derive(Debug, Clone)]
pub struct CentreConfig {
    /// Folder for books, pages and keys; made when missing.
    pub data: PathBuf,
    /// Where the time comes from.
    pub clock: Clock,
    /// Service definitions; the built-in ones when absent.
    pub catalogue: Option<Arc<Catalogue>>,
}

impl CentreConfig {
    /// The machine's clock and the built-in catalogue.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            clock: Clock::system(),
            catalogue: None,
        }
    }
}

/// The central service without its HTTP.
#[derive(Debug)]
pub struct Centre {
    pub(crate) database: Database,
    pub(crate) pages: PageFiles,
    pub(crate) office: Office,
    pub(crate) recovery: Recovery,
    shelf: RwLock<Shelf>,
    /// Folder of signed catalogue releases.
    releases: PathBuf,
    pub(crate) clock: Clock,
    /// Rings when something was said to anybody.
    pub(crate) bell: Notify,
    /// True once the service is to stop: whoever waits goes home.
    pub(crate) closing: watch::Sender<bool>,
    pub(crate) enrolment_tries: Throttle,
    folded: Mutex<HashMap<CaseId, Arc<Case>>>,
    /// Held as long as this process uses the folder.
    _lock: File,
}

impl Centre {
    /// Opens the centre in its folder.
    ///
    /// # Errors
    /// A folder in use by another process or not writable; damaged books, key or catalogue.
    pub async fn open(config: CentreConfig) -> Result<Self, CentreFault> {
        make_private_folder(&config.data)?;
        let lock = lock(&config.data)?;
        let catalogue = match config.catalogue {
            Some(catalogue) => catalogue,
            None => Arc::new(Catalogue::built_in()?),
        };
        let centre = Self {
            database: Database::open(&config.data.join("centre.sqlite")).await?,
            pages: PageFiles::open(&config.data.join("pages")).await?,
            office: Office::open(&config.data.join("keys"))?,
            recovery: Recovery::open(&config.data.join("keys"))?,
            shelf: RwLock::new(Shelf::of(catalogue)),
            releases: config.data.join(RELEASES),
            clock: config.clock,
            bell: Notify::new(),
            closing: watch::Sender::new(false),
            enrolment_tries: Throttle::new(ENROLMENT_TRIES),
            folded: Mutex::new(HashMap::new()),
            _lock: lock,
        };
        centre.look_for_releases();
        centre.keep_key().await?;
        Ok(centre)
    }

    /// Takes the validity of a licence. Every code that names it fails from now on.
    ///
    /// # Errors
    /// When the books cannot be written.
    pub async fn revoke_licence(&self, licence_no: &str, reason: &str) -> Result<(), CentreFault> {
        let mut change = self.database.change().await?;
        change.add_revocation(licence_no, reason, self.clock.now_ms()).await?;
        Ok(change.commit().await?)
    }

    /// The recovery key's public half, hex: for counters that are set up before they ever had a line.
    ///
    /// # Errors
    /// A defect only.
    pub fn recovery_key(&self) -> Result<String, CentreFault> {
        self.recovery.public_key()
    }

    /// Sends everybody home who waits for the feed.
    pub fn begin_closing(&self) {
        self.closing.send_replace(true);
    }

    /// Waits for the last change and closes the books.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// The bundle of a case, in the catalogue that counted when it was opened.
    pub(crate) fn get_bundle(&self, row: &CaseRow) -> Result<SharedBundle, CentreFault> {
        self.find_catalogue(&row.catalogue_version)
            .and_then(|catalogue| SharedBundle::find(&catalogue, &BundleId::new(&row.bundle)))
            .ok_or(CentreFault::Defect("a case on the work lists has no bundle"))
    }

    /// The catalogue of a version. One that is not known may have come in since: the folder of releases is looked at again.
    pub(crate) fn find_catalogue(&self, version: &str) -> Option<Arc<Catalogue>> {
        let find = || self.shelf.read().unwrap_or_else(PoisonError::into_inner).find(version).cloned();
        find().or_else(|| {
            self.look_for_releases();
            find()
        })
    }

    /// The catalogue for what begins on a day.
    pub(crate) fn catalogue_of(&self, day: Date) -> Arc<Catalogue> {
        Arc::clone(self.shelf.read().unwrap_or_else(PoisonError::into_inner).on(day))
    }

    /// Takes up signed releases from the data folder; those that may not be used are told in the log.
    fn look_for_releases(&self) {
        let found = ReleaseFolder::read(&self.releases, &|_| false);
        for (name, fault) in found.faults {
            tracing::warn!(%fault, name, "a catalogue release is not used");
        }
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        for catalogue in found.catalogues {
            if shelf.put(Arc::clone(&catalogue)) {
                tracing::info!(version = catalogue.version(), "a catalogue release is taken up");
            }
        }
    }

    /// The case as its entries make it.
    pub(crate) async fn fold_case(&self, view: &mut View, id: CaseId) -> Result<Arc<Case>, CentreFault> {
        let revision = view.find_case(id).await?.ok_or(CentreFault::Unknown("case"))?.revision;
        let known = self
            .folded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .filter(|case| case.revision == revision)
            .cloned();
        if let Some(case) = known {
            return Ok(case);
        }
        let mut events = Vec::new();
        for bytes in view.entries_of_case(id).await? {
            let entry = decode(&bytes).map_err(|_| CentreFault::Defect("a kept entry cannot be read"))?;
            if let Event::Case(event) = entry.event {
                events.push(event);
            }
        }
        let case = Arc::new(Case::replay(id, &events).ok_or(CentreFault::Defect("a registered case has no beginning"))?);
        let mut folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        if folded.len() >= FOLDED_MAX {
            folded.clear();
        }
        folded.insert(id, Arc::clone(&case));
        Ok(case)
    }

    /// The key belongs to the list of keys before it signs anything.
    async fn keep_key(&self) -> Result<(), CentreFault> {
        let today = self.clock.today();
        let mut change = self.database.change().await?;
        let office = change.find_setting(OFFICE_SETTING).await?.unwrap_or_default();
        let key = OfficeKeyRow {
            key_id: self.office.key_id().to_owned(),
            public_key: self.office.public_key(),
            office,
            // A clock that is put right by a day must not make the first licences invalid.
            valid_from: today.saturating_sub(Duration::days(1)).to_string(),
            valid_to: today.saturating_add(Duration::days(KEY_DAYS)).to_string(),
            kinds: Vec::new(),
        };
        change.keep_office_key(&key).await?;
        Ok(change.commit().await?)
    }
}

fn make_private_folder(path: &Path) -> Result<(), CentreFault> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| CentreFault::Folder {
        operation: "making it",
        source,
    })
}

/// Two services in one folder would give the same numbers twice.
fn lock(data: &Path) -> Result<File, CentreFault> {
    let file = File::create(data.join("lock")).map_err(|source| CentreFault::Folder {
        operation: "making its lock",
        source,
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CentreFault::Folder {
            operation: "locking it; another process uses it",
            source: std::io::ErrorKind::WouldBlock.into(),
        }),
        Err(TryLockError::Error(source)) => Err(CentreFault::Folder {
            operation: "locking it",
            source,
        }),
    }
}
