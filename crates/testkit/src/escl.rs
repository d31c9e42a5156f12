//! A virtual network scanner: one of several eSCL devices on loopback ([`Device`]), with sheets to lay in and faults by script.
//!
//! It stands where a real multi-function device would stand, so that the product's own way (worker, SANE,
//! sane-airscan) is tested unchanged. A test in the same process uses [`VirtualScanner`]; a test elsewhere starts the
//! binary `virtual-scanner` and talks to `/control/...`. Deliberately absent: TLS, discovery (mDNS) and formats other
//! than JPEG. What it answers follows what real devices were seen to answer, including their half-truths.

mod device;
mod documents;
mod exposure;
mod sane_config;
mod server;
mod tray;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

pub use device::{Device, Dpi, Input};
pub use sane_config::{SaneEnvironment, write_sane_config};
pub use tray::{Asked, TrayState};
use tray::{Sheet, Tray};

/// A fault the scanner plays when its moment comes. Page numbers count from 1 within a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum Fault {
    /// Paper jams once this many pages of a job have been delivered; lasts until cleared.
    JamAfter {
        /// Pages delivered before the jam.
        pages: u32,
    },
    /// Two sheets are drawn in once this many pages of a job have been delivered; lasts until cleared.
    DoubleFeedAfter {
        /// Pages delivered before the double feed.
        pages: u32,
    },
    /// The feeder's cover is open; lasts until cleared.
    CoverOpen,
    /// The connection breaks after a third of this page. Plays once.
    CutInPage {
        /// The page that is cut.
        page: u32,
    },
    /// The device answers "busy, come back" this many times when asked for a page.
    BusyTimes {
        /// Refusals left.
        times: u32,
    },
    /// The device does not open a job and answers "busy, come back" this many times.
    BusyJobs {
        /// Refusals left.
        times: u32,
        /// When to come back.
        retry_after_s: u32,
    },
    /// The device does not tell what it can do and answers "busy, come back" this many times.
    BusyCapabilities {
        /// Refusals left.
        times: u32,
        /// When to come back.
        retry_after_s: u32,
    },
    /// The device prepares itself: this many times it neither tells what it can do nor opens a job.
    WarmingUp {
        /// Refusals left.
        times: u32,
        /// When to come back.
        retry_after_s: u32,
    },
    /// The device says "no such page" this many times before its first page is ready, as some do when asked too early.
    EarlyNotFound {
        /// Refusals left.
        times: u32,
    },
    /// The same with "gone".
    EarlyGone {
        /// Refusals left.
        times: u32,
    },
    /// Every page arrives no faster than this.
    SlowDrip {
        /// Bytes a second.
        bytes_per_s: u32,
    },
    /// Every page takes this long to scan before its first byte, as mechanics do.
    PageDelay {
        /// Time before a page's first byte.
        delay_ms: u64,
    },
    /// The feeder says it is empty although sheets lie in it.
    Empty,
    /// An empty feeder is reported as a paper jam, as some devices do.
    EmptyAsJam,
    /// An empty feeder says that it is empty until a sheet is wanted from it; from then on it is jammed, until cleared.
    EmptyUntilAsked,
    /// This page announces more bytes than it sends. Plays once.
    WrongLength {
        /// The page with the wrong length.
        page: u32,
    },
    /// This page is half a picture in a complete, well-formed answer. Plays once.
    TruncatedPage {
        /// The page that is truncated.
        page: u32,
    },
    /// Pages are made at this resolution whatever was asked for.
    WrongDpi {
        /// Resolution in effect.
        dpi: u32,
    },
    /// Every request is refused with an internal error.
    OutOfOrder,
}

/// A running virtual scanner; it stops when dropped.
#[derive(Debug)]
pub struct VirtualScanner {
    port: u16,
    tray: SharedTray,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl VirtualScanner {
    /// Starts an office device on a loopback port; 0 takes any free one.
    ///
    /// # Errors
    /// When the port is taken or no thread can be started.
    pub fn start(port: u16) -> io::Result<Self> {
        Self::start_as(Device::OFFICE, port)
    }

    /// Starts a scanner that plays a certain device.
    ///
    /// # Errors
    /// When the port is taken or no thread can be started.
    pub fn start_as(device: Device, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let tray = SharedTray::default();
        tray.lock().device = device;
        let (stop, stopped) = oneshot::channel();
        let served = tray.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let thread = std::thread::Builder::new().name("virtual-scanner".into()).spawn(move || {
            let outcome = runtime.block_on(server::serve(listener, served, stopped));
            if let Err(error) = outcome {
                tracing::error!(%error, "the virtual scanner stopped");
            }
            runtime.shutdown_background();
        })?;
        Ok(Self {
            port,
            tray,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The loopback port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address a driver is given, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/eSCL", self.port)
    }

    /// Lays pages (encoded JPEG or PNG) into the feeder behind those already there. In a duplex job a sheet takes two
    /// of them: front, back.
    pub fn load_feeder(&self, pages: impl IntoIterator<Item = Vec<u8>>) {
        self.tray.lock().feeder.extend(pages.into_iter().map(Sheet::new));
    }

    /// Lays files into the feeder, in the order given.
    ///
    /// # Errors
    /// When one cannot be read; none is laid in then.
    pub fn load_feeder_files<P: AsRef<Path>>(&self, paths: &[P]) -> io::Result<()> {
        let pages: Vec<Vec<u8>> = paths.iter().map(std::fs::read).collect::<Result<_, _>>()?;
        self.load_feeder(pages);
        Ok(())
    }

    /// Puts one page (encoded JPEG or PNG) on the glass in place of what lies there.
    pub fn put_on_glass(&self, page: Vec<u8>) {
        self.tray.lock().glass = Some(Sheet::new(page));
    }

    /// Sets the fault to play from now on; one at a time.
    pub fn script(&self, fault: Fault) {
        self.tray.lock().script(Some(fault));
    }

    /// Opens and closes the cover: the jam is gone, the script too; sheets still in the feeder stay.
    pub fn clear_faults(&self) {
        self.tray.lock().script(None);
    }

    /// Takes every sheet out of the feeder and off the glass.
    pub fn take_out(&self) {
        self.tray.lock().take_out();
    }

    /// What lies in it and what it has done so far.
    pub fn state(&self) -> TrayState {
        self.tray.lock().state()
    }

    /// Writes a private SANE configuration into `dir` in which this scanner and SANE's `test` device exist.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write_sane_config(&self, dir: &Path) -> io::Result<SaneEnvironment> {
        write_sane_config(dir, self.port)
    }
}

impl Drop for VirtualScanner {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The tray as the server and the test see it; a poisoned lock is taken over, since a test that panicked must still
/// be able to stop the server.
#[derive(Debug, Clone, Default)]
struct SharedTray(Arc<Mutex<Tray>>);

impl SharedTray {
    fn lock(&self) -> MutexGuard<'_, Tray> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Picture files (`.jpg`, `.jpeg`, `.png`) in a folder, by name, for `--load` and `/control/feeder`.
///
/// # Errors
/// When the folder cannot be read.
pub fn find_pictures(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    found.retain(|path| {
        path.extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| matches!(extension.to_ascii_lowercase().as_str(), "jpg" | "jpeg" | "png"))
    });
    found.sort();
    Ok(found)
}

#[cfg(test)]
#[path = "escl/tests.rs"]
mod tests;
