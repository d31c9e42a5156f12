//! Papers of the counter that belong to no case: queue tickets and guide lists. Each is stored, journalled with the state of its sheet
//! before a byte leaves, printed, and forgotten with its day.
//!
//! Absent on purpose: calling numbers and a queue shared by several counters; a hall has a system of its own for that.

use onewindow_case::ids::{BundleId, Digest};
use onewindow_catalogue::Bundle;
use onewindow_ipc::Words;
use onewindow_ipc::day::DayView;
use onewindow_ipc::paper::CounterPaperView;
use onewindow_ipc::session::Role;
use onewindow_journal::CounterEvent;
use onewindow_print::job::{JobCommand, JobState, apply, decide};
use onewindow_print::{DocumentData, DocumentKind, Language, Ticket};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::{day, stamp};
use crate::desk::{Desk, lock};
use crate::documents::find_kind;
use crate::fault::DeskFault;
use crate::offers::fees;
use crate::printing::{KeptJob, shown};

/// Setting under which the papers of the day are kept.
const PAPERS_SETTING: &str = "counter_papers";
/// Most papers kept; the oldest settled one goes first.
const PAPERS_MAX: usize = 40;

/// The papers of one day.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Papers {
    day: String,
    /// Tickets given today.
    tickets: u32,
    papers: Vec<Paper>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Paper {
    id: String,
    kind: String,
    subject_zh: String,
    subject_en: String,
    at_ms: i64,
    /// Digest of the stored bytes, hex.
    sheet: String,
    job: JobState,
    #[serde(default)]
    printer: Option<String>,
}

impl Desk {
    /// Draws the next queue ticket of the day for a service and prints it on the roll.
    ///
    /// # Errors
    /// Service unknown, fonts missing.
    pub fn print_ticket(&self, bundle: &str) -> Result<CounterPaperView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let catalogue = self.catalogue();
        let bundle = self.bundle_named(&catalogue, bundle)?;
        let turn = self.take_turn();
        let number = format!("A{:03}", self.papers()?.tickets + 1);
        let served: Vec<String> = self.newest_cases().filter_map(|case| case.ticket.clone()).collect();
        let waiting = |paper: &&Paper| paper.kind == DocumentKind::QueueTicket.name() && !served.contains(&paper.subject_zh);
        let ahead = self.papers()?.papers.iter().filter(waiting).count();
        let mut data = self.counter_data(bundle);
        data.ticket = Some(Ticket {
            number: number.clone(),
            queue: bundle.name.zh.clone(),
            ahead: u32::try_from(ahead).unwrap_or(u32::MAX),
            area: String::new(),
            at: self.now_here(),
        });
        let paper = self.keep_paper(DocumentKind::QueueTicket, &data, (&number, &number), true)?;
        drop(turn);
        self.print_paper_in_background(paper.paper_id.clone());
        Ok(paper)
    }

    /// Prints the guide of a service for whoever asks: matters, times, papers under the usual answers, fees (licensing law art. 30).
    ///
    /// # Errors
    /// Service unknown, fonts missing.
    pub fn print_guide(&self, bundle: &str) -> Result<CounterPaperView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let catalogue = self.catalogue();
        let bundle = self.bundle_named(&catalogue, bundle)?;
        let (guide, matters) = self.guide_of(bundle);
        let mut data = self.counter_data(bundle);
        data.matters = crate::documents::matter_lines(bundle, &std::collections::BTreeMap::new(), &matters, Language::Zh);
        data.fee = fees(bundle, &matters);
        data.guide = guide;
        let turn = self.take_turn();
        let paper = self.keep_paper(DocumentKind::GuideList, &data, (&bundle.name.zh, &bundle.name.en), false)?;
        drop(turn);
        self.print_paper_in_background(paper.paper_id.clone());
        Ok(paper)
    }

    /// The clerk looked into the tray for a paper of the counter.
    ///
    /// # Errors
    /// Paper unknown, or not in question.
    pub fn answer_paper(&self, id: &str, printed: bool) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let command = if printed {
            JobCommand::ClerkConfirms
        } else {
            JobCommand::ClerkReportsNothing
        };
        self.change_paper(id, |paper| {
            for event in decide(&paper.job, &command).map_err(|_| DeskFault::PrintSettled)? {
                paper.job = apply(paper.job.clone(), &event);
            }
            Ok(())
        })?;
        if !printed {
            self.print_paper_in_background(id.to_owned());
        }
        self.day()
    }

    /// Today's papers, newest first.
    pub(crate) fn paper_views(&self) -> Result<Vec<CounterPaperView>, DeskFault> {
        let words = lock(&self.shared.standing).paper_words.clone();
        let papers = self.papers()?.papers;
        Ok(papers.iter().rev().map(|paper| self.paper_view(paper, words.get(&paper.id).cloned())).collect())
    }

    /// Goes on with papers of today that were being printed when the app ended; one of another day nobody waits for any more.
    pub(crate) fn resume_papers(&self) {
        let Ok(papers) = self.papers() else { return };
        for paper in papers.papers {
            if matches!(paper.job, JobState::Prepared { .. } | JobState::Submitting { .. } | JobState::Accepted { .. }) {
                self.print_paper_in_background(paper.id);
            }
        }
    }

    fn bundle_named<'c>(&self, catalogue: &'c onewindow_catalogue::Catalogue, bundle: &str) -> Result<&'c Bundle, DeskFault> {
        catalogue
            .find_bundle(&BundleId::new(bundle))
            .ok_or_else(|| DeskFault::BundleUnknown(bundle.to_owned()))
    }

    /// Head and place, as on every paper of this counter.
    fn counter_data(&self, bundle: &Bundle) -> DocumentData {
        let config = &self.shared.config;
        let branch = config.branch().zh;
        DocumentData {
            issuing_body: branch.clone(),
            centre_name: branch.clone(),
            centre_address: config.address.clone(),
            phone: config.phone.clone(),
            counter: format!("{} 号窗口", config.label),
            bundle: bundle.name.zh.clone(),
            dates: onewindow_print::Dates {
                issued: self.shared.clock.today(),
                ..onewindow_print::Dates::default()
            },
            delivery: crate::documents::delivery(&branch, &config.address, Language::Zh),
            ..DocumentData::default()
        }
    }

    /// Stores a paper and notes it; the caller holds the turn.
    fn keep_paper(&self, kind: DocumentKind, data: &DocumentData, subject: (&str, &str), is_ticket: bool) -> Result<CounterPaperView, DeskFault> {
        let rendered = self.shared.templates.render(kind, data, Language::Zh, self.print_mode(), self.fonts()?)?;
        let sheet = self.shared.store.keep_page(None, &rendered.pdf)?;
        let mut papers = self.papers()?;
        papers.tickets += u32::from(is_ticket);
        let paper = Paper {
            id: Uuid::now_v7().to_string(),
            kind: kind.name().to_owned(),
            subject_zh: subject.0.to_owned(),
            subject_en: subject.1.to_owned(),
            at_ms: self.shared.clock.now_ms(),
            sheet: sheet.to_string(),
            job: JobState::default(),
            printer: None,
        };
        let view = self.paper_view(&paper, None);
        papers.papers.push(paper);
        while papers.papers.len() > PAPERS_MAX {
            let settled = |paper: &Paper| matches!(paper.job, JobState::Confirmed | JobState::Printed { .. } | JobState::Spoiled { .. });
            let at = papers.papers.iter().position(settled).unwrap_or(0);
            papers.papers.remove(at);
        }
        self.note_all(Some(self.actor()?), vec![kept(&papers)?])?;
        Ok(view)
    }

    /// Papers of today; those of another day are over, and what of them waited for a printer is dropped with them.
    fn papers(&self) -> Result<Papers, DeskFault> {
        let today = day(self.shared.clock.today());
        let text = self.shared.store.find_setting(PAPERS_SETTING)?;
        let kept: Option<Papers> = text
            .map(|text| serde_json::from_str(&text).map_err(|error| DeskFault::Defect(error.to_string())))
            .transpose()?;
        Ok(kept.filter(|papers| papers.day == today).unwrap_or_else(|| Papers {
            day: today,
            ..Papers::default()
        }))
    }

    fn change_paper(&self, id: &str, change: impl FnOnce(&mut Paper) -> Result<(), DeskFault>) -> Result<(), DeskFault> {
        let _turn = self.take_turn();
        let mut papers = self.papers()?;
        let paper = papers
            .papers
            .iter_mut()
            .find(|paper| paper.id == id)
            .ok_or(DeskFault::Unknown { what: "paper" })?;
        change(paper)?;
        self.note_all(None, vec![kept(&papers)?])
    }

    fn paper_view(&self, paper: &Paper, words: Option<Words>) -> CounterPaperView {
        CounterPaperView {
            paper_id: paper.id.clone(),
            kind: paper.kind.clone(),
            title: find_kind(&paper.kind).map_or_else(|| Words::new(&paper.kind, &paper.kind), |kind| self.title(kind)),
            subject: Words::new(&paper.subject_zh, &paper.subject_en),
            at: stamp(paper.at_ms),
            print: shown(&paper.job),
            words,
        }
    }

    fn print_paper_in_background(&self, id: String) {
        let desk = self.clone();
        let follow = move || {
            let turn = lock(&desk.shared.printing);
            if let Err(fault) = desk.follow_paper(&id) {
                tracing::error!(%fault, "printing a paper of the counter");
            }
            lock(&desk.shared.standing).paper_words.remove(&id);
            drop(turn);
        };
        if let Err(error) = std::thread::Builder::new().name("print-paper".into()).spawn(follow) {
            tracing::error!(%error, "starting to print a paper of the counter");
        }
    }

    fn follow_paper(&self, id: &str) -> Result<(), DeskFault> {
        let papers = self.papers()?;
        let paper = papers.papers.iter().find(|paper| paper.id == id).ok_or(DeskFault::Unknown { what: "paper" })?;
        let kept = KeptJob {
            kind: find_kind(&paper.kind).ok_or(DeskFault::Unknown { what: "kind of document" })?,
            name: format!("{}-{id}", paper.kind),
            sheet: Digest::parse_hex(&paper.sheet).ok_or_else(|| DeskFault::Defect("digest of a sheet".into()))?,
            state: paper.job.clone(),
            printer: paper.printer.clone(),
        };
        let keep = |job: &JobState, printer: &str| {
            self.change_paper(id, |paper| {
                paper.job = job.clone();
                paper.printer = Some(printer.to_owned());
                Ok(())
            })
        };
        // A paper of yesterday is not printed today.
        let over = || Ok(!self.papers()?.papers.iter().any(|paper| paper.id == id));
        self.follow_kept(kept, keep, &over, &|words| {
            let mut standing = lock(&self.shared.standing);
            match words {
                Some(words) => standing.paper_words.insert(id.to_owned(), words),
                None => standing.paper_words.remove(id),
            };
        })
    }
}

fn kept(papers: &Papers) -> Result<CounterEvent, DeskFault> {
    Ok(CounterEvent::SettingChanged {
        key: PAPERS_SETTING.to_owned(),
        value: serde_json::to_string(papers).map_err(|error| DeskFault::Defect(error.to_string()))?,
    })
}
