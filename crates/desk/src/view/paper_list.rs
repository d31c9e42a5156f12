//! The checklist and the pages for the window: what is there, what is missing, what was read and what proves it.

use onewindow_case::Case;
use onewindow_case::case::Page;
use onewindow_case::event::{FieldSource, Judgement, MaterialMark, PageOrigin};
use onewindow_catalogue::{AfterReform, Bundle, ChecklistEntry, FieldOrigin};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{ChecklistItem, Disposition, MarkView, PageView, PaperState, ReadingView, RegionView, ShareView};
use onewindow_rules::{Assessment, RequirementStatus};

use super::findings;
use crate::desk::Desk;
use crate::evidence::grounds;
use crate::papers;

/// Of the digest of a picture; enough to tell two pictures of one page apart.
const PICTURE_CHARS: usize = 16;

impl Desk {
    pub(super) fn checklist(&self, case: &Case, bundle: &Bundle, check: &Assessment) -> Vec<ChecklistItem> {
        let mut items: Vec<ChecklistItem> = check
            .guidance
            .checklist
            .iter()
            .map(|entry| {
                let status = check
                    .requirements
                    .iter()
                    .find(|line| line.key == entry.key)
                    .map_or(RequirementStatus::Missing, |line| line.status);
                item(case, bundle, check, entry, status)
            })
            .collect();
        items.sort_by_key(|item| rank(item.disposition));
        items
    }

    pub(super) fn pages(&self, case: &Case, bundle: &Bundle, check: &Assessment) -> Vec<PageView> {
        case.pages.iter().map(|page| self.page(case, bundle, check, page)).collect()
    }

    fn page(&self, case: &Case, bundle: &Bundle, check: &Assessment, page: &Page) -> PageView {
        let judgement = &page.judgement;
        let paper = page.material.as_ref().and_then(|key| bundle.find_material(key));
        let looks_like = page
            .paper_guess
            .as_deref()
            .filter(|guess| paper.is_some_and(|paper| !papers::fits(&paper.paper.id, guess)));
        #[allow(clippy::cast_precision_loss, reason = "sizes of paper and angles are small numbers")]
        PageView {
            page_id: page.id.to_string(),
            material: page.material.as_ref().map(ToString::to_string),
            sequence: page.sequence,
            picture: page.corrected.to_string().chars().take(PICTURE_CHARS).collect(),
            verdict: judgement.verdict.clone(),
            verdict_words: verdict_words(judgement),
            width_px: judgement.width_px,
            height_px: judgement.height_px,
            dpi: judgement.dpi,
            width_mm: judgement.width_tenth_mm as f32 / 10.0,
            height_mm: judgement.height_tenth_mm as f32 / 10.0,
            skew_deg: judgement.skew_centideg as f32 / 100.0,
            readings: readings(case, bundle, check, page),
            reading: self.shared.reading.holds(page.id),
            looks_like: looks_like.map(paper_words),
            guess_percent: page.guess_percent.filter(|percent| *percent < papers::SURE_PERCENT).map(u32::from),
            corners: judgement.corners.map(|corners| corners.map(|[x, y]| ShareView { x, y }).to_vec()),
            removed: page.removed,
            origin: match &page.origin {
                PageOrigin::Scanner(name) | PageOrigin::File(name) => name.clone(),
            },
        }
    }
}

fn item(case: &Case, bundle: &Bundle, check: &Assessment, entry: &ChecklistEntry, status: RequirementStatus) -> ChecklistItem {
    let pages: Vec<String> = case
        .counted_pages()
        .filter(|page| page.material.as_ref() == Some(&entry.key))
        .map(|page| page.id.to_string())
        .collect();
    let mark = case.marks.get(&entry.key);
    let about: Vec<_> = check.of_material(&entry.key).into_iter().filter(|finding| !finding.overridden).collect();
    let blocked = about.iter().any(|finding| finding.blocks());
    let state = match (status, mark) {
        (RequirementStatus::Ok, Some(MaterialMark::SharedConfirmed)) => PaperState::SharedConfirmed,
        (RequirementStatus::Ok, Some(MaterialMark::CommitmentSigned)) => PaperState::Committed,
        (RequirementStatus::Ok, _) => PaperState::Ok,
        (RequirementStatus::ToCheck, _) => {
            if blocked {
                PaperState::Finding
            } else {
                PaperState::ToCheck
            }
        }
        (RequirementStatus::Missing, _) => {
            if pages.is_empty() {
                PaperState::Todo
            } else {
                PaperState::Finding
            }
        }
        (RequirementStatus::MayFollow, _) => PaperState::MayFollow,
        (RequirementStatus::SharedPending, Some(MaterialMark::SharedConfirmed)) => PaperState::SharedConfirmed,
        (RequirementStatus::SharedPending, _) => PaperState::SharedQueued,
        (RequirementStatus::Commitment, _) => PaperState::Todo,
        (RequirementStatus::InForm | RequirementStatus::Internal | RequirementStatus::Waived, _) => PaperState::NotNeeded,
    };
    let why = match &entry.instead {
        Some(instead) => Words::new(format!("{}{}", entry.why.zh, instead.zh), format!("{} {}", entry.why.en, instead.en)),
        None => (&entry.why).into(),
    };
    let _ = bundle;
    ChecklistItem {
        material: entry.key.to_string(),
        name: (&entry.name).into(),
        role: entry.role.as_ref().map(Into::into),
        disposition: disposition(&entry.disposition),
        state,
        note: note(entry, pages.len(), about.first().map(|finding| &finding.what)),
        why,
        tolerance: entry.tolerance,
        matters: u32::try_from(entry.matters.len()).unwrap_or(u32::MAX),
        pages_expected: entry.pages_min,
        pages,
        mark: mark.map(|mark| match mark {
            MaterialMark::SharedConfirmed => MarkView::SharedConfirmed,
            MaterialMark::CommitmentSigned => MarkView::CommitmentSigned,
            MaterialMark::Outstanding => MarkView::Outstanding,
            MaterialMark::OtherProof(_) => MarkView::OtherProof,
        }),
    }
}

fn note(entry: &ChecklistEntry, pages: usize, finding: Option<&onewindow_case::text::Bilingual>) -> Words {
    let count = match (pages, entry.pages_min) {
        (0, expected) if expected > 1 => Words::new(format!("未扫，{expected} 页"), format!("not scanned, {expected} pages")),
        (0, _) => Words::new("未扫", "not scanned"),
        (pages, _) => Words::new(format!("{pages} 页"), if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") }),
    };
    match (&entry.disposition, finding) {
        (AfterReform::Required, Some(finding)) if pages > 0 => Words::new(format!("{} · {}", count.zh, finding.zh), format!("{} · {}", count.en, finding.en)),
        (AfterReform::Required, _) if pages == 0 && entry.tolerance => Words::new(format!("{}，可容缺", count.zh), format!("{}, may follow", count.en)),
        (AfterReform::Required, _) => count,
        (AfterReform::Shared { name, .. }, _) => name.into(),
        (AfterReform::Form, _) => Words::new("并入申请表", "part of the form"),
        (AfterReform::Commitment, _) => Words::new("签承诺代替", "a commitment instead"),
        (AfterReform::Internal, _) => Words::new("内部流转", "passed on inside"),
        (AfterReform::Waived, _) => Words::new("不再要求", "no longer asked"),
    }
}

fn readings(case: &Case, bundle: &Bundle, check: &Assessment, page: &Page) -> Vec<ReadingView> {
    let paper = page.material.as_ref().and_then(|key| bundle.find_material(key));
    page.readings
        .iter()
        .zip(1_u32..)
        .map(|(reading, tag)| {
            let label = paper
                .and_then(|paper| paper.paper.reads.iter().find(|read| read.key == reading.key))
                .map_or_else(|| reading_words(&reading.key), |read| (&read.name).into());
            let field = bundle.fields.iter().find(|field| {
                field
                    .origins
                    .iter()
                    .any(|origin| matches!(origin, FieldOrigin::Paper { material, read } if Some(material) == page.material.as_ref() && read == &reading.key))
            });
            let value = field.and_then(|field| case.fields.get(&field.key));
            let finding = check
                .findings
                .iter()
                .find(|finding| {
                    (finding.page == Some(page.id) && finding.what.zh.contains(&reading.value))
                        || field.is_some_and(|field| finding.field.as_ref() == Some(&field.key))
                })
                .map(|finding| findings::view(case, bundle, finding));
            let grounds = grounds(bundle, case, page, reading);
            ReadingView {
                tag,
                key: reading.key.clone(),
                label,
                value: reading.value.clone(),
                evidence: grounds.evidence,
                evidence_words: grounds.words,
                proven: grounds.proven,
                region: reading.region.map(|[x, y, w, h]| RegionView { x, y, w, h }),
                finding,
                field: field.map(|field| field.key.to_string()),
                confirmed: value.is_some_and(|value| value.confirmed && value.source == FieldSource::Page(page.id)),
            }
        })
        .collect()
}

const fn disposition(after: &AfterReform) -> Disposition {
    match after {
        AfterReform::Required => Disposition::Required,
        AfterReform::Form => Disposition::Form,
        AfterReform::Shared { .. } => Disposition::Shared,
        AfterReform::Commitment => Disposition::Commitment,
        AfterReform::Internal => Disposition::Internal,
        AfterReform::Waived => Disposition::Waived,
    }
}

const fn rank(disposition: Disposition) -> u8 {
    match disposition {
        Disposition::Required => 0,
        Disposition::Commitment => 1,
        Disposition::Shared => 2,
        Disposition::Form => 3,
        Disposition::Internal => 4,
        Disposition::Waived => 5,
    }
}

fn verdict_words(judgement: &Judgement) -> Words {
    if judgement.verdict == Judgement::PENDING {
        return Words::new("已存盘，正在判读。", "Safe on disk, being looked at.");
    }
    match judgement.findings.first() {
        Some(finding) if judgement.verdict != "usable" => Words::new(&finding.zh, &finding.en),
        Some(_) | None => Words::new("本页可用", "Usable"),
    }
}

fn paper_words(guess: &str) -> Words {
    match guess {
        "id_card_portrait" | "id_card_emblem" => Words::new("居民身份证", "ID card"),
        "household_cover" | "household_page" => Words::new("户口簿", "household booklet"),
        "marriage_certificate" => Words::new("结婚证", "marriage certificate"),
        "birth_certificate" => Words::new("出生医学证明", "birth certificate"),
        "death_certificate" => Words::new("死亡医学证明", "death certificate"),
        "travel_document" => Words::new("旅行证件", "travel document"),
        "business_licence" => Words::new("营业执照", "business licence"),
        "property_certificate" => Words::new("不动产权证书", "property certificate"),
        "contract" => Words::new("合同", "contract"),
        "invoice" => Words::new("发票", "invoice"),
        "authorisation" => Words::new("授权委托书", "letter of authorisation"),
        _ => Words::new("其他材料", "another paper"),
    }
}

fn reading_words(key: &str) -> Words {
    match key {
        "name" => Words::new("姓名", "Name"),
        "sex" => Words::new("性别", "Sex"),
        "ethnic" => Words::new("民族", "Ethnic group"),
        "birth_date" => Words::new("出生", "Birth date"),
        "address" => Words::new("住址", "Address"),
        "resident_id" => Words::new("公民身份号码", "Resident ID number"),
        "issuer" => Words::new("签发机关", "Issued by"),
        "valid_from" => Words::new("有效期起", "Valid from"),
        "valid_until" => Words::new("有效期至", "Valid until"),
        "uscc" => Words::new("统一社会信用代码", "Credit code"),
        "code" => Words::new("条码", "Code"),
        "licence_code" => Words::new("证照核验", "Licence verified"),
        "document_no" | "number" => Words::new("证件号码", "Document number"),
        "expiry_date" => Words::new("有效期至", "Expires"),
        "nationality" => Words::new("国籍", "Nationality"),
        other => Words::new(other, other.replace('_', " ")),
    }
}
