//! The signed code on a licence: made at the counter, verified anywhere without a network.
//!
//! A code is `OW1:` and a base45 text of a COSE_Sign1 message (RFC 9052) that holds a CBOR Web Token (RFC 8392). The
//! protected header carries the algorithm and the key's name and nothing else; there is no negotiation. Reading is
//! strict: a code that is not exactly what this module would have written is rejected. A verified code says "valid
//! when issued"; what happened since is in the revocation list, as of its day. Keys are made and kept elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use coset::{
    CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, RegisteredLabelWithPrivate, TaggedCborSerializable,
    cbor::Value,
    cwt::{ClaimName, ClaimsSet, ClaimsSetBuilder, Timestamp},
    iana,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::{Date, Duration, PrimitiveDateTime, Time, macros::offset};

/// What every code starts with; the number is the version of the format.
pub const CODE_PREFIX: &str = "OW1:";
/// Longer texts do not fit a QR code at level Q and are not looked at.
const MAX_CODE_CHARS: usize = 2_420;
/// In the kinds of a key: it may sign copies of licences of any kind, each of which says that it is one.
pub const COPIES: &str = "copies";
/// Domain of list signatures, so that a list can never be taken for a licence.
const LIST_CONTEXT: &[u8] = b"one-window list v1";

/// What a licence code states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceClaims {
    /// The body that issued the licence.
    pub issuer: String,
    /// Licence number.
    pub licence_number: String,
    /// Name of the holder.
    pub holder: String,
    /// Kind of licence, for example `business-licence`.
    pub kind: String,
    /// Day of issue.
    pub issued: Day,
    /// Last day of validity, when there is one.
    pub valid_to: Option<Day>,
    /// 0 for the original print, then the number of the reprint.
    pub copy: u16,
    /// The print event that made this sheet.
    pub print_id: String,
}

/// A day, written as `2026-11-22` in JSON; in the token it is the first second of the day in China.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

/// Signs licence codes. Another algorithm (SM2 with SM3) is another implementation with its own `algorithm`.
pub trait LicenceSigner {
    /// Name of the key, as it stands in the key list.
    fn key_id(&self) -> &str;
    /// The COSE algorithm.
    fn algorithm(&self) -> iana::Algorithm;
    /// Signs a message.
    ///
    /// # Errors
    /// [`CodeFault::Signing`] when the key cannot be used.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CodeFault>;
}

/// Ed25519 keys.
pub struct Ed25519Signer {
    key_id: String,
    keys: Ed25519KeyPair,
}

/// The public keys of the offices, under the name that is in the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyList {
    /// Grows with every change of the list.
    pub version: u64,
    /// Keys by name.
    pub keys: BTreeMap<String, OfficeKey>,
}

/// One office's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeKey {
    /// The office.
    pub office: String,
    /// Ed25519 public key, 64 hexadecimal digits.
    pub public_key: String,
    /// First day for which the key may sign.
    pub valid_from: Day,
    /// Last day for which the key may sign.
    pub valid_to: Day,
    /// Kinds of licences that it may sign, and [`COPIES`]; empty for an office, which signs all.
    #[serde(default)]
    pub kinds: BTreeSet<String>,
}

/// Licences that no longer hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationList {
    /// The day whose state the list shows.
    pub as_of: Day,
    /// Numbers of revoked licences.
    pub licences: BTreeSet<String>,
    /// Print ids of single sheets that were declared void: spoiled, lost or stolen.
    pub prints: BTreeSet<String>,
}

/// A code that was checked and holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedLicence {
    /// What it states.
    pub claims: LicenceClaims,
    /// The key that signed it.
    pub key_id: String,
    /// The office that owns the key.
    pub office: String,
    /// The day of the revocation list that was used.
    pub status_as_of: Day,
}

impl VerifiedLicence {
    /// Whether the licence has run out on a day.
    #[must_use]
    pub fn is_expired_on(&self, day: Day) -> bool {
        self.claims.valid_to.is_some_and(|last| day > last)
    }
}

/// Why a code does not hold, or could not be made.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum CodeFault {
    /// The text is no licence code, or is damaged.
    #[error("this is not a licence code: {reason}")]
    NotACode {
        /// What is wrong.
        reason: &'static str,
    },
    /// No key of this name is in the list; the list may be old.
    #[error("the key {key_id:?} is not in the key list")]
    UnknownKey {
        /// Name in the code.
        key_id: String,
    },
    /// The content was changed or was not signed by this office.
    #[error("the signature is wrong")]
    WrongSignature,
    /// The key was not valid on the day of issue, or not for this kind of licence.
    #[error("the key {key_id:?} was not valid for this licence on the day of issue")]
    KeyNotValid {
        /// Name of the key.
        key_id: String,
    },
    /// The licence or this sheet was revoked.
    #[error("licence {licence_number} was revoked")]
    Revoked {
        /// Number of the licence.
        licence_number: String,
    },
    /// The key cannot sign.
    #[error("the code cannot be signed: {reason}")]
    Signing {
        /// What went wrong.
        reason: String,
    },
}

/// Makes the text of a code.
///
/// # Errors
/// [`CodeFault::Signing`] when the key cannot be used.
pub fn sign(claims: &LicenceClaims, signer: &dyn LicenceSigner) -> Result<String, CodeFault> {
    let payload = write_claims(claims)?;
    let message = write_message(payload, signer, &[])?;
    Ok(format!("{CODE_PREFIX}{}", base45::encode(message)))
}

/// Checks a code against the keys and revocations at hand. Reads no clock and no network.
///
/// # Errors
/// A [`CodeFault`] that says why it does not hold.
pub fn verify(text: &str, keys: &KeyList, revoked: &RevocationList) -> Result<VerifiedLicence, CodeFault> {
    let encoded = text.strip_prefix(CODE_PREFIX).ok_or(CodeFault::NotACode {
        reason: "it does not start with OW1:",
    })?;
    if encoded.len() > MAX_CODE_CHARS {
        return Err(CodeFault::NotACode { reason: "it is too long" });
    }
    let bytes = base45::decode(encoded).map_err(|_| CodeFault::NotACode { reason: "it is not base45" })?;
    if base45::encode(&bytes) != encoded {
        return Err(CodeFault::NotACode {
            reason: "it is not written in the one right way",
        });
    }
    let (message, key_id) = read_message(&bytes)?;
    let key = keys.keys.get(&key_id).ok_or_else(|| CodeFault::UnknownKey { key_id: key_id.clone() })?;
    check_signature(&message, &key.public_key, &[])?;
    let claims = read_claims(message.payload.as_deref().unwrap_or_default())?;
    let is_copy = claims.copy > 0;
    let may_sign = key.kinds.is_empty() || key.kinds.contains(&claims.kind) || (is_copy && key.kinds.contains(COPIES));
    let signed_on = if is_copy { printed_on(&claims) } else { Some(claims.issued) };
    if !may_sign || signed_on.is_none_or(|day| day < key.valid_from || day > key.valid_to) {
        return Err(CodeFault::KeyNotValid { key_id });
    }
    if revoked.licences.contains(&claims.licence_number) || revoked.prints.contains(&claims.print_id) {
        return Err(CodeFault::Revoked {
            licence_number: claims.licence_number,
        });
    }
    Ok(VerifiedLicence {
        claims,
        office: key.office.clone(),
        key_id,
        status_as_of: revoked.as_of,
    })
}

/// The day in China on which the sheet of a copy was ordered: its print id is a UUID of version 7, which begins with the time.
fn printed_on(claims: &LicenceClaims) -> Option<Day> {
    let hex: String = claims.print_id.chars().filter(|character| *character != '-').collect();
    let is_v7 = hex.len() == 32 && hex.as_bytes()[12] == b'7';
    let time_ms = is_v7.then(|| i64::from_str_radix(hex.get(..12)?, 16).ok()).flatten()?;
    let at = time::OffsetDateTime::from_unix_timestamp(time_ms / 1_000).ok()?;
    Some(Day(at.to_offset(offset!(+8)).date()))
}

/// What a code states, unchecked: for a holder of the original who makes a copy of it. Never for deciding whether it holds.
///
/// # Errors
/// [`CodeFault::NotACode`] when it is none.
pub fn read_unverified(text: &str) -> Result<LicenceClaims, CodeFault> {
    let encoded = text.strip_prefix(CODE_PREFIX).filter(|encoded| encoded.len() <= MAX_CODE_CHARS);
    let bytes = encoded
        .and_then(|encoded| base45::decode(encoded).ok())
        .ok_or(CodeFault::NotACode { reason: "it is not base45" })?;
    let (message, _) = read_message(&bytes)?;
    read_claims(message.payload.as_deref().unwrap_or_default())
}

/// Seals a key or revocation list for distribution, signed by the centre's root key.
///
/// # Errors
/// [`CodeFault::Signing`] when the list cannot be written or signed.
pub fn seal_list<T: Serialize>(list: &T, root: &dyn LicenceSigner) -> Result<Vec<u8>, CodeFault> {
    let payload = serde_json::to_vec(list).map_err(|error| CodeFault::Signing { reason: error.to_string() })?;
    write_message(payload, root, LIST_CONTEXT)
}

/// Opens a sealed list with the root's public key (64 hexadecimal digits).
///
/// # Errors
/// [`CodeFault`] when it was not sealed by the root or is damaged.
pub fn open_list<T: for<'de> Deserialize<'de>>(sealed: &[u8], root_public_key: &str) -> Result<T, CodeFault> {
    let (message, _) = read_message(sealed)?;
    check_signature(&message, root_public_key, LIST_CONTEXT)?;
    serde_json::from_slice(message.payload.as_deref().unwrap_or_default()).map_err(|_| CodeFault::NotACode {
        reason: "the list cannot be read",
    })
}

impl Ed25519Signer {
    /// A signer from a 32-byte seed, which the caller keeps in the key store.
    ///
    /// # Errors
    /// [`CodeFault::Signing`] when the seed has another length.
    pub fn from_seed(key_id: &str, seed: &[u8]) -> Result<Self, CodeFault> {
        let keys = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|error| CodeFault::Signing { reason: error.to_string() })?;
        Ok(Self {
            key_id: key_id.to_owned(),
            keys,
        })
    }

    /// The public key as 64 hexadecimal digits, for the key list.
    #[must_use]
    pub fn public_key(&self) -> String {
        hex::encode(self.keys.public_key().as_ref())
    }
}

impl LicenceSigner for Ed25519Signer {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn algorithm(&self) -> iana::Algorithm {
        iana::Algorithm::EdDSA
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CodeFault> {
        Ok(self.keys.sign(message).as_ref().to_vec())
    }
}

fn write_message(payload: Vec<u8>, signer: &dyn LicenceSigner, context: &[u8]) -> Result<Vec<u8>, CodeFault> {
    let header = HeaderBuilder::new()
        .algorithm(signer.algorithm())
        .key_id(signer.key_id().as_bytes().to_vec())
        .build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .try_create_signature(context, |message| signer.sign(message))?
        .build()
        .to_tagged_vec()
        .map_err(|error| CodeFault::Signing { reason: error.to_string() })
}

/// Reads a message and the name of its key, and makes sure that there is no other way to write the same.
fn read_message(bytes: &[u8]) -> Result<(CoseSign1, String), CodeFault> {
    let fault = |reason| CodeFault::NotACode { reason };
    let message = CoseSign1::from_tagged_slice(bytes).map_err(|_| fault("it is not a signed message"))?;
    let key_id = String::from_utf8(message.protected.header.key_id.clone()).map_err(|_| fault("the name of the key is not text"))?;
    let algorithm = RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA);
    if message.protected.header.alg != Some(algorithm) {
        return Err(fault("it uses another algorithm"));
    }
    let header = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .key_id(key_id.clone().into_bytes())
        .build();
    let rebuilt = CoseSign1Builder::new()
        .protected(header)
        .payload(message.payload.clone().unwrap_or_default())
        .signature(message.signature.clone())
        .build()
        .to_tagged_vec();
    if rebuilt.ok().as_deref() != Some(bytes) {
        return Err(fault("it is not written in the one right way"));
    }
    Ok((message, key_id))
}

fn check_signature(message: &CoseSign1, public_key: &str, context: &[u8]) -> Result<(), CodeFault> {
    let key = hex::decode(public_key).map_err(|_| CodeFault::WrongSignature)?;
    message.verify_signature(context, |signature, signed| {
        UnparsedPublicKey::new(&ED25519, &key)
            .verify(signed, signature)
            .map_err(|_| CodeFault::WrongSignature)
    })
}

fn write_claims(claims: &LicenceClaims) -> Result<Vec<u8>, CodeFault> {
    let mut token = ClaimsSetBuilder::new()
        .issuer(claims.issuer.clone())
        .subject(claims.holder.clone())
        .issued_at(Timestamp::WholeSeconds(claims.issued.first_second()))
        .cwt_id(claims.print_id.clone().into_bytes());
    if let Some(last) = claims.valid_to {
        token = token.expiration_time(Timestamp::WholeSeconds(last.first_second()));
    }
    token
        .text_claim("no".to_owned(), Value::Text(claims.licence_number.clone()))
        .text_claim("kind".to_owned(), Value::Text(claims.kind.clone()))
        .text_claim("copy".to_owned(), Value::Integer(claims.copy.into()))
        .build()
        .to_vec()
        .map_err(|error| CodeFault::Signing { reason: error.to_string() })
}

fn read_claims(payload: &[u8]) -> Result<LicenceClaims, CodeFault> {
    let fault = || CodeFault::NotACode {
        reason: "its claims cannot be read",
    };
    let token = ClaimsSet::from_slice(payload).map_err(|_| fault())?;
    let text = |name: &str| match find_claim(&token, name) {
        Some(Value::Text(text)) => Ok(text.clone()),
        _ => Err(fault()),
    };
    let day = |stamp: &Timestamp| match stamp {
        Timestamp::WholeSeconds(seconds) => Day::from_first_second(*seconds).ok_or_else(fault),
        Timestamp::FractionalSeconds(_) => Err(fault()),
    };
    let copy = match find_claim(&token, "copy") {
        Some(Value::Integer(number)) => u16::try_from(*number).map_err(|_| fault())?,
        _ => return Err(fault()),
    };
    let claims = LicenceClaims {
        issuer: token.issuer.clone().ok_or_else(fault)?,
        licence_number: text("no")?,
        holder: token.subject.clone().ok_or_else(fault)?,
        kind: text("kind")?,
        issued: day(token.issued_at.as_ref().ok_or_else(fault)?)?,
        valid_to: token.expiration_time.as_ref().map(day).transpose()?,
        copy,
        print_id: String::from_utf8(token.cwt_id.clone().ok_or_else(fault)?).map_err(|_| fault())?,
    };
    // Nothing may be in the token that we do not know, and nothing twice.
    if write_claims(&claims)? == payload { Ok(claims) } else { Err(fault()) }
}

fn find_claim<'a>(token: &'a ClaimsSet, name: &str) -> Option<&'a Value> {
    token.rest.iter().find_map(|(label, value)| match label {
        ClaimName::Text(text) if text == name => Some(value),
        ClaimName::Text(_) | ClaimName::Assigned(_) | ClaimName::PrivateUse(_) => None,
    })
}

impl Day {
    fn first_second(self) -> i64 {
        PrimitiveDateTime::new(self.0, Time::MIDNIGHT).assume_offset(offset!(+8)).unix_timestamp()
    }

    fn from_first_second(seconds: i64) -> Option<Self> {
        let local = time::OffsetDateTime::from_unix_timestamp(seconds).ok()?.checked_add(Duration::hours(8))?;
        (local.time() == Time::MIDNIGHT).then(|| Self(local.date()))
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        crate::data::day::serialize(&self.0, out)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        crate::data::day::deserialize(input).map(Self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use time::macros::date;

    use super::*;

    fn signer() -> Ed25519Signer {
        Ed25519Signer::from_seed("yunjiang-01", &[7; 32]).unwrap()
    }

    fn claims() -> LicenceClaims {
        LicenceClaims {
            issuer: "云江市市场监督管理局".into(),
            licence_number: "91330402MAYYYY016L".into(),
            holder: "云江市星隅歌舞娱乐有限公司".into(),
            kind: "business-licence".into(),
            issued: Day(date!(2026 - 11 - 25)),
            valid_to: Some(Day(date!(2029 - 01 - 07))),
            copy: 0,
            print_id: "0190f2c4".into(),
        }
    }

    fn keys() -> KeyList {
        let key = OfficeKey {
            office: "云江市".into(),
            public_key: signer().public_key(),
            valid_from: Day(date!(2026 - 01 - 01)),
            valid_to: Day(date!(2027 - 12 - 31)),
            kinds: BTreeSet::new(),
        };
        KeyList {
            version: 1,
            keys: [("yunjiang-01".to_owned(), key)].into(),
        }
    }

    fn nothing_revoked() -> RevocationList {
        RevocationList {
            as_of: Day(date!(2026 - 11 - 26)),
            licences: BTreeSet::new(),
            prints: BTreeSet::new(),
        }
    }

    #[test]
    fn a_signed_code_states_what_was_signed() {
        let text = sign(&claims(), &signer()).unwrap();
        assert!(text.len() < 520, "it must fit the corner of a licence, has {} characters", text.len());
        let verified = verify(&text, &keys(), &nothing_revoked()).unwrap();
        assert_eq!(verified.claims, claims());
        assert_eq!(verified.key_id, "yunjiang-01");
        assert!(!verified.is_expired_on(Day(date!(2029 - 01 - 07))));
        assert!(verified.is_expired_on(Day(date!(2029 - 01 - 08))));
    }

    #[test]
    fn every_changed_character_is_rejected() {
        let text = sign(&claims(), &signer()).unwrap();
        let alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        for index in 0..text.len() {
            for other in alphabet.chars().chain(['a', '\0', '中']) {
                let mut changed: Vec<char> = text.chars().collect();
                if changed[index] == other {
                    continue;
                }
                changed[index] = other;
                let changed: String = changed.into_iter().collect();
                assert!(verify(&changed, &keys(), &nothing_revoked()).is_err(), "at {index}: {other:?}");
            }
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_rejected() {
        let text = sign(&claims(), &signer()).unwrap();
        let bytes = base45::decode(text.strip_prefix(CODE_PREFIX).unwrap()).unwrap();
        let check = |bytes: &[u8]| {
            let text = format!("{CODE_PREFIX}{}", base45::encode(bytes));
            assert!(verify(&text, &keys(), &nothing_revoked()).is_err());
        };
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[index] ^= 1 << bit;
                check(&changed);
            }
            check(&bytes[..index]);
        }
        let mut longer = bytes;
        longer.push(0);
        check(&longer);
    }

    #[test]
    fn other_ways_of_writing_the_same_are_rejected() {
        let text = sign(&claims(), &signer()).unwrap();
        for changed in [text.to_lowercase(), format!(" {text}"), format!("{text} "), text.replacen("OW1", "OW2", 1)] {
            assert!(verify(&changed, &keys(), &nothing_revoked()).is_err(), "{changed}");
        }
    }

    #[test]
    fn keys_and_revocations_are_respected() {
        let text = sign(&claims(), &signer()).unwrap();
        let fault = verify(&text, &KeyList::default(), &nothing_revoked()).unwrap_err();
        assert_eq!(fault, CodeFault::UnknownKey { key_id: "yunjiang-01".into() });

        let stranger = Ed25519Signer::from_seed("yunjiang-01", &[8; 32]).unwrap();
        let forged = sign(&claims(), &stranger).unwrap();
        assert_eq!(verify(&forged, &keys(), &nothing_revoked()), Err(CodeFault::WrongSignature));

        let old = LicenceClaims {
            issued: Day(date!(2025 - 12 - 31)),
            ..claims()
        };
        let fault = verify(&sign(&old, &signer()).unwrap(), &keys(), &nothing_revoked()).unwrap_err();
        assert_eq!(fault, CodeFault::KeyNotValid { key_id: "yunjiang-01".into() });

        let number = claims().licence_number;
        let revoked = RevocationList {
            licences: [number.clone()].into(),
            ..nothing_revoked()
        };
        assert_eq!(verify(&text, &keys(), &revoked), Err(CodeFault::Revoked { licence_number: number }));
        let void = RevocationList {
            prints: ["0190f2c4".to_owned()].into(),
            ..nothing_revoked()
        };
        assert!(verify(&text, &keys(), &void).is_err());
    }

    #[test]
    fn a_counters_key_signs_its_own_kinds_only() {
        let text = sign(&claims(), &signer()).unwrap();
        let mut keys = keys();
        let kinds = |kind: &str| BTreeSet::from([kind.to_owned()]);
        keys.keys.get_mut("yunjiang-01").unwrap().kinds = kinds("tenancy-proof");
        let fault = verify(&text, &keys, &nothing_revoked()).unwrap_err();
        assert_eq!(fault, CodeFault::KeyNotValid { key_id: "yunjiang-01".into() });
        keys.keys.get_mut("yunjiang-01").unwrap().kinds = kinds("business-licence");
        assert!(verify(&text, &keys, &nothing_revoked()).is_ok());
    }

    #[test]
    fn a_key_for_copies_signs_copies_only_and_only_in_its_own_time() {
        let mut keys = keys();
        let key = keys.keys.get_mut("yunjiang-01").unwrap();
        key.kinds = BTreeSet::from([COPIES.to_owned()]);
        key.valid_from = Day(date!(2026 - 12 - 01));
        let holds = |claims: &LicenceClaims| verify(&sign(claims, &signer()).unwrap(), &keys, &nothing_revoked()).is_ok();
        // The first 48 bits are noon of 5 December 2026, and of 30 November.
        let copy = LicenceClaims {
            copy: 1,
            print_id: "01a2445b-da00-7c50-9d0a-2f4f6d2f8a11".into(),
            ..claims()
        };
        assert_eq!(printed_on(&copy), Some(Day(date!(2026 - 12 - 05))));
        assert!(holds(&copy), "a licence of any day may be copied");
        assert!(!holds(&LicenceClaims { copy: 0, ..copy.clone() }), "an original it may not sign");
        for print_id in ["01a22a9c-0e00-7c50-9d0a-2f4f6d2f8a11", "0190f2c4", ""] {
            let copy = LicenceClaims {
                print_id: print_id.into(),
                ..copy.clone()
            };
            assert!(!holds(&copy), "made before the key, or without a time: {print_id:?}");
        }
    }

    #[test]
    fn lists_hold_only_under_the_root_key() {
        let root = Ed25519Signer::from_seed("root", &[1; 32]).unwrap();
        let sealed = seal_list(&keys(), &root).unwrap();
        assert_eq!(open_list::<KeyList>(&sealed, &root.public_key()).unwrap(), keys());
        assert!(open_list::<KeyList>(&sealed, &signer().public_key()).is_err());
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open_list::<KeyList>(&changed, &root.public_key()).is_err(), "byte {index}");
        }
        let as_code = format!("{CODE_PREFIX}{}", base45::encode(&sealed));
        let keys = KeyList {
            version: 1,
            keys: [("root".to_owned(), keys().keys["yunjiang-01"].clone())].into(),
        };
        assert!(verify(&as_code, &keys, &nothing_revoked()).is_err(), "a list is not a licence");
    }
}
