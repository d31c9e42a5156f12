//! A box that only the owner of an X25519 key can open: for the centre's recovery key and for the key of a branch.
//!
//! ```text
//! box  ephemeral public key:32  ciphertext+tag
//! ```
//! The shared secret of an ephemeral key and the recipient's goes through HKDF-SHA256, bound to both public keys and to what
//! the box is for; the result seals this one box with AES-256-GCM. Everything is of one library; nothing here is a cipher of
//! our own. Absent on purpose: dice (the caller brings the ephemeral secret) and who owns which key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};

/// Length of an X25519 key, secret or public, in bytes.
pub const BOX_KEY_BYTES: usize = 32;
/// What a box adds to its content, in bytes.
pub const BOX_EXTRA_BYTES: usize = BOX_KEY_BYTES + TAG_BYTES;

const TAG_BYTES: usize = 16;
const SALT: &[u8] = b"onewindow sealed box 1";

/// Seals `plain` for the owner of `recipient`. `ephemeral` are 32 random bytes that must never be used again; `purpose` says what
/// the box is for and must be given again to open it. `None` for a public key that is none.
pub fn seal_box(recipient: &[u8; BOX_KEY_BYTES], ephemeral: &[u8; BOX_KEY_BYTES], purpose: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let ours = PrivateKey::from_private_key(&X25519, ephemeral).ok()?;
    let public = public_of(&ours)?;
    let key = box_key(&ours, recipient, &public, recipient, purpose)?;
    let mut sealed = plain.to_vec();
    key.seal_in_place_append_tag(only_nonce(), Aad::from(purpose), &mut sealed).ok()?;
    let mut bytes = Vec::with_capacity(BOX_KEY_BYTES + sealed.len());
    bytes.extend_from_slice(&public);
    bytes.extend_from_slice(&sealed);
    Some(bytes)
}

/// Opens a box with the recipient's secret key; `None` when it was made for somebody or something else, or changed.
pub fn open_box(secret: &[u8; BOX_KEY_BYTES], purpose: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (theirs, sealed) = bytes.split_first_chunk::<BOX_KEY_BYTES>()?;
    let ours = PrivateKey::from_private_key(&X25519, secret).ok()?;
    let public = public_of(&ours)?;
    let key = box_key(&ours, theirs, theirs, &public, purpose)?;
    let mut sealed = sealed.to_vec();
    let length = key.open_in_place(only_nonce(), Aad::from(purpose), &mut sealed).ok()?.len();
    sealed.truncate(length);
    Some(sealed)
}

/// The public key of a secret one; `None` only if the library refuses the bytes.
pub fn box_public_key(secret: &[u8; BOX_KEY_BYTES]) -> Option<[u8; BOX_KEY_BYTES]> {
    public_of(&PrivateKey::from_private_key(&X25519, secret).ok()?)
}

fn public_of(key: &PrivateKey) -> Option<[u8; BOX_KEY_BYTES]> {
    key.compute_public_key().ok()?.as_ref().try_into().ok()
}

fn box_key(ours: &PrivateKey, theirs: &[u8; BOX_KEY_BYTES], sender: &[u8], recipient: &[u8], purpose: &[u8]) -> Option<LessSafeKey> {
    let mut key = [0; 32];
    agree(ours, UnparsedPublicKey::new(&X25519, theirs), (), |shared| {
        let extracted = Salt::new(HKDF_SHA256, SALT).extract(shared);
        let bound = [sender, recipient, purpose];
        let expanded = extracted.expand(&bound, HKDF_SHA256).map_err(|_unspecified| ())?;
        expanded.fill(&mut key).map_err(|_unspecified| ())
    })
    .ok()?;
    UnboundKey::new(&AES_256_GCM, &key).ok().map(LessSafeKey::new)
}

/// The key seals one message only, so its nonce may be fixed.
fn only_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_opens_for_its_recipient_and_purpose_only() {
        let (secret, other) = ([7; 32], [8; 32]);
        let public = box_public_key(&secret).expect("a key");
        let sealed = seal_box(&public, &[9; 32], b"test", b"a case key").expect("sealed");
        assert_eq!(sealed.len(), 10 + BOX_EXTRA_BYTES);
        assert_eq!(open_box(&secret, b"test", &sealed).as_deref(), Some(&b"a case key"[..]));
        assert_eq!(open_box(&other, b"test", &sealed), None, "another key");
        assert_eq!(open_box(&secret, b"toast", &sealed), None, "another purpose");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(open_box(&secret, b"test", &changed), None, "byte {place} changed");
            assert_eq!(open_box(&secret, b"test", &sealed[..place]), None, "cut at {place}");
        }
    }
}
