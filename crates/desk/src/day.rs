//! The end of the day: what happened, what lies in the drawer, what is unaccounted for; closed by clerk and supervisor together.
//!
//! Figures come from the journal of the day, never from a count kept beside it. The closing is one append; its sheet is
//! stored before, printed after, and can be printed again from the stored bytes.

mod figures;

use std::collections::BTreeMap;

use onewindow_case::CaseEvent;
use onewindow_case::ids::Digest;
use onewindow_case::print_job::PrintState;
use onewindow_case::state::CaseState;
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{PreviewView, PrintStateView};
use onewindow_ipc::day::{CountedBlanks, DayBlank, DayClosed, DayPoint, DayView};
use onewindow_ipc::session::Role;
use onewindow_journal::{CounterEvent, Event};
use onewindow_print::job::{JobCommand, JobState, apply, decide};
use onewindow_print::{BlankLine, Count, DayFigures, DaySheet, DocumentData, DocumentKind, Language, RenderedDocument};
use serde::{Deserialize, Serialize};

use crate::clock::stamp;
use crate::desk::{Desk, lock};
use crate::documents::licence_kind;
use crate::fault::DeskFault;
use crate::intake::clean;
use crate::printing::{KeptJob, shown};

/// Setting under which the last closing is kept.
const DAY_SETTING: &str = "day_closed";

/// The last closing.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Closing {
    day: String,
    number: u32,
    at_ms: i64,
    clerk: String,
    supervisor: String,
    /// Digest of the stored sheet, hex.
    sheet: String,
    /// Number of the print; grows when the sheet is printed again.
    print: u32,
    job: JobState,
    /// Address of the printer that it was sent to.
    #[serde(default)]
    printer: Option<String>,
}

impl Desk {
    /// Everything about today at this counter.
    ///
    /// # Errors
    /// Not signed in as clerk or supervisor; the journal can not be read.
    pub fn day(&self) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let today = self.today_text();
        let counted = self.day_figures()?;
        let points = self.day_points()?;
        let words = lock(&self.shared.standing).day_words.clone();
        Ok(DayView {
            cases: counted.cases,
            documents: counted.documents,
            blanks: self.day_blanks(&today)?,
            papers: self.paper_views()?,
            can_close: !points.iter().any(|point| point.blocks),
            points,
            closed: self.closing()?.filter(|closing| closing.day == today).map(|closing| DayClosed {
                at: stamp(closing.at_ms),
                clerk: closing.clerk,
                supervisor: closing.supervisor,
                number: closing.number,
                print: shown(&closing.job),
                words,
            }),
            day: today,
        })
    }

    /// The sheet of the day as it would be printed now, or as it was signed.
    ///
    /// # Errors
    /// As [`Desk::day`]; fonts missing.
    pub fn preview_day(&self, language: Language) -> Result<PreviewView, DeskFault> {
        let view = self.day()?;
        let rendered = self.render_day(&view, language, "", "")?;
        self.keep_preview(DocumentKind::DaySheet, &rendered)
    }

    /// Closes the day: the clerk counted the drawer, the supervisor signs with number and PIN. The sheet is stored, the
    /// closing is journalled, then the sheet is printed.
    ///
    /// # Errors
    /// A sheet is unaccounted for, the count differs from the book, second person missing.
    pub fn close_day(&self, counted: &[CountedBlanks], remark: Option<&str>, supervisor: (&str, &str)) -> Result<DayView, DeskFault> {
        let clerk = self.require(&[Role::Clerk, Role::Supervisor])?;
        let signed = self.second_person(supervisor.0, supervisor.1)?;
        let view = self.day()?;
        if !view.can_close {
            return Err(DeskFault::DayOpen);
        }
        check_counts(&view.blanks, counted)?;
        let number = view.closed.as_ref().map_or(1, |closed| closed.number + 1);
        let name = |number: &str, name: &str| format!("{name}（{number}）");
        let clerk_name = name(&clerk.staff_no, &clerk.name);
        let supervisor_name = name(signed.as_str(), &self.staff_name(signed.as_str()));
        let rendered = self.render_day(&view, Language::Zh, &clerk_name, &supervisor_name)?;
        let sheet = self.shared.store.keep_page(None, &rendered.pdf)?;
        let closing = Closing {
            day: view.day,
            number,
            at_ms: self.shared.clock.now_ms(),
            clerk: clerk_name,
            supervisor: supervisor_name,
            sheet: sheet.to_string(),
            print: 0,
            job: JobState::default(),
            printer: None,
        };
        let closed = CounterEvent::DayClosed {
            supervisor: signed,
            sheet,
            remark: remark.map(clean).filter(|remark| !remark.is_empty()),
        };
        self.note_all(Some(self.actor()?), vec![closed, kept(&closing)?])?;
        self.print_day_in_background();
        self.day()
    }

    /// Prints the signed sheet again, from its stored bytes.
    ///
    /// # Errors
    /// The day was not closed, or the sheet is at the printer.
    pub fn print_day_sheet(&self) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let mut closing = self.closing()?.ok_or(DeskFault::Unknown { what: "closing of the day" })?;
        match closing.job {
            // It waits because no printer was there; nothing has left the PC.
            JobState::Prepared { .. } => {
                self.print_day_in_background();
                return self.day();
            }
            JobState::Submitting { .. } | JobState::Accepted { .. } | JobState::Unknown { .. } => return Err(DeskFault::PrintSettled),
            JobState::Confirmed | JobState::Spoiled { .. } | JobState::Printed { .. } => {}
        }
        closing.print += 1;
        closing.job = JobState::default();
        closing.printer = None;
        self.note_all(Some(self.actor()?), vec![kept(&closing)?])?;
        self.print_day_in_background();
        self.day()
    }

    /// The clerk looked into the tray for the sheet of the day.
    ///
    /// # Errors
    /// The print is not in question.
    pub fn answer_day_print(&self, printed: bool) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let mut closing = self.closing()?.ok_or(DeskFault::Unknown { what: "closing of the day" })?;
        let command = if printed {
            JobCommand::ClerkConfirms
        } else {
            JobCommand::ClerkReportsNothing
        };
        for event in decide(&closing.job, &command).map_err(|_| DeskFault::PrintSettled)? {
            closing.job = apply(closing.job, &event);
        }
        self.note_all(Some(self.actor()?), vec![kept(&closing)?])?;
        if !printed {
            self.print_day_in_background();
        }
        self.day()
    }

    /// Goes on with a sheet of the day that was being printed when the app ended.
    pub(crate) fn resume_day_print(&self) {
        let open = |job: &JobState| matches!(job, JobState::Prepared { .. } | JobState::Submitting { .. } | JobState::Accepted { .. });
        if self.closing().ok().flatten().is_some_and(|closing| open(&closing.job)) {
            self.print_day_in_background();
        }
    }

    fn print_day_in_background(&self) {
        let desk = self.clone();
        let follow = move || {
            let turn = lock(&desk.shared.printing);
            if let Err(fault) = desk.follow_day_print() {
                tracing::error!(%fault, "printing the sheet of the day");
            }
            lock(&desk.shared.standing).day_words = None;
            drop(turn);
        };
        if let Err(error) = std::thread::Builder::new().name("print-day".into()).spawn(follow) {
            tracing::error!(%error, "starting to print the sheet of the day");
        }
    }

    fn follow_day_print(&self) -> Result<(), DeskFault> {
        let closing = self.closing()?.ok_or(DeskFault::Unknown { what: "closing of the day" })?;
        let sheet = Digest::parse_hex(&closing.sheet).ok_or_else(|| DeskFault::Defect("digest of the sheet".into()))?;
        let job = KeptJob {
            kind: DocumentKind::DaySheet,
            name: format!("day-{}-{}-{}-{}", self.shared.config.counter, closing.day, closing.number, closing.print),
            sheet,
            state: closing.job.clone(),
            printer: closing.printer.clone(),
        };
        let keep = |job: &JobState, printer: &str| {
            let closing = Closing {
                job: job.clone(),
                printer: Some(printer.to_owned()),
                ..closing.clone()
            };
            self.note_all(None, vec![kept(&closing)?])
        };
        self.follow_kept(job, keep, &|| Ok(false), &|words| lock(&self.shared.standing).day_words = words)
    }

    fn closing(&self) -> Result<Option<Closing>, DeskFault> {
        let text = self.shared.store.find_setting(DAY_SETTING)?;
        text.map(|text| serde_json::from_str(&text).map_err(|error| DeskFault::Defect(error.to_string())))
            .transpose()
    }

    fn day_blanks(&self, today: &str) -> Result<Vec<DayBlank>, DeskFault> {
        let figures = self.blank_book()?.figures(today);
        Ok(figures
            .into_iter()
            .map(|(kind, own)| DayBlank {
                name: licence_kind(&kind).map_or_else(|| Words::new(&kind, &kind), |kind| self.title(kind)),
                kind,
                opening: own.opening,
                received: own.received,
                used: own.used,
                spoiled: own.spoiled,
                returned: own.returned,
                booked: own.booked,
                closing: own.closing,
                serials: own.serials,
            })
            .collect())
    }

    /// What is open. A blank or print of which nobody knows blocks; drafts and unsent entries are told.
    fn day_points(&self) -> Result<Vec<DayPoint>, DeskFault> {
        let mut points = Vec::new();
        for booked in self.blank_book()?.booked() {
            points.push(DayPoint {
                code: "blank_open".to_owned(),
                words: Words::new(
                    format!("空白证照 {} 在打印机下，还没有看过。请到出件核对。", booked.serial),
                    format!("Blank {} was taken and nobody has looked at it. Settle it under Hand out.", booked.serial),
                ),
                blocks: true,
                case_id: Some(booked.case.clone()),
            });
        }
        for case in self.newest_cases() {
            for print in case.prints.iter().filter(|print| !print.state.is_final()) {
                let (code, zh, en) = match print.state {
                    PrintState::Uncertain { .. } => (
                        "print_unknown",
                        "有一张是否印出不知道，请看出纸盘。",
                        "Nobody knows whether a sheet came out; look into the tray.",
                    ),
                    PrintState::Prepared { .. } | PrintState::Submitting { .. } | PrintState::Taken { .. } => (
                        "print_open",
                        "有一张还在打印，请等它出来或取消。",
                        "A sheet is being printed; wait for it or cancel it.",
                    ),
                    PrintState::Confirmed | PrintState::Spoiled { .. } => continue,
                };
                points.push(DayPoint {
                    code: code.to_owned(),
                    words: Words::new(format!("{}：{zh}", case.case_no), format!("{}: {en}", case.case_no)),
                    blocks: true,
                    case_id: Some(case.id.to_string()),
                });
            }
        }
        for paper in self.paper_views()?.iter().filter(|paper| paper.print == PrintStateView::Uncertain) {
            points.push(DayPoint {
                code: "paper_unknown".to_owned(),
                words: Words::new(
                    format!("{}（{}）是否印出不知道，请看出纸盘。", paper.title.zh, paper.subject.zh),
                    format!(
                        "{} ({}): nobody knows whether it came out; look into the tray.",
                        paper.title.en, paper.subject.en
                    ),
                ),
                blocks: true,
                case_id: None,
            });
        }
        let lines = self.shared.store.cases(0, 2_000);
        let drafts = lines.iter().filter(|line| line.state == CaseState::Draft).count();
        let unsent = self.waiting().entries;
        let told = |code: &str, zh: String, en: String| DayPoint {
            code: code.to_owned(),
            words: Words::new(zh, en),
            blocks: false,
            case_id: None,
        };
        if drafts > 0 {
            points.push(told(
                "drafts",
                format!("{drafts} 个草稿留到明天。"),
                format!("{drafts} drafts stay for tomorrow."),
            ));
        }
        if unsent > 0 {
            points.push(told(
                "unsent",
                format!("{unsent} 条记录还没到中心，恢复后自动送出。"),
                format!("{unsent} entries are not yet at the centre; they are sent when it is back."),
            ));
        }
        Ok(points)
    }

    fn render_day(&self, view: &DayView, language: Language, clerk: &str, supervisor: &str) -> Result<RenderedDocument, DeskFault> {
        let pick = |words: &Words| match language {
            Language::Zh => words.zh.clone(),
            Language::En => words.en.clone(),
        };
        let config = &self.shared.config;
        let branch: Words = config.branch().into();
        let head = self.shared.store.head();
        let digest: String = head.digest.to_string().chars().take(16).collect();
        let data = DocumentData {
            issuing_body: pick(&branch),
            counter: match language {
                Language::Zh => format!("{} 号窗口（{}）", config.label, config.counter),
                Language::En => format!("Counter {} ({})", config.label, config.counter),
            },
            dates: onewindow_print::Dates {
                issued: self.shared.clock.today(),
                ..onewindow_print::Dates::default()
            },
            day: Some(DaySheet {
                cases: view
                    .cases
                    .iter()
                    .map(|line| Count {
                        name: pick(&line.words),
                        count: line.count,
                    })
                    .collect(),
                documents: view
                    .documents
                    .iter()
                    .map(|line| DayFigures {
                        name: pick(&line.title),
                        made: line.made,
                        originals: line.originals,
                        duplicates: line.duplicates,
                        spoiled: line.spoiled,
                        unknown: line.unknown,
                    })
                    .collect(),
                blanks: view.blanks.iter().map(|line| blank_line(line, pick(&line.name))).collect(),
                open: view
                    .points
                    .iter()
                    .map(|point| Count {
                        name: pick(&point.words),
                        count: 1,
                    })
                    .collect(),
                clerk: or_blank(clerk),
                supervisor: or_blank(supervisor),
                journal: format!("{}/{} · {digest}", self.shared.store.epoch(), head.seq),
            }),
            ..DocumentData::default()
        };
        Ok(self
            .shared
            .templates
            .render(DocumentKind::DaySheet, &data, language, self.print_mode(), self.fonts()?)?)
    }

    /// What the journal says of today's cases.
    fn day_figures(&self) -> Result<figures::Counted, DeskFault> {
        let today = self.shared.clock.today();
        let mut counted = figures::Counting::default();
        let lines = self.shared.store.cases(0, 2_000);
        // Changed since the day began, whatever the clock said in between.
        let began_ms = self.shared.clock.now_ms() - 26 * 3_600_000;
        for line in lines.iter().filter(|line| line.changed_ms >= began_ms) {
            let entries = self.shared.store.history(line.id)?;
            let events: Vec<&CaseEvent> = entries
                .iter()
                .filter(|entry| entry.business_date == today)
                .filter_map(|entry| match &entry.event {
                    Event::Case(event) => Some(event),
                    Event::Counter(_) => None,
                })
                .collect();
            if !events.is_empty() {
                counted.add(&events, self.get_case(line.id)?.as_ref());
            }
        }
        Ok(counted.finish(&|kind| self.title(kind)))
    }
}

/// The clerk's count must be the book's.
fn check_counts(blanks: &[DayBlank], counted: &[CountedBlanks]) -> Result<(), DeskFault> {
    let counted: BTreeMap<&str, u32> = counted.iter().map(|line| (line.kind.as_str(), line.count)).collect();
    for blank in blanks {
        let found = counted.get(blank.kind.as_str()).copied().unwrap_or(0);
        if found != blank.closing {
            return Err(DeskFault::BlanksMiscounted {
                kind: blank.kind.clone(),
                counted: found,
                expected: blank.closing,
            });
        }
    }
    Ok(())
}

fn blank_line(line: &DayBlank, name: String) -> BlankLine {
    BlankLine {
        name,
        opening: line.opening,
        received: line.received,
        used: line.used,
        spoiled: line.spoiled,
        returned: line.returned,
        closing: line.closing,
        serials: line.serials.clone(),
    }
}

/// A name that is not known yet leaves room to write it.
fn or_blank(name: &str) -> String {
    if name.is_empty() { "　".to_owned() } else { name.to_owned() }
}

fn kept(closing: &Closing) -> Result<CounterEvent, DeskFault> {
    Ok(CounterEvent::SettingChanged {
        key: DAY_SETTING.to_owned(),
        value: serde_json::to_string(closing).map_err(|error| DeskFault::Defect(error.to_string()))?,
    })
}
