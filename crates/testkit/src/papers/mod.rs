//! Synthetic papers: the cards, certificates, forms, contracts and plans of the demonstration journeys, made out to
//! invented people, drawn in millimetres and delivered with exact truth about every value on them.
//!
//! [`draw`] makes the flat paper, [`on_glass`] lays it on a flatbed, [`photographed`] takes a picture of it,
//! [`degrade`] wears it out, [`with_moire`] and [`over_exposed`] spoil its picture, [`write_set`] writes all papers of a journey into a folder. The same cast, options and
//! seed give the same bytes on machines with the same fonts.
//!
//! Deliberately absent: emblems, real seals and security features (a dashed circle and 样张 SPECIMEN stand for them),
//! real people, and anything the product itself could ship. For tests, benches and demonstrations only.

mod birth;
mod booklets;
mod cards;
mod company;
mod contract;
mod damage;
mod deeds;
mod fonts;
mod forms;
pub mod numbers;
mod output;
mod people;
mod permits;
mod plans;
mod portrait;
mod property;
mod random;
mod raster;
mod receipts;
mod scene;
mod sheet;
#[cfg(test)]
mod tests;
mod text_page;
mod travel_cards;
mod truth;

use image::RgbImage;
use serde::{Deserialize, Serialize};

pub use damage::{Finger, Moire, SKIN, Side, over_exposed, with_moire};
pub use output::{Journey, encode_jpeg, encode_pdf, write_invented, write_set};
pub use people::{Cast, Company, DEMO_DAY, Family, Newborn, Person, Room, Sex, age_years, demo_karaoke_company, demo_newborn_family};
pub use random::Random;
pub(crate) use scene::add_noise;
pub use scene::{Glare, PhotoOptions, Placement, Wear, degrade, empty_table, on_glass, photographed, with_glare};
pub use truth::{Code, Fault, Field, Line, PixelBox, Spot, Truth};

/// Draws one page of a paper. Every kind can be drawn from every cast.
///
/// # Errors
/// A missing typeface, or a text too long for its QR code.
pub fn draw(kind: PaperKind, cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let options = &options.page(options.page_no.clamp(1, kind.page_count()));
    match kind {
        PaperKind::IdCardPortrait => cards::portrait_side(&cast.holder, options),
        PaperKind::IdCardEmblem => cards::emblem_side(&cast.holder, options),
        PaperKind::HouseholdCover => booklets::household_cover(&cast.family, options),
        PaperKind::HouseholdMember => booklets::household_member(&cast.family, options),
        PaperKind::MarriageCertificate => booklets::marriage_certificate(&cast.family, options),
        PaperKind::PassportDataPage => booklets::passport(&cast.holder, options),
        PaperKind::BirthCertificate => birth::certificate(&cast.family, options),
        PaperKind::NewbornPhoto => portrait::newborn_photo(options),
        PaperKind::NewbornForm => forms::newborn(cast, options),
        PaperKind::KaraokeForm => forms::karaoke(cast, options),
        PaperKind::CompanyArticles => company::articles(cast, options),
        PaperKind::AppointmentResolution => company::resolution(cast, options),
        PaperKind::NoCrimeStatement => company::no_crime_statement(cast, options),
        PaperKind::AudioList => company::audio_list(cast, options),
        PaperKind::ShareholderId => company::shareholder_id(cast, options),
        PaperKind::BusinessLicence => company::business_licence(cast, options),
        PaperKind::TenancyContract => contract::tenancy(cast, options),
        PaperKind::SiteMap => plans::site_map(cast, options),
        PaperKind::FloorPlan => plans::floor_plan(cast, options),
        PaperKind::ResidencePermit => permits::residence_permit(&cast.holder, options),
        PaperKind::ExitEntryPermit => permits::exit_entry_permit(&cast.holder, options),
        PaperKind::BankCard => permits::bank_card(&cast.holder, options),
        PaperKind::PropertyCertificate => property::certificate(cast, options),
        PaperKind::DeathCertificate => deeds::death(cast, options),
        PaperKind::CremationCertificate => deeds::cremation(cast, options),
        PaperKind::PensionForm => deeds::pension_form(cast, options),
        PaperKind::VatInvoice => receipts::vat_invoice(cast, options),
        PaperKind::MedicalReceipt => receipts::medical_receipt(cast, options),
        PaperKind::HomeReturnPermit => travel_cards::home_return_permit(&cast.holder, options),
        PaperKind::HomeReturnPermitBack => travel_cards::home_return_permit_back(&cast.holder, options),
        PaperKind::TaiwanPermit => travel_cards::taiwan_permit(&cast.holder, options),
        PaperKind::TaiwanPermitBack => travel_cards::taiwan_permit_back(&cast.holder, options),
        PaperKind::ForeignerCard => travel_cards::foreigner_card(&cast.holder, options),
        PaperKind::ForeignerCardBack => travel_cards::foreigner_card_back(&cast.holder, options),
        PaperKind::ResidencePermitBack => permits::residence_permit_back(&cast.holder, options),
        PaperKind::ExitEntryPermitBack => permits::exit_entry_permit_back(cast, options),
        PaperKind::DeemedYearsForm => deeds::deemed_years_form(cast, options),
    }
}

/// A drawn page with its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// Which paper it is.
    pub kind: PaperKind,
    /// The pixels.
    pub image: RgbImage,
    /// Resolution, dots per inch.
    pub dpi: u32,
    /// What is on it.
    pub truth: Truth,
}

/// The papers that can be drawn. Sizes are those of the papers table of the domain notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// 居民身份证, side with the portrait.
    IdCardPortrait,
    /// 居民身份证, side with the issuing office.
    IdCardEmblem,
    /// 户口簿, first page: head, number, address, seals.
    HouseholdCover,
    /// 户口簿, 常住人口登记卡; page 1 the head, page 2 the grandmother.
    HouseholdMember,
    /// 结婚证, the two inner pages.
    MarriageCertificate,
    /// Ordinary passport, page with the data and the machine-readable zone.
    PassportDataPage,
    /// 出生医学证明 with main page, duplicate and stub.
    BirthCertificate,
    /// Print of the newborn's photo.
    NewbornPhoto,
    /// 综合申请表 of the newborn bundle, two pages.
    NewbornForm,
    /// 综合申请表 of the karaoke bundle, two pages.
    KaraokeForm,
    /// 公司章程, four pages.
    CompanyArticles,
    /// 任职文件 as a shareholders' resolution.
    AppointmentResolution,
    /// 无禁入情形声明.
    NoCrimeStatement,
    /// 歌曲点播系统 equipment and song library list.
    AudioList,
    /// 股东身份证明: copy of the first shareholder's card, both sides on one sheet.
    ShareholderId,
    /// 营业执照副本.
    BusinessLicence,
    /// 房屋租赁合同, six pages, signatures on the last.
    TenancyContract,
    /// 场所地理位置图.
    SiteMap,
    /// 内部结构平面图.
    FloorPlan,
    /// 港澳台居民居住证, side with the portrait.
    ResidencePermit,
    /// 往来港澳通行证 with its machine-readable line.
    ExitEntryPermit,
    /// Bank card, front.
    BankCard,
    /// 不动产权证书, open spreads: page 1 number and rights, page 2 the notes, page 3 the plans of parcel and flat.
    PropertyCertificate,
    /// 居民死亡医学证明（推断）书, part for the household office.
    DeathCertificate,
    /// 火化证.
    CremationCertificate,
    /// 养老保险待遇申领表.
    PensionForm,
    /// 增值税普通发票.
    VatInvoice,
    /// 医疗收费票据.
    MedicalReceipt,
    /// 港澳居民来往内地通行证, side with the portrait.
    HomeReturnPermit,
    /// 港澳居民来往内地通行证, side with the machine-readable zone.
    HomeReturnPermitBack,
    /// 台湾居民来往大陆通行证, side with the portrait.
    TaiwanPermit,
    /// 台湾居民来往大陆通行证, side with the machine-readable zone.
    TaiwanPermitBack,
    /// 外国人永久居留身份证 of 2023, side with the portrait.
    ForeignerCard,
    /// 外国人永久居留身份证 of 2023, side with the machine-readable zone.
    ForeignerCardBack,
    /// 港澳台居民居住证, side with the issuing office and the number of the travel permit.
    ResidencePermitBack,
    /// 往来港澳通行证, side with the endorsements.
    ExitEntryPermitBack,
    /// 视同缴费年限认定表, two pages, both seals on the second.
    DeemedYearsForm,
}

/// Size of a card of format ID-1 (ISO/IEC 7810), millimetres.
const CARD_MM: (f32, f32) = (85.6, 54.0);

impl PaperKind {
    /// Every kind, in the order of the journeys; papers of no journey follow.
    pub const ALL: [Self; 37] = [
        Self::IdCardPortrait,
        Self::IdCardEmblem,
        Self::HouseholdCover,
        Self::HouseholdMember,
        Self::MarriageCertificate,
        Self::PassportDataPage,
        Self::BirthCertificate,
        Self::NewbornPhoto,
        Self::NewbornForm,
        Self::KaraokeForm,
        Self::CompanyArticles,
        Self::AppointmentResolution,
        Self::NoCrimeStatement,
        Self::AudioList,
        Self::ShareholderId,
        Self::BusinessLicence,
        Self::TenancyContract,
        Self::SiteMap,
        Self::FloorPlan,
        Self::ResidencePermit,
        Self::ExitEntryPermit,
        Self::BankCard,
        Self::PropertyCertificate,
        Self::DeathCertificate,
        Self::CremationCertificate,
        Self::PensionForm,
        Self::VatInvoice,
        Self::MedicalReceipt,
        Self::HomeReturnPermit,
        Self::HomeReturnPermitBack,
        Self::TaiwanPermit,
        Self::TaiwanPermitBack,
        Self::ForeignerCard,
        Self::ForeignerCardBack,
        Self::ResidencePermitBack,
        Self::ExitEntryPermitBack,
        Self::DeemedYearsForm,
    ];

    /// Width and height as one reads it, millimetres.
    #[must_use]
    pub fn size_mm(self) -> (f32, f32) {
        match self {
            Self::IdCardPortrait
            | Self::IdCardEmblem
            | Self::ResidencePermit
            | Self::ExitEntryPermit
            | Self::BankCard
            | Self::HomeReturnPermit
            | Self::HomeReturnPermitBack
            | Self::TaiwanPermit
            | Self::TaiwanPermitBack
            | Self::ForeignerCard
            | Self::ForeignerCardBack
            | Self::ResidencePermitBack
            | Self::ExitEntryPermitBack => CARD_MM,
            Self::PropertyCertificate => (250.0, 176.0),
            Self::CremationCertificate => (210.0, 148.0),
            Self::VatInvoice => (240.0, 140.0),
            Self::MedicalReceipt => (190.0, 115.0),
            Self::HouseholdCover | Self::HouseholdMember => (143.0, 105.0),
            Self::MarriageCertificate => (176.0, 125.0),
            Self::PassportDataPage => (125.0, 88.0),
            Self::NewbornPhoto => (33.0, 48.0),
            Self::BusinessLicence | Self::FloorPlan => (297.0, 210.0),
            Self::BirthCertificate
            | Self::NewbornForm
            | Self::KaraokeForm
            | Self::CompanyArticles
            | Self::AppointmentResolution
            | Self::NoCrimeStatement
            | Self::AudioList
            | Self::ShareholderId
            | Self::TenancyContract
            | Self::SiteMap
            | Self::DeathCertificate
            | Self::PensionForm
            | Self::DeemedYearsForm => (210.0, 297.0),
        }
    }

    /// Number of pages that [`DrawOptions::page_no`] can name.
    #[must_use]
    pub fn page_count(self) -> u32 {
        match self {
            Self::TenancyContract => contract::PAGE_COUNT,
            Self::CompanyArticles => company::ARTICLES_PAGE_COUNT,
            Self::PropertyCertificate => property::PAGE_COUNT,
            Self::HouseholdMember | Self::NewbornForm | Self::KaraokeForm | Self::DeemedYearsForm => 2,
            _of_one_page => 1,
        }
    }

    /// Radius of the rounded corners, millimetres; zero for paper.
    #[must_use]
    pub fn corner_radius_mm(self) -> f32 {
        if self.size_mm() == CARD_MM {
            3.18
        } else if matches!(self, Self::PassportDataPage | Self::MarriageCertificate) {
            2.0
        } else {
            0.0
        }
    }

    /// The paper's name in file names.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::IdCardPortrait => "id-card-portrait",
            Self::IdCardEmblem => "id-card-emblem",
            Self::HouseholdCover => "household-cover",
            Self::HouseholdMember => "household-member",
            Self::MarriageCertificate => "marriage-certificate",
            Self::PassportDataPage => "passport",
            Self::BirthCertificate => "birth-certificate",
            Self::NewbornPhoto => "newborn-photo",
            Self::NewbornForm => "newborn-form",
            Self::KaraokeForm => "karaoke-form",
            Self::CompanyArticles => "articles",
            Self::AppointmentResolution => "appointment-resolution",
            Self::NoCrimeStatement => "no-crime-statement",
            Self::AudioList => "audio-list",
            Self::ShareholderId => "shareholder-id",
            Self::BusinessLicence => "business-licence",
            Self::TenancyContract => "tenancy-contract",
            Self::SiteMap => "site-map",
            Self::FloorPlan => "floor-plan",
            Self::ResidencePermit => "residence-permit",
            Self::ExitEntryPermit => "exit-entry-permit",
            Self::BankCard => "bank-card",
            Self::PropertyCertificate => "property-certificate",
            Self::DeathCertificate => "death-certificate",
            Self::CremationCertificate => "cremation-certificate",
            Self::PensionForm => "pension-form",
            Self::VatInvoice => "vat-invoice",
            Self::MedicalReceipt => "medical-receipt",
            Self::HomeReturnPermit => "home-return-permit",
            Self::HomeReturnPermitBack => "home-return-permit-back",
            Self::TaiwanPermit => "taiwan-permit",
            Self::TaiwanPermitBack => "taiwan-permit-back",
            Self::ForeignerCard => "foreigner-card",
            Self::ForeignerCardBack => "foreigner-card-back",
            Self::ResidencePermitBack => "residence-permit-back",
            Self::ExitEntryPermitBack => "exit-entry-permit-back",
            Self::DeemedYearsForm => "deemed-years-form",
        }
    }
}

/// How a paper is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawOptions {
    /// Dots per inch, usually 200 or 300.
    pub dpi: u32,
    /// Seed of everything left to chance (handwriting, waves of the background).
    pub seed: u64,
    /// Page of a paper with several, from 1; clamped to the pages there are.
    pub page_no: u32,
    /// Print the holder's resident identity number with a check character one too high.
    pub misprinted_check: bool,
    /// Leave signature lines empty.
    pub unsigned: bool,
    /// Strength of the red seals, per cent; a seal of less than 20 is a fault.
    pub seal_percent: u32,
}

impl Default for DrawOptions {
    fn default() -> Self {
        Self {
            dpi: 300,
            seed: 1,
            page_no: 1,
            misprinted_check: false,
            unsigned: false,
            seal_percent: 100,
        }
    }
}

impl DrawOptions {
    /// The same options for another page.
    #[must_use]
    pub fn page(&self, page_no: u32) -> Self {
        Self { page_no, ..self.clone() }
    }
}

/// Why a paper could not be made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PaperError {
    /// Install the package that has the typeface (Debian: fonts-noto-cjk).
    #[error("typeface file {file_name} is not installed or cannot be read")]
    FontMissing {
        /// Name of the file that was looked for.
        file_name: String,
    },
    /// The text does not fit a QR code.
    #[error("text is too long for a QR code")]
    CodeTooLong,
    /// The picture could not be encoded.
    #[error("page image could not be encoded: {reason}")]
    Encode {
        /// What the encoder said.
        reason: String,
    },
    /// The folder could not be written.
    #[error("{path} could not be written: {reason}")]
    Write {
        /// File or folder.
        path: String,
        /// What the operating system said.
        reason: String,
    },
}
