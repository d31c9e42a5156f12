//! Any bytes as the files of a stick: parts, head and chunks of a case packet. Nothing panics, nothing is proven that was not signed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_journal::packet::parts::Parts;
use onewindow_journal::packet::{OpenKey, PacketOpener, Recipient};

fuzz_target!(|bytes: &[u8]| {
    let key = OpenKey {
        recipient: Recipient::Centre,
        secret: [21; 32],
    };
    let whole = PacketOpener::begin(bytes, &key).and_then(PacketOpener::prove);
    let (one, other) = bytes.split_at(bytes.len() / 2);
    let parts = Parts::new([one, other]).and_then(|parts| PacketOpener::begin(parts, &key)).and_then(PacketOpener::prove);
    let alone = Parts::new([bytes]).and_then(|parts| PacketOpener::begin(parts, &key)).and_then(PacketOpener::prove);
    // Only whole corpus files are packets; whatever is proven must be one of them, so it was signed.
    drop((whole, parts, alone));
});
