//! What a scanner says it can do, source by source, and which of its resolutions serves a paper.

use serde::{Deserialize, Serialize};

use crate::profile::{ColourMode, PaperSize, Source};

/// A resolution above the wish by more than this only costs time and room.
const DPI_EXCESS_MAX: u32 = 2;
/// How far an area may fall short of a paper and still take it: guides and glasses are measured generously or meanly, mm.
const AREA_TOLERANCE_MM: f64 = 3.0;

/// What a scanner can do, as its driver says when opened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Capabilities {
    /// Its sources, each once; [`Source::Auto`] is none of them and always works. Never empty for a device that answered.
    pub sources: Vec<SourceCapabilities>,
}

impl Capabilities {
    /// What this source can do; `None` when the device does not have it.
    pub fn find(&self, source: Source) -> Option<&SourceCapabilities> {
        self.sources.iter().find(|able| able.source == source)
    }

    /// Whether the device has this source.
    pub fn has(&self, source: Source) -> bool {
        self.find(source).is_some()
    }
}

/// What one source of a scanner can do. The glass and the feeder of a device often differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SourceCapabilities {
    /// The source.
    pub source: Source,
    /// Colour modes; empty when the driver does not say.
    pub colours: Vec<ColourMode>,
    /// Resolutions.
    pub dpi: Resolutions,
    /// Largest area, width and height in mm; `None` when the driver does not say.
    pub area_max_mm: Option<(f64, f64)>,
}

impl SourceCapabilities {
    /// Whether a paper of this size can be recorded in one piece, as it lies or turned on the glass.
    pub fn takes(&self, paper: PaperSize) -> bool {
        let (Some((wide, long)), Some((width, height))) = (self.area_max_mm, paper.size_mm()) else {
            return true;
        };
        width <= wide + AREA_TOLERANCE_MM && height <= long + AREA_TOLERANCE_MM
    }
}

/// The resolutions of a source, dots an inch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Resolutions {
    /// Those that work, when they are single values.
    pub listed: Vec<u32>,
    /// The span that works.
    pub span: Option<DpiSpan>,
}

/// A span of resolutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DpiSpan {
    /// Lowest.
    pub low: u32,
    /// Highest.
    pub high: u32,
    /// Distance of one to the next, counted from the lowest; 1 or 0 when any works.
    pub step: u32,
}

impl Resolutions {
    /// The resolution for a paper that demands `wish`: the lowest that satisfies it. When that would be more than twice as much, or there is none, the highest below.
    /// The wish itself when nothing is known.
    pub fn serving(&self, wish: u32) -> u32 {
        let most = wish.saturating_mul(DPI_EXCESS_MAX);
        if let Some(span) = self.span.filter(|span| span.low <= span.high && span.high > 0) {
            return span.serving(wish);
        }
        let known = || self.listed.iter().copied().filter(|dpi| *dpi > 0);
        let enough = known().filter(|dpi| (wish..=most).contains(dpi)).min();
        enough
            .or_else(|| known().filter(|dpi| *dpi < wish).max())
            .or_else(|| known().min())
            .unwrap_or(wish)
    }

    /// Whether exactly this resolution works; everything does when nothing is known.
    pub fn has(&self, dpi: u32) -> bool {
        let unknown = self.listed.is_empty() && self.span.is_none();
        unknown || self.listed.contains(&dpi) || self.span.is_some_and(|span| span.serving(dpi) == dpi)
    }
}

impl DpiSpan {
    /// The lowest value of the span that is at least `wish`, else the highest.
    fn serving(self, wish: u32) -> u32 {
        let wish = wish.clamp(self.low, self.high);
        let step = self.step.max(1);
        let up = self.low.saturating_add((wish - self.low).div_ceil(step).saturating_mul(step));
        if up <= self.high { up } else { self.high - (self.high - self.low) % step }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listed(listed: &[u32]) -> Resolutions {
        Resolutions {
            listed: listed.to_vec(),
            span: None,
        }
    }

    fn span(low: u32, high: u32, step: u32) -> Resolutions {
        Resolutions {
            listed: Vec::new(),
            span: Some(DpiSpan { low, high, step }),
        }
    }

    #[test]
    fn the_lowest_resolution_that_satisfies_a_paper_is_taken() {
        let check = |able: Resolutions, wish, dpi| assert_eq!(able.serving(wish), dpi, "{able:?} for {wish}");
        check(listed(&[75, 150, 300, 600]), 300, 300);
        check(listed(&[600, 400, 200, 100]), 300, 400);
        check(listed(&[100, 200, 240]), 300, 240);
        check(listed(&[200, 1200]), 300, 200);
        check(listed(&[1200, 2400]), 300, 1200);
        check(listed(&[]), 300, 300);
        check(span(75, 600, 1), 280, 280);
        check(span(75, 600, 1), 1200, 600);
        check(span(50, 590, 60), 300, 350);
        check(span(50, 600, 60), 600, 590);
        check(span(400, 600, 0), 300, 400);
    }

    #[test]
    fn a_paper_fits_a_source_as_it_lies() {
        let area = |area_max_mm| SourceCapabilities {
            source: Source::Flatbed,
            colours: Vec::new(),
            dpi: Resolutions::default(),
            area_max_mm,
        };
        let check = |mm, paper, takes| assert_eq!(area(mm).takes(paper), takes, "{paper:?} on {mm:?}");
        check(Some((215.9, 297.0)), PaperSize::A4, true);
        check(Some((215.9, 297.0)), PaperSize::A3, false);
        check(Some((297.0, 431.8)), PaperSize::A3, true);
        check(Some((105.0, 300.0)), PaperSize::A4, false);
        check(Some((105.0, 300.0)), PaperSize::Whole, true);
        check(None, PaperSize::A3, true);
    }

    proptest! {
        #[test]
        fn what_is_taken_is_what_the_device_has(list in proptest::collection::vec(1_u32..5000, 1..12), wish in 1_u32..3000) {
            let able = listed(&list);
            let taken = able.serving(wish);
            prop_assert!(able.has(taken));
            prop_assert!(!list.contains(&wish) || taken == wish);
        }

        #[test]
        fn a_span_is_never_left(low in 1_u32..600, more in 0_u32..2000, step in 0_u32..400, wish in 0_u32..5000) {
            let able = span(low, low + more, step);
            let taken = able.serving(wish);
            prop_assert!((low..=low + more).contains(&taken) && (taken - low).is_multiple_of(step.max(1)), "{}", taken);
            prop_assert!(able.has(taken));
        }
    }
}
