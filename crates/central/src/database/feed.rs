//! What the centre has said to each counter.

use onewindow_wire::feed::FeedItem;

use super::{Change, DatabaseFault, View, fault, signed, unsigned};

impl View {
    /// Words after a position, in order; words that cannot be read are a defect of this program and are left out.
    pub(crate) async fn feed_after(&mut self, counter: &str, after: u64, most: u32) -> Result<Vec<FeedItem>, DatabaseFault> {
        let rows = sqlx::query_as::<_, (i64, String, i64, String)>(
            "SELECT position, case_id, at_ms, word FROM feed WHERE counter = ? AND position > ? ORDER BY position LIMIT ?",
        )
        .bind(counter)
        .bind(signed(after))
        .bind(most)
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading the feed"))?;
        let item = |(position, case, at_ms, word): (i64, String, i64, String)| {
            Some(FeedItem {
                cursor: unsigned(position),
                case,
                at_ms,
                word: serde_json::from_str(&word).ok()?,
            })
        };
        Ok(rows.into_iter().filter_map(item).collect())
    }

    /// The last position given to a counter, 0 before the first.
    pub(crate) async fn feed_head(&mut self, counter: &str) -> Result<u64, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT MAX(position) FROM feed WHERE counter = ?")
            .bind(counter)
            .fetch_one(self.connection())
            .await
            .map_err(fault("finding the end of the feed"))?;
        Ok(found.map_or(0, unsigned))
    }
}

impl Change {
    /// Gives a word, already written as JSON, the next position of the counter.
    pub(crate) async fn add_word(&mut self, counter: &str, case: &str, at_ms: i64, word: &str) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO feed (counter, position, case_id, at_ms, word)
             SELECT ?1, COALESCE(MAX(position), 0) + 1, ?2, ?3, ?4 FROM feed WHERE counter = ?1",
        )
        .bind(counter)
        .bind(case)
        .bind(at_ms)
        .bind(word)
        .execute(self.connection())
        .await
        .map_err(fault("adding to the feed"))?;
        Ok(())
    }
}
