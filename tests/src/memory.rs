//! What a program and everything it started hold in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Proportional set size of every process of `program` and of their descendants, in bytes; 0 where Linux does not tell.
pub fn proportional_bytes(program: &Path) -> u64 {
    let parents: BTreeMap<u32, u32> = processes().filter_map(|id| Some((id, parent_of(id)?))).collect();
    let is_ours = |mut id: u32| {
        loop {
            if fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|path| path == program) {
                return true;
            }
            match parents.get(&id) {
                Some(parent) if *parent != 0 => id = *parent,
                Some(_) | None => return false,
            }
        }
    };
    parents.keys().filter(|id| is_ours(**id)).filter_map(|id| proportional_kib(*id)).sum::<u64>() * 1024
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn parent_of(id: u32) -> Option<u32> {
    find_number(&fs::read_to_string(format!("/proc/{id}/status")).ok()?, "PPid:").and_then(|parent| u32::try_from(parent).ok())
}

fn proportional_kib(id: u32) -> Option<u64> {
    find_number(&fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?, "Pss:")
}

fn find_number(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
