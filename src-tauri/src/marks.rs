//! Marks in the log that say how long after the start of the process something was reached; start-up is measured with them.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Ticks of the kernel's process table per second; the same on every Linux, whatever its own clock does.
#[cfg(target_os = "linux")]
const TICKS_PER_S: u64 = 100;

/// What the window itself reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WindowMark {
    /// The second frame after the first screen was put together: it has been painted.
    FirstFrame,
}

impl WindowMark {
    /// The word in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstFrame => "first-frame",
        }
    }
}

/// Logs that `name` was reached.
pub(crate) fn mark(name: &str) {
    match since_start_ms() {
        Some(at_ms) => tracing::info!(at_ms, "mark {name}"),
        None => tracing::info!("mark {name}"),
    }
}

/// Time since this process was started, to 10 ms; not known everywhere.
#[cfg(target_os = "linux")]
fn since_start_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    Some(uptime_ms(&uptime)?.saturating_sub(started_ms(&stat)?))
}

#[cfg(not(target_os = "linux"))]
fn since_start_ms() -> Option<u64> {
    None
}

/// Start of the process after boot, from field 22 of `/proc/self/stat`. The name in field 2 may hold anything but ends with a bracket.
#[cfg(target_os = "linux")]
fn started_ms(stat: &str) -> Option<u64> {
    let after_name = &stat[stat.rfind(')')? + 1..];
    let ticks: u64 = after_name.split_ascii_whitespace().nth(19)?.parse().ok()?;
    ticks.checked_mul(1_000 / TICKS_PER_S)
}

/// Time after boot from `/proc/uptime`, whose first word is seconds with two decimals.
#[cfg(target_os = "linux")]
fn uptime_ms(uptime: &str) -> Option<u64> {
    let (seconds, rest) = uptime.split_once('.')?;
    let hundredths = rest.get(..2)?.parse::<u64>().ok()?;
    seconds.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(hundredths * 10)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_process_is_read_behind_a_name_with_blanks_and_brackets() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 12345 1000 10 18446744073709551615";
        assert_eq!(started_ms(stat), Some(123_450));
        assert_eq!(started_ms("42 (a) S 1"), None);
        assert_eq!(uptime_ms("350735.47 234388.90\n"), Some(350_735_470));
    }
}
