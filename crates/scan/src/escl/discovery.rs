//! Finding scanners by multicast DNS (RFC 6762, one question from a port of its own, so that answers come straight back) and its
//! service records (RFC 6763). Pure: bytes to ask, bytes to read. Answers come from anyone on the network: bounded, never trusted
//! further than an address to try.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Longest answer read.
pub const DATAGRAM_BYTES_MAX: usize = 9000;
/// Services that speak eSCL, in clear and over TLS.
const SERVICES: [&str; 2] = ["_uscan._tcp.local", "_uscans._tcp.local"];
/// Records read of one answer.
const RECORDS_MAX: usize = 200;
/// Jumps within one name; more is a loop.
const JUMPS_MAX: usize = 20;
const TYPE_A: u16 = 1;
const TYPE_PTR: u16 = 12;
const TYPE_TXT: u16 = 16;
const TYPE_SRV: u16 = 33;

/// What one or more answers announced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announced {
    /// Service instances and whether they speak TLS.
    instances: BTreeMap<String, bool>,
    /// Host and port of an instance.
    places: BTreeMap<String, (String, u16)>,
    /// `rs` (path) and `ty` (model) of an instance.
    texts: BTreeMap<String, (Option<String>, Option<String>)>,
    hosts: BTreeMap<String, Ipv4Addr>,
}

/// The question for all eSCL scanners.
pub fn query() -> Vec<u8> {
    let mut bytes = vec![0, 0, 0, 0, 0, SERVICES.len() as u8, 0, 0, 0, 0, 0, 0];
    for service in SERVICES {
        for label in service.split('.') {
            bytes.push(label.len() as u8);
            bytes.extend(label.bytes());
        }
        // Pointer records, class IN.
        bytes.extend([0, 0, TYPE_PTR as u8, 0, 1]);
    }
    bytes
}

/// Adds what an answer says; bytes that are no answer add nothing.
pub fn read_answer(bytes: &[u8], announced: &mut Announced) {
    let packet = Packet {
        bytes: &bytes[..bytes.len().min(DATAGRAM_BYTES_MAX)],
    };
    let _ = packet.read(announced);
}

/// The scanners announced in full: identity ([`super::scanner_at`]) and model.
pub fn scanners_in(announced: &Announced) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (instance, &secure) in &announced.instances {
        let Some((host, port)) = announced.places.get(instance) else { continue };
        let Some(address) = announced.hosts.get(host) else { continue };
        let (path, model) = announced.texts.get(instance).cloned().unwrap_or_default();
        let scheme = if secure { "https" } else { "http" };
        let path = path.unwrap_or_else(|| "eSCL".to_owned());
        let id = super::scanner_at(&format!("{scheme}://{address}:{port}/{}", path.trim_matches('/')));
        let name = model.unwrap_or_else(|| instance.split('.').next().unwrap_or_default().to_owned());
        found.extend(id.map(|id| (id, name)));
    }
    found
}

struct Packet<'a> {
    bytes: &'a [u8],
}

impl Packet<'_> {
    fn read(&self, announced: &mut Announced) -> Option<()> {
        // Only answers count.
        if self.u16(2)? & 0x8000 == 0 {
            return None;
        }
        let questions = self.u16(4)?;
        let records = usize::from(self.u16(6)?) + usize::from(self.u16(8)?) + usize::from(self.u16(10)?);
        let mut at = 12;
        for _ in 0..questions.min(16) {
            at = self.name(at)?.1 + 4;
        }
        for _ in 0..records.min(RECORDS_MAX) {
            at = self.record(at, announced)?;
        }
        Some(())
    }

    /// Takes the record at an offset; gives the offset of the next one.
    fn record(&self, at: usize, announced: &mut Announced) -> Option<usize> {
        let (name, at) = self.name(at)?;
        let kind = self.u16(at)?;
        let length = usize::from(self.u16(at + 8)?);
        let data = at + 10;
        let end = data.checked_add(length).filter(|end| *end <= self.bytes.len())?;
        match kind {
            TYPE_PTR => {
                if let Some(service) = SERVICES.iter().position(|service| name == *service) {
                    let instance = self.name(data)?.0;
                    if announced.instances.len() < RECORDS_MAX {
                        announced.instances.insert(instance, service == 1);
                    }
                }
            }
            TYPE_SRV if announced.places.len() < RECORDS_MAX => {
                announced.places.insert(name, (self.name(data + 6)?.0, self.u16(data + 4)?));
            }
            TYPE_TXT if announced.texts.len() < RECORDS_MAX => {
                announced.texts.insert(name, (self.text(data, end, "rs="), self.text(data, end, "ty=")));
            }
            TYPE_A if length == 4 && announced.hosts.len() < RECORDS_MAX => {
                let four: [u8; 4] = self.bytes.get(data..end)?.try_into().ok()?;
                announced.hosts.insert(name, Ipv4Addr::from(four));
            }
            _ => {}
        }
        Some(end)
    }

    /// The value after a key in a text record.
    fn text(&self, mut at: usize, end: usize, key: &str) -> Option<String> {
        while at < end {
            let length = usize::from(*self.bytes.get(at)?);
            let entry = self.bytes.get(at + 1..(at + 1 + length).min(end))?;
            if let Some(value) = std::str::from_utf8(entry).ok().and_then(|entry| entry.strip_prefix(key)) {
                return Some(value.chars().filter(|c| !c.is_control()).take(120).collect());
            }
            at += 1 + length;
        }
        None
    }

    /// A name in lower case and the offset behind it.
    fn name(&self, mut at: usize) -> Option<(String, usize)> {
        let mut name = String::new();
        let mut behind = None;
        let mut jumps = 0;
        loop {
            let length = usize::from(*self.bytes.get(at)?);
            match length {
                0 => return Some((name.to_ascii_lowercase(), behind.unwrap_or(at + 1))),
                1..=63 => {
                    let label = self.bytes.get(at + 1..at + 1 + length)?;
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(&String::from_utf8_lossy(label));
                    at += 1 + length;
                    if name.len() > 600 {
                        return None;
                    }
                }
                192.. => {
                    jumps += 1;
                    if jumps > JUMPS_MAX {
                        return None;
                    }
                    behind.get_or_insert(at + 2);
                    at = (length & 0x3f) << 8 | usize::from(*self.bytes.get(at + 1)?);
                }
                _ => return None,
            }
        }
    }

    fn u16(&self, at: usize) -> Option<u16> {
        Some(u16::from_be_bytes(self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> Vec<u8> {
        let mut bytes: Vec<u8> = text
            .split('.')
            .flat_map(|label| std::iter::once(label.len() as u8).chain(label.bytes()))
            .collect();
        bytes.push(0);
        bytes
    }

    fn record(owner: Vec<u8>, kind: u16, data: Vec<u8>) -> Vec<u8> {
        let mut bytes = owner;
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 1, 0, 0, 0, 120]);
        bytes.extend((data.len() as u16).to_be_bytes());
        bytes.extend(data);
        bytes
    }

    /// The answer of a scanner `Office` at 192.0.2.7:8080; its instance is named by a pointer into the first record.
    fn answer() -> Vec<u8> {
        let mut bytes = vec![0, 0, 0x84, 0, 0, 0, 0, 4, 0, 0, 0, 0];
        let service = name("_uscan._tcp.local");
        let instance_at = bytes.len() + service.len() + 10;
        let mut instance = vec![6];
        instance.extend(b"Office");
        instance.extend([0xc0, 12]);
        bytes.extend(record(service, TYPE_PTR, instance));
        let pointer = vec![0xc0, instance_at as u8];
        let mut place = vec![0, 0, 0, 0];
        place.extend(8080u16.to_be_bytes());
        place.extend(name("Device.local"));
        bytes.extend(record(pointer.clone(), TYPE_SRV, place));
        bytes.extend(record(pointer, TYPE_TXT, b"\x07rs=eSCL\x0bty=Maker 12".to_vec()));
        bytes.extend(record(name("device.local"), TYPE_A, vec![192, 0, 2, 7]));
        bytes
    }

    #[test]
    fn an_announced_scanner_has_an_address_and_a_model() {
        let mut announced = Announced::default();
        read_answer(&answer(), &mut announced);
        assert_eq!(scanners_in(&announced), [("escl:http://192.0.2.7:8080/eSCL".to_owned(), "Maker 12".to_owned())]);
    }

    #[test]
    fn a_name_that_points_at_itself_ends() {
        let mut bytes = vec![0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 12];
        bytes.extend([0; 20]);
        let mut announced = Announced::default();
        read_answer(&bytes, &mut announced);
        assert_eq!(announced, Announced::default());
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_passed_over(bytes in proptest::collection::vec(any::<u8>(), 0..600), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut announced = Announced::default();
            read_answer(&bytes, &mut announced);
            let mut spoiled = answer();
            let at = at.index(spoiled.len());
            spoiled[at] = byte;
            read_answer(&spoiled, &mut announced);
            let _ = scanners_in(&announced);
        }
    }
}
