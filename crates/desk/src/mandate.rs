//! Decisions at the window: where the catalogue gives the mandate, a result is decided on the spot, without a line, with a number of
//! the counter's own block and a code signed by the counter's own key. The centre checks and keeps it when it arrives.
//!
//! A number is taken in the same append as the decision, so it is never given twice. Running short is said in time.

use std::io::Write;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use onewindow_case::ids::{CaseId, MatterId};
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{Bundle, MatterDef, ResultDelivery};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{CaseView, WindowView};
use onewindow_ipc::session::Role;
use onewindow_journal::CounterEvent;
use onewindow_link::Link;
use onewindow_print::licence_code::{self, Day, Ed25519Signer, LicenceClaims};
use onewindow_rules::result::{Grant, value_of};
use onewindow_wire::allotment::{Allotment, AllotmentRequest, NumberBlock};
use uuid::Uuid;

use crate::clock::parse_day;
use crate::desk::Desk;
use crate::fault::DeskFault;

/// Setting under which the centre's last word about blocks and key is kept.
const ALLOTMENT_SETTING: &str = "allotment";
/// Setting with the numbers that were used and are still in a block.
const USED_SETTING: &str = "numbers_used";
/// File with the seed of the counter's own key, readable by its owner only.
const SEED_FILE: &str = "window.ed25519";
/// With so few numbers left the clerk is told.
const FEW: usize = 5;

impl Desk {
    /// Decides a matter at the window and signs it. Needs no line to the centre.
    ///
    /// # Errors
    /// No mandate, not accepted, matters before it are open, no numbers or no key left.
    pub fn decide_at_window(&self, id: CaseId, matter: &MatterId) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let allotment = self.allotment()?.ok_or(DeskFault::NumbersUsedUp)?;
        let signer = self.window_signer(&allotment.key_id)?;
        let case = self.act_with(id, |case| {
            let bundle = &*self.get_bundle(case)?;
            let definition = self.window_matter(bundle, case, matter)?;
            let mut used = self.numbers_used()?;
            let (block, number) = self.next_number(&allotment, case, matter, &used).ok_or(DeskFault::NumbersUsedUp)?;
            let grant = Grant {
                licence_no: &number,
                authority: block.authority.clone(),
                issued: self.shared.clock.today(),
            };
            let content = grant.lines(case, bundle, definition, &[]);
            let claims = LicenceClaims {
                issuer: block.authority.clone(),
                licence_number: number.clone(),
                holder: value_of(&content, "name").to_owned(),
                kind: definition.result.id.replace('_', "-"),
                issued: Day(grant.issued),
                valid_to: grant.valid_to(definition).map(Day),
                copy: 0,
                print_id: Uuid::now_v7().to_string(),
            };
            let signed_code = licence_code::sign(&claims, &signer).map_err(|fault| DeskFault::Defect(fault.to_string()))?;
            used.push(number.clone());
            let kept = serde_json::to_string(&used).map_err(|error| DeskFault::Defect(error.to_string()))?;
            let decided = CaseEvent::DecidedAtWindow {
                matter: matter.clone(),
                licence_no: number.clone(),
                content,
                signed_code,
            };
            let taken = CounterEvent::SettingChanged {
                key: USED_SETTING.to_owned(),
                value: kept,
            };
            Ok((vec![decided], vec![taken]))
        })?;
        self.case_view(&case)
    }

    /// What the window says about deciding a matter here; nothing where there is no mandate.
    pub(crate) fn window_view(&self, case: &Case, matter: &MatterId) -> Option<WindowView> {
        self.window_matter(&*self.get_bundle(case).ok()?, case, matter).ok()?;
        let allotment = self.allotment().ok().flatten();
        let used = self.numbers_used().ok()?;
        let left = allotment.as_ref().map_or(0, |allotment| {
            let own = self.usable(allotment, case, matter).flat_map(|block| &block.numbers);
            own.filter(|number| !used.contains(number)).count()
        });
        let words = match left {
            0 => Words::new("号段用完或失效，请联系中心。", "No number is left; ask the centre."),
            few if few <= FEW => Words::new(format!("号段只剩 {few} 个。"), format!("Only {few} numbers are left.")),
            _ => Words::new("可当场办结。", "It can be decided here."),
        };
        Some(WindowView {
            possible: left > 0,
            numbers_left: u32::try_from(left).unwrap_or(u32::MAX),
            words,
        })
    }

    /// Asks the centre what this counter may use, and keeps it when it changed.
    pub(crate) async fn refresh_allotment(&self, link: &Link) -> Result<(), DeskFault> {
        let seed = self.window_seed()?;
        let signer = Ed25519Signer::from_seed("", &seed).map_err(|fault| DeskFault::Defect(fault.to_string()))?;
        let allotment = link
            .allotment(&AllotmentRequest {
                public_key: signer.public_key(),
            })
            .await?;
        self.keep_keys(&allotment.keys)?;
        // The time of the list changes with every answer; it is no reason to write.
        let known = self.allotment()?;
        if known.as_ref().map(|known| (&known.key_id, &known.key_valid_to, &known.blocks))
            == Some((&allotment.key_id, &allotment.key_valid_to, &allotment.blocks))
        {
            return Ok(());
        }
        let value = serde_json::to_string(&allotment).map_err(|error| DeskFault::Defect(error.to_string()))?;
        self.note(
            None,
            CounterEvent::SettingChanged {
                key: ALLOTMENT_SETTING.to_owned(),
                value,
            },
        )
    }

    /// The signer for a reprint's code and for decisions here.
    pub(crate) fn counter_signer(&self) -> Result<Ed25519Signer, DeskFault> {
        let allotment = self.allotment()?.ok_or(DeskFault::NumbersUsedUp)?;
        self.window_signer(&allotment.key_id)
    }

    /// The definition of a matter that may be decided here now and whose result is printed here. Whether it may be decided is one
    /// question for both kinds of decision; only the number comes from somewhere else.
    fn window_matter<'b>(&self, bundle: &'b Bundle, case: &Case, matter: &MatterId) -> Result<&'b MatterDef, DeskFault> {
        let printed_here = |definition: &&MatterDef| definition.result.delivery == ResultDelivery::CounterPrint;
        let definition = bundle.find_matter(matter).filter(printed_here).ok_or(DeskFault::NoMandate)?;
        self.grant_here(case, bundle, matter)?;
        Ok(definition)
    }

    fn usable<'a>(&'a self, allotment: &'a Allotment, case: &'a Case, matter: &'a MatterId) -> impl Iterator<Item = &'a NumberBlock> {
        let today = self.shared.clock.today();
        let key_holds = parse_day(&allotment.key_valid_to).is_some_and(|last| today <= last);
        allotment.blocks.iter().filter(move |block| {
            key_holds
                && !block.revoked
                && block.bundle == case.bundle.as_str()
                && block.matter == matter.as_str()
                && parse_day(&block.valid_to).is_some_and(|last| today <= last)
        })
    }

    fn next_number<'a>(&'a self, allotment: &'a Allotment, case: &'a Case, matter: &'a MatterId, used: &[String]) -> Option<(&'a NumberBlock, String)> {
        self.usable(allotment, case, matter)
            .find_map(|block| Some((block, block.numbers.iter().find(|number| !used.contains(number))?.clone())))
    }

    fn allotment(&self) -> Result<Option<Allotment>, DeskFault> {
        Ok(self
            .shared
            .store
            .find_setting(ALLOTMENT_SETTING)?
            .and_then(|text| serde_json::from_str(&text).ok()))
    }

    fn numbers_used(&self) -> Result<Vec<String>, DeskFault> {
        let kept = self.shared.store.find_setting(USED_SETTING)?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn window_signer(&self, key_id: &str) -> Result<Ed25519Signer, DeskFault> {
        Ed25519Signer::from_seed(key_id, &self.window_seed()?).map_err(|fault| DeskFault::Defect(fault.to_string()))
    }

    /// The seed of the counter's own key, made at its first use.
    fn window_seed(&self) -> Result<Vec<u8>, DeskFault> {
        let path = self.shared.data.join(SEED_FILE);
        if let Ok(seed) = std::fs::read(&path)
            && seed.len() == 32
        {
            return Ok(seed);
        }
        let mut seed = vec![0; 32];
        SystemRandom::new().fill(&mut seed).map_err(|_| DeskFault::Defect("random numbers".into()))?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(|source| DeskFault::FileUnreadable { source })?;
        file.write_all(&seed)
            .and_then(|()| file.sync_all())
            .map_err(|source| DeskFault::FileUnreadable { source })?;
        Ok(seed)
    }
}
