//! Twin of the case events.

use onewindow_case::CaseEvent;
use onewindow_case::ids::{BlankSerial, BundleId, DocumentId, FieldKey, MaterialKey, MatterId, PageId, PrintId, QuestionId, StaffNo};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::case_value::{
    Applicant, BlankFate, DeficiencyItem, FieldSource, Judgement, MaterialMark, MatterDue, MatterProgress, PageOrigin, PrintStep, Reading,
};
use super::value::{Day, Hex};
use super::visit::{HereDecision, VisitNote};

#[derive(Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "snake_case")]
pub(crate) enum CaseEventTwin {
    Opened {
        case_no: String,
        bundle: String,
        catalogue_version: String,
        ticket: Option<String>,
    },
    ApplicantSet {
        applicant: Applicant,
    },
    Answered {
        question: String,
        answer: Option<String>,
    },
    FieldSet {
        field: String,
        value: String,
        source: FieldSource,
    },
    FieldConfirmed {
        field: String,
    },
    PageKept {
        page: Uuid,
        original: Hex,
        corrected: Hex,
        thumb: Hex,
        material: Option<String>,
        sequence: u32,
        origin: PageOrigin,
        judgement: Judgement,
    },
    PageJudged {
        page: Uuid,
        corrected: Hex,
        thumb: Hex,
        judgement: Judgement,
    },
    PageRead {
        page: Uuid,
        readings: Vec<Reading>,
        paper_guess: Option<String>,
    },
    PageAssigned {
        page: Uuid,
        material: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guess_percent: Option<u8>,
    },
    PageTurned {
        page: Uuid,
        corrected: Hex,
        thumb: Hex,
        quarter_turns: u8,
    },
    PageRemoved {
        page: Uuid,
    },
    PageRestored {
        page: Uuid,
    },
    PageMoved {
        page: Uuid,
        before: Option<Uuid>,
    },
    MaterialMarked {
        material: String,
        mark: Option<MaterialMark>,
    },
    FindingOverridden {
        code: String,
        material: Option<String>,
        field: Option<String>,
        reason: String,
        approved_by: String,
    },
    Received {
        on: Day,
    },
    Accepted {
        on: Day,
        matters: Vec<MatterDue>,
        pickup_code: String,
    },
    AcceptedConditionally {
        on: Day,
        matters: Vec<MatterDue>,
        outstanding: Vec<String>,
        outstanding_due: Day,
        pickup_code: String,
    },
    SupplementTold {
        items: Vec<DeficiencyItem>,
        last_day: Day,
    },
    AcceptanceRefused {
        reason: String,
        basis: String,
        right_body: Option<String>,
    },
    NotRequired {
        basis: String,
    },
    Withdrawn {
        reason: String,
    },
    DeemedAccepted {
        on: Day,
        matters: Vec<MatterDue>,
        pickup_code: String,
        basis: String,
    },
    DeemedWithdrawn {
        on: Day,
    },
    AcceptanceRevoked {
        on: Day,
        reason: String,
        by: String,
    },
    DecidedHere {
        matter: String,
        decision: HereDecision,
    },
    VisitNoted {
        note: VisitNote,
    },
    SentBack {
        by: String,
        reason: String,
    },
    SentBackSettled {},
    DocumentMade {
        document: Uuid,
        kind: String,
        number: String,
        bytes: Hex,
        /// Absent in entries written before documents told it.
        #[serde(default = "one_page")]
        pages: u32,
        matter: Option<String>,
    },
    PrintStepped {
        print: Uuid,
        document: Uuid,
        step: PrintStep,
    },
    ReceivedByCentre {
        revision: u32,
        at_ms: i64,
    },
    MatterMoved {
        matter: String,
        to: MatterProgress,
    },
    DecidedAtWindow {
        matter: String,
        licence_no: String,
        content: Vec<(String, String)>,
        signed_code: String,
    },
    BlankBooked {
        serial: String,
        matter: String,
        document: Uuid,
    },
    BlankSettled {
        serial: String,
        fate: BlankFate,
        reason: Option<String>,
        witness: Option<String>,
    },
    HandedOver {
        matter: String,
        receiver: String,
    },
}

const fn one_page() -> u32 {
    1
}

// Both conversions are long because they name every event and every field once: the compiler then finds what is forgotten.
impl From<&CaseEvent> for CaseEventTwin {
    fn from(event: &CaseEvent) -> Self {
        match event.clone() {
            CaseEvent::Opened {
                case_no,
                bundle,
                catalogue_version,
                ticket,
            } => Self::Opened {
                case_no,
                bundle: bundle.to_string(),
                catalogue_version,
                ticket,
            },
            CaseEvent::ApplicantSet { applicant } => Self::ApplicantSet { applicant: applicant.into() },
            CaseEvent::Answered { question, answer } => Self::Answered {
                question: question.to_string(),
                answer,
            },
            CaseEvent::FieldSet { field, value, source } => Self::FieldSet {
                field: field.to_string(),
                value,
                source: source.into(),
            },
            CaseEvent::FieldConfirmed { field } => Self::FieldConfirmed { field: field.to_string() },
            CaseEvent::PageKept {
                page,
                original,
                corrected,
                thumb,
                material,
                sequence,
                origin,
                judgement,
            } => Self::PageKept {
                page: page.as_uuid(),
                original: original.into(),
                corrected: corrected.into(),
                thumb: thumb.into(),
                material: material.as_ref().map(ToString::to_string),
                sequence,
                origin: origin.into(),
                judgement: judgement.into(),
            },
            CaseEvent::PageJudged {
                page,
                corrected,
                thumb,
                judgement,
            } => Self::PageJudged {
                page: page.as_uuid(),
                corrected: corrected.into(),
                thumb: thumb.into(),
                judgement: judgement.into(),
            },
            CaseEvent::PageRead { page, readings, paper_guess } => Self::PageRead {
                page: page.as_uuid(),
                readings: readings.into_iter().map(Into::into).collect(),
                paper_guess,
            },
            CaseEvent::PageAssigned { page, material, guess_percent } => Self::PageAssigned {
                page: page.as_uuid(),
                material: material.as_ref().map(ToString::to_string),
                guess_percent,
            },
            CaseEvent::PageTurned {
                page,
                corrected,
                thumb,
                quarter_turns,
            } => Self::PageTurned {
                page: page.as_uuid(),
                corrected: corrected.into(),
                thumb: thumb.into(),
                quarter_turns,
            },
            CaseEvent::PageRemoved { page } => Self::PageRemoved { page: page.as_uuid() },
            CaseEvent::PageRestored { page } => Self::PageRestored { page: page.as_uuid() },
            CaseEvent::PageMoved { page, before } => Self::PageMoved {
                page: page.as_uuid(),
                before: before.map(|before| before.as_uuid()),
            },
            CaseEvent::MaterialMarked { material, mark } => Self::MaterialMarked {
                material: material.to_string(),
                mark: mark.map(Into::into),
            },
            CaseEvent::FindingOverridden {
                code,
                material,
                field,
                reason,
                approved_by,
            } => Self::FindingOverridden {
                code,
                material: material.as_ref().map(ToString::to_string),
                field: field.as_ref().map(ToString::to_string),
                reason,
                approved_by: approved_by.to_string(),
            },
            CaseEvent::Received { on } => Self::Received { on: on.into() },
            CaseEvent::Accepted { on, matters, pickup_code } => Self::Accepted {
                on: on.into(),
                matters: matters.into_iter().map(Into::into).collect(),
                pickup_code,
            },
            CaseEvent::AcceptedConditionally {
                on,
                matters,
                outstanding,
                outstanding_due,
                pickup_code,
            } => Self::AcceptedConditionally {
                on: on.into(),
                matters: matters.into_iter().map(Into::into).collect(),
                outstanding: outstanding.iter().map(ToString::to_string).collect(),
                outstanding_due: outstanding_due.into(),
                pickup_code,
            },
            CaseEvent::SupplementTold { items, last_day } => Self::SupplementTold {
                items: items.into_iter().map(Into::into).collect(),
                last_day: last_day.into(),
            },
            CaseEvent::AcceptanceRefused { reason, basis, right_body } => Self::AcceptanceRefused { reason, basis, right_body },
            CaseEvent::NotRequired { basis } => Self::NotRequired { basis },
            CaseEvent::Withdrawn { reason } => Self::Withdrawn { reason },
            CaseEvent::DeemedAccepted {
                on,
                matters,
                pickup_code,
                basis,
            } => Self::DeemedAccepted {
                on: on.into(),
                matters: matters.into_iter().map(Into::into).collect(),
                pickup_code,
                basis,
            },
            CaseEvent::DeemedWithdrawn { on } => Self::DeemedWithdrawn { on: on.into() },
            CaseEvent::AcceptanceRevoked { on, reason, by } => Self::AcceptanceRevoked {
                on: on.into(),
                reason,
                by: by.to_string(),
            },
            CaseEvent::DecidedHere { matter, decision } => Self::DecidedHere {
                matter: matter.to_string(),
                decision: decision.into(),
            },
            CaseEvent::VisitNoted { note } => Self::VisitNoted { note: note.into() },
            CaseEvent::SentBack { by, reason } => Self::SentBack { by: by.to_string(), reason },
            CaseEvent::SentBackSettled => Self::SentBackSettled {},
            CaseEvent::DocumentMade {
                document,
                kind,
                number,
                bytes,
                pages,
                matter,
            } => Self::DocumentMade {
                pages,
                document: document.as_uuid(),
                kind,
                number,
                bytes: bytes.into(),
                matter: matter.as_ref().map(ToString::to_string),
            },
            CaseEvent::PrintStepped { print, document, step } => Self::PrintStepped {
                print: print.as_uuid(),
                document: document.as_uuid(),
                step: step.into(),
            },
            CaseEvent::ReceivedByCentre { revision, at_ms } => Self::ReceivedByCentre { revision, at_ms },
            CaseEvent::MatterMoved { matter, to } => Self::MatterMoved {
                matter: matter.to_string(),
                to: to.into(),
            },
            CaseEvent::DecidedAtWindow {
                matter,
                licence_no,
                content,
                signed_code,
            } => Self::DecidedAtWindow {
                matter: matter.to_string(),
                licence_no,
                content,
                signed_code,
            },
            CaseEvent::BlankBooked { serial, matter, document } => Self::BlankBooked {
                serial: serial.to_string(),
                matter: matter.to_string(),
                document: document.as_uuid(),
            },
            CaseEvent::BlankSettled { serial, fate, reason, witness } => Self::BlankSettled {
                serial: serial.to_string(),
                fate: fate.into(),
                reason,
                witness: witness.as_ref().map(ToString::to_string),
            },
            CaseEvent::HandedOver { matter, receiver } => Self::HandedOver {
                matter: matter.to_string(),
                receiver,
            },
        }
    }
}

impl From<CaseEventTwin> for CaseEvent {
    fn from(twin: CaseEventTwin) -> Self {
        match twin {
            CaseEventTwin::Opened {
                case_no,
                bundle,
                catalogue_version,
                ticket,
            } => Self::Opened {
                case_no,
                bundle: BundleId::new(bundle),
                catalogue_version,
                ticket,
            },
            CaseEventTwin::ApplicantSet { applicant } => Self::ApplicantSet { applicant: applicant.into() },
            CaseEventTwin::Answered { question, answer } => Self::Answered {
                question: QuestionId::new(question),
                answer,
            },
            CaseEventTwin::FieldSet { field, value, source } => Self::FieldSet {
                field: FieldKey::new(field),
                value,
                source: source.into(),
            },
            CaseEventTwin::FieldConfirmed { field } => Self::FieldConfirmed { field: FieldKey::new(field) },
            CaseEventTwin::PageKept {
                page,
                original,
                corrected,
                thumb,
                material,
                sequence,
                origin,
                judgement,
            } => Self::PageKept {
                page: PageId::new(page),
                original: original.into(),
                corrected: corrected.into(),
                thumb: thumb.into(),
                material: material.map(MaterialKey::new),
                sequence,
                origin: origin.into(),
                judgement: judgement.into(),
            },
            CaseEventTwin::PageJudged {
                page,
                corrected,
                thumb,
                judgement,
            } => Self::PageJudged {
                page: PageId::new(page),
                corrected: corrected.into(),
                thumb: thumb.into(),
                judgement: judgement.into(),
            },
            CaseEventTwin::PageRead { page, readings, paper_guess } => Self::PageRead {
                page: PageId::new(page),
                readings: readings.into_iter().map(Into::into).collect(),
                paper_guess,
            },
            CaseEventTwin::PageAssigned { page, material, guess_percent } => Self::PageAssigned {
                page: PageId::new(page),
                material: material.map(MaterialKey::new),
                guess_percent,
            },
            CaseEventTwin::PageTurned {
                page,
                corrected,
                thumb,
                quarter_turns,
            } => Self::PageTurned {
                page: PageId::new(page),
                corrected: corrected.into(),
                thumb: thumb.into(),
                quarter_turns,
            },
            CaseEventTwin::PageRemoved { page } => Self::PageRemoved { page: PageId::new(page) },
            CaseEventTwin::PageRestored { page } => Self::PageRestored { page: PageId::new(page) },
            CaseEventTwin::PageMoved { page, before } => Self::PageMoved {
                page: PageId::new(page),
                before: before.map(PageId::new),
            },
            CaseEventTwin::MaterialMarked { material, mark } => Self::MaterialMarked {
                material: MaterialKey::new(material),
                mark: mark.map(Into::into),
            },
            CaseEventTwin::FindingOverridden {
                code,
                material,
                field,
                reason,
                approved_by,
            } => Self::FindingOverridden {
                code,
                material: material.map(MaterialKey::new),
                field: field.map(FieldKey::new),
                reason,
                approved_by: StaffNo::new(approved_by),
            },
            CaseEventTwin::Received { on } => Self::Received { on: on.into() },
            CaseEventTwin::Accepted { on, matters, pickup_code } => Self::Accepted {
                on: on.into(),
                matters: matters.into_iter().map(Into::into).collect(),
                pickup_code,
            },
            CaseEventTwin::AcceptedConditionally {
                on,
                matters,
                outstanding,
                outstanding_due,
                pickup_code,
            } => Self::AcceptedConditionally {
                on: on.into(),
                matters: matters.into_iter().map(Into::into).collect(),
                outstanding: outstanding.into_iter().map(MaterialKey::new).collect(),
                outstanding_due: outstanding_due.into(),
                pickup_code,
            },
            CaseEventTwin::SupplementTold { items, last_day } => Self::SupplementTold {
                items: items.into_iter().map(Into::into).collect(),
                last_day: last_day.into(),
            },
            CaseEventTwin::AcceptanceRefused { reason, basis, right_body } => Self::AcceptanceRefused { reason, basis, right_body },
            CaseEventTwin::NotRequired { basis } => Self::NotRequired { basis },
            CaseEventTwin::Withdrawn { reason } => Self::Withdrawn { reason },
            CaseEventTwin::DeemedAccepted {
                on,
                matters,
                pickup_code,
                basis,
            } => Self::DeemedAccepted {
                on: on.into(),
                matters: matters.into_iter().map(Into::into).collect(),
                pickup_code,
                basis,
            },
            CaseEventTwin::DeemedWithdrawn { on } => Self::DeemedWithdrawn { on: on.into() },
            CaseEventTwin::AcceptanceRevoked { on, reason, by } => Self::AcceptanceRevoked {
                on: on.into(),
                reason,
                by: StaffNo::new(by),
            },
            CaseEventTwin::DecidedHere { matter, decision } => Self::DecidedHere {
                matter: MatterId::new(matter),
                decision: decision.into(),
            },
            CaseEventTwin::VisitNoted { note } => Self::VisitNoted { note: note.into() },
            CaseEventTwin::SentBack { by, reason } => Self::SentBack { by: StaffNo::new(by), reason },
            CaseEventTwin::SentBackSettled {} => Self::SentBackSettled,
            CaseEventTwin::DocumentMade {
                document,
                kind,
                number,
                bytes,
                pages,
                matter,
            } => Self::DocumentMade {
                pages,
                document: DocumentId::new(document),
                kind,
                number,
                bytes: bytes.into(),
                matter: matter.map(MatterId::new),
            },
            CaseEventTwin::PrintStepped { print, document, step } => Self::PrintStepped {
                print: PrintId::new(print),
                document: DocumentId::new(document),
                step: step.into(),
            },
            CaseEventTwin::ReceivedByCentre { revision, at_ms } => Self::ReceivedByCentre { revision, at_ms },
            CaseEventTwin::MatterMoved { matter, to } => Self::MatterMoved {
                matter: MatterId::new(matter),
                to: to.into(),
            },
            CaseEventTwin::DecidedAtWindow {
                matter,
                licence_no,
                content,
                signed_code,
            } => Self::DecidedAtWindow {
                matter: MatterId::new(matter),
                licence_no,
                content,
                signed_code,
            },
            CaseEventTwin::BlankBooked { serial, matter, document } => Self::BlankBooked {
                serial: BlankSerial::new(serial),
                matter: MatterId::new(matter),
                document: DocumentId::new(document),
            },
            CaseEventTwin::BlankSettled { serial, fate, reason, witness } => Self::BlankSettled {
                serial: BlankSerial::new(serial),
                fate: fate.into(),
                reason,
                witness: witness.map(StaffNo::new),
            },
            CaseEventTwin::HandedOver { matter, receiver } => Self::HandedOver {
                matter: MatterId::new(matter),
                receiver,
            },
        }
    }
}
