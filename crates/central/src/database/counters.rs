//! Branches, counters, staff, departments and the digests of their secrets.

use onewindow_wire::enrolment::StaffRecord;

use super::{Change, DatabaseFault, View, fault};

/// A counter as the centre knows it.
#[derive(Debug, Clone)]
pub(crate) struct CounterRow {
    pub(crate) counter: String,
    pub(crate) branch: String,
    pub(crate) code_digest: Option<Vec<u8>>,
    pub(crate) token_used: bool,
}

type CounterColumns = (String, String, Option<Vec<u8>>, bool);

fn row((counter, branch, code_digest, token_used): CounterColumns) -> CounterRow {
    CounterRow {
        counter,
        branch,
        code_digest,
        token_used,
    }
}

impl View {
    pub(crate) async fn find_counter(&mut self, counter: &str) -> Result<Option<CounterRow>, DatabaseFault> {
        let found = sqlx::query_as::<_, CounterColumns>("SELECT counter, branch, code_digest, token_used FROM counters WHERE counter = ?")
            .bind(counter)
            .fetch_optional(self.connection())
            .await;
        Ok(found.map_err(fault("finding a counter"))?.map(row))
    }

    pub(crate) async fn find_counter_by_token(&mut self, token_digest: &[u8]) -> Result<Option<CounterRow>, DatabaseFault> {
        let found = sqlx::query_as::<_, CounterColumns>("SELECT counter, branch, code_digest, token_used FROM counters WHERE token_digest = ?")
            .bind(token_digest)
            .fetch_optional(self.connection())
            .await;
        Ok(found.map_err(fault("finding a counter by its token"))?.map(row))
    }

    pub(crate) async fn find_department_by_token(&mut self, token_digest: &[u8]) -> Result<Option<String>, DatabaseFault> {
        sqlx::query_scalar("SELECT department FROM departments WHERE token_digest = ?")
            .bind(token_digest)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding a department by its token"))
    }

    pub(crate) async fn staff_of(&mut self, branch: &str) -> Result<Vec<StaffRecord>, DatabaseFault> {
        let rows =
            sqlx::query_as::<_, (String, String, String, String)>("SELECT staff_no, name, role, pin_verifier FROM staff WHERE branch = ? ORDER BY staff_no")
                .bind(branch)
                .fetch_all(self.connection())
                .await
                .map_err(fault("reading the staff"))?;
        Ok(rows
            .into_iter()
            .map(|(staff_no, name, role, pin_verifier)| StaffRecord {
                staff_no,
                name,
                role,
                pin_verifier,
            })
            .collect())
    }

    pub(crate) async fn find_setting(&mut self, key: &str) -> Result<Option<String>, DatabaseFault> {
        sqlx::query_scalar("SELECT value FROM settings WHERE key = ?")
            .bind(key)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("reading a setting"))
    }
}

impl Change {
    pub(crate) async fn set_setting(&mut self, key: &str, value: &str) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key)
            .bind(value)
            .execute(self.connection())
            .await
            .map_err(fault("writing a setting"))?;
        Ok(())
    }

    pub(crate) async fn set_token(&mut self, counter: &str, token_digest: &[u8]) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE counters SET token_digest = ?, token_used = 0 WHERE counter = ?")
            .bind(token_digest)
            .bind(counter)
            .execute(self.connection())
            .await
            .map_err(fault("writing a token"))?;
        Ok(())
    }

    pub(crate) async fn use_token(&mut self, counter: &str) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE counters SET token_used = 1 WHERE counter = ?")
            .bind(counter)
            .execute(self.connection())
            .await
            .map_err(fault("marking a token as used"))?;
        Ok(())
    }

    pub(crate) async fn keep_branch(&mut self, branch: &str, name_zh: &str, name_en: &str) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO branches (branch, name_zh, name_en) VALUES (?, ?, ?)
             ON CONFLICT (branch) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en",
        )
        .bind(branch)
        .bind(name_zh)
        .bind(name_en)
        .execute(self.connection())
        .await
        .map_err(fault("writing a branch"))?;
        Ok(())
    }

    /// A known counter keeps its token.
    pub(crate) async fn keep_counter(&mut self, counter: &str, branch: &str, code_digest: &[u8]) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO counters (counter, branch, code_digest) VALUES (?, ?, ?)
             ON CONFLICT (counter) DO UPDATE SET branch = excluded.branch, code_digest = excluded.code_digest",
        )
        .bind(counter)
        .bind(branch)
        .bind(code_digest)
        .execute(self.connection())
        .await
        .map_err(fault("writing a counter"))?;
        Ok(())
    }

    pub(crate) async fn keep_staff(&mut self, branch: &str, staff: &StaffRecord) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO staff (staff_no, branch, name, role, pin_verifier) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (staff_no) DO UPDATE
             SET branch = excluded.branch, name = excluded.name, role = excluded.role, pin_verifier = excluded.pin_verifier",
        )
        .bind(&staff.staff_no)
        .bind(branch)
        .bind(&staff.name)
        .bind(&staff.role)
        .bind(&staff.pin_verifier)
        .execute(self.connection())
        .await
        .map_err(fault("writing staff"))?;
        Ok(())
    }

    pub(crate) async fn keep_department(&mut self, department: &str, token_digest: &[u8]) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO departments (department, token_digest) VALUES (?, ?)
             ON CONFLICT (department) DO UPDATE SET token_digest = excluded.token_digest",
        )
        .bind(department)
        .bind(token_digest)
        .execute(self.connection())
        .await
        .map_err(fault("writing a department"))?;
        Ok(())
    }
}
