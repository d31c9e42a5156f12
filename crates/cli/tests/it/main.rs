//! The real program, asked as an installer or a script asks it.

mod capture_json;
mod check;
mod counter;
mod files;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs `onewindow` with these words and this input, away from any real data folder.
fn onewindow(home: &Path, words: &[&str], input: &str) -> Output {
    onewindow_with(home, words, &[], input)
}

/// As [`onewindow`], with these variables.
fn onewindow_with(home: &Path, words: &[&str], variables: &[(&str, &Path)], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_onewindow"))
        .args(words)
        .envs(variables.iter().copied())
        .env("HOME", home)
        .env("XDG_DATA_HOME", home)
        .env_remove("ONEWINDOW_DATA")
        .env_remove("ONEWINDOW_MODELS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("input is taken");
    child.wait_with_output().expect("the program ends")
}

/// Every line of the answer as JSON.
fn lines(output: &Output) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(&output.stdout).expect("answers are UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a line is one JSON object"))
        .collect()
}
