//! The self-test, as a table for people or as JSON.

use onewindow_ipc::devices::{CheckVerdict, CheckView, SelfTestView};

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// What `doctor` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

/// Runs all checks. Warnings are well: the counter works with a limit.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    let desk = place.open()?;
    let test = desk.self_test();
    desk.close();
    if wish.json {
        output::json_line(&test)?;
    } else {
        write_table(&test)?;
    }
    Ok(End::of(!test.checks.iter().any(|check| check.verdict == CheckVerdict::Failed)))
}

fn write_table(test: &SelfTestView) -> Result<(), CliFault> {
    for check in &test.checks {
        output::text_line(&row(check))?;
        if let Some(remedy) = &check.remedy {
            output::text_line(&format!("         {} {}", remedy.zh, remedy.en))?;
        }
    }
    Ok(())
}

fn row(check: &CheckView) -> String {
    let verdict = match check.verdict {
        CheckVerdict::Ok => "ok",
        CheckVerdict::Warning => "warning",
        CheckVerdict::Failed => "FAILED",
        CheckVerdict::Skipped => "skipped",
    };
    format!(
        "{verdict:<8} {:<12} {} [{}]  {} {}",
        check.check, check.measured, check.limit, check.name.zh, check.name.en
    )
}
