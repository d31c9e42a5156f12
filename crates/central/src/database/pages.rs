//! Which pages are here, who sent them, who needs them and who may see them. The bytes are files (`page_files`).

use onewindow_case::ids::{CaseId, Digest};

use super::{Change, DatabaseFault, NewEntry, View, fault, signed};

impl View {
    /// Size of a page that a counter of the branch sent.
    pub(crate) async fn find_page_of_branch(&mut self, digest: &Digest, branch: &str) -> Result<Option<u64>, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT size FROM pages WHERE digest = ? AND branch = ?")
            .bind(digest.as_bytes().as_slice())
            .bind(branch)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding a page"))?;
        Ok(found.map(super::unsigned))
    }

    /// Size of a page of a case that is or was with the department.
    pub(crate) async fn find_page_of_department(&mut self, digest: &Digest, department: &str) -> Result<Option<u64>, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT p.size FROM page_uses u
             JOIN matters m ON m.case_id = u.case_id
             JOIN cases c ON c.case_id = u.case_id
             JOIN counters k ON k.counter = c.counter
             JOIN pages p ON p.digest = u.digest AND p.branch = k.branch
             WHERE u.digest = ? AND m.department = ? AND m.started_ms IS NOT NULL LIMIT 1",
        )
        .bind(digest.as_bytes().as_slice())
        .bind(department)
        .fetch_optional(self.connection())
        .await
        .map_err(fault("finding a page of a case"))?;
        Ok(found.map(super::unsigned))
    }

    /// The first revision of a case that still waits for a page.
    pub(crate) async fn first_waiting_revision(&mut self, case: CaseId) -> Result<Option<u32>, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT MIN(revision) FROM page_needs WHERE case_id = ?")
            .bind(case.to_string())
            .fetch_one(self.connection())
            .await
            .map_err(fault("finding revisions without their pages"))?;
        Ok(found.map(super::revision_of))
    }
}

impl Change {
    /// Notes that an entry of a case names a page, and that it waits for it unless the branch has sent it.
    pub(crate) async fn name_page(&mut self, digest: &Digest, branch: &str, case: CaseId, entry: &NewEntry<'_>) -> Result<(), DatabaseFault> {
        let bytes = digest.as_bytes().as_slice();
        let case = case.to_string();
        sqlx::query("INSERT OR IGNORE INTO page_uses (digest, case_id) VALUES (?, ?)")
            .bind(bytes)
            .bind(&case)
            .execute(self.connection())
            .await
            .map_err(fault("noting the use of a page"))?;
        sqlx::query(
            "INSERT OR IGNORE INTO page_needs (digest, counter, epoch, seq, case_id, revision)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM pages WHERE digest = ?1 AND branch = ?7)",
        )
        .bind(bytes)
        .bind(entry.counter)
        .bind(entry.epoch)
        .bind(signed(entry.seq))
        .bind(&case)
        .bind(entry.revision)
        .bind(branch)
        .execute(self.connection())
        .await
        .map_err(fault("noting the need for a page"))?;
        Ok(())
    }

    /// Notes that a page of the branch is durable; gives the cases that waited for it.
    pub(crate) async fn add_page(&mut self, digest: &Digest, branch: &str, size: u64, received_ms: i64) -> Result<Vec<CaseId>, DatabaseFault> {
        let bytes = digest.as_bytes().as_slice();
        sqlx::query("INSERT OR IGNORE INTO pages (digest, branch, size, received_ms) VALUES (?, ?, ?, ?)")
            .bind(bytes)
            .bind(branch)
            .bind(signed(size))
            .bind(received_ms)
            .execute(self.connection())
            .await
            .map_err(fault("noting a page"))?;
        let cases: Vec<String> =
            sqlx::query_scalar("DELETE FROM page_needs WHERE digest = ? AND counter IN (SELECT counter FROM counters WHERE branch = ?) RETURNING case_id")
                .bind(bytes)
                .bind(branch)
                .fetch_all(self.connection())
                .await
                .map_err(fault("settling the need for a page"))?;
        let mut cases: Vec<CaseId> = cases.iter().filter_map(|case| CaseId::parse(case)).collect();
        cases.sort_unstable();
        cases.dedup();
        Ok(cases)
    }
}
