//! The drawer of counted blanks: what came in, what lies under the printer, what was used, spoiled or given back.
//!
//! A serial number leaves the drawer when it is booked and never comes back, so it can not be offered twice. The book is a
//! setting of the counter and is written in the same append as the act it belongs to. Pure: no clock, no store.

use std::collections::BTreeMap;

use onewindow_case::event::BlankFate;
use serde::{Deserialize, Serialize};

/// Most blanks in one run; a box holds 500.
const RUN_MAX: u32 = 10_000;
/// Digits of a serial number that are counted; what stands before is its prefix.
const DIGITS_MAX: usize = 9;
/// Days whose movements are kept for the sheet of the day.
const DAYS_KEPT: usize = 40;

/// Why a movement of blanks is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlankRefusal {
    /// A serial number has no digits at its end, or first and last do not belong together.
    #[error("the serial numbers are no run")]
    NoRun,
    /// A number of the run was in this counter's hands before.
    #[error("serial number {0} was here before")]
    KnownBefore(String),
    /// The number is not in the drawer.
    #[error("serial number {0} is not in the drawer")]
    NotInDrawer(String),
    /// The number was not booked.
    #[error("serial number {0} is not under the printer")]
    NotBooked(String),
}

/// All blanks of a counter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlankBook {
    /// What lies in the drawer, in runs.
    drawer: Vec<Run>,
    /// What was put under the printer and not looked at yet.
    booked: Vec<Booked>,
    /// What moved, oldest first.
    moves: Vec<Move>,
    /// Runs that ever came in: none of their numbers may come in again.
    received: Vec<Run>,
}

/// Serial numbers without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// Kind of blank: the result in the catalogue that is printed on it.
    pub kind: String,
    prefix: String,
    width: usize,
    first: u32,
    last: u32,
}

/// A blank under the printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Booked {
    /// Kind.
    pub kind: String,
    /// Serial number.
    pub serial: String,
    /// Case for which it was taken.
    pub case: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Move {
    on: String,
    kind: String,
    what: Movement,
    count: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Movement {
    Received,
    Booked,
    Used,
    SpoiledAtPrinter,
    SpoiledInDrawer,
    Returned,
}

/// One kind of blank on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BlankFigures {
    pub opening: u32,
    pub received: u32,
    pub used: u32,
    pub spoiled: u32,
    pub returned: u32,
    /// Under the printer, not looked at.
    pub booked: u32,
    pub closing: u32,
    /// `00412914–00412949`, several runs with `、`.
    pub serials: String,
}

impl Run {
    /// The run from one serial number to another.
    pub fn between(kind: &str, first: &str, last: &str) -> Result<Self, BlankRefusal> {
        let (prefix, width, first) = cut(first).ok_or(BlankRefusal::NoRun)?;
        let (last_prefix, last_width, last) = cut(last).ok_or(BlankRefusal::NoRun)?;
        let counts = first <= last && last - first < RUN_MAX;
        if prefix != last_prefix || width != last_width || !counts {
            return Err(BlankRefusal::NoRun);
        }
        Ok(Self {
            kind: kind.to_owned(),
            prefix: prefix.to_owned(),
            width,
            first,
            last,
        })
    }

    fn serial(&self, number: u32) -> String {
        format!("{}{number:0width$}", self.prefix, width = self.width)
    }

    /// First serial number.
    pub fn first_serial(&self) -> String {
        self.serial(self.first)
    }

    /// Last serial number.
    pub fn last_serial(&self) -> String {
        self.serial(self.last)
    }

    fn count(&self) -> u32 {
        self.last - self.first + 1
    }

    fn position(&self, serial: &str) -> Option<u32> {
        let (prefix, width, number) = cut(serial)?;
        (prefix == self.prefix && width == self.width && (self.first..=self.last).contains(&number)).then_some(number)
    }

    fn overlaps(&self, other: &Self) -> Option<String> {
        let alike = self.prefix == other.prefix && self.width == other.width;
        let first = self.first.max(other.first);
        (alike && first <= self.last.min(other.last)).then(|| self.serial(first))
    }

    /// The run without the numbers from `first` to `last`, which lie inside it.
    fn without(&self, first: u32, last: u32) -> impl Iterator<Item = Self> + '_ {
        let below = (first > self.first).then(|| Self {
            last: first - 1,
            ..self.clone()
        });
        let above = (last < self.last).then(|| Self {
            first: last + 1,
            ..self.clone()
        });
        below.into_iter().chain(above)
    }
}

impl BlankBook {
    /// Puts a run into the drawer.
    pub fn receive(&mut self, run: Run, on: &str) -> Result<(), BlankRefusal> {
        if let Some(serial) = self.received.iter().find_map(|known| known.overlaps(&run)) {
            return Err(BlankRefusal::KnownBefore(serial));
        }
        self.note(on, &run.kind.clone(), Movement::Received, run.count());
        self.received.push(run.clone());
        self.drawer.push(run);
        Ok(())
    }

    /// Takes a blank out of the drawer and puts it under the printer.
    pub fn book(&mut self, kind: &str, serial: &str, case: &str, on: &str) -> Result<(), BlankRefusal> {
        self.take(kind, serial, serial)?;
        self.note(on, kind, Movement::Booked, 1);
        self.booked.push(Booked {
            kind: kind.to_owned(),
            serial: serial.to_owned(),
            case: case.to_owned(),
        });
        Ok(())
    }

    /// The sheet was looked at.
    pub fn settle(&mut self, serial: &str, fate: BlankFate, on: &str) -> Result<(), BlankRefusal> {
        let at = self
            .booked
            .iter()
            .position(|booked| booked.serial == serial)
            .ok_or_else(|| BlankRefusal::NotBooked(serial.to_owned()))?;
        let booked = self.booked.remove(at);
        let movement = match fate {
            BlankFate::Used => Movement::Used,
            BlankFate::Spoiled => Movement::SpoiledAtPrinter,
        };
        self.note(on, &booked.kind, movement, 1);
        Ok(())
    }

    /// A blank of the drawer is no use.
    pub fn spoil(&mut self, kind: &str, serial: &str, on: &str) -> Result<(), BlankRefusal> {
        self.take(kind, serial, serial)?;
        self.note(on, kind, Movement::SpoiledInDrawer, 1);
        Ok(())
    }

    /// A run goes back to the store.
    pub fn give_back(&mut self, run: &Run, on: &str) -> Result<(), BlankRefusal> {
        self.take(&run.kind, &run.first_serial(), &run.last_serial())?;
        self.note(on, &run.kind, Movement::Returned, run.count());
        Ok(())
    }

    /// Serial numbers in the drawer for a kind, lowest run first; at most `max`.
    pub fn free(&self, kind: &str, max: usize) -> Vec<String> {
        let mut runs: Vec<&Run> = self.drawer.iter().filter(|run| run.kind == kind).collect();
        runs.sort_by(|one, other| (&one.prefix, one.first).cmp(&(&other.prefix, other.first)));
        runs.iter()
            .flat_map(|run| (run.first..=run.last).map(|number| run.serial(number)))
            .take(max)
            .collect()
    }

    /// Whether a number lies in the drawer.
    pub fn holds(&self, kind: &str, serial: &str) -> bool {
        self.drawer.iter().any(|run| run.kind == kind && run.position(serial).is_some())
    }

    /// Blanks under the printer that nobody looked at.
    pub fn booked(&self) -> &[Booked] {
        &self.booked
    }

    /// The figures of a day by kind of blank.
    pub fn figures(&self, day: &str) -> BTreeMap<String, BlankFigures> {
        let mut figures: BTreeMap<String, BlankFigures> = BTreeMap::new();
        for run in &self.received {
            figures.entry(run.kind.clone()).or_default();
        }
        for run in &self.drawer {
            figures.entry(run.kind.clone()).or_default().closing += run.count();
        }
        for booked in &self.booked {
            figures.entry(booked.kind.clone()).or_default().booked += 1;
        }
        for (kind, own) in &mut figures {
            let moved = |what: Movement| -> u32 {
                let own = self.moves.iter().filter(|moved| moved.on == day && &moved.kind == kind && moved.what == what);
                own.map(|moved| moved.count).sum()
            };
            let (at_printer, in_drawer) = (moved(Movement::SpoiledAtPrinter), moved(Movement::SpoiledInDrawer));
            own.received = moved(Movement::Received);
            own.used = moved(Movement::Used);
            own.spoiled = at_printer + in_drawer;
            own.returned = moved(Movement::Returned);
            // What was settled today but taken before today was still the counter's when the day began.
            let settled = own.used + at_printer;
            let before = (settled + own.booked).saturating_sub(moved(Movement::Booked));
            let left = own.closing + moved(Movement::Booked) + before + in_drawer + own.returned;
            own.opening = left.saturating_sub(own.received);
            own.serials = self.serials(kind);
        }
        figures
    }

    fn serials(&self, kind: &str) -> String {
        let runs = self.drawer.iter().filter(|run| run.kind == kind);
        let runs: Vec<String> = runs
            .map(|run| match run.count() {
                1 => run.first_serial(),
                _ => format!("{}–{}", run.first_serial(), run.last_serial()),
            })
            .collect();
        runs.join("、")
    }

    fn take(&mut self, kind: &str, first: &str, last: &str) -> Result<(), BlankRefusal> {
        let missing = || BlankRefusal::NotInDrawer(first.to_owned());
        let inside = |run: &Run| run.kind == kind && run.position(first).is_some() && run.position(last).is_some();
        let at = self.drawer.iter().position(inside).ok_or_else(missing)?;
        let run = self.drawer.remove(at);
        let (first, last) = (run.position(first).ok_or_else(missing)?, run.position(last).ok_or_else(missing)?);
        for rest in run.without(first, last).collect::<Vec<_>>().into_iter().rev() {
            self.drawer.insert(at, rest);
        }
        Ok(())
    }

    fn note(&mut self, on: &str, kind: &str, what: Movement, count: u32) {
        let same = |moved: &&mut Move| moved.on == on && moved.kind == kind && moved.what == what;
        match self.moves.iter_mut().find(same) {
            Some(moved) => moved.count += count,
            None => self.moves.push(Move {
                on: on.to_owned(),
                kind: kind.to_owned(),
                what,
                count,
            }),
        }
        let mut days: Vec<&String> = self.moves.iter().map(|moved| &moved.on).collect();
        days.dedup();
        if days.len() > DAYS_KEPT {
            let oldest = days[0].clone();
            self.moves.retain(|moved| moved.on != oldest);
        }
    }
}

/// Prefix, number of digits and number of a serial.
fn cut(serial: &str) -> Option<(&str, usize, u32)> {
    let digits = serial.bytes().rev().take_while(u8::is_ascii_digit).count().min(DIGITS_MAX);
    let at = serial.len() - digits;
    let number = serial.get(at..)?.parse().ok()?;
    Some((&serial[..at], digits, number))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const KIND: &str = "business_licence";

    fn stocked() -> BlankBook {
        let mut book = BlankBook::default();
        book.receive(Run::between(KIND, "33YY000231", "33YY000240").unwrap(), "2026-11-24").unwrap();
        book
    }

    #[test]
    fn a_serial_leaves_the_drawer_once_and_for_ever() {
        let mut book = stocked();
        assert_eq!(book.free(KIND, 2), ["33YY000231", "33YY000232"]);
        book.book(KIND, "33YY000233", "case", "2026-11-24").unwrap();
        assert!(!book.holds(KIND, "33YY000233"));
        let again = book.book(KIND, "33YY000233", "other", "2026-11-24");
        assert_eq!(again, Err(BlankRefusal::NotInDrawer("33YY000233".into())));
        book.settle("33YY000233", BlankFate::Spoiled, "2026-11-24").unwrap();
        assert!(
            book.book(KIND, "33YY000233", "other", "2026-11-24").is_err(),
            "a spoiled sheet stays in the bag"
        );
        let again = book.receive(Run::between(KIND, "33YY000233", "33YY000233").unwrap(), "2026-11-25");
        assert_eq!(again, Err(BlankRefusal::KnownBefore("33YY000233".into())));
        assert_eq!(book.free(KIND, 99).len(), 9);
    }

    #[test]
    fn opening_and_movements_make_the_closing_on_every_day() {
        let mut book = stocked();
        let check = |book: &BlankBook, day: &str, expected: [u32; 6]| {
            let figures = book.figures(day)[KIND].clone();
            let [opening, received, used, spoiled, returned, closing] = expected;
            let own = (
                figures.opening,
                figures.received,
                figures.used,
                figures.spoiled,
                figures.returned,
                figures.closing,
            );
            assert_eq!(own, (opening, received, used, spoiled, returned, closing), "{day}");
            assert_eq!(
                opening + received,
                used + spoiled + returned + figures.booked + closing,
                "{day}: nothing is unaccounted for"
            );
        };
        check(&book, "2026-11-24", [0, 10, 0, 0, 0, 10]);
        book.book(KIND, "33YY000231", "a", "2026-11-24").unwrap();
        book.book(KIND, "33YY000232", "b", "2026-11-24").unwrap();
        book.settle("33YY000231", BlankFate::Used, "2026-11-24").unwrap();
        book.spoil(KIND, "33YY000236", "2026-11-24").unwrap();
        check(&book, "2026-11-24", [0, 10, 1, 1, 0, 7]);
        assert_eq!(book.booked().len(), 1);
        book.settle("33YY000232", BlankFate::Used, "2026-11-25").unwrap();
        book.give_back(&Run::between(KIND, "33YY000239", "33YY000240").unwrap(), "2026-11-25").unwrap();
        check(&book, "2026-11-25", [8, 0, 1, 0, 2, 5]);
        check(&book, "2026-11-26", [5, 0, 0, 0, 0, 5]);
        assert_eq!(book.figures("2026-11-26")[KIND].serials, "33YY000233–33YY000235、33YY000237–33YY000238");
    }

    #[test]
    fn what_is_no_run_is_refused() {
        for (first, last) in [
            ("", ""),
            ("33YY", "33YY"),
            ("33YY10", "33YY9"),
            ("33YY1", "33YX2"),
            ("33YY01", "33YY002"),
            ("1", "10001"),
        ] {
            assert_eq!(Run::between(KIND, first, last).unwrap_err(), BlankRefusal::NoRun, "{first} {last}");
        }
        let mut book = stocked();
        assert!(book.give_back(&Run::between(KIND, "33YY000239", "33YY000241").unwrap(), "2026-11-24").is_err());
        assert_eq!(book, stocked(), "a refused movement changes nothing");
        assert!(book.settle("33YY000231", BlankFate::Used, "2026-11-24").is_err());
        assert!(
            book.book("entertainment_permit", "33YY000231", "a", "2026-11-24").is_err(),
            "another kind of paper"
        );
    }

    #[test]
    fn the_book_is_written_and_read_back() {
        let mut book = stocked();
        book.book(KIND, "33YY000231", "a", "2026-11-24").unwrap();
        let text = serde_json::to_string(&book).unwrap();
        assert_eq!(serde_json::from_str::<BlankBook>(&text).unwrap(), book);
    }
}
