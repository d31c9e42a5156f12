//! What stands on the documents of an offer: the facts of the case and its record, with what a person said.

use onewindow_case::Case;
use onewindow_case::amount::fen_of;
use onewindow_case::case::Matter;
use onewindow_case::event::{CaseEvent, MatterProgress};
use onewindow_case::ids::MatterId;
use onewindow_catalogue::{AfterReform, Bundle, ChecklistEntry, MatterDef};
use onewindow_journal::{Entry, Event};
use onewindow_print::{CertificateLine, Decision, DocumentData, DocumentKind, GuideLine, HandOver, HandOverLine, Money, MoneyLine, Procedure, Service};
use time::{Date, PrimitiveDateTime};

use super::{Answers, MONEY_LINES, Offer};
use crate::clock::{CHINA, parse_day};
use crate::desk::Desk;
use crate::documents::{find_kind, is_served};
use crate::fault::DeskFault;

impl Desk {
    /// Completes the data of a document on offer. Documents are made in Chinese.
    pub(super) fn fill(&self, data: &mut DocumentData, case: &Case, bundle: &Bundle, offer: &Offer, answers: &Answers) -> Result<(), DeskFault> {
        let said = |key: &str| answers.get(key).cloned().unwrap_or_default();
        let about = offer.matter.as_ref().and_then(|id| Some((case.find_matter(id)?, bundle.find_matter(id)?)));
        if let Some((matter, definition)) = about {
            sign_for(data, bundle, matter, definition, offer.kind);
        }
        match (offer.kind, about) {
            (DocumentKind::GrantDecision, Some((matter, definition))) => {
                data.decision = Some(Decision {
                    conditions: said("conditions"),
                    ..granted(matter, definition)
                });
            }
            (DocumentKind::RefusalDecision, Some((matter, definition))) => data.decision = Some(refused(matter, definition)),
            (DocumentKind::ExtensionNotice, Some((matter, definition))) => {
                data.procedure = Some(Procedure {
                    approver: said("approver"),
                    ..self.extension(case, matter, definition)?
                });
            }
            (DocumentKind::SpecialProcedureNotice, Some((matter, definition))) => {
                let days = said("days").parse::<u16>().ok().filter(|days| (1..=365).contains(days));
                let days = days.ok_or_else(|| DeskFault::AnswerMissing(onewindow_ipc::Words::new("所需工作日", "Working days it takes")))?;
                data.procedure = Some(Procedure {
                    kind: said("procedure"),
                    approver: said("approver"),
                    ..self.special(case, matter, definition, days)?
                });
            }
            (DocumentKind::ProofOfDelivery, _) => {
                data.certificates = self.served(case, bundle, offer.matter.as_ref());
                data.service = Some(Service {
                    addressee: data.applicant.name.clone(),
                    at: self.handed_over_at(case, offer.matter.as_ref())?,
                    place: data.delivery.place.clone(),
                    way: said("way"),
                    receiver: said("receiver"),
                    relation: said("relation"),
                    witness: said("witness"),
                    server: format!("{}（{}）", data.clerk, data.clerk_number),
                    remark: said("remark"),
                });
            }
            (DocumentKind::HandOverList, _) => {
                data.hand_over = Some(HandOver {
                    from: format!("{}　{}", data.counter, data.clerk),
                    to: said("to"),
                    bag: said("bag"),
                    at: self.now_here(),
                    lines: handed_over(data),
                    difference: said("difference"),
                });
            }
            (DocumentKind::GuideList, _) => {
                let check = self.assess(case)?;
                data.guide = guide_lines(&check.guidance.checklist);
                data.fee = fees(bundle, &check.guidance.matters);
            }
            (DocumentKind::PaymentNote, _) => data.payment = Some(money(data, answers)?),
            (DocumentKind::PaymentDecision, _) => data.benefit = Some(money(data, answers)?),
            (DocumentKind::RatingSlip, _) => data.qr_text = self.rating_address(case),
            _nothing_to_add => {}
        }
        Ok(())
    }

    /// Who received what was handed over, as noted when it was.
    pub(super) fn receiver(&self, case: &Case, matter: Option<&MatterId>) -> Option<String> {
        let noted = self.handed_over(case, matter).ok()??;
        match noted.event {
            Event::Case(CaseEvent::HandedOver { receiver, .. }) => Some(receiver),
            Event::Case(_) | Event::Counter(_) => None,
        }
    }

    /// Papers for nobody's case yet: everything that a bundle may ask for, with when it does.
    pub(crate) fn guide_of(&self, bundle: &Bundle) -> (Vec<GuideLine>, Vec<MatterId>) {
        let usual = bundle.guide(&bundle.figures.usual);
        (guide_lines(&usual.checklist), usual.matters)
    }

    fn rating_address(&self, case: &Case) -> String {
        let digits: String = case.case_no.chars().filter(char::is_ascii_digit).collect();
        let base = self.shared.config.rating_url.clone().unwrap_or_default();
        format!("{base}{}case={digits}", if base.contains('?') { '&' } else { '?' })
    }

    /// The minute it is now in China.
    pub(crate) fn now_here(&self) -> Option<PrimitiveDateTime> {
        minute_of(self.shared.clock.now_ms())
    }

    fn extension(&self, case: &Case, matter: &Matter, definition: &MatterDef) -> Result<Procedure, DeskFault> {
        let (before, noted) = self.before_progress(case, &matter.id, |to| matches!(to, MatterProgress::Extended { .. }))?;
        let due_before = before.or(matter.due);
        let reason = match noted {
            Some(MatterProgress::Extended { reason, .. }) => reason,
            _unknown => matter.reason.clone().unwrap_or_default(),
        };
        Ok(Procedure {
            matter: definition.name.zh.clone(),
            reason,
            days: self.working_days_apart(due_before, matter.due),
            due_before,
            due: matter.due,
            ..Procedure::default()
        })
    }

    fn special(&self, case: &Case, matter: &Matter, definition: &MatterDef, days: u16) -> Result<Procedure, DeskFault> {
        let from = self.noted_on(case, &matter.id, |to| matches!(to, MatterProgress::Suspended { .. }))?;
        let today = self.shared.clock.today();
        // The clock stands still: what was left is left when the procedure ends.
        let due = self.working_days_from(matter.due.unwrap_or(today), u32::from(days))?;
        Ok(Procedure {
            matter: definition.name.zh.clone(),
            reason: matter.reason.clone().unwrap_or_default(),
            days: Some(days),
            from: Some(from.unwrap_or(today)),
            due_before: matter.due,
            due: Some(due),
            ..Procedure::default()
        })
    }

    fn working_days_apart(&self, from: Option<Date>, to: Option<Date>) -> Option<u16> {
        let days = self.shared.calendar.working_days_between(from?, to?).ok()?;
        u16::try_from(days).ok()
    }

    /// The due day told before a matter's last progress of a kind, and that progress.
    fn before_progress(
        &self,
        case: &Case,
        matter: &MatterId,
        is_it: impl Fn(&MatterProgress) -> bool,
    ) -> Result<(Option<Date>, Option<MatterProgress>), DeskFault> {
        let entries = self.shared.store.history(case.id)?;
        let at = entries.iter().rposition(|entry| progress(entry, matter).is_some_and(&is_it));
        let Some(at) = at else { return Ok((None, None)) };
        let before = Case::replay(case.id, entries[..at].iter().filter_map(case_event));
        let due = before.and_then(|before| before.find_matter(matter).and_then(|matter| matter.due));
        Ok((due, progress(&entries[at], matter).cloned()))
    }

    fn noted_on(&self, case: &Case, matter: &MatterId, is_it: impl Fn(&MatterProgress) -> bool) -> Result<Option<Date>, DeskFault> {
        let entries = self.shared.store.history(case.id)?;
        let noted = entries.iter().rev().find(|entry| progress(entry, matter).is_some_and(&is_it));
        Ok(noted.map(|entry| entry.business_date))
    }

    fn handed_over(&self, case: &Case, matter: Option<&MatterId>) -> Result<Option<Entry>, DeskFault> {
        let Some(matter) = matter else { return Ok(None) };
        let is_it = |entry: &Entry| matches!(&entry.event, Event::Case(CaseEvent::HandedOver { matter: of, .. }) if of == matter);
        Ok(self.shared.store.history(case.id)?.into_iter().rev().find(is_it))
    }

    fn handed_over_at(&self, case: &Case, matter: Option<&MatterId>) -> Result<Option<PrimitiveDateTime>, DeskFault> {
        Ok(self.handed_over(case, matter)?.and_then(|entry| minute_of(entry.time_ms)))
    }

    /// What is delivered: the decision and licence of a matter, or the notices of the case.
    fn served(&self, case: &Case, bundle: &Bundle, matter: Option<&MatterId>) -> Vec<CertificateLine> {
        let mut lines: Vec<CertificateLine> = case
            .documents
            .iter()
            .filter(|document| document.matter.as_ref() == matter)
            .filter_map(|document| Some((document, find_kind(&document.kind).filter(|kind| is_served(*kind) && !kind.needs_blank())?)))
            .map(|(document, kind)| CertificateLine {
                name: self.title(kind).zh,
                number: document.number.clone(),
                copies: 1,
            })
            .collect();
        let of_matter = matter.and_then(|id| Some((case.find_matter(id)?, bundle.find_matter(id)?)));
        if let Some((matter, definition)) = of_matter.filter(|(matter, _)| matter.licence_no.is_some()) {
            lines.push(CertificateLine {
                name: definition.result.name.zh.clone(),
                number: matter.licence_no.clone().unwrap_or_default(),
                copies: 1,
            });
        }
        lines
    }
}

/// Decisions are the department's; where the window decided, it did so by the department's mandate.
fn sign_for(data: &mut DocumentData, bundle: &Bundle, matter: &Matter, definition: &MatterDef, kind: DocumentKind) {
    let department = bundle
        .find_department(&definition.department)
        .map(|department| department.name.zh.clone())
        .unwrap_or_default();
    if matches!(kind, DocumentKind::ProofOfDelivery) {
        return;
    }
    if matter.at_window || matter.decided_here {
        data.mandating_body = department;
    } else {
        data.issuing_body = department;
    }
}

fn granted(matter: &Matter, definition: &MatterDef) -> Decision {
    let line = |key: &str| {
        matter
            .licence_content
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let scope = line("scope");
    let result = &definition.result.name.zh;
    Decision {
        facts: "申请材料齐全，符合法定形式，符合法定条件、标准。".to_owned(),
        content: if scope.is_empty() {
            format!("核发{result}。")
        } else {
            format!("核发{result}：{scope}")
        },
        licence_number: matter.licence_no.clone().unwrap_or_default(),
        valid_from: parse_day(&line("valid_from")),
        valid_to: parse_day(&line("valid_to")),
        at_window: if matter.at_window || matter.decided_here {
            "窗口受委托当场作出决定".to_owned()
        } else {
            String::new()
        },
        ..decided(definition)
    }
}

fn refused(matter: &Matter, definition: &MatterDef) -> Decision {
    Decision {
        facts: "你（单位）的申请不符合法定条件、标准。".to_owned(),
        reason: matter.reason.clone().unwrap_or_default(),
        ..decided(definition)
    }
}

fn decided(definition: &MatterDef) -> Decision {
    let basis = definition.statutory.as_ref().map(|statutory| statutory.basis.zh.clone());
    Decision {
        matter: definition.name.zh.clone(),
        basis: basis.filter(|basis| !basis.is_empty()).unwrap_or_else(|| "有关法律、法规".to_owned()),
        ..Decision::default()
    }
}

fn case_event(entry: &Entry) -> Option<&CaseEvent> {
    match &entry.event {
        Event::Case(event) => Some(event),
        Event::Counter(_) => None,
    }
}

fn progress<'e>(entry: &'e Entry, matter: &MatterId) -> Option<&'e MatterProgress> {
    match case_event(entry)? {
        CaseEvent::MatterMoved { matter: of, to } if of == matter => Some(to),
        _other => None,
    }
}

fn minute_of(time_ms: i64) -> Option<PrimitiveDateTime> {
    let at = time::OffsetDateTime::from_unix_timestamp(time_ms / 1_000).ok()?.to_offset(CHINA);
    Some(PrimitiveDateTime::new(at.date(), at.time()))
}

fn handed_over(data: &DocumentData) -> Vec<HandOverLine> {
    data.materials
        .iter()
        .map(|material| HandOverLine {
            case_number: data.case_number.clone(),
            name: material.name.clone(),
            kind: material.form.clone(),
            copies: material.copies,
            note: String::new(),
        })
        .collect()
}

/// The papers to bring, and those that need not be brought with what stands for them.
fn guide_lines(checklist: &[ChecklistEntry]) -> Vec<GuideLine> {
    checklist.iter().filter_map(guide_line).collect()
}

fn guide_line(entry: &ChecklistEntry) -> Option<GuideLine> {
    let form = match &entry.disposition {
        AfterReform::Required if entry.original => "原件",
        AfterReform::Required => "原件或者复印件",
        AfterReform::Form => "窗口打印签字",
        AfterReform::Shared { .. } => "数据共享，不用提交",
        AfterReform::Commitment => "可以书面承诺代替",
        AfterReform::Internal | AfterReform::Waived => return None,
    };
    let name = match &entry.role {
        Some(role) => format!("{}（{}）", entry.name.zh, role.zh),
        None => entry.name.zh.clone(),
    };
    let mut note = entry.why.zh.clone();
    if entry.tolerance {
        note = format!("{note}{}可以容缺后补", if note.is_empty() { "" } else { "；" });
    }
    Some(GuideLine {
        name,
        form: form.to_owned(),
        copies: 1,
        note,
    })
}

/// The fees of matters that have one; empty when there is none.
pub(crate) fn fees(bundle: &Bundle, matters: &[MatterId]) -> String {
    let fees: Vec<String> = matters
        .iter()
        .filter(|id| super::costs_money(bundle, id))
        .filter_map(|id| bundle.find_matter(id))
        .filter(|definition| definition.fee.zh != "免费")
        .map(|definition| format!("{}：{}", definition.name.zh, definition.fee.zh))
        .collect();
    fees.join("；")
}

/// An amount with its parts; the sum is computed, never typed.
fn money(data: &DocumentData, answers: &Answers) -> Result<Money, DeskFault> {
    let said = |key: &str| answers.get(key).cloned().unwrap_or_default();
    let mut lines = Vec::new();
    let mut total_fen = 0_u64;
    for number in 1..=MONEY_LINES {
        let (name, amount) = (said(&format!("item-{number}")), said(&format!("amount-{number}")));
        if name.is_empty() && amount.is_empty() {
            continue;
        }
        let wrong = || {
            DeskFault::AnswerMissing(onewindow_ipc::Words::new(
                format!("项目 {number} 金额（元）"),
                format!("Item {number}: amount (CNY)"),
            ))
        };
        let fen = fen_of(&amount).filter(|_| !name.is_empty()).ok_or_else(wrong)?;
        total_fen = total_fen.checked_add(fen).ok_or_else(wrong)?;
        lines.push(MoneyLine {
            name,
            computed: said(&format!("computed-{number}")),
            amount: yuan(fen),
        });
    }
    Ok(Money {
        person: data.applicant.name.clone(),
        purpose: said("purpose"),
        basis: said("basis"),
        lines,
        total: yuan(total_fen),
        account: said("account"),
        period: said("period"),
    })
}

fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
