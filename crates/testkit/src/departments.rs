//! Departments that decide by script, over the centre's real HTTP: they ask for their work and grant, refuse or wait.
//!
//! A decision's id is made from its case and matter, so a department that was killed and started again decides nothing twice.
//! Absent on purpose: judgement. Whatever the papers say, the [`Policy`] decides.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use onewindow_wire::department::{Decision, DecisionReply, DecisionRequest, WorkItem};
use onewindow_wire::feed::ContentLine;
use onewindow_wire::path;
use reqwest::Client;

/// How long a department waits before it asks again.
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(20);

/// A department and its token at the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentToken {
    /// Key in the catalogue, such as `SCJ`.
    pub department: String,
    /// Bearer token.
    pub token: String,
}

/// How the departments decide. Without anything set, everything is granted at once.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Matters that are refused, with the written reason.
    pub refuse: HashMap<String, String>,
    /// Matters for which a special procedure is ordered, with the reason; nobody ends it.
    pub suspend: HashMap<String, String>,
    /// Matters whose time is extended once and which then stay on the desk: working days, reason, who approved.
    pub extend: HashMap<String, (u32, String, String)>,
    /// How long a matter lies on the desk before it is decided.
    pub delay: Duration,
}

/// Something a department decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Department.
    pub department: String,
    /// Case (UUID).
    pub case: String,
    /// Matter.
    pub matter: String,
    /// Licence number, when granted.
    pub licence_no: Option<String>,
}

/// Why the departments cannot work.
#[derive(Debug, thiserror::Error)]
pub enum DepartmentsFault {
    /// The thread or its runtime could not be started.
    #[error("the departments cannot be started")]
    Start(#[source] std::io::Error),
    /// The centre did not answer as the contract says.
    #[error("the centre does not answer")]
    Centre(#[source] reqwest::Error),
}

/// Departments at work in a thread of their own; dropping them ends it.
#[derive(Debug)]
pub struct Departments {
    decided: Arc<Mutex<Vec<Decided>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Departments {
    /// Begins to work at the centre. A centre that is away is asked again.
    ///
    /// # Errors
    /// [`DepartmentsFault::Start`].
    pub fn start(base_url: &str, tokens: Vec<DepartmentToken>, policy: Policy) -> Result<Self, DepartmentsFault> {
        let decided = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(DepartmentsFault::Start)?;
        let mut desk = Desk::new(base_url, tokens, policy)?;
        let (told, stopped) = (Arc::clone(&decided), Arc::clone(&stop));
        let work = move || {
            runtime.block_on(async move {
                while !stopped.load(Ordering::Relaxed) {
                    match desk.round().await {
                        Ok(round) => told.lock().unwrap_or_else(PoisonError::into_inner).extend(round.decided),
                        Err(fault) => tracing::debug!(%fault, "the departments try again"),
                    }
                    tokio::time::sleep(ASK_AGAIN).await;
                }
            });
        };
        let thread = std::thread::Builder::new()
            .name("departments".to_owned())
            .spawn(work)
            .map_err(DepartmentsFault::Start)?;
        Ok(Self {
            decided,
            stop,
            thread: Some(thread),
        })
    }

    /// Works until no matter waits for these departments any more; gives what was decided.
    ///
    /// # Errors
    /// [`DepartmentsFault`].
    pub fn work_once(base_url: &str, tokens: Vec<DepartmentToken>, policy: Policy) -> Result<Vec<Decided>, DepartmentsFault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(DepartmentsFault::Start)?;
        let mut desk = Desk::new(base_url, tokens, policy)?;
        runtime.block_on(async move {
            let mut decided = Vec::new();
            loop {
                let round = desk.round().await?;
                let idle = round.decided.is_empty() && round.waiting == 0;
                decided.extend(round.decided);
                if idle {
                    return Ok(decided);
                }
                tokio::time::sleep(ASK_AGAIN).await;
            }
        })
    }

    /// Everything decided so far, in order.
    pub fn decided(&self) -> Vec<Decided> {
        self.decided.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Departments {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

/// The id under which these departments decide a matter of a case: always the same.
pub fn decision_id(case: &str, matter: &str) -> String {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, case, matter).hash(&mut hasher);
        hasher.finish()
    };
    let hex = format!("{:016x}{:016x}", half(1), half(2));
    // Version 8 (own making) and the common variant.
    format!("{}-{}-8{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

/// What a department adds to a licence: only what no form holds.
pub fn plausible_content(matter: &str) -> Vec<ContentLine> {
    let lines: &[(&str, &str)] = match matter {
        "licence" => &[("kind", "个体工商户"), ("scope", "餐饮服务")],
        "business_licence" | "registration" => &[("kind", "有限责任公司（自然人投资或控股）")],
        "entertainment_permit" => &[("kind", "歌舞娱乐场所"), ("scope", "歌舞娱乐")],
        "food_licence" => &[("kind", "餐饮服务经营者"), ("scope", "热食类食品制售、自制饮品制售")],
        _ => &[],
    };
    lines
        .iter()
        .map(|(key, value)| ContentLine {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
        })
        .collect()
}

struct Round {
    decided: Vec<Decided>,
    waiting: usize,
}

struct Desk {
    client: Client,
    base_url: String,
    tokens: Vec<DepartmentToken>,
    policy: Policy,
    first_seen: HashMap<(String, String), Instant>,
    extended: HashSet<(String, String)>,
}

impl Desk {
    fn new(base_url: &str, tokens: Vec<DepartmentToken>, policy: Policy) -> Result<Self, DepartmentsFault> {
        let client = Client::builder().timeout(ANSWER).build().map_err(DepartmentsFault::Centre)?;
        Ok(Self {
            client,
            base_url: base_url.trim_end_matches('/').to_owned(),
            tokens,
            policy,
            first_seen: HashMap::new(),
            extended: HashSet::new(),
        })
    }

    /// Asks every department's work list once and decides what is ripe.
    async fn round(&mut self) -> Result<Round, DepartmentsFault> {
        let mut round = Round {
            decided: Vec::new(),
            waiting: 0,
        };
        for token in self.tokens.clone() {
            for item in self.work(&token).await? {
                let seen = *self.first_seen.entry((item.case.clone(), item.matter.clone())).or_insert_with(Instant::now);
                if item.suspended || seen.elapsed() < self.policy.delay {
                    round.waiting += usize::from(!item.suspended);
                    continue;
                }
                if self.extended.contains(&(item.case.clone(), item.matter.clone())) {
                    continue;
                }
                if self.policy.extend.contains_key(&item.matter) {
                    self.extended.insert((item.case.clone(), item.matter.clone()));
                }
                let reply = self.decide(&token, &item).await?;
                round.decided.push(Decided {
                    department: token.department.clone(),
                    case: item.case,
                    matter: item.matter,
                    licence_no: reply.licence_no,
                });
            }
        }
        Ok(round)
    }

    async fn work(&self, token: &DepartmentToken) -> Result<Vec<WorkItem>, DepartmentsFault> {
        let url = format!("{}{}", self.base_url, path::WORK.replace("{department}", &token.department));
        let response = self
            .client
            .get(url)
            .bearer_auth(&token.token)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        response.map_err(DepartmentsFault::Centre)?.json().await.map_err(DepartmentsFault::Centre)
    }

    fn decision(&self, matter: &str) -> Decision {
        let policy = &self.policy;
        match (policy.refuse.get(matter), policy.suspend.get(matter), policy.extend.get(matter)) {
            (Some(reason), _, _) => Decision::Refuse { reason: reason.clone() },
            (None, Some(reason), _) => Decision::Suspend { reason: reason.clone() },
            (None, None, Some((days, reason, approver))) => Decision::Extend {
                days: *days,
                reason: reason.clone(),
                approver: approver.clone(),
            },
            (None, None, None) => Decision::Grant {
                content: plausible_content(matter),
            },
        }
    }

    async fn decide(&self, token: &DepartmentToken, item: &WorkItem) -> Result<DecisionReply, DepartmentsFault> {
        let decision = self.decision(&item.matter);
        let request = DecisionRequest {
            id: decision_id(&item.case, &item.matter),
            case: item.case.clone(),
            matter: item.matter.clone(),
            officer: format!("{}-9001", token.department),
            decision,
        };
        let url = format!("{}{}", self.base_url, path::DECISION.replace("{department}", &token.department));
        let response = self
            .client
            .post(url)
            .bearer_auth(&token.token)
            .json(&request)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        response.map_err(DepartmentsFault::Centre)?.json().await.map_err(DepartmentsFault::Centre)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_is_always_decided_under_one_id() {
        let id = decision_id("0190f2c4-0000-7000-8000-000000000001", "household");
        assert_eq!(id, decision_id("0190f2c4-0000-7000-8000-000000000001", "household"));
        assert_ne!(id, decision_id("0190f2c4-0000-7000-8000-000000000001", "vaccination"));
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
    }
}
