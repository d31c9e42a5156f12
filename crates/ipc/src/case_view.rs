//! One case as the window shows it: guidance, checklist, pages, fields with evidence, findings, outcomes, documents, way.
//!
//! Commands (each returns the fresh [`CaseView`] unless said otherwise; `case_id` first):
//! `get_case`, `set_applicant(applicant: ApplicantView)`, `answer_question(question, answer: Option<String>)`,
//! `set_field(field, value)`, `confirm_field(field)`, `confirm_clear_fields(page_id)`,
//! `scan_into(material: Option<String>, profile: ScanProfile)` (returns at once; pages come as `ScanNews` and `CaseNews`),
//! `rescan_page(page_id, profile: ScanProfile)` (as `scan_into`; the first page that comes takes the place of this one),
//! `cancel_scan`, `take_shot` (a page of what the camera sees; returns nothing), `aim_camera(material: Option<String>, automatic: bool)` (where
//! its pages go, and whether papers that come to rest are taken; returns nothing), `import_files(material: Option<String>, paths: Vec<String>)`, `import_dialog(material)` (opens the system's file dialog),
//! `take_inbox(material: Option<String>)` (the files that wait in the folder of a scanner that stands by itself),
//! `assign_page(page_id, material: Option<String>)`, `turn_page(page_id, quarter_turns)`, `remove_page(page_id)`, `restore_page(page_id)`,
//! `crop_page(page_id, corners: Vec<ShareView>)` (top left, top right, bottom right, bottom left of the page as it is shown),
//! `reset_page(page_id)` (back to the counter's own correction), `split_page(page_id)`,
//! `join_pages(first, second)`, `move_page(page_id, before: Option<String>)`,
//! `undo_page_act(revision)` (takes back the act that began there, with those on pages after it),
//! `mark_material(material, mark: Option<MarkView>, reason: Option<String>)`,
//! `decide_outcome(request: OutcomeRequest)`, `preview_document(kind, lang) -> PreviewView`,
//! `print_document(document_id, reason: Option<String>)`, `answer_print(print_id, printed: bool)`, `cancel_print(print_id)`,
//! `issue_licence(matter, blank_serial)`, `settle_blank(serial, used: bool, reason: Option<String>, witness_pin: Option<String>)`,
//! `decide_at_window(matter)`, `hand_over(matter, receiver)`, `withdraw_case(reason)`, `settle_sent_back`, `get_history -> Vec<HistoryRow>`.
//!
//! Pictures come through the custom scheme `page`: `page://localhost/<case_id>/<page_id>/{original|corrected|thumb}?r=<revision>`,
//! `page://localhost/<case_id>/<page_id>/fitted/<side>?r=<revision>` (the corrected page with at least so many elements on its longer side),
//! `page://localhost/<case_id>/<page_id>/snippet?x=&y=&w=&h=` and `page://localhost/<case_id>/document/<document_id>/<page_no>`;
//! a preview's pictures: `page://localhost/<case_id>/preview/<token>/<page_no>`; the newest live picture of a camera, each given once:
//! `page://localhost/<case_id>/camera/<count>`, where the count only keeps addresses apart.

use crate::page_act::UndoView;
use crate::paper::OfferView;
use crate::visit::{LawfulView, VisitView};
use crate::worklist::Alert;
use crate::{Words, contract};

contract! {
    /// Everything about a case that the window shows.
    pub struct CaseView {
        /// Case.
        pub case_id: String,
        /// `330302-01-003-20261124-0017-7`.
        pub case_no: String,
        /// Grows with each act.
        pub revision: u32,
        /// Ticket, or the sequence of the day.
        pub ticket: String,
        /// Bundle.
        pub bundle_id: String,
        /// Bundle name.
        pub bundle: Words,
        /// Funeral and the like: calm words, no rating.
        pub quiet: bool,
        /// Closed word of the state.
        pub state: String,
        /// State in words.
        pub state_words: Words,
        /// Papers and form may be changed.
        pub editable: bool,
        /// Who applies.
        pub applicant: Option<ApplicantView>,
        /// Questions in order; those not needed are left out.
        pub questions: Vec<QuestionView>,
        /// Questions not yet answered.
        pub questions_open: u32,
        /// An answer that ends the case (refusal, other counter), with the reason.
        pub guidance_stop: Option<Words>,
        /// Matters that will be handled, in dependency order.
        pub matters: Vec<MatterView>,
        /// Papers, required first.
        pub checklist: Vec<ChecklistItem>,
        /// Papers that the old way asked for.
        pub papers_before: u32,
        /// Papers to hand in now.
        pub papers_required: u32,
        /// Of these, in order.
        pub papers_ok: u32,
        /// Pages in their order.
        pub pages: Vec<PageView>,
        /// The last act on pages that can be taken back.
        pub undo: Option<UndoView>,
        /// Form fields in order.
        pub fields: Vec<FieldView>,
        /// All findings, errors first.
        pub findings: Vec<FindingView>,
        /// The five outcomes 1-5, also those not possible now.
        pub outcomes: Vec<OutcomeView>,
        /// Latest due date, promised at acceptance or computed for today.
        pub due: Option<String>,
        /// Traffic light.
        pub alert: Alert,
        /// Last day to bring what is missing.
        pub supplement_until: Option<String>,
        /// Documents and their prints.
        pub documents: Vec<DocumentView>,
        /// Documents that can be made now.
        pub offers: Vec<OfferView>,
        /// Where the case is.
        pub safe: SafeTrack,
        /// The way of the case, step by step.
        pub way: Vec<WayStep>,
        /// Given back by the supervisor.
        pub sent_back: Option<SentBackView>,
        /// Pick-up code, once accepted.
        pub pickup_code: Option<String>,
        /// Who came and how.
        pub visit: VisitView,
        /// What the law attaches to the case today.
        pub lawful: LawfulView,
        /// Version of the catalogue that counts for this case.
        pub catalogue_version: String,
    }
}

contract! {
    /// Who applies.
    pub struct ApplicantView {
        /// `person` or `organisation`.
        pub kind: ApplicantKind,
        /// Name.
        pub name: String,
        /// Identity number or credit code.
        pub id_number: String,
        /// Phone.
        pub phone: String,
        /// Agent.
        pub agent: Option<String>,
    }
}

contract! {
    /// Kind of applicant.
    pub enum ApplicantKind {
        /// Natural person.
        Person,
        /// Organisation.
        Organisation,
    }
}

contract! {
    /// A guidance question.
    pub struct QuestionView {
        /// Key.
        pub question: String,
        /// The question.
        pub text: Words,
        /// What the answer decides.
        pub note: Option<Words>,
        /// Choices, numbered from 1; empty for a number.
        pub options: Vec<OptionView>,
        /// Smallest number, when it is a number.
        pub min: Option<u32>,
        /// Largest number.
        pub max: Option<u32>,
        /// The answer.
        pub answer: Option<String>,
        /// The answer was not given by anybody but is known; from where, in words.
        pub known_from: Option<Words>,
    }
}

contract! {
    /// A choice.
    pub struct OptionView {
        /// Value.
        pub value: String,
        /// Label.
        pub label: Words,
    }
}

contract! {
    /// A matter of the bundle.
    pub struct MatterView {
        /// Key.
        pub matter: String,
        /// Name.
        pub name: Words,
        /// Department.
        pub department: Words,
        /// Promised time in words.
        pub promised: Words,
        /// Matters that must finish before, by key.
        pub after: Vec<String>,
        /// Depth in the order, 0 for those that start at acceptance.
        pub depth: u32,
        /// Closed word of the state; empty before acceptance.
        pub state: String,
        /// State in words.
        pub state_words: Words,
        /// Last day: promised, or before acceptance what accepting today would promise; none while it waits for another matter.
        pub due: Option<String>,
        /// Reason of a refusal or suspension.
        pub reason: Option<String>,
        /// Licence number, when granted.
        pub licence_no: Option<String>,
        /// A licence may be printed now.
        pub licence_printable: bool,
        /// Blank stock next to use, as a proposal.
        pub next_blank: Option<String>,
        /// A copy of the licence that is out may be printed now, on one more blank and with a reason.
        pub licence_copyable: bool,
        /// Blank under the printer, or the one that carries the licence.
        pub blank: Option<BlankView>,
        /// It may be decided at this window by mandate.
        pub window: Option<WindowView>,
        /// It may be decided at the window now, by mandate of the department.
        pub decidable_here: bool,
    }
}

contract! {
    /// Deciding a matter at the window.
    pub struct WindowView {
        /// Numbers and a key are there.
        pub possible: bool,
        /// Numbers left in the blocks of this counter.
        pub numbers_left: u32,
        /// In words; says in time when numbers run short.
        pub words: Words,
    }
}

contract! {
    /// The blank of a licence.
    pub struct BlankView {
        /// Serial number.
        pub serial: String,
        /// The sheet was looked at and is good.
        pub used: bool,
    }
}

contract! {
    /// How a paper is dealt with.
    pub enum Disposition {
        /// Original shown and scanned.
        Required,
        /// Part of the form that the app prints.
        Form,
        /// Fetched by data sharing; the applicant only confirms.
        Shared,
        /// A written commitment stands for it.
        Commitment,
        /// Made by another matter of the bundle.
        Internal,
        /// No longer demanded.
        Waived,
    }
}

contract! {
    /// State of a paper on the checklist.
    pub enum PaperState {
        /// Nothing yet.
        Todo,
        /// Pages are there, something to look at.
        ToCheck,
        /// In order.
        Ok,
        /// Something is wrong.
        Finding,
        /// Missing, may follow.
        MayFollow,
        /// Data sharing asked; no answer yet.
        SharedQueued,
        /// Confirmed by the applicant.
        SharedConfirmed,
        /// Commitment signed.
        Committed,
        /// Nothing to hand in.
        NotNeeded,
    }
}

contract! {
    /// A paper on the checklist.
    pub struct ChecklistItem {
        /// Key.
        pub material: String,
        /// Name.
        pub name: Words,
        /// Whose.
        pub role: Option<Words>,
        /// How it is dealt with.
        pub disposition: Disposition,
        /// State.
        pub state: PaperState,
        /// One line: pages, what to look at.
        pub note: Words,
        /// Why it is needed and what replaces it.
        pub why: Words,
        /// May follow later.
        pub tolerance: bool,
        /// Number of matters that use it.
        pub matters: u32,
        /// Pages, by id, in order.
        pub pages: Vec<String>,
        /// Pages expected.
        pub pages_expected: u32,
        /// The clerk's mark.
        pub mark: Option<MarkView>,
    }
}

contract! {
    /// The clerk's word about a paper.
    pub enum MarkView {
        /// Applicant confirmed shared data.
        SharedConfirmed,
        /// Commitment signed.
        CommitmentSigned,
        /// Will follow.
        Outstanding,
        /// Another proof shows the fact.
        OtherProof,
    }
}

contract! {
    /// A page.
    pub struct PageView {
        /// Page.
        pub page_id: String,
        /// Paper it belongs to.
        pub material: Option<String>,
        /// Order of acquisition, from 1.
        pub sequence: u32,
        /// Stands in the address of its pictures: another one whenever they changed.
        pub picture: String,
        /// Closed word of the verdict.
        pub verdict: String,
        /// Verdict in words: what is wrong and what to do.
        pub verdict_words: Words,
        /// Corrected picture, px.
        pub width_px: u32,
        /// Corrected picture, px.
        pub height_px: u32,
        /// Effective resolution.
        pub dpi: u32,
        /// Paper size, mm.
        pub width_mm: f32,
        /// Paper size, mm.
        pub height_mm: f32,
        /// Skew that was corrected, degrees.
        pub skew_deg: f32,
        /// Pieces read, with their place.
        pub readings: Vec<ReadingView>,
        /// Reading is still under way.
        pub reading: bool,
        /// What paper it looks like, when not the one it is filed under.
        pub looks_like: Option<Words>,
        /// The app filed it and was not sure: how sure it was, percent. Nothing once a person has filed it.
        pub guess_percent: Option<u32>,
        /// Where the page lies on its original, four corners in the order of `crop_page`; nothing when that was not noted.
        pub corners: Option<Vec<ShareView>>,
        /// Taken out by the clerk.
        pub removed: bool,
        /// From which scanner or file.
        pub origin: String,
    }
}

contract! {
    /// A value read on a page.
    pub struct ReadingView {
        /// Number tag on the page, from 1.
        pub tag: u32,
        /// Key such as `resident_id`.
        pub key: String,
        /// Label.
        pub label: Words,
        /// Value.
        pub value: String,
        /// `check_digit`, `mrz`, `barcode`, `agreement`, `other_document`, `ocr_only`, `file_text`, `conflict`.
        pub evidence: String,
        /// The evidence in words.
        pub evidence_words: Words,
        /// The evidence proves it.
        pub proven: bool,
        /// Place on the corrected page, px.
        pub region: Option<RegionView>,
        /// What is wrong with it.
        pub finding: Option<FindingView>,
        /// Form field that it fills, when any.
        pub field: Option<String>,
        /// The clerk confirmed the field.
        pub confirmed: bool,
    }
}

contract! {
    /// A place on the corrected page, px.
    pub struct RegionView {
        /// Left.
        pub x: u32,
        /// Top.
        pub y: u32,
        /// Width.
        pub w: u32,
        /// Height.
        pub h: u32,
    }
}

contract! {
    /// A form field.
    pub struct FieldView {
        /// Key.
        pub field: String,
        /// Label.
        pub label: Words,
        /// Closed word: `text`, `name`, `resident-id`, `uscc`, `mobile`, `date`, `datetime`, `integer`, `money`, `choice`, `address` ...
        pub kind: String,
        /// Choices of a `choice`.
        pub options: Vec<OptionView>,
        /// Must be filled.
        pub required: bool,
        /// Value.
        pub value: String,
        /// `typed`, `page`, `shared`, `empty`.
        pub source: FieldSource,
        /// Page it was read on.
        pub page_id: Option<String>,
        /// Compared with the paper.
        pub confirmed: bool,
        /// What was read proves itself (check digit, zone, code, agreement): nobody need compare it.
        pub proven: bool,
        /// What is wrong.
        pub finding: Option<FindingView>,
        /// Group heading, with the number of the repetition.
        pub group: Words,
        /// What to type, one sentence.
        pub hint: Option<Words>,
        /// Unit shown behind the value.
        pub unit: Option<Words>,
        /// How the characters are grouped while typing: `6-8-4` for a resident number, `3-4-4` for a mobile; empty for free text.
        pub mask: String,
        /// Most characters.
        pub max_chars: u32,
        /// Smallest whole number, when it is one.
        pub min: Option<i32>,
        /// Largest whole number, when it is one that fits.
        pub max: Option<i32>,
        /// Personal data that need special care.
        pub sensitive: bool,
    }
}

contract! {
    /// Where a value comes from.
    pub enum FieldSource {
        /// No value.
        Empty,
        /// Typed.
        Typed,
        /// Read on a page.
        Page,
        /// Data sharing.
        Shared,
    }
}

contract! {
    /// Severity of a finding.
    pub enum Severity {
        /// Blocks acceptance.
        Error,
        /// To look at; may be passed.
        Warning,
        /// Information.
        Note,
    }
}

contract! {
    /// A finding: a fact about the papers.
    pub struct FindingView {
        /// Stable within the case; names it in `override_finding`.
        pub id: String,
        /// Closed code.
        pub code: String,
        /// Severity.
        pub severity: Severity,
        /// Paper.
        pub material: Option<String>,
        /// Page.
        pub page_id: Option<String>,
        /// Field.
        pub field: Option<String>,
        /// Name of the paper or field it is about.
        pub subject: Words,
        /// What is wrong.
        pub what: Words,
        /// What to do.
        pub remedy: Words,
        /// The same as one sentence for the applicant.
        pub tell: Words,
        /// Law or catalogue source.
        pub basis: Option<String>,
        /// Somebody may let it pass.
        pub overridable: bool,
        /// Only a second person with an own PIN may; else the clerk with a reason.
        pub second_person: bool,
        /// Let pass, with the reason.
        pub overridden: Option<String>,
        /// May follow later (tolerance list).
        pub tolerable: bool,
    }
}

contract! {
    /// Outcome at the counter, numbered as on the keys 1-5.
    pub enum OutcomeKind {
        /// 1 受理.
        Accept,
        /// 2 容缺受理.
        AcceptConditional,
        /// 3 补正告知.
        Supplement,
        /// 4 不予受理.
        Refuse,
        /// 5 无需许可.
        NotRequired,
    }
}

contract! {
    /// An outcome, possible or not.
    pub struct OutcomeView {
        /// Which.
        pub kind: OutcomeKind,
        /// Label.
        pub label: Words,
        /// Possible now.
        pub possible: bool,
        /// Proposed by the check.
        pub proposed: bool,
        /// Why (not), or what it will do.
        pub note: Words,
        /// Reasons to choose from (refusal).
        pub reasons: Vec<ReasonView>,
        /// Documents that will be printed.
        pub prints: Vec<Words>,
    }
}

contract! {
    /// A reason to choose.
    pub struct ReasonView {
        /// Key.
        pub reason: String,
        /// Words.
        pub words: Words,
        /// Law.
        pub basis: String,
        /// Body to turn to.
        pub right_body: Option<Words>,
    }
}

contract! {
    /// What the clerk decided.
    pub struct OutcomeRequest {
        /// Outcome.
        pub kind: OutcomeKind,
        /// Key of the reason, for a refusal.
        pub reason: Option<String>,
        /// Own words, where asked.
        pub text: Option<String>,
        /// Supervisor's number, for a second notice.
        pub supervisor_no: Option<String>,
        /// Supervisor's PIN.
        pub supervisor_pin: Option<String>,
        /// The applicant signed the promise to bring what is missing.
        pub undertaking_signed: Option<bool>,
        /// No bad credit entry of the applicant is open.
        pub credit_clean: Option<bool>,
        /// Revision that the clerk saw; a newer case is shown again first.
        pub seen_revision: u32,
    }
}

contract! {
    /// State of a print.
    pub enum PrintStateView {
        /// Not sent.
        Pending,
        /// At the printer.
        Sent,
        /// The sheet is there.
        Confirmed,
        /// Nothing usable came out.
        Spoiled,
        /// A person must look into the tray.
        Uncertain,
    }
}

contract! {
    /// A document and its prints.
    pub struct DocumentView {
        /// Document.
        pub document_id: String,
        /// Closed word of the kind.
        pub kind: String,
        /// Title.
        pub title: Words,
        /// Number on its face.
        pub number: String,
        /// The matter whose licence it is, when it is one.
        pub licence_of: Option<String>,
        /// Pages.
        pub pages: u32,
        /// Prints, oldest first.
        pub prints: Vec<PrintView>,
    }
}

contract! {
    /// One attempt to print.
    pub struct PrintView {
        /// Print.
        pub print_id: String,
        /// 0 original, n duplicate n.
        pub copy_no: u32,
        /// State.
        pub state: PrintStateView,
        /// What the printer asks for, and what to do.
        pub words: Option<Words>,
        /// When it got there.
        pub at: Option<String>,
    }
}

contract! {
    /// PC, branch, centre.
    pub struct SafeTrack {
        /// This PC.
        pub here: NodeState,
        /// The centre.
        pub centre: NodeState,
        /// Always with words.
        pub words: Words,
    }
}

contract! {
    /// One node of the safe track.
    pub enum NodeState {
        /// There, by its own word.
        Full,
        /// Not yet.
        Open,
        /// Being sent.
        Half,
        /// Sent back.
        Returned,
    }
}

contract! {
    /// One step of the way of a case.
    pub struct WayStep {
        /// `safe_here`, `received`, `with_department`, `decided`, `handed_over`.
        pub step: String,
        /// Words.
        pub words: Words,
        /// Done, by the word of whoever can know.
        pub done: bool,
        /// When.
        pub at: Option<String>,
    }
}

contract! {
    /// Given back by the supervisor.
    pub struct SentBackView {
        /// Who.
        pub by: String,
        /// Why.
        pub reason: String,
    }
}

contract! {
    /// How to scan.
    pub struct ScanProfile {
        /// Scanner id; `None` for the counter's own.
        pub scanner: Option<String>,
        /// Where the paper lies.
        pub source: ScanSource,
        /// Colours to record; a source without them records the nearest it has.
        pub colour: ScanColour,
        /// Dots an inch, at least; a paper that demands more gets it, and the scanner's lowest that satisfies both is used.
        pub dpi: u32,
        /// Area to record; a paper known to be larger gets more.
        pub paper: ScanPaper,
    }
}

contract! {
    /// Colours to record.
    pub enum ScanColour {
        /// Papers with seals.
        Colour,
        /// Shades of grey.
        Gray,
    }
}

contract! {
    /// Area to record.
    pub enum ScanPaper {
        /// 297 x 420 mm.
        A3,
        /// 210 x 297 mm.
        A4,
        /// 148 x 210 mm.
        A5,
        /// A card in the corner.
        Card,
        /// All the scanner sees.
        Whole,
    }
}

contract! {
    /// A place on a picture, in ten-thousandths of its width and height; may lie a little outside.
    pub struct ShareView {
        /// Rightwards from the left edge.
        pub x: i32,
        /// Downwards from the top edge.
        pub y: i32,
    }
}

contract! {
    /// Where the paper lies.
    pub enum ScanSource {
        /// Feeder when it has paper, else the glass.
        Auto,
        /// Glass.
        Flatbed,
        /// Feeder, front sides.
        Feeder,
        /// Feeder, both sides of every sheet in one pass.
        Both,
        /// Feeder, front sides of a stack of which the backs follow: for scanners that see one side only.
        Fronts,
        /// Feeder, the backs of the stack before, which was turned over as a whole; they are put between their fronts.
        Backs,
    }
}

contract! {
    /// A document as it would be printed.
    pub struct PreviewView {
        /// Names the pictures.
        pub token: String,
        /// Number of pictures.
        pub pages: u32,
        /// Title.
        pub title: Words,
    }
}

contract! {
    /// One line of the record of a case.
    pub struct HistoryRow {
        /// When.
        pub at: String,
        /// Who.
        pub staff: String,
        /// What, in words.
        pub words: Words,
        /// Closed word of the event.
        pub event: String,
    }
}
