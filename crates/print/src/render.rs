//! The one door from data to a finished document.

use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::{
    data::DocumentData,
    expand::Scope,
    fault::PrintFault,
    fonts::FontShelf,
    layout::{Composer, lay_out},
    pdf::{Properties, write_pdf},
    template::{OnlyIn, Template},
};

/// The documents that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// 收件凭证 on A5: we hold your papers.
    ReceiptSlip,
    /// 收件凭证 on an 80 mm roll.
    ReceiptSlipRoll,
    /// 受理通知书.
    AcceptanceNotice,
    /// 补正告知书: all deficiencies at once.
    SupplementNotice,
    /// 不予受理通知书.
    RefusalNotice,
    /// 领证凭证 on A5.
    PickupSlip,
    /// 营业执照(副本), printed over a pre-printed blank.
    BusinessLicence,
    /// 娱乐经营许可证(副本), printed over a pre-printed blank.
    EntertainmentPermit,
}

impl DocumentKind {
    /// All kinds, in the order in which a case meets them.
    pub const ALL: [Self; 8] = [
        Self::ReceiptSlip,
        Self::ReceiptSlipRoll,
        Self::AcceptanceNotice,
        Self::SupplementNotice,
        Self::RefusalNotice,
        Self::PickupSlip,
        Self::BusinessLicence,
        Self::EntertainmentPermit,
    ];

    /// Stable name, also of the template file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReceiptSlip => "receipt-slip",
            Self::ReceiptSlipRoll => "receipt-slip-roll",
            Self::AcceptanceNotice => "acceptance-notice",
            Self::SupplementNotice => "supplement-notice",
            Self::RefusalNotice => "refusal-notice",
            Self::PickupSlip => "pickup-slip",
            Self::BusinessLicence => "business-licence",
            Self::EntertainmentPermit => "entertainment-permit",
        }
    }

    /// Whether the document is printed on a counted, pre-printed blank.
    #[must_use]
    pub const fn needs_blank(self) -> bool {
        match self {
            Self::BusinessLicence | Self::EntertainmentPermit => true,
            Self::ReceiptSlip | Self::ReceiptSlipRoll | Self::AcceptanceNotice | Self::SupplementNotice | Self::RefusalNotice | Self::PickupSlip => false,
        }
    }

    const fn built_in(self) -> &'static str {
        match self {
            Self::ReceiptSlip => include_str!("../../../assets/templates/receipt-slip.yaml"),
            Self::ReceiptSlipRoll => include_str!("../../../assets/templates/receipt-slip-roll.yaml"),
            Self::AcceptanceNotice => include_str!("../../../assets/templates/acceptance-notice.yaml"),
            Self::SupplementNotice => include_str!("../../../assets/templates/supplement-notice.yaml"),
            Self::RefusalNotice => include_str!("../../../assets/templates/refusal-notice.yaml"),
            Self::PickupSlip => include_str!("../../../assets/templates/pickup-slip.yaml"),
            Self::BusinessLicence => include_str!("../../../assets/templates/business-licence.yaml"),
            Self::EntertainmentPermit => include_str!("../../../assets/templates/entertainment-permit.yaml"),
        }
    }
}

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Chinese as written on the mainland.
    Zh,
    /// English.
    En,
}

impl Language {
    /// BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// On what the document is printed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Plain paper: licences get a neutral frame and the word SPECIMEN 样张, seals the word 样张.
    Demonstration,
    /// The real thing: licences are printed over their blanks.
    Overlay(Calibration),
}

/// How far a printer misses the paper; applied to licences only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Shift to the right, in millimetres.
    pub offset_x_mm: f32,
    /// Shift downwards, in millimetres.
    pub offset_y_mm: f32,
    /// Enlargement; 1 is none.
    pub scale: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            offset_x_mm: 0.0,
            offset_y_mm: 0.0,
            scale: 1.0,
        }
    }
}

/// A finished document. These bytes are what is printed, archived and hashed; a reprint uses them again.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedDocument {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// SHA-256 of the PDF.
    pub sha256: [u8; 32],
    /// Number of sheets, one side each.
    pub pages: usize,
    /// Width and height of a sheet in millimetres.
    pub paper_mm: (f32, f32),
}

/// Renders a document with the built-in template.
///
/// # Errors
/// [`PrintFault`] when a field is empty or cannot be printed, or when something does not fit; nothing is printed then.
pub fn render(kind: DocumentKind, data: &DocumentData, language: Language, mode: Mode, fonts: &FontShelf) -> Result<RenderedDocument, PrintFault> {
    render_with(built_in(kind)?, kind, data, language, mode, fonts)
}

/// Checks a template file that an office has changed.
///
/// # Errors
/// [`PrintFault::Template`] says what is wrong.
pub fn check_template(name: &str, yaml: &str) -> Result<(), PrintFault> {
    Template::parse(name, yaml).map(|_| ())
}

/// Checks all built-in templates; called at start so that a broken one is found before the first citizen.
///
/// # Errors
/// [`PrintFault::Template`] says what is wrong with the first broken one.
pub fn check_templates() -> Result<(), PrintFault> {
    DocumentKind::ALL.into_iter().try_for_each(|kind| built_in(kind).map(|_| ()))
}

/// The built-in template, read once.
fn built_in(kind: DocumentKind) -> Result<&'static Template, PrintFault> {
    static TEMPLATES: [OnceLock<Result<Template, PrintFault>>; DocumentKind::ALL.len()] = [const { OnceLock::new() }; DocumentKind::ALL.len()];
    TEMPLATES[kind as usize]
        .get_or_init(|| Template::parse(kind.name(), kind.built_in()))
        .as_ref()
        .map_err(Clone::clone)
}

fn render_with(
    template: &Template,
    kind: DocumentKind,
    data: &DocumentData,
    language: Language,
    mode: Mode,
    fonts: &FontShelf,
) -> Result<RenderedDocument, PrintFault> {
    let value = serde_json::to_value(data).map_err(|error| PrintFault::Pdf { reason: error.to_string() })?;
    let only = match mode {
        Mode::Demonstration => OnlyIn::Demonstration,
        Mode::Overlay(_) => OnlyIn::Overlay,
    };
    let composer = Composer {
        template,
        data: &value,
        language,
        mode: only,
        fonts,
    };
    let mut sheets = lay_out(&composer)?;
    if let (Mode::Overlay(calibration), true) = (mode, kind.needs_blank()) {
        let offset_mm = [calibration.offset_x_mm, calibration.offset_y_mm];
        sheets = sheets.into_iter().map(|sheet| sheet.shifted(offset_mm, calibration.scale)).collect();
    }
    let title: String = Scope::new(&value).fill(&template.title, language)?.into_iter().map(|span| span.text).collect();
    let properties = Properties {
        title: &title,
        author: &data.issuing_body,
        subject: &data.document_number,
        language: language.tag(),
        issued: data.dates.issued,
    };
    let pdf = write_pdf(&sheets, &properties, fonts)?;
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest(&SHA256, &pdf).as_ref());
    let paper_mm = sheets.first().map_or((0.0, 0.0), |sheet| (sheet.width_mm, sheet.height_mm));
    Ok(RenderedDocument {
        pdf,
        sha256,
        pages: sheets.len(),
        paper_mm,
    })
}
