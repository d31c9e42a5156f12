//! Counting a day from its events. Pure.

use std::collections::BTreeMap;

use onewindow_case::event::PrintStep;
use onewindow_case::ids::{DocumentId, PrintId};
use onewindow_case::print_job::PrintState;
use onewindow_case::{Case, CaseEvent};
use onewindow_ipc::Words;
use onewindow_ipc::day::{DayCount, DayDocument};
use onewindow_print::DocumentKind;

use crate::printing::CANCELLED;

/// Closed words of what becomes of cases, in the order of the sheet.
const CASES: [(&str, &str, &str); 9] = [
    ("opened", "开件", "opened"),
    ("accepted", "受理", "accepted"),
    ("accepted_conditional", "容缺受理", "accepted conditionally"),
    ("supplement", "补正告知", "supplement told"),
    ("refused", "不予受理", "refused"),
    ("not_required", "不受理（无需许可）", "no licence needed"),
    ("withdrawn", "撤回", "withdrawn"),
    ("decided_at_window", "当场办结", "decided at the window"),
    ("handed_over", "交付结果", "results handed over"),
];

/// What was counted, in words.
pub(super) struct Counted {
    pub cases: Vec<DayCount>,
    pub documents: Vec<DayDocument>,
}

/// A day being counted.
#[derive(Default)]
pub(super) struct Counting {
    cases: BTreeMap<&'static str, u32>,
    documents: BTreeMap<String, Sheets>,
}

#[derive(Default)]
struct Sheets {
    made: u32,
    originals: u32,
    duplicates: u32,
    spoiled: u32,
    unknown: u32,
}

impl Counting {
    /// Counts what happened to a case on the day; `case` is the case as it is now.
    pub fn add(&mut self, events: &[&CaseEvent], case: &Case) {
        for event in events {
            if let Some(code) = code_of(event) {
                *self.cases.entry(code).or_default() += 1;
            }
            match event {
                CaseEvent::DocumentMade { kind, .. } => self.documents.entry(kind.clone()).or_default().made += 1,
                CaseEvent::PrintStepped {
                    print,
                    document,
                    step: PrintStep::Prepared { .. },
                } => self.add_print(case, *print, *document),
                _ => {}
            }
        }
    }

    fn add_print(&mut self, case: &Case, print: PrintId, document: DocumentId) {
        let (Some(print), Some(document)) = (case.prints.iter().find(|known| known.id == print), case.find_document(document)) else {
            return;
        };
        let sheets = self.documents.entry(document.kind.clone()).or_default();
        match &print.state {
            PrintState::Confirmed if print.copy_no == 0 => sheets.originals += 1,
            PrintState::Confirmed => sheets.duplicates += 1,
            // Taken back before anything left the PC: no sheet.
            PrintState::Spoiled { reason } if reason == CANCELLED => {}
            PrintState::Spoiled { .. } => sheets.spoiled += 1,
            PrintState::Uncertain { .. } => sheets.unknown += 1,
            PrintState::Prepared { .. } | PrintState::Submitting { .. } | PrintState::Taken { .. } => {}
        }
    }

    /// In words, in order; `title` names a kind of document.
    pub fn finish(self, title: &dyn Fn(DocumentKind) -> Words) -> Counted {
        let Self { cases, mut documents } = self;
        let cases = CASES
            .iter()
            .map(|(code, zh, en)| DayCount {
                code: (*code).to_owned(),
                words: Words::new(*zh, *en),
                count: cases.get(code).copied().unwrap_or(0),
            })
            .collect();
        let documents = DocumentKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, documents.remove(kind.name())?)))
            .map(|(kind, sheets)| DayDocument {
                kind: kind.name().to_owned(),
                title: title(kind),
                made: sheets.made,
                originals: sheets.originals,
                duplicates: sheets.duplicates,
                spoiled: sheets.spoiled,
                unknown: sheets.unknown,
            })
            .collect();
        Counted { cases, documents }
    }
}

fn code_of(event: &CaseEvent) -> Option<&'static str> {
    match event {
        CaseEvent::Opened { .. } => Some("opened"),
        CaseEvent::Accepted { .. } => Some("accepted"),
        CaseEvent::AcceptedConditionally { .. } => Some("accepted_conditional"),
        CaseEvent::SupplementTold { .. } => Some("supplement"),
        CaseEvent::AcceptanceRefused { .. } => Some("refused"),
        CaseEvent::NotRequired { .. } => Some("not_required"),
        CaseEvent::Withdrawn { .. } => Some("withdrawn"),
        CaseEvent::DecidedAtWindow { .. } => Some("decided_at_window"),
        CaseEvent::HandedOver { .. } => Some("handed_over"),
        _ => None,
    }
}
