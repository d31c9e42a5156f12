//! Who is asking: a counter or a department, known by its bearer token. Tokens are random and kept only as SHA-256.
//! Absent on purpose: people; they sign in at the counter or in the department's own system.

use aws_lc_rs::digest::{SHA256, digest};
use onewindow_case::ids::DepartmentId;

use crate::centre::Centre;
use crate::fault::CentreFault;

/// A counter that showed its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CounterCaller {
    pub(crate) counter: String,
    pub(crate) branch: String,
}

/// A department that showed its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DepartmentCaller {
    pub(crate) department: DepartmentId,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    Counter(CounterCaller),
    Department(DepartmentCaller),
}

impl Centre {
    /// The counter that owns the token and calls itself `named`.
    pub(crate) async fn counter_caller(&self, token: &str, named: &str) -> Result<CounterCaller, CentreFault> {
        let row = self
            .database
            .view()
            .await?
            .find_counter_by_token(&secret_digest(token))
            .await?
            .ok_or(CentreFault::Unauthorised)?;
        if row.counter != named {
            return Err(CentreFault::Unauthorised);
        }
        if !row.token_used {
            // From now on the one-time code is spent.
            let mut change = self.database.change().await?;
            change.use_token(&row.counter).await?;
            change.commit().await?;
        }
        Ok(CounterCaller {
            counter: row.counter,
            branch: row.branch,
        })
    }

    /// The department that owns the token.
    pub(crate) async fn department_caller(&self, token: &str) -> Result<DepartmentCaller, CentreFault> {
        let found = self.database.view().await?.find_department_by_token(&secret_digest(token)).await?;
        Ok(DepartmentCaller {
            department: DepartmentId::new(found.ok_or(CentreFault::Unauthorised)?),
        })
    }
}

/// What is kept of a code or token.
pub(crate) fn secret_digest(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// A new token: 32 random bytes in hex.
pub(crate) fn new_token() -> Result<String, CentreFault> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| CentreFault::Defect("the machine gives no random numbers"))?;
    Ok(hex::encode(bytes))
}
