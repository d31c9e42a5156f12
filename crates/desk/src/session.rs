//! Who works at this counter now: sign-in (also offline), lock, sign-out. Each is in the journal.

use onewindow_case::ids::StaffNo;
use onewindow_ipc::session::{DemoStaff, Role, SessionView, StartView};
use onewindow_journal::{Actor, CounterEvent, Role as ActorRole};
use onewindow_wire::enrolment::{Roster, StaffRecord};

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;
use crate::roster;

/// Setting under which the staff list is kept in the sealed journal.
const ROSTER_SETTING: &str = "roster";
/// Wrong PINs in a row before a pause.
const TRIES: u32 = 5;
/// The pause.
const PAUSE_MS: i64 = 30_000;

/// Someone is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub staff: SessionView,
    /// Only unlocking and signing out are possible.
    pub locked: bool,
}

/// Wrong PINs so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tries {
    wrong: u32,
    pause_until_ms: i64,
}

impl Desk {
    /// Everything the sign-in screen shows.
    pub fn start_view(&self) -> StartView {
        let config = &self.shared.config;
        let session = lock(&self.shared.session).clone();
        let roster = self.roster();
        StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            branch: config.branch().into(),
            counter_id: config.counter.clone(),
            counter_label: config.label.clone(),
            roster_until: roster.as_ref().map(|roster| roster.valid_until.clone()).unwrap_or_default(),
            roster_valid: roster.as_ref().is_some_and(|roster| roster::is_valid(roster, self.shared.clock.today())),
            demo_staff: if config.demo {
                config.demo_staff.iter().map(demo_view).collect()
            } else {
                Vec::new()
            },
            demo: config.demo,
            store_note: self.store_note(),
            broken: None,
            opening: None,
            passphrase_needed: false,
            locked: session.as_ref().is_some_and(|session| session.locked),
            session: session.map(|session| session.staff),
        }
    }

    /// Signs in with number and PIN; works without any network.
    ///
    /// # Errors
    /// Wrong number or PIN, staff list missing or expired, too many tries.
    pub fn sign_in(&self, staff_no: &str, pin: &str) -> Result<SessionView, DeskFault> {
        let record = self.check_pin(staff_no, pin)?;
        let staff = SessionView {
            staff_no: record.staff_no.clone(),
            name: record.name.clone(),
            role: roster::role(&record.role),
        };
        *lock(&self.shared.session) = Some(Session {
            staff: staff.clone(),
            locked: false,
        });
        self.note(Some(actor_of(&staff)), CounterEvent::SignedIn)?;
        Ok(staff)
    }

    /// Signs out.
    ///
    /// # Errors
    /// When the journal can not note it.
    pub fn sign_out(&self) -> Result<(), DeskFault> {
        let session = lock(&self.shared.session).take();
        self.forget_branch();
        match session {
            Some(session) => self.note(Some(actor_of(&session.staff)), CounterEvent::SignedOut),
            None => Ok(()),
        }
    }

    /// Hides the work until the same person types the PIN.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn lock_screen(&self) -> Result<(), DeskFault> {
        let actor = self.actor()?;
        if let Some(session) = lock(&self.shared.session).as_mut() {
            session.locked = true;
        }
        self.note(Some(actor), CounterEvent::Locked)
    }

    /// Shows the work again.
    ///
    /// # Errors
    /// Wrong PIN, or nobody is signed in.
    pub fn unlock_screen(&self, pin: &str) -> Result<SessionView, DeskFault> {
        let staff = lock(&self.shared.session)
            .as_ref()
            .map(|session| session.staff.clone())
            .ok_or(DeskFault::NotSignedIn)?;
        self.check_pin(&staff.staff_no, pin)?;
        if let Some(session) = lock(&self.shared.session).as_mut() {
            session.locked = false;
        }
        self.note(Some(actor_of(&staff)), CounterEvent::Unlocked)?;
        Ok(staff)
    }

    /// Who is signed in and not locked, as an actor of the journal.
    pub(crate) fn actor(&self) -> Result<Actor, DeskFault> {
        Ok(actor_of(&self.staff()?))
    }

    pub(crate) fn staff(&self) -> Result<SessionView, DeskFault> {
        let session = lock(&self.shared.session);
        session
            .as_ref()
            .filter(|session| !session.locked)
            .map(|session| session.staff.clone())
            .ok_or(DeskFault::NotSignedIn)
    }

    /// Lets only these roles pass.
    pub(crate) fn require(&self, roles: &[Role]) -> Result<SessionView, DeskFault> {
        let staff = self.staff()?;
        if roles.contains(&staff.role) { Ok(staff) } else { Err(DeskFault::WrongRole) }
    }

    /// Checks a supervisor's own number and PIN, whoever is signed in.
    pub(crate) fn check_supervisor(&self, staff_no: &str, pin: &str) -> Result<StaffRecord, DeskFault> {
        let record = self.check_pin(staff_no, pin)?;
        if roster::role(&record.role) == Role::Supervisor {
            Ok(record)
        } else {
            Err(DeskFault::WrongRole)
        }
    }

    pub(crate) fn roster(&self) -> Option<Roster> {
        self.shared.roster.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The name of a member of staff, or the number when the list does not know it.
    pub(crate) fn staff_name(&self, staff_no: &str) -> String {
        // Who acts without a badge.
        match staff_no {
            "centre" => return "中心 Centre".to_owned(),
            "desk" => return "系统 System".to_owned(),
            _badge => {}
        }
        self.roster()
            .and_then(|roster| roster.staff.into_iter().find(|record| record.staff_no == staff_no))
            .map_or_else(|| staff_no.to_owned(), |record| record.name)
    }

    pub(crate) fn keep_roster(&self, roster: &Roster) -> Result<(), DeskFault> {
        let value = serde_json::to_string(roster).map_err(|error| DeskFault::Defect(error.to_string()))?;
        self.note(
            None,
            CounterEvent::SettingChanged {
                key: ROSTER_SETTING.to_owned(),
                value,
            },
        )?;
        self.set_roster(roster.clone());
        Ok(())
    }

    pub(crate) fn load_roster(&self) -> Result<(), DeskFault> {
        let kept = self.shared.store.find_setting(ROSTER_SETTING)?;
        let roster = match kept.and_then(|text| serde_json::from_str::<Roster>(&text).ok()) {
            Some(roster) => Some(roster),
            None if self.shared.config.demo => Some(roster::demo(&self.shared.config, self.shared.clock.today())?),
            None => None,
        };
        if let Some(roster) = roster {
            self.set_roster(roster);
        }
        Ok(())
    }

    fn set_roster(&self, roster: Roster) {
        *self.shared.roster.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(roster);
    }

    fn check_pin(&self, staff_no: &str, pin: &str) -> Result<StaffRecord, DeskFault> {
        let now_ms = self.shared.clock.now_ms();
        let pause_ms = lock(&self.shared.standing).tries.pause_until_ms - now_ms;
        if pause_ms > 0 {
            return Err(DeskFault::TooManyTries {
                wait_s: u32::try_from(pause_ms / 1000 + 1).unwrap_or(u32::MAX),
            });
        }
        let roster = self.roster().ok_or(DeskFault::RosterMissing)?;
        let verdict = roster::verify(&roster, staff_no, pin, self.shared.clock.today());
        match &verdict {
            Ok(_) => lock(&self.shared.standing).tries = Tries::default(),
            Err(DeskFault::WrongPin) => {
                self.count_wrong_pin(now_ms);
                let staff_no = StaffNo::new(staff_no.chars().take(32).collect::<String>());
                self.note(None, CounterEvent::SignInFailed { staff_no })?;
            }
            Err(_) => {}
        }
        verdict
    }

    fn count_wrong_pin(&self, now_ms: i64) {
        let mut standing = lock(&self.shared.standing);
        standing.tries.wrong += 1;
        if standing.tries.wrong >= TRIES {
            standing.tries = Tries {
                wrong: 0,
                pause_until_ms: now_ms + PAUSE_MS,
            };
        }
    }
}

pub(crate) fn actor_of(staff: &SessionView) -> Actor {
    let role = match staff.role {
        Role::Clerk => ActorRole::Clerk,
        Role::Supervisor => ActorRole::Supervisor,
        Role::Installer => ActorRole::Installer,
    };
    Actor {
        staff_no: StaffNo::new(&staff.staff_no),
        role,
    }
}

fn demo_view(staff: &crate::config::DemoStaff) -> DemoStaff {
    DemoStaff {
        staff_no: staff.staff_no.clone(),
        name: staff.name.clone(),
        role: roster::role(&staff.role),
        pin: staff.pin.clone(),
    }
}
