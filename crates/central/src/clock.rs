//! The centre's clock. Business days are those of China Standard Time, wherever the machine stands.

use std::sync::Arc;

use time::macros::offset;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

/// Where the time comes from: the machine, or a test.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_ms(|| i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
    }

    /// A clock that asks `now_ms` for milliseconds since 1970 UTC.
    pub fn from_ms(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    /// Milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }

    /// Local time of the office.
    pub(crate) fn now_local(&self) -> PrimitiveDateTime {
        let now = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.now_ms()) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let local = now.to_offset(offset!(+8));
        PrimitiveDateTime::new(local.date(), local.time())
    }

    /// Business day of the office.
    pub(crate) fn today(&self) -> Date {
        self.now_local().date()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
