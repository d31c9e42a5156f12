//! Figures on request: `cargo nextest run -p onewindow-rules --release --run-ignored only --no-capture measure`.

use std::time::Instant;

use onewindow_rules::{CaseFacts, assess};

use crate::{CATALOGUE, date};

#[test]
#[ignore = "a measurement, not a check"]
#[allow(clippy::print_stderr, reason = "the figures are for whoever asked for them")]
fn measure() {
    for bundle in CATALOGUE.bundles() {
        let mut facts = CaseFacts {
            answers: bundle.figures.usual.clone(),
            ..CaseFacts::default()
        };
        for field in &bundle.fields {
            facts.fields.insert(field.key.clone(), crate::typed("2026-11-20"));
        }
        let _ = assess(bundle, &facts, date("2026-11-24"));
        let start = Instant::now();
        for _ in 0..100 {
            let _ = assess(bundle, &facts, date("2026-11-24"));
        }
        eprintln!("assess {}: {:?}", bundle.id, start.elapsed() / 100);
    }
}
