//! How the papers of the catalogue and the papers that the reader can tell apart correspond. One table.

use onewindow_capture::PaperKind;
use onewindow_case::Case;
use onewindow_case::event::Reading;
use onewindow_case::ids::MaterialKey;
use onewindow_catalogue::{AfterReform, ChecklistEntry};

/// Catalogue paper id and the kinds that it can look like, the kind to expect first in front.
const PAPERS: &[(&str, &[PaperKind])] = &[
    ("id_card", &[PaperKind::IdCardPortrait, PaperKind::IdCardEmblem]),
    ("id_card_agent", &[PaperKind::IdCardPortrait, PaperKind::IdCardEmblem]),
    ("shareholder_id", &[PaperKind::IdCardPortrait, PaperKind::IdCardEmblem]),
    ("landlord_id", &[PaperKind::IdCardPortrait, PaperKind::IdCardEmblem]),
    ("hukou", &[PaperKind::HouseholdPage, PaperKind::HouseholdCover]),
    ("marriage_cert", &[PaperKind::MarriageCertificate]),
    ("birth_cert", &[PaperKind::BirthCertificate]),
    ("death_cert", &[PaperKind::DeathCertificate]),
    ("biz_licence", &[PaperKind::BusinessLicence]),
    ("prop_cert", &[PaperKind::PropertyCertificate]),
    ("tenancy_contract", &[PaperKind::Contract]),
    ("sale_contract", &[PaperKind::Contract]),
    ("presale_contract", &[PaperKind::Contract]),
    ("house_invoice", &[PaperKind::Invoice]),
    ("med_invoice", &[PaperKind::Invoice]),
    ("poa", &[PaperKind::Authorisation]),
    ("passport_old", &[PaperKind::TravelDocument]),
];

/// What a catalogue paper usually looks like.
pub(crate) fn kind_of(paper: &str) -> Option<PaperKind> {
    PAPERS.iter().find(|(id, _)| *id == paper).and_then(|(_, kinds)| kinds.first().copied())
}

/// Whether the paper is a card of which both sides are wanted.
pub(crate) fn is_two_sided_card(paper: &str) -> bool {
    const SIDES: [PaperKind; 2] = [PaperKind::IdCardPortrait, PaperKind::IdCardEmblem];
    PAPERS.iter().any(|(id, kinds)| *id == paper && **kinds == SIDES)
}

/// Whether a page that looks like `guess` can be this catalogue paper. Papers that the reader does not know fit everything.
pub(crate) fn fits(paper: &str, guess: &str) -> bool {
    PAPERS
        .iter()
        .find(|(id, _)| *id == paper)
        .is_none_or(|(_, kinds)| kinds.iter().any(|kind| kind.code() == guess))
}

/// Filed with less certainty than this, a page is marked as a guess for the clerk to look at, percent. One of two empty papers of the
/// same kind is never surer than half. Measured on one clean generated page of each kind at 200 dpi: kinds told rightly 92 to 99, the
/// two told wrongly (a newborn form as the cover of a household booklet, a pension form as an ID card) 46 and 45.
pub(crate) const SURE_PERCENT: u8 = 70;

/// Where a recognised page belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Paper of the checklist.
    pub material: MaterialKey,
    /// Papers that would do as well, itself among them.
    pub among: usize,
}

impl Place {
    /// How sure the place is, percent, when the kind of paper is as sure as `confidence` (0 to 1).
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 100")]
    pub(crate) fn percent(&self, confidence: f32) -> u8 {
        (confidence.clamp(0.0, 1.0) * 100.0 / self.among.max(1) as f32).round() as u8
    }
}

/// The paper of the checklist that a recognised page belongs to: of its kind, handed in as an original, and not yet full;
/// among several roles the one whose sex or order fits. `None` leaves it to the clerk.
pub(crate) fn place(case: &Case, checklist: &[ChecklistEntry], guess: &str, readings: &[Reading]) -> Option<Place> {
    let known = |entry: &&ChecklistEntry| {
        PAPERS
            .iter()
            .any(|(id, kinds)| *id == entry.paper && kinds.iter().any(|kind| kind.code() == guess))
    };
    let candidates: Vec<_> = checklist
        .iter()
        .filter(|entry| entry.disposition == AfterReform::Required)
        .filter(known)
        .collect();
    let sex = readings.iter().find(|reading| reading.key == "sex").map(|reading| reading.value.as_str());
    let by_role = |entry: &&&ChecklistEntry| match (entry.key.as_str().rsplit('.').next(), sex) {
        (Some("mother"), Some(sex)) => sex == "female",
        (Some("father"), Some(sex)) => sex == "male",
        _ => false,
    };
    let pages_of = |key: &MaterialKey| case.counted_pages().filter(|page| page.material.as_ref() == Some(key)).count();
    let has_room = |entry: &&&ChecklistEntry| pages_of(&entry.key) < usize::try_from(entry.pages_max.unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    // The back of a card carries no name: it follows the front that came before it.
    let follows = || {
        let last = case.counted_pages().filter(|page| page.material.is_some()).last()?;
        let key = last.material.as_ref()?;
        candidates
            .iter()
            .find(|entry| &entry.key == key)
            .filter(has_room)
            .map(|entry| entry.key.clone())
    };
    let certain = |material: MaterialKey| Place { material, among: 1 };
    let only = || match candidates.as_slice() {
        [entry] => Some(entry.key.clone()),
        [] | [_, ..] => None,
    };
    let empty: Vec<_> = candidates.iter().filter(|entry| pages_of(&entry.key) == 0).collect();
    let first_empty = || {
        empty.first().map(|entry| Place {
            material: entry.key.clone(),
            among: empty.len(),
        })
    };
    candidates
        .iter()
        .find(by_role)
        .map(|entry| entry.key.clone())
        .or_else(|| if guess == PaperKind::IdCardEmblem.code() { follows() } else { None })
        .or_else(only)
        .map(certain)
        .or_else(first_empty)
}

#[cfg(test)]
mod tests {
    use onewindow_capture::field_keys;
    use onewindow_case::CaseEvent;
    use onewindow_case::event::{Judgement, PageOrigin};
    use onewindow_case::ids::{BundleId, CaseId, Digest, PageId};
    use onewindow_case::text::Bilingual;
    use onewindow_catalogue::Catalogue;
    use uuid::Uuid;

    use super::*;

    fn entry(key: &str, paper: &str, disposition: AfterReform) -> ChecklistEntry {
        let words = Bilingual::new("", "");
        ChecklistEntry {
            key: MaterialKey::new(key),
            paper: paper.to_owned(),
            name: words.clone(),
            role: None,
            disposition,
            why: words.clone(),
            instead: None,
            remedy: words,
            basis: None,
            tolerance: false,
            matters: Vec::new(),
            pages_min: 1,
            pages_max: Some(2),
            original: true,
            made_by_counter: false,
            paper_only: false,
            electronic: false,
        }
    }

    /// A case with one page under each of these papers.
    fn case(materials: &[&str]) -> Case {
        let opened = CaseEvent::Opened {
            case_no: "330302010032026112200071".to_owned(),
            bundle: BundleId::new("newborn"),
            catalogue_version: "2026.11".to_owned(),
            ticket: None,
        };
        let kept = materials.iter().zip(1_u8..).map(|(material, number)| CaseEvent::PageKept {
            page: PageId::new(Uuid::from_u128(number.into())),
            original: Digest::new([number; 32]),
            corrected: Digest::new([number; 32]),
            thumb: Digest::new([number; 32]),
            material: Some(MaterialKey::new(*material)),
            sequence: number.into(),
            origin: PageOrigin::File("page.jpg".to_owned()),
            judgement: Judgement::pending(),
        });
        let events: Vec<CaseEvent> = std::iter::once(opened).chain(kept).collect();
        Case::replay(CaseId::new(Uuid::from_u128(1)), &events).unwrap_or_else(|| unreachable!("the first event opens it"))
    }

    #[test]
    fn a_page_is_filed_where_it_fits_and_says_how_many_papers_would_do_as_well() {
        let checklist = [
            entry("id_card.mother", "id_card", AfterReform::Required),
            entry("id_card.father", "id_card", AfterReform::Required),
            entry("hukou.register", "hukou", AfterReform::Required),
            entry("hukou.other", "hukou", AfterReform::Waived),
            entry("marriage_cert", "marriage_cert", AfterReform::Internal),
        ];
        let check = |pages: &[&str], kind: PaperKind, sex: Option<&str>, expected: Option<(&str, usize)>| {
            let reading = |sex: &str| Reading {
                key: "sex".to_owned(),
                value: sex.to_owned(),
                evidence: "ocr_only".to_owned(),
                region: None,
            };
            let readings: Vec<Reading> = sex.into_iter().map(reading).collect();
            let place = place(&case(pages), &checklist, kind.code(), &readings);
            let found = place.as_ref().map(|place| (place.material.as_str(), place.among));
            assert_eq!(found, expected, "{kind:?} {sex:?} with {pages:?}");
        };
        let (portrait, emblem) = (PaperKind::IdCardPortrait, PaperKind::IdCardEmblem);
        check(&[], portrait, Some("male"), Some(("id_card.father", 1)));
        check(&[], portrait, Some("female"), Some(("id_card.mother", 1)));
        check(&[], portrait, None, Some(("id_card.mother", 2)));
        check(&["id_card.mother"], portrait, None, Some(("id_card.father", 1)));
        check(&["id_card.mother", "id_card.father"], portrait, None, None);
        // A back follows its front, as long as there is room for it.
        check(&[], emblem, None, Some(("id_card.mother", 2)));
        check(&["id_card.father"], emblem, None, Some(("id_card.father", 1)));
        check(&["id_card.father", "id_card.father"], emblem, None, Some(("id_card.mother", 1)));
        check(&["id_card.father", "hukou.register"], emblem, None, Some(("id_card.mother", 1)));
        // Only what is to be handed in, and the only one of its kind also when it has pages.
        check(&[], PaperKind::HouseholdPage, None, Some(("hukou.register", 1)));
        check(&["hukou.register"], PaperKind::HouseholdCover, None, Some(("hukou.register", 1)));
        check(&[], PaperKind::MarriageCertificate, None, None);
        check(&[], PaperKind::Contract, None, None);
    }

    #[test]
    fn a_place_is_as_sure_as_the_kind_shared_among_the_papers_that_would_do() {
        let percent = |among, confidence| {
            let material = MaterialKey::new("id_card.mother");
            Place { material, among }.percent(confidence)
        };
        assert_eq!((percent(1, 0.99), percent(2, 0.99), percent(3, 0.6), percent(1, 7.0)), (99, 50, 20, 100));
        assert!(percent(2, 1.0) < SURE_PERCENT, "one of two is a guess, however clear its kind is");
    }

    #[test]
    fn what_the_catalogue_takes_from_a_paper_is_what_the_reader_gives() {
        let catalogue = Catalogue::built_in().expect("the shipped catalogue");
        let mut looked_at = 0;
        for material in catalogue.bundles().iter().flat_map(|bundle| &bundle.materials) {
            let paper = &material.paper;
            let kinds = PAPERS.iter().find(|(id, _)| *id == paper.id).map_or(&[][..], |(_, kinds)| kinds);
            for read in &paper.reads {
                let given = kinds.iter().any(|kind| field_keys(*kind).contains(&read.key));
                assert!(given, "{} of {} stands on none of {kinds:?}: it would never be filled", read.key, paper.id);
                looked_at += 1;
            }
        }
        assert!(looked_at > 100, "{looked_at} values of papers");
    }
}
