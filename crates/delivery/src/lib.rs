//! Decides what to send next, when to try again and what an answer means. Pure: time, dice and answers go in, intents and
//! effects come out.
//!
//! ```text
//! waiting ─ next ─▶ in flight ─ good answer ─▶ delivered
//!    ▲                 │  └─ the centre is busy or out of reach ─▶ the line rests until ... ─▶ waiting
//!    │                 └─ this page is refused or unreadable ─▶ parked until ... ─▶ waiting (others go on)
//!    └─ restart: whatever was in flight waits again; sending twice is harmless
//! ```
//! Absent on purpose: the network (crate `link`), the disk (crate `store`) and threads (crate `desk`).

mod backoff;
mod delivery;

pub use backoff::Backoff;
pub use delivery::{Answer, Delivery, Effect, Intent, Line, PageWaiting, Rejection, Rhythm, Situation};
