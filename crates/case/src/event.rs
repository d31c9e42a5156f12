//! What can happen to a case, in the past tense. A case is nothing but its events in order; `Case::apply` folds them.
//! Absent on purpose: how an event is written to disk or sent (crate `journal` and crate `wire` have their own twins).

use time::Date;

use crate::ids::{BlankSerial, BundleId, DepartmentId, Digest, DocumentId, FieldKey, MaterialKey, MatterId, PageId, PrintId, QuestionId, StaffNo};

/// One fact of a case's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseEvent {
    /// The clerk began a case; its number is allotted here and never changes.
    Opened {
        case_no: String,
        bundle: BundleId,
        catalogue_version: String,
        ticket: Option<String>,
    },
    /// Who applies, and who speaks for them.
    ApplicantSet { applicant: Applicant },
    /// A guidance question was answered (again); `None` takes the answer back.
    Answered { question: QuestionId, answer: Option<String> },
    /// A value of the form was typed, read or corrected.
    FieldSet { field: FieldKey, value: String, source: FieldSource },
    /// The clerk compared a value with the paper and stands for it.
    FieldConfirmed { field: FieldKey },
    /// A page is on disk: flushed before this event was written. Until it is judged, `corrected` and `thumb` name the original.
    PageKept {
        page: PageId,
        original: Digest,
        corrected: Digest,
        thumb: Digest,
        material: Option<MaterialKey>,
        sequence: u32,
        origin: PageOrigin,
        judgement: Judgement,
    },
    /// The page was straightened, cropped and judged; the original stays.
    PageJudged {
        page: PageId,
        corrected: Digest,
        thumb: Digest,
        judgement: Judgement,
    },
    /// What was read on a page.
    PageRead {
        page: PageId,
        readings: Vec<Reading>,
        paper_guess: Option<String>,
    },
    /// The page belongs to another paper than thought. `guess_percent`: the reader filed it, as sure as this; nothing when a person did.
    PageAssigned {
        page: PageId,
        material: Option<MaterialKey>,
        guess_percent: Option<u8>,
    },
    /// The page was turned; the original stays.
    PageTurned {
        page: PageId,
        corrected: Digest,
        thumb: Digest,
        quarter_turns: u8,
    },
    /// The page no longer counts, but stays in the history.
    PageRemoved { page: PageId },
    /// The page counts again.
    PageRestored { page: PageId },
    /// The page stands elsewhere in the order: before another one, or at the end.
    PageMoved { page: PageId, before: Option<PageId> },
    /// The clerk's own word about a paper.
    MaterialMarked { material: MaterialKey, mark: Option<MaterialMark> },
    /// A failed check was let pass by a second person, who signed.
    FindingOverridden {
        code: String,
        material: Option<MaterialKey>,
        field: Option<FieldKey>,
        reason: String,
        approved_by: StaffNo,
    },
    /// The papers are held by the centre: the five-day clock runs (licensing law art. 32).
    Received { on: Date },
    /// The application is complete: the decision clock of each matter runs.
    Accepted { on: Date, matters: Vec<MatterDue>, pickup_code: String },
    /// Accepted although papers on the tolerance list are outstanding.
    AcceptedConditionally {
        on: Date,
        matters: Vec<MatterDue>,
        outstanding: Vec<MaterialKey>,
        outstanding_due: Date,
        pickup_code: String,
    },
    /// All deficiencies were told at once.
    SupplementTold { items: Vec<DeficiencyItem>, last_day: Date },
    /// Acceptance was refused in writing.
    AcceptanceRefused {
        reason: String,
        basis: String,
        right_body: Option<String>,
    },
    /// No licence is needed; told at once.
    NotRequired { basis: String },
    /// The applicant took the application back.
    Withdrawn { reason: String },
    /// Nothing was told within the time of the law: accepted as of the day of receipt (licensing law art. 32 (4)).
    DeemedAccepted {
        on: Date,
        matters: Vec<MatterDue>,
        pickup_code: String,
        basis: String,
    },
    /// What the one-time notice asked for was not brought in its period: counts as withdrawn (provincial rules art. 11).
    DeemedWithdrawn { on: Date },
    /// Papers that might follow came late or wrong: acceptance is taken back in writing (provincial rules art. 11).
    AcceptanceRevoked { on: Date, reason: String, by: StaffNo },
    /// A matter was decided at the window by mandate of its department.
    DecidedHere { matter: MatterId, decision: HereDecision },
    /// What belongs to the visit rather than to the papers: see [`VisitNote`].
    VisitNoted { note: VisitNote },
    /// The supervisor gave the case back to the clerk.
    SentBack { by: StaffNo, reason: String },
    /// The clerk has dealt with what the supervisor sent back.
    SentBackSettled,
    /// A document exists: its bytes are on disk and never change.
    DocumentMade {
        document: DocumentId,
        kind: String,
        number: String,
        bytes: Digest,
        /// Sheets of paper, one side each.
        pages: u32,
        matter: Option<MatterId>,
    },
    /// A step of putting a document on paper; see [`PrintStep`].
    PrintStepped { print: PrintId, document: DocumentId, step: PrintStep },
    /// The centre answered that it holds every entry and page of the case up to `revision`.
    ReceivedByCentre { revision: u32, at_ms: i64 },
    /// The centre told where a matter is.
    MatterMoved { matter: MatterId, to: MatterProgress },
    /// A matter was granted at the window by mandate, with a number of the counter's own block and its own signature.
    DecidedAtWindow {
        matter: MatterId,
        licence_no: String,
        content: Vec<(String, String)>,
        signed_code: String,
    },
    /// A counted blank was put under the printer for a licence.
    BlankBooked {
        serial: BlankSerial,
        matter: MatterId,
        document: DocumentId,
    },
    /// A booked blank was used or spoiled.
    BlankSettled {
        serial: BlankSerial,
        fate: BlankFate,
        reason: Option<String>,
        witness: Option<StaffNo>,
    },
    /// The licence of a matter was handed over.
    HandedOver { matter: MatterId, receiver: String },
}

/// A person or an organisation that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// Natural person or organisation.
    pub kind: ApplicantKind,
    /// Name as on the identity paper.
    pub name: String,
    /// Resident identity number, credit code or another number; empty when not yet known.
    pub id_number: String,
    /// Mobile or land line; empty when not given.
    pub phone: String,
    /// Who speaks for the applicant, with a letter of authorisation.
    pub agent: Option<String>,
}

/// What belongs to the visit: who came, what they need, what they agreed to, how they found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitNote {
    /// Who acts for the applicant; `None` when nobody does any more.
    Representative(Option<Representative>),
    /// What the applicant needs at the counter; replaces what was noted before.
    Needs(Vec<Need>),
    /// A consent of the catalogue, given or taken back by itself.
    Consent { consent: String, given: bool },
    /// How satisfied the applicant is; the last one counts.
    Rated(Rating),
}

/// Who acts for the applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representative {
    /// By authorisation or by law.
    pub kind: RepresentativeKind,
    /// Name as on the identity paper.
    pub name: String,
    /// Resident identity number or another number.
    pub id_number: String,
    /// Mobile or land line; empty when not given.
    pub phone: String,
    /// What proves it: the letter of authorisation with its scope, or the tie to the minor.
    pub authority: String,
}

/// By what right somebody acts for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepresentativeKind {
    /// 代理人, by letter of authorisation (licensing law art. 29).
    Agent,
    /// 监护人 of a minor or of an adult who cannot act.
    Guardian,
}

/// What an applicant needs at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// 大字: large print on screen and paper.
    LargePrint,
    /// 手语: sign language.
    SignLanguage,
    /// 朗读: documents are read aloud.
    ReadAloud,
    /// 轮椅: a place for a wheelchair.
    Wheelchair,
    /// 翻译: another language or dialect.
    Interpreter,
    /// 帮办: somebody of the centre helps through.
    AssistedService,
    /// 优先: pregnant, old, with an infant, soldier.
    Priority,
}

impl Need {
    /// Every need, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::LargePrint,
        Self::SignLanguage,
        Self::ReadAloud,
        Self::Wheelchair,
        Self::Interpreter,
        Self::AssistedService,
        Self::Priority,
    ];

    /// The closed word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LargePrint => "large_print",
            Self::SignLanguage => "sign_language",
            Self::ReadAloud => "read_aloud",
            Self::Wheelchair => "wheelchair",
            Self::Interpreter => "interpreter",
            Self::AssistedService => "assisted_service",
            Self::Priority => "priority",
        }
    }

    /// The need with this word.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.code() == code)
    }
}

/// How satisfied the applicant is (好差评): five levels, the two lowest are bad ratings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// 5 very satisfied, 4 satisfied, 3 fairly, 2 dissatisfied, 1 very dissatisfied.
    pub level: u8,
    /// Chosen from a fixed list.
    pub reasons: Vec<String>,
    /// The applicant does not want to be named with it.
    pub anonymous: bool,
}

impl Rating {
    /// The levels that exist.
    pub const LEVELS: std::ops::RangeInclusive<u8> = 1..=5;

    /// 差评: to be looked into, set right within 15 working days and called back about.
    pub const fn is_bad(&self) -> bool {
        self.level <= 2
    }
}

/// What was decided at the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HereDecision {
    /// Granted, recorded or confirmed.
    Granted,
    /// Refused with a written reason (licensing law art. 38).
    Refused { reason: String },
}

/// What kind of applicant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicantKind {
    /// 自然人.
    Person,
    /// 法人 or another organisation, also one about to be founded.
    Organisation,
}

/// Where a value of the form comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldSource {
    /// Typed by the clerk.
    Typed,
    /// Read on a page of the case.
    Page(PageId),
    /// Given by data sharing.
    Shared,
}

/// How a page came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageOrigin {
    /// From a scanner, by its name.
    Scanner(String),
    /// From an imported file, by its name without folders.
    File(String),
}

/// The verdict on a page at its arrival, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Closed code such as `usable`, `glare`, `blank`; [`Judgement::PENDING`] until the page was looked at.
    pub verdict: String,
    /// Size of the corrected page.
    pub width_px: u32,
    /// Size of the corrected page.
    pub height_px: u32,
    /// Effective resolution.
    pub dpi: u32,
    /// Paper size found, tenths of a millimetre.
    pub width_tenth_mm: u32,
    /// Paper size found, tenths of a millimetre.
    pub height_tenth_mm: u32,
    /// Skew that was corrected, hundredths of a degree.
    pub skew_centideg: i32,
    /// Perceptual hash, to tell the same page twice.
    pub perceptual_hash: u64,
    /// Quality findings, worst first.
    pub findings: Vec<QualityRemark>,
    /// Where the page lies on its original: top left, top right, bottom right, bottom left of the page as it is shown, each across and
    /// down in ten-thousandths of the original's width and height. Nothing when it was not noted.
    pub corners: Option<[[i32; 2]; 4]>,
}

impl Judgement {
    /// Verdict of a page that is safe on disk and not yet looked at.
    pub const PENDING: &'static str = "pending";

    /// The judgement of a page that nobody has looked at.
    pub fn pending() -> Self {
        Self {
            verdict: Self::PENDING.to_owned(),
            ..Self::default()
        }
    }

    /// The same page turned clockwise by quarter turns: sizes and corners follow the picture.
    pub(crate) fn turn(&mut self, quarter_turns: u8) {
        if quarter_turns % 2 == 1 {
            std::mem::swap(&mut self.width_px, &mut self.height_px);
            std::mem::swap(&mut self.width_tenth_mm, &mut self.height_tenth_mm);
        }
        if let Some(corners) = &mut self.corners {
            corners.rotate_right(usize::from(quarter_turns % 4));
        }
    }
}

/// One quality finding on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityRemark {
    /// Closed code such as `glare`.
    pub code: String,
    /// What is wrong and what to do, Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// One value read on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is, such as `resident_id`.
    pub key: String,
    /// As read, normalised, never guessed.
    pub value: String,
    /// Why it may be believed: `check_digit`, `mrz`, `barcode`, `ocr_only`, `file_text` ...
    pub evidence: String,
    /// Place on the corrected page in px: x, y, width, height.
    pub region: Option<[u32; 4]>,
}

impl Reading {
    /// The same reading on its page turned clockwise by quarter turns; `size_px` is that of the page before the turn. A place outside of it
    /// has no place afterwards.
    pub(crate) fn turn(&mut self, (width, height): (u32, u32), quarter_turns: u8) {
        let Some([x, y, w, h]) = self.region.take() else { return };
        let beyond = |from: u32, length: u32, side: u32| side.checked_sub(from.checked_add(length)?);
        let (Some(from_right), Some(from_below)) = (beyond(x, w, width), beyond(y, h, height)) else {
            return;
        };
        self.region = Some(match quarter_turns % 4 {
            1 => [from_below, x, h, w],
            2 => [from_right, from_below, w, h],
            3 => [y, from_right, h, w],
            _ => [x, y, w, h],
        });
    }
}

/// The clerk's own word about a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MaterialMark {
    /// The applicant confirmed what data sharing gave or will give.
    SharedConfirmed,
    /// A written commitment stands for the paper.
    CommitmentSigned,
    /// Will be brought later (tolerance list).
    Outstanding,
    /// Another proof shows the fact; the reason is recorded (provincial rules art. 9).
    OtherProof(String),
}

/// A matter and its deadline, fixed at acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterDue {
    /// Which matter.
    pub matter: MatterId,
    /// Who decides.
    pub department: DepartmentId,
    /// Last day of the promised time; `None` when the clock starts with a matter before it.
    pub due: Option<Date>,
}

/// One line of a one-time notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeficiencyItem {
    /// The paper or field concerned, in the reader's words.
    pub subject_zh: String,
    /// The same in English.
    pub subject_en: String,
    /// What is wrong or missing, Chinese.
    pub problem_zh: String,
    /// The same in English.
    pub problem_en: String,
    /// How to put it right, Chinese.
    pub remedy_zh: String,
    /// The same in English.
    pub remedy_en: String,
}

/// Steps of a print, journalled before or right after each of them happens; see `print_job`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintStep {
    /// Copy 0 is the original; every further copy says so on its face and gives a reason.
    Prepared { copy_no: u32, reason: Option<String> },
    /// Bytes may leave from now on.
    Submitting { printer: String },
    /// The printer took the job.
    Taken { job: i32 },
    /// The printer said that it has not got the job: it may be sent again.
    NotTaken,
    /// The printer said the job is completed, or the clerk said the sheet is there.
    Confirmed,
    /// Nothing usable came out.
    Spoiled { reason: String },
    /// The answer was lost: a person must look into the tray.
    Uncertain,
    /// A person looked: no sheet came out; it may be sent again under the same copy number.
    NothingCameOut,
}

/// Where a matter is, as the centre says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatterProgress {
    /// With the department; the clock runs until `due`.
    WithDepartment { department: DepartmentId, due: Option<Date> },
    /// Clock frozen by a special procedure.
    Suspended { reason: String },
    /// Granted, with what is to be printed, as `key: value` pairs in order, and the licence number.
    Granted {
        licence_no: String,
        content: Vec<(String, String)>,
        signed_code: Option<String>,
    },
    /// The time was extended once, with the reason told (licensing law art. 42).
    Extended { due: Option<Date>, reason: String },
    /// Refused with a written reason.
    Refused { reason: String },
    /// Stopped because a matter before it was refused.
    Stopped { reason: String },
}

/// What became of a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlankFate {
    /// Carries the licence.
    Used,
    /// In the spoil bag.
    Spoiled,
}
