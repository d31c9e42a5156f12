//! A packet cut into parts for media that hold no long files (FAT32: less than 4 GiB).
//!
//! ```text
//! part  "OWPP" format:2 packet:16 number:2 (from 1) last:1  piece of the packet
//! ```
//! Absent on purpose: names of files. The order is proven by the numbers, not by names.

use std::io::{self, Read};

use uuid::Uuid;

use super::PacketFault;

/// Length of the head of a part, in bytes.
pub const PART_HEAD_BYTES: usize = 4 + 2 + 16 + 2 + 1;
/// Where the byte lies that says whether a part is the last one; it is known only when the part is full.
pub const PART_LAST_AT: u64 = (PART_HEAD_BYTES - 1) as u64;
/// Most parts of a packet.
pub const PART_LIMIT: u16 = 1_000;
/// Longest part by default, in bytes: below what FAT32 holds.
pub const PART_BYTES: u64 = 4 * 1024 * 1024 * 1024 - 64 * 1024 * 1024;

const MAGIC: &[u8; 4] = b"OWPP";
const FORMAT: u16 = 1;

/// The head of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartHead {
    /// The packet it belongs to.
    pub packet: Uuid,
    /// Its number, from 1.
    pub number: u16,
    /// Whether none follows.
    pub last: bool,
}

impl PartHead {
    /// Its bytes.
    pub fn to_bytes(self) -> [u8; PART_HEAD_BYTES] {
        let mut bytes = [0; PART_HEAD_BYTES];
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4..6].copy_from_slice(&FORMAT.to_be_bytes());
        bytes[6..22].copy_from_slice(self.packet.as_bytes());
        bytes[22..24].copy_from_slice(&self.number.to_be_bytes());
        bytes[24] = u8::from(self.last);
        bytes
    }

    /// Reads the head of a part.
    ///
    /// # Errors
    /// [`PacketFault::Unrecognised`], [`PacketFault::NewerFormat`].
    pub fn from_bytes(bytes: &[u8; PART_HEAD_BYTES]) -> Result<Self, PacketFault> {
        if bytes[..4] != *MAGIC || bytes[24] > 1 {
            return Err(PacketFault::Unrecognised);
        }
        let found = u16::from_be_bytes([bytes[4], bytes[5]]);
        if found > FORMAT {
            return Err(PacketFault::NewerFormat { found });
        }
        let mut packet = [0; 16];
        packet.copy_from_slice(&bytes[6..22]);
        Ok(Self {
            packet: Uuid::from_bytes(packet),
            number: u16::from_be_bytes([bytes[22], bytes[23]]),
            last: bytes[24] == 1,
        })
    }
}

/// Reads the parts of one packet, given in any order, as the packet they were cut from.
#[derive(Debug)]
pub struct Parts<R> {
    /// In order; the one at the front is being read.
    parts: std::collections::VecDeque<R>,
}

impl<R: Read> Parts<R> {
    /// Reads all heads and brings the parts into order.
    ///
    /// # Errors
    /// [`PacketFault::WrongPart`] when one is missing, given twice or of another packet; [`PacketFault::Unrecognised`],
    /// [`PacketFault::NewerFormat`].
    pub fn new(given: impl IntoIterator<Item = R>) -> Result<Self, PacketFault> {
        let mut headed = Vec::new();
        for mut part in given {
            let mut bytes = [0; PART_HEAD_BYTES];
            part.read_exact(&mut bytes).map_err(|_short| PacketFault::Unrecognised)?;
            headed.push((PartHead::from_bytes(&bytes)?, part));
        }
        headed.sort_by_key(|(head, _)| head.number);
        let packet = headed.first().ok_or(PacketFault::WrongPart)?.0.packet;
        let count = headed.len();
        for (place, (head, _)) in headed.iter().enumerate() {
            let right = head.packet == packet && usize::from(head.number) == place + 1 && head.last == (place + 1 == count);
            if !right {
                return Err(PacketFault::WrongPart);
            }
        }
        Ok(Self {
            parts: headed.into_iter().map(|(_, part)| part).collect(),
        })
    }
}

impl<R: Read> Read for Parts<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = self.parts.front_mut() {
            let count = part.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.parts.pop_front();
        }
        Ok(0)
    }
}
