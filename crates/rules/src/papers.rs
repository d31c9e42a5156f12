//! The papers: is each one there, with enough usable pages, still valid, and at one with itself? Absent on purpose: comparison between papers (see `cross`).

use onewindow_case::event::MaterialMark;
use onewindow_case::identifier::{self, Verdict};
use onewindow_case::ids::{MaterialKey, PageId};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{AfterReform, Bundle, ChecklistEntry, Guidance, IdentityReads, Override, Paper, ReadDef, ReadKind, parse_date};
use time::Date;

use crate::facts::{CaseFacts, PageVerdict, PaperFact, ReadFact};
use crate::finding::{Finding, Findings, Severity};
use crate::{DOUBT, paper_name};

/// Code of a missing paper that may follow.
pub(crate) const MAY_FOLLOW: &str = "paper.may-follow";
/// Most reads of one paper that are looked at.
const READS_MAX: usize = 200;

/// One line of the checklist with its status.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Key of the paper.
    pub key: MaterialKey,
    /// Its status.
    pub status: RequirementStatus,
    /// Pages that count.
    pub pages: usize,
    /// Findings about it that want a person.
    pub open_findings: usize,
}

/// Status of one line of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequirementStatus {
    /// There and right.
    Ok,
    /// There, but something wants a person.
    ToCheck,
    /// Missing; the case cannot be accepted.
    Missing,
    /// Missing; it may be brought later.
    MayFollow,
    /// Comes from data sharing, not yet confirmed.
    SharedPending,
    /// A commitment is to be signed in its place.
    Commitment,
    /// Part of the integrated form.
    InForm,
    /// Made by another matter of the case.
    Internal,
    /// No longer demanded.
    Waived,
}

impl RequirementStatus {
    /// The word for the window: `ok`, `to_check`, `missing` ...
    pub fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ToCheck => "to_check",
            Self::Missing => "missing",
            Self::MayFollow => "may_follow",
            Self::SharedPending => "shared_pending",
            Self::Commitment => "commitment",
            Self::InForm => "in_form",
            Self::Internal => "internal",
            Self::Waived => "waived",
        }
    }
}

pub(crate) fn requirement(entry: &ChecklistEntry, facts: &CaseFacts, findings: &[Finding]) -> Requirement {
    let of_paper = || {
        findings
            .iter()
            .filter(|finding| finding.material.as_ref() == Some(&entry.key) && !finding.overridden)
    };
    let open = of_paper().filter(|finding| finding.severity != Severity::Note).count();
    let present = presence(entry, facts);
    let in_hand = if open == 0 { RequirementStatus::Ok } else { RequirementStatus::ToCheck };
    let status = match (&entry.disposition, present) {
        (AfterReform::Form, _) => RequirementStatus::InForm,
        (AfterReform::Internal, Presence::Nothing) => RequirementStatus::Internal,
        (AfterReform::Waived, Presence::Nothing) => RequirementStatus::Waived,
        (AfterReform::Shared { .. }, Presence::Nothing | Presence::TooFew) => RequirementStatus::SharedPending,
        (AfterReform::Commitment, Presence::Nothing | Presence::TooFew) => RequirementStatus::Commitment,
        (AfterReform::Required, Presence::Nothing | Presence::TooFew) if entry.tolerance => RequirementStatus::MayFollow,
        (AfterReform::Required, Presence::Nothing | Presence::TooFew) => RequirementStatus::Missing,
        (AfterReform::Internal | AfterReform::Waived, Presence::TooFew | Presence::Enough | Presence::Vouched) => in_hand,
        (AfterReform::Required | AfterReform::Shared { .. } | AfterReform::Commitment, Presence::Enough | Presence::Vouched) => in_hand,
    };
    Requirement {
        key: entry.key.clone(),
        status,
        pages: usable(facts.papers.get(&entry.key)),
        open_findings: open,
    }
}

/// How far a paper is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Nothing,
    TooFew,
    Enough,
    /// Not there, but a mark stands for it.
    Vouched,
}

fn presence(entry: &ChecklistEntry, facts: &CaseFacts) -> Presence {
    let vouched = match (facts.marks.get(&entry.key), &entry.disposition) {
        (Some(MaterialMark::OtherProof(_)), _) => true,
        (Some(MaterialMark::SharedConfirmed), AfterReform::Shared { .. }) => true,
        (Some(MaterialMark::CommitmentSigned), AfterReform::Commitment) => true,
        // A form made here may be signed on the second screen.
        (Some(MaterialMark::CommitmentSigned), _) => entry.made_by_counter,
        (Some(MaterialMark::SharedConfirmed | MaterialMark::Outstanding) | None, _) => false,
    };
    if vouched {
        return Presence::Vouched;
    }
    match usable(facts.papers.get(&entry.key)) {
        0 => Presence::Nothing,
        // Files and hand-over lists have no fixed number of pages.
        _ if entry.electronic || entry.paper_only => Presence::Enough,
        count if count < entry.pages_min as usize => Presence::TooFew,
        _ => Presence::Enough,
    }
}

/// Whether the paper, or a signature that stands for it, is there.
pub(crate) fn is_present(entry: &ChecklistEntry, facts: &CaseFacts) -> bool {
    matches!(presence(entry, facts), Presence::Enough | Presence::Vouched)
}

fn usable(paper: Option<&PaperFact>) -> usize {
    paper.map_or(0, |paper| paper.pages.iter().filter(|page| page.verdict != PageVerdict::Unusable).count())
}

/// Every missing paper and every doubtful page.
pub(crate) fn check(guidance: &Guidance, facts: &CaseFacts, findings: &mut Findings<'_>) {
    for entry in &guidance.checklist {
        check_presence(entry, facts, findings);
        check_pages(entry, facts, findings);
    }
}

fn check_presence(entry: &ChecklistEntry, facts: &CaseFacts, findings: &mut Findings<'_>) {
    let presence = presence(entry, facts);
    let about = |finding: Finding| Finding {
        material: Some(entry.key.clone()),
        subject: paper_name(entry),
        source: entry.basis.clone(),
        ..finding
    };
    match (&entry.disposition, presence) {
        (AfterReform::Required, Presence::Nothing | Presence::TooFew) => findings.push(about(missing(entry, facts, presence))),
        (AfterReform::Commitment, Presence::Nothing | Presence::TooFew) => findings.push(about(Finding::error(
            "paper.commitment-unsigned",
            Bilingual::new("承诺书还没签", "the commitment is not signed yet"),
            entry.remedy.clone(),
        ))),
        (AfterReform::Shared { name, .. }, Presence::Nothing | Presence::TooFew) => findings.push(about(Finding::note(
            "paper.shared-pending",
            Bilingual::new(
                format!("待向{}查询，申请人确认", name.zh),
                format!("to be fetched from the {} and confirmed by the applicant", name.en),
            ),
            Bilingual::new(
                "不影响受理；联网后自动核对",
                "this does not hold up acceptance; it is checked when the line is back",
            ),
        ))),
        (AfterReform::Required, Presence::Vouched) => {
            if let Some(MaterialMark::OtherProof(reason)) = facts.marks.get(&entry.key) {
                let reason: String = reason.chars().take(100).collect();
                findings.push(about(Finding::note(
                    "paper.other-proof",
                    Bilingual::new(format!("以其他证明代替：{reason}"), format!("shown by another proof: {reason}")),
                    Bilingual::new("理由已记录", "the reason is on record"),
                )));
            }
        }
        (AfterReform::Form | AfterReform::Internal | AfterReform::Waived, _)
        | (AfterReform::Required, Presence::Enough)
        | (AfterReform::Shared { .. } | AfterReform::Commitment, Presence::Enough | Presence::Vouched) => {}
    }
}

fn missing(entry: &ChecklistEntry, facts: &CaseFacts, presence: Presence) -> Finding {
    let count = usable(facts.papers.get(&entry.key));
    let what = if presence == Presence::Nothing {
        let unusable = facts.papers.get(&entry.key).is_some_and(|paper| !paper.pages.is_empty());
        if unusable {
            Bilingual::new("扫描页都不可用", "no scanned page is usable")
        } else {
            Bilingual::new("未提交", "not handed in")
        }
    } else {
        Bilingual::new(
            format!("只有 {count} 页，至少 {} 页", entry.pages_min),
            format!("only {count} of at least {} pages", entry.pages_min),
        )
    };
    if entry.tolerance {
        return Finding::warning(MAY_FOLLOW, what, entry.remedy.clone());
    }
    let code = if presence == Presence::Nothing {
        "paper.missing"
    } else {
        "paper.pages-missing"
    };
    Finding::error(code, what, entry.remedy.clone())
}

fn check_pages(entry: &ChecklistEntry, facts: &CaseFacts, findings: &mut Findings<'_>) {
    let Some(paper) = facts.papers.get(&entry.key) else { return };
    for page in paper.pages.iter().filter(|page| page.verdict != PageVerdict::Usable) {
        let (what, code) = match page.remarks.first() {
            _ if page.verdict == PageVerdict::Pending => (Bilingual::new("此页已存盘，正在判读", "this page is kept and being judged"), "pending"),
            Some(remark) => (Bilingual::new(remark.zh.as_str(), remark.en.as_str()), remark.code.as_str()),
            None => (Bilingual::new("此页质量存疑", "the quality of this page is doubtful"), "doubtful"),
        };
        let remedy = if page.verdict == PageVerdict::Pending {
            Bilingual::new("稍候；若一直如此，请重扫本页", "wait a moment; if it stays, scan the page again")
        } else {
            Bilingual::new("重扫本页，或确认可用", "scan the page again, or confirm that it will do")
        };
        findings.push(Finding {
            material: Some(entry.key.clone()),
            page: Some(page.page),
            subject: page_name(entry, paper, Some(page.page)),
            ..Finding::warning(&format!("page.{code}"), what, remedy)
        });
    }
    let scanned = usable(Some(paper));
    if entry.pages_max.is_some_and(|max| scanned > max as usize) {
        let max = entry.pages_max.unwrap_or_default();
        findings.push(Finding {
            material: Some(entry.key.clone()),
            subject: paper_name(entry),
            ..Finding::warning(
                "paper.too-many-pages",
                Bilingual::new(format!("有 {scanned} 页，应为 {max} 页"), format!("{scanned} pages instead of {max}")),
                Bilingual::new("看看有没有放错的页", "look for a page that belongs elsewhere"),
            )
        });
    }
}

/// Name of a paper, with the number of the page where it has several.
fn page_name(entry: &ChecklistEntry, fact: &PaperFact, page: Option<PageId>) -> Bilingual {
    let paper = paper_name(entry);
    let at = fact.pages.iter().position(|known| Some(known.page) == page);
    match at {
        Some(at) if fact.pages.len() > 1 => Bilingual::new(format!("{}第 {} 页", paper.zh, at + 1), format!("{}, page {}", paper.en, at + 1)),
        Some(_) | None => paper,
    }
}

/// What was read on the papers: validity, check rules, and whether a number agrees with the person beside it.
pub(crate) fn check_reads(bundle: &Bundle, guidance: &Guidance, facts: &CaseFacts, today: Date, findings: &mut Findings<'_>) {
    for entry in &guidance.checklist {
        let (Some(material), Some(fact)) = (bundle.find_material(&entry.key), facts.papers.get(&entry.key)) else {
            continue;
        };
        let about = |finding: Finding, page| Finding {
            material: Some(entry.key.clone()),
            subject: page_name(entry, fact, page),
            page,
            ..finding
        };
        for read in fact.reads.iter().take(READS_MAX) {
            let Some(def) = material.paper.reads.iter().find(|def| def.key == read.key) else {
                continue;
            };
            // Reads that fill a form field are judged there, after the clerk's correction.
            let fills_field =
                bundle.fields.iter().flat_map(|field| &field.origins).any(
                    |origin| matches!(origin, onewindow_catalogue::FieldOrigin::Paper { material, read: key } if material == &entry.key && key == &read.key),
                );
            if let Some(finding) = read_finding(def, read, fills_field, today) {
                findings.push(about(finding, read.page));
            }
        }
        if let Some(identity) = &material.paper.identity {
            for (finding, page) in identity_findings(&material.paper, identity, fact, today) {
                findings.push(about(finding, page));
            }
        }
    }
}

fn read_finding(def: &ReadDef, read: &ReadFact, fills_field: bool, today: Date) -> Option<Finding> {
    match def.kind {
        ReadKind::ValidUntil => {
            let last = parse_date(&read.value.replace(['.', '/'], "-"))?;
            (last < today).then(|| Finding {
                override_by: Override::SecondPerson,
                ..Finding::error(
                    "paper.expired",
                    Bilingual::new(format!("{} 到期", read.value), format!("expired on {}", read.value)),
                    Bilingual::new("请交有效的证件，或以其他证明代替", "ask for a valid paper, or for another proof"),
                )
            })
        }
        ReadKind::Identifier(kind) if !fills_field => {
            let check = identifier::check(kind, &read.value, today);
            let severity = match check.verdict {
                Verdict::Ok => return None,
                Verdict::Warning => Severity::Warning,
                Verdict::Error if read.confirmed => Severity::Error,
                Verdict::Error => Severity::Warning,
            };
            let remedy = Bilingual::new(
                "对照原件；读错的改正，原件如此的按核对结果处理",
                "compare with the original and correct a misreading",
            );
            Some(Finding {
                severity,
                override_by: DOUBT,
                ..Finding::error(&format!("identifier.{}", check.code), check.message, remedy)
            })
        }
        ReadKind::Identifier(_) | ReadKind::Text | ReadKind::Name | ReadKind::Sex | ReadKind::Date => None,
    }
}

type PageFinding = (Finding, Option<PageId>);

/// A booklet has several people: each number is compared with what stands on its own page.
fn identity_findings(paper: &Paper, identity: &IdentityReads, fact: &PaperFact, today: Date) -> Vec<PageFinding> {
    let kind = paper.reads.iter().find(|def| def.key == identity.number).map(|def| def.kind);
    let Some(ReadKind::Identifier(kind)) = kind else { return Vec::new() };
    let mut list = Vec::new();
    for number in fact.reads.iter().filter(|read| read.key == identity.number).take(READS_MAX) {
        let beside = |key: &Option<String>| {
            key.as_ref()
                .and_then(|key| fact.reads.iter().find(|read| read.page == number.page && &read.key == key))
        };
        let said = identifier::check(kind, &number.value, today).fields;
        if let (Some(sex), Some(by_number)) = (beside(&identity.sex), said.get("sex"))
            && sex_word(&sex.value).is_some_and(|word| word != by_number)
        {
            let certain = number.confirmed && sex.confirmed;
            list.push((disagreement("paper.sex-differs", "性别", "the sex", certain), sex.page));
        }
        if let (Some(birth), Some(by_number)) = (beside(&identity.birth_date), said.get("birth_date"))
            && differs(&birth.value, by_number)
        {
            let certain = number.confirmed && birth.confirmed;
            list.push((disagreement("paper.birth-date-differs", "出生日期", "the birth date", certain), birth.page));
        }
    }
    list
}

/// Whether a printed day is a day, and another one.
fn differs(printed: &str, by_number: &str) -> bool {
    let printed = parse_date(&printed.replace(['.', '/'], "-"));
    printed.is_some() && printed != parse_date(by_number)
}

fn disagreement(code: &str, zh: &str, en: &str, certain: bool) -> Finding {
    let what = Bilingual::new(format!("{zh}与身份号码不一致"), format!("{en} does not agree with the ID number"));
    let remedy = Bilingual::new("对照原件，改正读错的一项", "compare with the original and correct what was misread");
    if certain {
        Finding {
            override_by: Override::SecondPerson,
            ..Finding::error(code, what, remedy)
        }
    } else {
        Finding::warning(code, what, remedy)
    }
}

/// `male` or `female`, whatever word a paper uses.
pub(crate) fn sex_word(text: &str) -> Option<&'static str> {
    match text.trim() {
        "男" | "M" | "m" | "male" => Some("male"),
        "女" | "F" | "f" | "female" => Some("female"),
        _ => None,
    }
}
