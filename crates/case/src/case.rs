//! A case folded from its events: [`Case::apply`] is total, [`Case::replay`] rebuilds.
//! Absent on purpose: deciding whether an event may happen (that is `decide`) and any knowledge of how events are kept.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::event::{
    Applicant, BlankFate, CaseEvent, DeficiencyItem, FieldSource, Judgement, MaterialMark, MatterProgress, Need, PageOrigin, PrintStep, Rating, Reading,
    Representative,
};
use crate::ids::{BlankSerial, BundleId, CaseId, DepartmentId, Digest, DocumentId, FieldKey, MaterialKey, MatterId, PageId, PrintId, QuestionId, StaffNo};
use crate::print_job::PrintState;
use crate::state::{CaseState, MatterState};

mod outcome;
#[cfg(test)]
mod tests;

/// One application at a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Made by the counter when the case is opened.
    pub id: CaseId,
    /// 24 digits that cannot collide with another counter's.
    pub case_no: String,
    /// How many events were folded.
    pub revision: u32,
    /// Revision after the last event that was not the centre's own word: what the centre has to hold.
    pub own_revision: u32,
    /// What is applied for.
    pub bundle: BundleId,
    /// The catalogue version at receipt counts for the whole life of the case.
    pub catalogue_version: String,
    /// Queue ticket, when the applicant took one.
    pub ticket: Option<String>,
    /// Who applies.
    pub applicant: Option<Applicant>,
    /// Answers of the guidance.
    pub answers: BTreeMap<QuestionId, String>,
    /// Values of the form.
    pub fields: BTreeMap<FieldKey, FieldValue>,
    /// Pages in order of acquisition, also removed ones.
    pub pages: Vec<Page>,
    /// The clerk's word about papers.
    pub marks: BTreeMap<MaterialKey, MaterialMark>,
    /// Findings that a second person let pass.
    pub overrides: Vec<Override>,
    /// State of intake, before any matter has one of its own.
    pub intake: CaseState,
    /// Day of receipt (business date).
    pub received_on: Option<Date>,
    /// Day of acceptance (business date).
    pub accepted_on: Option<Date>,
    /// Last day to bring what is missing, of a supplement notice or of a conditional acceptance.
    pub supplement_until: Option<Date>,
    /// Lines of the one-time notice.
    pub deficiencies: Vec<DeficiencyItem>,
    /// Something was brought since the notice, or since acceptance with papers outstanding.
    pub brought_since_notice: bool,
    /// Accepted because nothing was told in time; the law behind it.
    pub deemed_by: Option<String>,
    /// Why acceptance was taken back.
    pub revoked_for: Option<String>,
    /// Papers that may follow.
    pub outstanding: Vec<MaterialKey>,
    /// Six digits that the applicant shows to collect results.
    pub pickup_code: Option<String>,
    /// Who acts for the applicant.
    pub representative: Option<Representative>,
    /// What the applicant needs at the counter.
    pub needs: Vec<Need>,
    /// Consents given by themselves, by id.
    pub consents: BTreeSet<String>,
    /// How satisfied the applicant was.
    pub rating: Option<Rating>,
    /// Matters in dependency order, once accepted.
    pub matters: Vec<Matter>,
    /// Documents made for this case.
    pub documents: Vec<Document>,
    /// Every attempt to print one of them.
    pub prints: Vec<Print>,
    /// Blanks put under the printer for this case.
    pub blanks: Vec<Blank>,
    /// Given back by the supervisor and not yet settled.
    pub sent_back: Option<SentBack>,
    /// Highest revision that the centre says it holds in full, and when it said so.
    pub received_by_centre: Option<(u32, i64)>,
}

/// One value of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// As typed or read, normalised.
    pub value: String,
    /// Where it comes from.
    pub source: FieldSource,
    /// The clerk compared it with the paper.
    pub confirmed: bool,
}

/// One page of paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Made at acquisition.
    pub id: PageId,
    /// Bytes as acquired.
    pub original: Digest,
    /// Upright and cropped, for use.
    pub corrected: Digest,
    /// Small picture for lists.
    pub thumb: Digest,
    /// The paper it belongs to, when known.
    pub material: Option<MaterialKey>,
    /// Order of acquisition within the case.
    pub sequence: u32,
    /// How it came in.
    pub origin: PageOrigin,
    /// Verdict at arrival.
    pub judgement: Judgement,
    /// What was read; empty until read.
    pub readings: Vec<Reading>,
    /// The kind of paper it looks like.
    pub paper_guess: Option<String>,
    /// Whether the reader has looked at it.
    pub read: bool,
    /// How sure the reader was that filed it, percent; nothing when a person filed it or nobody has.
    pub guess_percent: Option<u8>,
    /// Does not count any more.
    pub removed: bool,
}

/// A check let pass with a reason by a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Code of the finding.
    pub code: String,
    /// The paper concerned.
    pub material: Option<MaterialKey>,
    /// The field concerned.
    pub field: Option<FieldKey>,
    /// Why.
    pub reason: String,
    /// Who signed.
    pub approved_by: StaffNo,
}

/// One matter of an accepted case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Key in the bundle.
    pub id: MatterId,
    /// Who decides.
    pub department: DepartmentId,
    /// Where it is, by the centre's own word.
    pub state: MatterState,
    /// Last day of the promised time; `None` while another matter must finish first.
    pub due: Option<Date>,
    /// Licence number, when granted.
    pub licence_no: Option<String>,
    /// What the licence says, in order.
    pub licence_content: Vec<(String, String)>,
    /// The office's signed code for the licence.
    pub signed_code: Option<String>,
    /// Reason of a refusal, suspension, extension or stop.
    pub reason: Option<String>,
    /// It was decided at the window by mandate.
    pub at_window: bool,
    /// The time was extended; that may happen once.
    pub extended: bool,
    /// Decided at the window by mandate; the centre has still to number it.
    pub decided_here: bool,
}

/// A frozen document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Made by the counter.
    pub id: DocumentId,
    /// Kind such as `acceptance_notice`.
    pub kind: String,
    /// Number on its face.
    pub number: String,
    /// The stored bytes.
    pub bytes: Digest,
    /// Sheets of paper, one side each.
    pub pages: u32,
    /// The matter, when it is a licence.
    pub matter: Option<MatterId>,
}

/// One attempt to print a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// Made by the counter.
    pub id: PrintId,
    /// What is printed.
    pub document: DocumentId,
    /// 0 for the original, n for duplicate n.
    pub copy_no: u32,
    /// Why a duplicate was made.
    pub reason: Option<String>,
    /// The printer that it was last sent to.
    pub printer: Option<String>,
    /// How far it is.
    pub state: PrintState,
}

/// A counted blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// Printed on the sheet.
    pub serial: BlankSerial,
    /// For which matter.
    pub matter: MatterId,
    /// `None` until the sheet was looked at.
    pub fate: Option<BlankFate>,
}

/// Given back by the supervisor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentBack {
    /// Who.
    pub by: StaffNo,
    /// Why.
    pub reason: String,
}

impl Case {
    /// Folds the first event; only [`CaseEvent::Opened`] begins a case, anything else is `None`.
    pub fn open(id: CaseId, event: &CaseEvent) -> Option<Self> {
        let CaseEvent::Opened {
            case_no,
            bundle,
            catalogue_version,
            ticket,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            case_no: case_no.clone(),
            revision: 1,
            own_revision: 1,
            bundle: bundle.clone(),
            catalogue_version: catalogue_version.clone(),
            ticket: ticket.clone(),
            applicant: None,
            answers: BTreeMap::new(),
            fields: BTreeMap::new(),
            pages: Vec::new(),
            marks: BTreeMap::new(),
            overrides: Vec::new(),
            intake: CaseState::Draft,
            received_on: None,
            accepted_on: None,
            supplement_until: None,
            deficiencies: Vec::new(),
            brought_since_notice: false,
            deemed_by: None,
            revoked_for: None,
            outstanding: Vec::new(),
            pickup_code: None,
            representative: None,
            needs: Vec::new(),
            consents: BTreeSet::new(),
            rating: None,
            matters: Vec::new(),
            documents: Vec::new(),
            prints: Vec::new(),
            blanks: Vec::new(),
            sent_back: None,
            received_by_centre: None,
        })
    }

    /// Rebuilds a case from all its events; `None` when they do not begin with [`CaseEvent::Opened`].
    pub fn replay<'e>(id: CaseId, events: impl IntoIterator<Item = &'e CaseEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let mut case = Self::open(id, events.next()?)?;
        for event in events {
            case.apply(event);
        }
        Some(case)
    }

    /// Folds one more event. Total: an event about something unknown changes nothing but the revision.
    pub fn apply(&mut self, event: &CaseEvent) {
        self.revision = self.revision.saturating_add(1);
        if !matches!(event, CaseEvent::ReceivedByCentre { .. } | CaseEvent::MatterMoved { .. }) {
            self.own_revision = self.revision;
        }
        match event {
            CaseEvent::Opened { .. } => {}
            CaseEvent::ApplicantSet { applicant } => self.applicant = Some(applicant.clone()),
            CaseEvent::Answered { question, answer } => match answer {
                Some(answer) => {
                    self.answers.insert(question.clone(), answer.clone());
                }
                None => {
                    self.answers.remove(question);
                }
            },
            CaseEvent::FieldSet { field, value, source } => {
                self.fields.insert(
                    field.clone(),
                    FieldValue {
                        value: value.clone(),
                        source: *source,
                        confirmed: *source == FieldSource::Typed,
                    },
                );
            }
            CaseEvent::FieldConfirmed { field } => {
                if let Some(value) = self.fields.get_mut(field) {
                    value.confirmed = true;
                }
            }
            CaseEvent::PageKept { .. }
            | CaseEvent::PageJudged { .. }
            | CaseEvent::PageRead { .. }
            | CaseEvent::PageAssigned { .. }
            | CaseEvent::PageTurned { .. }
            | CaseEvent::PageRemoved { .. }
            | CaseEvent::PageRestored { .. }
            | CaseEvent::PageMoved { .. } => self.apply_page(event),
            CaseEvent::MaterialMarked { material, mark } => match mark {
                Some(mark) => {
                    self.marks.insert(material.clone(), mark.clone());
                }
                None => {
                    self.marks.remove(material);
                }
            },
            CaseEvent::FindingOverridden {
                code,
                material,
                field,
                reason,
                approved_by,
            } => self.overrides.push(Override {
                code: code.clone(),
                material: material.clone(),
                field: field.clone(),
                reason: reason.clone(),
                approved_by: approved_by.clone(),
            }),
            CaseEvent::Received { .. }
            | CaseEvent::Accepted { .. }
            | CaseEvent::AcceptedConditionally { .. }
            | CaseEvent::SupplementTold { .. }
            | CaseEvent::AcceptanceRefused { .. }
            | CaseEvent::NotRequired { .. }
            | CaseEvent::Withdrawn { .. }
            | CaseEvent::DeemedAccepted { .. }
            | CaseEvent::DeemedWithdrawn { .. }
            | CaseEvent::AcceptanceRevoked { .. }
            | CaseEvent::DecidedHere { .. } => self.apply_outcome(event),
            CaseEvent::VisitNoted { note } => self.apply_visit(note),
            CaseEvent::SentBack { by, reason } => {
                self.sent_back = Some(SentBack {
                    by: by.clone(),
                    reason: reason.clone(),
                })
            }
            CaseEvent::SentBackSettled => self.sent_back = None,
            CaseEvent::DocumentMade {
                document,
                kind,
                number,
                bytes,
                pages,
                matter,
            } => {
                self.documents.push(Document {
                    pages: *pages,
                    id: *document,
                    kind: kind.clone(),
                    number: number.clone(),
                    bytes: *bytes,
                    matter: matter.clone(),
                });
            }
            CaseEvent::PrintStepped { print, document, step } => self.apply_print(*print, *document, step),
            CaseEvent::ReceivedByCentre { revision, at_ms } => self.received_by_centre = Some((*revision, *at_ms)),
            CaseEvent::MatterMoved { matter, to } => self.apply_progress(matter, to),
            CaseEvent::DecidedAtWindow {
                matter,
                licence_no,
                content,
                signed_code,
            } => {
                if let Some(matter) = self.find_matter_mut(matter) {
                    matter.state = MatterState::Granted;
                    matter.licence_no = Some(licence_no.clone());
                    matter.licence_content.clone_from(content);
                    matter.signed_code = Some(signed_code.clone());
                    matter.reason = None;
                    matter.at_window = true;
                }
            }
            CaseEvent::BlankBooked { serial, matter, .. } => {
                self.blanks.push(Blank {
                    serial: serial.clone(),
                    matter: matter.clone(),
                    fate: None,
                });
            }
            CaseEvent::BlankSettled { serial, fate, .. } => {
                if let Some(blank) = self.blanks.iter_mut().rev().find(|blank| &blank.serial == serial) {
                    blank.fate = Some(*fate);
                }
            }
            CaseEvent::HandedOver { matter, .. } => {
                if let Some(matter) = self.find_matter_mut(matter) {
                    matter.state = MatterState::Delivered;
                }
            }
        }
    }

    /// The state shown for the whole case: the worst open state of its matters, else that of the intake.
    pub fn state(&self) -> CaseState {
        CaseState::derive(self.intake, self.matters.iter().map(|matter| matter.state))
    }

    /// The state that counts for what may be done at the counter: a case accepted with papers outstanding stays open for them
    /// while departments already work on it, until the last of them has decided.
    pub fn state_at_counter(&self) -> CaseState {
        let undecided = self.matters.iter().any(|matter| matter.state.is_before_decision());
        if self.intake == CaseState::AcceptedConditional && !self.outstanding.is_empty() && undecided {
            CaseState::AcceptedConditional
        } else {
            self.state()
        }
    }

    /// Whether papers and form may be changed now.
    pub fn is_editable(&self) -> bool {
        self.state_at_counter().is_editable()
    }

    /// Pages that count, in order of acquisition.
    pub fn counted_pages(&self) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(|page| !page.removed)
    }

    /// The page with this identity, also a removed one.
    pub fn find_page(&self, id: PageId) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// The document with this identity.
    pub fn find_document(&self, id: DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// The matter with this key, once the case is accepted.
    pub fn find_matter(&self, id: &MatterId) -> Option<&Matter> {
        self.matters.iter().find(|matter| &matter.id == id)
    }

    /// The latest due date of those of its matters that have one. Matters that wait for others have none yet, so this is not what was
    /// promised for all of them.
    pub fn due(&self) -> Option<Date> {
        self.matters.iter().filter_map(|matter| matter.due).max()
    }

    fn find_matter_mut(&mut self, id: &MatterId) -> Option<&mut Matter> {
        self.matters.iter_mut().find(|matter| &matter.id == id)
    }

    fn apply_page(&mut self, event: &CaseEvent) {
        if let CaseEvent::PageKept {
            page,
            original,
            corrected,
            thumb,
            material,
            sequence,
            origin,
            judgement,
        } = event
        {
            self.pages.push(Page {
                id: *page,
                original: *original,
                corrected: *corrected,
                thumb: *thumb,
                material: material.clone(),
                sequence: *sequence,
                origin: origin.clone(),
                judgement: judgement.clone(),
                readings: Vec::new(),
                paper_guess: None,
                read: false,
                guess_percent: None,
                removed: false,
            });
            self.brought_since_notice = true;
            return;
        }
        if let CaseEvent::PageMoved { page, before } = event {
            self.move_page(*page, *before);
            return;
        }
        let (CaseEvent::PageJudged { page: id, .. }
        | CaseEvent::PageRead { page: id, .. }
        | CaseEvent::PageAssigned { page: id, .. }
        | CaseEvent::PageTurned { page: id, .. }
        | CaseEvent::PageRemoved { page: id }
        | CaseEvent::PageRestored { page: id }) = event
        else {
            return;
        };
        let Some(page) = self.pages.iter_mut().find(|page| page.id == *id) else {
            return;
        };
        if let CaseEvent::PageJudged {
            corrected, thumb, judgement, ..
        } = event
        {
            page.corrected = *corrected;
            page.thumb = *thumb;
            page.judgement = judgement.clone();
            // Another picture of it: what was read on the one before stands elsewhere or nowhere.
            page.readings.clear();
            page.read = false;
        }
        if let CaseEvent::PageRead { readings, paper_guess, .. } = event {
            page.readings.clone_from(readings);
            page.paper_guess.clone_from(paper_guess);
            page.read = true;
        }
        if let CaseEvent::PageAssigned { material, guess_percent, .. } = event {
            page.material.clone_from(material);
            page.guess_percent = *guess_percent;
        }
        if let CaseEvent::PageTurned {
            corrected,
            thumb,
            quarter_turns,
            ..
        } = event
        {
            page.corrected = *corrected;
            page.thumb = *thumb;
            let size_px = (page.judgement.width_px, page.judgement.height_px);
            page.judgement.turn(*quarter_turns);
            page.readings.iter_mut().for_each(|reading| reading.turn(size_px, *quarter_turns));
        }
        match event {
            CaseEvent::PageRemoved { .. } => page.removed = true,
            CaseEvent::PageRestored { .. } => page.removed = false,
            _not_about_counting => {}
        }
    }

    /// Unknown pages change nothing; an unknown place is the end.
    fn move_page(&mut self, id: PageId, before: Option<PageId>) {
        let Some(from) = self.pages.iter().position(|page| page.id == id) else {
            return;
        };
        let page = self.pages.remove(from);
        let to = before.and_then(|before| self.pages.iter().position(|page| page.id == before));
        self.pages.insert(to.unwrap_or(self.pages.len()), page);
    }

    fn apply_print(&mut self, id: PrintId, document: DocumentId, step: &PrintStep) {
        if let PrintStep::Prepared { copy_no, reason } = step {
            self.prints.push(Print {
                id,
                document,
                copy_no: *copy_no,
                reason: reason.clone(),
                printer: None,
                state: PrintState::Prepared { attempt: 0 },
            });
            return;
        }
        if let Some(print) = self.prints.iter_mut().find(|print| print.id == id) {
            if let PrintStep::Submitting { printer } = step {
                print.printer = Some(printer.clone());
            }
            print.state = print.state.after(step);
        }
    }

    fn apply_progress(&mut self, matter: &MatterId, to: &MatterProgress) {
        let Some(matter) = self.find_matter_mut(matter) else {
            return;
        };
        match to {
            MatterProgress::WithDepartment { department, due } => {
                matter.state = MatterState::InReview;
                matter.department = department.clone();
                matter.due = due.or(matter.due);
                matter.reason = None;
            }
            MatterProgress::Suspended { reason } => {
                matter.state = MatterState::Suspended;
                matter.reason = Some(reason.clone());
            }
            MatterProgress::Granted {
                licence_no,
                content,
                signed_code,
            } => {
                // A result decided at the window may be in the applicant's hands before the centre has numbered it.
                if matter.state != MatterState::Delivered {
                    matter.state = MatterState::Granted;
                }
                matter.decided_here = false;
                matter.licence_no = Some(licence_no.clone());
                matter.licence_content.clone_from(content);
                matter.signed_code.clone_from(signed_code);
                matter.reason = None;
            }
            MatterProgress::Extended { due, reason } => {
                matter.due = due.or(matter.due);
                matter.extended = true;
                matter.reason = Some(reason.clone());
            }
            MatterProgress::Refused { reason } => {
                matter.state = MatterState::Refused;
                matter.reason = Some(reason.clone());
            }
            MatterProgress::Stopped { reason } => {
                matter.state = MatterState::Terminated;
                matter.reason = Some(reason.clone());
            }
        }
    }
}
