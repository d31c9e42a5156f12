//! Decisions at the window: what counters may decide by mandate without a line, with which numbers and key, and what of it holds.
//!
//! A counter signs with a key of its own that stands in the list of keys for a few weeks and for its kinds of results only.
//! What it decided is checked when it arrives: a number of its own block, not revoked, not used, a signature that holds.
//! Absent on purpose: deciding anything instead of the counter.

use onewindow_case::ids::MatterId;
use onewindow_catalogue::{Bundle, Catalogue, MatterDef, ResultDelivery};
use onewindow_print::licence_code;
use onewindow_wire::allotment::{Allotment, NumberBlock};
use time::Duration;

use crate::access::CounterCaller;
use crate::centre::{Centre, OFFICE_SETTING};
use crate::database::{BlockRow, CaseRow, Change, LicenceRow, OfficeKeyRow};
use crate::demo::region_of;
use crate::fault::CentreFault;
use crate::licence::told;
use crate::number::Series;
use crate::registry::get_matter;

/// Numbers in a block.
const BLOCK_NUMBERS: usize = 20;
/// A further block is given when so few are left.
const TOP_UP_BELOW: usize = 8;
/// Days for which a counter's key signs and a block may be used.
const VALID_DAYS: i64 = 30;
/// Most blocks of one matter that a counter holds unused.
const OPEN_BLOCKS_MAX: usize = 2;

impl Centre {
    /// What a counter may use; tops up blocks that run out.
    pub(crate) async fn allot(&self, caller: &CounterCaller, public_key: &str) -> Result<Allotment, CentreFault> {
        let bytes = hex::decode(public_key).map_err(|_| CentreFault::Malformed("public key"))?;
        if bytes.len() != 32 {
            return Err(CentreFault::Malformed("public key"));
        }
        let today = self.clock.today();
        let valid_to = today.saturating_add(Duration::days(VALID_DAYS)).to_string();
        let mut change = self.database.change().await?;
        let office = change.find_setting(OFFICE_SETTING).await?.unwrap_or_default();
        let key_id = format!("{}-{}", caller.counter, &public_key[..8]);
        let catalogue = self.catalogue_of(today);
        // What it decides by mandate, and copies of licences that are out, which say that they are copies.
        let own = window_matters(&catalogue).map(|(_, matter)| matter.result.id.replace('_', "-"));
        let kinds = own.chain([licence_code::COPIES.to_owned()]).collect();
        let key = OfficeKeyRow {
            key_id: key_id.clone(),
            public_key: public_key.to_owned(),
            office: office.clone(),
            valid_from: today.saturating_sub(Duration::days(1)).to_string(),
            valid_to: valid_to.clone(),
            kinds,
        };
        change.keep_counter_key(&key).await?;
        for (bundle, matter) in window_matters(&catalogue) {
            self.top_up(&mut change, caller, &office, bundle, matter, &valid_to).await?;
        }
        let blocks = change.blocks_of(&caller.counter).await?.into_iter().map(block_of).collect();
        let keys = self.key_list(&mut change).await?;
        change.commit().await?;
        Ok(Allotment {
            key_id,
            key_valid_to: valid_to,
            blocks,
            keys,
        })
    }

    /// Takes a block back: what is decided with its numbers from now on does not hold.
    ///
    /// # Errors
    /// When the books cannot be written.
    pub async fn revoke_block(&self, block: &str) -> Result<(), CentreFault> {
        let mut change = self.database.change().await?;
        change.revoke_block(block).await?;
        Ok(change.commit().await?)
    }

    /// Files a decision that a counter made at the window; a closed word when it does not hold.
    pub(crate) async fn file_window_decision(
        &self,
        change: &mut Change,
        row: &CaseRow,
        matter: &MatterId,
        licence_no: &str,
        content: &[(String, String)],
        code: &str,
    ) -> Result<Option<&'static str>, CentreFault> {
        let bundle = &*self.get_bundle(row)?;
        let definition = get_matter(bundle, matter)?;
        if !is_decided_at_window(definition) {
            return Ok(Some("no_mandate"));
        }
        let blocks = change.blocks_of(&row.counter).await?;
        let Some(block) = blocks
            .iter()
            .find(|block| block.matter == matter.as_str() && block.numbers.iter().any(|number| number == licence_no))
        else {
            return Ok(Some("number_not_allotted"));
        };
        if block.revoked {
            return Ok(Some("block_revoked"));
        }
        let (keys, revoked) = self.code_lists(change).await?;
        let holds = licence_code::verify(code, &keys, &revoked).is_ok_and(|verified| {
            verified.claims.licence_number == licence_no
                && verified.claims.kind == definition.result.id.replace('_', "-")
                && verified.key_id.starts_with(&row.counter)
        });
        if !holds {
            return Ok(Some("signature_wrong"));
        }
        let day = |key: &str| content.iter().find(|line| line.0 == key).map(|line| line.1.clone());
        let licence = LicenceRow {
            licence_no,
            case: &row.case.to_string(),
            matter: matter.as_str(),
            issued_on: day("issued").unwrap_or_default(),
            valid_to: day("valid_to"),
            content: serde_json::to_string(&told(content)).map_err(|_| CentreFault::Defect("a licence cannot be written"))?,
            signed_code: Some(code),
        };
        if change.add_new_licence(&licence).await? {
            Ok(None)
        } else {
            Ok(Some("number_used_twice"))
        }
    }

    async fn top_up(
        &self,
        change: &mut Change,
        caller: &CounterCaller,
        office: &str,
        bundle: &Bundle,
        matter: &MatterDef,
        valid_to: &str,
    ) -> Result<(), CentreFault> {
        let blocks = change.blocks_of(&caller.counter).await?;
        let own: Vec<&BlockRow> = blocks
            .iter()
            .filter(|block| block.bundle == bundle.id.as_str() && block.matter == matter.id.as_str() && !block.revoked)
            .collect();
        let numbers: Vec<&String> = own.iter().flat_map(|block| &block.numbers).collect();
        let mut left = 0;
        for number in numbers {
            left += usize::from(!change.is_licence_no_used(number).await?);
        }
        if left >= TOP_UP_BELOW || own.len() >= OPEN_BLOCKS_MAX && left > 0 {
            return Ok(());
        }
        let region = region_of(&caller.counter).ok_or(CentreFault::Defect("a counter has no region"))?;
        let year = self.clock.today().year();
        let series = Series::of(&matter.result.id, matter.department.as_str(), region, year, false);
        let mut numbers = Vec::with_capacity(BLOCK_NUMBERS);
        for _ in 0..BLOCK_NUMBERS {
            numbers.push(series.number(change.take_number(&series.name()).await?)?);
        }
        let department = bundle
            .find_department(&matter.department)
            .map(|department| department.name.zh.clone())
            .unwrap_or_default();
        let block = BlockRow {
            block: format!("{}-{}", caller.counter, numbers.first().cloned().unwrap_or_default()),
            counter: caller.counter.clone(),
            bundle: bundle.id.to_string(),
            matter: matter.id.to_string(),
            authority: format!("{office}{department}"),
            numbers,
            valid_to: valid_to.to_owned(),
            revoked: false,
        };
        Ok(change.add_block(&block).await?)
    }
}

/// Decided at once by mandate, and printed at the counter.
fn is_decided_at_window(matter: &MatterDef) -> bool {
    matter.mandate && matter.result.delivery == ResultDelivery::CounterPrint
}

fn block_of(row: BlockRow) -> NumberBlock {
    NumberBlock {
        block: row.block,
        bundle: row.bundle,
        matter: row.matter,
        authority: row.authority,
        numbers: row.numbers,
        valid_to: row.valid_to,
        revoked: row.revoked,
    }
}

/// Matters that a counter decides by mandate and prints itself.
fn window_matters(catalogue: &Catalogue) -> impl Iterator<Item = (&Bundle, &MatterDef)> {
    catalogue
        .bundles()
        .iter()
        .flat_map(|bundle| bundle.matters.iter().map(move |matter| (bundle, matter)))
        .filter(|(_, matter)| is_decided_at_window(matter))
}
