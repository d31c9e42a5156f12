//! What waits for a department, what it decided, and the licences that came of it.

use super::{Change, DatabaseFault, View, fault};

/// A matter that waits for a department.
#[derive(Debug)]
pub(crate) struct WorkRow {
    pub(crate) case: String,
    pub(crate) case_no: String,
    pub(crate) bundle: String,
    pub(crate) matter: String,
    pub(crate) due: Option<String>,
    pub(crate) state: String,
}

/// A decision that is on record.
#[derive(Debug)]
pub(crate) struct RecordedDecision {
    /// As the department sent it, written as JSON.
    pub(crate) request: String,
    pub(crate) licence_no: Option<String>,
}

/// A licence.
#[derive(Debug)]
pub(crate) struct LicenceRow<'l> {
    pub(crate) licence_no: &'l str,
    pub(crate) case: &'l str,
    pub(crate) matter: &'l str,
    pub(crate) issued_on: String,
    pub(crate) valid_to: Option<String>,
    /// Lines written as JSON.
    pub(crate) content: String,
    pub(crate) signed_code: Option<&'l str>,
}

impl View {
    /// Open matters of a department, those that came first first.
    pub(crate) async fn work_of(&mut self, department: &str, most: u32) -> Result<Vec<WorkRow>, DatabaseFault> {
        let rows = sqlx::query_as::<_, (String, String, String, String, Option<String>, String)>(
            "SELECT c.case_id, c.case_no, c.bundle, m.matter, m.due, m.state FROM matters m JOIN cases c ON c.case_id = m.case_id
             WHERE m.department = ? AND m.state IN ('in_review', 'suspended') ORDER BY m.started_ms, c.case_no, m.position LIMIT ?",
        )
        .bind(department)
        .bind(most)
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading a work list"))?;
        let row = |(case, case_no, bundle, matter, due, state)| WorkRow {
            case,
            case_no,
            bundle,
            matter,
            due,
            state,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Every decision on a matter so far, as it was sent.
    pub(crate) async fn decisions_on(&mut self, case: &str, matter: &str) -> Result<Vec<String>, DatabaseFault> {
        sqlx::query_scalar("SELECT request FROM decisions WHERE case_id = ? AND matter = ? ORDER BY decided_ms")
            .bind(case)
            .bind(matter)
            .fetch_all(self.connection())
            .await
            .map_err(fault("reading the decisions on a matter"))
    }

    pub(crate) async fn find_decision(&mut self, id: &str) -> Result<Option<RecordedDecision>, DatabaseFault> {
        let found = sqlx::query_as::<_, (String, Option<String>)>("SELECT request, licence_no FROM decisions WHERE id = ?")
            .bind(id)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding a decision"))?;
        Ok(found.map(|(request, licence_no)| RecordedDecision { request, licence_no }))
    }
}

impl Change {
    pub(crate) async fn add_decision(
        &mut self,
        id: &str,
        department: &str,
        case: &str,
        matter: &str,
        decision: &RecordedDecision,
        decided_ms: i64,
    ) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT INTO decisions (id, department, case_id, matter, request, licence_no, decided_ms) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(id)
            .bind(department)
            .bind(case)
            .bind(matter)
            .bind(&decision.request)
            .bind(&decision.licence_no)
            .bind(decided_ms)
            .execute(self.connection())
            .await
            .map_err(fault("recording a decision"))?;
        Ok(())
    }
}
