//! Fuzzing with the stable compiler: libFuzzer comes from its crate, the instrumentation from LLVM's own pass. No sanitiser: our code
//! forbids `unsafe`, so what there is to find are panics, overflows, endless loops and broken promises, and it is found faster without.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::command::{must, program, root, target_dir};

/// Coverage of edges and of what is compared, as cargo-fuzz asks for it; arithmetic that overflows is a find.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on -Coverflow-checks=on";
/// Longest time for one input, s.
const INPUT_LIMIT_S: u32 = 20;
/// Most memory, MiB.
const MEMORY_LIMIT_MB: u32 = 2_048;

/// Builds the targets and lets libFuzzer at one of them, or at each in turn, for so many seconds.
///
/// What it learns is kept in `target/fuzz/learnt/TARGET`, what it finds in `target/fuzz/found`; a find is copied into
/// `tests/fuzz/corpus/TARGET` by hand when it is mended.
///
/// # Errors
/// When a target is unknown, does not build, or something was found.
pub fn fuzz(only: Option<&str>, seconds: u32) -> Result<()> {
    let targets = targets()?;
    if let Some(only) = only
        && !targets.iter().any(|target| target == only)
    {
        bail!("there is no target {only}; there are {}", targets.join(", "));
    }
    let built = build()?;
    let mut found = Vec::new();
    for target in targets.iter().filter(|target| only.is_none_or(|only| only == target.as_str())) {
        println!("\n── {target}: {seconds} s");
        if let Err(fault) = run(&built, target, seconds) {
            println!("{fault}");
            found.push(target.as_str());
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!("found something: {}; the inputs are in {}", found.join(", "), found_dir().display())
}

/// Every folder of the corpus is a target.
fn targets() -> Result<Vec<String>> {
    let folders = std::fs::read_dir(corpus_dir()).context("listing tests/fuzz/corpus")?;
    let mut names: Vec<_> = folders.flatten().filter_map(|folder| folder.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// Builds every target in a folder of its own, so that no instrumented crate mixes with an ordinary one; gives where the programs are.
fn build() -> Result<PathBuf> {
    let host = crate::command::output(&mut program("rustc", &["--print", "host-tuple"]))?.trim().to_owned();
    let dir = target_dir().join("fuzz");
    let mut build = program("cargo", &["build", "--release", "-p", "onewindow-fuzz", "--features", "libfuzzer", "--bins"]);
    // Naming the host keeps the flags away from build scripts.
    build.args(["--target", &host]).arg("--target-dir").arg(&dir).env("RUSTFLAGS", INSTRUMENTED);
    // The release's long link would be paid once a target.
    build.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    must(&mut build)?;
    Ok(dir.join(host).join("release"))
}

fn run(built: &std::path::Path, target: &str, seconds: u32) -> Result<()> {
    let learnt = target_dir().join("fuzz/learnt").join(target);
    std::fs::create_dir_all(&learnt)?;
    std::fs::create_dir_all(found_dir())?;
    let program_path = built.join(target).to_string_lossy().into_owned();
    let mut fuzzer = program(&program_path, &[]);
    // The first folder is the one that grows.
    fuzzer.arg(&learnt).arg(corpus_dir().join(target));
    fuzzer.args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={INPUT_LIMIT_S}"),
        format!("-rss_limit_mb={MEMORY_LIMIT_MB}"),
        format!("-artifact_prefix={}/{target}-", found_dir().display()),
        "-print_final_stats=1".to_owned(),
        "-verbosity=0".to_owned(),
    ]);
    must(&mut fuzzer)
}

fn corpus_dir() -> PathBuf {
    root().join("tests/fuzz/corpus")
}

fn found_dir() -> PathBuf {
    target_dir().join("fuzz/found")
}
