//! What a printer says it can do, compared with what a sheet needs, before anything is sent.
//!
//! Asking the printer to validate the job is not enough: a queue of CUPS takes a job on paper that its printer has not got.
//! A printer that says nothing about a point is not asked about it.

/// The answers of a printer (RFC 8011 and PWG 5100.13 keywords); an empty list says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Paper sizes, as self-describing names: `iso_a4_210x297mm`.
    pub media: Vec<String>,
    /// `one-sided`, `two-sided-long-edge`, ...
    pub sides: Vec<String>,
    /// `monochrome`, `color`, `auto`, ...
    pub colour: Vec<String>,
    /// MIME types.
    pub formats: Vec<String>,
    /// Whether it takes jobs at all.
    pub accepts_jobs: bool,
    /// Whether it is a queue that passes jobs on.
    pub is_queue: bool,
}

/// The format of everything that is printed.
pub(crate) const FORMAT: &str = "application/pdf";
/// A document is proved sheet by sheet, and a blank has a back.
pub(crate) const ONE_SIDED: &str = "one-sided";
/// Nothing of ours has a colour; seals are put on by hand.
pub(crate) const MONOCHROME: &str = "monochrome";

impl Capabilities {
    /// Why the printer can not print such a sheet; nothing when it can.
    #[must_use]
    pub fn objection(&self, media: Option<&str>) -> Option<String> {
        let lacks = |list: &[String], wanted: &str| !list.is_empty() && !list.iter().any(|known| known == wanted);
        if !self.accepts_jobs {
            return Some("it takes no jobs".to_owned());
        }
        if lacks(&self.formats, FORMAT) && lacks(&self.formats, "application/octet-stream") {
            return Some(format!("it does not read {FORMAT}"));
        }
        if let Some(media) = media.filter(|media| lacks(&self.media, media)) {
            return Some(format!("it has no paper {media}"));
        }
        if lacks(&self.sides, ONE_SIDED) {
            return Some("it prints on both sides only".to_owned());
        }
        None
    }

    /// The way of printing to ask for, when the printer knows it.
    pub(crate) fn asks_for(list: &[String], wanted: &'static str) -> Option<&'static str> {
        list.iter().any(|known| known == wanted).then_some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office_printer() -> Capabilities {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Capabilities {
            media: list(&["iso_a4_210x297mm", "iso_a5_148x210mm"]),
            sides: list(&["one-sided", "two-sided-long-edge"]),
            colour: list(&["monochrome", "color"]),
            formats: list(&["application/pdf", "image/pwg-raster"]),
            accepts_jobs: true,
            is_queue: false,
        }
    }

    #[test]
    fn a_printer_that_can_do_it_has_no_objection() {
        assert_eq!(office_printer().objection(Some("iso_a4_210x297mm")), None);
        assert_eq!(office_printer().objection(None), None, "a roll has no size");
        let silent = Capabilities {
            accepts_jobs: true,
            ..Capabilities::default()
        };
        assert_eq!(silent.objection(Some("iso_a3_297x420mm")), None, "what is not said is not held against it");
    }

    #[test]
    fn what_a_printer_lacks_is_named() {
        let check = |change: fn(&mut Capabilities), said: &str| {
            let mut printer = office_printer();
            change(&mut printer);
            let objection = printer.objection(Some("iso_a4_210x297mm")).unwrap_or_default();
            assert!(objection.contains(said), "{said}: {objection}");
        };
        check(|printer| printer.media.retain(|media| !media.contains("a4")), "iso_a4_210x297mm");
        check(|printer| printer.formats.retain(|format| !format.contains("pdf")), "application/pdf");
        check(|printer| printer.sides.retain(|side| side != ONE_SIDED), "both sides");
        check(|printer| printer.accepts_jobs = false, "no jobs");
    }
}
