//! Scratch harness: files to JSON lines.
use onewindow_capture::*;
use std::io::Write;
fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let read_it = args.first().is_some_and(|a| a == "--read");
    if read_it {
        args.remove(0);
    }
    let out = std::env::var("OUT").ok();
    let models = std::env::var("ONEWINDOW_MODELS").unwrap_or_default();
    let reader = read_it.then(|| Reader::load(std::path::Path::new(&models)).expect("models"));
    let today = time::Date::from_calendar_date(2026, time::Month::November, 22).expect("date");
    let mut so = std::io::stdout().lock();
    for file in &args {
        let bytes = std::fs::read(file).expect("file");
        let pages = match import::split(&bytes, file, &Limits::default()) {
            Ok(p) => p,
            Err(e) => {
                writeln!(so, "{{\"file\":{:?},\"fault\":{:?},\"detail\":{:?}}}", file, e.code(), e.to_string()).ok();
                continue;
            }
        };
        for raw in pages {
            let page = match process(&raw, &PaperHint::default(), &Limits::default(), None) {
                Ok(p) => p,
                Err(e) => {
                    writeln!(so, "{{\"file\":{:?},\"fault\":{:?}}}", file, e.code()).ok();
                    continue;
                }
            };
            let reading = reader.as_ref().map(|r| read(&page, r, &PaperHint::default(), today).expect("read"));
            if let Some(dir) = &out {
                let stem = std::path::Path::new(file)
                    .file_stem()
                    .map(|s| s.to_string_lossy().to_string())
                    .unwrap_or_default();
                let jpeg = reading.as_ref().and_then(|r| r.upright.as_ref()).map_or(&page.jpeg, |u| &u.jpeg);
                std::fs::write(format!("{dir}/{stem}-{}.jpg", raw.number), jpeg).expect("write");
            }
            writeln!(
                so,
                "{}",
                serde_json::json!({"file": file, "number": raw.number, "page": page, "reading": reading})
            )
            .ok();
        }
    }
}
