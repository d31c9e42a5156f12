//! How a counter becomes known: an installer types a one-time code, the counter gets its token.
//!
//! A code is spent with the first request that carries the token it gave, so an answer that was lost on the way can be asked
//! for again. Each enrolment gives an epoch above every epoch that the centre holds entries of.

use onewindow_wire::enrolment::{EnrolReply, EnrolRequest, Roster};
use time::Duration;

use crate::access::{CounterCaller, new_token, secret_digest};
use crate::centre::{Centre, DEMO_SETTING};
use crate::database::View;
use crate::fault::CentreFault;

/// Days for which staff may sign in without hearing from the centre.
const ROSTER_DAYS: i64 = 14;

impl Centre {
    /// Makes a counter known.
    ///
    /// # Errors
    /// [`CentreFault::Unauthorised`] for an unknown counter, a wrong or a spent code (not told apart);
    /// [`CentreFault::Busy`] after too many of those.
    pub(crate) async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, CentreFault> {
        let now_ms = self.clock.now_ms();
        if let Some(retry_after_s) = self.enrolment_tries.wait_s(now_ms) {
            return Err(CentreFault::Busy { retry_after_s });
        }
        let mut change = self.database.change().await?;
        let again = change.find_setting(DEMO_SETTING).await?.is_some();
        let row = change.find_counter(&request.counter).await?;
        let row = row.filter(|row| row.code_digest == Some(secret_digest(&request.code)) && (again || !row.token_used));
        let Some(row) = row else {
            self.enrolment_tries.count(now_ms);
            return Err(CentreFault::Unauthorised);
        };
        let token = new_token()?;
        change.set_token(&row.counter, &secret_digest(&token)).await?;
        let epoch = change.highest_epoch(&row.counter).await?.saturating_add(1);
        let roster = self.roster_of(&mut change, &row.branch).await?;
        let keys = self.key_list(&mut change).await?;
        change.commit().await?;
        tracing::info!(counter = row.counter, epoch, "a counter was enrolled");
        Ok(EnrolReply {
            token,
            epoch,
            roster,
            keys,
            root_key: Some(self.office.root_key()),
        })
    }

    /// The staff of the caller's branch, valid for some days from now.
    pub(crate) async fn roster(&self, caller: &CounterCaller) -> Result<Roster, CentreFault> {
        let mut view = self.database.view().await?;
        self.roster_of(&mut view, &caller.branch).await
    }

    async fn roster_of(&self, view: &mut View, branch: &str) -> Result<Roster, CentreFault> {
        Ok(Roster {
            valid_until: self.clock.today().saturating_add(Duration::days(ROSTER_DAYS)).to_string(),
            staff: view.staff_of(branch).await?,
        })
    }
}
