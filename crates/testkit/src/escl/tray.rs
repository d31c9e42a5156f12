//! What lies in the virtual scanner: sheets, the job in progress and the fault being played. No I/O, no HTTP; the
//! clock is read only to give up jobs nobody asks for any more.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Fault;
use super::device::Device;
use super::documents::ScanSettings;

/// A job whose client is gone is given up after this time, as real devices do (theirs is longer).
const JOB_IDLE: Duration = Duration::from_secs(4);
/// Finished jobs a status lists.
const JOBS_KEPT: usize = 8;

/// A picture that plays the part of a sheet of paper.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) picture: Arc<Vec<u8>>,
}

impl Sheet {
    pub(super) fn new(picture: Vec<u8>) -> Self {
        Self { picture: Arc::new(picture) }
    }
}

/// The device's view of its feeder, in the words of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AdfState {
    Loaded,
    Empty,
    Jam,
    DoubleFeed,
    CoverOpen,
}

/// One scan job.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) settings: ScanSettings,
    pub(super) pages: u32,
    pub(super) state: JobState,
    touched: Instant,
    in_flight: bool,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobState {
    Processing,
    Completed,
    Canceled,
    Aborted,
}

/// The answer to "give me the next page".
#[derive(Debug)]
pub(super) enum NextPage {
    /// A sheet is drawn in.
    Page(Draw),
    /// No further page in this job.
    NoMore,
    /// No such page any more, although the job goes on.
    Gone,
    /// Come back in a moment.
    Busy,
    /// The paper path is blocked; the status says why.
    Blocked,
}

/// A sheet on its way to the client.
#[derive(Debug)]
pub(super) struct Draw {
    pub(super) sheet: Sheet,
    pub(super) settings: ScanSettings,
    pub(super) fault: Option<Fault>,
}

/// What lies in a virtual scanner and what it has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrayState {
    /// Sheets waiting in the feeder.
    pub feeder: usize,
    /// Whether something lies on the glass.
    pub glass: bool,
    /// Jobs opened since start.
    pub jobs: u32,
    /// Whether a job is in progress.
    pub working: bool,
    /// Pages sent in full or in part since start.
    pub pages_sent: u32,
    /// Jobs the client gave up in an orderly way.
    pub jobs_cancelled: u32,
    /// What the job opened last asked for.
    pub asked: Option<Asked>,
}

/// What a job asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The feeder, else the glass.
    pub feeder: bool,
    /// Both sides.
    pub duplex: bool,
    /// Colour, else grey.
    pub colour: bool,
    /// Dots an inch.
    pub dpi: u32,
    /// Width and height, three-hundredths of an inch.
    pub size: (u32, u32),
}

/// The mutable heart of the scanner.
#[derive(Debug, Default)]
pub(super) struct Tray {
    pub(super) device: Device,
    pub(super) feeder: VecDeque<Sheet>,
    pub(super) glass: Option<Sheet>,
    blocked: Option<AdfState>,
    fault: Option<Fault>,
    jobs: VecDeque<Job>,
    jobs_opened: u32,
    pages_sent: u32,
    jobs_cancelled: u32,
    asked: Option<Asked>,
}

impl Tray {
    /// Answers a request for the next page of a job.
    pub(super) fn next_page(&mut self, id: &str) -> NextPage {
        let Some(at) = self.jobs.iter().position(|job| job.id == id && job.state == JobState::Processing) else {
            return NextPage::NoMore;
        };
        self.jobs[at].touched = Instant::now();
        if let Some(answer) = self.play_before_page(self.jobs[at].pages) {
            return answer;
        }
        let settings = self.jobs[at].settings.clone();
        let drawn = if settings.from_feeder {
            self.feeder.pop_front()
        } else if self.jobs[at].pages == 0 {
            // An empty glass still scans: the client gets the white lid.
            Some(self.glass.clone().unwrap_or_else(|| Sheet::new(Vec::new())))
        } else {
            None
        };
        let Some(sheet) = drawn else {
            self.jobs[at].state = JobState::Completed;
            return NextPage::NoMore;
        };
        let job = &mut self.jobs[at];
        job.pages += 1;
        job.in_flight = true;
        self.pages_sent += 1;
        let page = job.pages;
        NextPage::Page(Draw {
            sheet,
            settings,
            fault: self.play_in_page(page),
        })
    }

    /// The bytes of a page have gone (or were cut): the job is idle again, and a glass job is done.
    pub(super) fn page_gone(&mut self, id: &str) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) {
            job.in_flight = false;
            job.touched = Instant::now();
            if !job.settings.from_feeder && job.state == JobState::Processing {
                job.state = JobState::Completed;
            }
        }
    }

    /// When to come back, seconds, if the device tells nothing of itself now.
    pub(super) fn refuse_capabilities(&mut self) -> Option<u32> {
        match &mut self.fault {
            Some(Fault::BusyCapabilities { times, retry_after_s } | Fault::WarmingUp { times, retry_after_s }) => play_refusal(times, *retry_after_s),
            _ => None,
        }
    }

    /// When to come back, seconds, if no job is opened now.
    pub(super) fn refuse_job(&mut self) -> Option<u32> {
        match &mut self.fault {
            Some(Fault::BusyJobs { times, retry_after_s } | Fault::WarmingUp { times, retry_after_s }) => play_refusal(times, *retry_after_s),
            _ => None,
        }
    }

    /// Whether the device says that it prepares itself.
    pub(super) fn is_warming_up(&self) -> bool {
        matches!(self.fault, Some(Fault::WarmingUp { times: 1.., .. }))
    }

    /// Opens a job; `None` when the device is busy or its paper path is not ready.
    pub(super) fn open_job(&mut self, settings: ScanSettings) -> Option<String> {
        if settings.from_feeder && self.fault == Some(Fault::EmptyUntilAsked) && self.feeder.is_empty() {
            self.block(AdfState::Jam);
        }
        let feeder_ready = matches!(self.adf_state(), AdfState::Loaded);
        if self.is_working() || (settings.from_feeder && !feeder_ready) {
            return None;
        }
        self.jobs_opened += 1;
        self.asked = Some(Asked {
            feeder: settings.from_feeder,
            duplex: settings.duplex,
            colour: settings.colour,
            dpi: settings.dpi,
            size: (settings.region[2], settings.region[3]),
        });
        let id = format!("job-{}", self.jobs_opened);
        self.jobs.push_back(Job {
            id: id.clone(),
            settings,
            pages: 0,
            state: JobState::Processing,
            touched: Instant::now(),
            in_flight: false,
        });
        while self.jobs.len() > JOBS_KEPT {
            self.jobs.pop_front();
        }
        Some(id)
    }

    /// Gives a job up at the client's wish; false when there is no such job.
    pub(super) fn cancel_job(&mut self, id: &str) -> bool {
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else {
            return false;
        };
        if job.state == JobState::Processing {
            job.state = JobState::Canceled;
            self.jobs_cancelled += 1;
        }
        true
    }

    /// Whether the client has given this job up.
    pub(super) fn is_cancelled(&self, id: &str) -> bool {
        self.jobs.iter().any(|job| job.id == id && job.state == JobState::Canceled)
    }

    /// Whether a job is in progress; jobs nobody asks for are given up here.
    pub(super) fn is_working(&mut self) -> bool {
        for job in &mut self.jobs {
            if job.state == JobState::Processing && !job.in_flight && job.touched.elapsed() > JOB_IDLE {
                job.state = JobState::Aborted;
            }
        }
        self.jobs.iter().any(|job| job.state == JobState::Processing)
    }

    pub(super) fn adf_state(&self) -> AdfState {
        if let Some(blocked) = self.blocked {
            return blocked;
        }
        match self.fault {
            Some(Fault::Empty) => AdfState::Empty,
            Some(Fault::CoverOpen) => AdfState::CoverOpen,
            Some(Fault::EmptyAsJam) if self.feeder.is_empty() => AdfState::Jam,
            _ if self.feeder.is_empty() => AdfState::Empty,
            _ => AdfState::Loaded,
        }
    }

    pub(super) fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.iter()
    }

    pub(super) fn script(&mut self, fault: Option<Fault>) {
        self.fault = fault;
        self.blocked = None;
    }

    pub(super) fn is_out_of_order(&self) -> bool {
        self.fault == Some(Fault::OutOfOrder)
    }

    pub(super) fn take_out(&mut self) {
        self.feeder.clear();
        self.glass = None;
    }

    pub(super) fn state(&mut self) -> TrayState {
        TrayState {
            feeder: self.feeder.len(),
            glass: self.glass.is_some(),
            jobs: self.jobs_opened,
            working: self.is_working(),
            pages_sent: self.pages_sent,
            jobs_cancelled: self.jobs_cancelled,
            asked: self.asked,
        }
    }

    /// Faults that answer instead of a page.
    fn play_before_page(&mut self, pages: u32) -> Option<NextPage> {
        match self.fault {
            Some(Fault::JamAfter { pages: limit }) if pages >= limit => Some(self.block(AdfState::Jam)),
            Some(Fault::DoubleFeedAfter { pages: limit }) if pages >= limit => Some(self.block(AdfState::DoubleFeed)),
            Some(Fault::CoverOpen) => Some(self.block(AdfState::CoverOpen)),
            Some(Fault::BusyTimes { times }) if times > 0 => {
                self.fault = Some(Fault::BusyTimes { times: times - 1 });
                Some(NextPage::Busy)
            }
            Some(Fault::EarlyNotFound { times }) if times > 0 && pages == 0 => {
                self.fault = Some(Fault::EarlyNotFound { times: times - 1 });
                Some(NextPage::NoMore)
            }
            Some(Fault::EarlyGone { times }) if times > 0 && pages == 0 => {
                self.fault = Some(Fault::EarlyGone { times: times - 1 });
                Some(NextPage::Gone)
            }
            _ => None,
        }
    }

    /// Faults that spoil the page itself; those that play once are used up here.
    fn play_in_page(&mut self, page: u32) -> Option<Fault> {
        let fault = self.fault?;
        match fault {
            Fault::CutInPage { page: at } | Fault::WrongLength { page: at } | Fault::TruncatedPage { page: at } => {
                if page != at {
                    return None;
                }
                self.fault = None;
                Some(fault)
            }
            other => Some(other),
        }
    }

    /// The paper path is blocked: the job ends, the script is used up, the blockage stays until it is cleared.
    fn block(&mut self, state: AdfState) -> NextPage {
        self.blocked = Some(state);
        self.fault = None;
        for job in &mut self.jobs {
            if job.state == JobState::Processing {
                job.state = JobState::Aborted;
            }
        }
        NextPage::Blocked
    }
}

/// Uses up one refusal; gives back when to come back.
fn play_refusal(times: &mut u32, retry_after_s: u32) -> Option<u32> {
    *times = times.checked_sub(1)?;
    Some(retry_after_s)
}
