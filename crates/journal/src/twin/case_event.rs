//! Twin of the case events.

use onewindow_case::CaseEvent;
use onewindow_case::event as case;
use onewindow_case::ids::{BlankSerial, BundleId, DepartmentId, DocumentId, FieldKey, MaterialKey, MatterId, PageId, PrintId, QuestionId, StaffNo};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::value::{Day, Hex};

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

#[derive(Serialize, Deserialize)]
pub(crate) struct Applicant {
    kind: ApplicantKind,
    name: String,
    id_number: String,
    phone: String,
    agent: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApplicantKind {
    Person,
    Organisation,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldSource {
    Typed,
    Page(Uuid),
    Shared,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PageOrigin {
    Scanner(String),
    File(String),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Judgement {
    verdict: String,
    width_px: u32,
    height_px: u32,
    dpi: u32,
    width_tenth_mm: u32,
    height_tenth_mm: u32,
    skew_centideg: i32,
    perceptual_hash: u64,
    findings: Vec<QualityRemark>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct QualityRemark {
    code: String,
    zh: String,
    en: String,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Reading {
    key: String,
    value: String,
    evidence: String,
    region: Option<[u32; 4]>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MaterialMark {
    SharedConfirmed,
    CommitmentSigned,
    Outstanding,
    OtherProof(String),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct MatterDue {
    matter: String,
    department: String,
    due: Option<Day>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct DeficiencyItem {
    subject_zh: String,
    subject_en: String,
    problem_zh: String,
    problem_en: String,
    remedy_zh: String,
    remedy_en: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PrintStep {
    Prepared { copy_no: u32, reason: Option<String> },
    Submitting { printer: String },
    Taken { job: i32 },
    Confirmed,
    Spoiled { reason: String },
    Uncertain,
    NotTaken,
    NothingCameOut,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MatterProgress {
    WithDepartment {
        department: String,
        due: Option<Day>,
    },
    Suspended {
        reason: String,
    },
    Granted {
        licence_no: String,
        content: Vec<(String, String)>,
        signed_code: Option<String>,
    },
    Refused {
        reason: String,
    },
    Stopped {
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BlankFate {
    Used,
    Spoiled,
}

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
            CaseEvent::PageAssigned { page, material } => Self::PageAssigned {
                page: page.as_uuid(),
                material: material.as_ref().map(ToString::to_string),
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
            CaseEvent::SentBack { by, reason } => Self::SentBack { by: by.to_string(), reason },
            CaseEvent::SentBackSettled => Self::SentBackSettled {},
            CaseEvent::DocumentMade {
                document,
                kind,
                number,
                bytes,
                matter,
            } => Self::DocumentMade {
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
            CaseEventTwin::PageAssigned { page, material } => Self::PageAssigned {
                page: PageId::new(page),
                material: material.map(MaterialKey::new),
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
            CaseEventTwin::SentBack { by, reason } => Self::SentBack { by: StaffNo::new(by), reason },
            CaseEventTwin::SentBackSettled {} => Self::SentBackSettled,
            CaseEventTwin::DocumentMade {
                document,
                kind,
                number,
                bytes,
                matter,
            } => Self::DocumentMade {
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

impl From<case::Applicant> for Applicant {
    fn from(from: case::Applicant) -> Self {
        let case::Applicant {
            kind,
            name,
            id_number,
            phone,
            agent,
        } = from;
        Self {
            kind: kind.into(),
            name,
            id_number,
            phone,
            agent,
        }
    }
}

impl From<Applicant> for case::Applicant {
    fn from(from: Applicant) -> Self {
        let Applicant {
            kind,
            name,
            id_number,
            phone,
            agent,
        } = from;
        Self {
            kind: kind.into(),
            name,
            id_number,
            phone,
            agent,
        }
    }
}

impl From<case::Judgement> for Judgement {
    fn from(from: case::Judgement) -> Self {
        let case::Judgement {
            verdict,
            width_px,
            height_px,
            dpi,
            width_tenth_mm,
            height_tenth_mm,
            skew_centideg,
            perceptual_hash,
            findings,
        } = from;
        Self {
            verdict,
            width_px,
            height_px,
            dpi,
            width_tenth_mm,
            height_tenth_mm,
            skew_centideg,
            perceptual_hash,
            findings: findings.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Judgement> for case::Judgement {
    fn from(from: Judgement) -> Self {
        let Judgement {
            verdict,
            width_px,
            height_px,
            dpi,
            width_tenth_mm,
            height_tenth_mm,
            skew_centideg,
            perceptual_hash,
            findings,
        } = from;
        Self {
            verdict,
            width_px,
            height_px,
            dpi,
            width_tenth_mm,
            height_tenth_mm,
            skew_centideg,
            perceptual_hash,
            findings: findings.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<case::QualityRemark> for QualityRemark {
    fn from(from: case::QualityRemark) -> Self {
        let case::QualityRemark { code, zh, en } = from;
        Self { code, zh, en }
    }
}

impl From<QualityRemark> for case::QualityRemark {
    fn from(from: QualityRemark) -> Self {
        let QualityRemark { code, zh, en } = from;
        Self { code, zh, en }
    }
}

impl From<case::Reading> for Reading {
    fn from(from: case::Reading) -> Self {
        let case::Reading { key, value, evidence, region } = from;
        Self { key, value, evidence, region }
    }
}

impl From<Reading> for case::Reading {
    fn from(from: Reading) -> Self {
        let Reading { key, value, evidence, region } = from;
        Self { key, value, evidence, region }
    }
}

impl From<case::MatterDue> for MatterDue {
    fn from(from: case::MatterDue) -> Self {
        let case::MatterDue { matter, department, due } = from;
        Self {
            matter: matter.to_string(),
            department: department.to_string(),
            due: due.map(Into::into),
        }
    }
}

impl From<MatterDue> for case::MatterDue {
    fn from(from: MatterDue) -> Self {
        let MatterDue { matter, department, due } = from;
        Self {
            matter: MatterId::new(matter),
            department: DepartmentId::new(department),
            due: due.map(Into::into),
        }
    }
}

impl From<case::DeficiencyItem> for DeficiencyItem {
    fn from(from: case::DeficiencyItem) -> Self {
        let case::DeficiencyItem {
            subject_zh,
            subject_en,
            problem_zh,
            problem_en,
            remedy_zh,
            remedy_en,
        } = from;
        Self {
            subject_zh,
            subject_en,
            problem_zh,
            problem_en,
            remedy_zh,
            remedy_en,
        }
    }
}

impl From<DeficiencyItem> for case::DeficiencyItem {
    fn from(from: DeficiencyItem) -> Self {
        let DeficiencyItem {
            subject_zh,
            subject_en,
            problem_zh,
            problem_en,
            remedy_zh,
            remedy_en,
        } = from;
        Self {
            subject_zh,
            subject_en,
            problem_zh,
            problem_en,
            remedy_zh,
            remedy_en,
        }
    }
}

impl From<case::ApplicantKind> for ApplicantKind {
    fn from(from: case::ApplicantKind) -> Self {
        match from {
            case::ApplicantKind::Person => Self::Person,
            case::ApplicantKind::Organisation => Self::Organisation,
        }
    }
}

impl From<ApplicantKind> for case::ApplicantKind {
    fn from(from: ApplicantKind) -> Self {
        match from {
            ApplicantKind::Person => Self::Person,
            ApplicantKind::Organisation => Self::Organisation,
        }
    }
}

impl From<case::FieldSource> for FieldSource {
    fn from(from: case::FieldSource) -> Self {
        match from {
            case::FieldSource::Typed => Self::Typed,
            case::FieldSource::Page(page) => Self::Page(page.as_uuid()),
            case::FieldSource::Shared => Self::Shared,
        }
    }
}

impl From<FieldSource> for case::FieldSource {
    fn from(from: FieldSource) -> Self {
        match from {
            FieldSource::Typed => Self::Typed,
            FieldSource::Page(page) => Self::Page(PageId::new(page)),
            FieldSource::Shared => Self::Shared,
        }
    }
}

impl From<case::PageOrigin> for PageOrigin {
    fn from(from: case::PageOrigin) -> Self {
        match from {
            case::PageOrigin::Scanner(text) => Self::Scanner(text),
            case::PageOrigin::File(text) => Self::File(text),
        }
    }
}

impl From<PageOrigin> for case::PageOrigin {
    fn from(from: PageOrigin) -> Self {
        match from {
            PageOrigin::Scanner(text) => Self::Scanner(text),
            PageOrigin::File(text) => Self::File(text),
        }
    }
}

impl From<case::MaterialMark> for MaterialMark {
    fn from(from: case::MaterialMark) -> Self {
        match from {
            case::MaterialMark::SharedConfirmed => Self::SharedConfirmed,
            case::MaterialMark::CommitmentSigned => Self::CommitmentSigned,
            case::MaterialMark::Outstanding => Self::Outstanding,
            case::MaterialMark::OtherProof(text) => Self::OtherProof(text),
        }
    }
}

impl From<MaterialMark> for case::MaterialMark {
    fn from(from: MaterialMark) -> Self {
        match from {
            MaterialMark::SharedConfirmed => Self::SharedConfirmed,
            MaterialMark::CommitmentSigned => Self::CommitmentSigned,
            MaterialMark::Outstanding => Self::Outstanding,
            MaterialMark::OtherProof(text) => Self::OtherProof(text),
        }
    }
}

impl From<case::PrintStep> for PrintStep {
    fn from(from: case::PrintStep) -> Self {
        match from {
            case::PrintStep::Prepared { copy_no, reason } => Self::Prepared { copy_no, reason },
            case::PrintStep::Submitting { printer } => Self::Submitting { printer },
            case::PrintStep::Taken { job } => Self::Taken { job },
            case::PrintStep::Confirmed => Self::Confirmed,
            case::PrintStep::Spoiled { reason } => Self::Spoiled { reason },
            case::PrintStep::Uncertain => Self::Uncertain,
            case::PrintStep::NotTaken => Self::NotTaken,
            case::PrintStep::NothingCameOut => Self::NothingCameOut,
        }
    }
}

impl From<PrintStep> for case::PrintStep {
    fn from(from: PrintStep) -> Self {
        match from {
            PrintStep::Prepared { copy_no, reason } => Self::Prepared { copy_no, reason },
            PrintStep::Submitting { printer } => Self::Submitting { printer },
            PrintStep::Taken { job } => Self::Taken { job },
            PrintStep::Confirmed => Self::Confirmed,
            PrintStep::Spoiled { reason } => Self::Spoiled { reason },
            PrintStep::Uncertain => Self::Uncertain,
            PrintStep::NotTaken => Self::NotTaken,
            PrintStep::NothingCameOut => Self::NothingCameOut,
        }
    }
}

impl From<case::MatterProgress> for MatterProgress {
    fn from(from: case::MatterProgress) -> Self {
        match from {
            case::MatterProgress::WithDepartment { department, due } => Self::WithDepartment {
                department: department.to_string(),
                due: due.map(Into::into),
            },
            case::MatterProgress::Suspended { reason } => Self::Suspended { reason },
            case::MatterProgress::Granted {
                licence_no,
                content,
                signed_code,
            } => Self::Granted {
                licence_no,
                content,
                signed_code,
            },
            case::MatterProgress::Refused { reason } => Self::Refused { reason },
            case::MatterProgress::Stopped { reason } => Self::Stopped { reason },
        }
    }
}

impl From<MatterProgress> for case::MatterProgress {
    fn from(from: MatterProgress) -> Self {
        match from {
            MatterProgress::WithDepartment { department, due } => Self::WithDepartment {
                department: DepartmentId::new(department),
                due: due.map(Into::into),
            },
            MatterProgress::Suspended { reason } => Self::Suspended { reason },
            MatterProgress::Granted {
                licence_no,
                content,
                signed_code,
            } => Self::Granted {
                licence_no,
                content,
                signed_code,
            },
            MatterProgress::Refused { reason } => Self::Refused { reason },
            MatterProgress::Stopped { reason } => Self::Stopped { reason },
        }
    }
}

impl From<case::BlankFate> for BlankFate {
    fn from(from: case::BlankFate) -> Self {
        match from {
            case::BlankFate::Used => Self::Used,
            case::BlankFate::Spoiled => Self::Spoiled,
        }
    }
}

impl From<BlankFate> for case::BlankFate {
    fn from(from: BlankFate) -> Self {
        match from {
            BlankFate::Used => Self::Used,
            BlankFate::Spoiled => Self::Spoiled,
        }
    }
}
