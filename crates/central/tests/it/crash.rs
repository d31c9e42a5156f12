//! The real program, killed in the middle of its work: what it acknowledged is there, nothing is there twice.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use onewindow_case::ids::CounterId;
use onewindow_wire::enrolment::{EnrolReply, EnrolRequest};
use onewindow_wire::entries::{EntriesBatch, EntriesReceipt};
use onewindow_wire::feed::{CentreWord, Feed};
use onewindow_wire::{COUNTER_HEADER, path};
use reqwest::Client;
use tempfile::TempDir;

use crate::counter::{Counter, digest_of};
use crate::stand::{FIRST, demo};

const KILLS: usize = 4;
const CASES: usize = 8;

struct Program {
    child: Child,
    url: String,
}

impl Program {
    fn start(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_onewindow-central"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(dir.join("centre"))
            .arg("--demo")
            .arg(dir.join("demo.json"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self {
            child,
            url: told["url"].as_str().unwrap().to_owned(),
        }
    }

    /// Without any warning, as a power cut would.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("demo.json"), demo("330302-01", &[FIRST]).to_string()).unwrap();
    dir
}

/// Sends everything once, not caring for answers; gives the highest acknowledged entry.
async fn send(client: &Client, url: &str, counter: &Counter, pages: &[Vec<u8>]) -> u64 {
    let mut acknowledged = 0;
    for (chunk, page) in counter.entries.chunks(13).zip(pages.iter()) {
        let batch = EntriesBatch {
            counter: FIRST.to_owned(),
            epoch: counter.epoch,
            entries: chunk.to_vec(),
        };
        let request = client
            .post(format!("{url}{}", path::ENTRIES))
            .bearer_auth(&counter.token)
            .header(COUNTER_HEADER, FIRST)
            .json(&batch);
        let Ok(response) = request.send().await else { return acknowledged };
        let Ok(receipt) = response.json::<EntriesReceipt>().await else {
            return acknowledged;
        };
        acknowledged = acknowledged.max(receipt.received_through);
        let target = format!("{url}{}", path::PAGE.replace("{digest}", &digest_of(page).to_string()));
        let request = client.put(target).bearer_auth(&counter.token).header(COUNTER_HEADER, FIRST).body(page.clone());
        if request.send().await.is_err() {
            return acknowledged;
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let dir = folder();
    let client = Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let mut program = Program::start(dir.path());
    let request = EnrolRequest {
        code: format!("code-{FIRST}"),
        counter: FIRST.to_owned(),
    };
    let reply: EnrolReply = client
        .post(format!("{}{}", program.url, path::ENROL))
        .json(&request)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut counter = Counter::new(&program.url, CounterId::new(FIRST), reply.token, reply.epoch);
    let pages: Vec<Vec<u8>> = (0..CASES).map(|at| format!("page {at} ").repeat(20_000).into_bytes()).collect();
    let cases: Vec<String> = pages.iter().map(|page| counter.karaoke(page).id.to_string()).collect();
    for kill in 0..KILLS {
        let url = program.url.clone();
        let deadline = tokio::time::sleep(Duration::from_millis(15 + 40 * kill as u64));
        let acknowledged = tokio::select! {
            acknowledged = send(&client, &url, &counter, &pages) => acknowledged,
            () = deadline => 0,
        };
        program.kill();
        program = Program::start(dir.path());
        let empty = EntriesBatch {
            counter: FIRST.to_owned(),
            epoch: counter.epoch,
            entries: Vec::new(),
        };
        let request = client
            .post(format!("{}{}", program.url, path::ENTRIES))
            .bearer_auth(&counter.token)
            .header(COUNTER_HEADER, FIRST)
            .json(&empty);
        let held: EntriesReceipt = request.send().await.unwrap().json().await.unwrap();
        assert!(
            held.received_through >= acknowledged,
            "kill {kill}: {acknowledged} were acknowledged, {} are here",
            held.received_through
        );
    }
    assert_eq!(
        send(&client, &program.url, &counter, &pages).await,
        counter.head.seq,
        "what was cut off is sent again"
    );
    let request = client
        .get(format!("{}{}?after=0", program.url, path::FEED))
        .bearer_auth(&counter.token)
        .header(COUNTER_HEADER, FIRST);
    let feed: Feed = request.send().await.unwrap().json().await.unwrap();
    for case in &cases {
        let started: Vec<&str> = feed
            .items
            .iter()
            .filter(|item| &item.case == case)
            .filter_map(|item| match &item.word {
                CentreWord::WithDepartment { matter, .. } => Some(matter.as_str()),
                _other => None,
            })
            .collect();
        assert_eq!(started, ["business_licence", "environment"], "every matter starts exactly once");
    }
    program.kill();
}

#[test]
fn one_folder_belongs_to_one_program() {
    let dir = folder();
    let first = Program::start(dir.path());
    let second = Command::new(env!("CARGO_BIN_EXE_onewindow-central"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(dir.path().join("centre"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!second.success(), "a second one would give the same numbers again");
    first.kill();
}

#[cfg(unix)]
#[test]
fn a_request_to_end_is_followed() {
    let dir = folder();
    let mut program = Program::start(dir.path());
    let told = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = program.child.wait().unwrap();
    assert!(ended.success(), "it ends in order");
}
