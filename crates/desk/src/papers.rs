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

/// The paper of the checklist that a recognised page belongs to: of its kind, handed in as an original, and not yet full;
/// among several roles the one whose sex or order fits. `None` leaves it to the clerk.
pub(crate) fn place(case: &Case, checklist: &[ChecklistEntry], guess: &str, readings: &[Reading]) -> Option<MaterialKey> {
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
    candidates
        .iter()
        .find(by_role)
        .map(|entry| entry.key.clone())
        .or_else(|| if guess == PaperKind::IdCardEmblem.code() { follows() } else { None })
        .or_else(|| {
            if candidates.len() == 1 {
                candidates.first().map(|entry| entry.key.clone())
            } else {
                None
            }
        })
        .or_else(|| candidates.iter().find(|entry| pages_of(&entry.key) == 0).map(|entry| entry.key.clone()))
}

#[cfg(test)]
mod tests {
    use onewindow_capture::field_keys;
    use onewindow_catalogue::Catalogue;

    use super::*;

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
