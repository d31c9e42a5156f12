//! Files to pages, as the counter takes them; the form of the JSON is written down in `docs/capture-json.md`.
//! Absent on purpose: keeping. What is written goes to the output folder in clear; it is meant for specimens and tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use onewindow_capture::ocr::find_models;
use onewindow_capture::{Code, ImportNote, Limits, PaperHint, ProcessedPage, RawPage, Reader, Reading, import, isolated, process_each, read};
use onewindow_desk::{Clock, WallClock};
use onewindow_ipc::Words;
use serde::Serialize;
use time::Date;

use crate::check::business_date;
use crate::fault::CliFault;
use crate::{End, output};

/// What `capture` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// JPEG, PNG, TIFF, WebP, BMP or PDF files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder for the pages; made when missing.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON object a page instead of a line for people.
    #[arg(long)]
    json: bool,
    /// Folder of the reading models; without it those installed with the program or fetched by its build. Without any, pages are not read.
    #[arg(long, value_name = "DIR", env = "ONEWINDOW_MODELS")]
    models: Option<PathBuf>,
    /// Longest time for opening one file, seconds; a few more are granted before it is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().max_import_ms / 1000)]
    seconds_per_file: u64,
    /// Business date, YYYY-MM-DD; today when not given.
    #[arg(long, value_name = "DATE", value_parser = business_date)]
    today: Option<Date>,
}

/// One page.
#[derive(Serialize)]
struct PageAnswer<'p> {
    file: &'p str,
    number: u32,
    /// Which of several papers on one picture; absent when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u32>,
    original: &'p str,
    corrected: &'p str,
    notes: &'p [ImportNote],
    page: &'p ProcessedPage,
    reading: Option<&'p Reading>,
}

/// A file or page that could not be taken.
#[derive(Serialize)]
struct FaultAnswer<'p> {
    file: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    fault: Told,
}

#[derive(Serialize)]
struct Told {
    code: String,
    message: Words,
}

/// What all pages of one call share.
struct Desktop<'w> {
    wish: &'w Arguments,
    limits: Limits,
    reader: Option<Reader>,
    today: Date,
    /// Beginnings of file names already used, so that files of the same name in different folders do not overwrite each other.
    stems: BTreeSet<String>,
}

/// Captures every file; one that can not be taken is told and the others go on. Exit code 1 when there was one.
pub(crate) fn run(wish: &Arguments) -> Result<End, CliFault> {
    std::fs::create_dir_all(&wish.out).map_err(CliFault::file(&wish.out))?;
    let models = wish.models.clone().or_else(find_models);
    let reader = models.as_deref().map(Reader::load).transpose()?;
    let today = wish.today.unwrap_or_else(|| WallClock.today());
    let mut desktop = Desktop {
        wish,
        limits: Limits {
            max_import_ms: wish.seconds_per_file.saturating_mul(1000),
            ..Limits::default()
        },
        reader,
        today,
        stems: BTreeSet::new(),
    };
    let mut all_taken = true;
    for file in &wish.files {
        all_taken &= desktop.take_file(file)?;
    }
    Ok(End::of(all_taken))
}

impl Desktop<'_> {
    fn take_file(&mut self, path: &Path) -> Result<bool, CliFault> {
        let name = path.to_string_lossy();
        let bytes = match read_file(path, &self.limits) {
            Ok(bytes) => bytes,
            Err(fault) => return self.refuse(&name, None, &fault),
        };
        let raws = match isolated::split_apart(&bytes, &name, &self.limits) {
            Ok(raws) => raws,
            Err(fault) => return self.refuse(&name, None, &fault.into()),
        };
        let stem = self.free_stem(path);
        let mut all_taken = true;
        for raw in &raws {
            all_taken &= self.take_page(&name, &stem, raw)?;
        }
        Ok(all_taken)
    }

    fn take_page(&self, name: &str, stem: &str, raw: &RawPage) -> Result<bool, CliFault> {
        let taken = raw
            .to_file()
            .and_then(|original| Ok((original, process_each(raw, &PaperHint::default(), &self.limits, None)?)));
        let ((kind, original_bytes), pages) = match taken {
            Ok(taken) => taken,
            Err(fault) => return self.refuse(name, Some(raw.number), &fault.into()),
        };
        let extension = kind.extensions().first().copied().unwrap_or("bin");
        let original = format!("{stem}-{}.original.{extension}", raw.number);
        self.write(&original, &original_bytes)?;
        let several = pages.len() > 1;
        for (part, page) in (1..).zip(pages) {
            let part = several.then_some(part);
            let corrected = part.map_or_else(|| format!("{stem}-{}.jpg", raw.number), |part| format!("{stem}-{}.{part}.jpg", raw.number));
            self.tell_page(name, raw, part, (&original, &corrected), page)?;
        }
        Ok(true)
    }

    /// Reads a page, writes it and tells it.
    fn tell_page(&self, name: &str, raw: &RawPage, part: Option<u32>, (original, corrected): (&str, &str), mut page: ProcessedPage) -> Result<(), CliFault> {
        // A reader that fails on one page leaves a good page without its text, as at the counter.
        let mut reading = self
            .reader
            .as_ref()
            .and_then(|reader| read(&page, reader, &PaperHint::default(), self.today).ok());
        match &mut reading {
            Some(reading) => {
                if let Some(upright) = reading.upright.take() {
                    page.lie_upright(upright, reading.quarter_turns);
                }
                let is_known = |code: &&Code| page.codes.iter().any(|own| own.format == code.format && own.text == code.text);
                let more: Vec<Code> = reading.codes.iter().filter(|code| !is_known(code)).cloned().collect();
                page.codes.extend(more);
            }
            None => page.look_closely_for_codes(&self.limits),
        }
        self.write(corrected, &page.jpeg)?;
        if self.wish.json {
            return output::json_line(&PageAnswer {
                file: name,
                number: raw.number,
                part,
                original,
                corrected,
                notes: &raw.notes,
                page: &page,
                reading: reading.as_ref(),
            });
        }
        output::text_line(&format!("{name} {}: {} -> {corrected}", raw.number, page.verdict.code()))
    }

    fn refuse(&self, name: &str, number: Option<u32>, fault: &CliFault) -> Result<bool, CliFault> {
        let told = fault.to_command_fault();
        if self.wish.json {
            output::json_line(&FaultAnswer {
                file: name,
                number,
                fault: Told {
                    code: told.code,
                    message: told.what,
                },
            })?;
        } else {
            output::text_line(&format!("{name}: {} {} {}", told.code, told.what.zh, told.what.en))?;
        }
        Ok(false)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), CliFault> {
        let path = self.wish.out.join(name);
        std::fs::write(&path, bytes).map_err(CliFault::file(&path))
    }

    fn free_stem(&mut self, path: &Path) -> String {
        let own = path.file_stem().map_or_else(|| "page".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let mut stem = own.clone();
        let mut again = 2;
        while !self.stems.insert(stem.clone()) {
            stem = format!("{own}~{again}");
            again += 1;
        }
        stem
    }
}

/// A file's bytes, never more than the limit for files.
///
/// # Errors
/// The file can not be read, or is too large.
pub(crate) fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, CliFault> {
    Ok(import::read_file(path, limits).map_err(CliFault::file(path))??)
}
