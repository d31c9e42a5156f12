//! Checks the papers and the form of a case against its service definition.
//!
//! [`assess`] returns every deficiency at once, as the law asks of a one-time notice; it never fails and does the same for the
//! same input. Absent on purpose: I/O, the clock (the business date is given), and any change of the case: findings are facts,
//! what follows from them is decided in crate `case`.

mod cross;
mod facts;
mod finding;
mod form;
mod known;
mod papers;
mod people;
pub mod result;
mod scope;
mod values;

pub use cross::agrees;
pub use facts::{ApplicantFact, CaseFacts, FieldFact, OverrideFact, PageFact, PageVerdict, PaperFact, ReadFact, RepresentativeFact};
pub use finding::{Finding, Severity};
pub use form::{FormField, Proposal, form, proposals};
pub use known::{KnownAnswer, known_answers};
pub use papers::{Requirement, RequirementStatus};

use onewindow_case::decide::Completeness;
use onewindow_case::event::DeficiencyItem;
use onewindow_case::ids::{FieldKey, MaterialKey};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Bundle, ChecklistEntry, Guidance, Override, QuestionStatus, Refusal, RuleDef};
use time::Date;

use crate::finding::Findings;
use crate::scope::Scopes;

/// What a check of a case found.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// Everything found, errors first, then in the order of papers and form.
    pub findings: Vec<Finding>,
    /// Every line of the checklist with its status.
    pub requirements: Vec<Requirement>,
    /// Whether the case may be accepted.
    pub completeness: Completeness,
    /// Reasons against acceptance that hold by themselves.
    pub refusals: Vec<Refusal>,
    /// Consents that the case asks for, given or not.
    pub consents: Vec<ConsentStatus>,
    /// What the answers lead to; the checklist without statuses.
    pub guidance: Guidance,
}

/// Where one consent of the catalogue stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentStatus {
    /// Its id.
    pub consent: String,
    /// Given, by itself or with the signature on a form that the counter made.
    pub given: bool,
}

impl Assessment {
    /// Findings that keep the case from being accepted.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.blocks())
    }

    /// Papers on the tolerance list that are missing.
    pub fn may_follow(&self) -> Vec<MaterialKey> {
        self.requirements
            .iter()
            .filter(|line| line.status == RequirementStatus::MayFollow)
            .map(|line| line.key.clone())
            .collect()
    }

    /// Every item of a one-time notice: what blocks, and what may follow.
    pub fn deficiencies(&self) -> Vec<DeficiencyItem> {
        let told = self.findings.iter().filter(|finding| finding.blocks() || finding.code == papers::MAY_FOLLOW);
        told.map(Finding::deficiency).collect()
    }

    /// Findings of one paper.
    pub fn of_material(&self, key: &MaterialKey) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.material.as_ref() == Some(key)).collect()
    }
}

/// Checks a case as far as it is known. The date is the business date.
pub fn assess(bundle: &Bundle, facts: &CaseFacts, today: Date) -> Assessment {
    let guidance = bundle.guide(&facts.answers);
    let scopes = Scopes::new(bundle, facts, &guidance, today);
    let mut findings = Findings::new(&facts.overrides);
    open_questions(bundle, &guidance, &mut findings);
    let refusals = refusals(bundle, &scopes, &mut findings);
    values::check_applicant(facts.applicant.as_ref(), today, &mut findings);
    people::check(facts, today, &mut findings);
    papers::check(&guidance, facts, &mut findings);
    papers::check_reads(bundle, &guidance, facts, today, &mut findings);
    let form = form::fields_of(bundle, facts, &scopes);
    form::check(&form, facts, today, &mut findings);
    cross::check(bundle, &form, facts, &mut findings);
    for rule in &bundle.rules {
        check_rule(rule, &form, &scopes, &mut findings);
    }
    let consents = check_consents(bundle, &guidance, facts, &scopes, &mut findings);
    let findings = findings.into_sorted();
    let requirements: Vec<Requirement> = guidance.checklist.iter().map(|entry| papers::requirement(entry, facts, &findings)).collect();
    let completeness = completeness(&findings, &requirements);
    Assessment {
        findings,
        requirements,
        completeness,
        refusals,
        consents,
        guidance,
    }
}

fn completeness(findings: &[Finding], requirements: &[Requirement]) -> Completeness {
    let blocking = findings.iter().filter(|finding| finding.blocks()).count();
    if blocking > 0 {
        return Completeness::Incomplete(blocking);
    }
    let outstanding: Vec<MaterialKey> = requirements
        .iter()
        .filter(|line| line.status == RequirementStatus::MayFollow)
        .map(|line| line.key.clone())
        .collect();
    if outstanding.is_empty() {
        Completeness::Complete
    } else {
        Completeness::TolerableMissing(outstanding)
    }
}

fn open_questions(bundle: &Bundle, guidance: &Guidance, findings: &mut Findings<'_>) {
    for state in guidance.questions.iter().filter(|state| state.status == QuestionStatus::Asked) {
        let Some(question) = bundle.find_question(&state.id) else { continue };
        findings.push(Finding {
            subject: question.text.clone(),
            ..Finding::error(
                "answer.missing",
                Bilingual::new("这道情形题还没回答", "this question is not answered yet"),
                Bilingual::new("请申请人说明情况后作答", "ask the applicant and answer it"),
            )
        });
    }
}

fn refusals(bundle: &Bundle, scopes: &Scopes<'_>, findings: &mut Findings<'_>) -> Vec<Refusal> {
    let holding = bundle
        .refusals
        .iter()
        .filter(|refusal| refusal.when.as_ref().is_some_and(|when| when.truth(scopes.single()).holds()));
    let mut refusals = Vec::new();
    for refusal in holding {
        let remedy = match &refusal.body {
            Some(body) => Bilingual::new(format!("不予受理，请到：{}", body.zh), format!("Do not accept; the right body: {}", body.en)),
            None => Bilingual::new("不予受理，说明理由和依据", "Do not accept; tell reason and law"),
        };
        findings.push(Finding {
            subject: Bilingual::new("受理条件", "Conditions"),
            source: Some(refusal.law.clone()),
            ..Finding::error(&format!("refusal.{}", refusal.id), refusal.reason.clone(), remedy)
        });
        refusals.push(refusal.clone());
    }
    refusals
}

fn check_rule(rule: &RuleDef, form: &form::Form<'_>, scopes: &Scopes<'_>, findings: &mut Findings<'_>) {
    let instances = if rule.repeated { scopes.repetitions() } else { 1 };
    for instance in 1..=instances {
        scopes.with_instance(instance, |scope| {
            let applies = rule.when.as_ref().is_none_or(|when| when.truth(scope).holds());
            if applies && rule.holds.truth(scope) == onewindow_catalogue::Truth::No {
                findings.push(rule_finding(rule, form, instance));
            }
        });
    }
}

fn rule_finding(rule: &RuleDef, form: &form::Form<'_>, instance: u32) -> Finding {
    let on_form = |key: &FieldKey| {
        let of_def = |repetition| form.fields.iter().find(|field| field.def.key == *key && field.repetition == repetition);
        of_def(instance).or_else(|| of_def(1))
    };
    let field = rule.fields.first().and_then(on_form);
    let material = rule
        .materials
        .first()
        .and_then(|key| form.bundle.find_material(key))
        .map(|material| material.paper.name.clone());
    Finding {
        code: format!("rule.{}", rule.id),
        severity: rule.severity.into(),
        material: rule.materials.first().cloned(),
        page: None,
        field: field.map(|field| field.key.clone()),
        subject: field.map(|field| form.subject(field)).or(material).unwrap_or_else(|| form.bundle.name.clone()),
        what: rule.what.clone(),
        remedy: rule.remedy.clone(),
        tell: rule.tell.clone(),
        source: rule.source.clone(),
        override_by: rule.override_by,
        overridden: false,
    }
}

/// A consent is given by itself, or with the signature on a form that the counter made and that prints it.
fn check_consents(bundle: &Bundle, guidance: &Guidance, facts: &CaseFacts, scopes: &Scopes<'_>, findings: &mut Findings<'_>) -> Vec<ConsentStatus> {
    let signed = guidance.checklist.iter().any(|entry| entry.made_by_counter && papers::is_present(entry, facts));
    let wanted = bundle
        .consents
        .iter()
        .filter(|consent| consent.when.as_ref().is_none_or(|when| when.truth(scopes.single()).holds()));
    let mut statuses = Vec::new();
    for consent in wanted {
        let given = signed || facts.consents.contains(&consent.id);
        statuses.push(ConsentStatus {
            consent: consent.id.clone(),
            given,
        });
        if given {
            continue;
        }
        findings.push(Finding {
            subject: Bilingual::new("同意书", "Consent"),
            source: Some(consent.source.clone()),
            ..Finding::error(
                "consent.missing",
                Bilingual::new(
                    format!("还没有：{}（{}）", consent.text.zh, consent.by.zh),
                    format!("not yet given: {} ({})", consent.text.en, consent.by.en),
                ),
                Bilingual::new("请其在申请表上或副屏上签字", "have it signed on the form or the second screen"),
            )
        });
    }
    statuses
}

/// Name of a paper with its role, for people.
fn paper_name(entry: &ChecklistEntry) -> Bilingual {
    match &entry.role {
        Some(role) => Bilingual::new(format!("{}（{}）", entry.name.zh, role.zh), format!("{} ({})", entry.name.en, role.en)),
        None => entry.name.clone(),
    }
}

/// Who may override a check that official documents are known to break.
const DOUBT: Override = Override::Reason;
