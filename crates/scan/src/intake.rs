//! What a batch has brought so far, folded from the worker's reports. Pure: the thread in `scan` feeds it, keeps the
//! clock and passes its events on.

use crate::fault::{ScanFault, Stage};
use crate::page::{PageAssembly, PageParameters};
use crate::pipe::Report;
use crate::scan::ScanEvent;

/// A batch coming in.
#[derive(Debug)]
pub(crate) struct Intake {
    stage: Stage,
    page: Option<PageAssembly>,
    next_sequence: u32,
    pages: u32,
}

/// What a report means for the caller.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing to tell.
    Quiet,
    /// Rows came in: worth telling when there is time.
    Grown(ScanEvent),
    /// A camera's picture, as JPEG.
    Live(Vec<u8>),
    /// Must be told.
    Tell(ScanEvent),
    /// The batch is over, in good order.
    Over(ScanEvent),
}

impl Intake {
    /// A batch whose first page gets this number.
    pub(crate) fn new(first_sequence: u32) -> Self {
        Self {
            stage: Stage::Loading,
            page: None,
            next_sequence: first_sequence,
            pages: 0,
        }
    }

    /// The number that the next page gets.
    pub(crate) fn next_sequence(&self) -> u32 {
        self.next_sequence - u32::from(self.page.is_some())
    }

    /// A worker begins anew after one that is gone: the page under way is lost, pages told before stay.
    pub(crate) fn begin_anew(&mut self) {
        self.next_sequence = self.next_sequence();
        self.page = None;
        self.stage = Stage::Loading;
    }

    /// The stage whose deadline applies now. Network drivers begin a page at once and then wait for all of it in the
    /// first read, so reading counts only from the first row on.
    pub(crate) fn stage(&self) -> Stage {
        let rows = self.page.as_ref().map_or(0, PageAssembly::rows);
        match self.stage {
            Stage::Reading if rows == 0 => Stage::Starting,
            stage => stage,
        }
    }

    /// Takes a report.
    ///
    /// # Errors
    /// The fault that ends the batch; pages told before it stay good.
    pub(crate) fn take(&mut self, report: Report) -> Result<Step, ScanFault> {
        match report {
            Report::Entered { stage } => {
                self.stage = stage;
                Ok(Step::Quiet)
            }
            Report::Preparing => Ok(Step::Tell(ScanEvent::Preparing)),
            Report::Preview(jpeg) => Ok(Step::Live(jpeg)),
            Report::Looked { look } => Ok(Step::Tell(ScanEvent::Looked(look))),
            Report::CameraFailed { fault } => Err(ScanFault::Camera(fault)),
            Report::PageStarted(parameters) => self.start_page(parameters),
            Report::Rows(rows) => {
                let page = self.page.as_mut().ok_or(ScanFault::WorkerMismatch)?;
                page.push(&rows)?;
                let (sequence, rows, rows_total) = (page.sequence(), page.rows(), page.rows_announced());
                Ok(Step::Grown(ScanEvent::Progress { sequence, rows, rows_total }))
            }
            Report::PageEnded => {
                let complete = self.page.take().ok_or(ScanFault::WorkerMismatch)?.finish()?;
                self.pages += 1;
                Ok(Step::Tell(ScanEvent::Page(complete)))
            }
            Report::Finished if self.page.is_none() => Ok(Step::Over(ScanEvent::Finished { pages: self.pages })),
            Report::Failed { stage, status, double_feed } => Err(ScanFault::from_status(stage, status, double_feed)),
            Report::GlassInstead => Ok(Step::Tell(ScanEvent::GlassInstead)),
            Report::JamOrEmpty => Err(ScanFault::JamOrEmpty),
            Report::SourceMissing => Err(ScanFault::SourceMissing),
            Report::TooManyPages => Err(ScanFault::TooManyPages),
            Report::PageTooLarge { sequence } => Err(ScanFault::PageTooLarge { sequence }),
            Report::Finished | Report::Hello { .. } | Report::Scanners { .. } | Report::Capabilities(_) => Err(ScanFault::WorkerMismatch),
        }
    }

    fn start_page(&mut self, parameters: PageParameters) -> Result<Step, ScanFault> {
        let sequence = parameters.sequence;
        if self.page.is_some() || sequence != self.next_sequence {
            return Err(ScanFault::WorkerMismatch);
        }
        self.next_sequence = sequence.checked_add(1).ok_or(ScanFault::TooManyPages)?;
        self.page = Some(PageAssembly::new(parameters)?);
        Ok(Step::Tell(ScanEvent::PageStarted { sequence }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::page::FrameKind;
    use crate::still::Look;

    /// Announces a page of two columns and two rows.
    fn announced(sequence: u32) -> Report {
        let (bytes_per_line, pixels_per_line, lines) = (2, 2, 2);
        Report::PageStarted(PageParameters {
            sequence,
            frame: FrameKind::Gray,
            depth: 8,
            bytes_per_line,
            pixels_per_line,
            lines,
            dpi: 75,
        })
    }

    fn reports() -> impl Strategy<Value = Report> {
        prop_oneof![
            4 => (1..5_u32).prop_map(announced),
            6 => proptest::collection::vec(any::<u8>(), 0..5).prop_map(Report::Rows),
            6 => Just(Report::PageEnded),
            1 => Just(Report::Finished),
            1 => Just(Report::Preparing),
            1 => Just(Report::Preview(vec![1])),
            1 => Just(Report::Looked { look: Look::AtRest }),
            1 => Just(Report::Entered { stage: Stage::Reading }),
            1 => Just(Report::TooManyPages),
            1 => Just(Report::GlassInstead),
            1 => Just(Report::JamOrEmpty),
            1 => any::<i32>().prop_map(|status| Report::Failed { stage: Stage::Reading, status, double_feed: false }),
        ]
    }

    proptest! {
        #[test]
        fn whatever_a_worker_says_pages_are_whole_and_numbered_in_order(said in proptest::collection::vec(reports(), 0..60)) {
            let mut intake = Intake::new(1);
            let mut pages = Vec::new();
            for report in said {
                match intake.take(report) {
                    Ok(Step::Tell(ScanEvent::Page(page))) => {
                        prop_assert!(page.pixels.len() >= 4 && page.pixels.len() == 2 * page.height_px as usize);
                        pages.push(page.sequence);
                    }
                    Ok(Step::Over(end)) => {
                        prop_assert_eq!(end, ScanEvent::Finished { pages: pages.len() as u32 });
                        break;
                    }
                    Ok(Step::Quiet | Step::Grown(_) | Step::Live(_) | Step::Tell(_)) => {}
                    Err(_) => break,
                }
            }
            let expected: Vec<u32> = (1..=pages.len() as u32).collect();
            prop_assert_eq!(pages, expected);
        }
    }

    #[test]
    fn a_page_under_way_is_lost_with_its_worker_and_its_number_given_again() {
        let mut intake = Intake::new(4);
        let whole = [announced(4), Report::Rows(vec![1; 4]), Report::PageEnded, announced(5), Report::Rows(vec![1])];
        assert!(whole.into_iter().all(|report| intake.take(report).is_ok()));
        intake.begin_anew();
        assert_eq!(intake.next_sequence(), 5);
        assert!(intake.take(announced(5)).is_ok(), "the page comes again under its number");
    }

    #[test]
    fn reading_counts_as_starting_until_the_first_row() {
        let mut intake = Intake::new(1);
        let mut check = |report, stage| {
            assert!(intake.take(report).is_ok());
            assert_eq!(intake.stage(), stage);
        };
        check(announced(1), Stage::Loading);
        check(Report::Entered { stage: Stage::Reading }, Stage::Starting);
        check(Report::Rows(vec![1]), Stage::Starting);
        check(Report::Rows(vec![1]), Stage::Reading);
    }
}
