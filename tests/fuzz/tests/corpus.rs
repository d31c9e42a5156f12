//! The kept corpus goes through every target, and can be made anew from the real encoders.
//!
//! A file in `corpus/TARGET/` is a seed (its name begins with `seed-`) or an input that once found something (any other name); both stay
//! for good. `cargo test -p onewindow-fuzz --test corpus -- --ignored` writes the seeds.
#![allow(clippy::print_stdout, reason = "the number of inputs tried is the result")]

use std::fs;
use std::path::{Path, PathBuf};

use onewindow_fuzz::TARGETS;

#[path = "../../../crates/journal/tests/it/generated.rs"]
mod generated;
mod seeds;

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

#[test]
fn every_kept_input_goes_through_its_target() {
    for (target, run) in TARGETS {
        let mut inputs: Vec<_> = fs::read_dir(corpus(target))
            .unwrap_or_else(|error| panic!("{target} has a corpus: {error}"))
            .map(|file| file.expect("listed").path())
            .collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{target} has a corpus");
        for input in &inputs {
            run(&fs::read(input).expect("readable"));
        }
        println!("{target}: {} inputs", inputs.len());
    }
}

#[test]
fn nothing_and_noise_go_through_every_target() {
    for (_, run) in TARGETS {
        for input in [&[][..], &[0], &[0xff; 40], &[1, 2, 3, 4, 5, 6, 7, 8], "<a>文".as_bytes()] {
            run(input);
        }
    }
}

/// Run by hand when an encoder changes: a seed is only worth something while its decoder takes it.
#[test]
#[ignore = "writes into the sources"]
fn write_the_seeds() {
    for (target, _) in TARGETS {
        let folder = corpus(target);
        fs::create_dir_all(&folder).expect("made");
        for old in fs::read_dir(&folder).expect("listed").flatten() {
            if old.file_name().to_string_lossy().starts_with("seed-") {
                fs::remove_file(old.path()).expect("removed");
            }
        }
        for (name, bytes) in seeds::of(target) {
            fs::write(folder.join(format!("seed-{name}")), bytes).expect("written");
        }
    }
}
