//! Check characters, machine-readable zones and barcode symbols of the numbers printed on synthetic papers.
//! Written apart from the product's own checks on purpose: a mistake there must not be able to hide here.

use time::Date;

/// Appends the check character of GB 11643-1999 (ISO 7064 MOD 11-2) to the first 17 digits of a resident identity number.
#[must_use]
pub fn resident_id(first_17: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first_17
        .chars()
        .filter_map(|c| c.to_digit(10))
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = char::from(b"10X98765432"[(sum % 11) as usize]);
    format!("{first_17}{check}")
}

/// Builds a unified social credit code (GB 32100-2015) from its first 16 characters: the organisation code's
/// check character (GB 11714) and the final one are appended, 18 characters in all.
#[must_use]
pub fn credit_code(first_16: &str) -> String {
    const BODY_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let body: u32 = first_16
        .chars()
        .skip(8)
        .zip(BODY_WEIGHTS)
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight)
        .sum();
    let body_check = char::from(b"0X987654321"[(body % 11) as usize]);
    let first_17 = format!("{first_16}{body_check}");
    let mut weight = 1;
    let mut sum = 0;
    for c in first_17.chars() {
        sum += credit_value(c) * weight;
        weight = weight * 3 % 31;
    }
    let check = CREDIT_SET.chars().nth(((31 - sum % 31) % 31) as usize).unwrap_or('0');
    format!("{first_17}{check}")
}

const CREDIT_SET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn credit_value(c: char) -> u32 {
    CREDIT_SET
        .chars()
        .position(|known| known == c)
        .and_then(|at| u32::try_from(at).ok())
        .unwrap_or(0)
}

/// The check digit of ICAO Doc 9303: weights 7, 3, 1 repeating, letters from A = 10, `<` = 0, sum modulo 10.
#[must_use]
pub fn mrz_check(characters: &str) -> char {
    let sum: u32 = characters
        .chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight)
        .sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// Appends the Luhn check digit (ISO/IEC 7812) to the digits of a bank card number.
#[must_use]
pub fn luhn(body: &str) -> String {
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, doubled @ 10..) => doubled - 9,
            (0, doubled) => doubled,
            _ => digit,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The person in a machine-readable zone; dates as YYMMDD, names in capital Latin letters.
#[derive(Debug, Clone)]
pub struct Bearer<'a> {
    /// Family name.
    pub surname: &'a str,
    /// Given names, parted by spaces.
    pub given: &'a str,
    /// Date of birth.
    pub birth: String,
    /// `M` or `F`.
    pub sex: char,
    /// Last day of the document's validity.
    pub expiry: String,
}

impl Bearer<'_> {
    fn names(&self) -> String {
        format!("{}<<{}", self.surname, self.given.replace(' ', "<"))
    }
}

/// A day as it stands in a zone, YYMMDD.
#[must_use]
pub fn six(day: Date) -> String {
    format!("{:02}{:02}{:02}", day.year().rem_euclid(100), day.month() as u8, day.day())
}

/// A part of a zone with its check digit behind it.
fn checked(part: &str) -> String {
    format!("{part}{}", mrz_check(part))
}

/// What a passport's machine-readable zone holds.
#[derive(Debug, Clone)]
pub struct Td3<'a> {
    /// Two letters, `PO` for an ordinary Chinese passport.
    pub kind: &'a str,
    /// Up to nine characters.
    pub number: &'a str,
    /// Whose it is.
    pub bearer: Bearer<'a>,
}

/// Both 44-character lines of a passport's machine-readable zone, issuer and nationality `CHN`.
#[must_use]
pub fn td3(passport: &Td3<'_>) -> [String; 2] {
    let bearer = &passport.bearer;
    let first = format!("{}CHN{:<<39}", passport.kind, bearer.names());
    let optional = "<".repeat(14);
    let number = checked(&format!("{:<<9}", passport.number));
    let (birth, expiry) = (checked(&bearer.birth), checked(&bearer.expiry));
    // An empty optional field may carry `<` as its check digit.
    let composite = mrz_check(&format!("{number}{birth}{expiry}{optional}<"));
    [first, format!("{number}CHN{birth}{}{expiry}{optional}<{composite}", bearer.sex)]
}

/// What a card's machine-readable zone holds.
#[derive(Debug, Clone)]
pub struct Td1<'a> {
    /// One or two letters: `CR` and `CT` for travel permits, `I` for an identity card.
    pub kind: &'a str,
    /// Any length; what goes beyond nine characters continues in the optional data.
    pub number: &'a str,
    /// Optional data of the first line, left out where a long number needs the place.
    pub optional: &'a str,
    /// Three letters.
    pub nationality: &'a str,
    /// Whose it is.
    pub bearer: Bearer<'a>,
}

/// The three 30-character lines of a card's machine-readable zone, issuer `CHN`.
#[must_use]
pub fn td1(card: &Td1<'_>) -> [String; 3] {
    let bearer = &card.bearer;
    let number_and_more = match card.number.split_at_checked(9) {
        // The ninth character is followed by a filler, the check digit stands behind the last one.
        Some((begin, rest)) if !rest.is_empty() => format!("{begin}<{rest}{}", mrz_check(card.number)),
        _ => format!("{}{}", checked(&format!("{:<<9}", card.number)), card.optional),
    };
    let number_and_more = format!("{number_and_more:<<25}");
    let (birth, expiry) = (checked(&bearer.birth), checked(&bearer.expiry));
    let optional = "<".repeat(11);
    let composite = mrz_check(&format!("{number_and_more}{birth}{expiry}{optional}"));
    [
        format!("{:<<2}CHN{number_and_more}", card.kind),
        format!("{birth}{}{expiry}{}{optional}{composite}", bearer.sex, card.nationality),
        format!("{:<<30.30}", bearer.names()),
    ]
}

/// Code 128 in code set B: the widths of bars and spaces in modules, bar first, quiet zones not included.
/// Only printable ASCII can be said in this code set; anything else is left out.
#[must_use]
pub fn code_128(text: &str) -> Vec<u8> {
    const START_B: usize = 104;
    const STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];
    let values: Vec<usize> = text.bytes().filter(|b| (32..127).contains(b)).map(|b| usize::from(b) - 32).collect();
    let sum: usize = values.iter().enumerate().map(|(at, value)| (at + 1) * value).sum();
    let check = (START_B + sum) % 103;
    let mut widths = Vec::new();
    for value in std::iter::once(START_B).chain(values).chain(std::iter::once(check)) {
        widths.extend(CODE_128_WIDTHS[value].bytes().map(|digit| digit - b'0'));
    }
    widths.extend(STOP);
    widths
}

/// The six widths of every Code 128 symbol, ISO/IEC 15417 table 1.
#[rustfmt::skip]
const CODE_128_WIDTHS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212",
    "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242", "121142", "121241", "114212",
    "124112", "124211", "411212", "421112", "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214", "211232",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_ids_end_in_the_standard_check_character() {
        for valid in [
            "330302198603149990",
            "330324199011089982",
            "33052319970620999X",
            "330302199408239995",
            "330324199605129988",
        ] {
            assert_eq!(resident_id(&valid[..17]), valid, "the published check rule gives this character");
        }
    }

    #[test]
    fn credit_codes_end_in_both_check_characters() {
        for valid in ["91330402MAYYYY016L", "92330802MAYYYY0241", "1133030200YYYY036N", "1233010647YYYY0499"] {
            assert_eq!(credit_code(&valid[..16]), valid, "organisation check and final check both fit");
        }
    }

    #[test]
    fn passport_lines_carry_icao_check_digits() {
        let lines = td3(&Td3 {
            kind: "PO",
            number: "E00000001",
            bearer: Bearer {
                surname: "CESHI",
                given: "JIA",
                birth: "860314".into(),
                sex: 'M',
                expiry: "281019".into(),
            },
        });
        assert_eq!(lines[0], "POCHNCESHI<<JIA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<");
        assert_eq!(lines[1], "E000000019CHN8603142M2810191<<<<<<<<<<<<<<<2");
    }

    #[test]
    fn card_lines_carry_icao_check_digits() {
        let card = Td1 {
            kind: "CR",
            number: "H00000001",
            optional: "01",
            nationality: "CHN",
            bearer: Bearer {
                surname: "CESHI",
                given: "BING",
                birth: "790412".into(),
                sex: 'M',
                expiry: "330630".into(),
            },
        };
        assert_eq!(
            td1(&card),
            [
                "CRCHNH00000001001<<<<<<<<<<<<<",
                "7904129M3306301CHN<<<<<<<<<<<7",
                "CESHI<<BING<<<<<<<<<<<<<<<<<<<"
            ]
        );
        let long = Td1 {
            kind: "I",
            number: "D23145890734",
            optional: "",
            ..card
        };
        assert_eq!(td1(&long)[0], "I<CHND23145890<7349<<<<<<<<<<<", "the number of the standard's own example");
    }

    #[test]
    fn every_barcode_symbol_is_eleven_modules_wide() {
        for widths in CODE_128_WIDTHS {
            assert_eq!(
                widths.bytes().map(|digit| u32::from(digit - b'0')).sum::<u32>(),
                11,
                "{widths} breaks the symbol grid"
            );
        }
        let total: u32 = code_128("X330000017").iter().map(|width| u32::from(*width)).sum();
        assert_eq!(total, 11 * 12 + 13, "start, ten characters, check, stop");
    }
}
