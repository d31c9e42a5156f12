//! Amounts of money in Chinese capital figures, as licences and vouchers write them: `人民币壹佰万元整`.

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 4] = ["", "万", "亿", "万亿"];
/// Larger amounts are no registered capital of anybody.
const YUAN_MAX: u64 = 9_999_999_999_999_999;

/// An amount in yuan with at most two decimals, in fen; `None` when the text is no such amount.
pub fn fen_of(amount: &str) -> Option<u64> {
    let (yuan, decimals) = amount.trim().split_once('.').unwrap_or((amount.trim(), ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || decimals.len() > 2 || !all_digits(yuan) || !all_digits(decimals) {
        return None;
    }
    let yuan: u64 = yuan.parse().ok().filter(|yuan| *yuan <= YUAN_MAX)?;
    let fen: u64 = format!("{decimals:0<2}").parse().ok()?;
    yuan.checked_mul(100)?.checked_add(fen)
}

/// The words of an amount in yuan with at most two decimals; `None` when the text is no such amount.
pub fn capital_words(amount: &str) -> Option<String> {
    let fen = fen_of(amount)?;
    let (yuan, fen) = (fen / 100, (fen % 100) as usize);
    let mut words = String::from("人民币");
    if yuan > 0 || fen == 0 {
        words.push_str(&integer_words(yuan));
        words.push('元');
    }
    match (fen / 10, fen % 10) {
        (0, 0) => words.push('整'),
        (jiao, 0) => words.extend([DIGITS[jiao], '角', '整']),
        (0, fen) if yuan > 0 => words.extend(['零', DIGITS[fen], '分']),
        (0, fen) => words.extend([DIGITS[fen], '分']),
        (jiao, fen) => words.extend([DIGITS[jiao], '角', DIGITS[fen], '分']),
    }
    Some(words)
}

fn integer_words(number: u64) -> String {
    if number == 0 {
        return DIGITS[0].to_string();
    }
    let mut words = String::new();
    let mut gap = false;
    for group in (0..GROUPS.len()).rev() {
        let value = (number / 10_000_u64.pow(group as u32)) % 10_000;
        if value == 0 {
            gap = !words.is_empty();
            continue;
        }
        // One zero is spoken for any run of empty places between figures.
        if !words.is_empty() && (gap || value < 1_000) {
            words.push(DIGITS[0]);
        }
        words.push_str(&group_words(value as usize));
        words.push_str(GROUPS[group]);
        gap = false;
    }
    words
}

fn group_words(value: usize) -> String {
    let mut words = String::new();
    let mut gap = false;
    for place in (0..PLACES.len()).rev() {
        let digit = (value / 10_usize.pow(place as u32)) % 10;
        if digit == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push(DIGITS[0]);
        }
        words.push(DIGITS[digit]);
        words.push_str(PLACES[place]);
        gap = false;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_on_paper() {
        for (amount, words) in [
            ("1000000", "人民币壹佰万元整"),
            ("1000000.00", "人民币壹佰万元整"),
            ("0", "人民币零元整"),
            ("10", "人民币壹拾元整"),
            ("1005", "人民币壹仟零伍元整"),
            ("100500", "人民币壹拾万零伍佰元整"),
            ("50003000", "人民币伍仟万叁仟元整"),
            ("100000001", "人民币壹亿零壹元整"),
            ("123456789.5", "人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元伍角整"),
            ("3.07", "人民币叁元零柒分"),
            ("0.36", "人民币叁角陆分"),
        ] {
            assert_eq!(capital_words(amount).as_deref(), Some(words), "{amount}");
        }
    }

    #[test]
    fn what_is_no_amount_has_no_words() {
        for amount in ["", "1.234", "-1", "1,000", "壹", "1e9", "99999999999999999", ".5"] {
            assert_eq!(capital_words(amount), None, "{amount}");
        }
    }
}
