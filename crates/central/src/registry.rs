//! The registry of cases: what an entry does to its case, and what the centre says and does when a case has arrived in full.
//!
//! An entry that does not fit its case is kept all the same and rejected by a closed word; a case that the centre cannot
//! follow is held back from the departments and returned to the clerk. Neither ever stops an entry behind it.

use onewindow_case::event::{CaseEvent, HereDecision, MatterDue, PrintStep};
use onewindow_case::ids::{CaseId, Digest, MatterId};
use onewindow_case::state::{CaseState, MatterState};
use onewindow_catalogue::{Bundle, MatterDef, parse_date};
use onewindow_journal::{Entry, Event};
use onewindow_wire::feed::CentreWord;
use time::Date;

use crate::centre::Centre;
use crate::database::{CaseRow, Change, MatterRow, NewMatter};
use crate::dispatch::{Move, Standing, moves};
use crate::due::{due_after_acceptance, due_after_completion};
use crate::fault::CentreFault;

/// How an entry is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filed {
    /// It is part of its case.
    pub(crate) applied: bool,
    /// Closed word when a person must look.
    pub(crate) rejection: Option<&'static str>,
}

impl Filed {
    const FITS: Self = Self {
        applied: true,
        rejection: None,
    };
    /// No case is concerned.
    pub(crate) const ASIDE: Self = Self {
        applied: false,
        rejection: None,
    };

    pub(crate) const fn rejected(code: &'static str) -> Self {
        Self {
            applied: false,
            rejection: Some(code),
        }
    }

    /// Part of the case, which is held until a person has looked.
    const fn held(code: &'static str) -> Self {
        Self {
            applied: true,
            rejection: Some(code),
        }
    }
}

impl Centre {
    /// Files a chained entry under its case.
    pub(crate) async fn file(&self, change: &mut Change, entry: &Entry) -> Result<Filed, CentreFault> {
        let event = match &entry.event {
            Event::Counter(event) => {
                return match self.file_blanks(change, entry, event).await? {
                    Some(code) => Ok(Filed::rejected(code)),
                    None => self.file_counter_act(change, entry, event).await,
                };
            }
            Event::Case(event) => event,
        };
        let Some(id) = entry.case else { return Ok(Filed::rejected("case_missing")) };
        let row = change.find_case(id).await?;
        if let CaseEvent::Opened { .. } = event {
            return match row {
                Some(_) => Ok(Filed::rejected("case_exists")),
                None if entry.revision != 1 => Ok(Filed::rejected("revision_wrong")),
                None => self.open_case(change, entry, id, event).await,
            };
        }
        let Some(row) = row else { return Ok(Filed::rejected("case_unknown")) };
        if row.counter != entry.counter.as_str() {
            return Ok(Filed::rejected("case_elsewhere"));
        }
        if entry.revision != row.revision.saturating_add(1) {
            return Ok(Filed::rejected("revision_wrong"));
        }
        change.set_revision(id, entry.revision).await?;
        self.apply(change, &row, entry.revision, event).await
    }

    /// Says that a case has arrived, and sends its matters on, as far as its entries and pages are durable.
    pub(crate) async fn advance(&self, change: &mut Change, id: CaseId) -> Result<(), CentreFault> {
        let Some(row) = change.find_case(id).await? else { return Ok(()) };
        let durable = change
            .first_waiting_revision(id)
            .await?
            .map_or(row.revision, |waiting| waiting.saturating_sub(1));
        // What only repeats the centre's words is not answered, or counter and centre would confirm to each other for ever.
        if change.newest_own_revision(id, durable).await? > row.announced {
            self.say(change, &row, &CentreWord::Received { revision: durable }).await?;
            change.set_announced(id, durable).await?;
        }
        self.dispatch(change, &row, durable).await
    }

    /// Starts and stops matters as far as the decisions so far allow.
    pub(crate) async fn dispatch(&self, change: &mut Change, row: &CaseRow, durable: u32) -> Result<(), CentreFault> {
        let Some((accepted_on, accepted_revision)) = &row.accepted else {
            return Ok(());
        };
        if row.held.is_some() || *accepted_revision > durable {
            return Ok(());
        }
        let accepted_on = parse_date(accepted_on).ok_or(CentreFault::Defect("a day of acceptance is none"))?;
        let bundle = &*self.get_bundle(row)?;
        let matters = change.matters_of(row.case).await?;
        for next in moves(&standings(bundle, &matters)) {
            match next {
                Move::Start(matter) => self.start(change, row, bundle, &matters, &matter, accepted_on).await?,
                Move::Stop { matter, because_of } => self.stop(change, row, bundle, &matter, &because_of).await?,
            }
        }
        Ok(())
    }

    /// Adds a word to the feed of the counter that owns the case.
    pub(crate) async fn say(&self, change: &mut Change, row: &CaseRow, word: &CentreWord) -> Result<(), CentreFault> {
        let word = serde_json::to_string(word).map_err(|_| CentreFault::Defect("a word cannot be written"))?;
        Ok(change.add_word(&row.counter, &row.case.to_string(), self.clock.now_ms(), &word).await?)
    }

    async fn open_case(&self, change: &mut Change, entry: &Entry, id: CaseId, event: &CaseEvent) -> Result<Filed, CentreFault> {
        let CaseEvent::Opened {
            case_no,
            bundle,
            catalogue_version,
            ..
        } = event
        else {
            return Err(CentreFault::Defect("only an opening opens a case"));
        };
        let catalogue = self.find_catalogue(catalogue_version);
        let held = if catalogue.is_none() {
            Some("catalogue_unknown")
        } else if catalogue.is_some_and(|catalogue| catalogue.find_bundle(bundle).is_none()) {
            Some("bundle_unknown")
        } else if change.is_case_no_taken(case_no).await? {
            Some("case_no_taken")
        } else {
            None
        };
        let row = CaseRow {
            case: id,
            counter: entry.counter.as_str().to_owned(),
            case_no: case_no.clone(),
            bundle: bundle.as_str().to_owned(),
            catalogue_version: catalogue_version.clone(),
            revision: 1,
            announced: 0,
            accepted: None,
            held: held.map(str::to_owned),
        };
        change.open_case(&row, CaseState::Draft.code()).await?;
        match held {
            Some(code) => {
                self.say_returned(change, &row, code).await?;
                Ok(Filed::held(code))
            }
            None => Ok(Filed::FITS),
        }
    }

    async fn apply(&self, change: &mut Change, row: &CaseRow, revision: u32, event: &CaseEvent) -> Result<Filed, CentreFault> {
        if let Some(intake) = intake_after(event) {
            change.set_intake(row.case, intake.code()).await?;
        }
        match event {
            CaseEvent::Accepted { on, matters, .. } => self.accept(change, row, revision, *on, matters, MatterState::Accepted).await,
            CaseEvent::AcceptedConditionally { on, matters, .. } => self.accept(change, row, revision, *on, matters, MatterState::AcceptedConditional).await,
            CaseEvent::DeemedAccepted { on, matters, .. } => self.accept(change, row, revision, *on, matters, MatterState::Accepted).await,
            CaseEvent::Withdrawn { .. } => self.end_open(change, row, MatterState::Withdrawn, None).await,
            CaseEvent::AcceptanceRevoked { reason, .. } => self.end_open(change, row, MatterState::Terminated, Some(reason)).await,
            CaseEvent::DecidedHere { matter, decision } => self.decided_here(change, row, matter, decision).await,
            CaseEvent::DecidedAtWindow {
                matter,
                licence_no,
                content,
                signed_code,
            } => self.apply_window_decision(change, row, matter, licence_no, content, signed_code).await,
            CaseEvent::BlankBooked { serial, .. } => {
                let case = row.case.to_string();
                if change.book_sheet(serial.as_str(), &row.counter, &case).await? == case {
                    return Ok(Filed::FITS);
                }
                self.say_returned(change, row, "blank_used_twice").await?;
                Ok(Filed::held("blank_used_twice"))
            }
            // The code of a copy names its sheet; a spoiled one must not be taken for a licence.
            CaseEvent::PrintStepped {
                print,
                step: PrintStep::Spoiled { reason },
                ..
            } => {
                let case = self.fold_case(change, row.case).await?;
                if case.prints.iter().any(|known| known.id == *print && known.copy_no > 0) {
                    change.void_sheet(&print.to_string(), reason, self.clock.now_ms()).await?;
                }
                Ok(Filed::FITS)
            }
            CaseEvent::HandedOver { matter, .. } => {
                let matters = change.matters_of(row.case).await?;
                if matters.iter().any(|one| one.matter == matter.as_str() && one.state == MatterState::Granted) {
                    change.set_matter_state(row.case, matter.as_str(), MatterState::Delivered, None).await?;
                }
                Ok(Filed::FITS)
            }
            _changes_no_matter => Ok(Filed::FITS),
        }
    }

    /// A decision that does not hold is kept, held and returned: the sheet is out, so a person must look.
    async fn apply_window_decision(
        &self,
        change: &mut Change,
        row: &CaseRow,
        matter: &MatterId,
        licence_no: &str,
        content: &[(String, String)],
        code: &str,
    ) -> Result<Filed, CentreFault> {
        let before = change.matters_of(row.case).await?;
        if !before.iter().any(|one| one.matter == matter.as_str() && one.state.is_before_decision()) {
            return Ok(Filed::rejected("matter_not_open"));
        }
        match self.file_window_decision(change, row, matter, licence_no, content, code).await? {
            None => {
                change.set_matter_state(row.case, matter.as_str(), MatterState::Granted, None).await?;
                Ok(Filed::FITS)
            }
            Some(word) => {
                change.set_held(row.case, word).await?;
                self.say_returned(change, row, word).await?;
                Ok(Filed::held(word))
            }
        }
    }

    async fn end_open(&self, change: &mut Change, row: &CaseRow, to: MatterState, reason: Option<&str>) -> Result<Filed, CentreFault> {
        for matter in change.matters_of(row.case).await?.iter().filter(|matter| matter.state.is_before_decision()) {
            change.set_matter_state(row.case, &matter.matter, to, reason).await?;
        }
        Ok(Filed::FITS)
    }

    /// A decision at the window is taken over when the department gave a mandate for it; what is granted gets its number here.
    async fn decided_here(&self, change: &mut Change, row: &CaseRow, id: &MatterId, decision: &HereDecision) -> Result<Filed, CentreFault> {
        if row.held.is_some() {
            return Ok(Filed::FITS);
        }
        let mandate = self.get_bundle(row)?.find_matter(id).is_some_and(|matter| matter.mandate);
        let matters = change.matters_of(row.case).await?;
        let open = matters
            .into_iter()
            .find(|matter| matter.matter == id.as_str() && matter.state.is_before_decision());
        let Some(matter) = open.filter(|_| mandate) else {
            return Ok(Filed {
                applied: true,
                rejection: Some("mandate_missing"),
            });
        };
        match decision {
            HereDecision::Granted => {
                let mark = format!("window-{}-{}", row.case, id);
                self.grant(change, row, &matter, &[], &mark).await?;
            }
            HereDecision::Refused { reason } => {
                change.set_matter_state(row.case, &matter.matter, MatterState::Refused, Some(reason)).await?;
            }
        }
        Ok(Filed::FITS)
    }

    async fn accept(
        &self,
        change: &mut Change,
        row: &CaseRow,
        revision: u32,
        on: Date,
        matters: &[MatterDue],
        state: MatterState,
    ) -> Result<Filed, CentreFault> {
        if row.accepted.is_none() {
            change.set_accepted(row.case, &on.to_string(), revision).await?;
        }
        if row.held.is_some() {
            return Ok(Filed::FITS);
        }
        let bundle = &*self.get_bundle(row)?;
        for due in matters {
            let known = bundle.matters.iter().position(|matter| matter.id == due.matter);
            let Some(position) = known else {
                change.set_held(row.case, "matter_unknown").await?;
                self.say_returned(change, row, "matter_unknown").await?;
                return Ok(Filed::held("matter_unknown"));
            };
            let matter = NewMatter {
                matter: due.matter.as_str(),
                position: u32::try_from(position).unwrap_or(u32::MAX),
                // The catalogue says who is competent, not the counter.
                department: bundle.matters[position].department.as_str(),
                state,
                printed_due: due.due.map(|due| due.to_string()),
            };
            change.add_matter(row.case, &matter).await?;
        }
        Ok(Filed::FITS)
    }

    async fn start(
        &self,
        change: &mut Change,
        row: &CaseRow,
        bundle: &Bundle,
        matters: &[MatterRow],
        id: &MatterId,
        accepted_on: Date,
    ) -> Result<(), CentreFault> {
        let matter = get_matter(bundle, id)?;
        let waited = matters.iter().any(|other| matter.after.iter().any(|before| before.as_str() == other.matter));
        let due = if waited {
            due_after_completion(matter, self.clock.now_local())?
        } else {
            let own = matters.iter().find(|other| other.matter == id.as_str());
            let printed = own.and_then(|own| own.printed_due.as_deref()).and_then(parse_date);
            due_after_acceptance(matter, accepted_on, printed)?
        };
        let due = due.to_string();
        change.start_matter(row.case, id.as_str(), Some(&due), self.clock.now_ms()).await?;
        let word = CentreWord::WithDepartment {
            matter: id.to_string(),
            department: matter.department.to_string(),
            due: Some(due),
        };
        self.say(change, row, &word).await
    }

    async fn stop(&self, change: &mut Change, row: &CaseRow, bundle: &Bundle, id: &MatterId, because_of: &MatterId) -> Result<(), CentreFault> {
        let name = &get_matter(bundle, because_of)?.name;
        let reason = format!(
            "前置事项“{}”未获准予，本事项终止办理 / Ended because an earlier matter was not granted: {}",
            name.zh, name.en
        );
        change.set_matter_state(row.case, id.as_str(), MatterState::Terminated, Some(&reason)).await?;
        self.say(
            change,
            row,
            &CentreWord::Stopped {
                matter: id.to_string(),
                reason,
            },
        )
        .await
    }

    async fn say_returned(&self, change: &mut Change, row: &CaseRow, code: &str) -> Result<(), CentreFault> {
        let reason = match code {
            "catalogue_unknown" => "中心没有该办件使用的事项目录版本 / The centre does not have the catalogue version of this case",
            "bundle_unknown" => "中心的事项目录中没有该“一件事” / The centre's catalogue does not have this bundle",
            "no_mandate" | "number_not_allotted" | "block_revoked" | "signature_wrong" | "number_used_twice" => {
                "当场作出的决定没有通过中心核验，请收回证照并报告 / The decision made at the window does not hold: take the licence back and report it"
            }
            "blank_used_twice" => {
                "空白证照编号已用于另一办件，请停用这张证照并报告 / The serial number of the blank carries the licence of another case: withdraw this sheet and report it"
            }
            "case_no_taken" => "收件编号已被另一办件使用 / The case number is in use by another case",
            _ => "中心的事项目录中没有其中的事项 / The centre's catalogue does not have one of the matters",
        };
        let word = CentreWord::Returned {
            code: code.to_owned(),
            reason: reason.to_owned(),
            by: None,
        };
        self.say(change, row, &word).await
    }
}

/// Whether an event only repeats what the centre said.
pub(crate) fn is_echo(event: &Event) -> bool {
    matches!(event, Event::Case(CaseEvent::ReceivedByCentre { .. } | CaseEvent::MatterMoved { .. }))
}

/// Pages that an entry names: all of them belong to the case, also superseded ones.
pub(crate) fn pages_named(event: &Event) -> Vec<Digest> {
    let mut pages = match event {
        Event::Case(CaseEvent::PageKept {
            original, corrected, thumb, ..
        }) => vec![*original, *corrected, *thumb],
        Event::Case(CaseEvent::PageJudged { corrected, thumb, .. } | CaseEvent::PageTurned { corrected, thumb, .. }) => vec![*corrected, *thumb],
        Event::Case(CaseEvent::DocumentMade { bytes, .. }) => vec![*bytes],
        Event::Case(_) | Event::Counter(_) => Vec::new(),
    };
    pages.sort_unstable();
    pages.dedup();
    pages
}

fn intake_after(event: &CaseEvent) -> Option<CaseState> {
    match event {
        CaseEvent::Received { .. } => Some(CaseState::Received),
        CaseEvent::Accepted { .. } => Some(CaseState::Accepted),
        CaseEvent::AcceptedConditionally { .. } => Some(CaseState::AcceptedConditional),
        CaseEvent::SupplementTold { .. } => Some(CaseState::Supplement),
        CaseEvent::AcceptanceRefused { .. } => Some(CaseState::Rejected),
        CaseEvent::NotRequired { .. } => Some(CaseState::NotRequired),
        CaseEvent::Withdrawn { .. } => Some(CaseState::Withdrawn),
        CaseEvent::DeemedAccepted { .. } => Some(CaseState::Accepted),
        CaseEvent::DeemedWithdrawn { .. } => Some(CaseState::DeemedWithdrawn),
        CaseEvent::AcceptanceRevoked { .. } => Some(CaseState::Revoked),
        _leaves_the_intake => None,
    }
}

fn standings(bundle: &Bundle, matters: &[MatterRow]) -> Vec<Standing> {
    let standing = |row: &MatterRow| {
        let matter = MatterId::new(&row.matter);
        let after = bundle.find_matter(&matter).map(|matter| matter.after.clone()).unwrap_or_default();
        Standing {
            matter,
            after,
            state: row.state,
        }
    };
    matters.iter().map(standing).collect()
}

pub(crate) fn get_matter<'b>(bundle: &'b Bundle, id: &MatterId) -> Result<&'b MatterDef, CentreFault> {
    bundle.find_matter(id).ok_or(CentreFault::Defect("a registered matter is not in its bundle"))
}
