//! The commands of the window, one file a noun. Each converts its arguments, asks the desk and converts the answer; the contract
//! (crate `ipc`) says what they do.

pub(crate) mod case;
pub(crate) mod day;
pub(crate) mod devices;
pub(crate) mod documents;
pub(crate) mod form;
pub(crate) mod licences;
#[cfg(test)]
pub(crate) mod names;
pub(crate) mod pages;
pub(crate) mod session;
pub(crate) mod start;
pub(crate) mod supervisor;
pub(crate) mod visit;
pub(crate) mod worklist;

use onewindow_case::ids::{CaseId, DocumentId, PageId, PrintId};
use onewindow_desk::DeskFault;

fn case_id(text: &str) -> Result<CaseId, DeskFault> {
    CaseId::parse(text).ok_or(DeskFault::Unknown { what: "case" })
}

fn page_id(text: &str) -> Result<PageId, DeskFault> {
    PageId::parse(text).ok_or(DeskFault::Unknown { what: "page" })
}

fn document_id(text: &str) -> Result<DocumentId, DeskFault> {
    DocumentId::parse(text).ok_or(DeskFault::Unknown { what: "document" })
}

fn print_id(text: &str) -> Result<PrintId, DeskFault> {
    PrintId::parse(text).ok_or(DeskFault::Unknown { what: "print" })
}
