//! Who may sign in, also with no network: the branch's staff list, verified by Argon2id, until its last day.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use onewindow_ipc::session::Role;
use onewindow_wire::enrolment::{Roster, StaffRecord};
use time::Date;

use crate::clock::{day, parse_day};
use crate::config::CounterConfig;
use crate::fault::DeskFault;

/// Days for which the staff list of the demonstration is good.
const DEMO_DAYS: i64 = 14;

/// Finds the staff member whose number and PIN these are.
///
/// # Errors
/// [`DeskFault::RosterExpired`] after the last day, [`DeskFault::WrongPin`] for an unknown number or a wrong PIN (not told apart).
pub fn verify(roster: &Roster, staff_no: &str, pin: &str, today: Date) -> Result<StaffRecord, DeskFault> {
    if !is_valid(roster, today) {
        return Err(DeskFault::RosterExpired {
            until: roster.valid_until.clone(),
        });
    }
    let record = roster
        .staff
        .iter()
        .find(|record| record.staff_no == staff_no.trim())
        .ok_or(DeskFault::WrongPin)?;
    let verifier = PasswordHash::new(&record.pin_verifier).map_err(|_| DeskFault::WrongPin)?;
    Argon2::default().verify_password(pin.as_bytes(), &verifier).map_err(|_| DeskFault::WrongPin)?;
    Ok(record.clone())
}

/// Whether the list still allows signing in.
pub fn is_valid(roster: &Roster, today: Date) -> bool {
    parse_day(&roster.valid_until).is_some_and(|until| today <= until)
}

/// Whether the list is good for so many days more.
pub fn is_good_for(roster: &Roster, today: Date, days: i64) -> bool {
    let then = today.checked_add(time::Duration::days(days)).unwrap_or(today);
    parse_day(&roster.valid_until).is_some_and(|until| then <= until)
}

/// What a role's closed word means; unknown words get the least rights.
pub fn role(word: &str) -> Role {
    match word {
        "supervisor" => Role::Supervisor,
        "installer" => Role::Installer,
        _ => Role::Clerk,
    }
}

/// The synthetic staff of a counter in demonstration mode.
///
/// # Errors
/// [`DeskFault::Defect`] when a verifier can not be made.
pub fn demo(config: &CounterConfig, today: Date) -> Result<Roster, DeskFault> {
    let until = today.checked_add(time::Duration::days(DEMO_DAYS)).unwrap_or(today);
    let staff = config
        .demo_staff
        .iter()
        .map(|staff| {
            Ok(StaffRecord {
                staff_no: staff.staff_no.clone(),
                name: staff.name.clone(),
                role: staff.role.clone(),
                pin_verifier: verifier(&staff.pin)?,
            })
        })
        .collect::<Result<Vec<_>, DeskFault>>()?;
    Ok(Roster {
        valid_until: day(until),
        staff,
    })
}

/// An Argon2id verifier for a PIN (OWASP's smaller setting: 19 MiB, two passes).
///
/// # Errors
/// [`DeskFault::Defect`] when the parameters are refused.
pub fn verifier(pin: &str) -> Result<String, DeskFault> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| DeskFault::Defect(error.to_string()))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(pin.as_bytes()).map_err(|error| DeskFault::Defect(error.to_string()))?;
    Ok(hash.to_string())
}
