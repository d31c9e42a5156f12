//! The worker: the only program that links libsane or calls WIA, and the one that talks to network scanners and decodes what they send. It takes orders on standard input, sends reports on standard
//! output, and is expendable: its parent kills it when a driver does not come back, and it ends itself soon after its
//! parent is gone. The protocol is `onewindow_scan::pipe`.

mod camera;
mod network;
mod outbox;
mod patience;
mod picture;
#[cfg(unix)]
#[allow(unsafe_code, reason = "libsane is a C library; every call into it is here, with the reason it is sound")]
mod sane;
#[cfg(unix)]
mod session;
#[cfg(unix)]
mod settings;
mod status;
#[cfg(windows)]
mod wia;

use std::io::Stdin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use onewindow_scan::pipe::{self, Order, PipeError, Report, SCANNERS_MAX};
use onewindow_scan::{Stage, escl};
use outbox::Outbox;
#[cfg(unix)]
use session as drivers;
#[cfg(windows)]
use wia as drivers;

/// The main thread gets this long to notice the wish to stop between two reads, before the driver is told from here.
const NOTICE: Duration = Duration::from_millis(150);
/// Time for winding up after the parent has closed the pipe.
const LEAVE_AFTER: Duration = Duration::from_millis(2500);
const EXIT_PARENT_GONE: i32 = 3;

fn main() -> ExitCode {
    let Ok(pipe) = drivers::take_stdout() else { return ExitCode::FAILURE };
    let mut outbox = Outbox::new(pipe);
    if outbox.send(&Report::Hello { version: pipe::VERSION }).is_err() {
        return ExitCode::FAILURE;
    }
    let stop = Stop::default();
    let (sender, orders) = channel();
    let told = stop.clone();
    std::thread::spawn(move || listen(std::io::stdin(), &sender, &told));
    let outcome = match orders.recv() {
        Ok(Order::List) => list(&mut outbox),
        Ok(Order::Inspect { scanner }) if camera::is_ours(&scanner) => camera::inspect(&scanner, &mut outbox, &stop),
        Ok(Order::Inspect { scanner }) => match escl::url_of(&scanner) {
            Some(url) => network::inspect(url, &mut outbox, &stop),
            None => drivers::inspect(&scanner, &mut outbox, &stop),
        },
        Ok(Order::Scan(order)) if camera::is_ours(&order.scanner) => camera::scan(&order, &mut outbox, &stop),
        Ok(Order::Scan(order)) => match escl::url_of(&order.scanner) {
            Some(url) => network::scan(url, &order, &mut outbox, &stop),
            None => drivers::scan(&order, &mut outbox, &stop),
        },
        Ok(Order::Shoot | Order::Cancel) | Err(_) => Ok(()),
    };
    // An error here means that the parent no longer listens; there is nobody to tell.
    if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells which scanners there are, whichever way they are reached.
fn list(outbox: &mut Outbox) -> Result<(), PipeError> {
    outbox.enter(Stage::Loading)?;
    // Announcements on the network are waited for while the drivers look.
    let announced = std::thread::spawn(network::discover);
    let found = drivers::devices();
    outbox.enter(Stage::Listing)?;
    let mut others = announced.join().unwrap_or_default();
    others.extend(camera::list());
    match found {
        Ok(mut scanners) => {
            scanners.extend(others);
            scanners.truncate(SCANNERS_MAX);
            outbox.send(&Report::Scanners { scanners })
        }
        // Without drivers of the system the network's scanners and cameras still work.
        Err(_) if !others.is_empty() => outbox.send(&Report::Scanners { scanners: others }),
        Err((stage, status)) => outbox.fail(stage, status),
    }
}

/// What the parent wishes in the middle of the work: to stop, or a picture; and the means to tell a driver that does not come back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    wanted: Arc<AtomicBool>,
    /// Pictures of a camera wished for and not yet taken.
    shots: Arc<AtomicU32>,
    device: drivers::SharedCancel,
}

impl Stop {
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::SeqCst)
    }

    /// How many pictures of a camera were wished for since this was asked last.
    pub(crate) fn take_shots(&self) -> u32 {
        self.shots.swap(0, Ordering::SeqCst)
    }

    /// Wishes that no picture came for.
    pub(crate) fn give_back_shots(&self, shots: u32) {
        self.shots.fetch_add(shots, Ordering::SeqCst);
    }

    fn now(&self) {
        if self.wanted.swap(true, Ordering::SeqCst) {
            return;
        }
        let device = self.device.clone();
        std::thread::spawn(move || {
            std::thread::sleep(NOTICE);
            device.cancel();
        });
    }
}

/// Takes orders until the parent closes the pipe; then the worker winds up and leaves, if need be without asking.
fn listen(mut stdin: Stdin, orders: &Sender<Order>, stop: &Stop) {
    while let Ok(Some(order)) = pipe::read_order(&mut stdin) {
        if order == Order::Cancel {
            stop.now();
        } else if order == Order::Shoot {
            stop.give_back_shots(1);
        } else if orders.send(order).is_err() {
            break;
        }
    }
    stop.now();
    std::thread::sleep(LEAVE_AFTER);
    drivers::leave(EXIT_PARENT_GONE);
}
