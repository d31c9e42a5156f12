//! Callers take turns at the writer. Who comes while nobody writes leads: it writes for itself and for all who came meanwhile, in
//! its own thread, so that a single caller waits for the disk and for nobody else. Who comes while somebody writes waits in line;
//! the first of them leads next. Absent on purpose: what a call does (`writer`).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use super::{Call, Writer};
use crate::core::Core;

/// Calls that are written together.
const BATCH_CALLS: usize = 64;
/// Calls that may wait in line; further callers wait until there is room.
const LINE_CALLS: usize = 256;
/// How long a leader waits at most for the callers that were answered a moment ago: less than any sync takes. Without it they would
/// always miss the next batch, and every second one would hold a single call.
const GATHER: Duration = Duration::from_micros(100);

/// The line of callers, and the writer that the first of them gets.
pub(crate) struct Turns {
    core: Arc<Core>,
    line: Mutex<Line>,
    room: Condvar,
    writer: Mutex<Writer>,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<(Call, Arc<Turn>)>,
    /// Somebody writes.
    is_led: bool,
    /// Callers of the last batch and those who waited when it was done: about as many will come again.
    expected: usize,
}

impl Turns {
    pub(crate) fn new(writer: Writer) -> Self {
        Self {
            core: Arc::clone(&writer.core),
            line: Mutex::default(),
            room: Condvar::new(),
            writer: Mutex::new(writer),
        }
    }

    /// Returns when the call was served, by this thread or another.
    pub(crate) fn serve(&self, call: Call) {
        let turn = Arc::new(Turn::of_this_thread());
        let mut line = self.line();
        while line.waiting.len() >= LINE_CALLS {
            line = self.room.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
        let leads = !line.is_led;
        line.is_led = true;
        line.waiting.push_back((call, Arc::clone(&turn)));
        drop(line);
        // Whoever leads is the first in line, so its own call is served by what it leads.
        if leads || turn.wait() == LEADS {
            self.lead();
        }
    }

    fn lead(&self) {
        let (calls, turns): (Vec<_>, Vec<_>) = self.gather().into_iter().unzip();
        let _served = Served { turns: self, served: turns };
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).serve(calls);
    }

    /// Those who wait, once as many as were there a moment ago are there again.
    fn gather(&self) -> Vec<(Call, Arc<Turn>)> {
        let begun = Instant::now();
        loop {
            let mut line = self.line();
            let expected = line.expected.min(BATCH_CALLS);
            if line.waiting.len() >= expected || begun.elapsed() >= GATHER {
                let together = line.waiting.len().min(BATCH_CALLS);
                let gathered = line.waiting.drain(..together).collect();
                self.room.notify_all();
                return gathered;
            }
            drop(line);
            std::thread::yield_now();
        }
    }

    /// Lets the next in line lead.
    fn hand_on(&self, served: usize) {
        let mut line = self.line();
        line.expected = served + line.waiting.len();
        let next = line.waiting.front().map(|(_, turn)| Arc::clone(turn));
        line.is_led = next.is_some();
        drop(line);
        if let Some(next) = next {
            next.tell(LEADS);
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls that somebody took to serve: when this goes, the next in line leads and all of them go on, also after a panic.
struct Served<'t> {
    turns: &'t Turns,
    served: Vec<Arc<Turn>>,
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.turns.core.stopped.store(true, Ordering::Release);
        }
        self.turns.hand_on(self.served.len());
        self.served.iter().for_each(|turn| turn.tell(DONE));
    }
}

const WAITS: u8 = 0;
const LEADS: u8 = 1;
const DONE: u8 = 2;

/// A caller in line.
struct Turn {
    caller: Thread,
    word: AtomicU8,
}

impl Turn {
    fn of_this_thread() -> Self {
        Self {
            caller: std::thread::current(),
            word: AtomicU8::new(WAITS),
        }
    }

    fn tell(&self, word: u8) {
        self.word.store(word, Ordering::Release);
        self.caller.unpark();
    }

    fn wait(&self) -> u8 {
        loop {
            match self.word.load(Ordering::Acquire) {
                WAITS => std::thread::park(),
                word => return word,
            }
        }
    }
}
