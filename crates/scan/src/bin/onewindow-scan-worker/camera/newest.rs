//! Reads a camera on a thread of its own and keeps only the newest frame: nobody waits for a driver, and whoever is slow sees the
//! present, not a line of old pictures.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use onewindow_scan::CameraFault;
use onewindow_scan::camera::Frame;

use crate::Stop;

/// How often the wish to stop is looked at.
const STOP_LOOK: Duration = Duration::from_millis(50);

/// A camera being read. Dropping it lets the thread end with its next frame.
pub(crate) struct Newest(Arc<Place>);

#[derive(Default)]
struct Place {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
enum State {
    #[default]
    Nothing,
    Frame(Frame),
    Ended(CameraFault),
    /// Nobody waits any more.
    Left,
}

impl Newest {
    /// Opens the camera with this identity.
    pub(crate) fn start(id: &str) -> Self {
        let place = Arc::new(Place::default());
        let mine = Arc::clone(&place);
        let id = id.to_owned();
        // Without a thread nothing comes, which is a silent camera.
        let _ = std::thread::Builder::new().name("camera".into()).spawn(move || {
            // A driver's answer that makes a library panic ends this thread only.
            let end = Ending(mine);
            let fault = read(&id, &end.0);
            end.0.put(State::Ended(fault));
        });
        Self(place)
    }

    /// The newest frame that was not taken yet, waiting for it at most this long.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn wait(&self, patience: Duration, stop: &Stop) -> Result<Frame, CameraFault> {
        let until = Instant::now() + patience;
        let mut state = self.0.lock();
        loop {
            match std::mem::take(&mut *state) {
                State::Frame(frame) => return Ok(frame),
                State::Ended(fault) => {
                    *state = State::Ended(fault);
                    return Err(fault);
                }
                State::Nothing | State::Left => {}
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || stop.is_wanted() {
                return Err(CameraFault::Silent);
            }
            let waited = self.0.changed.wait_timeout(state, left.min(STOP_LOOK));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Newest {
    fn drop(&mut self) {
        *self.0.lock() = State::Left;
    }
}

impl Place {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces what nobody took; false when nobody waits any more.
    fn put(&self, new: State) -> bool {
        let mut state = self.lock();
        match *state {
            State::Left => return false,
            // The end that was told first counts.
            State::Ended(_) => return true,
            State::Nothing | State::Frame(_) => *state = new,
        }
        self.changed.notify_all();
        true
    }
}

/// Says that the camera is gone when its thread ends without a word.
struct Ending(Arc<Place>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.put(State::Ended(CameraFault::Unplugged));
    }
}

/// Reads frames until the camera fails or nobody waits.
fn read(id: &str, place: &Place) -> CameraFault {
    let mut source = match super::open(id) {
        Ok(source) => source,
        Err(fault) => return fault,
    };
    loop {
        match source.next() {
            Ok(frame) => {
                if !place.put(State::Frame(frame)) {
                    return CameraFault::Unplugged;
                }
            }
            Err(fault) => return fault,
        }
    }
}
