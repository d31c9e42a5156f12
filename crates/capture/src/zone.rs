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
    let mut candidates: Vec<(String, Region)> = joined(lines)
        .into_iter()
        .filter_map(|(text, region)| Some((zone_text(&text)?, region)))
        .collect();
    // Readers drop fillers at the end of the line of names, which carries no check digit.
    let longest = candidates.iter().map(|c| c.0.len()).max().unwrap_or(0);
    for (text, _) in &mut candidates {
        if text.contains("<<") && !text.bytes().any(|b| b.is_ascii_digit()) {
            text.extend(std::iter::repeat_n('<', longest.saturating_sub(text.len())));
        }
    }
    let region = candidates.iter().map(|c| c.1).reduce(Region::union);
    let Some(region) = region else { return in_whole_text(lines, today) };
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
    if let Some((mrz, repaired)) = searched(&text, today) {
        return Some(reading(&mrz, repaired, region));
    }
    if let Some(repair) = Mrz::repair(&text, today) {
        return Some(reading(&repair.mrz.value, true, region));
    }
    in_whole_text(lines, today).or_else(|| {
        Some(MrzReading {
            lines: text.lines().map(str::to_owned).collect(),
            kind: String::new(),
            valid: false,
            repaired: false,
            fields: BTreeMap::new(),
            region,
        })
    })
}

/// Where a zone seems to stand although it could not be read: lines with fillers between capitals and digits.
pub(crate) fn signs_of_zone(lines: &[TextLine]) -> Option<Region> {
    let sign = |line: &&TextLine| {
        let (mut fillers, mut plain, mut other) = (0, 0, 0);
        for c in line.text.chars().filter(|c| !c.is_whitespace()) {
            match c {
                c if is_filler(c) => fillers += 1,
                'A'..='Z' | '0'..='9' => plain += 1,
                _ => other += 1,
            }
        }
        fillers >= 2 && fillers + plain >= 10 && other * 5 <= fillers + plain
    };
    lines.iter().filter(sign).map(|line| line.region).reduce(Region::union)
}

/// The zone by the search of the `mrz` crate, believed only when the product's own check accepts it; and whether a character was changed.
fn searched(text: &str, today: Date) -> Option<(Mrz, bool)> {
    let pivot = u32::try_from(today.year().rem_euclid(100)).unwrap_or(0);
    let found = mrz::find_and_parse_with(text, &mrz::ParseOptions::default().with_pivot_yy(pivot)).ok()?;
    if !found.valid() {
        return None;
    }
    let checked = Mrz::parse(&found.mrz_lines, today).ok()?;
    // The finder may have swapped look-alikes or restored fillers; only a changed character is a repair, fillers are not.
    let stripped = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
    let repaired = found.damaged_recovery || !stripped(text).contains(&stripped(&found.mrz_lines));
    Some((checked.value, repaired))
}

/// The last try: all lines of a page that shows a sign of a zone, since a damaged line may not look like one by itself.
fn in_whole_text(lines: &[TextLine], today: Date) -> Option<MrzReading> {
    let region = signs_of_zone(lines)?;
    let text: String = lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).take(400).collect();
    let (mrz, repaired) = searched(&text, today)?;
    Some(reading(&mrz, repaired, region))
}

/// Lines side by side become one: long fillers make a reader see two.
fn joined(lines: &[TextLine]) -> Vec<(String, Region)> {
    let mut rows: Vec<(String, Region)> = Vec::new();
    let mut ordered: Vec<&TextLine> = lines.iter().filter(|line| zone_letters(&line.text).is_some_and(|z| z.len() >= 4)).collect();
    ordered.sort_by_key(|line| line.region.x);
    for line in ordered {
        let beside = |row: &&mut (String, Region)| {
            let height = row.1.height.min(line.region.height);
            row.1.middle_y().abs_diff(line.region.middle_y()) * 2 < height && line.region.x + height > row.1.x + row.1.width
        };
        match rows.iter_mut().find(beside) {
            Some(row) => {
                row.0.push_str(&line.text);
                row.1 = row.1.union(line.region);
            }
            None => rows.push((line.text.clone(), line.region)),
        }
    }
    rows.sort_by_key(|row| row.1.middle_y());
    rows
}

fn reading(mrz: &Mrz, repaired: bool, region: Region) -> MrzReading {
    MrzReading {
        lines: mrz.lines().to_vec(),
        kind: mrz.format().name().to_owned(),
        valid: true,
        repaired,
        fields: mrz
            .fields()
            .into_iter()
            .map(|(key, value)| (key.to_owned(), if key == "surname" || key == "given_names" { letters(&value) } else { value }))
            .collect(),
        region,
    }
}

/// A name with the letters that readers take for digits: names have no digits (ICAO Doc 9303, part 3), and no check digit either.
fn letters(name: &str) -> String {
    let letter = |c| match c {
        '0' => 'O',
        '1' => 'I',
        '2' => 'Z',
        '5' => 'S',
        '6' => 'G',
        '8' => 'B',
        c => c,
    };
    name.chars().map(letter).collect()
}

/// The line in the zone's alphabet, when it can be one: 28 to 48 capitals, digits and fillers, of them at least one filler or, on
/// the one-line cards, a leading `C`; a name line may have lost its fillers at the end.
fn zone_text(text: &str) -> Option<String> {
    let zone = zone_letters(text)?;
    let fillers = zone.matches('<').count();
    let long_enough = (28..=48).contains(&zone.len());
    let names = (16..28).contains(&zone.len()) && zone.starts_with(['P', 'V', 'I', 'A', 'C']) && zone[1..].contains("<<");
    (names || long_enough && (fillers >= 2 || (fillers >= 1 && zone.starts_with('C')))).then_some(zone)
}

/// The text in the zone's alphabet; `None` when something else stands in it.
fn zone_letters(text: &str) -> Option<String> {
    let mut zone = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            'A'..='Z' | '0'..='9' => zone.push(c),
            'a'..='z' => zone.push(c.to_ascii_uppercase()),
            c if is_filler(c) => zone.push('<'),
            '.' | '·' | '-' | '_' | ',' | '、' => {}
            _ => return None,
        }
    }
    Some(zone)
}

/// The filler and what readers take it for.
fn is_filler(c: char) -> bool {
    matches!(c, '<' | '〈' | '《' | '‹' | '«' | '＜' | '(' | '（' | '〔' | '【' | '≤' | '∠')
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

    #[test]
    fn a_name_has_no_digits() {
        let lines = [
            "I<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ER1KSS0N<<ANNA<MAR1A<<<<<<<<<<",
        ];
        let lines: Vec<TextLine> = lines.iter().enumerate().map(|(i, text)| line(text, 40 * i as u32)).collect();
        let reading = find_mrz(&lines, date!(2026 - 11 - 22)).expect("a zone");
        assert!(reading.valid && !reading.repaired, "{reading:?}");
        assert_eq!((&*reading.fields["surname"], &*reading.fields["given_names"]), ("ERIKSSON", "ANNA MARIA"));
        assert_eq!(reading.fields["number"], "D23145890", "and a number keeps its own");
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
        // A name line that lost all its fillers at the end.
        check(&[&first[..25], second], true, Some("L898902C3"));
        check(&["没有机读区的一页", "HELLO WORLD"], false, None);
        check(&[], false, None);
    }

    #[test]
    fn a_line_read_in_two_parts_is_put_together() {
        let mut parts = vec![line("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", 0)];
        let mut left = line("L898902C36UTO7408122", 40);
        left.region.width = 360;
        let mut right = line("F1204159ZE184226B<<<<<10", 42);
        right.region.x = 380;
        right.region.width = 430;
        parts.extend([right, left]);
        let reading = find_mrz(&parts, date!(2026 - 11 - 22)).expect("a zone");
        assert!(reading.valid && !reading.repaired, "{reading:?}");
        assert!(signs_of_zone(&parts).is_some());
    }
}
