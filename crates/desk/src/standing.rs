//! How things stand: the status line's last words from disk, centre, scanner and printer, each with its time.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use onewindow_case::ids::PrintId;
use onewindow_ipc::Words;
use onewindow_ipc::news::StatusNews;
use onewindow_ipc::status::{CentreState, CentreStatus, DeviceState, DeviceStatus, StatusView, StoreState, StoreStatus};
use onewindow_print::{PortFault, PrinterPort, PrinterReason, PrinterState};
use onewindow_scan::{ScanFault, WorkerConfig};

use crate::clock::{day, stamp};
use crate::desk::{Desk, News, lock};
use crate::fault::DeskFault;
use crate::printing::reason_words;
use crate::restored::Restored;
use crate::session::Tries;

/// The status line is told at least this often.
const TELL: Duration = Duration::from_millis(1_000);
/// Devices are asked this often; a word is good for [`WORD_GOOD_MS`].
const ASK: Duration = Duration::from_secs(5);
/// The folder of catalogue releases is looked at this often.
const LOOK_FOR_RELEASES: Duration = Duration::from_secs(10);
/// How long a device's word counts.
const WORD_GOOD_MS: i64 = 10_000;
/// Free space below which the status line warns, MB.
const LOW_MB: u64 = 200;

/// The last words.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    pub tries: Tries,
    /// What a printer asks for while a sheet waits.
    pub print_words: HashMap<PrintId, Words>,
    /// The same for the sheet of the day.
    pub day_words: Option<Words>,
    /// The same for papers of the counter, by their id.
    pub paper_words: HashMap<String, Words>,
    /// When the centre was last asked what may be decided here.
    pub allotment_asked_ms: i64,
    pub centre_answered_ms: Option<i64>,
    pub centre_silent_since_ms: Option<i64>,
    scanner: Option<(i64, DeviceStatus)>,
    printer: Option<(i64, DeviceStatus)>,
    store_failed: bool,
    /// An old state was put back, noticed while at work.
    pub restored: Option<Restored>,
}

impl Standing {
    /// The scanner did what it should, or said why not.
    pub fn scanner_said(&mut self, fault: Option<&DeskFault>) {
        let status = match fault {
            None => DeviceStatus {
                state: DeviceState::Ready,
                words: None,
            },
            Some(DeskFault::Scan(fault)) => scanner_fault(fault),
            Some(_other) => return,
        };
        // The time is filled in by whoever shows it; a word of a scan counts from now.
        let at = self.scanner.as_ref().map_or(0, |(at, _)| *at);
        self.scanner = Some((at, status));
    }

    /// The centre gave an answer of its own.
    pub fn centre_answered(&mut self, at_ms: i64) {
        self.centre_answered_ms = Some(at_ms);
        self.centre_silent_since_ms = None;
    }

    /// The centre did not answer.
    pub fn centre_silent(&mut self, at_ms: i64) {
        self.centre_silent_since_ms.get_or_insert(at_ms);
    }
}

impl Desk {
    /// The status line as it stands.
    pub fn status(&self) -> StatusView {
        let now_ms = self.shared.clock.now_ms();
        let standing = lock(&self.shared.standing);
        let scanning = !lock(&self.shared.scans).is_empty();
        StatusView {
            at: stamp(now_ms),
            business_date: day(self.shared.clock.today()),
            store: self.store_status(&standing),
            centre: self.centre_status(&standing),
            scanner: if scanning {
                DeviceStatus {
                    state: DeviceState::Busy,
                    words: None,
                }
            } else {
                device(standing.scanner.as_ref(), now_ms)
            },
            printer: match &self.shared.config.printer_uri {
                Some(_) => device(standing.printer.as_ref(), now_ms),
                None => DeviceStatus {
                    state: DeviceState::Missing,
                    words: Some(Words::new("没有设置打印机。", "No printer is set up.")),
                },
            },
            inbox: self.inbox_status(),
            clock: self.shared.clock.behind_ms().map(clock_words),
            restored: standing.restored.or_else(|| self.restored_at_opening()).map(Restored::words),
        }
    }

    fn store_status(&self, standing: &Standing) -> StoreStatus {
        let free_mb = self.shared.store.space().map_or(0, |space| space.free_bytes / (1024 * 1024));
        let (state, words) = if standing.store_failed {
            (
                StoreState::Failed,
                Some(Words::new(
                    "本机写盘失败。请重开一窗，已存的都在。",
                    "Writing to disk failed. Restart One Window; what was saved is kept.",
                )),
            )
        } else if free_mb < LOW_MB {
            (
                StoreState::LowSpace,
                Some(Words::new(
                    format!("本机存储只剩 {free_mb} MB。请通知安装员。"),
                    format!("Only {free_mb} MB left on this PC. Tell the installer."),
                )),
            )
        } else {
            (StoreState::Safe, None)
        };
        StoreStatus {
            state,
            free_mb: u32::try_from(free_mb).unwrap_or(u32::MAX),
            words,
        }
    }

    fn centre_status(&self, standing: &Standing) -> CentreStatus {
        let waiting = self.waiting();
        let state = match (
            waiting.entries > 0 || waiting.pages > 0,
            standing.centre_silent_since_ms,
            standing.centre_answered_ms,
        ) {
            (_, Some(_), _) if waiting.cases > 0 || waiting.pages > 0 => CentreState::Waiting,
            (_, Some(_), _) | (false, None, None) => CentreState::Unconnected,
            (true, None, _) => CentreState::Sending,
            (false, None, Some(_)) => CentreState::Current,
        };
        CentreStatus {
            state,
            waiting_entries: waiting.entries,
            waiting_cases: waiting.cases,
            waiting_pages: waiting.pages,
            last_answer_at: standing.centre_answered_ms.map(stamp),
            silent_since: standing.centre_silent_since_ms.map(stamp),
        }
    }

    fn ask_printer(&self) {
        let Ok(printer) = self.printer() else { return };
        let status = match printer.get_status() {
            Ok(status) => {
                let stopped = status.state == PrinterState::Stopped || status.reasons.iter().any(|reason| needs_hand(*reason));
                let words = status
                    .reasons
                    .iter()
                    .find(|reason| stopped || needs_hand(**reason))
                    .map(|reason| reason_words(*reason));
                let state = match (stopped, status.state) {
                    (true, _) => DeviceState::NeedsHand,
                    (false, PrinterState::Processing) => DeviceState::Busy,
                    (false, PrinterState::Idle | PrinterState::Stopped) => DeviceState::Ready,
                };
                DeviceStatus { state, words }
            }
            Err(PortFault::Busy) => DeviceStatus {
                state: DeviceState::Busy,
                words: None,
            },
            Err(_) => DeviceStatus {
                state: DeviceState::Offline,
                words: Some(Words::new(
                    "打印机没有应答。请看电源和连线。",
                    "The printer does not answer. Check power and cable.",
                )),
            },
        };
        lock(&self.shared.standing).printer = Some((self.shared.clock.now_ms(), status));
    }

    fn ask_scanner(&self) {
        if !lock(&self.shared.scans).is_empty() {
            return;
        }
        let found = WorkerConfig::find().and_then(|worker| match &self.shared.config.scanner {
            Some(own) => onewindow_scan::inspect_scanner(&worker, own).map(|able| {
                lock(&self.shared.scanners).note(own, able);
                true
            }),
            None => onewindow_scan::list_scanners(&worker).map(|found| {
                lock(&self.shared.scanners).note_found(&found);
                !found.is_empty()
            }),
        });
        let status = match found {
            Ok(true) => DeviceStatus {
                state: DeviceState::Ready,
                words: None,
            },
            Ok(false) => DeviceStatus {
                state: DeviceState::Missing,
                words: Some(Words::new("没有找到扫描仪。可以导入文件。", "No scanner was found. Files can be imported.")),
            },
            Err(fault) => scanner_fault(&fault),
        };
        lock(&self.shared.standing).scanner = Some((self.shared.clock.now_ms(), status));
    }
}

/// Starts the threads that ask the devices and tell the window.
pub(crate) fn start(desk: &Desk) {
    let every = |desk: Desk, name: &str, pause: Duration, work: fn(&Desk)| {
        let run = move || {
            while !desk.shared.closing.load(Ordering::Relaxed) {
                work(&desk);
                std::thread::sleep(pause);
            }
        };
        if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(run) {
            tracing::error!(%error, name, "starting a thread");
        }
    };
    every(desk.clone(), "status", TELL, |desk| {
        desk.tell(News::Status(Box::new(StatusNews { status: desk.status() })))
    });
    every(desk.clone(), "inbox", TELL, Desk::look_into_inbox);
    every(desk.clone(), "printer", ASK, Desk::ask_printer);
    every(desk.clone(), "catalogue", LOOK_FOR_RELEASES, |desk| {
        if let Err(fault) = desk.look_for_releases() {
            tracing::warn!(%fault, "taking up a catalogue release");
        }
    });
    every(desk.clone(), "scanner", ASK, Desk::ask_scanner);
}

fn clock_words(behind_ms: i64) -> Words {
    let minutes = behind_ms / 60_000;
    Words::new(
        format!("电脑时钟慢了约 {minutes} 分钟。时间暂按上次记录往后走；请值班长核对后确认。"),
        format!("The PC's clock is some {minutes} min behind. Time goes on from the last record; a supervisor has to look and confirm."),
    )
}

fn device(word: Option<&(i64, DeviceStatus)>, now_ms: i64) -> DeviceStatus {
    match word {
        Some((at, status)) if now_ms - at <= WORD_GOOD_MS => status.clone(),
        Some(_) | None => DeviceStatus {
            state: DeviceState::Unconfirmed,
            words: None,
        },
    }
}

fn scanner_fault(fault: &ScanFault) -> DeviceStatus {
    let words = fault.words();
    let state = if fault.is_for_the_clerk() {
        DeviceState::NeedsHand
    } else {
        DeviceState::Offline
    };
    DeviceStatus {
        state,
        words: Some(Words::new(words.zh, words.en)),
    }
}

const fn needs_hand(reason: PrinterReason) -> bool {
    match reason {
        PrinterReason::PaperOut
        | PrinterReason::Jam
        | PrinterReason::CoverOpen
        | PrinterReason::TonerOut
        | PrinterReason::TrayMissing
        | PrinterReason::OutputFull
        | PrinterReason::Offline
        | PrinterReason::Paused => true,
        PrinterReason::PaperLow | PrinterReason::TonerLow | PrinterReason::Other => false,
    }
}
