//! Every identity of the domain as a type of its own, all in one place, so that one can never stand where another is meant.
//! Absent on purpose: making new ones. A case has no clock and no dice; the desk makes identities.

use std::fmt;

use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an identity made elsewhere.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The identity as a UUID.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }

            /// Reads the hyphenated form; anything else is `None`.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Wraps a key as the catalogue, roster or centre spells it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The key as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    )*};
}

uuid_id! {
    /// One application, however many matters it holds.
    CaseId;
    /// One printed document (number, data, frozen bytes); not one sheet of paper.
    DocumentId;
    /// One attempt to put a document on paper.
    PrintId;
    /// One page as it was acquired.
    PageId;
}

text_id! {
    /// Key of a bundle in the catalogue, such as `newborn`.
    BundleId;
    /// Key of a matter within its bundle, such as `household`.
    MatterId;
    /// Key of a paper asked for by a bundle: the material and, where it has one, its role (`id_card.mother`).
    MaterialKey;
    /// Key of a guidance question within its bundle.
    QuestionId;
    /// Key of a form field within its bundle.
    FieldKey;
    /// Key of a department, such as `PSB`.
    DepartmentId;
    /// Staff number as printed on the clerk's badge.
    StaffNo;
    /// A counter: region, centre and device number, `330302-01-003`.
    CounterId;
    /// Serial number printed on a blank certificate.
    BlankSerial;
}

/// SHA-256 of a page's bytes as they were acquired; the name under which the store keeps them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Wraps 32 bytes of SHA-256.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hexadecimal digits; anything else is `None`.
    pub fn parse_hex(text: &str) -> Option<Self> {
        let raw = text.as_bytes();
        if raw.len() != 64 {
            return None;
        }
        let mut bytes = [0_u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(raw.chunks_exact(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
