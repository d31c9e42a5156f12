//! Numbers from standard input, checked as the form checks them. A filter: one object a number, in order; wrong numbers are answers, not faults.

use std::io::{BufRead, Read};

use onewindow_case::identifier::{self, Check, IdentifierKind, Verdict};
use onewindow_desk::{Clock, WallClock};
use onewindow_ipc::Words;
use serde::Serialize;
use time::Date;

use crate::fault::CliFault;
use crate::{End, output};

/// Longest line that is looked at, bytes; no number is near it. The rest of a longer line is left out.
const LINE_MAX_BYTES: u64 = 4_096;
/// Most lines of a machine-readable zone, with room for one too many.
const ZONE_LINES_MAX: usize = 4;

/// What `check` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Kind of number: resident-id, uscc, mrz, passport, case-no, mobile ... Lines of a machine-readable zone stand under each other,
    /// a blank line between two zones.
    #[arg(long, value_parser = kind)]
    kind: IdentifierKind,
    /// Business date to check against, YYYY-MM-DD; today when not given.
    #[arg(long, value_name = "DATE", value_parser = business_date)]
    today: Option<Date>,
}

/// One answer.
#[derive(Debug, Serialize)]
struct Answer<'c> {
    value: &'c str,
    ok: bool,
    verdict: &'static str,
    code: &'static str,
    position: Option<usize>,
    fields: &'c identifier::Fields,
    message: Words,
}

/// Checks every number until the input ends.
pub(crate) fn run(wish: &Arguments) -> Result<End, CliFault> {
    let today = wish.today.unwrap_or_else(|| WallClock.today());
    let mut input = std::io::stdin().lock();
    if wish.kind == IdentifierKind::Mrz {
        while let Some(zone) = next_zone(&mut input)? {
            tell(&identifier::check(wish.kind, &zone, today))?;
        }
    } else {
        while let Some(line) = next_line(&mut input)? {
            tell(&identifier::check(wish.kind, &line, today))?;
        }
    }
    Ok(End::Well)
}

fn tell(check: &Check) -> Result<(), CliFault> {
    output::json_line(&Answer {
        value: &check.value,
        ok: check.verdict == Verdict::Ok,
        verdict: check.verdict.name(),
        code: check.code,
        position: check.position,
        fields: &check.fields,
        message: check.message.clone().into(),
    })
}

/// Lines up to the next blank one.
fn next_zone(input: &mut impl BufRead) -> Result<Option<String>, CliFault> {
    let mut lines = Vec::new();
    while let Some(line) = next_line(input)? {
        match (line.trim().is_empty(), lines.is_empty()) {
            (true, true) => {}
            (true, false) => break,
            (false, _) if lines.len() < ZONE_LINES_MAX => lines.push(line),
            (false, _) => {}
        }
    }
    Ok(if lines.is_empty() { None } else { Some(lines.join("\n")) })
}

/// The next line without its end, cut at the bound.
fn next_line(input: &mut impl BufRead) -> Result<Option<String>, CliFault> {
    let mut line = Vec::new();
    let read = input.by_ref().take(LINE_MAX_BYTES).read_until(b'\n', &mut line).map_err(CliFault::Input)?;
    if read == 0 {
        return Ok(None);
    }
    let whole = line.last() == Some(&b'\n');
    if !whole && line.len() as u64 == LINE_MAX_BYTES {
        input.skip_until(b'\n').map_err(CliFault::Input)?;
    }
    let text = String::from_utf8_lossy(&line);
    Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
}

fn kind(name: &str) -> Result<IdentifierKind, String> {
    let names = || IdentifierKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    IdentifierKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| format!("one of: {}", names()))
}

/// Reads a business date of the command line.
pub(crate) fn business_date(text: &str) -> Result<Date, String> {
    onewindow_catalogue::parse_date(text).ok_or_else(|| "a date is written 2026-11-24".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlong_line_is_cut_and_the_next_one_is_whole() {
        let text = format!("{}\n042917\n", "9".repeat(10_000));
        let mut input = text.as_bytes();
        let first = next_line(&mut input).expect("readable").expect("a line");
        assert_eq!(first.len() as u64, LINE_MAX_BYTES, "bounded");
        assert_eq!(next_line(&mut input).expect("readable").as_deref(), Some("042917"));
        assert_eq!(next_line(&mut input).expect("readable"), None);
    }

    #[test]
    fn blank_lines_part_zones() {
        let mut input = "\nA\nB\n\n\nC\n".as_bytes();
        assert_eq!(next_zone(&mut input).expect("readable").as_deref(), Some("A\nB"));
        assert_eq!(next_zone(&mut input).expect("readable").as_deref(), Some("C"));
        assert_eq!(next_zone(&mut input).expect("readable"), None);
    }
}
