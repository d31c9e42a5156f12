//! What a loaded bundle ("one matter") is made of: plain data with compiled conditions.
//!
//! Built only by [`crate::Catalogue`] after checking, so ids inside a bundle always resolve. Absent on purpose: YAML and its
//! line numbers (see `source`), and any state of a case.

use std::collections::BTreeMap;

use onewindow_case::identifier::IdentifierKind;
use onewindow_case::ids::{BundleId, DepartmentId, FieldKey, MaterialKey, MatterId, QuestionId};
use onewindow_case::text::Bilingual;

use crate::expression::Expression;
use crate::guidance::Answers;
use crate::limit::{Statutory, TimeLimit};

/// One "one matter" service: several related matters that an applicant applies for with one set of papers.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Stable id, also the file's name.
    pub id: BundleId,
    /// What the clerk and the applicant call it.
    pub name: Bilingual,
    /// One sentence: what the applicant gets.
    pub summary: Bilingual,
    /// Queue theme, such as `birth` or `business`.
    pub theme: String,
    /// Who may apply.
    pub applicant: ApplicantKind,
    /// Words people use for it, for the search.
    pub words: Vec<String>,
    /// The promise of the reform, before and after.
    pub figures: Figures,
    /// Matters in the order in which they are to be shown: those that others wait for come first.
    pub matters: Vec<MatterDef>,
    /// Guided questions in the order in which they are asked.
    pub guidance: Vec<Question>,
    /// The papers.
    pub materials: Vec<MaterialDef>,
    /// Groups of form fields, some repeated.
    pub groups: Vec<FieldGroup>,
    /// The fields of the integrated form.
    pub fields: Vec<FieldDef>,
    /// Consents the applicant gives.
    pub consents: Vec<Consent>,
    /// The bundle's own checks.
    pub rules: Vec<RuleDef>,
    /// Reasons for which acceptance is refused or no licence is needed, the bundle's own first, then the common ones.
    pub refusals: Vec<Refusal>,
    /// Departments that take part, by id.
    pub departments: BTreeMap<DepartmentId, Department>,
}

impl Bundle {
    /// The matter of this id, if the bundle has it.
    pub fn find_matter(&self, id: &MatterId) -> Option<&MatterDef> {
        self.matters.iter().find(|matter| &matter.id == id)
    }

    /// The paper of this key, if the bundle has it.
    pub fn find_material(&self, key: &MaterialKey) -> Option<&MaterialDef> {
        self.materials.iter().find(|material| &material.key == key)
    }

    /// The field of this key, if the bundle has it. The key of a repetition (`child_name.2`) finds its definition.
    pub fn find_field(&self, key: &FieldKey) -> Option<&FieldDef> {
        let base = key.as_str().split('.').next().unwrap_or_default();
        self.fields.iter().find(|field| field.key.as_str() == base)
    }

    /// The question of this id, if the bundle has it.
    pub fn find_question(&self, id: &QuestionId) -> Option<&Question> {
        self.guidance.iter().find(|question| &question.id == id)
    }

    /// The department that answers for a matter.
    pub fn find_department(&self, id: &DepartmentId) -> Option<&Department> {
        self.departments.get(id)
    }
}

/// Who may apply for a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicantKind {
    /// A natural person.
    Person,
    /// A natural person, usually with an agent (an employer's clerk).
    PersonWithAgent,
    /// A legal person.
    Enterprise,
    /// An individual business.
    IndividualBusiness,
}

impl ApplicantKind {
    /// The word used in the catalogue and in conditions (`applicant.kind`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::PersonWithAgent => "person_with_agent",
            Self::Enterprise => "enterprise",
            Self::IndividualBusiness => "individual_business",
        }
    }
}

/// A department or other body that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Stable id, such as `PSB`.
    pub id: DepartmentId,
    /// Full name.
    pub name: Bilingual,
    /// Name for narrow columns.
    pub short: Bilingual,
}

/// What the bundle costs an applicant before and after the reform. The counts are checked against the papers on load.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Copies handed in before.
    pub materials_before: u32,
    /// Papers handed in now, under `usual` answers.
    pub materials_after: u32,
    /// Time before, in words.
    pub time_before: Bilingual,
    /// Time now, in words.
    pub time_after: Bilingual,
    /// Visits before, in words.
    pub visits_before: Bilingual,
    /// Visits now, in words.
    pub visits_after: Bilingual,
    /// Answers of the ordinary case, for which `materials_after` holds.
    pub usual: Answers,
}

/// One service item of one department.
#[derive(Debug, Clone)]
pub struct MatterDef {
    /// Stable id, unique inside the bundle.
    pub id: MatterId,
    /// Name of the matter.
    pub name: Bilingual,
    /// The department that decides.
    pub department: DepartmentId,
    /// What kind of decision it is.
    pub kind: MatterKind,
    /// Code of the matter in the national or local list of government services (GB/T 39554.1), if the catalogue knows it.
    /// It is what citizens are shown; [`Self::id`] is for the program only.
    pub official_code: Option<String>,
    /// Matters whose completion this one waits for; empty means it starts at acceptance.
    pub after: Vec<MatterId>,
    /// When the matter belongs to the case; always, if absent.
    pub when: Option<Expression>,
    /// Promised time.
    pub promised: TimeLimit,
    /// False for steps whose time is not counted (a hearing, an expert review), art. 45 of the licensing law.
    pub counted: bool,
    /// Limit set by law, if any.
    pub statutory: Option<Statutory>,
    /// Fee in words; the rule is that there is none (art. 58 of the licensing law).
    pub fee: Bilingual,
    /// What the applicant receives.
    pub result: ResultDef,
    /// True when the window may decide at once by mandate of the department.
    pub mandate: bool,
    /// Stage of a long project, if the bundle has stages.
    pub stage: Option<String>,
}

/// Kind of administrative act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterKind {
    /// Licence.
    Licence,
    /// Confirmation.
    Confirmation,
    /// Payment.
    Payment,
    /// Filing.
    Filing,
    /// Public service.
    Service,
    /// A step between authorities that the applicant does not apply for.
    Internal,
}

/// What a matter ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultDef {
    /// Stable id; for counter-printed licences also the name of the print layout.
    pub id: String,
    /// Name of the document.
    pub name: Bilingual,
    /// How it reaches the applicant.
    pub delivery: ResultDelivery,
    /// Months for which it is valid, if limited.
    pub valid_months: Option<u32>,
}

/// How a result reaches the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultDelivery {
    /// Printed at the counter on a counted blank.
    CounterPrint,
    /// Made elsewhere, picked up at the delivery counter.
    Pickup,
    /// Sent by post.
    Post,
    /// Electronic record or certificate only.
    Electronic,
    /// Passed on inside the administration.
    None,
}

/// A guided question.
#[derive(Debug, Clone)]
pub struct Question {
    /// Stable id.
    pub id: QuestionId,
    /// The question.
    pub text: Bilingual,
    /// What the answer decides, one sentence.
    pub hint: Option<Bilingual>,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Asked only when this holds; always, if absent.
    pub ask_when: Option<Expression>,
    /// The answer where it is known already, from the applicant or from values of the form: text of an option, or a whole number.
    pub known: Option<Expression>,
}

/// How a question is answered.
#[derive(Debug, Clone)]
pub enum QuestionKind {
    /// Exactly one of the options.
    Choice(Vec<Choice>),
    /// Any number of the options, also none.
    Many(Vec<Choice>),
    /// A whole number.
    Number {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
        /// Unit shown behind the number.
        unit: Option<Bilingual>,
    },
}

/// One option of a question or of a choice field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Stable id, used in conditions.
    pub id: String,
    /// Label.
    pub name: Bilingual,
}

/// A paper known to the whole catalogue, whatever bundle uses it.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Stable id, such as `id_card`.
    pub id: String,
    /// Name.
    pub name: Bilingual,
    /// Pages or faces to scan at least.
    pub pages_min: u32,
    /// Pages or faces at most, if known.
    pub pages_max: Option<u32>,
    /// The clerk must see the original.
    pub original: bool,
    /// The counter makes and fills it; it is present once signed.
    pub made_by_counter: bool,
    /// Handed over by list, never scanned in full.
    pub paper_only: bool,
    /// Electronic files registered by digest.
    pub electronic: bool,
    /// Quality or size note for the clerk.
    pub spec: Option<Bilingual>,
    /// What can be read from it.
    pub reads: Vec<ReadDef>,
    /// Which of the reads name a person and the person's number, for checks inside the paper.
    pub identity: Option<IdentityReads>,
    /// What a scan of it must have.
    pub scan: ScanDemands,
}

/// What a scan of a paper must have, where the catalogue says more than the kind of the paper does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScanDemands {
    /// Width and height as it lies to be read, millimetres.
    pub size_mm: Option<(f32, f32)>,
    /// Another size that it comes in.
    pub other_size_mm: Option<(f32, f32)>,
    /// Lowest resolution in effect, dots an inch.
    pub dpi_min: Option<f32>,
    /// Edges wider than this on the paper are out of focus, millimetres.
    pub blur_max_mm: Option<f32>,
    /// Largest share of the page that a lamp's reflection may hide.
    pub glare_max: Option<f32>,
    /// Paper darker than this on the scan is too dark, levels of 255.
    pub brightness_min: Option<u8>,
    /// A red seal belongs on it.
    pub sealed: bool,
    /// So many of its pages may be empty and count all the same.
    pub blank_pages_max: u32,
}

/// One value that capture may read from a paper.
#[derive(Debug, Clone)]
pub struct ReadDef {
    /// Key, such as `id_number`.
    pub key: String,
    /// Label.
    pub name: Bilingual,
    /// What kind of value.
    pub kind: ReadKind,
}

/// Kinds of values read from papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadKind {
    /// Free text.
    Text,
    /// A person's or organisation's name.
    Name,
    /// F or M, or the printed word.
    Sex,
    /// A date in the past.
    Date,
    /// The last day on which the paper is valid; an empty value or 长期 means without end.
    ValidUntil,
    /// A number that has a check rule.
    Identifier(IdentifierKind),
}

/// Reads of one paper that belong to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityReads {
    /// Key of the resident number.
    pub number: String,
    /// Key of the sex.
    pub sex: Option<String>,
    /// Key of the birth date.
    pub birth_date: Option<String>,
}

/// One paper of a bundle, in one role.
#[derive(Debug, Clone)]
pub struct MaterialDef {
    /// Key, unique inside the bundle.
    pub key: MaterialKey,
    /// The paper.
    pub paper: Paper,
    /// Whose or which, when the same paper is asked for more than once.
    pub role: Option<Bilingual>,
    /// Roles that depend on an answer; the first that holds wins over `role`.
    pub roles: Vec<(Expression, Bilingual)>,
    /// Matters that use it.
    pub for_matters: Vec<MatterId>,
    /// Copies demanded before the reform.
    pub copies_before: u32,
    /// What happens to it now.
    pub after: AfterReform,
    /// Exceptions: the first that holds wins over `after`.
    pub cases: Vec<(Expression, AfterReform)>,
    /// Needed only when this holds; always, if absent.
    pub when: Option<Expression>,
    /// May be missing at acceptance if the main papers are complete.
    pub tolerance: bool,
    /// Why it is needed, one sentence.
    pub why: Bilingual,
    /// What replaces it, one sentence, when it is not handed in.
    pub instead: Option<Bilingual>,
    /// What the applicant has to bring or mend, for the notice.
    pub remedy: Bilingual,
    /// Law or list that asks for it.
    pub basis: Option<Bilingual>,
    /// Pages at least, when other than the paper's own.
    pub pages_min: u32,
}

/// What happens to a paper after the reform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterReform {
    /// The original is shown and scanned.
    Required,
    /// Replaced by the integrated form.
    Form,
    /// Fetched from a data-sharing source.
    Shared {
        /// Id of the source.
        source: String,
        /// Its name.
        name: Bilingual,
    },
    /// Replaced by a written commitment.
    Commitment,
    /// Made by another matter of the same bundle.
    Internal,
    /// No longer demanded.
    Waived,
}

impl AfterReform {
    /// The word used in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Form => "form",
            Self::Shared { .. } => "shared",
            Self::Commitment => "commitment",
            Self::Internal => "internal",
            Self::Waived => "waived",
        }
    }
}

/// A group of form fields.
#[derive(Debug, Clone)]
pub struct FieldGroup {
    /// Stable id.
    pub id: String,
    /// Heading.
    pub name: Bilingual,
    /// How many times the group is filled (a whole number); once, if absent. Never more than [`FieldGroup::REPEAT_MAX`].
    pub repeat: Option<Expression>,
}

impl FieldGroup {
    /// Bound on repetitions, whatever an answer says.
    pub const REPEAT_MAX: u32 = 20;
}

/// One field of the integrated form.
#[derive(Debug, Clone)]
pub struct FieldDef {
    /// Key, unique inside the bundle. Repetition n > 1 of a repeated group has the key `key.n`.
    pub key: FieldKey,
    /// Label.
    pub name: Bilingual,
    /// Group it stands in.
    pub group: String,
    /// What kind of value.
    pub kind: FieldKind,
    /// Must be filled always.
    pub required: bool,
    /// Must be filled when this holds.
    pub required_when: Option<Expression>,
    /// Shown only when this holds; always, if absent.
    pub when: Option<Expression>,
    /// Where its value may come from, best first.
    pub origins: Vec<FieldOrigin>,
    /// Masked in lists and logs.
    pub sensitive: bool,
    /// What to type, one sentence.
    pub hint: Option<Bilingual>,
}

impl FieldDef {
    /// Key of the n-th repetition, counted from 1.
    pub fn key_of(&self, repetition: u32) -> FieldKey {
        if repetition <= 1 {
            self.key.clone()
        } else {
            FieldKey::new(format!("{}.{repetition}", self.key.as_str()))
        }
    }
}

/// Where a field's value may be taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldOrigin {
    /// From what capture read on a paper.
    Paper {
        /// The paper.
        material: MaterialKey,
        /// Which read.
        read: String,
    },
    /// From the applicant's own data: `name`, `id_number` or `phone`.
    Applicant(String),
}

/// Kinds of form values. The typed value is always text; the kind says how it is checked and seen by conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text, at most so many characters.
    Text {
        /// Characters at most.
        max: u32,
    },
    /// A person's or organisation's name.
    Name,
    /// A number with a check rule.
    Identifier(IdentifierKind),
    /// A calendar day, `2026-11-24`.
    Date,
    /// A day with a time, `2026-11-24T14:20`.
    DateTime,
    /// A whole number.
    Integer {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
        /// Unit shown behind it.
        unit: Option<Bilingual>,
    },
    /// Yuan with at most two decimals; conditions see whole fen.
    Money,
    /// One of fixed options.
    Choice(Vec<Choice>),
    /// A mainland phone number.
    Phone,
    /// A postal address.
    Address,
    /// Yes or no.
    Bool,
}

impl FieldKind {
    /// Longest name, in characters. Company names are the longest.
    pub const NAME_MAX: u32 = 100;
    /// Longest address, in characters.
    pub const ADDRESS_MAX: u32 = 200;
    /// Longest value of any other kind, in characters: numbers, dates, amounts.
    pub const SHORT_MAX: u32 = 64;

    /// The closed word for whoever draws the form.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Name => "name",
            Self::Identifier(identifier) => identifier.name(),
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Integer { .. } => "integer",
            Self::Money => "money",
            Self::Choice(_) => "choice",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Bool => "bool",
        }
    }

    /// How a value is led while it is typed: groups of characters (`6-8-4`), or a word for a control of its own; empty for free text.
    /// Groups only where every value has the same.
    pub fn mask(&self) -> &'static str {
        match self {
            Self::Identifier(IdentifierKind::ResidentId) => "6-8-4",
            Self::Identifier(IdentifierKind::CreditCode) => "2-6-9-1",
            Self::Identifier(IdentifierKind::BankCard) => "4-4-4-4-3",
            Self::Identifier(IdentifierKind::Mobile) => "3-4-4",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Money => "money",
            Self::Integer { .. } => "integer",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Identifier(_) | Self::Text { .. } | Self::Name | Self::Choice(_) | Self::Bool => "",
        }
    }

    /// Most characters of a value.
    pub fn max_chars(&self) -> u32 {
        match self {
            Self::Text { max } => *max,
            Self::Name => Self::NAME_MAX,
            Self::Address => Self::ADDRESS_MAX,
            Self::Identifier(_) | Self::Date | Self::DateTime | Self::Integer { .. } | Self::Money | Self::Choice(_) | Self::Phone | Self::Bool => {
                Self::SHORT_MAX
            }
        }
    }
}

/// A consent that the applicant gives in writing.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Stable id.
    pub id: String,
    /// What is consented to.
    pub text: Bilingual,
    /// Who gives it.
    pub by: Bilingual,
    /// Law that asks for it.
    pub source: Bilingual,
    /// Needed only when this holds; always, if absent.
    pub when: Option<Expression>,
}

/// A check of the bundle itself.
#[derive(Debug, Clone)]
pub struct RuleDef {
    /// Stable id; the finding's code is `rule.<id>`.
    pub id: String,
    /// How grave it is when it does not hold.
    pub severity: RuleSeverity,
    /// Applies only when this holds; always, if absent.
    pub when: Option<Expression>,
    /// What must be true. Undecided (a value is missing) counts as not yet broken.
    pub holds: Expression,
    /// Fields concerned.
    pub fields: Vec<FieldKey>,
    /// Papers concerned.
    pub materials: Vec<MaterialKey>,
    /// What is wrong, for the clerk.
    pub what: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
    /// The same as one sentence for the applicant, where the clerk's words will not do.
    pub tell: Option<Bilingual>,
    /// Law or list behind the rule.
    pub source: Option<Bilingual>,
    /// Who may let the case pass all the same.
    pub override_by: Override,
    /// True when the rule is checked once for each repetition of a group.
    pub repeated: bool,
}

/// How grave a broken rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleSeverity {
    /// To know.
    Note,
    /// To be looked at.
    Warning,
    /// Blocks acceptance.
    Error,
}

/// Who may let a case pass although a check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Override {
    /// Nobody.
    Never,
    /// The clerk, with a written reason.
    Reason,
    /// A second person (the supervisor), with a written reason.
    SecondPerson,
}

/// A reason for which a case is not accepted.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Stable id.
    pub id: String,
    /// Which outcome it leads to.
    pub outcome: RefusalOutcome,
    /// Holds by itself when the answers or fields say so; absent for reasons only a clerk can see.
    pub when: Option<Expression>,
    /// The reason, for the notice.
    pub reason: Bilingual,
    /// The law.
    pub law: Bilingual,
    /// The body to turn to, if another one is competent.
    pub body: Option<Bilingual>,
    /// True for reasons every bundle shares.
    pub common: bool,
}

/// What follows from a reason for refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalOutcome {
    /// 不予受理: refused, with the reason and the right body.
    Rejected,
    /// 不受理: no licence is needed.
    NotRequired,
    /// Not in this bundle: a person of the department handles it.
    Elsewhere,
}
