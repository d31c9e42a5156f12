//! The product's main job on real input: the centre, a counter, a scanner and a printer, with demonstration data.

use std::path::PathBuf;

use anyhow::Result;

use crate::command::{must, program, root, step, target_dir};
use crate::{setup, suite};

/// Every package with the features of the real window. All steps build with exactly these, so that nothing is compiled twice.
pub const EVERYTHING: [&str; 3] = ["--workspace", "--features", "onewindow-app/custom-protocol"];

/// What is built along with the programs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Nothing.
    Programs,
    /// The tests: they were built before, and their dependencies bring features of their own.
    BesideTests,
}

/// Installs, builds and starts; with a display the window is for the hand, without one the journey is driven through it.
///
/// # Errors
/// When a part does not build or the journey does not arrive.
pub fn run(headless: bool) -> Result<()> {
    step("install what is missing", setup::everything)?;
    step("build the window's contents", || {
        if is_newer_than_build() {
            must(program("npm", &["run", "--silent", "build"]).current_dir(root().join("ui")))
        } else {
            Ok(())
        }
    })?;
    let with_display = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    if with_display && !headless {
        build(Build::Programs)?;
        return must(program(&stand_program(), &["by-hand", "--out", "target/demo"]).env("ONEWINDOW_MODELS", setup::models_dir()));
    }
    journey(Build::Programs)
}

/// Drives both cases through the real window and leaves receipts, screenshots and a summary in `target/demo/`.
///
/// # Errors
/// When a step of the journey does not show what it must.
pub fn journey(with: Build) -> Result<()> {
    drive(with, &[])
}

/// The journey once more with pictures in both languages for `docs/tour/`.
///
/// # Errors
/// As [`journey`].
pub fn tour() -> Result<()> {
    drive(Build::Programs, &["--tour", "docs/tour"])
}

fn drive(with: Build, more: &[&str]) -> Result<()> {
    if !root().join("ui/dist/index.html").is_file() {
        suite::ui()?;
    }
    build(with)?;
    let runtime = root().join("target/demo/runtime");
    std::fs::create_dir_all(&runtime)?;
    std::fs::set_permissions(&runtime, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    // A bus and a display of its own: nothing of the journey shows on, or depends on, the desktop of whoever runs it.
    let screen = "-screen 0 1366x768x24";
    let stand = stand_program();
    let mut args = vec!["--", "xvfb-run", "-a", "-s", screen, &stand, "journey", "--out", "target/demo"];
    args.extend(more);
    must(
        program("dbus-run-session", &args)
            .env("ONEWINDOW_MODELS", setup::models_dir())
            .env("XDG_RUNTIME_DIR", runtime)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY"),
    )
}

/// Builds every program of the product and of the stand with its devices.
fn build(with: Build) -> Result<()> {
    let targets = match with {
        Build::Programs => "--bins",
        Build::BesideTests => "--all-targets",
    };
    step("build", || must(program("cargo", &["build", "--quiet", targets]).args(EVERYTHING)))
}

fn stand_program() -> String {
    target_dir().join("debug/onewindow-stand").to_string_lossy().into_owned()
}

/// Whether any source of the window is newer than what was built from it.
fn is_newer_than_build() -> bool {
    let ui = root().join("ui");
    let Ok(built) = std::fs::metadata(ui.join("dist/index.html")).and_then(|meta| meta.modified()) else {
        return true;
    };
    let mut folders: Vec<PathBuf> = vec![ui.join("src"), ui.join("public")];
    let mut newer = ["package-lock.json", "index.html", "vite.config.ts"]
        .iter()
        .any(|name| std::fs::metadata(ui.join(name)).and_then(|meta| meta.modified()).is_ok_and(|time| time > built));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() {
                folders.push(entry.path());
            } else {
                newer |= meta.modified().is_ok_and(|time| time > built);
            }
        }
    }
    newer
}
