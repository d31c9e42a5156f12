//! A bound on guessing: so many failures in a minute, then nobody is listened to until the minute is over.
//! Absent on purpose: one bound for each caller; codes are guessed from many places at once.

use std::sync::{Mutex, PoisonError};

const MINUTE_MS: i64 = 60_000;

/// Counts failures in the current minute.
#[derive(Debug)]
pub(crate) struct Throttle {
    most: u32,
    /// Start of the minute and failures in it.
    window: Mutex<(i64, u32)>,
}

impl Throttle {
    /// Allows this many failures a minute.
    pub(crate) fn new(most: u32) -> Self {
        Self {
            most,
            window: Mutex::new((i64::MIN, 0)),
        }
    }

    /// Seconds to wait, when there were too many failures.
    pub(crate) fn wait_s(&self, now_ms: i64) -> Option<u32> {
        let (start, failures) = *self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let left_ms = start.saturating_add(MINUTE_MS).saturating_sub(now_ms);
        let in_window = now_ms >= start && left_ms > 0;
        (in_window && failures >= self.most).then(|| u32::try_from(left_ms / 1_000 + 1).unwrap_or(60))
    }

    /// Counts a failure.
    pub(crate) fn count(&self, now_ms: i64) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now_ms < window.0 || now_ms.saturating_sub(window.0) >= MINUTE_MS {
            *window = (now_ms, 0);
        }
        window.1 = window.1.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_failures_close_the_door_for_the_rest_of_the_minute() {
        let throttle = Throttle::new(2);
        throttle.count(1_000);
        assert_eq!(throttle.wait_s(1_000), None);
        throttle.count(2_000);
        assert_eq!(throttle.wait_s(2_000), Some(60));
        assert_eq!(throttle.wait_s(60_500), Some(1));
        assert_eq!(throttle.wait_s(61_000), None, "a new minute");
        throttle.count(61_000);
        assert_eq!(throttle.wait_s(61_000), None);
        assert_eq!(throttle.wait_s(0), None, "a clock that went back locks nobody out");
    }
}
