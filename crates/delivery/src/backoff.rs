//! How long to wait after failures: exponential with full jitter, so that a thousand counters that lost the centre together
//! do not come back together. Absent on purpose: dice; a number from 0 to 1 is brought by the caller.

/// Waiting after failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Shortest wait, ms.
    pub floor_ms: i64,
    /// Upper bound of the wait after the first failure, ms; doubles with each.
    pub first_ms: i64,
    /// Upper bound of any wait, ms.
    pub longest_ms: i64,
}

impl Backoff {
    /// The wait after `failures` failures in a row (from 1), ms. `jitter` is from 0 (shortest) to 1; anything else is clamped.
    pub fn wait_ms(&self, failures: u32, jitter: f64) -> i64 {
        let doublings = failures.saturating_sub(1).min(40);
        let bound_ms = self
            .first_ms
            .saturating_mul(1_i64 << doublings)
            .clamp(self.floor_ms, self.longest_ms.max(self.floor_ms));
        let jitter = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 1.0 };
        // Waits are far below 2^52 ms, so nothing is lost by going through a float.
        self.floor_ms + ((bound_ms - self.floor_ms) as f64 * jitter) as i64
    }
}
