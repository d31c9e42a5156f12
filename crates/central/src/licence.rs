//! Licences in the words of the contract, and what their signed code states. What stands on them is in `rules::result`.

use onewindow_catalogue::MatterDef;
use onewindow_print::licence_code::{Day, LicenceClaims};
use onewindow_rules::result::{Grant, ResultLine};
use onewindow_wire::feed::ContentLine;

use crate::fault::CentreFault;

/// Most lines that a department may add.
const LINES_MAX: usize = 40;
/// Longest line, in characters.
const VALUE_MAX_CHARS: usize = 2_000;

/// What the signed code states; `print_id` makes every sheet's code its own.
pub(crate) fn claims(grant: &Grant<'_>, matter: &MatterDef, holder: &str, print_id: &str) -> LicenceClaims {
    LicenceClaims {
        issuer: grant.authority.clone(),
        licence_number: grant.licence_no.to_owned(),
        holder: holder.to_owned(),
        kind: matter.result.id.replace('_', "-"),
        issued: Day(grant.issued),
        valid_to: grant.valid_to(matter).map(Day),
        copy: 0,
        print_id: print_id.to_owned(),
    }
}

/// Whether what a department adds can stand on a licence.
///
/// # Errors
/// [`CentreFault::Malformed`] for too many, unnamed or too long lines.
pub(crate) fn check_lines(added: &[ContentLine]) -> Result<(), CentreFault> {
    let key = |line: &ContentLine| !line.key.is_empty() && line.key.len() <= 64 && line.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let value = |line: &ContentLine| line.value.chars().count() <= VALUE_MAX_CHARS;
    if added.len() > LINES_MAX || !added.iter().all(|line| key(line) && value(line)) {
        return Err(CentreFault::Malformed("lines of the licence"));
    }
    Ok(())
}

/// Lines in the words of the contract.
pub(crate) fn told(lines: &[ResultLine]) -> Vec<ContentLine> {
    let line = |(key, value): &ResultLine| ContentLine {
        key: key.clone(),
        value: value.clone(),
    };
    lines.iter().map(line).collect()
}

/// Lines out of the words of the contract.
pub(crate) fn heard(lines: &[ContentLine]) -> Vec<ResultLine> {
    lines.iter().map(|line| (line.key.clone(), line.value.clone())).collect()
}
