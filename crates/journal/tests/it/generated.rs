//! Generated entries: every kind of event with odd but possible values.
#![allow(dead_code, reason = "shared with the tests of crate `store`, which need only a part")]

use onewindow_case::CaseEvent;
use onewindow_case::event::{
    Applicant, ApplicantKind, BlankFate, DeficiencyItem, FieldSource, HereDecision, Judgement, MaterialMark, MatterDue, MatterProgress, Need, PageOrigin,
    PrintStep, QualityRemark, Rating, Reading, Representative, RepresentativeKind, VisitNote,
};
use onewindow_case::ids::{CaseId, CounterId, Digest, DocumentId, PageId, PrintId, StaffNo};
use onewindow_journal::{Actor, CounterEvent, Entry, Event, Role};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use time::Date;
use uuid::Uuid;

/// Boxed, as it stands in every strategy many times, and all of one lies on the stack: 2 MiB in a test.
pub fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => "[a-z_]{1,12}".boxed(),
        1 => "\\PC{0,20}".boxed(),
        1 => Just("张小明·艾力 \u{202e}\"\\\u{0}\u{7f}🀄 㐀𠀀".to_owned()).boxed(),
        1 => Just(String::new()).boxed(),
    ]
    .boxed()
}

pub fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::new)
}

pub fn date() -> impl Strategy<Value = Date> {
    (1_i32..=9999, 1_u16..=365).prop_map(|(year, day)| Date::from_ordinal_date(year, day).expect("every year has 365 days"))
}

fn id<T>(wrap: fn(String) -> T) -> impl Strategy<Value = T>
where
    T: std::fmt::Debug,
{
    text().prop_map(wrap)
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<[u8; 16]>().prop_map(Uuid::from_bytes)
}

pub fn case_id() -> impl Strategy<Value = CaseId> {
    uuid().prop_map(CaseId::new)
}

fn page_id() -> impl Strategy<Value = PageId> {
    uuid().prop_map(PageId::new)
}

fn applicant() -> impl Strategy<Value = Applicant> {
    (any::<bool>(), text(), text(), text(), of(text())).prop_map(|(person, name, id_number, phone, agent)| Applicant {
        kind: if person { ApplicantKind::Person } else { ApplicantKind::Organisation },
        name,
        id_number,
        phone,
        agent,
    })
}

fn judgement() -> BoxedStrategy<Judgement> {
    let corners = of(any::<[[i32; 2]; 4]>());
    let figures = (any::<[u32; 5]>(), any::<i32>(), any::<u64>());
    (text(), figures, vec((text(), text(), text()), 0..3), corners)
        .prop_map(|(verdict, (size, skew, hash), remarks, corners)| {
            let [width_px, height_px, dpi, width_tenth_mm, height_tenth_mm] = size;
            let findings = remarks.into_iter().map(|(code, zh, en)| QualityRemark { code, zh, en }).collect();
            Judgement {
                verdict,
                width_px,
                height_px,
                dpi,
                width_tenth_mm,
                height_tenth_mm,
                skew_centideg: skew,
                perceptual_hash: hash,
                findings,
                corners,
            }
        })
        .boxed()
}

fn reading() -> impl Strategy<Value = Reading> {
    (text(), text(), text(), of(any::<[u32; 4]>())).prop_map(|(key, value, evidence, region)| Reading { key, value, evidence, region })
}

fn origin() -> impl Strategy<Value = PageOrigin> {
    prop_oneof![text().prop_map(PageOrigin::Scanner), text().prop_map(PageOrigin::File)]
}

fn mark() -> impl Strategy<Value = MaterialMark> {
    prop_oneof![
        Just(MaterialMark::SharedConfirmed),
        Just(MaterialMark::CommitmentSigned),
        Just(MaterialMark::Outstanding),
        text().prop_map(MaterialMark::OtherProof),
    ]
}

fn matters() -> impl Strategy<Value = Vec<MatterDue>> {
    vec(
        (text(), text(), of(date())).prop_map(|(matter, department, due)| MatterDue {
            matter: matter.as_str().into(),
            department: department.as_str().into(),
            due,
        }),
        0..4,
    )
}

fn deficiency() -> impl Strategy<Value = DeficiencyItem> {
    (text(), text(), text(), text(), text(), text()).prop_map(|(subject_zh, subject_en, problem_zh, problem_en, remedy_zh, remedy_en)| DeficiencyItem {
        subject_zh,
        subject_en,
        problem_zh,
        problem_en,
        remedy_zh,
        remedy_en,
    })
}

fn print_step() -> impl Strategy<Value = PrintStep> {
    prop_oneof![
        (any::<u32>(), of(text())).prop_map(|(copy_no, reason)| PrintStep::Prepared { copy_no, reason }),
        text().prop_map(|printer| PrintStep::Submitting { printer }),
        any::<i32>().prop_map(|job| PrintStep::Taken { job }),
        Just(PrintStep::Confirmed),
        text().prop_map(|reason| PrintStep::Spoiled { reason }),
        Just(PrintStep::Uncertain),
        Just(PrintStep::NotTaken),
        Just(PrintStep::NothingCameOut),
    ]
}

fn progress() -> impl Strategy<Value = MatterProgress> {
    prop_oneof![
        (text(), of(date())).prop_map(|(department, due)| MatterProgress::WithDepartment {
            department: department.as_str().into(),
            due
        }),
        text().prop_map(|reason| MatterProgress::Suspended { reason }),
        (text(), vec((text(), text()), 0..4), of(text())).prop_map(|(licence_no, content, signed_code)| MatterProgress::Granted {
            licence_no,
            content,
            signed_code
        }),
        text().prop_map(|reason| MatterProgress::Refused { reason }),
        text().prop_map(|reason| MatterProgress::Stopped { reason }),
        (of(date()), text()).prop_map(|(due, reason)| MatterProgress::Extended { due, reason }),
    ]
}

fn visit_note() -> impl Strategy<Value = VisitNote> {
    let representative = (any::<bool>(), text(), text(), text(), text()).prop_map(|(agent, name, id_number, phone, authority)| Representative {
        kind: if agent { RepresentativeKind::Agent } else { RepresentativeKind::Guardian },
        name,
        id_number,
        phone,
        authority,
    });
    prop_oneof![
        of(representative).prop_map(VisitNote::Representative),
        vec((0..Need::ALL.len()).prop_map(|at| Need::ALL[at]), 0..4).prop_map(VisitNote::Needs),
        (text(), any::<bool>()).prop_map(|(consent, given)| VisitNote::Consent { consent, given }),
        (any::<u8>(), vec(text(), 0..3), any::<bool>()).prop_map(|(level, reasons, anonymous)| VisitNote::Rated(Rating { level, reasons, anonymous })),
    ]
}

pub fn opened() -> impl Strategy<Value = CaseEvent> {
    (text(), text(), text(), of(text())).prop_map(|(case_no, bundle, catalogue_version, ticket)| CaseEvent::Opened {
        case_no,
        bundle: bundle.as_str().into(),
        catalogue_version,
        ticket,
    })
}

/// Any event but the one that opens a case.
pub fn later_event() -> impl Strategy<Value = CaseEvent> {
    prop_oneof![form_event().boxed(), page_event().boxed(), outcome_event().boxed(), paper_event().boxed()]
}

pub fn case_event() -> impl Strategy<Value = CaseEvent> {
    prop_oneof![1 => opened().boxed(), 9 => later_event().boxed()]
}

fn form_event() -> impl Strategy<Value = CaseEvent> {
    prop_oneof![
        applicant().prop_map(|applicant| CaseEvent::ApplicantSet { applicant }),
        (text(), of(text())).prop_map(|(question, answer)| CaseEvent::Answered {
            question: question.as_str().into(),
            answer
        }),
        (
            text(),
            text(),
            prop_oneof![Just(FieldSource::Typed), page_id().prop_map(FieldSource::Page), Just(FieldSource::Shared)]
        )
            .prop_map(|(field, value, source)| CaseEvent::FieldSet {
                field: field.as_str().into(),
                value,
                source
            }),
        text().prop_map(|field| CaseEvent::FieldConfirmed { field: field.as_str().into() }),
        (text(), of(mark())).prop_map(|(material, mark)| CaseEvent::MaterialMarked {
            material: material.as_str().into(),
            mark
        }),
        (text(), of(text()), of(text()), text(), text()).prop_map(|(code, material, field, reason, by)| CaseEvent::FindingOverridden {
            code,
            material: material.map(|key| key.as_str().into()),
            field: field.map(|key| key.as_str().into()),
            reason,
            approved_by: StaffNo::new(by),
        }),
    ]
}

fn page_event() -> impl Strategy<Value = CaseEvent> {
    prop_oneof![
        (page_id(), digest(), digest(), digest(), of(text()), any::<u32>(), origin(), judgement()).prop_map(
            |(page, original, corrected, thumb, material, sequence, origin, judgement)| CaseEvent::PageKept {
                page,
                original,
                corrected,
                thumb,
                material: material.map(|key| key.as_str().into()),
                sequence,
                origin,
                judgement,
            }
        ),
        (page_id(), digest(), digest(), judgement()).prop_map(|(page, corrected, thumb, judgement)| CaseEvent::PageJudged {
            page,
            corrected,
            thumb,
            judgement
        }),
        (page_id(), vec(reading(), 0..4), of(text())).prop_map(|(page, readings, paper_guess)| CaseEvent::PageRead { page, readings, paper_guess }),
        (page_id(), of(text()), of(any::<u8>())).prop_map(|(page, material, guess_percent)| CaseEvent::PageAssigned {
            page,
            material: material.map(|key| key.as_str().into()),
            guess_percent,
        }),
        (page_id(), digest(), digest(), any::<u8>()).prop_map(|(page, corrected, thumb, quarter_turns)| CaseEvent::PageTurned {
            page,
            corrected,
            thumb,
            quarter_turns
        }),
        page_id().prop_map(|page| CaseEvent::PageRemoved { page }),
        page_id().prop_map(|page| CaseEvent::PageRestored { page }),
        (page_id(), of(page_id())).prop_map(|(page, before)| CaseEvent::PageMoved { page, before }),
    ]
}

fn outcome_event() -> impl Strategy<Value = CaseEvent> {
    prop_oneof![
        date().prop_map(|on| CaseEvent::Received { on }),
        (date(), matters(), text()).prop_map(|(on, matters, pickup_code)| CaseEvent::Accepted { on, matters, pickup_code }),
        (date(), matters(), vec(text(), 0..3), date(), text()).prop_map(|(on, matters, outstanding, outstanding_due, pickup_code)| {
            let outstanding = outstanding.iter().map(|key| key.as_str().into()).collect();
            CaseEvent::AcceptedConditionally {
                on,
                matters,
                outstanding,
                outstanding_due,
                pickup_code,
            }
        }),
        (vec(deficiency(), 0..3), date()).prop_map(|(items, last_day)| CaseEvent::SupplementTold { items, last_day }),
        (text(), text(), of(text())).prop_map(|(reason, basis, right_body)| CaseEvent::AcceptanceRefused { reason, basis, right_body }),
        text().prop_map(|basis| CaseEvent::NotRequired { basis }),
        text().prop_map(|reason| CaseEvent::Withdrawn { reason }),
        (date(), matters(), text(), text()).prop_map(|(on, matters, pickup_code, basis)| CaseEvent::DeemedAccepted {
            on,
            matters,
            pickup_code,
            basis
        }),
        date().prop_map(|on| CaseEvent::DeemedWithdrawn { on }),
        (date(), text(), text()).prop_map(|(on, reason, by)| CaseEvent::AcceptanceRevoked {
            on,
            reason,
            by: StaffNo::new(by)
        }),
        (text(), of(text())).prop_map(|(matter, refused)| CaseEvent::DecidedHere {
            matter: matter.as_str().into(),
            decision: refused.map_or(HereDecision::Granted, |reason| HereDecision::Refused { reason }),
        }),
        visit_note().prop_map(|note| CaseEvent::VisitNoted { note }),
        (text(), text()).prop_map(|(by, reason)| CaseEvent::SentBack { by: StaffNo::new(by), reason }),
        Just(CaseEvent::SentBackSettled),
        (any::<u32>(), any::<i64>()).prop_map(|(revision, at_ms)| CaseEvent::ReceivedByCentre { revision, at_ms }),
        (text(), progress()).prop_map(|(matter, to)| CaseEvent::MatterMoved {
            matter: matter.as_str().into(),
            to
        }),
    ]
}

fn paper_event() -> impl Strategy<Value = CaseEvent> {
    let document = || uuid().prop_map(DocumentId::new);
    prop_oneof![
        (document(), text(), text(), digest(), any::<u32>(), of(text())).prop_map(|(document, kind, number, bytes, pages, matter)| CaseEvent::DocumentMade {
            document,
            kind,
            number,
            bytes,
            pages,
            matter: matter.map(|key| key.as_str().into()),
        }),
        (uuid().prop_map(PrintId::new), document(), print_step()).prop_map(|(print, document, step)| CaseEvent::PrintStepped { print, document, step }),
        (text(), text(), document()).prop_map(|(serial, matter, document)| CaseEvent::BlankBooked {
            serial: serial.as_str().into(),
            matter: matter.as_str().into(),
            document,
        }),
        (text(), any::<bool>(), of(text()), of(text())).prop_map(|(serial, used, reason, witness)| CaseEvent::BlankSettled {
            serial: serial.as_str().into(),
            fate: if used { BlankFate::Used } else { BlankFate::Spoiled },
            reason,
            witness: witness.map(StaffNo::new),
        }),
        (text(), text(), prop::collection::vec((text(), text()), 0..4), text()).prop_map(|(matter, licence_no, content, signed_code)| {
            CaseEvent::DecidedAtWindow {
                matter: matter.as_str().into(),
                licence_no,
                content,
                signed_code,
            }
        }),
        (text(), text()).prop_map(|(matter, receiver)| CaseEvent::HandedOver {
            matter: matter.as_str().into(),
            receiver
        }),
    ]
}

pub fn counter_event() -> impl Strategy<Value = CounterEvent> {
    prop_oneof![
        text().prop_map(|version| CounterEvent::Started { version }),
        prop_oneof![
            Just(CounterEvent::SignedIn),
            Just(CounterEvent::SignedOut),
            Just(CounterEvent::Locked),
            Just(CounterEvent::Unlocked)
        ],
        id(StaffNo::new).prop_map(|staff_no| CounterEvent::SignInFailed { staff_no }),
        (text(), text()).prop_map(|(key, value)| CounterEvent::SettingChanged { key, value }),
        any::<u64>().prop_map(|cursor| CounterEvent::FeedApplied { cursor }),
        (text(), text(), text()).prop_map(|(kind, first, last)| CounterEvent::BlanksStocked { kind, first, last }),
        (text(), text(), text(), id(StaffNo::new)).prop_map(|(kind, first, last, witness)| CounterEvent::BlanksReturned { kind, first, last, witness }),
        (text(), text(), text(), id(StaffNo::new)).prop_map(|(kind, serial, reason, witness)| CounterEvent::BlankSpoiled { kind, serial, reason, witness }),
        (id(StaffNo::new), digest(), prop::option::of(text())).prop_map(|(supervisor, sheet, remark)| CounterEvent::DayClosed { supervisor, sheet, remark }),
        (text(), any::<u32>()).prop_map(|(series, number)| CounterEvent::NumberTaken { series, number }),
        text().prop_map(|reason| CounterEvent::StoreRebuilt { reason }),
        any::<(u64, u64)>().prop_map(|(from, to)| CounterEvent::EntriesLost { from, to }),
        any::<i64>().prop_map(|offset_ms| CounterEvent::ClockWarned { offset_ms }),
        (case_id(), text()).prop_map(|(case, reason)| CounterEvent::CaseShownInFull { case, reason }),
        (any::<u32>(), digest(), any::<bool>()).prop_map(|(cases, digest, out)| match out {
            true => CounterEvent::PacketExported { cases, digest },
            false => CounterEvent::PacketImported { cases, digest },
        }),
        (case_id(), text()).prop_map(|(case, reason)| CounterEvent::BranchCaseReturned { case, reason }),
        (case_id(), text(), of(text()), of(text()), text()).prop_map(|(case, code, material, field, reason)| CounterEvent::BranchFindingPassed {
            case,
            code,
            material: material.map(|key| key.as_str().into()),
            field: field.map(|key| key.as_str().into()),
            reason,
        }),
        (any::<u64>(), text()).prop_map(|(seq, code)| CounterEvent::DeliveryRejected { seq, code }),
        upkeep_event(),
    ]
}

/// What the counter does to its own store and clock. Not the erasing of a case: tests that want it say so.
fn upkeep_event() -> impl Strategy<Value = CounterEvent> {
    prop_oneof![
        any::<u64>().prop_map(|through| CounterEvent::JournalPurged { through }),
        any::<(u64, u64)>().prop_map(|(from, to)| CounterEvent::StateRestored { from, to }),
        (any::<i64>(), text()).prop_map(|(behind_ms, reason)| CounterEvent::ClockAccepted { behind_ms, reason }),
        any::<u32>().prop_map(|version| CounterEvent::KeyRotated { version }),
        (any::<u64>(), digest()).prop_map(|(entries, digest)| CounterEvent::AuditExported { entries, digest }),
    ]
}

pub fn actor() -> impl Strategy<Value = Actor> {
    let role = prop_oneof![Just(Role::Clerk), Just(Role::Supervisor), Just(Role::Installer), Just(Role::System)];
    (text(), role).prop_map(|(staff_no, role)| Actor {
        staff_no: StaffNo::new(staff_no),
        role,
    })
}

pub fn entry() -> impl Strategy<Value = Entry> {
    let event = prop_oneof![3 => case_event().prop_map(Event::Case).boxed(), 1 => counter_event().prop_map(Event::Counter).boxed()];
    (
        text(),
        any::<u32>(),
        any::<u64>(),
        digest(),
        of(case_id()),
        any::<u32>(),
        any::<i64>(),
        date(),
        actor(),
        event,
    )
        .prop_map(|(counter, epoch, seq, prev, case, revision, time_ms, business_date, actor, event)| Entry {
            counter: CounterId::new(counter),
            epoch,
            seq,
            prev,
            case,
            revision,
            time_ms,
            business_date,
            actor,
            event,
        })
}
