//! House rules that no compiler checks: which crate may depend on which, who may name sled and Tauri, how long files may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::command::{output, program, root};

/// Our crates and what each may depend on, as in `ARCHITECTURE.md`. An arrow that is not here does not build in CI.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("case", &[]),
    ("catalogue", &["case"]),
    ("rules", &["case", "catalogue"]),
    ("journal", &["case"]),
    ("delivery", &["case", "journal"]),
    ("capture", &["case"]),
    ("scan", &["case"]),
    ("store", &["case", "journal", "delivery"]),
    ("print", &["case"]),
    ("wire", &["case", "journal"]),
    ("link", &["wire"]),
    ("central", &["case", "catalogue", "rules", "journal", "print", "wire"]),
    ("ipc", &["case"]),
    (
        "desk",
        &[
            "case",
            "catalogue",
            "rules",
            "journal",
            "delivery",
            "capture",
            "scan",
            "store",
            "print",
            "wire",
            "link",
            "ipc",
        ],
    ),
    ("cli", &["case", "catalogue", "capture", "print", "store", "wire", "desk", "ipc"]),
    ("app", &["case", "desk", "ipc"]),
    ("testkit", &["case", "wire"]),
    ("tests", &["testkit"]),
    ("fuzz", &["case", "journal", "capture", "scan", "store"]),
    (
        "bench",
        &["case", "catalogue", "rules", "journal", "delivery", "capture", "store", "print", "testkit"],
    ),
];

/// A third-party crate that only some of ours may name, with the reason.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("sled", &["store", "bench"], "the index can be replaced without anyone noticing"),
    ("tauri", &["app"], "everything but the shell runs without a window"),
    ("reqwest", &["link", "testkit", "tests"], "only the link maps transport failures"),
    ("printpdf", &["print", "bench"], "one drawing surface"),
    ("sqlx", &["central", "bench"], "the centre's data have one owner"),
    (
        "tokio",
        &["central", "link", "desk", "cli", "app", "testkit", "tests", "bench"],
        "pure crates are not async",
    ),
];

/// Longest file without a stated reason, in lines; tests and generated files apart.
const MAX_LINES: usize = 800;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// Checks everything and lists every break at once.
///
/// # Errors
/// When a rule is broken.
pub fn tidy() -> Result<()> {
    let mut breaks = arrows()?;
    breaks.extend(long_files()?);
    if breaks.is_empty() {
        return Ok(());
    }
    for line in &breaks {
        println!("  {line}");
    }
    bail!("{} house rules are broken", breaks.len())
}

fn arrows() -> Result<Vec<String>> {
    let text = output(&mut program("cargo", &["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let metadata: Metadata = serde_json::from_str(&text).context("reading cargo metadata")?;
    let allowed: BTreeMap<&str, BTreeSet<&str>> = MAY_DEPEND_ON.iter().map(|(name, deps)| (*name, deps.iter().copied().collect())).collect();
    let mut breaks = Vec::new();
    for package in &metadata.packages {
        let Some(name) = package.name.strip_prefix("onewindow-") else { continue };
        let Some(may) = allowed.get(name) else {
            breaks.push(format!("crate {name} is not in the table of xtask/src/tidy.rs"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev")) {
            if let Some(ours) = dependency.name.strip_prefix("onewindow-").filter(|ours| !may.contains(ours)) {
                breaks.push(format!("{name} may not depend on {ours}"));
            }
            for (theirs, only_in, reason) in ONLY_IN {
                if dependency.name == *theirs && !only_in.contains(&name) {
                    breaks.push(format!("{name} may not name {theirs}: {reason}"));
                }
            }
        }
    }
    Ok(breaks)
}

fn long_files() -> Result<Vec<String>> {
    let listed = output(&mut program(
        "git",
        &["ls-files", "--cached", "--others", "--exclude-standard", "--", "*.rs", "*.ts", "*.svelte"],
    ))?;
    let mut breaks = Vec::new();
    for name in listed.lines().filter(|name| !is_exempt(name)) {
        let Ok(text) = std::fs::read_to_string(root().join(Path::new(name))) else {
            continue;
        };
        let lines = text.lines().count();
        if lines > MAX_LINES {
            breaks.push(format!("{name} has {lines} lines, {MAX_LINES} is the limit"));
        }
    }
    Ok(breaks)
}

fn is_exempt(name: &str) -> bool {
    name.contains("/tests/") || name.starts_with("tests/") || name.ends_with("bindings.ts") || name.contains(".test.")
}
