//! What belongs to a branch: its counters and its cases.

use onewindow_wire::MAX_BRANCH_CASES;
use onewindow_wire::branch::{BranchCounter, BranchLine};

use super::{DatabaseFault, View, fault, revision_of, signed};

impl View {
    /// Counters of a branch with the time of their newest entry.
    pub(crate) async fn counters_of(&mut self, branch: &str) -> Result<Vec<BranchCounter>, DatabaseFault> {
        let rows = sqlx::query_as::<_, (String, Option<i64>)>(
            "SELECT counter, (SELECT received_ms FROM entries WHERE entries.counter = counters.counter ORDER BY epoch DESC, seq DESC LIMIT 1)
             FROM counters WHERE branch = ? ORDER BY counter",
        )
        .bind(branch)
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading the counters of a branch"))?;
        Ok(rows.into_iter().map(|(counter, heard_ms)| BranchCounter { counter, heard_ms }).collect())
    }

    /// The newest cases of a branch; identities of cases grow with time.
    pub(crate) async fn cases_of_branch(&mut self, branch: &str) -> Result<Vec<BranchLine>, DatabaseFault> {
        let rows = sqlx::query_as::<_, (String, String, i64)>(
            "SELECT case_id, cases.counter, revision FROM cases JOIN counters ON counters.counter = cases.counter
             WHERE branch = ? ORDER BY case_id DESC LIMIT ?",
        )
        .bind(branch)
        .bind(signed(MAX_BRANCH_CASES as u64))
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading the cases of a branch"))?;
        let line = |(case, counter, revision)| BranchLine {
            case,
            counter,
            revision: revision_of(revision),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
