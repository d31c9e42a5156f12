//! The delivery of one counter: one thing in flight at a time, entries before pages, nothing blocked by a bad page.

use std::collections::BTreeMap;

use onewindow_case::ids::{CaseId, Digest};

use crate::backoff::Backoff;

/// Pages parked at once; beyond this the one next to be tried is forgotten, and simply tried again.
const PARKED_LIMIT: usize = 10_000;

/// A page that the centre does not hold yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageWaiting {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The case that named it first.
    pub case: Option<CaseId>,
    /// Its size in bytes; 0 when it is missing on disk.
    pub size_bytes: u64,
}

/// What is to be delivered, as the store knows it now.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'s> {
    /// Position of the last durable entry.
    pub head_seq: u64,
    /// Highest entry that the centre holds.
    pub delivered_through: u64,
    /// Pages that the centre does not hold, oldest first; a part of them is enough.
    pub pages: &'s [PageWaiting],
}

/// Figures of the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Most entries in one batch.
    pub batch_entries: usize,
    /// Most bytes of entries in one batch.
    pub batch_bytes: usize,
    /// How often the centre's feed is read, ms.
    pub feed_every_ms: i64,
    /// An answer that takes longer counts as lost, ms.
    pub answer_limit_ms: i64,
    /// Rest after the centre refused this counter, ms.
    pub refused_rest_ms: i64,
    /// Rest of the line after failures.
    pub line: Backoff,
    /// Rest of one page after failures.
    pub page: Backoff,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            batch_entries: 256,
            batch_bytes: 256 * 1024,
            feed_every_ms: 15_000,
            answer_limit_ms: 180_000,
            refused_rest_ms: 600_000,
            line: Backoff {
                floor_ms: 500,
                first_ms: 2_000,
                longest_ms: 300_000,
            },
            page: Backoff {
                floor_ms: 5_000,
                first_ms: 30_000,
                longest_ms: 3_600_000,
            },
        }
    }
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Send the entries after this position, within these bounds.
    SendEntries {
        /// Position after which to begin.
        after: u64,
        /// Most entries.
        max_entries: usize,
        /// Most bytes.
        max_bytes: usize,
    },
    /// Send this page.
    SendPage {
        /// Which.
        digest: Digest,
    },
    /// Ask the centre what it has to say.
    PollFeed,
    /// Nothing before this time (ms since 1970 UTC, always in the future), unless something new is to be delivered.
    WaitUntil(i64),
}

/// What came of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The centre holds entries.
    Accepted {
        /// Highest contiguous entry that is durable at the centre.
        received_through: u64,
        /// Entries that it holds but cannot follow.
        rejected: Vec<Rejection>,
    },
    /// The centre holds the page.
    PageStored,
    /// The centre will not have this page; others may go.
    PageRefused {
        /// Closed word of the centre.
        code: String,
    },
    /// The page cannot be read on this PC.
    PageUnreadable,
    /// The feed was read and applied.
    FeedRead {
        /// There is more to read at once.
        more: bool,
    },
    /// The centre is there but asks for patience.
    Busy {
        /// How long, ms, if it says.
        retry_after_ms: Option<i64>,
    },
    /// No answer, or one that is not the centre's (a captive portal, a broken proxy).
    Unreachable,
    /// The centre refuses this counter or the whole batch: not enrolled, token expired, chain forked.
    Refused {
        /// Closed word of the centre.
        code: String,
    },
}

/// The centre holds this entry but cannot follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Which entry.
    pub seq: u64,
    /// Closed word of the centre.
    pub code: String,
}

/// What an answer means for the store and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Note that the centre holds entries up to here.
    DeliveredThrough(u64),
    /// Note that the centre holds the page.
    PageDelivered(Digest),
    /// A clerk must look at this entry; delivery goes on.
    EntryRejected(Rejection),
    /// Somebody must look at this page; delivery goes on.
    PageTrouble {
        /// Which page.
        digest: Digest,
        /// Closed word: `unreadable` or the centre's.
        code: String,
    },
    /// The centre holds more entries than this PC has: this PC was restored from an old state and needs a new epoch.
    CentreAhead {
        /// What the centre holds.
        received_through: u64,
    },
}

/// What is known of the line to the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Nothing tried yet.
    Unknown,
    /// The last answer was the centre's.
    Up,
    /// The centre asked for patience.
    Busy,
    /// Out of reach since this time, ms since 1970 UTC.
    Down {
        /// Since when.
        since_ms: i64,
    },
    /// The centre refuses this counter.
    Refused {
        /// Closed word of the centre.
        code: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parked {
    failures: u32,
    until_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct InFlight {
    intent: Intent,
    until_ms: i64,
}

/// The delivery of one counter.
#[derive(Debug, Clone)]
pub struct Delivery {
    rhythm: Rhythm,
    line: Line,
    failures: u32,
    resting_until_ms: i64,
    feed_due_ms: i64,
    in_flight: Option<InFlight>,
    parked: BTreeMap<Digest, Parked>,
}

impl Delivery {
    /// A delivery that knows nothing yet, as after every start.
    pub const fn new(rhythm: Rhythm) -> Self {
        Self {
            rhythm,
            line: Line::Unknown,
            failures: 0,
            resting_until_ms: i64::MIN,
            feed_due_ms: i64::MIN,
            in_flight: None,
            parked: BTreeMap::new(),
        }
    }

    /// What is known of the line.
    pub const fn line(&self) -> &Line {
        &self.line
    }

    /// Forgets every rest, because a person asked for it or the network has just come up.
    pub fn hurry(&mut self) {
        self.resting_until_ms = i64::MIN;
        self.feed_due_ms = i64::MIN;
        self.parked.values_mut().for_each(|parked| parked.until_ms = i64::MIN);
    }

    /// What to do now. Anything but waiting counts as begun; call [`Delivery::answered`] with what came of it.
    pub fn next(&mut self, situation: Situation<'_>, now_ms: i64) -> Intent {
        if let Some(in_flight) = self.in_flight {
            if now_ms < in_flight.until_ms {
                return Intent::WaitUntil(in_flight.until_ms);
            }
            // Whoever was to bring the answer is gone. Without dice here, the longest wait of this step is taken.
            self.fail(now_ms, 1.0);
        }
        if now_ms < self.resting_until_ms {
            return Intent::WaitUntil(self.resting_until_ms);
        }
        let intent = self.choose(situation, now_ms);
        if !matches!(intent, Intent::WaitUntil(_)) {
            self.in_flight = Some(InFlight {
                intent,
                until_ms: now_ms.saturating_add(self.rhythm.answer_limit_ms),
            });
        }
        intent
    }

    /// Takes what came of the intent in flight. `jitter` is a fresh random number from 0 to 1. An answer to nothing (a late one,
    /// after its intent was given up) still counts for what it says of entries.
    pub fn answered(&mut self, answer: Answer, situation: Situation<'_>, now_ms: i64, jitter: f64) -> Vec<Effect> {
        let intent = self.in_flight.take().map(|in_flight| in_flight.intent);
        match answer {
            Answer::Accepted { received_through, rejected } => self.accepted(received_through, rejected, situation, now_ms, jitter),
            Answer::PageStored => match intent {
                Some(Intent::SendPage { digest }) => {
                    self.succeed();
                    self.parked.remove(&digest);
                    vec![Effect::PageDelivered(digest)]
                }
                Some(Intent::SendEntries { .. } | Intent::PollFeed | Intent::WaitUntil(_)) | None => Vec::new(),
            },
            Answer::PageRefused { code } => {
                self.succeed();
                self.page_trouble(intent, code, now_ms, jitter)
            }
            Answer::PageUnreadable => self.page_trouble(intent, "unreadable".to_owned(), now_ms, jitter),
            Answer::FeedRead { more } => {
                self.succeed();
                self.feed_due_ms = if more { now_ms } else { now_ms.saturating_add(self.rhythm.feed_every_ms) };
                Vec::new()
            }
            Answer::Busy { retry_after_ms } => {
                self.fail(now_ms, jitter);
                self.line = Line::Busy;
                let asked_ms = retry_after_ms.unwrap_or(0).clamp(0, self.rhythm.line.longest_ms);
                self.resting_until_ms = self.resting_until_ms.max(now_ms.saturating_add(asked_ms));
                Vec::new()
            }
            Answer::Unreachable => {
                self.fail(now_ms, jitter);
                Vec::new()
            }
            Answer::Refused { code } => {
                self.fail(now_ms, jitter);
                self.line = Line::Refused { code };
                self.resting_until_ms = now_ms.saturating_add(self.rhythm.refused_rest_ms.max(1));
                Vec::new()
            }
        }
    }

    /// Entries first: with them the case exists at the centre. Then the feed when it is due, then the smallest page. The
    /// feed goes before entries only when it has waited twice its time, so that neither can starve the other.
    fn choose(&self, situation: Situation<'_>, now_ms: i64) -> Intent {
        let feed_due = now_ms >= self.feed_due_ms;
        let feed_starved = feed_due && self.feed_due_ms != i64::MIN && now_ms.saturating_sub(self.feed_due_ms) >= self.rhythm.feed_every_ms;
        if situation.head_seq > situation.delivered_through && !feed_starved {
            return Intent::SendEntries {
                after: situation.delivered_through,
                max_entries: self.rhythm.batch_entries,
                max_bytes: self.rhythm.batch_bytes,
            };
        }
        if feed_due {
            return Intent::PollFeed;
        }
        let parked_until = |page: &&PageWaiting| self.parked.get(&page.digest).map_or(i64::MIN, |parked| parked.until_ms);
        let free = situation.pages.iter().filter(|page| parked_until(page) <= now_ms);
        match free.min_by_key(|page| page.size_bytes) {
            Some(page) => Intent::SendPage { digest: page.digest },
            None => {
                let earliest = situation.pages.iter().map(|page| parked_until(&page)).min().unwrap_or(i64::MAX);
                Intent::WaitUntil(earliest.min(self.feed_due_ms).max(now_ms.saturating_add(1)))
            }
        }
    }

    fn accepted(&mut self, received_through: u64, rejected: Vec<Rejection>, situation: Situation<'_>, now_ms: i64, jitter: f64) -> Vec<Effect> {
        let mut effects: Vec<_> = rejected.into_iter().map(Effect::EntryRejected).collect();
        if received_through > situation.head_seq {
            self.fail(now_ms, jitter);
            self.line = Line::Refused {
                code: "centre-ahead".to_owned(),
            };
            effects.push(Effect::CentreAhead { received_through });
        } else if received_through > situation.delivered_through {
            self.succeed();
            effects.push(Effect::DeliveredThrough(received_through));
        } else {
            // A good answer without progress would be asked for again at once, for ever.
            self.fail(now_ms, jitter);
            self.line = Line::Busy;
        }
        effects
    }

    fn page_trouble(&mut self, intent: Option<Intent>, code: String, now_ms: i64, jitter: f64) -> Vec<Effect> {
        let Some(Intent::SendPage { digest }) = intent else { return Vec::new() };
        let failures = self.parked.get(&digest).map_or(0, |parked| parked.failures).saturating_add(1);
        let until_ms = now_ms.saturating_add(self.rhythm.page.wait_ms(failures, jitter).max(1));
        self.parked.insert(digest, Parked { failures, until_ms });
        if self.parked.len() > PARKED_LIMIT
            && let Some(soonest) = self.parked.iter().min_by_key(|(_, parked)| parked.until_ms).map(|(digest, _)| *digest)
        {
            self.parked.remove(&soonest);
        }
        // Told once; afterwards it is known.
        if failures == 1 {
            vec![Effect::PageTrouble { digest, code }]
        } else {
            Vec::new()
        }
    }

    fn succeed(&mut self) {
        self.line = Line::Up;
        self.failures = 0;
        self.resting_until_ms = i64::MIN;
    }

    fn fail(&mut self, now_ms: i64, jitter: f64) {
        self.in_flight = None;
        self.failures = self.failures.saturating_add(1);
        self.line = match self.line {
            Line::Down { since_ms } => Line::Down { since_ms },
            Line::Unknown | Line::Up | Line::Busy | Line::Refused { .. } => Line::Down { since_ms: now_ms },
        };
        self.resting_until_ms = now_ms.saturating_add(self.rhythm.line.wait_ms(self.failures, jitter).max(1));
    }
}
