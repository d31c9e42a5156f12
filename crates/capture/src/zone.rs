//! Finds and reads the machine-readable zone among the lines of a page. The zone is found with the `mrz` crate, which knows how
//! readers damage it, and believed only when the product's own check (`onewindow_case::identifier`) accepts every check digit.
//! Absent on purpose: looking for it on pages whose lines show no sign of one.

use std::collections::BTreeMap;

use onewindow_case::identifier::{Identifier, Mrz};
use serde::{Deserialize, Serialize};
use time::Date;

use crate::ocr::TextLine;
use crate::page::Region;

/// A machine-readable zone as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MrzReading {
    /// Its lines in the form that was checked.
    pub lines: Vec<String>,
    /// `td1`, `td2`, `td3`, `mrv-a`, `mrv-b`, `eep`; empty when nothing fits.
    pub kind: String,
    /// Whether every check digit fits.
    pub valid: bool,
    /// Whether known misreadings had to be taken back; the clerk should compare.
    pub repaired: bool,
    /// What it says: `number`, `surname`, `given_names`, `birth_date`, `sex`, `expiry_date`, `nationality`, `issuer`, `document_code`.
    pub fields: BTreeMap<String, String>,
    /// Where it stands.
    pub region: Region,
}

/// The zone on the page, if its lines look like one.
pub(crate) fn find_mrz(lines: &[TextLine], today: Date) -> Option<MrzReading> {
    let candidates: Vec<(String, Region)> = lines.iter().filter_map(|line| Some((zone_text(&line.text)?, line.region))).collect();
    let region = candidates.iter().map(|c| c.1).reduce(Region::union)?;
    let text = candidates.iter().map(|c| c.0.as_str()).collect::<Vec<_>>().join("\n");
    let by_parts = candidates.windows(3).chain(candidates.windows(2)).chain(candidates.windows(1));
    for part in by_parts {
        let part = part.iter().map(|c| c.0.as_str()).collect::<Vec<_>>().join("\n");
        if let Ok(checked) = Mrz::parse(&part, today)
            && checked.warning.is_none()
        {
            return Some(reading(&checked.value, false, region));
        }
    }
    let pivot = u32::try_from(today.year().rem_euclid(100)).unwrap_or(0);
    let found = mrz::find_and_parse_with(&text, &mrz::ParseOptions::default().with_pivot_yy(pivot)).ok();
    if let Some(found) = found.as_ref().filter(|found| found.valid())
        && let Ok(checked) = Mrz::parse(&found.mrz_lines, today)
    {
        // The finder may have swapped look-alikes or restored fillers; only a changed character is a repair, fillers are not.
        let stripped = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
        let repaired = found.damaged_recovery || !stripped(&text).contains(&stripped(&found.mrz_lines));
        return Some(reading(&checked.value, repaired, region));
    }
    if let Some(repair) = Mrz::repair(&text, today) {
        return Some(reading(&repair.mrz.value, true, region));
    }
    Some(MrzReading {
        lines: text.lines().map(str::to_owned).collect(),
        kind: String::new(),
        valid: false,
        repaired: false,
        fields: BTreeMap::new(),
        region,
    })
}

fn reading(mrz: &Mrz, repaired: bool, region: Region) -> MrzReading {
    MrzReading {
        lines: mrz.lines().to_vec(),
        kind: mrz.format().name().to_owned(),
        valid: true,
        repaired,
        fields: mrz.fields().into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        region,
    }
}

/// The line in the zone's alphabet, when it can be one: 28 to 48 capitals, digits and fillers, of them at least one filler or, on
/// the one-line cards, a leading `C`.
fn zone_text(text: &str) -> Option<String> {
    let mut zone = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            'A'..='Z' | '0'..='9' | '<' => zone.push(c),
            'a'..='z' => zone.push(c.to_ascii_uppercase()),
            '〈' | '《' | '‹' | '«' | '＜' | '(' | '（' | '〔' | '【' => zone.push('<'),
            '.' | '·' | '-' | '_' | ',' | '、' => {}
            _ => return None,
        }
    }
    let fillers = zone.matches('<').count();
    let long_enough = (28..=48).contains(&zone.len());
    (long_enough && (fillers >= 2 || (fillers >= 1 && zone.starts_with('C')))).then_some(zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn line(text: &str, y: u32) -> TextLine {
        TextLine {
            text: text.to_owned(),
            region: Region {
                x: 10,
                y,
                width: 800,
                height: 30,
            },
            confidence: 0.9,
            places: Vec::new(),
        }
    }

    fn check(lines: &[&str], valid: bool, number: Option<&str>) {
        let lines: Vec<TextLine> = lines.iter().enumerate().map(|(i, text)| line(text, 40 * i as u32)).collect();
        let reading = find_mrz(&lines, date!(2026 - 11 - 22));
        assert_eq!(reading.as_ref().is_some_and(|r| r.valid), valid, "{reading:?}");
        assert_eq!(reading.and_then(|r| r.fields.get("number").cloned()).as_deref(), number);
    }

    #[test]
    fn zones_are_found_between_other_lines() {
        let first = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
        let second = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
        check(&["护照 PASSPORT", first, second], true, Some("L898902C3"));
        // A lost filler at the end of the name line is put back.
        check(&[&first[..42], second], true, Some("L898902C3"));
        // One digit of the birth date changed.
        check(&[first, "L898902C36UTO7508122F1204159ZE184226B<<<<<10"], false, None);
        check(&["没有机读区的一页", "HELLO WORLD"], false, None);
        check(&[], false, None);
    }
}
