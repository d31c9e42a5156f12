//! Jobs against a printer made of faults, with a program that stops at every possible moment: never a second sheet.

use std::cell::RefCell;

use onewindow_print::{
    FoundJob, JobId, JobProgress, JobTicket, PortFault, PrinterPort, PrinterReason, PrinterState, PrinterStatus,
    job::{DriveFault, JobCommand, JobDriver, JobEvent, JobState, NextStep, decide, replay},
};
use proptest::prelude::*;

/// A printer, or a queue in front of one, whose every answer is decided by the next number of a script.
struct FaultyPrinter {
    script: RefCell<Vec<u8>>,
    jobs: RefCell<Vec<Job>>,
    is_queue: bool,
}

struct Job {
    name: String,
    sheets: u32,
    steps_left: u8,
    forgotten: bool,
}

impl FaultyPrinter {
    fn new(script: &[u8]) -> Self {
        Self {
            script: RefCell::new(script.iter().rev().copied().collect()),
            jobs: RefCell::new(Vec::new()),
            is_queue: false,
        }
    }

    fn queue(script: &[u8]) -> Self {
        Self {
            is_queue: true,
            ..Self::new(script)
        }
    }

    /// The scheduler of a queue dies and is started again: what it was busy with it has forgotten, or does once more,
    /// even when the sheet was out already. Measured with CUPS 2.4.2.
    fn restart(&self) {
        let forgets = self.next().is_multiple_of(3);
        for job in self.jobs.borrow_mut().iter_mut().filter(|job| job.steps_left > 0) {
            job.forgotten |= forgets;
            if forgets {
                job.steps_left = 0;
            } else if self.next().is_multiple_of(2) {
                job.sheets += 1;
            }
        }
    }

    fn next(&self) -> u8 {
        self.script.borrow_mut().pop().unwrap_or(0)
    }

    fn sheets(&self) -> u32 {
        self.jobs.borrow().iter().map(|job| job.sheets).sum()
    }

    /// Sheets that a queue printed again of its own accord.
    fn again(&self) -> u32 {
        self.jobs.borrow().iter().map(|job| job.sheets.saturating_sub(1)).sum()
    }

    /// What a clerk does who looks at the printer before saying that nothing came out.
    fn clear(&self) {
        self.jobs.borrow_mut().iter_mut().for_each(|job| job.steps_left = 0);
    }

    /// Fails before or after the work, as the script says.
    fn answer<T>(&self, work: impl FnOnce() -> Result<T, PortFault>) -> Result<T, PortFault> {
        match self.next() % 8 {
            5 => Err(PortFault::Unreachable),
            6 => Err(PortFault::Busy),
            7 => {
                let _ = work();
                Err(PortFault::AnswerLost { reason: "scripted".into() })
            }
            _ => work(),
        }
    }
}

impl PrinterPort for FaultyPrinter {
    fn get_status(&self) -> Result<PrinterStatus, PortFault> {
        let status = PrinterStatus {
            state: PrinterState::Idle,
            reasons: Vec::new(),
            accepts_jobs: true,
            model: "faulty".into(),
        };
        self.answer(|| Ok(status))
    }

    fn validate(&self, _: &JobTicket) -> Result<(), PortFault> {
        self.answer(|| Ok(()))
    }

    fn submit(&self, ticket: &JobTicket, _: &[u8]) -> Result<JobId, PortFault> {
        let steps_left = self.next() % 4 + 1;
        self.answer(|| {
            let mut jobs = self.jobs.borrow_mut();
            jobs.push(Job {
                name: ticket.name.clone(),
                sheets: 0,
                steps_left,
                forgotten: false,
            });
            Ok(JobId(jobs.len() as i32))
        })
    }

    fn poll(&self, job: JobId) -> Result<JobProgress, PortFault> {
        let chance = self.next();
        self.answer(|| {
            let mut jobs = self.jobs.borrow_mut();
            let Some(job) = jobs.get_mut(job.0 as usize - 1) else {
                return Ok(JobProgress::Unknown);
            };
            job.forgotten |= chance % 16 == 15;
            if job.forgotten {
                return Ok(JobProgress::Unknown);
            }
            let completed = if self.is_queue { JobProgress::PassedOn } else { JobProgress::Completed };
            match chance % 16 {
                14 if job.sheets == 0 => {
                    job.steps_left = 0;
                    return Ok(JobProgress::Aborted);
                }
                // It lies: nothing came out, and nothing will.
                13 if job.sheets == 0 => {
                    job.steps_left = 0;
                    return Ok(completed);
                }
                // It lies the other way: a sheet lies in the tray.
                12 if job.steps_left > 0 => {
                    job.steps_left = 0;
                    job.sheets += 1;
                    return Ok(JobProgress::Canceled);
                }
                _ => {}
            }
            if job.steps_left > 0 {
                job.steps_left -= 1;
                if job.steps_left == 0 {
                    job.sheets += 1;
                }
            }
            Ok(if job.steps_left == 0 {
                completed
            } else {
                JobProgress::Processing(vec![PrinterReason::PaperOut])
            })
        })
    }

    fn find_by_name(&self, name: &str) -> Result<Option<FoundJob>, PortFault> {
        self.answer(|| {
            let jobs = self.jobs.borrow();
            let found = jobs.iter().position(|job| job.name == name && !job.forgotten);
            Ok(found.map(|index| FoundJob {
                job: JobId(index as i32 + 1),
                progress: JobProgress::Pending,
            }))
        })
    }

    fn cancel(&self, _: JobId) -> Result<(), PortFault> {
        Ok(())
    }
}

#[derive(Debug)]
struct Crash;

/// One run of the program: plays the job until it is done or the program "crashes" at a journal entry, before or
/// after the entry became durable.
fn run_once(printer: &FaultyPrinter, journal: &mut Vec<JobEvent>, crash_at: u8) -> bool {
    let state = replay(journal.iter());
    let mut written = 0_u8;
    let mut driver = JobDriver::new(printer, ticket(), state, |event: &JobEvent| {
        written += 1;
        if written * 2 == crash_at {
            return Err(Crash); // Before it was durable.
        }
        journal.push(event.clone());
        if written * 2 + 1 == crash_at { Err(Crash) } else { Ok(()) }
    });
    for _ in 0..60 {
        let step = match driver.state().next_step() {
            NextStep::MaySend => driver.send(b"%PDF"),
            NextStep::LookUp => driver.look_up(),
            NextStep::Poll(_) => driver.poll(),
            // The clerk tells the truth about what lies in the tray.
            NextStep::AskToConfirm | NextStep::AskWhatCameOut if printer.sheets() > 0 => driver.tell(&JobCommand::ClerkConfirms),
            NextStep::AskToConfirm | NextStep::AskWhatCameOut => {
                printer.clear();
                driver.tell(&JobCommand::ClerkReportsNothing)
            }
            NextStep::Done => return true,
        };
        match step {
            Ok(_) | Err(DriveFault::Port(_)) => {}
            Err(DriveFault::Journal(Crash)) => return false,
            Err(DriveFault::Refused(refusal)) => panic!("the driver takes only steps that fit: {refusal}"),
        }
    }
    false
}

fn ticket() -> JobTicket {
    JobTicket {
        name: "YXS-000317-p1".into(),
        user: "03".into(),
        paper_mm: (210.0, 297.0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn no_fault_and_no_crash_prints_a_second_sheet(
        script in prop::collection::vec(any::<u8>(), 0..80),
        crashes in prop::collection::vec(0_u8..14, 0..8),
    ) {
        let printer = FaultyPrinter::new(&script);
        let mut journal = Vec::new();
        let mut done = false;
        for crash_at in crashes.into_iter().chain([0; 4]) {
            done = run_once(&printer, &mut journal, crash_at);
            prop_assert!(printer.sheets() <= 1, "{} sheets, journal {journal:?}", printer.sheets());
            let names: Vec<String> = printer.jobs.borrow().iter().map(|job| job.name.clone()).collect();
            let mut distinct = names.clone();
            distinct.sort();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), names.len(), "one name was sent twice");
            if done {
                break;
            }
        }
        prop_assert!(done, "every job must end, journal {journal:?}");
        prop_assert_eq!(replay(journal.iter()), JobState::Confirmed);
        prop_assert_eq!(printer.sheets(), 1);
    }

    #[test]
    fn every_journal_can_be_read_back(events in prop::collection::vec(any::<u8>(), 0..40)) {
        let commands = [
            JobCommand::Start,
            JobCommand::PrinterAccepted(JobId(1)),
            JobCommand::PrinterTookNothing,
            JobCommand::AnswerLost,
            JobCommand::Progress(JobProgress::Completed),
            JobCommand::Progress(JobProgress::Processing(vec![PrinterReason::Jam])),
            JobCommand::PrinterGone,
            JobCommand::TimedOut,
            JobCommand::ClerkConfirms,
            JobCommand::ClerkReportsSpoiled("smudged".into()),
            JobCommand::ClerkReportsNothing,
        ];
        let mut journal: Vec<JobEvent> = Vec::new();
        for number in events {
            let state = replay(journal.iter());
            journal.extend(decide(&state, &commands[number as usize % commands.len()]).unwrap_or_default());
        }
        let written = serde_json::to_string(&journal).unwrap();
        let read: Vec<JobEvent> = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(replay(read.iter()), replay(journal.iter()));
    }
}

/// One document: the jobs made for it, oldest first, each with its journal.
struct Document {
    jobs: Vec<Vec<JobEvent>>,
}

/// What the clerk's books say at some moment.
#[derive(Debug, Default, PartialEq, Eq)]
struct Books {
    confirmed: u32,
    spoiled: u32,
    /// Sent, and nobody has looked yet.
    unknown: u32,
}

impl Books {
    fn of(documents: &[Document]) -> Self {
        let mut books = Self::default();
        for journal in documents.iter().flat_map(|document| &document.jobs) {
            match replay(journal.iter()) {
                JobState::Confirmed => books.confirmed += 1,
                JobState::Spoiled { .. } => books.spoiled += 1,
                JobState::Prepared { .. } => {}
                JobState::Submitting { .. } | JobState::Accepted { .. } | JobState::Printed { .. } | JobState::Unknown { .. } => books.unknown += 1,
            }
        }
        books
    }
}

/// Plays the newest job of a document for a while, as far as faults and a crash allow. The clerk says what lies in the
/// tray, and calls about every third sheet spoiled.
fn play(printer: &FaultyPrinter, name: &str, journal: &mut Vec<JobEvent>, steps: u8, crash_at: u8) {
    let mut written = 0_u8;
    let state = replay(journal.iter());
    let ticket = JobTicket {
        name: name.to_owned(),
        ..ticket()
    };
    let sheets = || {
        let jobs = printer.jobs.borrow();
        jobs.iter()
            .filter(|job| job.name.starts_with(&format!("{name}-")))
            .map(|job| job.sheets)
            .sum::<u32>()
    };
    let clear = || {
        let mut jobs = printer.jobs.borrow_mut();
        jobs.iter_mut()
            .filter(|job| job.name.starts_with(&format!("{name}-")))
            .for_each(|job| job.steps_left = 0);
    };
    let mut driver = JobDriver::new(printer, ticket, state, |event: &JobEvent| {
        written += 1;
        if written * 2 == crash_at {
            return Err(Crash);
        }
        journal.push(event.clone());
        if written * 2 + 1 == crash_at { Err(Crash) } else { Ok(()) }
    });
    for _ in 0..steps {
        let verdict = |sheets: u32| {
            if sheets == 0 {
                JobCommand::ClerkReportsNothing
            } else if printer.next().is_multiple_of(3) {
                JobCommand::ClerkReportsSpoiled("smudged".into())
            } else {
                JobCommand::ClerkConfirms
            }
        };
        let step = match driver.state().next_step() {
            NextStep::MaySend => driver.send(b"%PDF"),
            NextStep::LookUp => driver.look_up(),
            NextStep::Poll(_) => driver.poll(),
            NextStep::AskToConfirm | NextStep::AskWhatCameOut => {
                // Whoever says that nothing came out has looked, and taken the job off the printer.
                clear();
                driver.tell(&verdict(sheets()))
            }
            NextStep::Done => return,
        };
        match step {
            Ok(_) | Err(DriveFault::Port(_)) => {}
            Err(DriveFault::Journal(Crash)) => return,
            Err(DriveFault::Refused(refusal)) => panic!("the driver takes only steps that fit: {refusal}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn every_sheet_at_the_printer_is_in_the_books(
        script in prop::collection::vec(any::<u8>(), 0..200),
        schedule in schedules(),
    ) {
        check_books(&FaultyPrinter::new(&script), schedule)?;
    }

    #[test]
    fn every_sheet_behind_a_queue_is_in_the_books_and_what_it_prints_again_is_looked_at(
        script in prop::collection::vec(any::<u8>(), 0..200),
        schedule in schedules(),
    ) {
        check_books(&FaultyPrinter::queue(&script), schedule)?;
    }
}

/// What happens to three documents: which one is played, for how many steps, at which entry the program crashes, and whether
/// the scheduler of a queue is restarted afterwards.
fn schedules() -> impl Strategy<Value = Vec<(usize, u8, u8, bool)>> {
    prop::collection::vec((0_usize..3, 1_u8..6, 0_u8..14, any::<bool>()), 1..40)
}

/// Sheets at the printer = confirmed + spoiled + not looked at yet, at every moment and at the end.
fn check_books(printer: &FaultyPrinter, schedule: Vec<(usize, u8, u8, bool)>) -> Result<(), TestCaseError> {
    let mut documents: Vec<Document> = (0..3).map(|_| Document { jobs: vec![Vec::new()] }).collect();
    let take = |documents: &mut Vec<Document>, at: usize, steps: u8, crash_at: u8| {
        let document = &mut documents[at];
        let number = document.jobs.len();
        let newest = document.jobs.last_mut().unwrap();
        // A spoiled sheet is followed by a new job; a good one ends the document.
        if matches!(replay(newest.iter()), JobState::Spoiled { .. }) && number < 4 {
            document.jobs.push(Vec::new());
        }
        let number = document.jobs.len();
        let name = format!("D{at}-{}", "p".repeat(number));
        play(printer, &name, document.jobs.last_mut().unwrap(), steps, crash_at);
    };
    for (at, steps, crash_at, restarts) in schedule {
        take(&mut documents, at, steps, crash_at);
        if restarts && printer.is_queue {
            printer.restart();
        }
        // A queue's second sheet is the same sheet: it is in the books with the first, and somebody has looked, or will.
        let (books, sheets) = (Books::of(&documents), printer.sheets() - printer.again());
        prop_assert!(
            (books.confirmed + books.spoiled..=books.confirmed + books.spoiled + books.unknown).contains(&sheets),
            "{sheets} sheets, {books:?}"
        );
    }
    // Somebody looks at everything that is still open.
    for at in 0..documents.len() {
        for _ in 0..6 {
            take(&mut documents, at, 60, 0);
        }
    }
    let books = Books::of(&documents);
    prop_assert_eq!(books.unknown, 0);
    prop_assert_eq!(
        printer.sheets() - printer.again(),
        books.confirmed + books.spoiled,
        "nothing came out that is in no book"
    );
    for (at, document) in documents.iter().enumerate() {
        for (number, journal) in document.jobs.iter().enumerate() {
            let name = format!("D{at}-{}-", "p".repeat(number + 1));
            let again = printer.jobs.borrow().iter().any(|job| job.name.starts_with(&name) && job.sheets > 1);
            let asked = journal.iter().any(|event| matches!(event, JobEvent::BecameUnknown { .. }));
            prop_assert!(!again || asked, "a queue printed again and nobody was asked to look: {journal:?}");
            prop_assert!(
                !printer.is_queue || !journal.contains(&JobEvent::Printed),
                "a queue is not believed: {journal:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_job_that_is_found_submitting_is_never_sent() {
    let state = JobState::Submitting { attempt: 0 };
    assert_eq!(state.next_step(), NextStep::LookUp);
    assert!(decide(&state, &JobCommand::Start).is_err());
}
