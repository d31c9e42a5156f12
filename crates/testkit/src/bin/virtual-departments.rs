//! The virtual departments as a program of their own, for tests and demonstrations in which the centre is another process:
//! `virtual-departments --centre URL --token DEPT=TOKEN... [--delay-ms N] [--refuse MATTER=REASON] [--once]`.
//!
//! With `--once` it decides what waits and ends; otherwise it works until it is killed. Every decision is one line of JSON.

use std::io::Write;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use onewindow_testkit::departments::{Decided, DepartmentToken, Departments, Policy};

#[derive(Default)]
struct Arguments {
    centre: String,
    tokens: Vec<DepartmentToken>,
    policy: Policy,
    once: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = parse(std::env::args().skip(1))?;
    if arguments.once {
        for decided in Departments::work_once(&arguments.centre, arguments.tokens, arguments.policy)? {
            tell(&decided)?;
        }
        return Ok(());
    }
    let departments = Departments::start(&arguments.centre, arguments.tokens, arguments.policy)?;
    let mut told = 0;
    loop {
        let decided = departments.decided();
        for one in decided.iter().skip(told) {
            tell(one)?;
        }
        told = decided.len();
        thread::sleep(Duration::from_millis(200));
    }
}

fn tell(decided: &Decided) -> anyhow::Result<()> {
    let line = serde_json::json!({
        "department": decided.department,
        "case": decided.case,
        "matter": decided.matter,
        "licence_no": decided.licence_no,
    });
    writeln!(std::io::stdout(), "{line}").context("telling a decision")
}

fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut parsed = Arguments::default();
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--once" => parsed.once = true,
            "--centre" => parsed.centre = arguments.next().context("--centre needs an address")?,
            "--delay-ms" => parsed.policy.delay = Duration::from_millis(arguments.next().context("--delay-ms needs a number")?.parse()?),
            "--token" => {
                let (department, token) = pair(arguments.next(), "--token needs DEPT=TOKEN")?;
                parsed.tokens.push(DepartmentToken { department, token });
            }
            "--refuse" => {
                let (matter, reason) = pair(arguments.next(), "--refuse needs MATTER=REASON")?;
                parsed.policy.refuse.insert(matter, reason);
            }
            _ => bail!("unknown argument {name}; see the head of this program"),
        }
    }
    if parsed.centre.is_empty() || parsed.tokens.is_empty() {
        bail!("--centre URL and at least one --token DEPT=TOKEN are needed");
    }
    Ok(parsed)
}

fn pair(text: Option<String>, wanted: &'static str) -> anyhow::Result<(String, String)> {
    let (key, value) = text.as_deref().and_then(|text| text.split_once('=')).context(wanted)?;
    Ok((key.to_owned(), value.to_owned()))
}
