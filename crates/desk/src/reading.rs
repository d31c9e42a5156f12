//! Reading of pages in the background: one page at a time at the pace of the PC, newest knowledge into the case.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use onewindow_capture::{PaperHint, ProcessedPage, RecognisedPaper, give_way};
use onewindow_case::event::{FieldSource, Reading};
use onewindow_case::ids::{CaseId, MaterialKey, PageId};
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{Bundle, FieldOrigin};

use crate::desk::{Desk, lock, system};
use crate::evidence::evidence_code;
use crate::fault::DeskFault;
use crate::papers;

/// Corrected pages that wait, as JPEG (1 MB for A4); beyond this they are processed again from disk when their turn comes.
const HELD_PAGES: usize = 3;

/// Pages that wait to be read.
#[derive(Default)]
pub(crate) struct ReadingQueue {
    waiting: Mutex<VecDeque<Waiting>>,
    arrived: Condvar,
}

struct Waiting {
    case: CaseId,
    page: PageId,
    processed: Option<Box<ProcessedPage>>,
}

impl ReadingQueue {
    /// As [`ReadingQueue::put`] for a page that has another picture now: one that waits already is processed again when its turn comes.
    pub fn put_anew(&self, case: CaseId, page: PageId, processed: Option<Box<ProcessedPage>>) {
        if let Some(other) = lock(&self.waiting).iter_mut().find(|other| other.page == page) {
            other.processed = None;
            return;
        }
        self.put(case, page, processed);
    }

    /// Queues a page once.
    pub fn put(&self, case: CaseId, page: PageId, processed: Option<Box<ProcessedPage>>) {
        let mut waiting = lock(&self.waiting);
        if waiting.iter().any(|other| other.page == page) {
            return;
        }
        let held = waiting.iter().filter(|other| other.processed.is_some()).count();
        waiting.push_back(Waiting {
            case,
            page,
            processed: processed.filter(|_| held < HELD_PAGES),
        });
        self.arrived.notify_one();
    }

    /// Whether a page waits or is being read.
    pub fn holds(&self, page: PageId) -> bool {
        lock(&self.waiting).iter().any(|other| other.page == page)
    }

    fn next(&self, patience: Duration) -> Option<(CaseId, PageId, Option<Box<ProcessedPage>>)> {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            waiting = self
                .arrived
                .wait_timeout(waiting, patience)
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .0;
        }
        // The entry stays in the queue until it is done, so that the page shows as being read.
        waiting.front_mut().map(|first| (first.case, first.page, first.processed.take()))
    }

    fn done(&self) {
        lock(&self.waiting).pop_front();
    }
}

/// Starts the reader's thread.
pub(crate) fn start(desk: &Desk) {
    let desk = desk.clone();
    let read = move || {
        give_way();
        while !desk.shared.closing.load(std::sync::atomic::Ordering::Relaxed) {
            let Some((case, page, processed)) = desk.shared.reading.next(Duration::from_millis(500)) else {
                continue;
            };
            let done = desk.read_page(case, page, processed);
            desk.shared.reading.done();
            if let Err(fault) = &done {
                tracing::warn!(%fault, "reading a page");
            }
            if let Ok(case) = desk.get_case(case) {
                // The clerk cut or turned it meanwhile: what was read was of no use.
                if done.is_ok() && case.find_page(page).is_some_and(|page| !page.read && !page.removed) {
                    desk.shared.reading.put(case.id, page, None);
                }
                desk.tell_case(&case);
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("read".into()).spawn(read) {
        tracing::error!(%error, "starting the reader");
    }
}

impl Desk {
    /// Reads a page and notes what it says; nothing when it has another picture by then.
    fn read_page(&self, id: CaseId, page: PageId, processed: Option<Box<ProcessedPage>>) -> Result<(), DeskFault> {
        let case = self.get_case(id)?;
        let Some(kept) = case.find_page(page).filter(|page| !page.removed && !page.read) else {
            return Ok(());
        };
        let _room = self.shared.rooms.enter();
        let processed = match processed {
            Some(processed) => *processed,
            None => self.process_as_shown(&case, kept)?,
        };
        let mut readings = self.code_readings(&processed.codes);
        let (mut guess, mut turned) = (None, None);
        let kind = self.paper_of(&case, kept.material.as_ref()).and_then(|paper| papers::kind_of(&paper));
        let hint = kind.map_or_else(PaperHint::default, PaperHint::of);
        if let Some(reader) = self.reader().filter(|_| !processed.blank) {
            match onewindow_capture::read(&processed, reader, &hint, self.shared.clock.today()) {
                Ok(reading) => {
                    guess = reading.paper;
                    // With time to look closely more codes are found than at the pace of the scanner.
                    readings = self.code_readings(&reading.codes);
                    readings.extend(reading.fields.iter().map(field_reading));
                    turned = reading.upright.map(|upright| (upright, reading.quarter_turns));
                }
                Err(fault) => tracing::warn!(%fault, "the reader failed on a page"),
            }
        } else {
            // Without models a file's own text is better than nothing; the clerk looks at each value.
            let (paper, fields) = onewindow_capture::read_file_text(&processed, &hint, self.shared.clock.today());
            guess = paper;
            readings.extend(fields.iter().map(field_reading));
        }
        let turned = match turned {
            Some((upright, turns)) => {
                let corrected = self.shared.store.keep_page(Some(id), &upright.jpeg)?;
                let thumb = self.shared.store.keep_page(Some(id), &upright.thumb_jpeg)?;
                Some(CaseEvent::PageTurned {
                    page,
                    corrected,
                    thumb,
                    quarter_turns: turns,
                })
            }
            None => None,
        };
        self.act_as(system(), id, |case| {
            if case.find_page(page).is_none_or(|now| now.corrected != kept.corrected) {
                return Ok(Vec::new());
            }
            let mut events: Vec<CaseEvent> = turned.into_iter().collect();
            events.push(CaseEvent::PageRead {
                page,
                readings: readings.clone(),
                paper_guess: guess.map(|paper| paper.kind.code().to_owned()),
            });
            events.extend(self.place_page(case, page, guess, &readings)?);
            Ok(events)
        })?;
        Ok(())
    }

    /// What the codes of a page say; a licence brought to the window is checked by the code on it.
    fn code_readings(&self, codes: &[onewindow_capture::Code]) -> Vec<Reading> {
        let region = |code: &onewindow_capture::Code| Some([code.region.x, code.region.y, code.region.width, code.region.height]);
        let checked = codes.iter().filter_map(|code| self.licence_reading(&code.text, region(code)));
        codes.iter().map(code_reading).chain(checked).collect()
    }

    /// Files a recognised page under its paper, when the clerk has not, and fills the form from what was read on it.
    fn place_page(&self, case: &Case, page: PageId, guess: Option<RecognisedPaper>, readings: &[Reading]) -> Result<Vec<CaseEvent>, DeskFault> {
        let bundle = self.get_bundle(case)?;
        let mut events = Vec::new();
        let mut material = case.find_page(page).and_then(|page| page.material.clone());
        if material.is_none()
            && let Some(guess) = guess
        {
            let guidance = bundle.guide(&crate::check::answers(&bundle, case, self.shared.clock.today()));
            if let Some(place) = papers::place(case, &guidance.checklist, guess.kind.code(), readings) {
                events.push(CaseEvent::PageAssigned {
                    page,
                    material: Some(place.material.clone()),
                    guess_percent: Some(place.percent(guess.confidence)),
                });
                material = Some(place.material);
            }
        }
        if let Some(material) = &material {
            events.extend(fields_from_page(&bundle, case, page, material, readings));
        }
        Ok(events)
    }

    pub(crate) fn paper_of(&self, case: &Case, material: Option<&MaterialKey>) -> Option<String> {
        self.get_bundle(case).ok()?.find_material(material?).map(|material| material.paper.id.clone())
    }
}

/// Form values that the catalogue takes from this paper; what a person typed or confirmed stays.
pub(crate) fn fields_from_page(bundle: &Bundle, case: &Case, page: PageId, material: &MaterialKey, readings: &[Reading]) -> Vec<CaseEvent> {
    let mut events = Vec::new();
    for field in &bundle.fields {
        let reading = field.origins.iter().find_map(|origin| match origin {
            FieldOrigin::Paper { material: from, read } if from == material => readings.iter().find(|reading| &reading.key == read),
            FieldOrigin::Paper { .. } | FieldOrigin::Applicant(_) => None,
        });
        let free = case
            .fields
            .get(&field.key)
            .is_none_or(|old| old.value.is_empty() || (!old.confirmed && old.source != FieldSource::Typed));
        if let Some(reading) = reading.filter(|reading| free && !reading.value.is_empty()) {
            events.push(CaseEvent::FieldSet {
                field: field.key.clone(),
                value: reading.value.clone(),
                source: FieldSource::Page(page),
            });
        }
    }
    events
}

fn code_reading(code: &onewindow_capture::Code) -> Reading {
    Reading {
        key: "code".to_owned(),
        value: code.text.chars().take(2_000).collect(),
        evidence: "barcode".to_owned(),
        region: Some([code.region.x, code.region.y, code.region.width, code.region.height]),
    }
}

fn field_reading(field: &onewindow_capture::ReadField) -> Reading {
    Reading {
        key: field.key.clone(),
        value: field.value.clone(),
        evidence: evidence_code(field.evidence).to_owned(),
        region: field.region.map(|region| [region.x, region.y, region.width, region.height]),
    }
}
