//! Twins of what belongs to the visit, and of decisions at the window.

use onewindow_case::event as case;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VisitNote {
    Representative(Option<Representative>),
    Needs(Vec<Need>),
    Consent { consent: String, given: bool },
    Rated(Rating),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Representative {
    kind: RepresentativeKind,
    name: String,
    id_number: String,
    phone: String,
    authority: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RepresentativeKind {
    Agent,
    Guardian,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Need {
    LargePrint,
    SignLanguage,
    ReadAloud,
    Wheelchair,
    Interpreter,
    AssistedService,
    Priority,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Rating {
    level: u8,
    reasons: Vec<String>,
    anonymous: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HereDecision {
    Granted,
    Refused { reason: String },
}

impl From<case::VisitNote> for VisitNote {
    fn from(from: case::VisitNote) -> Self {
        match from {
            case::VisitNote::Representative(representative) => Self::Representative(representative.map(Into::into)),
            case::VisitNote::Needs(needs) => Self::Needs(needs.into_iter().map(Into::into).collect()),
            case::VisitNote::Consent { consent, given } => Self::Consent { consent, given },
            case::VisitNote::Rated(case::Rating { level, reasons, anonymous }) => Self::Rated(Rating { level, reasons, anonymous }),
        }
    }
}

impl From<VisitNote> for case::VisitNote {
    fn from(from: VisitNote) -> Self {
        match from {
            VisitNote::Representative(representative) => Self::Representative(representative.map(Into::into)),
            VisitNote::Needs(needs) => Self::Needs(needs.into_iter().map(Into::into).collect()),
            VisitNote::Consent { consent, given } => Self::Consent { consent, given },
            VisitNote::Rated(Rating { level, reasons, anonymous }) => Self::Rated(case::Rating { level, reasons, anonymous }),
        }
    }
}

impl From<case::Representative> for Representative {
    fn from(from: case::Representative) -> Self {
        let case::Representative {
            kind,
            name,
            id_number,
            phone,
            authority,
        } = from;
        Self {
            kind: match kind {
                case::RepresentativeKind::Agent => RepresentativeKind::Agent,
                case::RepresentativeKind::Guardian => RepresentativeKind::Guardian,
            },
            name,
            id_number,
            phone,
            authority,
        }
    }
}

impl From<Representative> for case::Representative {
    fn from(from: Representative) -> Self {
        let Representative {
            kind,
            name,
            id_number,
            phone,
            authority,
        } = from;
        Self {
            kind: match kind {
                RepresentativeKind::Agent => case::RepresentativeKind::Agent,
                RepresentativeKind::Guardian => case::RepresentativeKind::Guardian,
            },
            name,
            id_number,
            phone,
            authority,
        }
    }
}

impl From<case::Need> for Need {
    fn from(from: case::Need) -> Self {
        match from {
            case::Need::LargePrint => Self::LargePrint,
            case::Need::SignLanguage => Self::SignLanguage,
            case::Need::ReadAloud => Self::ReadAloud,
            case::Need::Wheelchair => Self::Wheelchair,
            case::Need::Interpreter => Self::Interpreter,
            case::Need::AssistedService => Self::AssistedService,
            case::Need::Priority => Self::Priority,
        }
    }
}

impl From<Need> for case::Need {
    fn from(from: Need) -> Self {
        match from {
            Need::LargePrint => Self::LargePrint,
            Need::SignLanguage => Self::SignLanguage,
            Need::ReadAloud => Self::ReadAloud,
            Need::Wheelchair => Self::Wheelchair,
            Need::Interpreter => Self::Interpreter,
            Need::AssistedService => Self::AssistedService,
            Need::Priority => Self::Priority,
        }
    }
}

impl From<case::HereDecision> for HereDecision {
    fn from(from: case::HereDecision) -> Self {
        match from {
            case::HereDecision::Granted => Self::Granted,
            case::HereDecision::Refused { reason } => Self::Refused { reason },
        }
    }
}

impl From<HereDecision> for case::HereDecision {
    fn from(from: HereDecision) -> Self {
        match from {
            HereDecision::Granted => Self::Granted,
            HereDecision::Refused { reason } => Self::Refused { reason },
        }
    }
}
