//! Machine-readable codes as rectangles: Code 128 set C for case numbers, QR for query addresses and licence codes.

use qrcodegen::{QrCode, QrCodeEcc};

use crate::{drawing::Area, fault::PrintFault};

/// Quiet zone around a QR code, in modules.
const QR_QUIET_MODULES: i32 = 4;
/// Smaller modules are lost when paper is folded, stamped and copied.
const QR_MIN_MODULE_MM: f32 = 0.4;

/// Bar and space widths of the 106 symbols of Code 128 and its stop, in modules (ISO/IEC 15417).
const CODE_128_WIDTHS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212", b"221213", b"221312", b"231212", b"112232", b"122132",
    b"122231", b"113222", b"123122", b"123221", b"223211", b"221132", b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221", b"312212",
    b"322112", b"322211", b"212123", b"212321", b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313", b"231113", b"231311",
    b"112133", b"112331", b"132131", b"113123", b"113321", b"133121", b"313121", b"211331", b"231131", b"213113", b"213311", b"213131", b"311123", b"311321",
    b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111", b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214",
    b"112412", b"122114", b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111", b"111242", b"121142", b"121241", b"114212",
    b"124112", b"124211", b"411212", b"421112", b"421211", b"212141", b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113",
    b"411311", b"113141", b"114131", b"311141", b"411131", b"211412", b"211214", b"211232",
];
const CODE_128_STOP: &[u8; 7] = b"2331112";
const START_C: usize = 105;

/// The bars of a Code 128 symbol of set C that fills `area`; the digits of `text` in pairs, everything else skipped.
pub(crate) fn barcode(field: &str, text: &str, area: Area) -> Result<Vec<Area>, PrintFault> {
    let fault = |reason| PrintFault::Code {
        field: field.to_owned(),
        reason,
    };
    let digits: Vec<usize> = text.chars().filter_map(|c| c.to_digit(10)).map(|digit| digit as usize).collect();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return Err(fault("it needs an even number of digits"));
    }
    let mut symbols = vec![START_C];
    symbols.extend(digits.chunks_exact(2).map(|pair| pair[0] * 10 + pair[1]));
    let weighted: usize = symbols.iter().enumerate().map(|(index, symbol)| index.max(1) * symbol).sum();
    symbols.push(weighted % 103);
    let widths: Vec<u8> = symbols
        .iter()
        .flat_map(|&symbol| CODE_128_WIDTHS[symbol].iter())
        .chain(CODE_128_STOP)
        .map(|digit| digit - b'0')
        .collect();
    let module_mm = area.width_mm / widths.iter().map(|&width| f32::from(width)).sum::<f32>();
    if module_mm < 0.19 {
        return Err(fault("it has more digits than the space allows"));
    }
    Ok(bars(&widths, module_mm, area))
}

/// Every second width is a bar.
fn bars(widths: &[u8], module_mm: f32, area: Area) -> Vec<Area> {
    let mut x_mm = area.x_mm;
    let mut bars = Vec::with_capacity(widths.len() / 2 + 1);
    for (index, width) in widths.iter().enumerate() {
        let width_mm = f32::from(*width) * module_mm;
        if index % 2 == 0 {
            bars.push(Area { x_mm, width_mm, ..area });
        }
        x_mm += width_mm;
    }
    bars
}

/// The dark modules of a QR code at level Q in a square of `side_mm`, quiet zone included. Modules that touch in a row
/// are one rectangle, so that no hairlines appear between them.
pub(crate) fn qr_code(field: &str, text: &str, at_mm: [f32; 2], side_mm: f32) -> Result<Vec<Area>, PrintFault> {
    let fault = |reason| PrintFault::Code {
        field: field.to_owned(),
        reason,
    };
    let code = QrCode::encode_text(text, QrCodeEcc::Quartile).map_err(|_| fault("it is too long for a QR code"))?;
    let module_mm = side_mm / (code.size() + 2 * QR_QUIET_MODULES) as f32;
    if module_mm < QR_MIN_MODULE_MM {
        return Err(fault("its modules would be smaller than 0.4 mm"));
    }
    let origin_mm = at_mm.map(|edge| edge + QR_QUIET_MODULES as f32 * module_mm);
    let mut areas = Vec::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&column| code.get_module(column, y)).count() as i32;
            if run > 0 {
                areas.push(Area {
                    x_mm: origin_mm[0] + x as f32 * module_mm,
                    y_mm: origin_mm[1] + y as f32 * module_mm,
                    width_mm: run as f32 * module_mm,
                    height_mm: module_mm,
                });
            }
            x += run + 1;
        }
    }
    Ok(areas)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const BOX: Area = Area {
        x_mm: 0.0,
        y_mm: 0.0,
        width_mm: 42.0,
        height_mm: 9.0,
    };

    #[test]
    fn every_symbol_is_eleven_modules_wide() {
        for widths in CODE_128_WIDTHS {
            assert_eq!(widths.iter().map(|digit| u32::from(digit - b'0')).sum::<u32>(), 11);
        }
        let mut all = CODE_128_WIDTHS.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 106, "no two symbols may look the same");
    }

    #[test]
    fn a_case_number_fills_its_box() {
        let bars = barcode("case_number", "330302-01-003-20261124-0009-7", BOX).unwrap();
        assert_eq!(bars.len(), 3 * 14 + 4, "start, twelve pairs and check with three bars each, stop with four");
        let right = bars.last().map(|bar| bar.x_mm + bar.width_mm).unwrap();
        assert!((right - 42.0).abs() < 0.01);
    }

    #[test]
    fn odd_digits_and_long_texts_are_refused() {
        assert!(barcode("case_number", "123", BOX).is_err());
        assert!(barcode("case_number", "", BOX).is_err());
        assert!(barcode("case_number", &"12".repeat(40), BOX).is_err());
        assert!(qr_code("qr_text", &"x".repeat(5000), [0.0, 0.0], 30.0).is_err());
        assert!(qr_code("qr_text", &"x".repeat(200), [0.0, 0.0], 10.0).is_err());
    }
}
