//! Reading a packet as a stream: one item after the other, in bounded memory. Whatever was given before [`PacketOpener::next_item`]
//! says that the packet is over must not be used: the signature comes last. Readers therefore go through a packet twice.

use std::io::Read;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{Context, SHA256, digest};
use onewindow_case::ids::Digest;

use super::{
    CHUNK_LIMIT_BYTES, HEAD_LIMIT_BYTES, KEY_PURPOSE, KIND_END, KIND_ENTRIES, KIND_PAGE, MAGIC, PACKET_FORMAT, PackedEntry, PacketFault, PacketHead,
    PacketItem, Recipient, SIGNATURE_BYTES, chunk_aad, chunk_nonce, signed_message, verify_signature,
};
use crate::chain::{Head, verify_next};
use crate::encoding::decode;
use crate::sealed_box::open_box;

/// A key with which somebody can open packets.
#[derive(Clone)]
pub struct OpenKey {
    /// As whom.
    pub recipient: Recipient,
    /// The X25519 secret.
    pub secret: [u8; 32],
}

impl std::fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenKey({:?})", self.recipient)
    }
}

/// A packet being read.
pub struct PacketOpener<R> {
    from: R,
    head: PacketHead,
    head_digest: [u8; 32],
    key: LessSafeKey,
    read: Context,
    number: u64,
    at: Head,
    entries: u64,
    pages: u64,
    over: Option<Digest>,
}

impl<R: Read> PacketOpener<R> {
    /// Reads the head.
    ///
    /// # Errors
    /// A [`PacketFault`]; a medium that cannot be read counts as [`PacketFault::Truncated`].
    pub fn begin(mut from: R, key: &OpenKey) -> Result<Self, PacketFault> {
        let mut start = [0; 10];
        fill(&mut from, &mut start).map_err(|_short| PacketFault::Unrecognised)?;
        if start[..4] != *MAGIC {
            return Err(PacketFault::Unrecognised);
        }
        let format = u16::from_be_bytes([start[4], start[5]]);
        if format != PACKET_FORMAT {
            return Err(if format > PACKET_FORMAT {
                PacketFault::NewerFormat { found: format }
            } else {
                PacketFault::Unrecognised
            });
        }
        let length = u32::from_be_bytes([start[6], start[7], start[8], start[9]]);
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= HEAD_LIMIT_BYTES)
            .ok_or(PacketFault::Damaged)?;
        let mut json = vec![0; length];
        fill(&mut from, &mut json)?;
        let head: PacketHead = serde_json::from_slice(&json).map_err(|_no_head| PacketFault::Damaged)?;
        let sealed = head.recipients.iter().filter(|(recipient, _)| *recipient == key.recipient);
        let packet_key = sealed
            .filter_map(|(_, text)| hex::decode(text).ok())
            .find_map(|sealed| open_box(&key.secret, KEY_PURPOSE, &sealed))
            .ok_or(PacketFault::NotForUs)?;
        let unbound = UnboundKey::new(&AES_256_GCM, &packet_key).map_err(|_unspecified| PacketFault::Damaged)?;
        let whole = [start.as_slice(), &json].concat();
        let mut head_digest = [0; 32];
        head_digest.copy_from_slice(digest(&SHA256, &whole).as_ref());
        let mut read = Context::new(&SHA256);
        read.update(&whole);
        Ok(Self {
            from,
            at: head.after().ok_or(PacketFault::Damaged)?,
            head,
            head_digest,
            key: LessSafeKey::new(unbound),
            read,
            number: 0,
            entries: 0,
            pages: 0,
            over: None,
        })
    }

    /// The clear part.
    pub fn head(&self) -> &PacketHead {
        &self.head
    }

    /// The next item; `None` once the packet is over, its counts are right and its signature holds.
    ///
    /// # Errors
    /// A [`PacketFault`].
    pub fn next_item(&mut self) -> Result<Option<PacketItem>, PacketFault> {
        if self.over.is_some() {
            return Ok(None);
        }
        let plain = self.chunk()?;
        let (kind, body) = plain.split_first().ok_or(PacketFault::Damaged)?;
        match *kind {
            KIND_ENTRIES => self.entries(body).map(Some),
            KIND_PAGE => {
                let (named, bytes) = body.split_first_chunk::<32>().ok_or(PacketFault::Damaged)?;
                if digest(&SHA256, bytes).as_ref() != named {
                    return Err(PacketFault::Damaged);
                }
                self.pages += 1;
                Ok(Some(PacketItem::Page {
                    digest: Digest::new(*named),
                    bytes: bytes.to_vec(),
                }))
            }
            KIND_END => self.end(body).map(|()| None),
            _unknown => Err(PacketFault::Damaged),
        }
    }

    /// SHA-256 of the whole packet, once it is over.
    pub fn digest(&self) -> Option<Digest> {
        self.over
    }

    /// Where the chain stands after the last entry given.
    pub fn at(&self) -> Head {
        self.at
    }

    /// Goes through the whole packet without keeping anything of it.
    ///
    /// # Errors
    /// A [`PacketFault`]: then nothing of the packet may be used.
    pub fn prove(mut self) -> Result<Digest, PacketFault> {
        while self.next_item()?.is_some() {}
        self.over.ok_or(PacketFault::Truncated)
    }

    fn entries(&mut self, body: &[u8]) -> Result<PacketItem, PacketFault> {
        let mut entries = Vec::new();
        let mut rest = body;
        while !rest.is_empty() {
            let (epoch, behind) = rest.split_first_chunk::<4>().ok_or(PacketFault::Damaged)?;
            let (seq, behind) = behind.split_first_chunk::<8>().ok_or(PacketFault::Damaged)?;
            let (length, behind) = behind.split_first_chunk::<4>().ok_or(PacketFault::Damaged)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_too_long| PacketFault::Damaged)?;
            let (bytes, behind) = behind.split_at_checked(length).ok_or(PacketFault::Damaged)?;
            rest = behind;
            let entry = PackedEntry {
                epoch: u32::from_be_bytes(*epoch),
                seq: u64::from_be_bytes(*seq),
                bytes: bytes.to_vec(),
            };
            self.follow(&entry)?;
            entries.push(entry);
        }
        self.entries += entries.len() as u64;
        Ok(PacketItem::Entries(entries))
    }

    /// Entries follow one another; only behind entries that the counter itself has lost may a new epoch begin further on.
    fn follow(&mut self, entry: &PackedEntry) -> Result<(), PacketFault> {
        let told = decode(&entry.bytes).map_err(|_unreadable| PacketFault::BrokenChain)?;
        let right = told.seq == entry.seq && told.epoch == entry.epoch && told.counter.as_str() == self.head.counter;
        if !right {
            return Err(PacketFault::BrokenChain);
        }
        if entry.seq > self.at.seq + 1 && told.prev == self.at.digest {
            self.at.seq = entry.seq - 1;
        }
        self.at = verify_next(self.at, &entry.bytes).map_err(|_broken| PacketFault::BrokenChain)?;
        Ok(())
    }

    fn end(&mut self, body: &[u8]) -> Result<(), PacketFault> {
        let (entries, pages) = body.split_first_chunk::<8>().ok_or(PacketFault::Damaged)?;
        let counts_fit = u64::from_be_bytes(*entries) == self.entries && pages == self.pages.to_be_bytes() && self.at.seq == self.head.through_seq;
        if !counts_fit {
            return Err(PacketFault::Damaged);
        }
        let signed = self.read.clone().finish();
        let mut tail = [0; 4 + SIGNATURE_BYTES];
        fill(&mut self.from, &mut tail)?;
        if tail[..4] != [0; 4] {
            return Err(PacketFault::Damaged);
        }
        if !verify_signature(&self.head.signer, &signed_message(signed.as_ref()), &hex::encode(&tail[4..])) {
            return Err(PacketFault::BadSignature);
        }
        // Nothing may stand behind the end.
        if fill(&mut self.from, &mut [0]).is_ok() {
            return Err(PacketFault::Damaged);
        }
        self.read.update(&tail);
        let mut whole = [0; 32];
        whole.copy_from_slice(self.read.clone().finish().as_ref());
        self.over = Some(Digest::new(whole));
        Ok(())
    }

    fn chunk(&mut self) -> Result<Vec<u8>, PacketFault> {
        let mut length = [0; 4];
        fill(&mut self.from, &mut length)?;
        let size = usize::try_from(u32::from_be_bytes(length)).map_err(|_too_long| PacketFault::Damaged)?;
        if size == 0 || size > CHUNK_LIMIT_BYTES {
            return Err(PacketFault::Damaged);
        }
        // Read as it comes, so that a length that lies costs no memory.
        let mut sealed = Vec::new();
        let wanted = u64::try_from(size).map_err(|_too_long| PacketFault::Damaged)?;
        (&mut self.from)
            .take(wanted)
            .read_to_end(&mut sealed)
            .map_err(|_unreadable| PacketFault::Truncated)?;
        if sealed.len() != size {
            return Err(PacketFault::Truncated);
        }
        self.read.update(&length);
        self.read.update(&sealed);
        let nonce = Nonce::assume_unique_for_key(chunk_nonce(self.number));
        let aad = Aad::from(chunk_aad(&self.head_digest, self.number));
        let plain = self
            .key
            .open_in_place(nonce, aad, &mut sealed)
            .map_err(|_unspecified| PacketFault::Damaged)?
            .len();
        sealed.truncate(plain);
        self.number += 1;
        Ok(sealed)
    }
}

impl<R> std::fmt::Debug for PacketOpener<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PacketOpener").field("packet", &self.head.packet).finish_non_exhaustive()
    }
}

fn fill(from: &mut impl Read, bytes: &mut [u8]) -> Result<(), PacketFault> {
    from.read_exact(bytes).map_err(|_short_or_unreadable| PacketFault::Truncated)
}
