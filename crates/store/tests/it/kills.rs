//! A process that writes is killed at random moments. Whatever it was told is safe must be there afterwards.
//! The child is this test binary, told by a variable to write and to report on its output what was acknowledged.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use onewindow_case::ids::Digest;
use onewindow_store::Store;

use crate::ground::{Dice, case, field, open, opened, page_bytes, page_kept};

const CHILD: &str = "ONEWINDOW_KILLS_CHILD";
const OPENING_LIMIT: Duration = Duration::from_secs(60);

/// Writes for ever from four threads; not a test of its own.
#[test]
fn child_that_writes() {
    let Some(dir) = env::var_os(CHILD) else { return };
    let (store, _) = open(Path::new(&dir));
    say("opened");
    let first = store.case_count() * 10 + 1_000;
    std::thread::scope(|scope| {
        for lane in 0..4 {
            let store = store.clone();
            scope.spawn(move || write_for_ever(&store, first * 10 + lane));
        }
    });
}

fn write_for_ever(store: &Store, first: u64) {
    for n in (first..).step_by(4) {
        store.append(vec![opened(case(n)), field(case(n), "begun")]).expect("appended");
        say(&format!("case {n} 2"));
        let digest = store.keep_page(Some(case(n)), &page_bytes(n, 2_000)).expect("kept");
        say(&format!("page {n} {digest}"));
        store
            .append(vec![page_kept(case(n), n, [digest; 3]), field(case(n), "a"), field(case(n), "b")])
            .expect("appended");
        say(&format!("case {n} 5"));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@{line}").and_then(|()| out.flush()).expect("the parent reads");
}

#[derive(Default)]
struct Tally {
    kills: u32,
    during_open: u32,
    acknowledged_cases: u64,
    acknowledged_pages: u64,
    torn: u32,
    rebuilt: u32,
}

/// Starts a child, kills it some time after it began (or after it has opened the store) and gives what it was told is safe.
fn run_and_kill(dir: &Path, while_opening: bool, after: Duration, tally: &mut Tally) -> Vec<String> {
    let mut child = Command::new(env::current_exe().expect("this binary"))
        .args(["--exact", "kills::child_that_writes", "--nocapture", "--test-threads=1"])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts");
    let output = child.stdout.take().expect("piped");
    let (heard, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, said)) = line.split_once('@') {
                let _parent_gone = heard.send(said.to_owned());
            }
        }
    });
    let mut said = Vec::new();
    if !while_opening {
        said.push(lines.recv_timeout(OPENING_LIMIT).expect("the child opens the store"));
    }
    std::thread::sleep(after);
    child.kill().expect("killed");
    child.wait().expect("gone");
    // The reader ends with the child's output.
    said.extend(lines);
    tally.kills += 1;
    tally.during_open += u32::from(!said.iter().any(|line| line == "opened"));
    said
}

#[test]
fn kills_lose_nothing_acknowledged() {
    let kills = if env::var_os("ONEWINDOW_SLOW").is_some() { 1_000 } else { 25 };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut tally = Tally::default();
    for kill in 0..kills {
        // A quarter of the kills come while the store is being opened.
        let while_opening = kill % 4 == 0;
        let after_ms = if while_opening { dice.below(300) } else { dice.below(250) };
        let said = run_and_kill(dir.path(), while_opening, Duration::from_millis(after_ms as u64), &mut tally);
        let (store, report) = open(dir.path());
        assert!(report.losses.is_empty(), "kill {kill}: {report:?}");
        tally.torn += u32::from(report.torn_tail_bytes > 0);
        tally.rebuilt += u32::from(report.rebuilt.is_some());
        for line in said {
            check(&store, &line, &mut tally);
        }
        if kill % 10 == 0 {
            assert!(store.verify().expect("readable").holds(), "kill {kill}");
        }
    }
    let Tally {
        kills,
        during_open,
        acknowledged_cases,
        acknowledged_pages,
        torn,
        rebuilt,
    } = tally;
    println!(
        "kills: {kills} ({during_open} before the store was open), {acknowledged_cases} acknowledged appends, {acknowledged_pages} pages, \
         0 lost, {torn} torn tails cut, {rebuilt} indexes rebuilt"
    );
    assert!(acknowledged_cases > 0, "the child must have had time to write");
}

fn check(store: &Store, line: &str, tally: &mut Tally) {
    let words: Vec<_> = line.split(' ').collect();
    match words[..] {
        ["case", n, revision] => {
            let found = store.find_case(case(n.parse().expect("a number"))).expect(line).expect(line);
            assert!(found.revision >= revision.parse().expect("a number"), "{line}");
            tally.acknowledged_cases += 1;
        }
        ["page", n, digest] => {
            let digest = Digest::parse_hex(digest).expect("a digest");
            assert_eq!(store.read_page(&digest).expect(line), page_bytes(n.parse().expect("a number"), 2_000), "{line}");
            tally.acknowledged_pages += 1;
        }
        _ => {}
    }
}
