//! A whole case from one JSON file: opened, answered, filled, its papers imported, and accepted when the check allows it.
//! Absent on purpose: any other outcome than acceptance; a deficiency is for a person to decide on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use onewindow_case::ids::CaseId;
use onewindow_desk::{Desk, DeskFault};
use onewindow_ipc::case_view::{ApplicantView, CaseView, MarkView, OutcomeKind, OutcomeRequest};
use serde::Deserialize;

use crate::fault::CliFault;
use crate::{End, output};

/// How long reading one page may take before the case is decided without it.
const READING_A_PAGE: Duration = Duration::from_secs(60);
/// Between two looks at the pages.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// The case may change while it is decided on (a page that was just read): so often it is looked at anew.
const TRIES: u32 = 3;

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Submission {
    /// Bundle, such as `newborn`.
    bundle: String,
    #[serde(default)]
    ticket: Option<String>,
    #[serde(default)]
    applicant: Option<ApplicantView>,
    /// Question and answer.
    #[serde(default)]
    answers: BTreeMap<String, String>,
    /// Field of the form and value.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// Paper and the clerk's word about it.
    #[serde(default)]
    marks: BTreeMap<String, Mark>,
    /// Paper and its files, relative to the JSON file. The empty name leaves it to the reader which paper it is.
    #[serde(default)]
    files: BTreeMap<String, Vec<PathBuf>>,
    /// Whoever wrote the file has compared every value of the form with the papers.
    #[serde(default)]
    confirm_fields: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    mark: MarkView,
    #[serde(default)]
    reason: Option<String>,
}

/// Takes the case in and writes it as the window would show it.
pub(super) fn submit(desk: &Desk, path: &Path) -> Result<End, CliFault> {
    let text = std::fs::read(path).map_err(CliFault::file(path))?;
    let submission: Submission = serde_json::from_slice(&text).map_err(|source| CliFault::NotUnderstood {
        path: path.to_path_buf(),
        source,
    })?;
    // Pages are read in the background, as in the window.
    desk.start_work();
    let opened = desk.open_case(&submission.bundle, submission.ticket.clone())?;
    let id = CaseId::parse(&opened.case_id).ok_or_else(|| DeskFault::Defect("a case without identity".to_owned()))?;
    fill(desk, id, &submission)?;
    import(desk, id, &submission, path.parent().unwrap_or(Path::new("")))?;
    wait_for_reading(desk, id)?;
    // Typed values stand over those read, as when a clerk corrects the form.
    for (field, value) in &submission.fields {
        desk.set_field(id, field, value)?;
    }
    if submission.confirm_fields {
        confirm(desk, id)?;
    }
    let (view, accepted) = accept(desk, id)?;
    output::json_line(&view)?;
    Ok(End::of(accepted))
}

fn fill(desk: &Desk, id: CaseId, submission: &Submission) -> Result<(), DeskFault> {
    if let Some(applicant) = &submission.applicant {
        desk.set_applicant(id, applicant)?;
    }
    for (question, answer) in &submission.answers {
        desk.answer_question(id, question, Some(answer))?;
    }
    for (material, mark) in &submission.marks {
        desk.mark_material(id, material, Some(mark.mark), mark.reason.as_deref())?;
    }
    Ok(())
}

fn import(desk: &Desk, id: CaseId, submission: &Submission, folder: &Path) -> Result<(), DeskFault> {
    for (material, files) in &submission.files {
        let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file)).collect();
        desk.import_files(id, Some(material.clone()).filter(|material| !material.is_empty()), &paths)?;
    }
    Ok(())
}

/// Waits until every page is read, within a bound that grows with their number.
fn wait_for_reading(desk: &Desk, id: CaseId) -> Result<(), DeskFault> {
    let started = Instant::now();
    loop {
        let pages = desk.show_case(id)?.pages;
        let patience = READING_A_PAGE.saturating_mul(u32::try_from(pages.len()).unwrap_or(u32::MAX));
        if pages.iter().all(|page| !page.reading) || started.elapsed() > patience {
            return Ok(());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn confirm(desk: &Desk, id: CaseId) -> Result<(), DeskFault> {
    for field in desk.show_case(id)?.fields {
        if !field.value.is_empty() && !field.confirmed {
            desk.confirm_field(id, &field.field)?;
        }
    }
    Ok(())
}

/// The case and whether it was accepted.
fn accept(desk: &Desk, id: CaseId) -> Result<(CaseView, bool), DeskFault> {
    let mut tries = TRIES;
    loop {
        let view = desk.show_case(id)?;
        if !view.outcomes.iter().any(|outcome| outcome.kind == OutcomeKind::Accept && outcome.possible) {
            return Ok((view, false));
        }
        let request = OutcomeRequest {
            kind: OutcomeKind::Accept,
            reason: None,
            text: None,
            supervisor_no: None,
            supervisor_pin: None,
            undertaking_signed: None,
            credit_clean: None,
            seen_revision: view.revision,
        };
        tries -= 1;
        match desk.decide_outcome(id, &request) {
            Ok(view) => return Ok((view, true)),
            Err(DeskFault::Stale) if tries > 0 => {}
            Err(fault) => return Err(fault),
        }
    }
}
