//! The counter's clock, guarded: it never goes back by more than five minutes unless a supervisor says that the PC's clock was wrong
//! before. While the PC's clock is behind, time goes on from the last known moment by the machine's own monotonic counter.
//! (Offline rules, section 6: the legal time of receipt is the time at the counter.)

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use time::Date;

use crate::clock::Clock;

/// How far the PC's clock may go back without anybody being asked, ms.
const TOLERANCE_MS: i64 = 5 * 60 * 1_000;

/// A clock in front of the PC's.
pub(crate) struct GuardedClock {
    wall: Box<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    /// Latest moment given or known from the journal or the centre, ms since 1970 UTC.
    latest_ms: i64,
    /// When it was given, by the monotonic counter.
    at: Instant,
    /// The PC's clock is further back than is tolerated.
    behind_ms: Option<i64>,
}

impl GuardedClock {
    /// Guards a clock; `known_ms` is the latest moment that is known, such as that of the journal's last entry (0: none).
    pub fn new(wall: Box<dyn Clock>, known_ms: i64) -> Self {
        let state = State {
            latest_ms: known_ms,
            at: Instant::now(),
            behind_ms: None,
        };
        Self {
            wall,
            state: Mutex::new(state),
        }
    }

    /// Milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        Clock::now_ms(self)
    }

    /// The business date.
    pub fn today(&self) -> Date {
        Clock::today(self)
    }

    /// How far the PC's clock is behind, ms; `None` while it is as it should be.
    pub fn behind_ms(&self) -> Option<i64> {
        self.now_ms();
        self.state.lock().unwrap_or_else(PoisonError::into_inner).behind_ms
    }

    /// The PC's clock is right, a supervisor says: from now on it counts. Gives how far it was behind.
    pub fn accept(&self) -> Option<i64> {
        let wall_ms = self.wall.now_ms();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let behind_ms = state.behind_ms.take();
        state.latest_ms = wall_ms;
        state.at = Instant::now();
        behind_ms
    }
}

impl Clock for GuardedClock {
    fn now_ms(&self) -> i64 {
        let wall_ms = self.wall.now_ms();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed_ms = i64::try_from(state.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        let expected_ms = state.latest_ms.saturating_add(passed_ms);
        if wall_ms < expected_ms.saturating_sub(TOLERANCE_MS) {
            state.behind_ms = Some(expected_ms - wall_ms);
            return expected_ms;
        }
        state.behind_ms = None;
        // Small steps back are given as they are, but do not add up: the latest moment stays.
        if wall_ms > state.latest_ms {
            state.latest_ms = wall_ms;
            state.at = Instant::now();
        }
        wall_ms
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;

    const MINUTE_MS: i64 = 60_000;

    struct Shared(Arc<ManualClock>);

    impl Clock for Shared {
        fn now_ms(&self) -> i64 {
            self.0.now_ms()
        }
    }

    fn guarded(now_ms: i64, known_ms: i64) -> (Arc<ManualClock>, GuardedClock) {
        let hands = Arc::new(ManualClock::new(now_ms));
        let clock = GuardedClock::new(Box::new(Shared(Arc::clone(&hands))), known_ms);
        (hands, clock)
    }

    #[test]
    fn small_steps_back_pass_and_do_not_add_up() {
        let (hands, clock) = guarded(100 * MINUTE_MS, 0);
        assert_eq!(clock.now_ms(), 100 * MINUTE_MS);
        hands.turn(-3 * MINUTE_MS);
        assert_eq!((clock.now_ms(), clock.behind_ms()), (97 * MINUTE_MS, None));
        hands.turn(-3 * MINUTE_MS);
        assert!(clock.now_ms() >= 100 * MINUTE_MS, "six minutes in two steps are too many");
        assert!(clock.behind_ms().is_some_and(|behind| behind >= 6 * MINUTE_MS));
    }

    #[test]
    fn time_goes_on_while_the_clock_is_behind_and_a_supervisor_sets_it_right() {
        let (hands, clock) = guarded(10 * MINUTE_MS, 500 * MINUTE_MS);
        let first = clock.now_ms();
        assert!(first >= 500 * MINUTE_MS, "the journal knows a later moment");
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(clock.now_ms() > first, "time does not stand still");
        assert!(clock.accept().is_some_and(|behind| behind >= 490 * MINUTE_MS));
        assert_eq!((clock.now_ms(), clock.behind_ms()), (10 * MINUTE_MS, None));
        hands.turn(MINUTE_MS);
        assert_eq!(clock.now_ms(), 11 * MINUTE_MS);
    }

    #[test]
    fn a_clock_that_is_put_right_by_itself_needs_nobody() {
        let (hands, clock) = guarded(100 * MINUTE_MS, 0);
        assert_eq!(clock.now_ms(), 100 * MINUTE_MS);
        hands.turn(-60 * MINUTE_MS);
        assert!(clock.behind_ms().is_some());
        hands.turn(61 * MINUTE_MS);
        assert_eq!((clock.behind_ms(), clock.now_ms()), (None, 101 * MINUTE_MS));
    }
}
