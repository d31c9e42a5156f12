//! Gives sense to one bundle file. Parts are compiled in the order in which later parts may refer to earlier ones. Absent on purpose: figures and cycles (see `check`).

use std::collections::BTreeMap;

use onewindow_case::identifier::IdentifierKind;
use onewindow_case::ids::{BundleId, DepartmentId, FieldKey, MaterialKey, MatterId, QuestionId};
use onewindow_case::text::Bilingual;

use crate::bundle::{
    ApplicantKind, Bundle, Consent, FieldDef, FieldGroup, FieldKind, FieldOrigin, Figures, MaterialDef, MatterDef, Override, Question, QuestionKind, ResultDef,
    RuleDef, RuleSeverity,
};
use crate::compile::{self, Faults, SharedParts, line};
use crate::guidance::{Answers, read_answer};
use crate::limit::{Statutory, TimeLimit};
use crate::source::{At, RawBundle, RawField, RawFigures, RawMaterial, RawMatter, RawOrigin, RawQuestion, RawRule};
use crate::typing::{Kind, TypeScope};
use crate::words::{APPLICANT_KINDS, APPLICANT_PARTS, DELIVERIES, MATTER_KINDS, OVERRIDES, SEVERITIES};

/// Compiles one bundle; `None` only when nothing of use is left.
pub(crate) fn bundle(raw: &RawBundle, shared: &SharedParts, faults: &mut Faults<'_>) -> Option<Bundle> {
    let applicant = faults.one_of(&raw.applicant, "applicant", &APPLICANT_KINDS).unwrap_or(ApplicantKind::Person);
    let mut guidance = questions(&raw.guidance, faults);
    let mut scope = TypeScope {
        answers: guidance.iter().map(|q| (q.id.as_str().to_owned(), answer_kind(q))).collect(),
        ..TypeScope::default()
    };
    let matter_ids: Vec<String> = raw.matters.iter().map(|matter| matter.id.value.clone()).collect();
    let matters = matters(&raw.matters, &scope, shared, faults);
    scope.matters = Some(matter_ids.clone());
    let materials: Vec<MaterialDef> = raw
        .materials
        .iter()
        .filter_map(|raw| material(raw, &scope, &matter_ids, shared, faults))
        .collect();
    let groups = groups(raw, &scope, faults);
    let fields = fields(&raw.fields, &mut scope, &groups, &materials, faults);
    known_answers(&raw.guidance, &mut guidance, &scope, faults);
    let consents = consents(raw, &scope, faults);
    let rules = rules(&raw.rules, &scope, &groups, &fields, &materials, faults);
    let mut refusals: Vec<_> = raw.refusals.iter().filter_map(|raw| compile::refusal(raw, &scope, false, faults)).collect();
    refusals.extend(shared.refusals.iter().cloned());
    Some(Bundle {
        id: BundleId::new(raw.id.value.as_str()),
        name: faults.words(&raw.name, "name"),
        summary: faults.words(&raw.summary, "summary"),
        theme: raw.theme.clone(),
        applicant,
        words: raw.words.clone(),
        figures: figures(&raw.figures, &guidance, faults),
        departments: departments_of(&matters, shared),
        matters,
        guidance,
        materials,
        groups,
        fields,
        consents,
        rules,
        refusals,
    })
}

fn departments_of(matters: &[MatterDef], shared: &SharedParts) -> BTreeMap<DepartmentId, crate::bundle::Department> {
    let found = matters.iter().filter_map(|matter| shared.departments.get(&matter.department));
    found.map(|department| (department.id.clone(), department.clone())).collect()
}

fn figures(raw: &RawFigures, guidance: &[Question], faults: &mut Faults<'_>) -> Figures {
    let mut usual = Answers::new();
    for (id, at) in &raw.usual {
        let field = format!("figures.usual.{id}");
        let Some(question) = guidance.iter().find(|question| question.id.as_str() == id) else {
            let known: Vec<String> = guidance.iter().map(|question| question.id.as_str().to_owned()).collect();
            let named = At {
                value: id.clone(),
                ..at.clone()
            };
            faults.unknown("reference.unknown-question", &named, &field, known.iter());
            continue;
        };
        match read_answer(question, &at.value) {
            Ok(answer) => {
                usual.insert(question.id.clone(), answer);
            }
            Err(refusal) => faults.error(
                "value.not-an-answer",
                line(at),
                field,
                Bilingual::new(format!("“{}”不是这题的答案", at.value), refusal.to_string()),
                Bilingual::new("改成该题的选项", "use an option of that question"),
            ),
        }
    }
    Figures {
        materials_before: raw.before.materials.value,
        materials_after: raw.after.materials.value,
        time_before: faults.words(&raw.before.time, "figures.before.time"),
        time_after: faults.words(&raw.after.time, "figures.after.time"),
        visits_before: faults.words(&raw.before.visits, "figures.before.visits"),
        visits_after: faults.words(&raw.after.visits, "figures.after.visits"),
        usual,
    }
}

fn questions(raw: &[RawQuestion], faults: &mut Faults<'_>) -> Vec<Question> {
    let mut scope = TypeScope {
        later_answers: raw.iter().map(|question| question.id.value.clone()).collect(),
        ..TypeScope::default()
    };
    let mut questions = Vec::with_capacity(raw.len());
    for raw in raw {
        let field = format!("guidance[{}]", raw.id.value);
        let options: Vec<_> = raw.options.iter().map(|choice| faults.choice(choice, &format!("{field}.options"))).collect();
        let kind = match (&raw.number, options.is_empty(), raw.many) {
            (Some(number), true, false) if number.min <= number.max => QuestionKind::Number {
                min: number.min,
                max: number.max,
                unit: faults.optional_words(number.unit.as_ref(), &format!("{field}.number.unit")),
            },
            (None, false, false) => QuestionKind::Choice(options),
            (None, false, true) => QuestionKind::Many(options),
            (Some(_) | None, _, _) => {
                faults.error(
                    "question.form",
                    line(&raw.id),
                    field.clone(),
                    Bilingual::new("题目须有选项，或有数字范围", "a question needs either options or a number range"),
                    Bilingual::new("写 options: 或 number: {min, max}", "write `options:` or `number: {min, max}`"),
                );
                QuestionKind::Choice(options)
            }
        };
        let question = Question {
            id: QuestionId::new(raw.id.value.as_str()),
            text: faults.words(&raw.text, &format!("{field}.text")),
            hint: faults.optional_words(raw.hint.as_ref(), &format!("{field}.hint")),
            kind,
            ask_when: faults.condition(raw.ask_when.as_ref(), &format!("{field}.ask_when"), &scope),
            known: None,
        };
        scope.answers.insert(raw.id.value.clone(), answer_kind(&question));
        questions.push(question);
    }
    questions
}

/// Answers that follow from applicant and form may look at fields, so they are compiled once the form is known.
fn known_answers(raw: &[RawQuestion], guidance: &mut [Question], scope: &TypeScope, faults: &mut Faults<'_>) {
    for (raw, question) in raw.iter().zip(guidance) {
        let Some(at) = &raw.known else { continue };
        let field = format!("guidance[{}].known", raw.id.value);
        question.known = match &question.kind {
            QuestionKind::Number { .. } => faults.expression(at, &field, scope, &Kind::Integer),
            QuestionKind::Choice(options) => {
                let known = faults.expression(at, &field, scope, &Kind::Text(None));
                let ids: Vec<String> = options.iter().map(|option| option.id.clone()).collect();
                let wrong = known.as_ref().and_then(|known| known.results().into_iter().find(|text| !ids.contains(text)));
                match wrong {
                    None => known,
                    Some(wrong) => {
                        let named = At { value: wrong, ..at.clone() };
                        faults.unknown("expression.unknown-option", &named, &field, ids.iter());
                        None
                    }
                }
            }
            QuestionKind::Many(_) => {
                faults.error(
                    "question.form",
                    line(at),
                    field,
                    Bilingual::new("多选题不能由已知内容作答", "a question with many answers can not be known"),
                    Bilingual::new("去掉 known:", "remove `known:`"),
                );
                None
            }
        };
    }
}

fn answer_kind(question: &Question) -> Kind {
    let words = |options: &[crate::bundle::Choice]| Kind::Text(Some(options.iter().map(|option| option.id.clone()).collect()));
    match &question.kind {
        QuestionKind::Choice(options) => words(options),
        QuestionKind::Many(options) => Kind::List(Box::new(words(options))),
        QuestionKind::Number { .. } => Kind::Integer,
    }
}

fn matters(raw: &[RawMatter], scope: &TypeScope, shared: &SharedParts, faults: &mut Faults<'_>) -> Vec<MatterDef> {
    let ids: Vec<String> = raw.iter().map(|matter| matter.id.value.clone()).collect();
    raw.iter().filter_map(|raw| matter(raw, &ids, scope, shared, faults)).collect()
}

fn matter(raw: &RawMatter, ids: &[String], scope: &TypeScope, shared: &SharedParts, faults: &mut Faults<'_>) -> Option<MatterDef> {
    let field = format!("matters[{}]", raw.id.value);
    let kind = faults.one_of(&raw.kind, &format!("{field}.kind"), &MATTER_KINDS);
    let department = DepartmentId::new(raw.department.value.as_str());
    if !shared.departments.contains_key(&department) {
        let known: Vec<String> = shared.departments.keys().map(|id| id.as_str().to_owned()).collect();
        faults.unknown("reference.unknown-department", &raw.department, &format!("{field}.department"), known.iter());
    }
    let after = raw
        .after
        .iter()
        .filter_map(|at| {
            let known = ids.contains(&at.value);
            if !known {
                faults.unknown("reference.unknown-matter", at, &format!("{field}.after"), ids.iter());
            }
            known.then(|| MatterId::new(at.value.as_str()))
        })
        .collect();
    let statutory = raw.statutory.as_ref().map(|statutory| Statutory {
        limit: statutory.limit.as_ref().and_then(|at| limit(at, &format!("{field}.statutory.limit"), faults)),
        basis: faults.words(&statutory.basis, &format!("{field}.statutory.basis")),
    });
    let fee = faults.optional_words(raw.fee.as_ref(), &format!("{field}.fee"));
    Some(MatterDef {
        id: MatterId::new(raw.id.value.as_str()),
        name: faults.words(&raw.name, &format!("{field}.name")),
        department,
        kind: kind?,
        official_code: raw.official_code.as_ref().and_then(|at| official_code(at, &field, faults)),
        after,
        when: faults.condition(raw.when.as_ref(), &format!("{field}.when"), scope),
        promised: promised(raw, &field, faults)?,
        counted: raw.counted,
        statutory,
        fee: fee.unwrap_or_else(|| Bilingual::new("免费", "free")),
        result: result(raw, &field, faults)?,
        mandate: raw.mandate,
        stage: raw.stage.clone(),
    })
}

/// Basic codes have 12 characters, implementation codes 31, codes of items handled 33 (GB/T 39554.1).
fn official_code(at: &At, field: &str, faults: &mut Faults<'_>) -> Option<String> {
    let code = &at.value;
    let well_formed = matches!(code.len(), 12 | 31 | 33) && code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if !well_formed {
        faults.error(
            "matter.official-code",
            line(at),
            format!("{field}.official_code"),
            Bilingual::new(format!("“{code}”不是政务服务事项编码"), format!("`{code}` is no code of a government service")),
            Bilingual::new(
                "写12位基本编码、31位实施编码或者33位业务办理项编码，只用数字和大写字母；不知道就不写",
                "write the basic code (12 characters), the implementation code (31) or the item code (33) in digits and capitals, or leave it out",
            ),
        );
    }
    well_formed.then(|| code.clone())
}

/// A matter without a promise can not be put on a notice.
fn promised(raw: &RawMatter, field: &str, faults: &mut Faults<'_>) -> Option<TimeLimit> {
    if let Some(at) = &raw.promised {
        return limit(at, &format!("{field}.promised"), faults);
    }
    faults.error(
        "matter.deadline-missing",
        line(&raw.id),
        format!("{field}.promised"),
        Bilingual::new("没写承诺时限", "the promised time is missing"),
        Bilingual::new("补写 promised:，如 5 wd", "add `promised:`, such as 5 wd"),
    );
    None
}

fn result(raw: &RawMatter, field: &str, faults: &mut Faults<'_>) -> Option<ResultDef> {
    let name = faults.words(&raw.result.name, &format!("{field}.result.name"));
    let delivery = faults.one_of(&raw.result.delivery, &format!("{field}.result.delivery"), &DELIVERIES)?;
    Some(ResultDef {
        id: raw.result.id.value.clone(),
        name,
        delivery,
        valid_months: raw.result.valid_months,
    })
}

fn limit(at: &At, field: &str, faults: &mut Faults<'_>) -> Option<TimeLimit> {
    let limit = TimeLimit::parse(&at.value);
    if limit.is_none() {
        faults.error(
            "value.not-a-limit",
            line(at),
            field,
            Bilingual::new(format!("“{}”不是时限", at.value), format!("`{}` is not a time limit", at.value)),
            Bilingual::new("写 30 min、2 h、5 wd、15 cd 或 at once", "write 30 min, 2 h, 5 wd, 15 cd or at once"),
        );
    }
    limit
}

fn material(raw: &RawMaterial, scope: &TypeScope, matters: &[String], shared: &SharedParts, faults: &mut Faults<'_>) -> Option<MaterialDef> {
    let field = format!("materials[{}]", raw.key.value);
    let Some(paper) = shared.papers.get(&raw.material.value) else {
        faults.unknown("reference.unknown-material", &raw.material, &format!("{field}.material"), shared.papers.keys());
        return None;
    };
    let after = compile::after_reform(&raw.after, raw.source.as_ref(), &format!("{field}.after"), &shared.sources, faults)?;
    let mut cases = Vec::new();
    for case in &raw.cases {
        let when = faults.condition(Some(&case.when), &format!("{field}.cases.when"), scope);
        let after = compile::after_reform(&case.after, case.source.as_ref(), &format!("{field}.cases.after"), &shared.sources, faults);
        cases.extend(when.zip(after));
    }
    let mut roles = Vec::new();
    for role in &raw.roles {
        let when = faults.condition(Some(&role.when), &format!("{field}.roles.when"), scope);
        roles.extend(when.map(|when| (when, faults.words(&role.name, &format!("{field}.roles.name")))));
    }
    let name = &paper.name;
    let usual_remedy = || Bilingual::new(format!("补交{}", name.zh), format!("Bring: {}", name.en));
    Some(MaterialDef {
        key: MaterialKey::new(raw.key.value.as_str()),
        role: faults.optional_words(raw.role.as_ref(), &format!("{field}.role")),
        roles,
        for_matters: compile::matter_list(&raw.for_matters, &format!("{field}.for"), matters, faults),
        copies_before: raw.copies_before,
        after,
        cases,
        when: faults.condition(raw.when.as_ref(), &format!("{field}.when"), scope),
        tolerance: raw.tolerance,
        why: faults.words(&raw.why, &format!("{field}.why")),
        instead: faults.optional_words(raw.instead.as_ref(), &format!("{field}.instead")),
        remedy: faults
            .optional_words(raw.remedy.as_ref(), &format!("{field}.remedy"))
            .unwrap_or_else(usual_remedy),
        basis: faults.optional_words(raw.basis.as_ref(), &format!("{field}.basis")),
        pages_min: raw.pages.unwrap_or(paper.pages_min),
        paper: paper.clone(),
    })
}

fn groups(raw: &RawBundle, scope: &TypeScope, faults: &mut Faults<'_>) -> Vec<FieldGroup> {
    let mut groups = Vec::new();
    for raw in &raw.groups {
        let field = format!("groups[{}]", raw.id.value);
        let name = faults.words(&raw.name, &format!("{field}.name"));
        let repeat = raw
            .repeat
            .as_ref()
            .and_then(|at| faults.expression(at, &format!("{field}.repeat"), scope, &Kind::Integer));
        groups.push(FieldGroup {
            id: raw.id.value.clone(),
            name,
            repeat,
        });
    }
    groups
}

fn fields(raw: &[RawField], scope: &mut TypeScope, groups: &[FieldGroup], materials: &[MaterialDef], faults: &mut Faults<'_>) -> Vec<FieldDef> {
    let kinds: Vec<Option<FieldKind>> = raw.iter().map(|raw| field_kind(raw, faults)).collect();
    let typed = raw
        .iter()
        .zip(&kinds)
        .filter_map(|(raw, kind)| kind.as_ref().map(|kind| (raw.key.value.clone(), value_kind(kind))));
    scope.fields = Some(typed.collect());
    let group_ids: Vec<String> = groups.iter().map(|group| group.id.clone()).collect();
    let mut fields = Vec::with_capacity(raw.len());
    for (raw, kind) in raw.iter().zip(kinds) {
        let path = format!("fields[{}]", raw.key.value);
        if !group_ids.contains(&raw.group.value) {
            faults.unknown("reference.unknown-group", &raw.group, &format!("{path}.group"), group_ids.iter());
        }
        let field = FieldDef {
            key: FieldKey::new(raw.key.value.as_str()),
            name: faults.words(&raw.name, &format!("{path}.name")),
            group: raw.group.value.clone(),
            kind: kind.unwrap_or(FieldKind::Text { max: 1 }),
            required: raw.required,
            required_when: faults.condition(raw.required_when.as_ref(), &format!("{path}.required_when"), scope),
            when: faults.condition(raw.when.as_ref(), &format!("{path}.when"), scope),
            origins: raw.from.iter().filter_map(|origin| self::origin(origin, raw, materials, faults)).collect(),
            sensitive: raw.sensitive,
            hint: faults.optional_words(raw.hint.as_ref(), &format!("{path}.hint")),
        };
        fields.push(field);
    }
    fields
}

/// Longest text of a field that sets no bound of its own, in characters.
const TEXT_MAX: u32 = 200;

fn field_kind(raw: &RawField, faults: &mut Faults<'_>) -> Option<FieldKind> {
    let field = format!("fields[{}]", raw.key.value);
    if let Ok(kind) = raw.kind.value.parse::<IdentifierKind>() {
        return Some(FieldKind::Identifier(kind));
    }
    let options: Vec<_> = raw.options.iter().map(|choice| faults.choice(choice, &format!("{field}.options"))).collect();
    let max = raw.max.and_then(|max| u32::try_from(max).ok()).unwrap_or(TEXT_MAX);
    let unit = faults.optional_words(raw.unit.as_ref(), &format!("{field}.unit"));
    let known = [
        ("text", FieldKind::Text { max }),
        ("name", FieldKind::Name),
        ("date", FieldKind::Date),
        ("datetime", FieldKind::DateTime),
        (
            "integer",
            FieldKind::Integer {
                min: raw.min.unwrap_or(0),
                max: raw.max.unwrap_or(i64::from(u32::MAX)),
                unit,
            },
        ),
        ("money", FieldKind::Money),
        ("choice", FieldKind::Choice(options)),
        ("phone", FieldKind::Phone),
        ("address", FieldKind::Address),
        ("yes-no", FieldKind::Bool),
    ];
    let kind = faults.one_of(&raw.kind, &format!("{field}.kind"), &known)?;
    if kind == FieldKind::Choice(Vec::new()) {
        faults.error(
            "field.no-options",
            line(&raw.kind),
            field,
            Bilingual::new("选择项没有选项", "a choice field needs options"),
            Bilingual::new("补写 options:", "add `options:`"),
        );
    }
    Some(kind)
}

fn value_kind(kind: &FieldKind) -> Kind {
    match kind {
        FieldKind::Integer { .. } | FieldKind::Money => Kind::Integer,
        FieldKind::Bool => Kind::Bool,
        FieldKind::Choice(options) => Kind::Text(Some(options.iter().map(|option| option.id.clone()).collect())),
        FieldKind::Text { .. } | FieldKind::Name | FieldKind::Identifier(_) | FieldKind::Date | FieldKind::DateTime | FieldKind::Phone | FieldKind::Address => {
            Kind::Text(None)
        }
    }
}

fn origin(raw: &RawOrigin, field: &RawField, materials: &[MaterialDef], faults: &mut Faults<'_>) -> Option<FieldOrigin> {
    let path = format!("fields[{}].from", field.key.value);
    if let Some(member) = &raw.applicant {
        let known = APPLICANT_PARTS.map(|word| (word, word.to_owned()));
        return faults.one_of(member, &path, &known).map(FieldOrigin::Applicant);
    }
    let (Some(paper), Some(read)) = (&raw.paper, &raw.read) else {
        faults.error(
            "field.origin-form",
            line(&field.key),
            path,
            Bilingual::new("来源须写 paper 和 read，或 applicant", "an origin needs paper and read, or applicant"),
            Bilingual::new("例：{paper: id_card.mother, read: name}", "for example {paper: id_card.mother, read: name}"),
        );
        return None;
    };
    let Some(material) = materials.iter().find(|material| material.key.as_str() == paper.value) else {
        let known: Vec<String> = materials.iter().map(|material| material.key.as_str().to_owned()).collect();
        faults.unknown("reference.unknown-material", paper, &path, known.iter());
        return None;
    };
    if !material.paper.reads.iter().any(|known| known.key == read.value) {
        let known: Vec<String> = material.paper.reads.iter().map(|read| read.key.clone()).collect();
        faults.unknown("reference.unknown-read", read, &path, known.iter());
        return None;
    }
    Some(FieldOrigin::Paper {
        material: material.key.clone(),
        read: read.value.clone(),
    })
}

fn consents(raw: &RawBundle, scope: &TypeScope, faults: &mut Faults<'_>) -> Vec<Consent> {
    let mut consents = Vec::new();
    for raw in &raw.consents {
        let field = format!("consents[{}]", raw.id.value);
        consents.push(Consent {
            id: raw.id.value.clone(),
            text: faults.words(&raw.text, &format!("{field}.text")),
            by: faults.words(&raw.by, &format!("{field}.by")),
            source: faults.words(&raw.source, &format!("{field}.source")),
            when: faults.condition(raw.when.as_ref(), &format!("{field}.when"), scope),
        });
    }
    consents
}

fn rules(raw: &[RawRule], scope: &TypeScope, groups: &[FieldGroup], fields: &[FieldDef], materials: &[MaterialDef], faults: &mut Faults<'_>) -> Vec<RuleDef> {
    raw.iter().filter_map(|raw| rule(raw, scope, groups, fields, materials, faults)).collect()
}

fn rule(raw: &RawRule, scope: &TypeScope, groups: &[FieldGroup], fields: &[FieldDef], materials: &[MaterialDef], faults: &mut Faults<'_>) -> Option<RuleDef> {
    let path = format!("rules[{}]", raw.id.value);
    let severity = faults.one_of(&raw.severity, &format!("{path}.severity"), &SEVERITIES);
    let override_by = raw
        .override_by
        .as_ref()
        .and_then(|at| faults.one_of(at, &format!("{path}.override"), &OVERRIDES));
    let when = faults.condition(raw.when.as_ref(), &format!("{path}.when"), scope);
    let holds = faults.condition(Some(&raw.holds), &format!("{path}.holds"), scope);
    let known_fields: Vec<String> = fields.iter().map(|field| field.key.as_str().to_owned()).collect();
    let known_materials: Vec<String> = materials.iter().map(|material| material.key.as_str().to_owned()).collect();
    for at in raw.fields.iter().filter(|at| !known_fields.contains(&at.value)) {
        faults.unknown("reference.unknown-field", at, &format!("{path}.fields"), known_fields.iter());
    }
    for at in raw.materials.iter().filter(|at| !known_materials.contains(&at.value)) {
        faults.unknown("reference.unknown-material", at, &format!("{path}.materials"), known_materials.iter());
    }
    let what = faults.words(&raw.what, &format!("{path}.what"));
    let remedy = faults.words(&raw.remedy, &format!("{path}.remedy"));
    let tell = faults.optional_words(raw.tell.as_ref(), &format!("{path}.tell"));
    let source = faults.optional_words(raw.source.as_ref(), &format!("{path}.source"));
    let (severity, holds) = (severity?, holds?);
    let touched: Vec<&str> = holds.references().fields.iter().map(String::as_str).collect();
    let named: Vec<&str> = raw.fields.iter().map(|at| at.value.as_str()).collect();
    let shown = if named.is_empty() { &touched } else { &named };
    let repeated_groups: Vec<&str> = groups.iter().filter(|group| group.repeat.is_some()).map(|group| group.id.as_str()).collect();
    let in_repeated = |key: &&str| {
        fields
            .iter()
            .any(|field| field.key.as_str() == *key && repeated_groups.contains(&field.group.as_str()))
    };
    Some(RuleDef {
        id: raw.id.value.clone(),
        severity,
        when,
        repeated: touched.iter().any(in_repeated) && !holds.source().contains("lists."),
        fields: shown.iter().map(|key| FieldKey::new(*key)).collect(),
        materials: raw.materials.iter().map(|at| MaterialKey::new(at.value.as_str())).collect(),
        holds,
        what,
        remedy,
        tell,
        source,
        override_by: override_by.unwrap_or(match severity {
            RuleSeverity::Error => Override::Never,
            RuleSeverity::Warning | RuleSeverity::Note => Override::Reason,
        }),
    })
}
