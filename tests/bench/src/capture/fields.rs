//! Values read from generated papers: proven, right, wrong, missing for each kind; nothing of the truth is used for reading.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use onewindow_bench::Report;
use onewindow_capture::{PageVerdict, PaperHint, ReadField, read};
use onewindow_testkit::papers::{Field, Glare, Paper, PaperKind, PhotoOptions, Placement, Random, Wear, degrade, on_glass, photographed, with_glare};
use time::macros::date;

use crate::ocr::reader;
use crate::pages::{flat, jpeg, normal, processed};

/// Kinds, and which value of the truth stands under which key of the reading.
const KINDS: &[(PaperKind, &[(&str, &str)])] = &[
    (
        PaperKind::IdCardPortrait,
        &[
            ("name", "name"),
            ("sex", "sex"),
            ("ethnic", "ethnic_group"),
            ("birth", "birth_date"),
            ("address", "address"),
            ("resident_id", "resident_id"),
        ],
    ),
    (
        PaperKind::IdCardEmblem,
        &[("issuer", "issuer"), ("valid_from", "valid_from"), ("valid_to", "valid_until")],
    ),
    (
        PaperKind::HouseholdCover,
        &[
            ("household_head", "household_head"),
            ("household_no", "household_no"),
            ("household_address", "address"),
        ],
    ),
    (
        PaperKind::HouseholdMember,
        &[
            ("name", "name"),
            ("sex", "sex"),
            ("birth", "birth_date"),
            ("resident_id", "resident_id"),
            ("ethnic", "ethnic_group"),
        ],
    ),
    (
        PaperKind::MarriageCertificate,
        &[
            ("husband_resident_id", "husband_resident_id"),
            ("wife_resident_id", "wife_resident_id"),
            ("husband_name", "husband_name"),
            ("wife_name", "wife_name"),
        ],
    ),
    (
        PaperKind::PassportDataPage,
        &[("passport_no", "document_no"), ("birth", "birth_date"), ("expires_on", "valid_until")],
    ),
    (
        PaperKind::BirthCertificate,
        &[
            ("child_name", "name"),
            ("child_sex", "sex"),
            ("mother_name", "mother_name"),
            ("mother_id", "mother_resident_id"),
            ("father_name", "father_name"),
            ("father_id", "father_resident_id"),
            ("certificate_no", "birth_certificate_no"),
        ],
    ),
    (
        PaperKind::BusinessLicence,
        &[
            ("name", "organisation_name"),
            ("credit_code", "uscc"),
            ("legal_representative", "legal_representative"),
            ("founded_on", "founded_on"),
            ("address", "address"),
            ("scope", "business_scope"),
        ],
    ),
    (
        PaperKind::PropertyCertificate,
        &[
            ("certificate_no", "property_certificate_no"),
            ("holder", "holder"),
            ("unit_no", "property_unit_no"),
            ("address", "address"),
            ("use", "use"),
        ],
    ),
    (
        PaperKind::TenancyContract,
        &[
            ("landlord", "lessor"),
            ("landlord_code", "lessor_uscc"),
            ("tenant", "lessee"),
            ("tenant_id", "lessee_resident_id"),
            ("premises", "address"),
        ],
    ),
    (
        PaperKind::VatInvoice,
        &[
            ("invoice_code", "invoice_code"),
            ("invoice_no", "invoice_no"),
            ("issued_on", "issued_on"),
            ("buyer_name", "buyer_name"),
            ("buyer_code", "buyer_uscc"),
            ("seller_name", "seller_name"),
            ("seller_code", "seller_uscc"),
            ("total", "total"),
        ],
    ),
    (
        PaperKind::DeathCertificate,
        &[
            ("name", "name"),
            ("sex", "sex"),
            ("ethnic", "ethnic_group"),
            ("resident_id", "resident_id"),
            ("birth", "birth_date"),
            ("died_on", "died_on"),
        ],
    ),
    (
        PaperKind::ExitEntryPermit,
        &[("permit_no", "document_no"), ("birth", "birth_date"), ("expires_on", "valid_until")],
    ),
    (
        PaperKind::ResidencePermit,
        &[("name", "name"), ("birth", "birth_date"), ("resident_id", "resident_id")],
    ),
    // Papers without fields of their own: nothing on them may be called proven that does not stand there.
    (PaperKind::ShareholderId, &[]),
    (PaperKind::MedicalReceipt, &[]),
    (PaperKind::BankCard, &[]),
    (PaperKind::CompanyArticles, &[]),
    (PaperKind::NewbornForm, &[]),
    (PaperKind::HomeReturnPermit, &[]),
    (PaperKind::HomeReturnPermitBack, &[]),
    (PaperKind::TaiwanPermit, &[]),
    (PaperKind::TaiwanPermitBack, &[]),
    (PaperKind::ForeignerCard, &[]),
    (PaperKind::ForeignerCardBack, &[]),
    (PaperKind::ResidencePermitBack, &[]),
    (PaperKind::ExitEntryPermitBack, &[]),
    (PaperKind::DeemedYearsForm, &[]),
];

/// What became of the values of a kind; of pages that the gate sends back only those that are wrong and marked proven.
#[derive(Default)]
struct Share {
    sent_back: u32,
    proven: u32,
    right: u32,
    wrong: u32,
    missing: u32,
    wrong_but_proven: u32,
}

/// Every paper with a value wrong, missing or proven without ground is left in `folder` to be looked at.
pub fn measure(report: &mut Report, folder: &Path) -> Result<()> {
    let reader = reader()?;
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let papers: u64 = number("ONEWINDOW_BENCH_PAPERS").unwrap_or(200);
    let first: u64 = number("ONEWINDOW_BENCH_FIRST").unwrap_or(0);
    let only = std::env::var("ONEWINDOW_BENCH_KINDS").ok();
    let wanted = |kind: PaperKind| only.as_deref().is_none_or(|only| only.split(',').any(|slug| slug == kind.slug()));
    let mut wrong_but_proven = 0;
    let mut values = 0;
    for (kind, keys) in KINDS.iter().filter(|(kind, _)| wanted(*kind)) {
        let mut share = Share::default();
        let mut walls = Vec::new();
        let mut recognised = 0u64;
        for seed in first..first.saturating_add(papers) {
            let faults = share.faults();
            let paper = handed_in(&flat(*kind, 1, 300, seed)?, seed)?;
            let file = jpeg(&paper)?;
            let begun = Instant::now();
            let page = processed(&file, &PaperHint::default())?;
            let reading = read(&page, &reader, &PaperHint::default(), date!(2026 - 11 - 24))?;
            walls.push(begun.elapsed().as_secs_f64());
            recognised += u64::from(reading.paper.is_some());
            let mut own = Share::default();
            for field in paper.truth.fields.iter().filter(|field| !field.value.is_empty()) {
                let Some((_, key)) = keys.iter().find(|(from, _)| *from == field.key) else {
                    continue;
                };
                own.note(*kind, seed, field, reading.fields.iter().find(|read| read.key == *key));
            }
            let known = |read: &&ReadField| keys.iter().any(|(_, key)| *key == read.key);
            for read in reading.fields.iter().filter(|read| read.evidence.is_proven() && !known(read)) {
                own.note_other(*kind, seed, &paper, read);
            }
            if page.verdict != PageVerdict::Usable {
                println!("  {} {seed}: sent back, {}", kind.slug(), page.verdict.code());
            }
            share.take(own, page.verdict);
            if share.faults() != faults {
                let kept = folder.join(format!("{}-{seed}.jpg", kind.slug()));
                std::fs::write(&kept, &file).with_context(|| format!("keeping {}", kept.display()))?;
            }
        }
        walls.sort_by(f64::total_cmp);
        let all = f64::from(share.proven + share.right + share.wrong + share.missing).max(1.0);
        let name = kind.slug();
        values += share.proven + share.right + share.wrong + share.missing;
        for (what, count) in [
            ("proven", share.proven),
            ("right, to look at", share.right),
            ("wrong", share.wrong),
            ("missing", share.missing),
        ] {
            report.note(format!("fields {name}, {what}"), f64::from(count) * 100.0 / all, "%");
        }
        report.note(
            format!("{name}, sent back by the gate"),
            f64::from(share.sent_back) * 100.0 / papers.max(1) as f64,
            "% of papers",
        );
        report.note(
            format!("{name}, recognised by its words"),
            recognised as f64 * 100.0 / papers.max(1) as f64,
            "%",
        );
        report.note(
            format!("{name}, page to fields, median"),
            walls.get(walls.len() / 2).copied().unwrap_or(0.0),
            "s wall",
        );
        wrong_but_proven += share.wrong_but_proven;
    }
    report.note(format!("papers a kind; values in all {values}"), papers as f64, "papers");
    report.note_against("values wrong but marked proven", f64::from(wrong_but_proven), "values", "0");
    Ok(())
}

/// As applicants hand papers in: on the glass, worn, or photographed; two of five used.
fn handed_in(flat: &Paper, seed: u64) -> Result<Paper> {
    let flat = &used(flat, seed)?;
    let mut random = Random::from_seed(seed);
    let (width, height) = flat.kind.size_mm();
    Ok(match seed % 3 {
        0 if width < 200.0 && height < 280.0 => on_glass(
            flat,
            &Placement::at(random.between(6.0, 40.0), random.between(6.0, 60.0), random.between(-3.0, 3.0)),
        ),
        2 => photographed(
            flat,
            &PhotoOptions {
                long_side_px: if width > 150.0 || height > 150.0 { 3400 } else { 2400 },
                turn_deg: random.between(-6.0, 6.0),
                tilt_deg: (random.between(-12.0, 12.0), random.between(-12.0, 12.0)),
                blur_px: random.between(0.4, 1.0),
                shadow: random.between(0.0, 0.4),
                seed,
                ..PhotoOptions::default()
            },
        ),
        _ => degrade(
            flat,
            &Wear {
                skew_deg: random.between(-1.5, 1.5),
                noise: random.between(1.0, 6.0),
                blur_px: random.between(0.0, 0.9),
                fade: random.between(0.0, 0.3),
                jpeg_quality: Some(75),
                seed,
                ..Wear::default()
            },
        )?,
    })
}

/// The paper as it was carried about and lies in the light: of five, one is folded and one has a stamp over its text; of five laminated
/// ones, two shine, so little that the gate lets them pass. The same two of five whichever way they are handed in.
fn used(flat: &Paper, seed: u64) -> Result<Paper> {
    let mut random = Random::from_seed(seed ^ 0x75_5e_d0);
    let (folded, stamped) = (seed % 5 == 1, seed % 5 == 3);
    if !folded && !stamped {
        return Ok(flat.clone());
    }
    if flat.kind.corner_radius_mm() > 0.0 {
        let spot = Glare {
            at: (random.between(0.15, 0.85), random.between(0.15, 0.85)),
            radii_mm: (random.between(3.0, 7.0), random.between(2.0, 4.0)),
            strength: random.between(0.5, 1.1),
        };
        return Ok(with_glare(flat, &[spot]));
    }
    let wear = Wear {
        creases: u32::from(folded),
        stamps: u32::from(stamped),
        noise: 0.0,
        seed: random.next_bits(),
        ..Wear::default()
    };
    Ok(degrade(flat, &wear)?)
}

impl Share {
    /// Takes in the values of a page that came with a verdict.
    fn take(&mut self, page: Self, verdict: PageVerdict) {
        self.wrong_but_proven += page.wrong_but_proven;
        if verdict != PageVerdict::Usable {
            self.sent_back += 1;
            return;
        }
        self.proven += page.proven;
        self.right += page.right;
        self.wrong += page.wrong;
        self.missing += page.missing;
    }

    /// Values with something to be said against them.
    fn faults(&self) -> (u32, u32, u32) {
        (self.wrong, self.missing, self.wrong_but_proven)
    }

    /// A proven value of a key that the table does not know: it must stand on the paper, or be told by a number that does.
    fn note_other(&mut self, kind: PaperKind, seed: u64, paper: &Paper, read: &ReadField) {
        let value = normal(&read.value);
        let stands = |fact: &str| normal(&as_read(fact)) == value;
        let told = |fact: &str| match read.key.rsplit('_').next() {
            Some("date") => fact.len() == 18 && fact.get(6..14) == Some(value.replace('-', "").as_str()),
            Some("sex") => fact.len() == 18,
            _ => false,
        };
        let fields = paper.truth.fields.iter().map(|field| field.value.as_str());
        let codes = paper.truth.codes.iter().map(|code| code.text.as_str());
        // A machine-readable zone writes the days of 1996-05-12 as 960512.
        let six = value.replace('-', "").get(2..8).map(str::to_owned).filter(|_| value.contains('-'));
        let in_code = |text: &str| text.contains(&value) || six.as_ref().is_some_and(|six| text.contains(six));
        if !fields.clone().any(|fact| stands(fact) || told(fact)) && !codes.clone().any(in_code) {
            self.wrong_but_proven += 1;
            println!(
                "  {} {seed}: {} was read as {:?} ({:?}) and stands nowhere",
                kind.slug(),
                read.key,
                read.value,
                read.evidence
            );
        }
    }

    fn note(&mut self, kind: PaperKind, seed: u64, truth: &Field, read: Option<&ReadField>) {
        let Some(read) = read else {
            self.missing += 1;
            println!("  {} {seed}: {} is missing", kind.slug(), truth.key);
            return;
        };
        let same = normal(&as_read(&truth.value)) == normal(&read.value);
        match (same, read.evidence.is_proven()) {
            (true, true) => self.proven += 1,
            (true, false) => self.right += 1,
            (false, proven) => {
                self.wrong += 1;
                self.wrong_but_proven += u32::from(proven);
                println!(
                    "  {} {seed}: {} is {:?}, read {:?} ({:?})",
                    kind.slug(),
                    truth.key,
                    truth.value,
                    read.value,
                    read.evidence
                );
            }
        }
    }
}

/// The truth in the form in which values are read.
fn as_read(value: &str) -> String {
    match value {
        "男" => "male".to_owned(),
        "女" => "female".to_owned(),
        "长期" => "long-term".to_owned(),
        other => other.strip_suffix('族').filter(|rest| !rest.is_empty()).unwrap_or(other).to_owned(),
    }
}
