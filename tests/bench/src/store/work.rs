//! Synthetic cases, and the one figure that a clerk feels: accepting a case of twelve pages.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_case::CaseEvent;
use onewindow_case::event::{Applicant, ApplicantKind, FieldSource, Judgement, PageOrigin};
use onewindow_case::ids::{CaseId, CounterId, Digest, PageId, StaffNo};
use onewindow_journal::{Actor, Event, Role};
use onewindow_store::disk::{Disk, RealDisk};
use onewindow_store::{Identity, KeySource, NewEntry, Options, Store};
use time::macros::date;
use uuid::Uuid;

pub fn identity() -> Identity {
    Identity {
        counter: CounterId::new("330302-01-003"),
    }
}

pub fn open_on(dir: &Path, disk: Arc<dyn Disk>) -> Result<Store> {
    let options = Options {
        ballast_bytes: 0,
        reserve_bytes: 0,
        disk,
        ..Options::default()
    };
    Ok(Store::open_with(dir, &identity(), &KeySource::File, &options, &|_| {})?.0)
}

pub fn open(dir: &Path) -> Result<Store> {
    open_on(dir, Arc::new(RealDisk))
}

pub fn case(n: u64) -> CaseId {
    // Spread as time-ordered identities of one day are.
    CaseId::new(Uuid::from_u128(
        (u128::from(n) << 80) | (0x7000_8000 << 32) | u128::from(n.wrapping_mul(0x9e37_79b9)),
    ))
}

pub fn entry(case: CaseId, event: CaseEvent) -> NewEntry {
    NewEntry {
        case: Some(case),
        time_ms: 1_795_312_800_000,
        business_date: date!(2026 - 11 - 22),
        actor: Actor {
            staff_no: StaffNo::new("1001"),
            role: Role::Clerk,
        },
        event: Event::Case(event),
    }
}

pub fn opened(n: u64) -> NewEntry {
    entry(
        case(n),
        CaseEvent::Opened {
            case_no: format!("33030201003{n:013}"),
            bundle: "newborn".into(),
            catalogue_version: "2026.1".to_owned(),
            ticket: None,
        },
    )
}

pub fn applicant(n: u64) -> NewEntry {
    let applicant = Applicant {
        kind: ApplicantKind::Person,
        name: "苏念安".to_owned(),
        id_number: "330302198603149990".to_owned(),
        phone: "13800000000".to_owned(),
        agent: None,
    };
    entry(case(n), CaseEvent::ApplicantSet { applicant })
}

pub fn field(n: u64, value: &str) -> NewEntry {
    entry(
        case(n),
        CaseEvent::FieldSet {
            field: "address".into(),
            value: value.to_owned(),
            source: FieldSource::Typed,
        },
    )
}

/// A case as one act of 20 entries.
pub fn whole_case(n: u64) -> Vec<NewEntry> {
    let mut entries = vec![opened(n), applicant(n)];
    entries.extend((0..18).map(|round| field(n, &format!("{round}{}", "值".repeat(40)))));
    entries
}

fn page_kept(n: u64, page: u128, digests: &[Digest]) -> NewEntry {
    entry(
        case(n),
        CaseEvent::PageKept {
            page: PageId::new(Uuid::from_u128(page)),
            original: digests[0],
            corrected: digests[1],
            thumb: digests[2],
            material: None,
            sequence: 1,
            origin: PageOrigin::Scanner("bench".to_owned()),
            judgement: Judgement::pending(),
        },
    )
}

/// Bytes that do not compress, as those of pictures.
pub fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// Twelve pages in three variants and the entries that name them, against writing and syncing the same bytes plainly; alternating,
/// because shared disks change their speed from one second to the next.
pub fn case_of_twelve_pages(ground: &Path, report: &mut Report) -> Result<()> {
    let store = open(&ground.join("pages"))?;
    let mut ratios = Vec::new();
    let (mut ours_ms, mut plain_ms) = (Vec::new(), Vec::new());
    for turn in 0..7_u64 {
        let pages: Vec<Vec<Vec<u8>>> = (0..12)
            .map(|page| {
                [300_000, 200_000, 10_000]
                    .iter()
                    .map(|len| noise(turn * 1_000 + page * 3 + *len as u64, *len))
                    .collect()
            })
            .collect();
        store.append(vec![opened(turn)])?;
        let begun = Instant::now();
        for (number, variants) in pages.iter().enumerate() {
            let digests = store.keep_pages(Some(case(turn)), &variants.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
            store.append(vec![page_kept(turn, u128::from(turn) * 100 + number as u128, &digests)])?;
        }
        let ours = begun.elapsed().as_secs_f64() * 1_000.0;
        let begun = Instant::now();
        for (number, variants) in pages.iter().enumerate() {
            for (variant, bytes) in variants.iter().enumerate() {
                let path = ground.join(format!("plain-{turn}-{number}-{variant}"));
                let mut file = std::fs::File::create(path)?;
                std::io::Write::write_all(&mut file, bytes)?;
                file.sync_data()?;
            }
        }
        let plain = begun.elapsed().as_secs_f64() * 1_000.0;
        if turn > 0 {
            ratios.push(ours / plain);
            ours_ms.push(ours);
            plain_ms.push(plain);
        }
    }
    report.note("case of 12 pages accepted durably", middle(&mut ours_ms), "ms");
    report.note("the same bytes written and synced plainly", middle(&mut plain_ms), "ms");
    report.note_against("case of 12 pages, ratio to plain files", middle(&mut ratios), "x", "at most 1.3");
    Ok(())
}

/// The median.
pub fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
