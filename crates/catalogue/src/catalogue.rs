//! The catalogue as a whole: loading from a folder or from the built-in copy, and finding bundles in it.
//!
//! A catalogue with an error is not used at all: a counter must never run on half of its rules. Absent on purpose: signatures
//! (see `release`) and several versions side by side (see `shelf`).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use onewindow_case::ids::{BundleId, DepartmentId};
use onewindow_case::text::Bilingual;
use serde::de::DeserializeOwned;
use time::Date;

use crate::bundle::{Bundle, Department, Paper};
use crate::compile::{self, Faults, SharedParts, line};
use crate::dates::parse_date;
use crate::fault::{CatalogueFault, FaultSeverity};
use crate::search::{Hit, SearchIndex};
use crate::source::{RawBundle, RawCatalogue, RawDataSources, RawDepartments, RawMaterials, RawRefusals};
use crate::{built_in, check, compile_bundle};

/// All service definitions of one version.
#[derive(Debug)]
pub struct Catalogue {
    version: String,
    effective: Date,
    name: Bilingual,
    supplement_wd: u32,
    tolerance_wd: u32,
    bundles: Vec<Bundle>,
    departments: BTreeMap<DepartmentId, Department>,
    papers: BTreeMap<String, Paper>,
    warnings: Vec<CatalogueFault>,
    index: SearchIndex,
}

/// Why there is no catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file or folder could not be read.
    #[error("the catalogue's {path} could not be read")]
    Unreadable {
        /// What could not be read, relative to the catalogue's folder.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file is larger than any catalogue file should be.
    #[error("the catalogue's {path} is larger than {max} bytes")]
    TooLarge {
        /// The file.
        path: String,
        /// The bound.
        max: u64,
    },
    /// The files were read but do not make a catalogue.
    #[error("the catalogue has {} faults, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Faulty(Vec<CatalogueFault>),
}

/// The files of a catalogue: path relative to its folder, with `/`, and text.
pub type CatalogueSource = BTreeMap<String, String>;

/// Format of the files that this program reads.
const FORMAT: u32 = 1;
/// Largest file, in bytes.
const FILE_MAX: u64 = 4 * 1024 * 1024;
/// Most bundles in one catalogue.
const BUNDLES_MAX: usize = 5_000;

impl Catalogue {
    /// The catalogue that comes with the program.
    ///
    /// # Errors
    /// [`CatalogueError::Faulty`] only when the program was built from faulty files, which a test prevents.
    pub fn built_in() -> Result<Self, CatalogueError> {
        Self::parse(&built_in::files())
    }

    /// Loads the catalogue in a folder laid out like `assets/catalogue/`.
    ///
    /// # Errors
    /// A file that cannot be read, or every fault found in the files.
    pub fn load(folder: &Path) -> Result<Self, CatalogueError> {
        Self::parse(&read_folder(folder)?)
    }

    /// All faults and warnings of a folder's files; empty means the catalogue is clean.
    ///
    /// # Errors
    /// A file that cannot be read at all.
    pub fn check_folder(folder: &Path) -> Result<Vec<CatalogueFault>, CatalogueError> {
        match Self::parse(&read_folder(folder)?) {
            Ok(catalogue) => Ok(catalogue.warnings),
            Err(CatalogueError::Faulty(faults)) => Ok(faults),
            Err(error @ (CatalogueError::Unreadable { .. } | CatalogueError::TooLarge { .. })) => Err(error),
        }
    }

    /// Makes a catalogue of file texts.
    ///
    /// # Errors
    /// [`CatalogueError::Faulty`] with every fault and warning found.
    pub fn parse(source: &CatalogueSource) -> Result<Self, CatalogueError> {
        let mut faults = Vec::new();
        let catalogue = assemble(source, &mut faults);
        let faulty = faults.iter().any(|fault| fault.severity == FaultSeverity::Error);
        match catalogue {
            Some(mut catalogue) if !faulty => {
                catalogue.warnings = faults;
                Ok(catalogue)
            }
            Some(_) | None => Err(CatalogueError::Faulty(faults)),
        }
    }

    /// Version of the catalogue; a case keeps the one at receipt.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// First day on which it is to be used.
    pub fn effective(&self) -> Date {
        self.effective
    }

    /// Name of the place or office that keeps it.
    pub fn name(&self) -> &Bilingual {
        &self.name
    }

    /// Period for bringing what a one-time notice names, in working days.
    pub fn supplement_wd(&self) -> u32 {
        self.supplement_wd
    }

    /// Longest period for papers on the tolerance list, in working days; the promised time of the matter may be shorter.
    pub fn tolerance_wd(&self) -> u32 {
        self.tolerance_wd
    }

    /// All bundles, in the order of the catalogue.
    pub fn bundles(&self) -> &[Bundle] {
        &self.bundles
    }

    /// The bundle of this id, if there is one.
    pub fn find_bundle(&self, id: &BundleId) -> Option<&Bundle> {
        self.bundles.iter().find(|bundle| &bundle.id == id)
    }

    /// All departments.
    pub fn departments(&self) -> &BTreeMap<DepartmentId, Department> {
        &self.departments
    }

    /// All papers by id.
    pub fn papers(&self) -> &BTreeMap<String, Paper> {
        &self.papers
    }

    /// Faults that do not forbid use.
    pub fn warnings(&self) -> &[CatalogueFault] {
        &self.warnings
    }

    /// Bundles and matters that a query may mean, best first, at most 20. An empty query lists all bundles.
    pub fn search(&self, query: &str) -> Vec<Hit> {
        self.index.search(query)
    }
}

pub(crate) fn read_folder(folder: &Path) -> Result<CatalogueSource, CatalogueError> {
    let mut source = CatalogueSource::new();
    for name in built_in::SHARED_FILES {
        let path = folder.join(name);
        if path.exists() {
            source.insert((*name).to_owned(), read_file(&path, name)?);
        }
    }
    let unreadable = |source| CatalogueError::Unreadable {
        path: "bundles".to_owned(),
        source,
    };
    let entries = fs::read_dir(folder.join("bundles")).map_err(unreadable)?;
    for entry in entries.take(BUNDLES_MAX) {
        let path: PathBuf = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".yaml")) else {
            continue;
        };
        let name = format!("bundles/{name}");
        source.insert(name.clone(), read_file(&path, &name)?);
    }
    Ok(source)
}

fn read_file(path: &Path, name: &str) -> Result<String, CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable { path: name.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.len() > FILE_MAX {
        return Err(CatalogueError::TooLarge {
            path: name.to_owned(),
            max: FILE_MAX,
        });
    }
    fs::read_to_string(path).map_err(unreadable)
}

fn assemble(source: &CatalogueSource, list: &mut Vec<CatalogueFault>) -> Option<Catalogue> {
    let head: Option<RawCatalogue> = parse_file(source, "catalogue.yaml", list);
    let shared = shared_parts(source, list);
    let mut bundles = Vec::new();
    for file in source.keys().filter(|file| file.starts_with("bundles/")) {
        let Some(raw) = parse_file::<RawBundle>(source, file, list) else { continue };
        let mut faults = Faults { file: file.clone(), list };
        check_format(raw.format.value, raw.format.referenced.line(), &mut faults);
        check_file_name(&raw, &mut faults);
        if let Some(mut bundle) = compile_bundle::bundle(&raw, &shared, &mut faults) {
            check::bundle(&raw, &mut bundle, &mut faults);
            bundles.push(bundle);
        }
    }
    let head = head?;
    let mut faults = Faults {
        file: "catalogue.yaml".to_owned(),
        list,
    };
    check_format(head.format.value, head.format.referenced.line(), &mut faults);
    let effective = effective(&head, &mut faults)?;
    let name = faults.words(&head.name, "name");
    let bundles = ordered(&head, bundles, &mut faults);
    let index = SearchIndex::new(&bundles);
    Some(Catalogue {
        version: head.version.value,
        effective,
        name,
        supplement_wd: head.supplement_wd,
        tolerance_wd: head.tolerance_wd,
        bundles,
        departments: shared.departments,
        papers: shared.papers,
        warnings: Vec::new(),
        index,
    })
}

fn shared_parts(source: &CatalogueSource, list: &mut Vec<CatalogueFault>) -> SharedParts {
    let departments: Option<RawDepartments> = parse_file(source, "departments.yaml", list);
    let sources: Option<RawDataSources> = parse_file(source, "data-sources.yaml", list);
    let materials: Option<RawMaterials> = parse_file(source, "materials.yaml", list);
    let refusals: Option<RawRefusals> = parse_file(source, "refusals.yaml", list);
    let mut parts = SharedParts::default();
    if let Some(raw) = departments {
        parts.departments = compile::departments(
            &raw,
            &mut Faults {
                file: "departments.yaml".to_owned(),
                list,
            },
        );
    }
    if let Some(raw) = sources {
        parts.sources = compile::sources(
            &raw,
            &parts.departments,
            &mut Faults {
                file: "data-sources.yaml".to_owned(),
                list,
            },
        );
    }
    if let Some(raw) = materials {
        parts.papers = compile::papers(
            &raw,
            &mut Faults {
                file: "materials.yaml".to_owned(),
                list,
            },
        );
    }
    if let Some(raw) = refusals {
        parts.refusals = compile::common_refusals(
            &raw,
            &mut Faults {
                file: "refusals.yaml".to_owned(),
                list,
            },
        );
    }
    parts
}

fn parse_file<T: DeserializeOwned>(source: &CatalogueSource, file: &str, list: &mut Vec<CatalogueFault>) -> Option<T> {
    let mut faults = Faults { file: file.to_owned(), list };
    let Some(text) = source.get(file) else {
        faults.error(
            "file.missing",
            0,
            "",
            Bilingual::new("没有这个文件", "the file is missing"),
            Bilingual::new("从发布的目录包里补上", "take it from the released catalogue"),
        );
        return None;
    };
    match serde_saphyr::from_str(text) {
        Ok(raw) => Some(raw),
        Err(error) => {
            let line = error.location().map_or(0, |location| location.line());
            let message = error.without_snippet().to_string();
            faults.error(
                "file.syntax",
                line,
                "",
                Bilingual::new(format!("写法有误：{message}"), format!("cannot be read: {message}")),
                Bilingual::new("对照 README.md 的格式改写", "compare with the format in README.md"),
            );
            None
        }
    }
}

fn check_format(format: u32, line: u64, faults: &mut Faults<'_>) {
    if format != FORMAT {
        faults.error(
            "file.format",
            line,
            "format",
            Bilingual::new(format!("格式 {format} 不认识"), format!("format {format} is not known")),
            Bilingual::new(
                format!("本程序读格式 {FORMAT}；请升级程序或改写文件"),
                format!("this program reads format {FORMAT}; update it or convert the file"),
            ),
        );
    }
}

fn check_file_name(raw: &RawBundle, faults: &mut Faults<'_>) {
    let expected = format!("bundles/{}.yaml", raw.id.value);
    if faults.file != expected {
        faults.error(
            "file.name",
            line(&raw.id),
            "id",
            Bilingual::new("文件名与编号不同", "file name and id differ"),
            Bilingual::new(format!("把文件改名为 {expected}"), format!("rename the file to {expected}")),
        );
    }
}

fn effective(head: &RawCatalogue, faults: &mut Faults<'_>) -> Option<Date> {
    let date = parse_date(&head.effective.value);
    if date.is_none() {
        faults.error(
            "value.not-a-date",
            line(&head.effective),
            "effective",
            Bilingual::new("不是日期", "not a date"),
            Bilingual::new("写成 2026-01-31 的样子", "write it like 2026-01-31"),
        );
    }
    date
}

/// Bundles in the order that `catalogue.yaml` gives; a name without a file, or a file without a name, is a fault.
fn ordered(head: &RawCatalogue, mut bundles: Vec<Bundle>, faults: &mut Faults<'_>) -> Vec<Bundle> {
    let known: Vec<String> = bundles.iter().map(|bundle| bundle.id.as_str().to_owned()).collect();
    for at in head.bundles.iter().filter(|at| !known.contains(&at.value)) {
        faults.unknown("reference.unknown-bundle", at, "bundles", known.iter());
    }
    for id in known.iter().filter(|id| !head.bundles.iter().any(|at| &at.value == *id)) {
        faults.error(
            "bundle.not-listed",
            0,
            "bundles",
            Bilingual::new(format!("“{id}”有文件但没列入"), format!("`{id}` has a file but is not listed")),
            Bilingual::new("写进 bundles:，或删去文件", "add it to `bundles:` or remove the file"),
        );
    }
    let place = |bundle: &Bundle| head.bundles.iter().position(|at| at.value == bundle.id.as_str()).unwrap_or(usize::MAX);
    bundles.sort_by_key(place);
    bundles
}
