//! Blanks seen from the centre: no serial number is given to two counters, no sheet carries two licences.
//!
//! A counter works offline, so a number given twice is found when the entries arrive: the later entry is kept and
//! rejected by a closed word, and a person looks. Absent on purpose: the store room's own stock.

use onewindow_journal::{CounterEvent, Entry};

use crate::centre::Centre;
use crate::database::{BlankRun, Change};
use crate::fault::CentreFault;

/// Digits of a serial number that are counted; what stands before is its prefix.
const DIGITS_MAX: usize = 9;

impl Centre {
    /// Files what happened to the blanks of a counter; a closed word when a person must look.
    pub(crate) async fn file_blanks(&self, change: &mut Change, entry: &Entry, event: &CounterEvent) -> Result<Option<&'static str>, CentreFault> {
        let CounterEvent::BlanksStocked { kind, first, last } = event else {
            return Ok(None);
        };
        let (Some((prefix, width, first)), Some((last_prefix, last_width, last))) = (cut(first), cut(last)) else {
            return Ok(Some("blanks_no_run"));
        };
        if prefix != last_prefix || width != last_width || first > last {
            return Ok(Some("blanks_no_run"));
        }
        let run = BlankRun {
            counter: entry.counter.as_str(),
            kind,
            prefix,
            width,
            first,
            last,
        };
        if let Some(owner) = change.find_blank_owner(&run).await? {
            tracing::warn!(counter = run.counter, owner, "blanks were given to two counters");
            return Ok(Some("blanks_elsewhere"));
        }
        change.add_blank_run(&run).await?;
        Ok(None)
    }
}

/// Prefix, number of digits and number of a serial.
fn cut(serial: &str) -> Option<(&str, u32, u32)> {
    let digits = serial.bytes().rev().take_while(u8::is_ascii_digit).count().min(DIGITS_MAX);
    let at = serial.len() - digits;
    let number = serial.get(at..)?.parse().ok()?;
    Some((&serial[..at], u32::try_from(digits).ok()?, number))
}
