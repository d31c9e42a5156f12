//! The contract with the window: what it may ask, what it is told, which error codes exist. Declared once here in Rust;
//! `src-tauri` exports it as TypeScript and a test fails when `ui/src/host/bindings.ts` is not what Rust says.
//!
//! Every view is the host's last word: the window computes nothing from it that could be wrong (no counting of unsent
//! cases, no guessing of states). Times are local text `2026-11-24T14:59:03`, dates `2026-11-24`; the window only cuts and arranges.
//! Absent on purpose: Tauri, files, the desk. This crate is types and words.

pub mod audit;
pub mod case_view;
pub mod day;
pub mod devices;
pub mod fault;
pub mod licence;
pub mod news;
pub mod page_act;
pub mod paper;
pub mod session;
pub mod status;
pub mod supervisor;
pub mod visit;
pub mod worklist;

/// Derives that every type of the contract has; TypeScript only when the window is built.
macro_rules! contract {
    ($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* }) => {
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        $(#[$meta])*
        pub struct $name { $($body)* }
    };
    ($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(rename_all = "snake_case")]
        $(#[$meta])*
        pub enum $name { $($body)* }
    };
}
pub(crate) use contract;

contract! {
    /// One text in both languages; the window shows the one its reader chose.
    pub struct Words {
        /// Chinese.
        pub zh: String,
        /// English.
        pub en: String,
    }
}

impl Words {
    /// A pair of texts with the same meaning.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

impl From<onewindow_case::text::Bilingual> for Words {
    fn from(text: onewindow_case::text::Bilingual) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

impl From<&onewindow_case::text::Bilingual> for Words {
    fn from(text: &onewindow_case::text::Bilingual) -> Self {
        text.clone().into()
    }
}
