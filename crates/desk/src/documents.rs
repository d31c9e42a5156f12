//! What stands on a document: the facts of a case arranged for crate `print`. Rendered once, frozen in the store under its digest.

use std::collections::BTreeMap;

use onewindow_case::case::{Document, Print};
use onewindow_case::event::{ApplicantKind, PrintStep};
use onewindow_case::identifier::{self, IdentifierKind};
use onewindow_case::ids::{CaseId, DocumentId, FieldKey, MatterId, PrintId};
use onewindow_case::state::CaseState;
use onewindow_case::text::Bilingual;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{AfterReform, Bundle, TimeLimit};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{CaseView, PreviewView};
use onewindow_ipc::session::Role;
use onewindow_journal::Event;
use onewindow_print::licence_code::{self, LicenceClaims};
use onewindow_print::{
    Agent, Applicant, CertificateLine, CopyFacts, CopyNote, Dates, DeficiencyLine, Delivery, DocumentData, DocumentKind, Language, LicenceFields, MaterialLine,
    MatterLine, Mode, OutstandingLine, PrintFault, Refusal, RenderedDocument, Tenancy, preview_png,
};
use time::{Date, PrimitiveDateTime};
use uuid::Uuid;

use crate::clock::{CHINA, parse_day};
use crate::desk::{Desk, lock};
use crate::fault::DeskFault;
use crate::outcome;

/// Resolution of pictures of documents on screen.
const PREVIEW_DPI: f32 = 110.0;
/// On what an acceptance is revoked (provincial rules art. 11); the commitment tells the effect beforehand.
const REVOCATION_BASIS: &str = "容缺受理承诺书及容缺受理有关规定";
/// Most pages of a document shown as pictures.
const PREVIEW_PAGES: usize = 20;

impl Desk {
    /// A document as it would be printed now, as pictures under a token.
    ///
    /// # Errors
    /// Fonts missing, a character that can not be printed, case unknown.
    pub fn preview_document(&self, id: CaseId, kind: &str, language: Language) -> Result<PreviewView, DeskFault> {
        let case = self.get_case(id)?;
        let kind = find_kind(kind).ok_or(DeskFault::Unknown { what: "kind of document" })?;
        let mut data = self.document_data(&case, kind, language, None)?;
        // The number is taken when the document is made; a preview takes none.
        data.document_number = pick(language, &Bilingual::new("预览，出文书时编号", "preview, numbered when made"));
        let rendered = self.shared.templates.render(kind, &data, language, Mode::Demonstration, self.fonts()?)?;
        self.keep_preview(kind, &rendered)
    }

    /// Keeps the pictures of a document under a token, for the window to show.
    pub(crate) fn keep_preview(&self, kind: DocumentKind, rendered: &RenderedDocument) -> Result<PreviewView, DeskFault> {
        let pages = pictures(rendered)?;
        let token = Uuid::now_v7().simple().to_string();
        let view = PreviewView {
            token: token.clone(),
            pages: u32::try_from(pages.len()).unwrap_or(0),
            title: self.title(kind),
        };
        lock(&self.shared.previews).keep(token, pages);
        Ok(view)
    }

    /// Whether a value can stand on paper; asked when the form is saved, not at the printer. Without fonts nothing can be
    /// said yet, and the self-test says so.
    pub(crate) fn check_printable(&self, field: &Bilingual, value: &str) -> Result<(), DeskFault> {
        let Ok(fonts) = self.fonts() else { return Ok(()) };
        match fonts.check_printable(&field.zh, value) {
            Err(PrintFault::MissingGlyph { character, .. }) => Err(DeskFault::Unprintable {
                field: field.clone(),
                character,
            }),
            other => Ok(other?),
        }
    }

    /// The title of a kind of document, as its template says it.
    pub(crate) fn title(&self, kind: DocumentKind) -> Words {
        let words = |language| self.shared.templates.title(kind, language);
        Words::new(words(Language::Zh), words(Language::En))
    }

    /// Makes a document of a case, keeps its bytes for ever, and prints it.
    pub(crate) fn make_and_print(&self, id: CaseId, kind: DocumentKind) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let document = self.make_document(&case, kind, None)?;
        self.print_copy(id, document, None)?;
        self.show(id)
    }

    /// Renders and freezes a document; the same kind for the same matter is made once.
    pub(crate) fn make_document(&self, case: &Case, kind: DocumentKind, matter: Option<&MatterId>) -> Result<DocumentId, DeskFault> {
        let made = case
            .documents
            .iter()
            .rev()
            .find(|document| document.kind == kind.name() && document.matter.as_ref() == matter);
        // A supplement notice may be given a second time with the supervisor's word; every other document exists once, also
        // a licence whose first blank was spoiled.
        if let Some(made) = made.filter(|_| kind != DocumentKind::SupplementNotice) {
            return Ok(made.id);
        }
        self.make_with(case, kind, matter, |_| Ok(()))
    }

    /// Renders and freezes a document that `fill` completes with what only its maker knows.
    pub(crate) fn make_with(
        &self,
        case: &Case,
        kind: DocumentKind,
        matter: Option<&MatterId>,
        fill: impl FnOnce(&mut DocumentData) -> Result<(), DeskFault>,
    ) -> Result<DocumentId, DeskFault> {
        let mut data = self.document_data(case, kind, Language::Zh, matter)?;
        fill(&mut data)?;
        let number = self.document_number(kind)?;
        data.document_number.clone_from(&number);
        let rendered = self.shared.templates.render(kind, &data, Language::Zh, self.print_mode(), self.fonts()?)?;
        let bytes = self.shared.store.keep_page(Some(case.id), &rendered.pdf)?;
        let document = DocumentId::new(Uuid::now_v7());
        self.act(case.id, |_| {
            Ok(vec![CaseEvent::DocumentMade {
                document,
                kind: kind.name().to_owned(),
                number,
                bytes,
                pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
                matter: matter.cloned(),
            }])
        })?;
        Ok(document)
    }

    pub(crate) fn print_mode(&self) -> Mode {
        if self.shared.config.demo {
            Mode::Demonstration
        } else {
            Mode::Overlay(onewindow_print::Calibration::default())
        }
    }

    /// `鹿行受〔2026〕第000123号`; a licence carries the number that the centre gave it.
    pub(crate) fn document_number(&self, kind: DocumentKind) -> Result<String, DeskFault> {
        let Some(word) = number_word(kind) else { return Ok(String::new()) };
        let year = self.shared.clock.today().year();
        let serial = self.shared.store.next_document_number(&format!("{word}/{year}"), self.stamp(self.actor()?))?;
        let device = self.shared.config.counter.rsplit('-').next().unwrap_or_default().to_owned();
        // The counter's device number leads the serial, so that two counters of an office can not give the same number offline.
        Ok(format!("{}{word}〔{year}〕第{device}{serial:05}号", self.shared.config.office_short))
    }

    fn document_data(&self, case: &Case, kind: DocumentKind, language: Language, matter: Option<&MatterId>) -> Result<DocumentData, DeskFault> {
        let bundle = &*self.get_bundle(case)?;
        let check = self.assess(case)?;
        let pick = |text: &Bilingual| pick(language, text);
        let config = &self.shared.config;
        let staff = self.staff().ok();
        let due = self.promised_due(case, bundle, &check.guidance.matters);
        let branch = pick(&config.branch());
        let counter = match language {
            Language::Zh => format!("{} 号窗口", config.label),
            Language::En => format!("Counter {}", config.label),
        };
        Ok(DocumentData {
            case_number: case.case_no.clone(),
            issuing_body: branch.clone(),
            centre_name: branch.clone(),
            centre_address: config.address.clone(),
            phone: config.phone.clone(),
            counter,
            clerk: staff.as_ref().map(|staff| staff.name.clone()).unwrap_or_default(),
            clerk_number: staff.map(|staff| staff.staff_no).unwrap_or_default(),
            applicant: applicant(case),
            agent: case
                .applicant
                .as_ref()
                .and_then(|applicant| applicant.agent.clone())
                .map(|name| Agent { name, ..Agent::default() }),
            bundle: pick(&bundle.name),
            matters: matter_lines(
                bundle,
                &self.shown_dues(case, bundle, &check.guidance.matters),
                &check.guidance.matters,
                language,
            ),
            materials: materials(case, &check.guidance.checklist, language),
            outstanding: outstanding(bundle, case, language),
            deficiencies: deficiencies(case, &check, language),
            refusal: self.ending(case)?.or_else(|| refusal(bundle, &check, language)),
            dates: self.dates(case, due),
            supplement_days: u16::try_from(self.catalogue_of(case).supplement_wd()).ok(),
            delivery: delivery(&branch, &config.address, language),
            pickup_code: case.pickup_code.clone().unwrap_or_default(),
            certificates: certificates(bundle, &check.guidance.matters, language),
            licence: matter.and_then(|matter| licence(case, matter)),
            qr_text: qr_text(case, kind, matter),
            copy: CopyNote::default(),
            ..DocumentData::default()
        })
    }

    /// Why a case ended otherwise than by a refusal to accept, as its record says.
    fn ending(&self, case: &Case) -> Result<Option<Refusal>, DeskFault> {
        let said = |entry: &onewindow_journal::Entry| match &entry.event {
            Event::Case(CaseEvent::Withdrawn { reason }) => Some((reason.clone(), String::new())),
            Event::Case(CaseEvent::AcceptanceRevoked { reason, .. }) => Some((reason.clone(), REVOCATION_BASIS.to_owned())),
            Event::Case(CaseEvent::NotRequired { basis }) => Some((String::new(), basis.clone())),
            Event::Case(_) | Event::Counter(_) => None,
        };
        if !matches!(case.state(), CaseState::Withdrawn | CaseState::Revoked | CaseState::NotRequired) {
            return Ok(None);
        }
        let found = self.shared.store.history(case.id)?.iter().rev().find_map(said);
        Ok(found.map(|(reason, basis)| Refusal {
            reason,
            basis,
            ..Refusal::default()
        }))
    }

    fn dates(&self, case: &Case, due: Option<Date>) -> Dates {
        let today = self.shared.clock.today();
        let now = time::OffsetDateTime::from_unix_timestamp(self.shared.clock.now_ms() / 1000)
            .ok()
            .map(|now| now.to_offset(CHINA));
        let received = now.map(|now| PrimitiveDateTime::new(case.received_on.unwrap_or(today), now.time()));
        let supplement_last = case
            .supplement_until
            .or_else(|| self.working_days_from_today(self.catalogue_of(case).supplement_wd()).ok());
        Dates {
            issued: today,
            received,
            accepted: case.accepted_on.or(Some(today)),
            due,
            supplement_last,
            pickup_from: due,
        }
    }
}

/// The word of a kind of document in its number; licences have numbers of another kind, papers of the counter none.
const fn number_word(kind: DocumentKind) -> Option<&'static str> {
    match kind {
        DocumentKind::ReceiptSlip | DocumentKind::ReceiptSlipRoll => Some("收"),
        DocumentKind::AcceptanceNotice => Some("受"),
        DocumentKind::ToleranceCommitment => Some("容"),
        DocumentKind::Commitment => Some("诺"),
        DocumentKind::SupplementNotice => Some("补"),
        DocumentKind::RefusalNotice => Some("不受"),
        DocumentKind::NotRequiredNote => Some("告"),
        DocumentKind::DeemedWithdrawalNote => Some("视撤"),
        DocumentKind::WithdrawalReceipt => Some("撤"),
        DocumentKind::RevocationDecision => Some("撤受"),
        DocumentKind::SpecialProcedureNotice => Some("特"),
        DocumentKind::ExtensionNotice => Some("延"),
        DocumentKind::GrantDecision => Some("许"),
        DocumentKind::RefusalDecision => Some("不许"),
        DocumentKind::PaymentNote => Some("缴"),
        DocumentKind::PaymentDecision => Some("核"),
        DocumentKind::PickupSlip => Some("领"),
        DocumentKind::ProofOfDelivery => Some("送"),
        DocumentKind::HandOverList => Some("交"),
        DocumentKind::DaySheet => Some("日"),
        DocumentKind::QueueTicket
        | DocumentKind::GuideList
        | DocumentKind::RatingSlip
        | DocumentKind::BusinessLicenceOriginal
        | DocumentKind::BusinessLicence
        | DocumentKind::EntertainmentPermit
        | DocumentKind::FoodLicence
        | DocumentKind::TenancyProof => None,
    }
}

/// Whether a document is served on the applicant, with a proof of delivery: what decides or ends something, or asks for something.
pub(crate) const fn is_served(kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::AcceptanceNotice
        | DocumentKind::SupplementNotice
        | DocumentKind::RefusalNotice
        | DocumentKind::NotRequiredNote
        | DocumentKind::DeemedWithdrawalNote
        | DocumentKind::RevocationDecision
        | DocumentKind::SpecialProcedureNotice
        | DocumentKind::ExtensionNotice
        | DocumentKind::GrantDecision
        | DocumentKind::RefusalDecision
        | DocumentKind::PaymentNote
        | DocumentKind::PaymentDecision
        | DocumentKind::BusinessLicenceOriginal
        | DocumentKind::BusinessLicence
        | DocumentKind::EntertainmentPermit
        | DocumentKind::FoodLicence
        | DocumentKind::TenancyProof => true,
        DocumentKind::QueueTicket
        | DocumentKind::GuideList
        | DocumentKind::ReceiptSlip
        | DocumentKind::ReceiptSlipRoll
        | DocumentKind::ToleranceCommitment
        | DocumentKind::Commitment
        | DocumentKind::WithdrawalReceipt
        | DocumentKind::PickupSlip
        | DocumentKind::ProofOfDelivery
        | DocumentKind::RatingSlip
        | DocumentKind::HandOverList
        | DocumentKind::DaySheet => false,
    }
}

/// The kind of document of this name.
pub(crate) fn find_kind(name: &str) -> Option<DocumentKind> {
    DocumentKind::find(name)
}

/// The layout of a result that is printed at the counter.
pub(crate) fn licence_kind(result: &str) -> Option<DocumentKind> {
    match result {
        "business_licence" => Some(DocumentKind::BusinessLicence),
        "entertainment_permit" => Some(DocumentKind::EntertainmentPermit),
        "food_licence" => Some(DocumentKind::FoodLicence),
        "tenancy_proof" => Some(DocumentKind::TenancyProof),
        _ => None,
    }
}

/// Pictures of a document's pages, PNG.
pub(crate) fn pictures(rendered: &RenderedDocument) -> Result<Vec<Vec<u8>>, DeskFault> {
    (0..rendered.pages.min(PREVIEW_PAGES))
        .map(|sheet| Ok(preview_png(&rendered.pdf, sheet, PREVIEW_DPI)?))
        .collect()
}

fn pick(language: Language, text: &Bilingual) -> String {
    match language {
        Language::Zh => text.zh.clone(),
        Language::En => text.en.clone(),
    }
}

fn applicant(case: &Case) -> Applicant {
    let Some(known) = &case.applicant else { return Applicant::default() };
    let is_person = known.kind == ApplicantKind::Person;
    let field = |key: &str| case.fields.get(&FieldKey::new(key)).map(|field| field.value.clone()).unwrap_or_default();
    Applicant {
        name: known.name.clone(),
        id_masked: if is_person {
            identifier::masked(IdentifierKind::ResidentId, &known.id_number)
        } else {
            String::new()
        },
        id_full: if is_person { known.id_number.clone() } else { String::new() },
        credit_code: if is_person { String::new() } else { known.id_number.clone() },
        legal_representative: if is_person { String::new() } else { field("legal_rep_name") },
        address: if is_person { field("household_address") } else { field("address") },
        contact_name: known.agent.clone().unwrap_or_else(|| known.name.clone()),
        contact_phone: known.phone.clone(),
    }
}

/// Matters with their limits and, where they are known, their last days.
pub(crate) fn matter_lines(bundle: &Bundle, dues: &BTreeMap<MatterId, Date>, ids: &[MatterId], language: Language) -> Vec<MatterLine> {
    let days = |limit: TimeLimit| match limit {
        TimeLimit::AtOnce | TimeLimit::Minutes(_) | TimeLimit::Hours(_) => Some(0),
        TimeLimit::WorkingDays(days) => u16::try_from(days).ok(),
        TimeLimit::CalendarDays(_) => None,
    };
    ids.iter()
        .filter_map(|id| bundle.find_matter(id))
        .map(|matter| MatterLine {
            name: pick(language, &matter.name),
            code: matter.official_code.clone().unwrap_or_default(),
            department: bundle
                .find_department(&matter.department)
                .map(|department| pick(language, &department.short))
                .unwrap_or_default(),
            statutory_days: matter.statutory.as_ref().and_then(|statutory| statutory.limit).and_then(days),
            promised_days: days(matter.promised),
            due: dues.get(&matter.id).copied(),
        })
        .collect()
}

fn materials(case: &Case, checklist: &[onewindow_catalogue::ChecklistEntry], language: Language) -> Vec<MaterialLine> {
    let word = |zh: &str, en: &str| pick(language, &Bilingual::new(zh, en));
    checklist
        .iter()
        .filter_map(|entry| {
            let pages = case.counted_pages().filter(|page| page.material.as_ref() == Some(&entry.key)).count();
            let form = match &entry.disposition {
                AfterReform::Required if pages > 0 => word("原件核验", "original seen"),
                AfterReform::Shared { .. } => word("数据共享", "shared data"),
                AfterReform::Commitment => word("告知承诺", "commitment"),
                AfterReform::Required | AfterReform::Form | AfterReform::Internal | AfterReform::Waived => return None,
            };
            let name = match &entry.role {
                Some(role) => format!("{}（{}）", pick(language, &entry.name), pick(language, role)),
                None => pick(language, &entry.name),
            };
            Some(MaterialLine {
                name,
                form,
                copies: 1,
                pages: u16::try_from(pages).unwrap_or(u16::MAX),
                note: String::new(),
            })
        })
        .collect()
}

fn outstanding(bundle: &Bundle, case: &Case, language: Language) -> Vec<OutstandingLine> {
    let form = pick(language, &Bilingual::new("原件", "original"));
    case.outstanding
        .iter()
        .filter_map(|key| bundle.find_material(key))
        .map(|material| OutstandingLine {
            name: pick(language, &material.paper.name),
            form: form.clone(),
            last_day: case.supplement_until,
        })
        .collect()
}

fn deficiencies(case: &Case, check: &onewindow_rules::Assessment, language: Language) -> Vec<DeficiencyLine> {
    let told = if case.deficiencies.is_empty() {
        check.deficiencies()
    } else {
        case.deficiencies.clone()
    };
    told.into_iter()
        .map(|item| DeficiencyLine {
            paper: pick(language, &Bilingual::new(item.subject_zh, item.subject_en)),
            problem: pick(language, &Bilingual::new(item.problem_zh, item.problem_en)),
            remedy: pick(language, &Bilingual::new(item.remedy_zh, item.remedy_en)),
            basis: String::new(),
        })
        .collect()
}

fn refusal(bundle: &Bundle, check: &onewindow_rules::Assessment, language: Language) -> Option<Refusal> {
    let reason = check.refusals.first().or_else(|| outcome::refusals(bundle).next())?;
    Some(Refusal {
        reason: pick(language, &reason.reason),
        basis: pick(language, &reason.law),
        competent_body: reason.body.as_ref().map(|body| pick(language, body)).unwrap_or_default(),
        ..Refusal::default()
    })
}

pub(crate) fn delivery(branch: &str, address: &str, language: Language) -> Delivery {
    let word = |zh: &str, en: &str| pick(language, &Bilingual::new(zh, en));
    Delivery {
        way: word("窗口领取", "collected at the counter"),
        place: format!("{branch} {address}"),
        hours: word("工作日 8:30–12:00，14:00–17:30", "working days 8:30–12:00, 14:00–17:30"),
        collector: word("申请人或持授权委托书的代理人", "the applicant, or an agent with a letter of authorisation"),
        bring: word("身份证、本凭证和领件码", "ID card, this slip and the pick-up code"),
    }
}

fn certificates(bundle: &Bundle, matters: &[MatterId], language: Language) -> Vec<CertificateLine> {
    matters
        .iter()
        .filter_map(|id| bundle.find_matter(id))
        .filter(|matter| matter.result.delivery != onewindow_catalogue::ResultDelivery::None)
        .map(|matter| CertificateLine {
            name: pick(language, &matter.result.name),
            number: String::new(),
            copies: 1,
        })
        .collect()
}

/// The lines of a licence as the department and the centre gave them.
fn licence(case: &Case, matter: &MatterId) -> Option<LicenceFields> {
    let matter = case.find_matter(matter)?;
    let line = |key: &str| {
        matter
            .licence_content
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let on = |key: &str| parse_day(&line(key));
    Some(LicenceFields {
        number: matter.licence_no.clone().unwrap_or_default(),
        name: line("name"),
        kind: line("kind"),
        legal_representative: line("legal_representative"),
        scope: line("scope"),
        capital: line("capital"),
        founded: on("founded"),
        address: line("address"),
        area: line("area"),
        guests: line("guests").parse().ok(),
        valid_from: on("valid_from"),
        valid_to: on("valid_to"),
        authority: line("authority"),
        issued: on("issued"),
        duplicate_number: line("duplicate_number"),
        holder_code: line("holder_code"),
        domicile: line("domicile"),
        items: line("items"),
        tenancy: tenancy(&line, &on),
    })
}

/// Parties and terms of a tenancy, when the licence is its filing proof.
fn tenancy(line: &dyn Fn(&str) -> String, on: &dyn Fn(&str) -> Option<time::Date>) -> Option<Tenancy> {
    let landlord = line("landlord");
    (!landlord.is_empty()).then(|| Tenancy {
        landlord,
        tenant: line("tenant"),
        property_number: line("property_number"),
        purpose: line("purpose"),
        from: on("term_from"),
        to: on("term_to"),
        rent: line("rent"),
    })
}

/// The signed code on a licence; on everything else what finds the case again.
fn qr_text(case: &Case, kind: DocumentKind, matter: Option<&MatterId>) -> String {
    if kind.needs_blank() {
        return matter
            .and_then(|matter| case.find_matter(matter))
            .and_then(|matter| matter.signed_code.clone())
            .unwrap_or_default();
    }
    let digits: String = case.case_no.chars().filter(char::is_ascii_digit).collect();
    match &case.pickup_code {
        Some(code) if matches!(kind, DocumentKind::PickupSlip | DocumentKind::ReceiptSlip | DocumentKind::ReceiptSlipRoll) => format!("OW1|{digits}|{code}"),
        _ => format!("OW1|{digits}"),
    }
}

impl Desk {
    /// The frozen bytes of a document (PDF), as they were archived.
    ///
    /// # Errors
    /// Not signed in, document unknown, its bytes damaged.
    pub fn document_bytes(&self, id: CaseId, document: DocumentId) -> Result<Vec<u8>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.get_case(id)?;
        let known = case.find_document(document).ok_or(DeskFault::Unknown { what: "document" })?;
        Ok(self.shared.store.read_page(&known.bytes)?)
    }

    /// The very sheet that a print puts on paper (PDF): the frozen pages with the layer of this copy.
    ///
    /// # Errors
    /// As [`Desk::document_bytes`]; print unknown.
    pub fn sheet_of(&self, id: CaseId, print: PrintId) -> Result<Vec<u8>, DeskFault> {
        let (case, document, print) = self.find_print(id, print)?;
        self.stamp_copy(&case, &document, &print)
    }

    /// The text of the code on the sheet of a print.
    ///
    /// # Errors
    /// As [`Desk::sheet_of`].
    pub fn code_on(&self, id: CaseId, print: PrintId) -> Result<String, DeskFault> {
        let (case, document, print) = self.find_print(id, print)?;
        self.code_of_copy(&case, &document, &print)
    }

    fn find_print(&self, id: CaseId, print: PrintId) -> Result<(std::sync::Arc<Case>, Document, Print), DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.get_case(id)?;
        let print = case
            .prints
            .iter()
            .find(|known| known.id == print)
            .cloned()
            .ok_or(DeskFault::Unknown { what: "print" })?;
        let document = case.find_document(print.document).cloned().ok_or(DeskFault::Unknown { what: "document" })?;
        Ok((case, document, print))
    }

    /// One more sheet of a stored document: its frozen pages, and on its face which copy it is. A licence names its blank and,
    /// in the signed code, the copy.
    pub(crate) fn stamp_copy(&self, case: &Case, document: &Document, print: &Print) -> Result<Vec<u8>, DeskFault> {
        let kind = find_kind(&document.kind).ok_or(DeskFault::Unknown { what: "kind of document" })?;
        let stored = self.shared.store.read_page(&document.bytes)?;
        if print.copy_no == 0 && !kind.needs_blank() {
            return Ok(stored);
        }
        let on_blank = |blank: &&onewindow_case::case::Blank| document.matter.as_ref() == Some(&blank.matter);
        let facts = CopyFacts {
            copy: self.copy_note(case, print)?,
            qr_text: self.code_of_copy(case, document, print)?,
            blank_serial: case
                .blanks
                .iter()
                .rev()
                .find(on_blank)
                .map(|blank| blank.serial.to_string())
                .unwrap_or_default(),
        };
        let stamped = self
            .shared
            .templates
            .stamp_copy(kind, &stored, &facts, Language::Zh, self.print_mode(), self.fonts()?)?;
        Ok(stamped.pdf)
    }

    /// The original says so; a duplicate carries number, day, clerk and reason, as the journal has them.
    fn copy_note(&self, case: &Case, print: &Print) -> Result<CopyNote, DeskFault> {
        if print.copy_no == 0 {
            return Ok(CopyNote::default());
        }
        let ordered = |entry: &onewindow_journal::Entry| matches!(&entry.event, Event::Case(CaseEvent::PrintStepped { print: id, step: PrintStep::Prepared { .. }, .. }) if *id == print.id);
        let entry = self
            .shared
            .store
            .history(case.id)?
            .into_iter()
            .find(ordered)
            .ok_or(DeskFault::Unknown { what: "print" })?;
        Ok(CopyNote {
            reprint: u16::try_from(print.copy_no).unwrap_or(u16::MAX),
            on: Some(entry.business_date),
            by: self.staff_name(entry.actor.staff_no.as_str()),
            reason: print.reason.clone().unwrap_or_default(),
        })
    }

    /// The code on a copy. A licence's duplicate has a code of its own that names the copy, signed here.
    fn code_of_copy(&self, case: &Case, document: &Document, print: &Print) -> Result<String, DeskFault> {
        let kind = find_kind(&document.kind).ok_or(DeskFault::Unknown { what: "kind of document" })?;
        let original = qr_text(case, kind, document.matter.as_ref());
        if !kind.needs_blank() || print.copy_no == 0 || original.is_empty() {
            return Ok(original);
        }
        let stated = licence_code::read_unverified(&original).map_err(|fault| DeskFault::Defect(fault.to_string()))?;
        let claims = LicenceClaims {
            copy: u16::try_from(print.copy_no).unwrap_or(u16::MAX),
            print_id: print.id.to_string(),
            ..stated
        };
        licence_code::sign(&claims, &self.counter_signer()?).map_err(|fault| DeskFault::Defect(fault.to_string()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use onewindow_catalogue::Catalogue;

    use super::*;

    #[test]
    fn a_matter_is_printed_with_its_official_code_or_with_none() {
        let catalogue = Catalogue::built_in().unwrap();
        let mut bundle = catalogue.find_bundle(&"karaoke".into()).unwrap().clone();
        bundle.matters[0].official_code = Some("000131001000".to_owned());
        let ids: Vec<MatterId> = bundle.matters.iter().take(2).map(|matter| matter.id.clone()).collect();
        for language in [Language::Zh, Language::En] {
            let lines = matter_lines(&bundle, &BTreeMap::new(), &ids, language);
            let codes: Vec<&str> = lines.iter().map(|line| line.code.as_str()).collect();
            assert_eq!(codes, ["000131001000", ""], "a key of the catalogue is no code");
        }
    }
}
