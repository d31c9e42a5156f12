//! Where each case and each of its matters stands.

use onewindow_case::ids::CaseId;
use onewindow_case::state::MatterState;

use super::{Change, DatabaseFault, View, fault, revision_of};

/// A case as the registry keeps it.
#[derive(Debug, Clone)]
pub(crate) struct CaseRow {
    pub(crate) case: CaseId,
    pub(crate) counter: String,
    pub(crate) case_no: String,
    pub(crate) bundle: String,
    pub(crate) catalogue_version: String,
    pub(crate) revision: u32,
    /// Highest revision that the counter was told of.
    pub(crate) announced: u32,
    /// Day of acceptance and the revision that accepted.
    pub(crate) accepted: Option<(String, u32)>,
    /// Why the departments do not see it.
    pub(crate) held: Option<String>,
}

/// A matter of an accepted case.
#[derive(Debug, Clone)]
pub(crate) struct MatterRow {
    pub(crate) matter: String,
    pub(crate) department: String,
    pub(crate) state: MatterState,
    /// Promised on paper at acceptance.
    pub(crate) printed_due: Option<String>,
    pub(crate) due: Option<String>,
    /// Since when the clock stands still.
    pub(crate) suspended_on: Option<String>,
}

/// A matter at acceptance.
#[derive(Debug)]
pub(crate) struct NewMatter<'m> {
    pub(crate) matter: &'m str,
    /// Place in the bundle.
    pub(crate) position: u32,
    pub(crate) department: &'m str,
    pub(crate) state: MatterState,
    pub(crate) printed_due: Option<String>,
}

type CaseColumns = (String, String, String, String, i64, i64, Option<String>, Option<i64>, Option<String>);
type MatterColumns = (String, String, String, Option<String>, Option<String>, Option<String>);

impl View {
    pub(crate) async fn find_case(&mut self, case: CaseId) -> Result<Option<CaseRow>, DatabaseFault> {
        let found = sqlx::query_as::<_, CaseColumns>(
            "SELECT counter, case_no, bundle, catalogue_version, revision, announced, accepted_on, accepted_revision, held
             FROM cases WHERE case_id = ?",
        )
        .bind(case.to_string())
        .fetch_optional(self.connection())
        .await
        .map_err(fault("finding a case"))?;
        Ok(found.map(
            |(counter, case_no, bundle, catalogue_version, revision, announced, accepted_on, accepted_revision, held)| CaseRow {
                case,
                counter,
                case_no,
                bundle,
                catalogue_version,
                revision: revision_of(revision),
                announced: revision_of(announced),
                accepted: accepted_on.zip(accepted_revision.map(revision_of)),
                held,
            },
        ))
    }

    pub(crate) async fn is_case_no_taken(&mut self, case_no: &str) -> Result<bool, DatabaseFault> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM cases WHERE case_no = ?)")
            .bind(case_no)
            .fetch_one(self.connection())
            .await
            .map_err(fault("looking for a case number"))
    }

    /// Matters in the order of the bundle.
    pub(crate) async fn matters_of(&mut self, case: CaseId) -> Result<Vec<MatterRow>, DatabaseFault> {
        let rows = sqlx::query_as::<_, MatterColumns>(
            "SELECT matter, department, state, printed_due, due, suspended_on FROM matters WHERE case_id = ? ORDER BY position, matter",
        )
        .bind(case.to_string())
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading the matters of a case"))?;
        let state_of = |word: &str| MatterState::ALL.into_iter().find(|state| state.code() == word);
        let matter = |(matter, department, state, printed_due, due, suspended_on): MatterColumns| {
            Some(MatterRow {
                state: state_of(&state)?,
                matter,
                department,
                printed_due,
                due,
                suspended_on,
            })
        };
        Ok(rows.into_iter().filter_map(matter).collect())
    }
}

impl Change {
    pub(crate) async fn open_case(&mut self, row: &CaseRow, intake: &str) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT INTO cases (case_id, counter, case_no, bundle, catalogue_version, revision, intake, held) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(row.case.to_string())
            .bind(&row.counter)
            .bind(&row.case_no)
            .bind(&row.bundle)
            .bind(&row.catalogue_version)
            .bind(row.revision)
            .bind(intake)
            .bind(&row.held)
            .execute(self.connection())
            .await
            .map_err(fault("registering a case"))?;
        Ok(())
    }

    pub(crate) async fn set_revision(&mut self, case: CaseId, revision: u32) -> Result<(), DatabaseFault> {
        self.update_case("UPDATE cases SET revision = ?2 WHERE case_id = ?1", case, revision).await
    }

    pub(crate) async fn set_announced(&mut self, case: CaseId, revision: u32) -> Result<(), DatabaseFault> {
        self.update_case("UPDATE cases SET announced = ?2 WHERE case_id = ?1", case, revision).await
    }

    pub(crate) async fn set_held(&mut self, case: CaseId, code: &str) -> Result<(), DatabaseFault> {
        self.update_case("UPDATE cases SET held = ?2 WHERE case_id = ?1", case, code).await
    }

    pub(crate) async fn set_intake(&mut self, case: CaseId, intake: &str) -> Result<(), DatabaseFault> {
        self.update_case("UPDATE cases SET intake = ?2 WHERE case_id = ?1", case, intake).await
    }

    pub(crate) async fn set_accepted(&mut self, case: CaseId, on: &str, revision: u32) -> Result<(), DatabaseFault> {
        self.update_case("UPDATE cases SET accepted_on = ?2 WHERE case_id = ?1", case, on).await?;
        self.update_case("UPDATE cases SET accepted_revision = ?2 WHERE case_id = ?1", case, revision)
            .await
    }

    async fn update_case<'v, V>(&mut self, statement: &'static str, case: CaseId, value: V) -> Result<(), DatabaseFault>
    where
        V: sqlx::Encode<'v, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + Send + 'v,
    {
        sqlx::query(statement)
            .bind(case.to_string())
            .bind(value)
            .execute(self.connection())
            .await
            .map_err(fault("updating a case"))?;
        Ok(())
    }

    /// A matter that is known already stays where it is: acceptance may be said again when outstanding papers came.
    pub(crate) async fn add_matter(&mut self, case: CaseId, matter: &NewMatter<'_>) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT OR IGNORE INTO matters (case_id, matter, position, department, state, printed_due) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(case.to_string())
            .bind(matter.matter)
            .bind(matter.position)
            .bind(matter.department)
            .bind(matter.state.code())
            .bind(&matter.printed_due)
            .execute(self.connection())
            .await
            .map_err(fault("registering a matter"))?;
        Ok(())
    }

    /// The matter goes to its department.
    pub(crate) async fn start_matter(&mut self, case: CaseId, matter: &str, due: Option<&str>, started_ms: i64) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE matters SET state = ?, due = ?, started_ms = ? WHERE case_id = ? AND matter = ?")
            .bind(MatterState::InReview.code())
            .bind(due)
            .bind(started_ms)
            .bind(case.to_string())
            .bind(matter)
            .execute(self.connection())
            .await
            .map_err(fault("starting a matter"))?;
        Ok(())
    }

    pub(crate) async fn set_matter_state(&mut self, case: CaseId, matter: &str, state: MatterState, reason: Option<&str>) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE matters SET state = ?, reason = ? WHERE case_id = ? AND matter = ?")
            .bind(state.code())
            .bind(reason)
            .bind(case.to_string())
            .bind(matter)
            .execute(self.connection())
            .await
            .map_err(fault("moving a matter"))?;
        Ok(())
    }

    /// Stops the clock of a matter (`Some`, the day) or sets its new due day.
    pub(crate) async fn set_clock(&mut self, case: CaseId, matter: &str, suspended_on: Option<&str>, due: Option<&str>) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE matters SET suspended_on = ?, due = ? WHERE case_id = ? AND matter = ?")
            .bind(suspended_on)
            .bind(due)
            .bind(case.to_string())
            .bind(matter)
            .execute(self.connection())
            .await
            .map_err(fault("setting the clock of a matter"))?;
        Ok(())
    }
}
