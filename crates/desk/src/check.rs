//! Checking a case with what is known of it now: the facts for crate `rules`, and what follows for the clerk.

use std::collections::BTreeMap;

use onewindow_capture::{CaptureFault, hamming};
use onewindow_case::Case;
use onewindow_case::case::Page;
use onewindow_case::event::{FieldSource, Judgement, MaterialMark, QualityRemark, RepresentativeKind};
use onewindow_case::ids::{FieldKey, MaterialKey};
use onewindow_catalogue::{Answers, Bundle, FieldOrigin};
use onewindow_rules::{
    ApplicantFact, Assessment, CaseFacts, FieldFact, KnownAnswer, OverrideFact, PageFact, PageVerdict, PaperFact, ReadFact, RepresentativeFact, assess,
};
use time::Date;

use crate::desk::Desk;
use crate::evidence::grounds;
use crate::fault::DeskFault;
use crate::papers;

impl Desk {
    /// Everything that is to be said about the papers and the form of a case today.
    pub(crate) fn assess(&self, case: &Case) -> Result<Assessment, DeskFault> {
        let bundle = self.get_bundle(case)?;
        let today = self.shared.clock.today();
        Ok(assess(&bundle, &facts(&bundle, case, today), today))
    }
}

/// The answers of a case, given and known; an answer that the catalogue does not understand any more is left out.
pub(crate) fn answers(bundle: &Bundle, case: &Case, today: Date) -> Answers {
    facts(bundle, case, today).answers
}

/// Answers that nobody gave and that are known all the same.
pub(crate) fn known_answers(bundle: &Bundle, case: &Case, today: Date) -> Vec<KnownAnswer> {
    onewindow_rules::known_answers(bundle, &given_facts(bundle, case), today)
}

/// What the rules look at: what was given, and answers that follow from it.
pub(crate) fn facts(bundle: &Bundle, case: &Case, today: Date) -> CaseFacts {
    let mut facts = given_facts(bundle, case);
    let known = onewindow_rules::known_answers(bundle, &facts, today);
    facts.answers.extend(known.into_iter().map(|known| (known.question, known.answer)));
    facts
}

fn given_facts(bundle: &Bundle, case: &Case) -> CaseFacts {
    CaseFacts {
        answers: case
            .answers
            .iter()
            .filter_map(|(question, text)| Some((question.clone(), bundle.parse_answer(question, text).ok()?)))
            .collect(),
        applicant: case.applicant.as_ref().map(|applicant| ApplicantFact {
            kind: applicant.kind,
            name: applicant.name.clone(),
            id_number: applicant.id_number.clone(),
            phone: applicant.phone.clone(),
            has_agent: applicant.agent.is_some() || case.representative.is_some(),
        }),
        representative: case.representative.as_ref().map(|representative| RepresentativeFact {
            guardian: representative.kind == RepresentativeKind::Guardian,
            name: representative.name.clone(),
            id_number: representative.id_number.clone(),
            authority: representative.authority.clone(),
        }),
        fields: case
            .fields
            .iter()
            .map(|(key, field)| {
                (
                    key.clone(),
                    FieldFact {
                        value: field.value.clone(),
                        confirmed: field.confirmed || is_proven_on_paper(bundle, case, key),
                        source: field.source,
                    },
                )
            })
            .collect(),
        papers: papers(bundle, case),
        marks: case.marks.clone(),
        consents: consents(bundle, case),
        overrides: case
            .overrides
            .iter()
            .map(|pass| OverrideFact {
                code: pass.code.clone(),
                material: pass.material.clone(),
                field: pass.field.clone(),
            })
            .collect(),
    }
}

/// Whether what was read on a page proves the value taken from it: nobody need compare it.
pub(crate) fn is_proven_on_paper(bundle: &Bundle, case: &Case, field: &FieldKey) -> bool {
    let proving = || {
        let value = case.fields.get(field)?;
        let FieldSource::Page(page) = value.source else { return None };
        let page = case.find_page(page).filter(|page| !page.removed)?;
        let def = bundle.fields.iter().find(|def| &def.key == field)?;
        let fills = |key: &str| {
            def.origins
                .iter()
                .any(|origin| matches!(origin, FieldOrigin::Paper { material, read } if Some(material) == page.material.as_ref() && read == key))
        };
        page.readings
            .iter()
            .find(|reading| reading.value == value.value && fills(&reading.key) && grounds(bundle, case, page, reading).proven)
    };
    proving().is_some()
}

fn papers(bundle: &Bundle, case: &Case) -> BTreeMap<MaterialKey, PaperFact> {
    let mut papers: BTreeMap<MaterialKey, PaperFact> = BTreeMap::new();
    for page in case.counted_pages() {
        let Some(material) = &page.material else { continue };
        let paper = papers.entry(material.clone()).or_default();
        let mut remarks = page.judgement.findings.clone();
        let mut verdict = verdict(&page.judgement);
        if may_be_blank(bundle, case, page, material) {
            verdict = PageVerdict::Usable;
        }
        // A good picture of the wrong thing wants a person as well.
        // Whether a page is there twice is told of the case as it is now, not as it was when the page was judged.
        remarks.retain(|remark| remark.code != DUPLICATE);
        if let Some(remark) = same_side(bundle, case, page, material).or_else(|| twice(case, page)) {
            remarks.insert(0, remark);
            verdict = if verdict == PageVerdict::Usable { PageVerdict::Doubtful } else { verdict };
        }
        paper.pages.push(PageFact {
            page: page.id,
            verdict,
            remarks,
        });
        for reading in &page.readings {
            // The clerk's eye counts as proof for a value that went into the form and was confirmed there.
            let confirmed = case
                .fields
                .values()
                .any(|field| field.confirmed && field.value == reading.value && field.source == FieldSource::Page(page.id));
            paper.reads.push(ReadFact {
                key: reading.key.clone(),
                value: reading.value.clone(),
                page: Some(page.id),
                confirmed: confirmed || grounds(bundle, case, page, reading).proven,
            });
        }
    }
    papers
}

/// The side of a card that an earlier page of the same paper shows already, while the paper has just the two sides.
fn same_side(bundle: &Bundle, case: &Case, page: &Page, material: &MaterialKey) -> Option<QualityRemark> {
    let paper = &bundle.find_material(material)?.paper;
    let side = page
        .paper_guess
        .as_deref()
        .filter(|_| paper.pages_max == Some(2) && papers::is_two_sided_card(&paper.id))?;
    let of_paper = |other: &&Page| other.material.as_ref() == Some(material);
    let mut earlier = case.counted_pages().take_while(|other| other.id != page.id).filter(of_paper);
    let twin = earlier.find(|other| other.paper_guess.as_deref() == Some(side))?;
    Some(QualityRemark {
        code: "wrong-side".to_owned(),
        zh: format!("与第 {} 页是同一面，还缺另一面。请扫另一面，去掉多余的一页。", twin.sequence),
        en: format!(
            "The same side as page {}; the other side is missing. Scan the other side and take the spare page out.",
            twin.sequence
        ),
    })
}

const DUPLICATE: &str = "duplicate-page";

/// The same paper scanned twice under one material: said of the later page, which is never removed by itself.
fn twice(case: &Case, page: &Page) -> Option<QualityRemark> {
    const ALIKE_BITS: u32 = 3;
    let looks = |page: &Page| {
        (page.judgement.verdict != Judgement::PENDING)
            .then_some(page.judgement.perceptual_hash)
            .filter(|hash| *hash != 0)
    };
    let own = looks(page)?;
    let mut earlier = case.counted_pages().take_while(|other| other.id != page.id);
    let twin = earlier.find(|other| other.material == page.material && looks(other).is_some_and(|hash| hamming(hash, own) <= ALIKE_BITS))?;
    Some(QualityRemark {
        code: DUPLICATE.to_owned(),
        zh: format!("与第 {} 页几乎相同，可能扫了两次。多余的一页请去掉。", twin.sequence),
        en: format!(
            "Almost the same as page {}; it may have been scanned twice. Take the spare one out.",
            twin.sequence
        ),
    })
}

/// Whether a page is empty and counts all the same, as the notes page of a property certificate does: no more of them than its paper may have.
fn may_be_blank(bundle: &Bundle, case: &Case, page: &Page, material: &MaterialKey) -> bool {
    let is_blank = |page: &Page| page.judgement.verdict == "blank" && page.material.as_ref() == Some(material);
    let most = bundle.find_material(material).map_or(0, |material| material.paper.scan.blank_pages_max);
    let before = case
        .counted_pages()
        .take_while(|other| other.id != page.id)
        .filter(|other| is_blank(other))
        .count();
    is_blank(page) && before < most as usize
}

fn verdict(judgement: &Judgement) -> PageVerdict {
    match judgement.verdict.as_str() {
        "usable" => PageVerdict::Usable,
        Judgement::PENDING => PageVerdict::Pending,
        "blank" => PageVerdict::Unusable,
        fault if CaptureFault::CODES.contains(&fault) => PageVerdict::Unusable,
        _doubtful => PageVerdict::Doubtful,
    }
}

/// Consents given by themselves; a signed form that the counter made carries every one of them.
fn consents(bundle: &Bundle, case: &Case) -> std::collections::BTreeSet<String> {
    let mut given = case.consents.clone();
    let form = bundle.materials.iter().find(|material| material.paper.made_by_counter);
    let signed = form.is_some_and(|form| {
        let scanned = case.counted_pages().any(|page| page.material.as_ref() == Some(&form.key));
        scanned || matches!(case.marks.get(&form.key), Some(MaterialMark::OtherProof(_) | MaterialMark::CommitmentSigned))
    });
    if signed {
        given.extend(bundle.consents.iter().map(|consent| consent.id.clone()));
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_opened_is_no_page_and_what_was_judged_badly_is_doubtful() {
        let of = |code: &str| {
            verdict(&Judgement {
                verdict: code.to_owned(),
                ..Judgement::default()
            })
        };
        assert_eq!((of("usable"), of(Judgement::PENDING)), (PageVerdict::Usable, PageVerdict::Pending));
        for code in CaptureFault::CODES.into_iter().chain(["blank"]) {
            assert_eq!(of(code), PageVerdict::Unusable, "{code}");
        }
        for code in ["glare", "blurred", "low-dpi", "cut-edge"] {
            assert_eq!(of(code), PageVerdict::Doubtful, "{code}");
        }
    }
}
