//! A running scan: a thread that listens to the worker, keeps the clock and tells the caller what happens.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::fault::ScanFault;
use crate::intake::{Intake, Step};
use crate::live::{LivePicture, Shutter};
use crate::page::RawScan;
use crate::pipe::{Order, Report, ScanOrder};
use crate::profile::Batch;
use crate::rooms::{PageRoom, PageRooms};
use crate::still::Look;
use crate::worker::{Silence, Worker, WorkerConfig};

/// Events waiting for the caller. When it is full the scanner waits; how many decoded pages there are is for [`PageRooms`].
const EVENTS_WAITING_MAX: usize = 3;
/// Pause before a full line of events is tried again.
const FULL_PAUSE: Duration = Duration::from_millis(5);
/// How often the clerk's wish to stop is looked at.
pub(crate) const CANCEL_LOOK: Duration = Duration::from_millis(20);
/// [`Scan::cancel`] returns after this time at the latest.
const CANCEL_RETURN: Duration = Duration::from_millis(450);
/// A camera's worker that hung or died is started again this often in one scan.
const REVIVALS_MAX: u32 = 2;
/// Progress is told at most this often.
const PROGRESS_PAUSE: Duration = Duration::from_millis(100);

/// What happens in a scan. The last event is `Finished` or `Fault`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanEvent {
    /// The device is busy or warming up; it is tried again by itself.
    Preparing,
    /// A page is being drawn in.
    PageStarted {
        /// Its number.
        sequence: u32,
    },
    /// Part of a page is in. Left out when the caller is slow.
    Progress {
        /// Number of the page.
        sequence: u32,
        /// Rows in.
        rows: u32,
        /// Rows the page will have, when known.
        rows_total: Option<u32>,
    },
    /// A page is complete.
    Page(RawScan),
    /// What a camera's picture means now; told when it changes.
    Looked(Look),
    /// The feeder said jam although no sheet went in, so the page on the glass was taken in its place.
    GlassInstead,
    /// The batch is over.
    Finished {
        /// Pages delivered.
        pages: u32,
    },
    /// The batch broke off; pages delivered before stay good.
    Fault(ScanFault),
}

/// A scan in progress. Dropping it stops it.
#[derive(Debug)]
pub struct Scan {
    events: Receiver<ScanEvent>,
    last: LastEvents,
    canceller: Canceller,
    live: LivePicture,
    shutter: Shutter,
    supervisor: Option<JoinHandle<Teardown>>,
}

/// The last event, and a page that was complete when the clerk stopped, have a place of their own, so that a slow
/// caller neither misses them nor holds up the worker's end.
type LastEvents = Arc<Mutex<VecDeque<ScanEvent>>>;

/// How a scan's worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Teardown {
    /// It had to be killed because the driver did not come back.
    pub worker_killed: bool,
}

impl Scan {
    /// Starts a scan.
    ///
    /// # Errors
    /// When the worker cannot be started; faults of the scanner itself come as events.
    pub fn start(config: &WorkerConfig, batch: &Batch) -> Result<Self, ScanFault> {
        Self::start_within(config, batch, None, &Canceller::default())
    }

    /// The same with a canceller that the caller made before, for a clerk who may want to stop before a scanner is even found, and
    /// holding no more decoded pages than there is room for: each page, from its first row, has a place that [`RawScan::room`] gives
    /// back. The scanner waits where none is free.
    ///
    /// # Errors
    /// [`ScanFault::Cancelled`], or when the worker cannot be started.
    pub fn start_within(config: &WorkerConfig, batch: &Batch, rooms: Option<&PageRooms>, canceller: &Canceller) -> Result<Self, ScanFault> {
        let mut worker = Worker::start(config, canceller).inspect_err(|_| canceller.tell_ended())?;
        let order = ScanOrder {
            scanner: batch.scanner.clone(),
            profile: batch.profile,
            first_sequence: batch.first_sequence,
            pages_max: batch.pages_max,
            device_options: batch.device_options.clone(),
            live: batch.live,
            after_jam: batch.after_jam,
        };
        worker.send(&Order::Scan(order.clone())).inspect_err(|_| canceller.tell_ended())?;
        let (sender, events) = sync_channel(EVENTS_WAITING_MAX);
        let canceller = canceller.clone();
        let last = LastEvents::default();
        let (live, shutter) = (LivePicture::default(), Shutter::default());
        let mut supervisor = Supervisor {
            worker,
            config: config.clone(),
            order,
            revivals: 0,
            events: Some(sender),
            last: last.clone(),
            canceller: canceller.clone(),
            live: live.clone(),
            shutter: shutter.clone(),
            intake: Intake::new(batch.first_sequence),
            rooms: rooms.cloned(),
            room: None,
        };
        let thread = std::thread::Builder::new()
            .name("scan".into())
            .spawn(move || supervisor.run())
            .map_err(|_| ScanFault::WorkerMissing)?;
        Ok(Self {
            events,
            last,
            canceller,
            live,
            shutter,
            supervisor: Some(thread),
        })
    }

    /// Waits for the next event; `None` after the last one.
    pub fn next_event(&self) -> Option<ScanEvent> {
        self.events.recv().ok().or_else(|| self.take_last())
    }

    /// Waits for the next event at most this long; `Err` when none came, `Ok(None)` after the last one.
    ///
    /// # Errors
    /// [`RecvTimeoutError::Timeout`] when the time is up.
    pub fn next_event_within(&self, patience: Duration) -> Result<Option<ScanEvent>, RecvTimeoutError> {
        match self.events.recv_timeout(patience) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Disconnected) => Ok(self.take_last()),
            Err(timeout @ RecvTimeoutError::Timeout) => Err(timeout),
        }
    }

    /// Stops the scan and returns within half a second, whatever the driver does. The last event is then
    /// `Fault(Cancelled)`, or what came first.
    pub fn cancel(&self) {
        self.canceller.cancel();
    }

    /// A handle to stop this scan from another thread.
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// What a camera sees while this scan runs.
    pub fn live(&self) -> LivePicture {
        self.live.clone()
    }

    /// The key that takes a page from a live camera.
    pub fn shutter(&self) -> Shutter {
        self.shutter.clone()
    }

    /// Takes what events are left, waits for the worker's end and tells how it ended.
    pub fn wait(mut self) -> Teardown {
        while self.next_event().is_some() {}
        let ended = self.supervisor.take().and_then(|thread| thread.join().ok());
        ended.unwrap_or(Teardown { worker_killed: true })
    }
}

impl Scan {
    fn take_last(&self) -> Option<ScanEvent> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl Iterator for Scan {
    type Item = ScanEvent;

    fn next(&mut self) -> Option<ScanEvent> {
        self.next_event()
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        // The supervisor ends by itself within the deadline for cancelling; nobody waits for it.
        self.canceller.0.wanted.store(true, Ordering::SeqCst);
    }
}

/// Stops a scan, or the search for scanners before it, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Canceller(Arc<CancelState>);

#[derive(Debug, Default)]
struct CancelState {
    wanted: AtomicBool,
    ended: Mutex<bool>,
    ended_now: Condvar,
}

impl Canceller {
    /// Stops the scan; returns when its worker has ended, at the latest after half a second.
    pub fn cancel(&self) {
        self.0.wanted.store(true, Ordering::SeqCst);
        let ended = self.0.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.ended_now.wait_timeout_while(ended, CANCEL_RETURN, |ended| !*ended);
        drop(waited);
    }

    /// Whether somebody wants to stop.
    pub fn is_wanted(&self) -> bool {
        self.0.wanted.load(Ordering::SeqCst)
    }

    /// What was to be stopped is over: nobody waits for it any longer.
    pub(crate) fn tell_ended(&self) {
        *self.0.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.ended_now.notify_all();
    }
}

/// The thread behind a scan.
struct Supervisor {
    worker: Worker,
    config: WorkerConfig,
    order: ScanOrder,
    /// How often the worker was started again.
    revivals: u32,
    /// Gone once the last event is told.
    events: Option<SyncSender<ScanEvent>>,
    last: LastEvents,
    canceller: Canceller,
    live: LivePicture,
    shutter: Shutter,
    intake: Intake,
    /// Where pages find room; without it as many are held as the caller lets lie.
    rooms: Option<PageRooms>,
    /// The place of the page that is coming in.
    room: Option<PageRoom>,
}

impl Supervisor {
    fn run(&mut self) -> Teardown {
        let last = self.follow_through_revivals().unwrap_or_else(ScanEvent::Fault);
        let hung = last == ScanEvent::Fault(ScanFault::WorkerHung);
        if last == ScanEvent::Fault(ScanFault::Cancelled) {
            // Should this not reach the worker, it is killed below.
            let _ = self.worker.send(&Order::Cancel);
        }
        self.live.end();
        // The caller hears of the end before the driver has wound up, which may take until the deadline.
        self.keep_for_the_end(last);
        self.events = None;
        let grace = if hung { Duration::ZERO } else { self.config.deadlines.cancel };
        let worker_killed = self.worker.stop(grace);
        self.canceller.tell_ended();
        Teardown { worker_killed }
    }

    /// Follows the worker to the end of the batch. One that shows a camera and hangs or dies is replaced: pages told before stay, and
    /// the clerk needs to do nothing.
    fn follow_through_revivals(&mut self) -> Result<ScanEvent, ScanFault> {
        loop {
            match self.follow() {
                Err(ScanFault::WorkerHung | ScanFault::WorkerDied) if self.order.live && self.revivals < REVIVALS_MAX => {
                    self.revivals += 1;
                    tracing::warn!(revivals = self.revivals, "the camera's worker is started again");
                    self.revive()?;
                }
                ended => return ended,
            }
        }
    }

    fn revive(&mut self) -> Result<(), ScanFault> {
        self.worker.stop(Duration::ZERO);
        self.intake.begin_anew();
        self.tell(ScanEvent::Preparing)?;
        let next = self.intake.next_sequence();
        self.order.pages_max -= next - self.order.first_sequence;
        self.order.first_sequence = next;
        self.worker = Worker::start(&self.config, &self.canceller)?;
        self.worker.send(&Order::Scan(self.order.clone()))
    }

    /// Follows the worker to the end of the batch; returns its last event.
    fn follow(&mut self) -> Result<ScanEvent, ScanFault> {
        let mut progress_told = Instant::now();
        loop {
            let report = self.await_report()?;
            if matches!(report, Report::PageStarted(_)) {
                self.find_room()?;
            }
            match self.intake.take(report)? {
                Step::Quiet => {}
                Step::Grown(progress) if progress_told.elapsed() >= PROGRESS_PAUSE => {
                    progress_told = Instant::now();
                    if let Some(events) = &self.events {
                        let _ = events.try_send(progress);
                    }
                }
                Step::Grown(_) => {}
                Step::Live(jpeg) => self.live.put(jpeg),
                Step::Tell(ScanEvent::Page(mut page)) => {
                    page.room = self.room.take();
                    self.tell(ScanEvent::Page(page))?;
                }
                Step::Tell(event) => self.tell(event)?,
                Step::Over(event) => return Ok(event),
            }
        }
    }

    /// Waits until there is room for another page, as long as it takes: the worker's rows wait in its pipe, and the scanner with them.
    fn find_room(&mut self) -> Result<(), ScanFault> {
        let Some(rooms) = &self.rooms else { return Ok(()) };
        while self.room.is_none() {
            if self.canceller.is_wanted() {
                return Err(ScanFault::Cancelled);
            }
            self.room = rooms.enter_within(CANCEL_LOOK);
        }
        Ok(())
    }

    /// Waits for a report until the deadline, looking at the clerk's wish to stop all the while.
    fn await_report(&mut self) -> Result<Report, ScanFault> {
        let until = Instant::now() + self.config.deadlines.of(self.intake.stage());
        loop {
            if self.canceller.is_wanted() {
                return Err(ScanFault::Cancelled);
            }
            for _ in 0..self.shutter.take() {
                self.worker.send(&Order::Shoot)?;
            }
            match self.worker.receive(CANCEL_LOOK) {
                Ok(report) => return Ok(report),
                Err(Silence::Deadline) if Instant::now() < until => {}
                Err(silence) => return Err(self.worker.fault_of(silence)),
            }
        }
    }

    /// Tells an event, waiting for the caller as long as it takes: a slow caller slows the scanner down. A page that
    /// is complete when the clerk stops is kept for the end.
    fn tell(&self, mut event: ScanEvent) -> Result<(), ScanFault> {
        let Some(events) = &self.events else { return Err(ScanFault::Cancelled) };
        loop {
            match events.try_send(event) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return Err(ScanFault::Cancelled),
                Err(TrySendError::Full(unsent)) if self.canceller.is_wanted() => {
                    self.keep_for_the_end(unsent);
                    return Err(ScanFault::Cancelled);
                }
                Err(TrySendError::Full(unsent)) => event = unsent,
            }
            std::thread::sleep(FULL_PAUSE);
        }
    }

    fn keep_for_the_end(&self, event: ScanEvent) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
    }
}
