//! A store in a temporary folder and synthetic things to put into it.
#![allow(dead_code, reason = "every test needs another part")]

use std::path::Path;
use std::sync::Arc;

use onewindow_case::CaseEvent;
use onewindow_case::event::{Applicant, ApplicantKind, FieldSource, Judgement, PageOrigin};
use onewindow_case::ids::{CaseId, CounterId, Digest, PageId, StaffNo};
use onewindow_journal::{Actor, Event, Role};
use onewindow_store::disk::{Disk, RealDisk};
use onewindow_store::{Identity, KeySource, NewEntry, OpenReport, Options, Stamp, Store, StoreFault};
use time::macros::date;
use uuid::Uuid;

/// Planted personal data: none of it may ever be found in a file.
pub const NAME: &str = "欧阳修竹";
pub const ID_NUMBER: &str = "330302199003071239";
pub const PHONE: &str = "13800577123";
pub const ADDRESS: &str = "温州市鹿城区五马街道九十九号";

pub fn identity() -> Identity {
    Identity {
        counter: CounterId::new("330302-01-003"),
    }
}

pub fn options() -> Options {
    options_on(Arc::new(RealDisk))
}

pub fn options_on(disk: Arc<dyn Disk>) -> Options {
    Options {
        segment_bytes: 64 * 1024,
        ballast_bytes: 0,
        reserve_bytes: 0,
        disk,
        marks: None,
    }
}

pub fn try_open(dir: &Path) -> Result<(Store, OpenReport), StoreFault> {
    Store::open_with(dir, &identity(), &KeySource::File, &options(), &|_| {})
}

pub fn open(dir: &Path) -> (Store, OpenReport) {
    try_open(dir).expect("the store opens")
}

pub fn actor() -> Actor {
    Actor {
        staff_no: StaffNo::new("1001"),
        role: Role::Clerk,
    }
}

pub fn stamp() -> Stamp {
    Stamp {
        time_ms: 1_795_312_800_000,
        business_date: date!(2026 - 11 - 22),
        actor: actor(),
    }
}

pub fn case(n: u64) -> CaseId {
    CaseId::new(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 | u128::from(n)))
}

pub fn page(n: u64) -> PageId {
    PageId::new(Uuid::from_u128(u128::from(n)))
}

pub fn entry(case: Option<CaseId>, event: Event) -> NewEntry {
    NewEntry {
        case,
        time_ms: 1_795_312_800_000,
        business_date: date!(2026 - 11 - 22),
        actor: actor(),
        event,
    }
}

pub fn opened(case: CaseId) -> NewEntry {
    let event = CaseEvent::Opened {
        case_no: format!("no-{case}"),
        bundle: "newborn".into(),
        catalogue_version: "2026.11".to_owned(),
        ticket: None,
    };
    entry(Some(case), Event::Case(event))
}

pub fn field(case: CaseId, value: &str) -> NewEntry {
    let event = CaseEvent::FieldSet {
        field: "address".into(),
        value: value.to_owned(),
        source: FieldSource::Typed,
    };
    entry(Some(case), Event::Case(event))
}

pub fn applicant(case: CaseId) -> NewEntry {
    let applicant = Applicant {
        kind: ApplicantKind::Person,
        name: NAME.to_owned(),
        id_number: ID_NUMBER.to_owned(),
        phone: PHONE.to_owned(),
        agent: None,
    };
    entry(Some(case), Event::Case(CaseEvent::ApplicantSet { applicant }))
}

pub fn page_kept(case: CaseId, n: u64, digests: [Digest; 3]) -> NewEntry {
    let [original, corrected, thumb] = digests;
    let judgement = Judgement {
        verdict: "usable".to_owned(),
        width_px: 1_000,
        height_px: 1_400,
        dpi: 200,
        width_tenth_mm: 2_100,
        height_tenth_mm: 2_970,
        skew_centideg: 12,
        perceptual_hash: 0xdead_beef,
        findings: Vec::new(),
        corners: None,
    };
    let origin = PageOrigin::Scanner("test:0".to_owned());
    let event = CaseEvent::PageKept {
        page: page(n),
        original,
        corrected,
        thumb,
        material: None,
        sequence: 1,
        origin,
        judgement,
    };
    entry(Some(case), Event::Case(event))
}

pub fn page_bytes(n: u64, len: usize) -> Vec<u8> {
    let mut bytes = format!("page {n} of {NAME} {ID_NUMBER} ").into_bytes();
    while bytes.len() < len {
        let next = bytes.len().wrapping_mul(31) ^ usize::try_from(n).unwrap_or(0);
        bytes.push((next % 251) as u8);
    }
    bytes
}

/// Reproducible dice (xorshift); the seed must not be 0.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("below a usize")
    }
}
