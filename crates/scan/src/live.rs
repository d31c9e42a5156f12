//! The picture of a camera while a scan runs: one place for the newest frame, which the next one replaces, and the key that takes a page.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a camera sees. Frames nobody asked for in time are lost; whoever asks gets the newest.
#[derive(Debug, Clone, Default)]
pub struct LivePicture(Arc<Place>);

#[derive(Debug, Default)]
struct Place {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    number: u64,
    jpeg: Option<Arc<[u8]>>,
    asked: Option<Instant>,
    is_over: bool,
}

impl LivePicture {
    /// The number and JPEG of the newest frame after one with that number (0 before the first), waiting for it at most this long; `None`
    /// when none came or the camera is off.
    pub fn newer_than(&self, number: u64, patience: Duration) -> Option<(u64, Arc<[u8]>)> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked = Some(Instant::now());
        let waiting = |state: &mut State| state.number <= number && !state.is_over;
        let (state, _) = self
            .0
            .changed
            .wait_timeout_while(state, patience, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        let jpeg = state.jpeg.clone().filter(|_| state.number > number && !state.is_over)?;
        Some((state.number, jpeg))
    }

    /// The newest frame; `None` before the first and after the end.
    pub fn newest(&self) -> Option<Arc<[u8]>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).jpeg.clone()
    }

    /// When somebody asked for a frame last.
    pub fn last_asked(&self) -> Option<Instant> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).asked
    }

    pub(crate) fn put(&self, jpeg: Vec<u8>) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.number += 1;
        state.jpeg = Some(jpeg.into());
        self.0.changed.notify_all();
    }

    pub(crate) fn end(&self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over = true;
        state.jpeg = None;
        self.0.changed.notify_all();
    }
}

/// Takes pages from a live camera, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Shutter(Arc<AtomicU32>);

impl Shutter {
    /// Takes what the camera sees next.
    pub fn press(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// How often it was pressed since this was asked last.
    pub(crate) fn take(&self) -> u32 {
        self.0.swap(0, Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_frame_wins_and_is_given_once() {
        let live = LivePicture::default();
        let none = Duration::from_millis(1);
        assert_eq!(live.newer_than(0, none), None);
        for byte in 1..=5 {
            live.put(vec![byte]);
        }
        assert_eq!(live.newer_than(0, none), Some((5, [5].into())), "four frames came too late to be seen");
        assert_eq!(live.newer_than(5, none), None, "nothing new");
        let (waiting, later) = (live.clone(), live.clone());
        let waiter = std::thread::spawn(move || waiting.newer_than(5, Duration::from_secs(10)));
        later.put(vec![6]);
        assert_eq!(waiter.join().ok().flatten(), Some((6, [6].into())));
        assert!(live.last_asked().is_some());
        live.end();
        assert_eq!((live.newest(), live.newer_than(0, Duration::from_secs(10))), (None, None), "the camera is off");
    }
}
