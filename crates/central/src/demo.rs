//! The people and places of a demonstration, from one JSON file. Seeding the same file again changes nothing.
//!
//! ```json
//! {
//!   "branch": {"id": "330302-01", "zh": "云江市行政服务中心", "en": "Yunjiang Administrative Service Centre"},
//!   "office": "云江市",
//!   "counters": [{"counter": "330302-01-003", "code": "DEMO-003"}],
//!   "staff": [{"staff_no": "1001", "name": "陈晓燕", "role": "clerk", "pin": "135790"}],
//!   "departments": [{"department": "SCJ", "token": "demo-scj"}]
//! }
//! ```
//! Everything in it is synthetic; secrets in a file are for demonstrations only, and a code of it may be used again.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use onewindow_wire::enrolment::StaffRecord;
use serde::Deserialize;

use crate::access::secret_digest;
use crate::centre::{Centre, DEMO_SETTING, OFFICE_SETTING};
use crate::fault::CentreFault;

/// A demonstration.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoFile {
    /// The one branch.
    pub branch: DemoBranch,
    /// What stands before the names of departments, such as `云江市`.
    #[serde(default)]
    pub office: String,
    /// Its counters.
    #[serde(default)]
    pub counters: Vec<DemoCounter>,
    /// Its staff.
    #[serde(default)]
    pub staff: Vec<DemoStaff>,
    /// Departments that may ask for work.
    #[serde(default)]
    pub departments: Vec<DemoDepartment>,
}

/// A branch.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoBranch {
    /// Region and centre: `330302-01`.
    pub id: String,
    /// Name.
    pub zh: String,
    /// Name.
    pub en: String,
}

/// A counter.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoCounter {
    /// `330302-01-003`.
    pub counter: String,
    /// One-time code.
    pub code: String,
}

/// One member of staff.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoStaff {
    /// Number on the badge.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// `clerk`, `supervisor`, `installer`.
    pub role: String,
    /// PIN.
    pub pin: String,
}

/// A department.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoDepartment {
    /// Key in the catalogue.
    #[serde(alias = "id")]
    pub department: String,
    /// Bearer token.
    pub token: String,
}

impl Centre {
    /// Writes a demonstration into the books.
    ///
    /// # Errors
    /// [`CentreFault::Malformed`] for a counter that is none; when the books cannot be written.
    pub async fn seed_demo(&self, demo: &DemoFile) -> Result<(), CentreFault> {
        let mut change = self.database.change().await?;
        change.set_setting(DEMO_SETTING, "true").await?;
        change.set_setting(OFFICE_SETTING, &demo.office).await?;
        change.keep_branch(&demo.branch.id, &demo.branch.zh, &demo.branch.en).await?;
        for counter in &demo.counters {
            if region_of(&counter.counter).is_none() {
                return Err(CentreFault::Malformed("counter of the demonstration"));
            }
            change.keep_counter(&counter.counter, &demo.branch.id, &secret_digest(&counter.code)).await?;
        }
        let known = change.staff_of(&demo.branch.id).await?;
        for staff in &demo.staff {
            let kept = known
                .iter()
                .find(|record| record.staff_no == staff.staff_no)
                .map(|record| record.pin_verifier.as_str());
            let pin_verifier = match kept.filter(|kept| is_pin(kept, &staff.pin)) {
                Some(kept) => kept.to_owned(),
                None => verifier(&staff.pin)?,
            };
            let record = StaffRecord {
                staff_no: staff.staff_no.clone(),
                name: staff.name.clone(),
                role: staff.role.clone(),
                pin_verifier,
            };
            change.keep_staff(&demo.branch.id, &record).await?;
        }
        for department in &demo.departments {
            change.keep_department(&department.department, &secret_digest(&department.token)).await?;
        }
        for mut key in change.office_keys().await? {
            key.office.clone_from(&demo.office);
            change.keep_office_key(&key).await?;
        }
        Ok(change.commit().await?)
    }
}

/// The region of a counter such as `330302-01-003`; `None` when it is not written so.
pub(crate) fn region_of(counter: &str) -> Option<&str> {
    let shape: Vec<usize> = counter.split('-').map(str::len).collect();
    let digits = counter.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if shape == [6, 2, 3] && digits { counter.get(..6) } else { None }
}

/// Argon2id with 19 MiB and two passes, the smaller setting that OWASP recommends.
fn verifier(pin: &str) -> Result<String, CentreFault> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| CentreFault::Defect("the parameters of Argon2id are refused"))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher
        .hash_password(pin.as_bytes())
        .map_err(|_| CentreFault::Defect("a PIN cannot be hashed"))?;
    Ok(hash.to_string())
}

fn is_pin(verifier: &str, pin: &str) -> bool {
    PasswordHash::new(verifier).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_names_its_region() {
        assert_eq!(region_of("330302-01-003"), Some("330302"));
        for other in [
            "",
            "330302",
            "330302-1-003",
            "330302-01-0033",
            "33030２-01-003",
            "330302_01_003",
            "a30302-01-003",
        ] {
            assert_eq!(region_of(other), None, "{other}");
        }
    }
}
