//! A template as it is written: most of it may come from the frame that it names.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Block, CopyLayer, Item, Margin, PaperSize, Template, TextFont, Words};
use crate::fault::PrintFault;

/// What a template file or a frame file may say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    /// Name of the frame that gives what is not said here.
    frame: Option<String>,
    paper: Option<PaperSize>,
    margin_mm: Option<Margin>,
    title: Option<Words>,
    font: Option<TextFont>,
    text_pt: Option<f32>,
    table_pt: Option<f32>,
    first: Vec<Item>,
    next: Vec<Item>,
    every: Vec<Item>,
    copy: CopyLayer,
    flow: Vec<Block>,
    /// Blocks by name, for templates to use; only in frames.
    parts: BTreeMap<String, Vec<Block>>,
}

impl Template {
    /// Reads and checks a template; `find_frame` gives the text of a frame by its name, or says why it can not be read.
    pub(crate) fn parse(name: &str, yaml: &str, find_frame: &dyn Fn(&str) -> Result<Option<String>, String>) -> Result<Self, PrintFault> {
        let fault = |reason: String| PrintFault::Template {
            template: name.to_owned(),
            reason,
        };
        let own: Written = read(yaml).map_err(fault)?;
        let frame = match &own.frame {
            Some(frame) => {
                let in_frame = |reason: String| fault(format!("frame {frame}: {reason}"));
                let yaml = find_frame(frame).map_err(in_frame)?;
                let yaml = yaml.ok_or_else(|| fault(format!("there is no frame {frame}")))?;
                read(&yaml).map_err(in_frame)?
            }
            None => Written::default(),
        };
        let template = own.inside(frame).map_err(fault)?;
        template.check().map_err(fault)?;
        Ok(template)
    }
}

fn read(yaml: &str) -> Result<Written, String> {
    serde_saphyr::from_str(yaml).map_err(|error| error.to_string())
}

impl Written {
    /// The whole template: what is not said here comes from the frame, items of the frame lie below.
    fn inside(self, frame: Self) -> Result<Template, String> {
        let missing = |what: &str| format!("{what} is missing");
        let both = |below: Vec<Item>, above: Vec<Item>| below.into_iter().chain(above).collect();
        let mut flow = Vec::with_capacity(self.flow.len());
        for block in self.flow {
            match block {
                Block::Part(name) => flow.extend(frame.parts.get(&name).ok_or_else(|| format!("the frame has no part {name}"))?.iter().cloned()),
                Block::Paragraph(_) | Block::Fields(_) | Block::Table(_) | Block::Group(_) | Block::Gap(_) => flow.push(block),
            }
        }
        Ok(Template {
            paper: self.paper.or(frame.paper).ok_or_else(|| missing("paper"))?,
            margin_mm: self.margin_mm.or(frame.margin_mm).ok_or_else(|| missing("margin_mm"))?,
            title: self.title.ok_or_else(|| missing("title"))?,
            font: self.font.or(frame.font).unwrap_or_default(),
            text_pt: self.text_pt.or(frame.text_pt).ok_or_else(|| missing("text_pt"))?,
            table_pt: self.table_pt.or(frame.table_pt).ok_or_else(|| missing("table_pt"))?,
            first: both(frame.first, self.first),
            next: both(frame.next, self.next),
            every: both(frame.every, self.every),
            copy: CopyLayer {
                first: both(frame.copy.first, self.copy.first),
                every: both(frame.copy.every, self.copy.every),
            },
            flow,
        })
    }
}
