//! What the centre says to a counter, asked for with patience.

use std::time::Duration;

use onewindow_wire::feed::Feed;
use tokio::time::Instant;

use crate::centre::Centre;
use crate::fault::CentreFault;

/// Longest wait that is granted.
pub(crate) const WAIT_MAX_S: u32 = 25;
/// Most words in one answer.
const WORDS_MAX: u32 = 200;
/// Even when nobody rings, the books are looked at this often.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

impl Centre {
    /// Words after a position; waits up to `wait_s` seconds for the first.
    ///
    /// # Errors
    /// [`CentreFault::Conflict`] for a position that was never given: the counter knows more than the centre.
    pub(crate) async fn feed(&self, counter: &str, after: u64, wait_s: u32) -> Result<Feed, CentreFault> {
        let end = Instant::now() + Duration::from_secs(u64::from(wait_s.min(WAIT_MAX_S)));
        let mut closing = self.closing.subscribe();
        loop {
            // Listen before looking, so that nothing rings in between unheard.
            let bell = self.bell.notified();
            tokio::pin!(bell);
            bell.as_mut().enable();
            let (items, head) = {
                let mut view = self.database.view().await?;
                (view.feed_after(counter, after, WORDS_MAX).await?, view.feed_head(counter).await?)
            };
            if after > head {
                return Err(CentreFault::Conflict("the position was never given to this counter"));
            }
            let now = Instant::now();
            if !items.is_empty() || now >= end || *closing.borrow_and_update() {
                let cursor = items.last().map_or(after, |item| item.cursor);
                return Ok(Feed {
                    items,
                    cursor,
                    time_ms: self.clock.now_ms(),
                });
            }
            tokio::select! {
                () = bell => {}
                _changed = closing.changed() => {}
                () = tokio::time::sleep_until(end.min(now + LOOK_AGAIN)) => {}
            }
        }
    }
}
