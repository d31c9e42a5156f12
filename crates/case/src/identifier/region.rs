//! Region codes of GB/T 2260: all provinces, Zhejiang down to the county, current and abolished codes.
//!
//! The list is `assets/region-codes.csv`, read once. Absent on purpose: the counties of other provinces; their codes count as
//! unlisted, not as unknown, so a person from elsewhere causes no warning.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use super::fault::IdentifierFault;
use crate::text::Bilingual;

/// Six digits that are laid out like a region code: province, city, county. It need not be in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionCode(u32);

/// A region of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Its own name, without the regions above it.
    pub name: Bilingual,
    /// Whether the code is in use; an abolished one counts only inside identity numbers and old papers.
    pub current: bool,
}

/// What the list says about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionStanding {
    /// In the list, now or formerly.
    Listed(&'static Region),
    /// The province is known, its counties are not part of the list.
    Unlisted,
    /// The province's counties are listed and this is none of them.
    CountyUnknown,
    /// No province has this code, or one without subdivisions is given with some.
    ProvinceUnknown,
}

impl RegionCode {
    /// Reads exactly six digits, without looking into the list.
    pub fn parse(text: &str) -> Result<Self, IdentifierFault> {
        super::normal::fit(text, "######")?;
        Ok(Self(text.parse().unwrap_or(0)))
    }

    /// The six digits that begin at `from` of a value that was compared with its shape already.
    pub(super) fn within(value: &str, from: usize) -> Self {
        Self(value.get(from..from + 6).and_then(|code| code.parse().ok()).unwrap_or(0))
    }

    /// What the list says about this code.
    pub fn standing(self) -> RegionStanding {
        if let Some(region) = REGIONS.get(&self) {
            return RegionStanding::Listed(region);
        }
        let province = self.province();
        // Hong Kong and Macao have one code each, without subdivisions.
        if !REGIONS.contains_key(&province) || matches!(province.0, 810_000 | 820_000) {
            RegionStanding::ProvinceUnknown
        } else if REGIONS.range(Self(province.0 + 1)..Self(province.0 + 10_000)).next().is_some() {
            RegionStanding::CountyUnknown
        } else {
            RegionStanding::Unlisted
        }
    }

    /// The standing as a verdict on a number whose region code begins at `position`: an unknown province refuses,
    /// an unknown county is returned as a warning.
    pub(super) fn judged(self, position: usize) -> Result<Option<IdentifierFault>, IdentifierFault> {
        match self.standing() {
            RegionStanding::Listed(_) | RegionStanding::Unlisted => Ok(None),
            RegionStanding::CountyUnknown => Ok(Some(IdentifierFault::CountyUnknown { position })),
            RegionStanding::ProvinceUnknown => Err(IdentifierFault::ProvinceUnknown { position }),
        }
    }

    /// The code of the province.
    pub fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The code of the city (prefecture).
    pub fn city(self) -> Self {
        Self(self.0 / 100 * 100)
    }

    /// The region, when it is in the list.
    pub fn find_region(self) -> Option<&'static Region> {
        REGIONS.get(&self)
    }

    /// The name with the regions above it, as far as the list knows them: 浙江省温州市鹿城区; Lucheng District, Wenzhou, Zhejiang.
    pub fn full_name(self) -> Option<Bilingual> {
        let mut path = vec![self.province(), self.city(), self];
        path.dedup();
        let known: Vec<_> = path.into_iter().filter_map(Self::find_region).collect();
        let zh: String = known.iter().map(|region| region.name.zh.as_str()).collect();
        let en: Vec<_> = known.iter().rev().map(|region| region.name.en.as_str()).collect();
        (!known.is_empty()).then(|| Bilingual { zh, en: en.join(", ") })
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// Every region of the list in the order of the codes.
pub fn regions() -> impl Iterator<Item = &'static Region> {
    REGIONS.values()
}

/// Whether a region, current or abolished, has exactly this Chinese name.
pub(super) fn is_region_name(zh: &str) -> bool {
    REGIONS.values().any(|region| region.name.zh == zh)
}

static REGIONS: LazyLock<BTreeMap<RegionCode, Region>> = LazyLock::new(|| {
    include_str!("../../../../assets/region-codes.csv")
        .lines()
        .filter_map(region)
        .map(|region| (region.code, region))
        .collect()
});

/// Reads one line of the list; the comment and the heading have no code and are passed over.
fn region(line: &str) -> Option<Region> {
    let mut columns = line.split(',');
    let code = RegionCode::parse(columns.next()?).ok()?;
    let name = Bilingual {
        zh: columns.next()?.to_owned(),
        en: columns.next()?.to_owned(),
    };
    Some(Region {
        code,
        name,
        current: columns.next()? == "current",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("../../../../assets/region-codes.csv")
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(lines.count(), regions().count(), "a line that cannot be read would silently lose a region");
    }

    #[test]
    fn a_code_is_judged_by_what_the_list_knows() {
        let check = |code: &str, judged: Result<Option<&str>, &str>| {
            let found = RegionCode::parse(code).expect("six digits").judged(0);
            assert_eq!(
                found.as_ref().map(|w| w.as_ref().map(IdentifierFault::code)).map_err(IdentifierFault::code),
                judged,
                "{code}"
            );
        };
        check("330302", Ok(None));
        check("332522", Ok(None));
        check("110105", Ok(None));
        check("339999", Ok(Some("county-unknown")));
        check("000000", Err("province-unknown"));
        check("840000", Err("province-unknown"));
        check("810100", Err("province-unknown"));
    }

    #[test]
    fn a_full_name_goes_down_from_the_province() {
        let name = RegionCode::parse("330302").expect("six digits").full_name().expect("listed");
        assert_eq!(name.zh, "浙江省温州市鹿城区");
        assert_eq!(name.en, "Lucheng District, Wenzhou, Zhejiang");
    }
}
