//! What the codes of a page say of its numbers and sums: the credit code that a licence carries twice, the sum of an invoice whose
//! net amount its code holds. Absent on purpose: what a code says of one value by standing there in full (see `own_evidence`).

use onewindow_case::identifier::{IdentifierKind, Verdict, check};
use time::Date;

use super::{Evidence, ReadField};
use crate::ocr::TextLine;
use crate::page::Code;

/// Characters of a printed credit code that may be misread and still be the one of the code on the page.
const MOST_MISREAD: usize = 2;
/// Highest rate of value added tax there has been, per cent (Provisional Regulations on Value Added Tax, 1994 to 2018).
const HIGHEST_RATE: u64 = 17;

/// A business licence carries its credit code in print and in its QR code. The one in the QR code is taken where the print was
/// missed, or misread so that its check character does not fit; two different ones are a conflict.
pub(super) fn credit_code(fields: &mut Vec<ReadField>, codes: &[Code], today: Date) {
    let fits = |text: &str| check(IdentifierKind::CreditCode, text, today).verdict == Verdict::Ok;
    let mut said = codes.iter().flat_map(|code| {
        let runs = code.text.split(|c: char| !c.is_ascii_alphanumeric());
        runs.filter(|run| run.len() == 18 && fits(run)).map(move |run| (run, code.region))
    });
    let Some((number, region)) = said.next() else { return };
    let is_only_one = said.all(|(other, _)| other == number);
    match fields.iter_mut().find(|field| field.key == "uscc") {
        None if is_only_one => fields.push(ReadField {
            key: "uscc".to_owned(),
            value: number.to_owned(),
            region: Some(region),
            evidence: Evidence::Barcode,
            confidence: 1.0,
        }),
        Some(printed) if printed.value != number || !is_only_one => {
            if is_only_one && !fits(&printed.value) && differing(&printed.value, number) <= MOST_MISREAD {
                number.clone_into(&mut printed.value);
                printed.evidence = Evidence::Barcode;
            } else {
                printed.evidence = Evidence::Conflict;
            }
        }
        None | Some(_) => {}
    }
}

/// The code of a VAT invoice holds the amount without tax. Where the tax printed on the page is what is missing to the printed sum,
/// the sum is confirmed: no single misread digit leaves all three in agreement. Later codes hold the whole sum.
pub(super) fn invoice_sum(fields: &mut [ReadField], codes: &[Code], lines: &[TextLine]) {
    let Some(total) = fields.iter_mut().find(|field| field.key == "total" && field.evidence == Evidence::OcrOnly) else {
        return;
    };
    let Some(sum) = cents(&total.value) else { return };
    let amounts: Vec<u64> = codes.iter().filter_map(|code| amount_of(&code.text)).collect();
    let is_tax = |tax: u64| tax > 0 && tax * (100 + HIGHEST_RATE) <= sum * HIGHEST_RATE + 100 && is_printed(tax, lines);
    if amounts.contains(&sum) {
        total.evidence = Evidence::Barcode;
    } else if amounts.iter().any(|&net| sum.checked_sub(net).is_some_and(is_tax)) {
        total.evidence = Evidence::Agreement;
    }
}

/// The amount in an invoice's code: `01,kind,code,number,amount,date,check digits`.
fn amount_of(code: &str) -> Option<u64> {
    let parts: Vec<&str> = code.split(',').collect();
    let is_invoice = parts.len() >= 7 && parts[0] == "01" && parts[3].len() >= 8 && parts[5].len() == 8;
    is_invoice.then(|| cents(parts[4])).flatten()
}

/// Whether the amount stands on the page by itself.
fn is_printed(amount: u64, lines: &[TextLine]) -> bool {
    lines.iter().any(|line| {
        let numbers = line.text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
        numbers.filter_map(|number| cents(&number.replace(',', ""))).any(|number| number == amount)
    })
}

/// A sum with two decimals in hundredths.
fn cents(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.')?;
    let is_sum = part.len() == 2 && (1..=12).contains(&whole.len()) && whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit());
    is_sum.then(|| format!("{whole}{part}").parse().ok()).flatten()
}

/// Places at which two texts of the same length differ; all of them when the lengths differ.
fn differing(one: &str, other: &str) -> usize {
    if one.len() == other.len() {
        one.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count()
    } else {
        one.len().max(other.len())
    }
}
