//! Answers on standard output, faults on standard error. Absent on purpose: colours and progress; what is written here is read by programs.

use std::io::Write;

use serde::Serialize;

use crate::fault::CliFault;

/// Writes one JSON object as one line, at once: whoever reads along sees it now.
pub(crate) fn json_line<T: Serialize>(answer: &T) -> Result<(), CliFault> {
    let text = serde_json::to_string(answer).map_err(|error| CliFault::Output(error.into()))?;
    text_line(&text)
}

/// Writes one line.
pub(crate) fn text_line(text: &str) -> Result<(), CliFault> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(CliFault::Output)
}

/// Writes a fault as one JSON object to standard error.
pub(crate) fn tell_fault(fault: &CliFault) {
    let told = fault.to_command_fault();
    let text = serde_json::to_string(&told).unwrap_or(told.code);
    // There is nobody left to tell when this fails too.
    let _lost = writeln!(std::io::stderr(), "{text}");
}
