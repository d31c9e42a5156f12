//! What conditions see of a case: the form's values by kind, one repetition of a group at a time. Absent on purpose: values that do not fit their kind; conditions on them stay undecided.

use onewindow_case::event::ApplicantKind;
use onewindow_catalogue::expression::Facts;
use onewindow_catalogue::{Bundle, Fact, FieldDef, FieldGroup, Guidance, Scope};
use time::Date;

use crate::facts::CaseFacts;
use crate::values;

/// The scopes of one case.
pub(crate) struct Scopes<'a> {
    single: Scope<'static>,
    instances: Vec<Facts>,
    bundle: &'a Bundle,
}

impl<'a> Scopes<'a> {
    pub fn new(bundle: &'a Bundle, facts: &CaseFacts, guidance: &Guidance, today: Date) -> Self {
        let mut single = Scope::new();
        single.set_answers(&bundle.answer_facts(&facts.answers));
        single.set_matters(guidance.matters.iter().map(onewindow_case::ids::MatterId::as_str));
        single.set_today(today);
        single.set_applicant(&applicant(facts));
        let repetitions = bundle.groups.iter().map(|group| repeat(group, &single)).max().unwrap_or(1);
        let instances: Vec<Facts> = (1..=repetitions).map(|n| instance(bundle, facts, &single, n)).collect();
        if let Some(first) = instances.first() {
            single.set_fields(first);
        }
        single.set_lists(&lists(bundle, &instances));
        Self { single, instances, bundle }
    }

    /// The scope of the first repetition.
    pub fn single(&self) -> &Scope<'static> {
        &self.single
    }

    /// Most repetitions of any group.
    pub fn repetitions(&self) -> u32 {
        u32::try_from(self.instances.len()).unwrap_or(1)
    }

    /// Repetitions of one group.
    pub fn repetitions_of(&self, group: &str) -> u32 {
        self.bundle
            .groups
            .iter()
            .find(|known| known.id == group)
            .map_or(1, |group| repeat(group, &self.single))
    }

    /// Calls back with the scope of the n-th repetition, counted from 1.
    pub fn with_instance(&self, n: u32, mut call: impl FnMut(&Scope<'_>)) {
        match self.instances.get(n.saturating_sub(1) as usize) {
            Some(facts) if n > 1 => call(&self.single.with_fields(facts)),
            Some(_) | None => call(&self.single),
        }
    }
}

fn repeat(group: &FieldGroup, scope: &Scope<'_>) -> u32 {
    let asked = group.repeat.as_ref().and_then(|repeat| repeat.number(scope)).unwrap_or(1);
    u32::try_from(asked.clamp(1, i64::from(FieldGroup::REPEAT_MAX))).unwrap_or(1)
}

/// Values of the n-th repetition; fields of groups that are not repeated are in every one.
fn instance(bundle: &Bundle, facts: &CaseFacts, scope: &Scope<'_>, n: u32) -> Facts {
    let mut values = Facts::new();
    for field in &bundle.fields {
        let repeated = bundle
            .groups
            .iter()
            .any(|group| group.id == field.group && group.repeat.is_some() && repeat(group, scope) >= n);
        let key = if repeated { field.key_of(n) } else { field.key.clone() };
        if let Some(fact) = facts.fields.get(&key).and_then(|value| values::fact(&field.kind, &value.value)) {
            values.insert(field.key.as_str().to_owned(), fact);
        }
    }
    values
}

fn lists(bundle: &Bundle, instances: &[Facts]) -> Facts {
    let list = |field: &FieldDef| {
        let repeated = bundle.groups.iter().any(|group| group.id == field.group && group.repeat.is_some());
        let shown = if repeated { instances } else { &instances[..instances.len().min(1)] };
        // A list with a gap is not known yet.
        shown.iter().map(|facts| facts.get(field.key.as_str()).cloned()).collect::<Option<Vec<Fact>>>()
    };
    bundle
        .fields
        .iter()
        .filter_map(|field| list(field).map(|values| (field.key.as_str().to_owned(), Fact::List(values))))
        .collect()
}

pub(crate) fn applicant(facts: &CaseFacts) -> Facts {
    let mut values = Facts::new();
    let Some(applicant) = &facts.applicant else { return values };
    let kind = match applicant.kind {
        ApplicantKind::Person => "person",
        ApplicantKind::Organisation => "organisation",
    };
    values.insert("kind".to_owned(), Fact::Text(kind.to_owned()));
    values.insert("has_agent".to_owned(), Fact::Bool(applicant.has_agent));
    for (key, text) in [("name", &applicant.name), ("id_number", &applicant.id_number)] {
        if !text.trim().is_empty() {
            values.insert(key.to_owned(), Fact::Text(text.chars().take(values::TEXT_MAX).collect()));
        }
    }
    values
}
