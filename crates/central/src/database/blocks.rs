//! Blocks of numbers that counters use by themselves, and the licences that numbers are for.

use super::{Change, DatabaseFault, LicenceRow, View, fault};

const LICENCE: &str = "INSERT INTO licences (licence_no, case_id, matter, issued_on, valid_to, content, signed_code) VALUES (?, ?, ?, ?, ?, ?, ?)";
const NEW_LICENCE: &str =
    "INSERT OR IGNORE INTO licences (licence_no, case_id, matter, issued_on, valid_to, content, signed_code) VALUES (?, ?, ?, ?, ?, ?, ?)";

/// A block.
#[derive(Debug, Clone)]
pub(crate) struct BlockRow {
    pub(crate) block: String,
    pub(crate) counter: String,
    pub(crate) bundle: String,
    pub(crate) matter: String,
    pub(crate) authority: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) valid_to: String,
    pub(crate) revoked: bool,
}

impl View {
    /// All blocks of a counter, oldest first.
    pub(crate) async fn blocks_of(&mut self, counter: &str) -> Result<Vec<BlockRow>, DatabaseFault> {
        let rows = sqlx::query_as::<_, (String, String, String, String, String, String, String, bool)>(
            "SELECT block, counter, bundle, matter, authority, numbers, valid_to, revoked FROM number_blocks WHERE counter = ? ORDER BY rowid",
        )
        .bind(counter)
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading blocks of numbers"))?;
        let row = |(block, counter, bundle, matter, authority, numbers, valid_to, revoked): (String, String, String, String, String, String, String, bool)| {
            BlockRow {
                block,
                counter,
                bundle,
                matter,
                authority,
                numbers: numbers.split(' ').map(str::to_owned).collect(),
                valid_to,
                revoked,
            }
        };
        Ok(rows.into_iter().map(row).collect())
    }

    pub(crate) async fn is_licence_no_used(&mut self, licence_no: &str) -> Result<bool, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM licences WHERE licence_no = ?")
            .bind(licence_no)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("looking for a licence"))?;
        Ok(found.is_some())
    }
}

impl Change {
    pub(crate) async fn add_block(&mut self, block: &BlockRow) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT INTO number_blocks (block, counter, bundle, matter, authority, numbers, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(&block.block)
            .bind(&block.counter)
            .bind(&block.bundle)
            .bind(&block.matter)
            .bind(&block.authority)
            .bind(block.numbers.join(" "))
            .bind(&block.valid_to)
            .execute(self.connection())
            .await
            .map_err(fault("writing a block of numbers"))?;
        Ok(())
    }

    pub(crate) async fn revoke_block(&mut self, block: &str) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE number_blocks SET revoked = 1 WHERE block = ?")
            .bind(block)
            .execute(self.connection())
            .await
            .map_err(fault("revoking a block of numbers"))?;
        Ok(())
    }

    /// Writes a licence whose number nobody else can have.
    pub(crate) async fn add_licence(&mut self, licence: &LicenceRow<'_>) -> Result<(), DatabaseFault> {
        self.write_licence(LICENCE, licence).await.map(|_one| ())
    }

    /// Writes a licence with a number and a matter of its own; false when either is taken.
    pub(crate) async fn add_new_licence(&mut self, licence: &LicenceRow<'_>) -> Result<bool, DatabaseFault> {
        Ok(self.write_licence(NEW_LICENCE, licence).await? == 1)
    }

    async fn write_licence(&mut self, statement: &'static str, licence: &LicenceRow<'_>) -> Result<u64, DatabaseFault> {
        let done = sqlx::query(statement)
            .bind(licence.licence_no)
            .bind(licence.case)
            .bind(licence.matter)
            .bind(&licence.issued_on)
            .bind(&licence.valid_to)
            .bind(&licence.content)
            .bind(licence.signed_code)
            .execute(self.connection())
            .await
            .map_err(fault("writing a licence"))?;
        Ok(done.rows_affected())
    }
}
