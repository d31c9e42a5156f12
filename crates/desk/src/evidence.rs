//! What a value read on a page rests on: what the page itself proves, and what another paper of the case says. Absent on purpose: which of
//! two papers is right; that is for a person (`rules::cross`).

use onewindow_case::Case;
use onewindow_case::case::Page;
use onewindow_case::event::Reading;
use onewindow_catalogue::{Bundle, FieldDef, FieldKind, FieldOrigin, MaterialDef};
use onewindow_ipc::Words;

/// Evidence of a value that another paper of the case shows as well. Never in the journal: it changes with the papers.
const OTHER_DOCUMENT: &str = "other_document";

/// What a value rests on.
pub(crate) struct Grounds {
    /// Closed word.
    pub evidence: String,
    /// Nobody need look.
    pub proven: bool,
    /// The same for the clerk.
    pub words: Words,
}

/// What a reading of a page rests on, as the case is now.
pub(crate) fn grounds(bundle: &Bundle, case: &Case, page: &Page, reading: &Reading) -> Grounds {
    let is_bare = matches!(reading.evidence.as_str(), "ocr_only" | "file_text");
    match agreeing(bundle, case, page, reading).filter(|_| is_bare) {
        Some((field, paper)) => Grounds {
            evidence: OTHER_DOCUMENT.to_owned(),
            proven: is_told_by_digits(&field.kind),
            words: Words::new(format!("与{}上的一致", paper.paper.name.zh), format!("agrees with the {}", paper.paper.name.en)),
        },
        None => Grounds {
            evidence: reading.evidence.clone(),
            proven: is_proven(&reading.evidence),
            words: words(&reading.evidence),
        },
    }
}

/// The other paper that shows this value of the form, when one does.
fn agreeing<'a>(bundle: &'a Bundle, case: &Case, page: &Page, reading: &Reading) -> Option<(&'a FieldDef, &'a MaterialDef)> {
    let own = page.material.as_ref()?;
    let is_own = |origin: &FieldOrigin| matches!(origin, FieldOrigin::Paper { material, read } if material == own && read == &reading.key);
    bundle.fields.iter().filter(|field| field.origins.iter().any(is_own)).find_map(|field| {
        field.origins.iter().find_map(|origin| match origin {
            FieldOrigin::Paper { material, read } if material != own => {
                let mut others = case.counted_pages().filter(|other| other.material.as_ref() == Some(material));
                let shows = |other: &Page| {
                    other
                        .readings
                        .iter()
                        .any(|found| &found.key == read && onewindow_rules::agrees(&field.kind, &found.value, &reading.value))
                };
                others.any(shows).then_some(())?;
                Some((field, bundle.find_material(material)?))
            }
            FieldOrigin::Paper { .. } | FieldOrigin::Applicant(_) => None,
        })
    })
}

/// Whether two readings alike prove a value. Digits are misread by chance, hardly twice the same way; a character that the reader takes for
/// another one it takes so on every paper (淼 for 森), so agreeing names and addresses remain to be looked at. So do identifiers: one with
/// a check digit proves itself, or its check digit is wrong on both papers.
const fn is_told_by_digits(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Date | FieldKind::DateTime | FieldKind::Integer { .. } | FieldKind::Money | FieldKind::Phone => true,
        FieldKind::Identifier(_) | FieldKind::Name | FieldKind::Text { .. } | FieldKind::Address | FieldKind::Bool | FieldKind::Choice(_) => false,
    }
}

/// The closed word of an evidence in the journal and for the window.
pub(crate) const fn evidence_code(evidence: onewindow_capture::Evidence) -> &'static str {
    use onewindow_capture::Evidence;
    match evidence {
        Evidence::CheckDigit => "check_digit",
        Evidence::Mrz => "mrz",
        Evidence::Barcode => "barcode",
        Evidence::Agreement => "agreement",
        Evidence::OcrOnly => "ocr_only",
        Evidence::FileText => "file_text",
        Evidence::Conflict => "conflict",
    }
}

/// Whether an evidence word means that nobody need look.
fn is_proven(evidence: &str) -> bool {
    matches!(evidence, "check_digit" | "mrz" | "barcode" | "agreement")
}

fn words(evidence: &str) -> Words {
    match evidence {
        "check_digit" => Words::new("校验码相符", "its check digit is right"),
        "mrz" => Words::new("与机读码一致", "as in the machine-readable zone"),
        "barcode" => Words::new("与二维码一致", "as in the code on the paper"),
        "agreement" => Words::new("与本页另一处一致", "agrees with another value of the page"),
        "conflict" => Words::new("本页两处不一致，请对照原件", "two values of the page differ; compare with the paper"),
        "file_text" => Words::new("文件自带的文字，请对照原件", "text that the file brought along; compare with the paper"),
        _ => Words::new("仅由识别得出，请对照原件", "read only; compare with the paper"),
    }
}

#[cfg(test)]
mod tests {
    use onewindow_case::identifier::IdentifierKind;

    use super::*;

    #[test]
    fn agreement_of_two_papers_proves_digits_but_neither_names_nor_identifiers() {
        let proven = [FieldKind::Date, FieldKind::DateTime, FieldKind::Money, FieldKind::Phone];
        assert!(proven.iter().all(is_told_by_digits));
        let looked_at = [FieldKind::Name, FieldKind::Address, FieldKind::Identifier(IdentifierKind::ResidentId)];
        assert!(!looked_at.iter().any(is_told_by_digits));
    }
}
