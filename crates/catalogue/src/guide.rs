//! The list of services for people: what each bundle asked for before and asks for now, who takes part, how long it takes.
//! Made from the catalogue, so that the user guide can never tell another story. Absent on purpose: layout beyond a table.

use std::fmt::Write as _;

use onewindow_case::text::Bilingual;

use crate::bundle::Bundle;
use crate::catalogue::Catalogue;
use crate::guidance::Guidance;

/// The list in both languages as Markdown.
pub fn services(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "# Services 事项一览\n\n\
         <!-- Generated from assets/catalogue by the tests of crates/catalogue; do not edit. -->\n\n\
         Made from the service catalogue. *Papers now* are those that an applicant hands in under the usual answers; the rest is fetched, passed on\n\
         inside, part of the form or no longer asked for. 材料“现在”指常见情形下申请人须提交的份数，其余由数据共享、内部流转、并入表单或不再要求。\n",
    );
    let mut table = |heading: &str, columns: &str, pick: fn(&Bilingual) -> &str| {
        let _written = write!(text, "\n## {heading}\n\n{columns}\n|---|---:|---:|---:|---|---|---|---|---|\n");
        for bundle in catalogue.bundles() {
            text.push_str(&row(bundle, pick));
        }
    };
    table(
        "English",
        "| Service | Papers before | now | Matters | Departments | Time before | now | Visits now | Papers that may follow |",
        |words| &words.en,
    );
    table(
        "中文",
        "| 事项 | 原材料 | 现材料 | 环节 | 部门 | 原时限 | 现时限 | 现跑 | 可容缺 |",
        |words| &words.zh,
    );
    let _written = write!(
        text,
        "\nCatalogue {} · {} bundles · {} matters\n",
        catalogue.version(),
        catalogue.bundles().len(),
        catalogue.bundles().iter().map(|bundle| bundle.matters.len()).sum::<usize>()
    );
    text
}

fn row(bundle: &Bundle, pick: fn(&Bilingual) -> &str) -> String {
    let figures = &bundle.figures;
    let usual = bundle.guide(&figures.usual);
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        cell(pick(&bundle.name)),
        figures.materials_before,
        figures.materials_after,
        usual.matters.len(),
        cell(&departments(bundle, &usual, pick)),
        cell(pick(&figures.time_before)),
        cell(pick(&figures.time_after)),
        cell(pick(&figures.visits_after)),
        cell(&tolerated(&usual, pick)),
    )
}

fn departments(bundle: &Bundle, usual: &Guidance, pick: fn(&Bilingual) -> &str) -> String {
    let names: Vec<&str> = bundle
        .departments_of(&usual.matters)
        .iter()
        .filter_map(|id| bundle.find_department(id))
        .map(|department| pick(&department.short))
        .collect();
    match names.as_slice() {
        few if few.len() <= 4 => few.join(", "),
        many => format!("{}, … ({})", many[..3].join(", "), many.len()),
    }
}

fn tolerated(usual: &Guidance, pick: fn(&Bilingual) -> &str) -> String {
    let mut names: Vec<&str> = usual.checklist.iter().filter(|entry| entry.tolerance).map(|entry| pick(&entry.name)).collect();
    names.dedup();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
