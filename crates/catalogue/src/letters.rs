//! Which letters a text has: tells in two instructions that two texts are too far apart to compare.

/// Letters and digits of a text, one bit each. Other characters, and capitals, do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Letters(u64);

impl Letters {
    pub fn of(text: &str) -> Self {
        text.bytes().fold(Self::default(), |letters, byte| letters.with(byte))
    }

    pub fn with(self, byte: u8) -> Self {
        let bit = match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << (26 + byte - b'0'),
            _ => 0,
        };
        Self(self.0 | bit)
    }

    /// Letters of one that the other has not. Each needs an edit of its own: replacing, inserting or removing mends one at most.
    pub fn missing_in(self, other: Self) -> usize {
        (self.0 & !other.0).count_ones() as usize
    }

    pub fn has(self, byte: u8) -> bool {
        let single = Self::default().with(byte);
        single.0 != 0 && single.missing_in(self) == 0
    }
}
