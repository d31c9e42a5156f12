//! What stands on a licence, and whether the sheet is the original.

use serde::{Deserialize, Serialize};
use time::Date;

/// The facts printed on a licence. Each licence uses the ones it knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LicenceFields {
    /// Licence number; the unified social credit code for a business licence.
    pub number: String,
    /// Name of the holder.
    pub name: String,
    /// Kind of enterprise or of venue.
    pub kind: String,
    /// Legal representative, operator or person in charge.
    pub legal_representative: String,
    /// Scope of business.
    pub scope: String,
    /// Registered capital in words.
    pub capital: String,
    /// Day of foundation.
    #[serde(with = "super::day_or_none")]
    pub founded: Option<Date>,
    /// Domicile or place of business.
    pub address: String,
    /// Use area in words, for example `860 平方米`.
    pub area: String,
    /// Approved number of guests.
    pub guests: Option<u32>,
    /// First day of validity.
    #[serde(with = "super::day_or_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(with = "super::day_or_none")]
    pub valid_to: Option<Date>,
    /// The body that issues the licence.
    pub authority: String,
    /// Day of issue.
    #[serde(with = "super::day_or_none")]
    pub issued: Option<Date>,
    /// Number of this duplicate, for example `1-1`.
    pub duplicate_number: String,
    /// Credit code or masked identity number of the holder, where the licence has a number of its own.
    pub holder_code: String,
    /// Domicile, where the place of business is another.
    pub domicile: String,
    /// Items that are permitted, for example hot dishes.
    pub items: String,
    /// Parties, place and terms of a tenancy; only on its filing proof.
    pub tenancy: Option<Tenancy>,
}

/// A tenancy that was filed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tenancy {
    /// Who lets.
    pub landlord: String,
    /// Who rents.
    pub tenant: String,
    /// Number of the property certificate.
    pub property_number: String,
    /// What it is used for.
    pub purpose: String,
    /// First day.
    #[serde(with = "super::day_or_none")]
    pub from: Option<Date>,
    /// Last day.
    #[serde(with = "super::day_or_none")]
    pub to: Option<Date>,
    /// Rent in words, for example `3200元/月`.
    pub rent: String,
}

/// Whether the sheet is the original or a reprint, and if so which and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CopyNote {
    /// 0 for the original, 1 for the first reprint and so on.
    pub reprint: u16,
    /// Day of the reprint.
    #[serde(with = "super::day_or_none")]
    pub on: Option<Date>,
    /// Clerk who ordered the reprint.
    pub by: String,
    /// Reason for the reprint.
    pub reason: String,
}

/// What tells one sheet of a document from another: all that a reprint may change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CopyFacts {
    /// Whether the sheet is the original or a numbered reprint.
    pub copy: CopyNote,
    /// Text of the QR code; the signed code of a licence names the copy.
    pub qr_text: String,
    /// Serial number of the pre-printed blank.
    pub blank_serial: String,
}
