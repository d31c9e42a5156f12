//! A process that writes is killed: at random moments, and at every named point between two acts of its disk. Whatever it was told
//! is safe must be there afterwards. The child is this test binary, told by a variable to write and to report on its output what
//! was acknowledged.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use onewindow_case::ids::Digest;
use onewindow_store::disk::{Disk, RealDisk};
use onewindow_store::{KeySource, Store};

use crate::ground::{Dice, case, field, identity, open, opened, options_on, page_bytes, page_kept};
use crate::tally::{Tally, in_full, report};

const CHILD: &str = "ONEWINDOW_KILLS_CHILD";
/// Number of the act at which the child kills itself.
const AT: &str = "ONEWINDOW_KILLS_AT";
const OPENING_LIMIT: Duration = Duration::from_secs(60);

/// Writes for ever from four threads, or until its disk kills it; not a test of its own.
#[test]
fn child_that_writes() {
    let Some(dir) = env::var_os(CHILD) else { return };
    let fatal_act = env::var(AT).ok().and_then(|text| text.parse().ok());
    let disk: Arc<dyn Disk> = match fatal_act {
        Some(at) => Arc::new(FatalDisk { acts: AtomicU64::new(0), at }),
        None => Arc::new(RealDisk),
    };
    let (store, _) = Store::open_with(Path::new(&dir), &identity(), &KeySource::File, &options_on(disk), &|_| {}).expect("the store opens");
    say("opened");
    let first = store.case_count() * 10 + 1_000;
    if fatal_act.is_some() {
        write_cases(&store, (first * 10..).take(2));
        say("done");
        return;
    }
    std::thread::scope(|scope| {
        for lane in 0..4 {
            let store = store.clone();
            scope.spawn(move || write_cases(&store, (first * 10 + lane..).step_by(4)));
        }
    });
}

pub fn write_cases(store: &Store, numbers: impl Iterator<Item = u64>) {
    for n in numbers {
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
    let now_ns = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let mut out = io::stdout().lock();
    writeln!(out, "@{now_ns} {line}").and_then(|()| out.flush()).expect("the parent reads");
}

/// Kills its process before or after the act with a number: even numbers mean before act n/2, odd ones after it.
struct FatalDisk {
    acts: AtomicU64,
    at: u64,
}

impl FatalDisk {
    fn point(&self, named: &str, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.die_at(named);
        let done = act();
        self.die_at(named);
        done
    }

    fn die_at(&self, named: &str) {
        if self.acts.fetch_add(1, Ordering::SeqCst) != self.at {
            return;
        }
        say(&format!("dies {named}"));
        let _killed = Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
        std::thread::sleep(OPENING_LIMIT);
    }
}

impl Disk for FatalDisk {
    fn create(&self, path: &Path) -> io::Result<File> {
        self.die_at("creating");
        let made = RealDisk.create(path);
        self.die_at("creating");
        made
    }
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        self.point("writing", || {
            // A write may be torn anywhere.
            let (one, other) = bytes.split_at(bytes.len() / 2);
            file.write_all(one)?;
            self.die_at("within-writing");
            file.write_all(other)
        })
    }
    fn sync(&self, file: &File) -> io::Result<()> {
        self.point("syncing", || RealDisk.sync(file))
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.point("syncing-a-folder", || RealDisk.sync_dir(path))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.point("renaming", || RealDisk.rename(from, to))
    }
    fn set_len(&self, file: &File, len_bytes: u64) -> io::Result<()> {
        self.point("cutting", || RealDisk.set_len(file, len_bytes))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.point("removing", || RealDisk.remove(path))
    }
}

#[derive(Default)]
struct Counts {
    kills: u64,
    during_open: u64,
    acknowledged_cases: u64,
    acknowledged_pages: u64,
    torn: u64,
    rebuilt: u64,
}

/// A child that writes into `dir`.
pub fn child(dir: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("this binary"));
    command
        .args(["--exact", "kills::child_that_writes", "--nocapture", "--test-threads=1"])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Starts a child, kills it some time after it began (or after it has opened the store) and gives what it was told is safe.
fn run_and_kill(dir: &Path, while_opening: bool, after: Duration, counts: &mut Counts) -> Vec<String> {
    let mut child = child(dir).spawn().expect("the child starts");
    let output = child.stdout.take().expect("piped");
    let (heard, lines) = channel();
    std::thread::spawn(move || {
        for (_, said) in said_lines(output) {
            let _parent_gone = heard.send(said);
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
    counts.kills += 1;
    counts.during_open += u64::from(!said.iter().any(|line| line == "opened"));
    said
}

/// What a child says, one line a time, each with the moment it began to say it (ns since 1970 UTC, by this machine's clock).
pub fn said_lines(output: impl io::Read) -> impl Iterator<Item = (u128, String)> {
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    lines.filter_map(|line| {
        let (at_ns, said) = line.split_once('@')?.1.split_once(' ')?;
        Some((at_ns.parse().ok()?, said.to_owned()))
    })
}

#[test]
fn kills_lose_nothing_acknowledged() {
    let kills = if in_full() { 1_000 } else { 24 };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut counts = Counts::default();
    for kill in 0..kills {
        // A quarter of the kills come while the store is being opened.
        let while_opening = kill % 4 == 0;
        let after_ms = dice.below(200);
        let said = run_and_kill(dir.path(), while_opening, Duration::from_millis(after_ms as u64), &mut counts);
        let (store, report) = open(dir.path());
        assert!(report.losses.is_empty(), "kill {kill}: {report:?}");
        counts.torn += u64::from(report.torn_tail_bytes > 0);
        counts.rebuilt += u64::from(report.rebuilt.is_some());
        for line in said {
            check(&store, &line, &mut counts);
        }
        if kill % 10 == 0 {
            assert!(store.verify().expect("readable").holds(), "kill {kill}");
        }
    }
    assert!(counts.acknowledged_cases > 0, "the child must have had time to write");
    report("kills at random moments", &tally_of(&counts));
}

#[test]
fn a_kill_at_any_named_point_loses_nothing_acknowledged() {
    let step = if in_full() { 1 } else { 9 };
    let mut counts = Counts::default();
    let mut points = std::collections::BTreeMap::<String, u64>::new();
    for at in (0..).step_by(step) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut running = child(dir.path()).env(AT, at.to_string()).spawn().expect("the child starts");
        let said: Vec<_> = said_lines(running.stdout.take().expect("piped")).map(|(_, said)| said).collect();
        running.wait().expect("gone");
        if said.iter().any(|line| line == "done") {
            break;
        }
        let named = said
            .iter()
            .find_map(|line| line.strip_prefix("dies "))
            .expect("it died at a named point")
            .to_owned();
        *points.entry(named).or_default() += 1;
        counts.kills += 1;
        counts.during_open += u64::from(!said.iter().any(|line| line == "opened"));
        let (store, report) = open(dir.path());
        assert!(report.losses.is_empty(), "point {at}: {report:?}");
        counts.torn += u64::from(report.torn_tail_bytes > 0);
        said.iter().for_each(|line| check(&store, line, &mut counts));
        assert!(store.verify().expect("readable").holds(), "point {at}");
        store.append(vec![opened(case(7))]).expect("and the store goes on");
    }
    println!("named points: {points:?}");
    assert!(points.len() >= 5, "every kind of act is a named point: {points:?}");
    report("kills at named points", &tally_of(&counts));
}

fn tally_of(counts: &Counts) -> Tally {
    Tally {
        faults: counts.kills,
        notes: vec![
            ("before the store was open", counts.during_open),
            ("acknowledged appends checked", counts.acknowledged_cases),
            ("acknowledged pages checked", counts.acknowledged_pages),
            ("torn tails cut", counts.torn),
            ("indexes rebuilt", counts.rebuilt),
        ],
        ..Tally::default()
    }
}

fn check(store: &Store, line: &str, counts: &mut Counts) {
    match check_line(store, line) {
        Acknowledged::Case => counts.acknowledged_cases += 1,
        Acknowledged::Page => counts.acknowledged_pages += 1,
        Acknowledged::Nothing => {}
    }
}

/// What a line said was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    Case,
    Page,
    Nothing,
}

/// Asserts that what a child was told is safe is there, byte for byte.
pub fn check_line(store: &Store, line: &str) -> Acknowledged {
    let words: Vec<_> = line.split(' ').collect();
    match words[..] {
        ["case", n, revision] => {
            let found = store.find_case(case(n.parse().expect("a number"))).expect(line).expect(line);
            assert!(found.revision >= revision.parse().expect("a number"), "{line}");
            Acknowledged::Case
        }
        ["page", n, digest] => {
            let digest = Digest::parse_hex(digest).expect("a digest");
            assert_eq!(store.read_page(&digest).expect(line), page_bytes(n.parse().expect("a number"), 2_000), "{line}");
            Acknowledged::Page
        }
        _ => Acknowledged::Nothing,
    }
}
