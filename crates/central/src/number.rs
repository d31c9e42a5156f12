//! Numbers of licences: which series a result belongs to and how its n-th number is written (`identifiers.md` sections 4, 6, 10).
//! Absent on purpose: counting, which the database does in the transaction of the decision.

use onewindow_case::identifier::checksum;

use crate::fault::CentreFault;

/// A run of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Series {
    /// Unified social credit code (GB 32100): category 2, region 6, organisation code 9, check 1.
    CreditCode {
        /// `91` enterprise, `92` individual business.
        category: &'static str,
        /// Region of the registering office.
        region: String,
    },
    /// Entertainment permit: region 6, year 2, serial 4.
    EntertainmentPermit {
        /// Region of the office.
        region: String,
        /// Year of the decision.
        year: i32,
    },
    /// Food business licence for catering: `JY2`, region 6, serial 6, check 1.
    FoodLicence {
        /// Region of the office.
        region: String,
    },
    /// Any other result: department, region 6, year 2, serial 5.
    Result {
        /// Department that decided.
        department: String,
        /// Region of the office.
        region: String,
        /// Year of the decision.
        year: i32,
    },
}

/// Digits of an organisation code that tests and demonstrations may use: the block `MAYYYYnn` is given to nobody.
const FREE_BLOCK: &str = "MAYYYY";
/// The 31 characters of a credit code in the order of their values.
const CODE_CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Series {
    /// The series of a result, by its id in the catalogue.
    pub(crate) fn of(result: &str, department: &str, region: &str, year: i32, individual: bool) -> Self {
        let region = region.to_owned();
        match result {
            "business_licence" => Self::CreditCode {
                category: if individual { "92" } else { "91" },
                region,
            },
            "entertainment_permit" => Self::EntertainmentPermit { region, year },
            "food_licence" => Self::FoodLicence { region },
            _ => Self::Result {
                department: department.chars().filter(char::is_ascii_alphanumeric).collect(),
                region,
                year,
            },
        }
    }

    /// Name under which its last number is kept.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::CreditCode { region, .. } => format!("credit-code/{region}"),
            Self::EntertainmentPermit { region, year } => format!("entertainment-permit/{region}/{year}"),
            Self::FoodLicence { region } => format!("food-licence/{region}"),
            Self::Result { department, region, year } => format!("result/{department}/{region}/{year}"),
        }
    }

    /// The number with this place in the series, from 1.
    pub(crate) fn number(&self, serial: u32) -> Result<String, CentreFault> {
        match self {
            Self::CreditCode { category, region } => {
                self.bounded(serial, 31 * 31 - 1)?;
                let places = [serial / 31, serial % 31].map(|value| char::from(CODE_CHARACTERS[value as usize % CODE_CHARACTERS.len()]));
                let body: String = FREE_BLOCK.chars().chain(places).collect();
                let body = format!("{body}{}", checksum::organisation_code(&body));
                let code = format!("{category}{region}{body}");
                Ok(format!("{code}{}", checksum::mod_31(&code)))
            }
            Self::EntertainmentPermit { region, year } => {
                self.bounded(serial, 9_999)?;
                Ok(format!("{region}{:02}{serial:04}", year.rem_euclid(100)))
            }
            Self::FoodLicence { region } => {
                self.bounded(serial, 999_999)?;
                let digits = format!("2{region}{serial:06}");
                Ok(format!("JY{digits}{}", checksum::mod_11_10(&digits)))
            }
            Self::Result { department, region, year } => {
                self.bounded(serial, 99_999)?;
                Ok(format!("{department}{region}{:02}{serial:05}", year.rem_euclid(100)))
            }
        }
    }

    fn bounded(&self, serial: u32, last: u32) -> Result<(), CentreFault> {
        if (1..=last).contains(&serial) {
            Ok(())
        } else {
            Err(CentreFault::SeriesUsedUp(self.name()))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::collections::BTreeSet;

    use onewindow_case::identifier::{CreditCode, EntertainmentLicenceNo, FoodLicenceNo};

    use super::*;

    #[test]
    fn credit_codes_hold_every_check_and_never_repeat() {
        let company = Series::of("business_licence", "SCJ", "330402", 2026, false);
        assert_eq!(company.number(1).unwrap(), "91330402MAYYYY016L", "the published example of the free block");
        let mut seen = BTreeSet::new();
        for serial in 1..=960 {
            let code = company.number(serial).unwrap();
            let checked = CreditCode::parse(&code).unwrap();
            assert_eq!(checked.warning, None, "{code}");
            assert!(seen.insert(code));
        }
        assert!(matches!(company.number(961), Err(CentreFault::SeriesUsedUp(_))));
        let individual = Series::of("business_licence", "SCJ", "330402", 2026, true);
        assert!(individual.number(1).unwrap().starts_with("92"));
        assert_eq!(individual.name(), company.name(), "one office never gives an organisation code twice");
    }

    #[test]
    fn permits_have_the_form_of_their_kind() {
        let permit = Series::of("entertainment_permit", "WGL", "330402", 2018, false).number(1).unwrap();
        assert_eq!(permit, "330402180001");
        assert!(EntertainmentLicenceNo::parse(&permit).is_ok());
        let food = Series::of("food_licence", "SCJ", "330302", 2026, false).number(7).unwrap();
        assert_eq!(FoodLicenceNo::parse(&food).unwrap().warning, None, "{food}");
        let opinion = Series::of("fire_opinion", "PSB_SEC", "330302", 2026, false).number(3).unwrap();
        assert_eq!(opinion, "PSBSEC3303022600003");
    }
}
