//! Making a packet: every call gives the bytes to be written next.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{Context, SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use onewindow_case::ids::Digest;

use super::{
    CHUNK_LIMIT_BYTES, KEY_PURPOSE, KIND_END, KIND_ENTRIES, KIND_PAGE, MAGIC, PACKET_FORMAT, PACKET_PAGE_LIMIT_BYTES, PackedEntry, PacketFault, PacketHead,
    Recipient, chunk_aad, chunk_nonce, signed_message,
};
use crate::sealed_box::seal_box;

/// Secrets and dice for one packet; all random bytes must never be used again.
pub struct SealKit<'k> {
    /// 32 random bytes: the packet's key.
    pub packet_key: [u8; 32],
    /// For each recipient its public key and 32 random bytes.
    pub recipients: Vec<(Recipient, [u8; 32], [u8; 32])>,
    /// The device's signing key.
    pub signer: &'k Ed25519KeyPair,
}

impl std::fmt::Debug for SealKit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealKit").finish_non_exhaustive()
    }
}

/// A packet being made.
pub struct PacketSealer<'k> {
    key: LessSafeKey,
    signer: &'k Ed25519KeyPair,
    head: [u8; 32],
    written: Context,
    number: u64,
    entries: u64,
    pages: u64,
}

impl<'k> PacketSealer<'k> {
    /// Begins a packet; `head.signer` and `head.recipients` are filled in here. Gives the first bytes.
    ///
    /// # Errors
    /// [`PacketFault::NotForUs`] for a recipient whose public key is none.
    pub fn begin(kit: SealKit<'k>, mut head: PacketHead) -> Result<(Self, Vec<u8>), PacketFault> {
        head.signer = hex::encode(kit.signer.public_key().as_ref());
        head.recipients = Vec::with_capacity(kit.recipients.len());
        for (recipient, public, ephemeral) in &kit.recipients {
            let sealed = seal_box(public, ephemeral, KEY_PURPOSE, &kit.packet_key).ok_or(PacketFault::NotForUs)?;
            head.recipients.push((*recipient, hex::encode(sealed)));
        }
        let json = serde_json::to_vec(&head).map_err(|_plain_data| PacketFault::TooLarge)?;
        let length = u32::try_from(json.len()).map_err(|_too_long| PacketFault::TooLarge)?;
        let mut bytes = Vec::with_capacity(json.len() + 10);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&PACKET_FORMAT.to_be_bytes());
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&json);
        let key = UnboundKey::new(&AES_256_GCM, &kit.packet_key).map_err(|_unspecified| PacketFault::NotForUs)?;
        let mut head_digest = [0; 32];
        head_digest.copy_from_slice(digest(&SHA256, &bytes).as_ref());
        let mut written = Context::new(&SHA256);
        written.update(&bytes);
        let sealer = Self {
            key: LessSafeKey::new(key),
            signer: kit.signer,
            head: head_digest,
            written,
            number: 0,
            entries: 0,
            pages: 0,
        };
        Ok((sealer, bytes))
    }

    /// Entries that follow those given before.
    ///
    /// # Errors
    /// [`PacketFault::TooLarge`].
    pub fn entries(&mut self, entries: &[PackedEntry]) -> Result<Vec<u8>, PacketFault> {
        let mut plain = vec![KIND_ENTRIES];
        for entry in entries {
            plain.extend_from_slice(&entry.epoch.to_be_bytes());
            plain.extend_from_slice(&entry.seq.to_be_bytes());
            plain.extend_from_slice(&u32::try_from(entry.bytes.len()).map_err(|_too_long| PacketFault::TooLarge)?.to_be_bytes());
            plain.extend_from_slice(&entry.bytes);
        }
        self.entries += entries.len() as u64;
        self.chunk(plain)
    }

    /// A page.
    ///
    /// # Errors
    /// [`PacketFault::TooLarge`].
    pub fn page(&mut self, digest: &Digest, bytes: &[u8]) -> Result<Vec<u8>, PacketFault> {
        if bytes.len() > PACKET_PAGE_LIMIT_BYTES {
            return Err(PacketFault::TooLarge);
        }
        let mut plain = Vec::with_capacity(bytes.len() + 33 + 16);
        plain.push(KIND_PAGE);
        plain.extend_from_slice(digest.as_bytes());
        plain.extend_from_slice(bytes);
        self.pages += 1;
        self.chunk(plain)
    }

    /// Ends the packet: the last bytes and the SHA-256 of the whole.
    ///
    /// # Errors
    /// [`PacketFault::BadSignature`] when the device's key can not sign.
    pub fn end(mut self) -> Result<(Vec<u8>, Digest), PacketFault> {
        let mut plain = vec![KIND_END];
        plain.extend_from_slice(&self.entries.to_be_bytes());
        plain.extend_from_slice(&self.pages.to_be_bytes());
        let mut bytes = self.chunk(plain)?;
        let signed = self.written.clone().finish();
        let signature = self
            .signer
            .try_sign(&signed_message(signed.as_ref()))
            .map_err(|_unspecified| PacketFault::BadSignature)?;
        let mut tail = 0_u32.to_be_bytes().to_vec();
        tail.extend_from_slice(signature.as_ref());
        self.written.update(&tail);
        bytes.extend_from_slice(&tail);
        let mut whole = [0; 32];
        whole.copy_from_slice(self.written.finish().as_ref());
        Ok((bytes, Digest::new(whole)))
    }

    fn chunk(&mut self, mut plain: Vec<u8>) -> Result<Vec<u8>, PacketFault> {
        let nonce = Nonce::assume_unique_for_key(chunk_nonce(self.number));
        let aad = Aad::from(chunk_aad(&self.head, self.number));
        self.key
            .seal_in_place_append_tag(nonce, aad, &mut plain)
            .map_err(|_unspecified| PacketFault::TooLarge)?;
        if plain.len() > CHUNK_LIMIT_BYTES {
            return Err(PacketFault::TooLarge);
        }
        self.number += 1;
        let mut bytes = Vec::with_capacity(plain.len() + 4);
        bytes.extend_from_slice(&u32::try_from(plain.len()).map_err(|_too_long| PacketFault::TooLarge)?.to_be_bytes());
        bytes.append(&mut plain);
        self.written.update(&bytes);
        Ok(bytes)
    }
}

impl std::fmt::Debug for PacketSealer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PacketSealer").field("number", &self.number).finish_non_exhaustive()
    }
}
