//! Every check and test, in the order in which a fault is cheapest to find.

use anyhow::{Result, bail};

use crate::command::{must, output, program, root, step};
use crate::run::{Build, EVERYTHING};
use crate::{run, setup, tidy};

/// A named part of the suite.
type Step<'s> = (&'s str, Box<dyn Fn() -> Result<()> + 's>);

/// Runs the whole suite, or the steps whose name contains `only`.
///
/// # Errors
/// At the first step that fails.
pub fn test(slow: bool, only: Option<&str>) -> Result<()> {
    let nextest = || {
        let mut nextest = program("cargo", &["nextest", "run", "--no-fail-fast", "--profile", "default"]);
        nextest.args(EVERYTHING);
        nextest.env("ONEWINDOW_MODELS", setup::models_dir());
        nextest.env("ONEWINDOW_CHECKERS", setup::checkers_python());
        // The tests ask only whether the variable is there.
        if slow {
            nextest.env("ONEWINDOW_SLOW", "1");
        } else {
            nextest.env_remove("ONEWINDOW_SLOW");
        }
        must(&mut nextest)
    };
    let steps: Vec<Step<'_>> = vec![
        ("install what is missing", Box::new(setup::everything)),
        ("cargo tools", Box::new(setup::cargo_tools)),
        ("readers of PDF", Box::new(setup::pdf_checkers)),
        ("format", Box::new(|| must(&mut program("cargo", &["fmt", "--all", "--check"])))),
        ("architecture", Box::new(tidy::tidy)),
        ("licences, sources, bans", Box::new(deny)),
        ("ui: check, tests, build", Box::new(ui)),
        (
            "clippy",
            Box::new(|| {
                must(
                    program("cargo", &["clippy", "--all-targets", "--quiet"])
                        .args(EVERYTHING)
                        .args(["--", "-D", "warnings"]),
                )
            }),
        ),
        // Before the other tests: these leave the worker as the product has it beside the programs.
        ("photographs of phones", Box::new(phone_photos)),
        ("tests", Box::new(nextest)),
        (
            "documentation",
            Box::new(|| {
                must(
                    program("cargo", &["doc", "--no-deps", "--quiet"])
                        .args(EVERYTHING)
                        .env("RUSTDOCFLAGS", "-D warnings"),
                )
            }),
        ),
        ("generated TypeScript", Box::new(drift)),
        ("journey in the real window", Box::new(|| run::journey(Build::BesideTests))),
    ];
    for (name, work) in &steps {
        if only.is_none_or(|word| name.contains(word)) {
            step(name, work)?;
        }
    }
    println!("\nall steps passed");
    Ok(())
}

/// What only a worker built on demand opens.
fn phone_photos() -> Result<()> {
    must(&mut program(
        "cargo",
        &["nextest", "run", "-p", "onewindow-capture", "--features", "heic", "-E", "test(phone_photos)"],
    ))
}

/// Licences, sources and bans; the advisory database can not be reached without a network.
fn deny() -> Result<()> {
    must(&mut program("cargo", &["fetch", "--locked", "--quiet"]))?;
    println!("advisories: skipped, their database can not be reached from here");
    must(&mut program(
        "cargo",
        &["deny", "--offline", "--all-features", "check", "licenses", "sources", "bans"],
    ))
}

/// Type check, unit tests and production build of the window's contents.
pub fn ui() -> Result<()> {
    let ui = root().join("ui");
    for script in ["check", "test", "build"] {
        must(program("npm", &["run", "--silent", script]).current_dir(&ui))?;
    }
    Ok(())
}

/// Writes the TypeScript of the contract anew.
///
/// # Errors
/// When the shell does not compile.
pub fn codegen() -> Result<()> {
    // A test writes them; with the features of everything else, so that nothing is compiled twice.
    must(program("cargo", &["nextest", "run", "-E", "package(onewindow-app) and test(bindings)"]).args(EVERYTHING))
}

fn drift() -> Result<()> {
    codegen()?;
    let changed = output(&mut program("git", &["status", "--porcelain", "--", "ui/src/host/bindings.ts"]))?;
    if !changed.trim().is_empty() {
        bail!("ui/src/host/bindings.ts is not what Rust says: run `cargo xtask codegen` and commit the file");
    }
    Ok(())
}
