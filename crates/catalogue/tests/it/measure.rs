//! Figures on request: `cargo nextest run -p onewindow-catalogue --release --run-ignored only --no-capture measure`.

use std::time::{Duration, Instant};

use onewindow_catalogue::{Catalogue, CatalogueSource};

/// The shipped catalogue, copied until it has 2,000 matters.
fn large() -> CatalogueSource {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let mut source = CatalogueSource::new();
    for name in ["departments.yaml", "data-sources.yaml", "materials.yaml", "refusals.yaml"] {
        source.insert(name.to_owned(), read(name));
    }
    let mut ids = Vec::new();
    let mut matters = 0;
    for copy in 0.. {
        for bundle in crate::catalogue().bundles() {
            let id = format!("{}_{copy}", bundle.id);
            let text = read(&format!("bundles/{}.yaml", bundle.id)).replacen(&format!("id: {}\n", bundle.id), &format!("id: {id}\n"), 1);
            source.insert(format!("bundles/{id}.yaml"), text);
            matters += bundle.matters.len();
            ids.push(id);
        }
        if matters >= 2_000 {
            break;
        }
    }
    let head = read("catalogue.yaml");
    let (before, _) = head.split_once("bundles:").unwrap();
    source.insert("catalogue.yaml".to_owned(), format!("{before}bundles: [{}]\n", ids.join(", ")));
    source
}

#[test]
#[ignore = "a measurement, not a check"]
#[allow(clippy::print_stderr, reason = "the figures are for whoever asked for them")]
fn measure() {
    let start = Instant::now();
    let shipped = crate::catalogue();
    eprintln!("load of {} bundles: {:?}", shipped.bundles().len(), start.elapsed());
    let source = large();
    let start = Instant::now();
    let catalogue = Catalogue::parse(&source).unwrap();
    let matters: usize = catalogue.bundles().iter().map(|bundle| bundle.matters.len()).sum();
    eprintln!("load of {matters} matters: {:?}", start.elapsed());
    let queries = [
        "xse",
        "xinsheng",
        "newborn",
        "newbron",
        "卡拉",
        "klok",
        "想开一家KTV",
        "x",
        "zzzzqqq",
        "wants to open a KTV",
        "xinshegnerchusheng",
    ];
    let mut worst = Duration::ZERO;
    for query in queries {
        let start = Instant::now();
        let hits = catalogue.search(query).len();
        let took = start.elapsed();
        eprintln!("search {query}: {hits} hits in {took:?}");
        worst = worst.max(took);
    }
    eprintln!("worst search: {worst:?}");
    for bundle in shipped.bundles() {
        let start = Instant::now();
        let _ = bundle.guide(&bundle.figures.usual);
        eprintln!("guide {}: {:?}", bundle.id, start.elapsed());
    }
}
