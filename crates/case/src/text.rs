//! Text that a person reads, in both languages of the product. Absent on purpose: any table of words; each crate keeps its own.

/// One sentence or name in Chinese and English. Both are always present; the reader's language chooses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Bilingual {
    /// Chinese, the language of record.
    pub zh: String,
    /// English, the same facts.
    pub en: String,
}

impl Bilingual {
    /// A pair of texts with the same meaning.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}
