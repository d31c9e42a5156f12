//! Twins of what case events carry.

use onewindow_case::event as case;
use onewindow_case::ids::{DepartmentId, MatterId, PageId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::value::Day;

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    corners: Option<[[i32; 2]; 4]>,
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
    Extended {
        due: Option<Day>,
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BlankFate {
    Used,
    Spoiled,
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
            corners,
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
            corners,
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
            corners,
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
            corners,
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
            case::MatterProgress::Extended { due, reason } => Self::Extended {
                due: due.map(Into::into),
                reason,
            },
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
            MatterProgress::Extended { due, reason } => Self::Extended {
                due: due.map(Into::into),
                reason,
            },
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
