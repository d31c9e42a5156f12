//! Cases of this counter: taken in from a file, listed, shown. Every step is the window's own use case and stands in the record of the case
//! under the staff number given.

mod submission;

use std::path::PathBuf;

use clap::ValueEnum;
use onewindow_case::ids::CaseId;
use onewindow_desk::{Desk, DeskFault};
use onewindow_ipc::worklist::WorklistFilter;

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// What `case` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Staff number.
    #[arg(long, env = "ONEWINDOW_STAFF")]
    staff: String,
    /// PIN; better in the environment, where other users do not see it.
    #[arg(long, env = "ONEWINDOW_PIN", hide_env_values = true)]
    pin: String,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Takes in a case from a JSON file and accepts it when that is possible; the case as JSON. Exit code 1 when it was not accepted.
    Submit {
        /// JSON with bundle, applicant, answers, fields, marks, files per paper; see packaging/README.md.
        file: PathBuf,
    },
    /// One list of the desk as JSON.
    List {
        /// Which list.
        #[arg(long, value_enum, default_value = "today")]
        list: List,
    },
    /// One case as JSON, by its identity, number, ticket or applicant.
    Show {
        /// Identity, or what finds exactly one case.
        case: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum List {
    Mine,
    Today,
    Supplement,
    Ready,
    Returned,
}

impl From<List> for WorklistFilter {
    fn from(list: List) -> Self {
        match list {
            List::Mine => Self::Mine,
            List::Today => Self::Today,
            List::Supplement => Self::Supplement,
            List::Ready => Self::Ready,
            List::Returned => Self::Returned,
        }
    }
}

/// Signs in, does it, signs out.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    let desk = place.open()?;
    desk.sign_in(&wish.staff, &wish.pin)?;
    let done = act(&desk, &wish.verb);
    let signed_out = desk.sign_out();
    desk.close();
    let end = done?;
    signed_out?;
    Ok(end)
}

fn act(desk: &Desk, verb: &Verb) -> Result<End, CliFault> {
    match verb {
        Verb::Submit { file } => submission::submit(desk, file),
        Verb::List { list } => {
            output::json_line(&desk.list_cases((*list).into())?)?;
            Ok(End::Well)
        }
        Verb::Show { case } => {
            output::json_line(&desk.show_case(identity(desk, case)?)?)?;
            Ok(End::Well)
        }
    }
}

/// The case that is meant: its identity, or the only one that is found.
fn identity(desk: &Desk, text: &str) -> Result<CaseId, DeskFault> {
    if let Some(id) = CaseId::parse(text) {
        return Ok(id);
    }
    match desk.find_cases(text)?.as_slice() {
        [only] => CaseId::parse(&only.case_id).ok_or_else(|| DeskFault::Defect("a case without identity".to_owned())),
        _none_or_several => Err(DeskFault::Unknown { what: "case" }),
    }
}
