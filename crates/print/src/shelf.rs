//! The templates in use: the built-in ones, and over them those that an office has changed in a folder of its own.

use std::{collections::BTreeMap, fs, path::Path, sync::OnceLock};

use crate::{fault::PrintFault, kind::DocumentKind, render::Language, template::Template};

/// Larger files are no templates.
const MAX_TEMPLATE_BYTES: u64 = 256 * 1024;

/// Templates by kind of document.
#[derive(Debug, Clone, Default)]
pub struct TemplateShelf {
    changed: BTreeMap<DocumentKind, Template>,
}

impl TemplateShelf {
    /// The built-in templates alone.
    #[must_use]
    pub fn built_in() -> Self {
        Self::default()
    }

    /// The built-in templates with those of a folder over them: `<kind>.yaml`, and frames under `frames/<name>.yaml`. A
    /// folder that does not exist changes nothing.
    ///
    /// # Errors
    /// [`PrintFault::Template`] for the first file that is unreadable or wrong; nothing of the folder is used then.
    pub fn load(folder: &Path) -> Result<Self, PrintFault> {
        let find_frame = |name: &str| {
            let own = read_file(&folder.join("frames").join(format!("{name}.yaml")))?;
            Ok(own.or_else(|| built_in_frame(name).map(str::to_owned)))
        };
        let frames_changed = folder.join("frames").is_dir();
        let mut changed = BTreeMap::new();
        for kind in DocumentKind::ALL {
            let own = read_file(&folder.join(format!("{}.yaml", kind.name()))).map_err(|reason| PrintFault::Template {
                template: kind.name().to_owned(),
                reason,
            })?;
            let yaml = match own {
                Some(yaml) => yaml,
                // A changed frame changes every document that names it.
                None if frames_changed => kind.built_in().to_owned(),
                None => continue,
            };
            changed.insert(kind, Template::parse(kind.name(), &yaml, &find_frame)?);
        }
        Ok(Self { changed })
    }

    /// Kinds whose template is not the built-in one.
    pub fn changed(&self) -> impl Iterator<Item = DocumentKind> + '_ {
        self.changed.keys().copied()
    }

    pub(crate) fn get(&self, kind: DocumentKind) -> Result<&Template, PrintFault> {
        self.changed.get(&kind).map_or_else(|| built_in(kind), Ok)
    }

    /// Width and height of a sheet in millimetres; a roll is given the length of a usual slip.
    ///
    /// # Errors
    /// [`PrintFault::Template`] when the template cannot be read.
    pub fn paper_mm(&self, kind: DocumentKind) -> Result<(f32, f32), PrintFault> {
        let paper = self.get(kind)?.paper;
        Ok((paper.width_mm, paper.height_mm.unwrap_or(ROLL_MM)))
    }

    /// The title of a kind of document.
    #[must_use]
    pub fn title(&self, kind: DocumentKind, language: Language) -> String {
        self.get(kind)
            .map_or_else(|_| kind.name().to_owned(), |template| template.title.literal(language))
    }
}

/// Length told for a roll when nothing is laid out yet.
const ROLL_MM: f32 = 200.0;

/// Checks a template file that an office has changed.
///
/// # Errors
/// [`PrintFault::Template`] says what is wrong.
pub fn check_template(name: &str, yaml: &str) -> Result<(), PrintFault> {
    Template::parse(name, yaml, &|frame| Ok(built_in_frame(frame).map(str::to_owned))).map(|_| ())
}

/// Checks all built-in templates; called at start so that a broken one is found before the first citizen.
///
/// # Errors
/// [`PrintFault::Template`] says what is wrong with the first broken one.
pub fn check_templates() -> Result<(), PrintFault> {
    DocumentKind::ALL.into_iter().try_for_each(|kind| built_in(kind).map(|_| ()))
}

/// The built-in template, read once.
fn built_in(kind: DocumentKind) -> Result<&'static Template, PrintFault> {
    static TEMPLATES: [OnceLock<Result<Template, PrintFault>>; DocumentKind::ALL.len()] = [const { OnceLock::new() }; DocumentKind::ALL.len()];
    TEMPLATES[kind as usize]
        .get_or_init(|| Template::parse(kind.name(), kind.built_in(), &|frame| Ok(built_in_frame(frame).map(str::to_owned))))
        .as_ref()
        .map_err(Clone::clone)
}

fn built_in_frame(name: &str) -> Option<&'static str> {
    match name {
        "notice" => Some(include_str!("../../../assets/templates/frames/notice.yaml")),
        "slip" => Some(include_str!("../../../assets/templates/frames/slip.yaml")),
        "roll" => Some(include_str!("../../../assets/templates/frames/roll.yaml")),
        "licence" => Some(include_str!("../../../assets/templates/frames/licence.yaml")),
        _ => None,
    }
}

fn read_file(path: &Path) -> Result<Option<String>, String> {
    match fs::metadata(path) {
        Err(_) => Ok(None),
        Ok(known) if known.len() > MAX_TEMPLATE_BYTES => Err(format!("it has {} bytes; a template has a few thousand", known.len())),
        Ok(_) => fs::read_to_string(path).map(Some).map_err(|error| error.to_string()),
    }
}
