//! The picker of regions for addresses: provinces, cities, counties of the built-in list, current ones only.

use onewindow_case::identifier::{RegionCode, regions};
use onewindow_ipc::visit::RegionOffer;

use crate::desk::Desk;
use crate::fault::DeskFault;

impl Desk {
    /// Regions below another; provinces when none is given, those near this counter first.
    ///
    /// # Errors
    /// [`DeskFault::Unknown`] for a code that is none.
    pub fn list_regions(&self, parent: Option<&str>) -> Result<Vec<RegionOffer>, DeskFault> {
        let parent = parent
            .map(|code| RegionCode::parse(code).map_err(|_| DeskFault::Unknown { what: "region" }))
            .transpose()?;
        let mut found: Vec<RegionCode> = regions()
            .filter(|region| region.current && is_child(parent, region.code))
            .map(|region| region.code)
            .collect();
        // Most addresses are in the counter's own province, city and county.
        let own = self.shared.config.counter.get(..6).and_then(|code| RegionCode::parse(code).ok());
        found.sort_by_key(|code| {
            let near = own.is_some_and(|own| *code == own || *code == own.city() || *code == own.province());
            (!near, *code)
        });
        Ok(found
            .iter()
            .filter_map(|code| code.find_region())
            .map(|region| RegionOffer {
                code: region.code.to_string(),
                name: (&region.name).into(),
                more: regions().any(|below| below.current && is_child(Some(region.code), below.code)),
            })
            .collect())
    }
}

/// Whether a region stands right below another: a city below its province, a county below its city; a province below none.
/// Cities that the list passes over (the four municipalities) put their counties right below the province.
fn is_child(parent: Option<RegionCode>, code: RegionCode) -> bool {
    let is_province = code == code.province();
    let is_city = !is_province && code == code.city();
    match parent {
        None => is_province,
        Some(parent) if parent == parent.province() => {
            let city_is_listed = code.city().find_region().is_some();
            code.province() == parent && !is_province && (is_city || !city_is_listed)
        }
        Some(parent) => code.city() == parent && code != parent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(parent: Option<&str>) -> Vec<String> {
        let parent = parent.map(|code| RegionCode::parse(code).expect("a code"));
        let children = regions().filter(|region| region.current && is_child(parent, region.code));
        children.map(|region| region.code.to_string()).collect()
    }

    #[test]
    fn a_region_is_found_from_the_province_down() {
        assert!(below(None).contains(&"330000".to_owned()) && below(None).iter().all(|code| code.ends_with("0000")));
        assert!(below(Some("330000")).contains(&"330300".to_owned()));
        assert!(!below(Some("330000")).contains(&"330302".to_owned()), "a county stands below its city");
        assert!(below(Some("330300")).contains(&"330302".to_owned()));
        assert!(below(Some("330302")).is_empty());
    }
}
