//! Catalogue and rules next to peers: the check of a whole case beside a JSON-Schema validator on the same form, the load of a
//! catalogue with 2,000 matters beside reading the same YAML without giving it any sense, and the search over those matters.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use onewindow_bench::{Report, median};
use onewindow_case::event::FieldSource;
use onewindow_catalogue::{Bundle, Catalogue, CatalogueSource, FieldKind, form_schema, parse_date};
use onewindow_rules::{CaseFacts, FieldFact, assess};
use serde_json::{Map, Value, json};
use time::Date;

/// Queries of a clerk: initials, full pinyin, Chinese, English, with slips.
const QUERIES: &[&str] = &[
    "xse",
    "xinshenger",
    "newborn",
    "newbron",
    "卡拉",
    "klok",
    "想开一家KTV",
    "x",
    "zzzzqqq",
    "wants to open a KTV",
    "xinshegnerchusheng",
    "卫健局",
    "gongjijin",
    "pasport",
];
/// Matters that the large catalogue has at least.
const MATTERS: usize = 2_000;

fn main() -> Result<()> {
    let mut report = Report::of("rules");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    let catalogue = Catalogue::load(&root).context("the shipped catalogue")?;
    let today = parse_date("2026-11-24").context("a day")?;
    checks(&catalogue, today, &mut report)?;
    large(&root, &catalogue, &mut report)?;
    report.write(&root.join("../../target/bench"))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The completeness check of every bundle, filled and hostile; the validator for the largest.
fn checks(catalogue: &Catalogue, today: Date, report: &mut Report) -> Result<()> {
    let weight = |bundle: &&Bundle| bundle.fields.len() + bundle.rules.len() + bundle.materials.len() + bundle.matters.len();
    let largest = catalogue.bundles().iter().max_by_key(weight).context("a bundle")?;
    let mut worst = (Duration::ZERO, "");
    for bundle in catalogue.bundles() {
        for facts in [filled(bundle), hostile(bundle)] {
            let took = median(41, || {
                black_box(assess(bundle, black_box(&facts), today));
            });
            if took > worst.0 {
                worst = (took, bundle.id.as_str());
            }
        }
    }
    report.note_against(format!("check of a whole case, slowest bundle ({})", worst.1), ms(worst.0), "ms", "<= 5");
    let facts = filled(largest);
    let ours = median(101, || {
        black_box(assess(largest, black_box(&facts), today));
    });
    report.note_against(format!("check of a whole case, largest bundle ({})", largest.id), ms(ours), "ms", "<= 5");
    let validator = jsonschema::validator_for(&form_schema::of_bundle(largest)).context("the schema of the form")?;
    let form = form_values(largest);
    let peer = median(101, || {
        black_box(validator.iter_errors(black_box(&form)).count());
    });
    report.note("peer: a JSON-Schema validator on the same form, form only", ms(peer), "ms");
    report.note(
        "ratio: papers, rules and form over form only",
        ours.as_secs_f64() / peer.as_secs_f64().max(f64::EPSILON),
        "x",
    );
    Ok(())
}

fn large(root: &Path, catalogue: &Catalogue, report: &mut Report) -> Result<()> {
    let source = copies(root, catalogue)?;
    let bytes: usize = source.values().map(String::len).sum();
    let ours = median(3, || {
        black_box(Catalogue::parse(black_box(&source)).is_ok());
    });
    let catalogue = Catalogue::parse(&source).context("the large catalogue")?;
    let matters: usize = catalogue.bundles().iter().map(|bundle| bundle.matters.len()).sum();
    report.note(
        format!("load of {matters} matters ({} KiB of YAML), checked and compiled", bytes / 1024),
        ms(ours),
        "ms",
    );
    let peer = median(3, || {
        for text in source.values() {
            black_box(serde_yaml::from_str::<serde_yaml::Value>(text).is_ok());
        }
    });
    report.note("peer: serde_yaml reads the same files, no sense given", ms(peer), "ms");
    report.note("ratio: load over reading only", ours.as_secs_f64() / peer.as_secs_f64().max(f64::EPSILON), "x");
    let mut worst = (Duration::ZERO, "");
    for query in QUERIES {
        let took = median(31, || {
            black_box(catalogue.search(black_box(query)));
        });
        if took > worst.0 {
            worst = (took, *query);
        }
    }
    report.note_against(
        format!("search over {matters} matters, slowest query ({})", worst.1),
        ms(worst.0),
        "ms",
        "<= 10",
    );
    Ok(())
}

/// The shipped catalogue, copied under other names until it is large enough.
fn copies(root: &Path, catalogue: &Catalogue) -> Result<CatalogueSource> {
    let read = |name: &str| std::fs::read_to_string(root.join(name)).with_context(|| format!("reading {name}"));
    let mut source = CatalogueSource::new();
    for name in ["departments.yaml", "data-sources.yaml", "materials.yaml", "refusals.yaml"] {
        source.insert(name.to_owned(), read(name)?);
    }
    let (mut ids, mut matters) = (Vec::new(), 0);
    for copy in 0.. {
        if matters >= MATTERS {
            break;
        }
        for bundle in catalogue.bundles() {
            let id = format!("{}_{copy}", bundle.id);
            let text = read(&format!("bundles/{}.yaml", bundle.id))?.replacen(&format!("id: {}\n", bundle.id), &format!("id: {id}\n"), 1);
            source.insert(format!("bundles/{id}.yaml"), text);
            matters += bundle.matters.len();
            ids.push(id);
        }
    }
    let head = read("catalogue.yaml")?;
    let (before, _) = head.split_once("bundles:").context("the head lists bundles")?;
    source.insert("catalogue.yaml".to_owned(), format!("{before}bundles: [{}]\n", ids.join(", ")));
    Ok(source)
}

fn sample(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Name => "苏念安".to_owned(),
        FieldKind::Identifier(_) => "330324199605129988".to_owned(),
        FieldKind::Date => "2026-11-20".to_owned(),
        FieldKind::DateTime => "2026-11-20T10:00".to_owned(),
        FieldKind::Integer { min, .. } => min.to_string(),
        FieldKind::Money => "1000.00".to_owned(),
        FieldKind::Choice(options) => options.first().map(|option| option.id.clone()).unwrap_or_default(),
        FieldKind::Phone => "13800000000".to_owned(),
        FieldKind::Bool => "yes".to_owned(),
        FieldKind::Text { .. } | FieldKind::Address => "云溪市南塘街道听泉路18号".to_owned(),
    }
}

fn typed(value: String) -> FieldFact {
    FieldFact {
        value,
        confirmed: true,
        source: FieldSource::Typed,
    }
}

fn filled(bundle: &Bundle) -> CaseFacts {
    CaseFacts {
        answers: bundle.figures.usual.clone(),
        fields: bundle.fields.iter().map(|field| (field.key.clone(), typed(sample(&field.kind)))).collect(),
        ..CaseFacts::default()
    }
}

/// Values that are as long and as odd as the window lets through.
fn hostile(bundle: &Bundle) -> CaseFacts {
    let odd = format!("{}'; DROP TABLE cases; --\u{202E}👨‍👩‍👧‍👦", "阿".repeat(1_900));
    CaseFacts {
        answers: bundle.figures.usual.clone(),
        fields: bundle.fields.iter().map(|field| (field.key.clone(), typed(odd.clone()))).collect(),
        ..CaseFacts::default()
    }
}

/// The same values as the form's schema wants them.
fn form_values(bundle: &Bundle) -> Value {
    let value = |kind: &FieldKind| match kind {
        FieldKind::Integer { min, .. } => json!(min),
        other => json!(sample(other)),
    };
    let mut form = Map::new();
    for group in &bundle.groups {
        let fields: Map<String, Value> = bundle
            .fields
            .iter()
            .filter(|field| field.group == group.id)
            .map(|field| (field.key.to_string(), value(&field.kind)))
            .collect();
        if group.repeat.is_some() {
            form.insert(group.id.clone(), json!([fields]));
        } else {
            form.extend(fields);
        }
    }
    Value::Object(form)
}
