//! WIA, the image acquisition of Windows, as far as it is numbers: what its error codes, device types and lists of allowed values mean.
//! Pure and tested everywhere; the calls themselves are in the worker program, on Windows only.
//! Figures follow Microsoft's documentation of WIA 2.0.

use crate::capability::{DpiSpan, Resolutions};

/// Beginning of the identity of a scanner that is reached through WIA; the system's own identity follows.
pub const ID_PREFIX: &str = "wia:";
/// Flag of a property that takes values from a span.
pub const PROPERTY_RANGE: u32 = 0x10;
/// Flag of a property that takes single values.
pub const PROPERTY_LIST: u32 = 0x20;
/// Bit of the document handling's capabilities: both sides of a sheet.
pub const HANDLING_DUPLEX: i32 = 0x4;
/// Bit of the document handling's status: paper lies in the feeder.
pub const FEEDER_READY: i32 = 0x1;
/// Values looked at in a list of the driver.
const VALUES_MAX: usize = 500;
/// In a list of allowed values the values themselves begin here, behind their number and the usual one.
const LIST_VALUES_FROM: usize = 2;

/// Whether a device type, as WIA tells it, is a scanner's; cameras and video are others.
pub fn is_scanner(device_type: i32) -> bool {
    device_type >> 16 == 1
}

/// The status of SANE that says the same as an error code of Windows, so that both meet the same words; and whether two sheets went in.
/// Codes without such a sense stay what they are.
pub fn status_of(code: i32) -> (i32, bool) {
    const BUSY: i32 = 3;
    const INVALID: i32 = 4;
    const JAM: i32 = 6;
    const EMPTY: i32 = 7;
    const COVER: i32 = 8;
    const IO: i32 = 9;
    const MEMORY: i32 = 10;
    const DENIED: i32 = 11;
    const WARMING: i32 = 12;
    let status = match code.cast_unsigned() {
        // Jam, and a problem with the paper that the driver does not name.
        0x8021_0002 | 0x8021_0004 => JAM,
        // No paper.
        0x8021_0003 => EMPTY,
        // Offline, asks for a hand, item gone, communication broke, server of remote calls gone, device not ready or not connected.
        0x8021_0005 | 0x8021_0008 | 0x8021_0009 | 0x8021_000a | 0x8007_06ba | 0x8007_06be | 0x8007_0015 | 0x8007_048f => IO,
        // Busy, locked by another program, a reservation on the network failed.
        0x8021_0006 | 0x8021_000d | 0x8021_0013 | 0x8007_00aa => BUSY,
        // Warming up, lamp off.
        0x8021_0007 | 0x8021_0011 => WARMING,
        // Settings the hardware does not allow, invalid arguments, no such device.
        0x8021_000c | 0x8007_0057 | 0x8021_0015 => INVALID,
        0x8021_0010 => COVER,
        0x8021_0014 => return (JAM, true),
        0x8007_0005 => DENIED,
        0x8007_000e => MEMORY,
        _ => code,
    };
    (status, false)
}

/// The resolutions a property takes, from its flags and the values beside them: for a span its lowest, usual, highest and step; for a list
/// their number, the usual one and then each.
pub fn resolutions(flags: u32, values: &[i32]) -> Resolutions {
    let number = |at: usize| values.get(at).and_then(|value| u32::try_from(*value).ok());
    let mut able = Resolutions::default();
    if flags & PROPERTY_RANGE != 0 {
        able.span = number(0).zip(number(2)).map(|(low, high)| DpiSpan {
            low,
            high,
            step: number(3).unwrap_or(0),
        });
    } else if flags & PROPERTY_LIST != 0 {
        let told = values.iter().skip(LIST_VALUES_FROM).take(VALUES_MAX);
        able.listed = told.filter_map(|value| u32::try_from(*value).ok()).filter(|dpi| *dpi > 0).collect();
    }
    able
}

/// Whether a property takes a value; unknown when the driver tells neither span nor list.
pub fn takes(flags: u32, values: &[i32], wanted: i32) -> Option<bool> {
    if flags & PROPERTY_RANGE != 0 {
        let (low, high) = (values.first()?, values.get(2)?);
        return Some((*low..=*high).contains(&wanted));
    }
    (flags & PROPERTY_LIST != 0).then(|| values.iter().skip(LIST_VALUES_FROM).take(VALUES_MAX).any(|value| *value == wanted))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fault::{ScanFault, Stage};

    #[test]
    fn every_error_of_wia_has_a_name_the_clerk_knows() {
        let check = |code: u32, stage, fault| {
            let (status, double_feed) = status_of(code.cast_signed());
            assert_eq!(ScanFault::from_status(stage, status, double_feed), fault, "{code:#x}");
        };
        check(0x8021_0002, Stage::Reading, ScanFault::Jam);
        check(0x8021_0003, Stage::Starting, ScanFault::FeederEmpty);
        check(0x8021_0014, Stage::Reading, ScanFault::DoubleFeed);
        check(0x8021_0010, Stage::Starting, ScanFault::CoverOpen);
        check(0x8021_0006, Stage::Opening, ScanFault::Busy);
        check(0x8021_000d, Stage::Starting, ScanFault::Busy);
        check(0x8021_0005, Stage::Opening, ScanFault::Unreachable);
        check(0x8021_000a, Stage::Reading, ScanFault::ConnectionCut);
        check(0x8007_06ba, Stage::Reading, ScanFault::ConnectionCut);
        check(0x8021_0007, Stage::Starting, ScanFault::WarmingUp);
        check(0x8021_000c, Stage::Setting, ScanFault::SettingRefused);
        check(0x8021_0015, Stage::Opening, ScanFault::NoScanner);
        check(0x8007_0005, Stage::Opening, ScanFault::AccessDenied);
        let other = 0x8021_0001_u32.cast_signed();
        check(0x8021_0001, Stage::Reading, ScanFault::DriverFailed { status: other });
    }

    #[test]
    fn allowed_values_are_read_as_wia_lays_them_out() {
        assert_eq!(resolutions(PROPERTY_LIST, &[4, 300, 75, 150, 300, 600]).listed, [75, 150, 300, 600]);
        let span = resolutions(PROPERTY_RANGE, &[50, 200, 1200, 1]).span;
        assert_eq!(span, Some(DpiSpan { low: 50, high: 1200, step: 1 }));
        assert_eq!(resolutions(0, &[300]), Resolutions::default());
        assert_eq!(resolutions(PROPERTY_RANGE, &[50]), Resolutions::default());
        assert_eq!(takes(PROPERTY_LIST, &[2, 3, 2, 3], 3), Some(true));
        assert_eq!(takes(PROPERTY_LIST, &[2, 3, 2, 3], 0), Some(false));
        assert_eq!(takes(0, &[], 3), None);
        assert!(is_scanner(0x0001_0001) && !is_scanner(0x0002_0001) && !is_scanner(3));
    }

    proptest! {
        #[test]
        fn any_values_are_read_without_harm(flags in any::<u32>(), values in proptest::collection::vec(any::<i32>(), 0..40), wish in 1_u32..2000) {
            let able = resolutions(flags, &values);
            let _ = able.serving(wish);
            let _ = takes(flags, &values, 3);
        }
    }
}
