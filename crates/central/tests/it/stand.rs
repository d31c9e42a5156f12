//! A centre with one branch of two counters and the departments of the karaoke bundle.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use onewindow_case::ids::CounterId;
use onewindow_catalogue::Catalogue;
use onewindow_central::{Centre, CentreConfig, Clock, DemoFile, serve};
use onewindow_wire::department::{Decision, DecisionReply, DecisionRequest, WorkItem};
use onewindow_wire::enrolment::{EnrolReply, EnrolRequest};
use onewindow_wire::{Problem, path};
use reqwest::{Client, Response, StatusCode};
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use time::macros::datetime;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::counter::Counter;

/// Monday 2026-11-23, ten o'clock in China.
pub const MONDAY_MS: i64 = datetime!(2026-11-23 10:00 +8).unix_timestamp() * 1_000;
pub const DAY_MS: i64 = 86_400_000;
pub const FIRST: &str = "330302-01-003";
pub const SECOND: &str = "330302-01-004";
/// A counter of another branch.
pub const ELSEWHERE: &str = "330402-01-001";

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(Catalogue::built_in().unwrap()));

pub struct Stand {
    pub url: String,
    pub client: Client,
    pub centre: Arc<Centre>,
    pub now_ms: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
    _dir: TempDir,
}

/// What the demonstration file says.
pub fn demo(branch: &str, counters: &[&str]) -> serde_json::Value {
    let counters: Vec<_> = counters
        .iter()
        .map(|counter| serde_json::json!({ "counter": counter, "code": format!("code-{counter}") }))
        .collect();
    let departments: Vec<_> = ["SCJ", "HBJ", "XF", "WJW", "WGL", "PSB_SEC", "SWJ"]
        .iter()
        .map(|department| serde_json::json!({ "department": department, "token": format!("token-{department}") }))
        .collect();
    serde_json::json!({
        "branch": { "id": branch, "zh": "云江市行政服务中心", "en": "Yunjiang Administrative Service Centre" },
        "office": "云江市",
        "counters": counters,
        "staff": [
            { "staff_no": format!("{branch}-1001"), "name": "陈晓燕", "role": "clerk", "pin": "135790" },
            { "staff_no": format!("{branch}-0012"), "name": "罗明远", "role": "supervisor", "pin": "975310" },
        ],
        "departments": departments,
    })
}

impl Stand {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now_ms = Arc::new(AtomicI64::new(MONDAY_MS));
        let hands = Arc::clone(&now_ms);
        let config = CentreConfig {
            data: dir.path().join("centre"),
            clock: Clock::from_ms(move || hands.load(Ordering::Relaxed)),
            catalogue: Some(Arc::clone(&CATALOGUE)),
        };
        let centre = Arc::new(Centre::open(config).await.unwrap());
        for (branch, counters) in [("330302-01", &[FIRST, SECOND][..]), ("330402-01", &[ELSEWHERE][..])] {
            let file: DemoFile = serde_json::from_value(demo(branch, counters)).unwrap();
            centre.seed_demo(&file).await.unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Arc::clone(&centre);
        let served = tokio::spawn(async move {
            let stopped = async move {
                let _sent = stopped.await;
            };
            serve(listener, served, stopped).await.unwrap();
        });
        Self {
            url,
            client: Client::new(),
            centre,
            now_ms,
            stop: Some(stop),
            served,
            _dir: dir,
        }
    }

    /// Asks the service to end and waits until it has.
    pub async fn stop(mut self) {
        let _listening = self.stop.take().map(|stop| stop.send(()));
        tokio::time::timeout(Duration::from_secs(10), self.served)
            .await
            .expect("the service ends in time")
            .unwrap();
    }

    pub fn pass_days(&self, days: i64) {
        self.now_ms.fetch_add(days * DAY_MS, Ordering::Relaxed);
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub async fn try_enrol(&self, counter: &str, code: &str) -> Result<EnrolReply, Refused> {
        let request = EnrolRequest {
            code: code.to_owned(),
            counter: counter.to_owned(),
        };
        answer(self.client.post(self.at(path::ENROL)).json(&request).send().await.unwrap()).await
    }

    pub async fn counter(&self, counter: &str) -> Counter {
        let reply = self.try_enrol(counter, &format!("code-{counter}")).await.unwrap();
        Counter::new(&self.url, CounterId::new(counter), reply.token, reply.epoch)
    }

    pub async fn work(&self, department: &str) -> Vec<WorkItem> {
        let url = self.at(&path::WORK.replace("{department}", department));
        answer(self.client.get(url).bearer_auth(format!("token-{department}")).send().await.unwrap())
            .await
            .unwrap()
    }

    /// Matters that wait for a department.
    pub async fn waiting(&self, department: &str) -> Vec<String> {
        self.work(department).await.into_iter().map(|item| item.matter).collect()
    }

    pub async fn try_decide(&self, department: &str, request: &DecisionRequest) -> Result<DecisionReply, Refused> {
        let url = self.at(&path::DECISION.replace("{department}", department));
        answer(
            self.client
                .post(url)
                .bearer_auth(format!("token-{department}"))
                .json(request)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub async fn decide(&self, department: &str, case: &str, matter: &str, decision: Decision) -> DecisionReply {
        self.try_decide(department, &request(case, matter, decision)).await.unwrap()
    }

    pub async fn grant(&self, department: &str, case: &str, matter: &str) -> String {
        self.decide(department, case, matter, Decision::Grant { content: Vec::new() })
            .await
            .licence_no
            .unwrap()
    }
}

pub fn request(case: &str, matter: &str, decision: Decision) -> DecisionRequest {
    DecisionRequest {
        id: uuid::Uuid::now_v7().to_string(),
        case: case.to_owned(),
        matter: matter.to_owned(),
        officer: "9001".to_owned(),
        decision,
    }
}

/// A refusal: status and the contract's word.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub status: u16,
    pub code: String,
}

/// The answer in the contract's form; whatever is no success must be a problem in JSON.
pub async fn answer<T: DeserializeOwned>(response: Response) -> Result<T, Refused> {
    let status = response.status();
    let bytes = response.bytes().await.unwrap();
    if status == StatusCode::OK {
        return Ok(serde_json::from_slice(&bytes).unwrap());
    }
    let problem: Problem = serde_json::from_slice(&bytes).expect("every refusal is a problem in JSON");
    Err(Refused {
        status: status.as_u16(),
        code: problem.code,
    })
}

pub fn refused(status: u16, code: &str) -> Refused {
    Refused { status, code: code.to_owned() }
}
