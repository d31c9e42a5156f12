//! The check digits of the standards: arithmetic only. Callers have compared the characters with the shape before;
//! a character outside the alphabet counts as 0 here, it can never panic.

/// The 31 characters of a unified social credit code in the order of their values (GB 32100-2015).
pub(super) const CREDIT_CODE_CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// ISO 7064 MOD 11-2 over 17 digits, as in GB 11643.
pub fn mod_11_2(digits: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 = digits.chars().zip(WEIGHTS).map(|(c, weight)| digit(c) * weight).sum();
    CHECKS[sum as usize % CHECKS.len()]
}

/// ISO 7064 MOD 11,10 over any count of digits, as in GB/T 17710.
pub fn mod_11_10(digits: &str) -> char {
    let product = digits.chars().fold(10, |product, c| {
        let sum = (product + digit(c)) % 10;
        2 * if sum == 0 { 10 } else { sum } % 11
    });
    digit_char((11 - product) % 10)
}

/// The last character of a unified social credit code over the 17 before (weights are powers of 3 modulo 31).
pub fn mod_31(code: &str) -> char {
    let value = |c| CREDIT_CODE_CHARACTERS.chars().position(|one| one == c).unwrap_or(0);
    let (sum, _) = code
        .chars()
        .take(17)
        .fold((0, 1), |(sum, weight), c| (sum + value(c) * weight, weight * 3 % 31));
    CREDIT_CODE_CHARACTERS.chars().nth((31 - sum % 31) % 31).unwrap_or('0')
}

/// The check character of an organisation code over its 8 characters (GB 11714).
pub fn organisation_code(body: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        other => digit_char(other),
    }
}

/// The Luhn digit that belongs behind the given digits (ISO/IEC 7812).
pub fn luhn(digits: &str) -> char {
    let sum: u32 = digits.chars().rev().enumerate().map(|(place, c)| luhn_term(place, digit(c))).sum();
    digit_char((10 - sum % 10) % 10)
}

/// The 7-3-1 digit of ICAO Doc 9303 over digits, letters and `<`.
pub fn icao(text: impl IntoIterator<Item = char>) -> char {
    let sum: u32 = text
        .into_iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight)
        .sum();
    digit_char(sum % 10)
}

fn luhn_term(place: usize, digit: u32) -> u32 {
    let doubled = if place.is_multiple_of(2) { digit * 2 } else { digit };
    if doubled > 9 { doubled - 9 } else { doubled }
}

fn digit(c: char) -> u32 {
    c.to_digit(10).unwrap_or(0)
}

fn digit_char(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_reproduced() {
        assert_eq!(mod_11_2("33030219860314999"), '0', "worked example of GB 11643");
        assert_eq!(mod_11_10("0794"), '5', "test string of ISO 7064");
        assert_eq!(mod_31("91350100M000100Y4"), '3', "example of GB 32100");
        assert_eq!(organisation_code("D2143569"), 'X', "example of GB 11714");
        assert_eq!(icao("L898902C3".chars()), '6', "specimen of Doc 9303");
        assert_eq!(luhn("621700000000000"), '6', "synthetic bank card");
    }
}
