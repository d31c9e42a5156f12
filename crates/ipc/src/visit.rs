//! The visit around the papers, and what the law attaches to days and mandates.
//!
//! Commands (each returns the fresh `CaseView`; `case_id` first): `receive_case`, `apply_deemed`,
//! `revoke_acceptance(reason, supervisor_no, supervisor_pin)`, `decide_here(matter, refusal: Option<String>)`,
//! `set_representative(representative: Option<RepresentativeView>)`, `set_needs(needs: Vec<String>)`,
//! `give_consent(consent, given)`, `rate_case(rating: RatingRequest)`.
//! `list_regions(parent: Option<String>) -> Vec<RegionOffer>` serves the picker of addresses.

use crate::case_view::OptionView;
use crate::{Words, contract};

contract! {
    /// Who came and how.
    pub struct VisitView {
        /// Who acts for the applicant.
        pub representative: Option<RepresentativeView>,
        /// Every need that can be noted.
        pub needs: Vec<NeedView>,
        /// Consents that this case asks for.
        pub consents: Vec<ConsentView>,
        /// The rating; what was said is not shown.
        pub rating: RatingView,
    }
}

contract! {
    /// Who acts for the applicant.
    pub struct RepresentativeView {
        /// `agent` or `guardian`.
        pub kind: RepresentativeKindView,
        /// Name.
        pub name: String,
        /// Identity number.
        pub id_number: String,
        /// Phone; empty when not given.
        pub phone: String,
        /// Letter of authorisation with its scope, or the tie to the minor.
        pub authority: String,
    }
}

contract! {
    /// By what right.
    pub enum RepresentativeKindView {
        /// Letter of authorisation.
        Agent,
        /// By law, for a minor or an adult who cannot act.
        Guardian,
    }
}

contract! {
    /// Something an applicant may need.
    pub struct NeedView {
        /// Closed word.
        pub need: String,
        /// Words.
        pub words: Words,
        /// Noted.
        pub on: bool,
    }
}

contract! {
    /// A consent that the case asks for.
    pub struct ConsentView {
        /// Key.
        pub consent: String,
        /// What is consented to.
        pub text: Words,
        /// Who gives it.
        pub by: Words,
        /// Law.
        pub source: Words,
        /// Given.
        pub given: bool,
        /// Given with the signature on the form, not by itself.
        pub by_signature: bool,
    }
}

contract! {
    /// Where the rating is.
    pub struct RatingView {
        /// The applicant may be asked now.
        pub possible: bool,
        /// There is one.
        pub rated: bool,
        /// Reasons to choose from.
        pub reasons: Vec<OptionView>,
    }
}

contract! {
    /// A rating.
    pub struct RatingRequest {
        /// 5 very satisfied to 1 very dissatisfied.
        pub level: u8,
        /// Keys of reasons.
        pub reasons: Vec<String>,
        /// Without a name.
        pub anonymous: bool,
    }
}

contract! {
    /// What the law attaches to this case today.
    pub struct LawfulView {
        /// The papers may be received now, without acceptance.
        pub receivable: bool,
        /// A day has passed and something follows; what, in words.
        pub deemed: Option<Words>,
        /// Acceptance may be taken back.
        pub revocable: bool,
        /// The applicant may still take the application back.
        pub withdrawable: bool,
        /// Law by which it counts as accepted.
        pub deemed_by: Option<String>,
        /// Why acceptance was taken back.
        pub revoked_for: Option<String>,
    }
}

contract! {
    /// A region of the picker.
    pub struct RegionOffer {
        /// Six digits.
        pub code: String,
        /// Name.
        pub name: Words,
        /// It has regions below it.
        pub more: bool,
    }
}
