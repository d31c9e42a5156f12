//! How long a network device that is not ready is asked again, and when. Absent on purpose: dates in `Retry-After`, which need a clock
//! that agrees with the device's.

use std::time::{Duration, Instant};

use ureq::http::HeaderMap;

use crate::Stop;
use crate::status::{self, Status};

/// A device that is in use is asked again for this long, one that warms up for that long.
const BUSY: Duration = Duration::from_secs(12);
const WARMING_UP: Duration = Duration::from_secs(60);
/// The pause when the device wishes none, which is also the shortest, and the longest it can wish: devices ask for a minute and are ready
/// in seconds.
const PAUSE: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(5);
const STOP_LOOK: Duration = Duration::from_millis(20);

/// Patience with one device that is not ready.
pub(crate) struct Patience {
    begun: Instant,
    most: Duration,
}

impl Patience {
    pub(crate) fn new() -> Self {
        Self::of_at_most(WARMING_UP)
    }

    /// The same where an answer is wanted sooner.
    pub(crate) fn of_at_most(most: Duration) -> Self {
        Self { begun: Instant::now(), most }
    }

    /// Waits before the device is asked again. `Err` is how it ends: the device's own status once it was asked long enough.
    pub(crate) fn wait(&self, not_ready: Status, headers: &HeaderMap, stop: &Stop) -> Result<(), Status> {
        let until = Instant::now() + self.pause(self.begun.elapsed(), not_ready, wished(headers)).ok_or(not_ready)?;
        while Instant::now() < until {
            if stop.is_wanted() {
                return Err(status::CANCELLED);
            }
            std::thread::sleep(STOP_LOOK);
        }
        Ok(())
    }

    fn pause(&self, waited: Duration, not_ready: Status, wished: Option<Duration>) -> Option<Duration> {
        let whole = if not_ready == status::WARMING_UP { WARMING_UP } else { BUSY };
        let left = whole.min(self.most).checked_sub(waited).filter(|left| !left.is_zero())?;
        Some(wished.unwrap_or(PAUSE).clamp(PAUSE, PAUSE_MAX).min(left))
    }
}

/// What a device asks for in `Retry-After`, in seconds.
fn wished(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_asked_again_when_it_wishes_and_never_after_the_deadline() {
        let check = |status, waited_ms, wished_s: Option<u64>, pause_ms: Option<u64>| {
            let pause = Patience::new().pause(Duration::from_millis(waited_ms), status, wished_s.map(Duration::from_secs));
            assert_eq!(pause, pause_ms.map(Duration::from_millis), "{status} after {waited_ms} ms, wished {wished_s:?}");
        };
        check(status::BUSY, 0, None, Some(500));
        check(status::BUSY, 0, Some(0), Some(500));
        check(status::BUSY, 0, Some(3), Some(3000));
        check(status::BUSY, 0, Some(600), Some(5000));
        check(status::BUSY, 11_000, Some(3), Some(1000));
        check(status::BUSY, 12_000, Some(3), None);
        check(status::WARMING_UP, 12_000, Some(3), Some(3000));
        check(status::WARMING_UP, 60_000, None, None);
        let short = Patience::of_at_most(Duration::from_secs(15));
        assert_eq!(short.pause(Duration::from_secs(15), status::WARMING_UP, None), None);
    }

    #[test]
    fn what_a_device_wishes_is_read_in_seconds() {
        let check = |value: &'static str, seconds: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", ureq::http::HeaderValue::from_static(value));
            assert_eq!(wished(&headers), seconds.map(Duration::from_secs), "{value}");
        };
        check("2", Some(2));
        check(" 30 ", Some(30));
        check("Fri, 27 Nov 2026 10:00:00 GMT", None);
        check("-1", None);
        check("99999999999999999999999", None);
        assert_eq!(wished(&HeaderMap::new()), None);
    }
}
