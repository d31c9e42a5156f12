//! Gives sense to the parsed files: words become types, conditions become checked expressions, names become references.
//!
//! Every fault is collected, with its place, so that one run tells all. Absent on purpose: checks over a whole bundle, which `check` does.

use std::collections::BTreeMap;

use onewindow_case::identifier::IdentifierKind;
use onewindow_case::ids::{DepartmentId, MatterId};
use onewindow_case::text::Bilingual;

use crate::bundle::{AfterReform, Choice, Department, IdentityReads, Paper, ReadDef, ReadKind, Refusal, ScanDemands};
use crate::expression::Expression;
use crate::fault::{CatalogueFault, FaultSeverity};
use crate::source::{At, RawChoice, RawDataSources, RawDepartments, RawMaterials, RawPaper, RawRefusal, RawRefusals, Words};
use crate::typing::{self, Kind, TypeScope, near};
use crate::words::REFUSAL_OUTCOMES;

/// Faults of one file as they are found.
pub(crate) struct Faults<'a> {
    pub file: String,
    pub list: &'a mut Vec<CatalogueFault>,
}

impl Faults<'_> {
    pub fn error(&mut self, code: &'static str, line: u64, field: impl Into<String>, what: Bilingual, mend: Bilingual) {
        self.push(FaultSeverity::Error, code, line, field.into(), what, mend);
    }

    pub fn warning(&mut self, code: &'static str, line: u64, field: impl Into<String>, what: Bilingual, mend: Bilingual) {
        self.push(FaultSeverity::Warning, code, line, field.into(), what, mend);
    }

    fn push(&mut self, severity: FaultSeverity, code: &'static str, line: u64, field: String, what: Bilingual, mend: Bilingual) {
        self.list.push(CatalogueFault {
            code,
            severity,
            file: self.file.clone(),
            line,
            field,
            what,
            mend,
        });
    }

    /// Both languages of a text; a missing one is a fault.
    pub fn words(&mut self, words: &Words, field: &str) -> Bilingual {
        self.pair(words.value.zh.as_deref(), words.value.en.as_deref(), words.referenced.line(), field)
    }

    pub fn optional_words(&mut self, words: Option<&Words>, field: &str) -> Option<Bilingual> {
        words.map(|words| self.words(words, field))
    }

    pub fn choice(&mut self, choice: &RawChoice, field: &str) -> Choice {
        let field = format!("{field}[{}]", choice.id.value);
        let name = self.pair(choice.zh.as_deref(), choice.en.as_deref(), line(&choice.id), &field);
        Choice {
            id: choice.id.value.clone(),
            name,
        }
    }

    fn pair(&mut self, zh: Option<&str>, en: Option<&str>, line: u64, field: &str) -> Bilingual {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (zh, en) = (given(zh), given(en));
        for (language, name_zh, name_en, text) in [("zh", "中文", "Chinese", &zh), ("en", "英文", "English", &en)] {
            if text.is_none() {
                self.error(
                    "text.missing-language",
                    line,
                    format!("{field}.{language}"),
                    Bilingual::new(format!("缺{name_zh}"), format!("the {name_en} text is missing")),
                    Bilingual::new(format!("补写 {language}: 一行"), format!("add a line `{language}:`")),
                );
            }
        }
        Bilingual {
            zh: zh.unwrap_or_default(),
            en: en.unwrap_or_default(),
        }
    }

    /// One of fixed words, or a fault naming the known ones.
    pub fn one_of<T: Clone>(&mut self, at: &At, field: &str, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(word, _)| *word == at.value).map(|(_, value)| value.clone());
        if found.is_none() {
            let words: Vec<String> = known.iter().map(|(word, _)| (*word).to_owned()).collect();
            self.error(
                "value.unknown-word",
                line(at),
                field,
                Bilingual::new(format!("不认识“{}”", at.value), format!("`{}` is not a known word", at.value)),
                near(&at.value, words.iter()),
            );
        }
        found
    }

    /// Reports a name that leads nowhere.
    pub fn unknown<'k>(&mut self, code: &'static str, at: &At, field: &str, known: impl Iterator<Item = &'k String>) {
        self.error(
            code,
            line(at),
            field,
            Bilingual::new(format!("找不到“{}”", at.value), format!("`{}` is not defined", at.value)),
            near(&at.value, known),
        );
    }

    /// A condition, or a fault; the caller goes on without it.
    pub fn condition(&mut self, at: Option<&At>, field: &str, scope: &TypeScope) -> Option<Expression> {
        self.expression(at?, field, scope, &Kind::Bool)
    }

    pub fn expression(&mut self, at: &At, field: &str, scope: &TypeScope, expected: &Kind) -> Option<Expression> {
        match typing::compile(&at.value, scope, expected) {
            Ok(expression) => Some(expression),
            Err(fault) => {
                self.error(fault.code, line(at), field, fault.what, fault.mend);
                None
            }
        }
    }
}

/// Line of a value in its file.
pub(crate) fn line(at: &At) -> u64 {
    at.referenced.line()
}

/// What all bundles share.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedParts {
    pub departments: BTreeMap<DepartmentId, Department>,
    pub sources: BTreeMap<String, Bilingual>,
    pub papers: BTreeMap<String, Paper>,
    pub refusals: Vec<Refusal>,
}

pub(crate) fn departments(raw: &RawDepartments, faults: &mut Faults<'_>) -> BTreeMap<DepartmentId, Department> {
    let mut departments = BTreeMap::new();
    for (id, raw) in &raw.departments {
        let field = format!("departments.{id}");
        let name = faults.words(&raw.name, &format!("{field}.name"));
        let short = faults.words(&raw.short, &format!("{field}.short"));
        let id = DepartmentId::new(id.as_str());
        departments.insert(id.clone(), Department { id, name, short });
    }
    departments
}

pub(crate) fn sources(raw: &RawDataSources, departments: &BTreeMap<DepartmentId, Department>, faults: &mut Faults<'_>) -> BTreeMap<String, Bilingual> {
    let mut sources = BTreeMap::new();
    for (id, raw) in &raw.sources {
        let field = format!("sources.{id}");
        if !departments.contains_key(&DepartmentId::new(raw.owner.value.as_str())) {
            let known: Vec<String> = departments.keys().map(|id| id.as_str().to_owned()).collect();
            faults.unknown("reference.unknown-department", &raw.owner, &format!("{field}.owner"), known.iter());
        }
        sources.insert(id.clone(), faults.words(&raw.name, &format!("{field}.name")));
    }
    sources
}

pub(crate) fn papers(raw: &RawMaterials, faults: &mut Faults<'_>) -> BTreeMap<String, Paper> {
    raw.materials.iter().map(|(id, raw)| (id.clone(), paper(id, raw, faults))).collect()
}

fn paper(id: &str, raw: &RawPaper, faults: &mut Faults<'_>) -> Paper {
    let field = format!("materials.{id}");
    let reads: Vec<ReadDef> = raw
        .reads
        .iter()
        .filter_map(|read| {
            let field = format!("{field}.reads[{}]", read.key.value);
            let name = faults.words(&read.name, &format!("{field}.name"));
            read_kind(&read.kind, &format!("{field}.kind"), faults).map(|kind| ReadDef {
                key: read.key.value.clone(),
                name,
                kind,
            })
        })
        .collect();
    let keys: Vec<String> = reads.iter().map(|read| read.key.clone()).collect();
    let identity = raw.identity.as_ref().map(|identity| {
        for (at, part) in [
            (Some(&identity.number), "number"),
            (identity.sex.as_ref(), "sex"),
            (identity.birth_date.as_ref(), "birth_date"),
        ] {
            if let Some(at) = at.filter(|at| !keys.contains(&at.value)) {
                faults.unknown("reference.unknown-read", at, &format!("{field}.identity.{part}"), keys.iter());
            }
        }
        let text = |at: &Option<At>| at.as_ref().map(|at| at.value.clone());
        IdentityReads {
            number: identity.number.value.clone(),
            sex: text(&identity.sex),
            birth_date: text(&identity.birth_date),
        }
    });
    if raw.pages.value == 0 {
        faults.error(
            "value.out-of-range",
            raw.pages.referenced.line(),
            format!("{field}.pages"),
            Bilingual::new("页数为零", "there must be at least one page"),
            Bilingual::new("写 1 或更多", "write 1 or more"),
        );
    }
    let scan = scan_demands(raw, &field, faults);
    Paper {
        id: id.to_owned(),
        scan,
        name: faults.words(&raw.name, &format!("{field}.name")),
        pages_min: raw.pages.value.max(1),
        pages_max: raw.pages_max,
        original: raw.original,
        made_by_counter: raw.made_by_counter,
        paper_only: raw.paper_only,
        electronic: raw.electronic,
        spec: faults.optional_words(raw.spec.as_ref(), &format!("{field}.spec")),
        reads,
        identity,
    }
}

/// Limits that no scanner and no paper has are a slip of the pen.
fn scan_demands(raw: &RawPaper, field: &str, faults: &mut Faults<'_>) -> ScanDemands {
    let Some(scan) = raw.scan else { return ScanDemands::default() };
    let side = |size: Option<[f32; 2]>, at: usize| size.map(|size| size[at]);
    let limits = [
        ("size_mm", side(scan.size_mm, 0), 20.0, 1200.0),
        ("size_mm", side(scan.size_mm, 1), 20.0, 1200.0),
        ("other_size_mm", side(scan.other_size_mm, 0), 20.0, 1200.0),
        ("other_size_mm", side(scan.other_size_mm, 1), 20.0, 1200.0),
        ("dpi_min", scan.dpi_min, 75.0, 1200.0),
        ("blur_max_mm", scan.blur_max_mm, 0.05, 5.0),
        ("glare_max", scan.glare_max, 0.0, 0.5),
        ("brightness_min", scan.brightness_min, 1.0, 200.0),
    ];
    for (key, value, least, most) in limits {
        if value.is_some_and(|value| !(least..=most).contains(&value)) {
            faults.error(
                "value.out-of-range",
                raw.pages.referenced.line(),
                format!("{field}.scan.{key}"),
                Bilingual::new("扫描要求超出可能的范围", "no scan can meet this demand"),
                Bilingual::new(format!("写 {least} 到 {most} 之间的数"), format!("write a number from {least} to {most}")),
            );
        }
    }
    if scan.blank_pages_max >= raw.pages.value && raw.pages.value > 0 {
        faults.error(
            "value.out-of-range",
            raw.pages.referenced.line(),
            format!("{field}.scan.blank_pages_max"),
            Bilingual::new("所有页都可以空白", "every page may be empty"),
            Bilingual::new(
                "至少要有一页有内容：改小空白页数",
                "at least one page must bear something: allow fewer empty ones",
            ),
        );
    }
    ScanDemands {
        size_mm: scan.size_mm.map(<(f32, f32)>::from),
        other_size_mm: scan.other_size_mm.map(<(f32, f32)>::from),
        dpi_min: scan.dpi_min,
        blur_max_mm: scan.blur_max_mm,
        glare_max: scan.glare_max,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a level outside 1 to 200 is a fault above")]
        brightness_min: scan.brightness_min.map(|level| level as u8),
        sealed: scan.sealed,
        blank_pages_max: scan.blank_pages_max,
    }
}

fn read_kind(at: &At, field: &str, faults: &mut Faults<'_>) -> Option<ReadKind> {
    if let Ok(kind) = at.value.parse::<IdentifierKind>() {
        return Some(ReadKind::Identifier(kind));
    }
    let known = [
        ("text", ReadKind::Text),
        ("name", ReadKind::Name),
        ("sex", ReadKind::Sex),
        ("date", ReadKind::Date),
        ("valid-until", ReadKind::ValidUntil),
    ];
    faults.one_of(at, field, &known)
}

pub(crate) fn common_refusals(raw: &RawRefusals, faults: &mut Faults<'_>) -> Vec<Refusal> {
    raw.refusals
        .iter()
        .filter_map(|raw| refusal(raw, &TypeScope::default(), true, faults))
        .collect()
}

pub(crate) fn refusal(raw: &RawRefusal, scope: &TypeScope, common: bool, faults: &mut Faults<'_>) -> Option<Refusal> {
    let field = format!("refusals[{}]", raw.id.value);
    let outcome = faults.one_of(&raw.outcome, &format!("{field}.outcome"), &REFUSAL_OUTCOMES);
    let when = faults.condition(raw.when.as_ref(), &format!("{field}.when"), scope);
    let reason = faults.words(&raw.reason, &format!("{field}.reason"));
    let law = faults.words(&raw.law, &format!("{field}.law"));
    let body = faults.optional_words(raw.body.as_ref(), &format!("{field}.body"));
    Some(Refusal {
        id: raw.id.value.clone(),
        outcome: outcome?,
        when,
        reason,
        law,
        body,
        common,
    })
}

/// What is to happen to a paper, from its word and, for sharing, its source.
pub(crate) fn after_reform(
    after: &At,
    source: Option<&At>,
    field: &str,
    sources: &BTreeMap<String, Bilingual>,
    faults: &mut Faults<'_>,
) -> Option<AfterReform> {
    if after.value == "shared" {
        let Some(source) = source else {
            faults.error(
                "reference.missing-source",
                line(after),
                field,
                Bilingual::new("没写数据来源", "the data source is missing"),
                Bilingual::new("补写 source: 一行", "add a line `source:`"),
            );
            return None;
        };
        let Some(name) = sources.get(&source.value) else {
            faults.unknown("reference.unknown-source", source, &format!("{field}.source"), sources.keys());
            return None;
        };
        return Some(AfterReform::Shared {
            source: source.value.clone(),
            name: name.clone(),
        });
    }
    let known = [
        ("required", AfterReform::Required),
        ("form", AfterReform::Form),
        ("commitment", AfterReform::Commitment),
        ("internal", AfterReform::Internal),
        ("waived", AfterReform::Waived),
    ];
    faults.one_of(after, field, &known)
}

/// Matters named by a paper; `all` stands for every one.
pub(crate) fn matter_list(raw: &[At], field: &str, matters: &[String], faults: &mut Faults<'_>) -> Vec<MatterId> {
    let mut list = Vec::new();
    for at in raw {
        if at.value == "all" {
            return matters.iter().map(|id| MatterId::new(id.as_str())).collect();
        }
        if matters.contains(&at.value) {
            list.push(MatterId::new(at.value.as_str()));
        } else {
            faults.unknown("reference.unknown-matter", at, field, matters.iter());
        }
    }
    list
}
