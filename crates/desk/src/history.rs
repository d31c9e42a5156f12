//! The record of a case for people: who did what and when, from the journal itself.

use onewindow_case::CaseEvent;
use onewindow_case::event::{HereDecision, PrintStep, RepresentativeKind, VisitNote};
use onewindow_case::ids::CaseId;
use onewindow_catalogue::Bundle;
use onewindow_ipc::Words;
use onewindow_ipc::case_view::HistoryRow;
use onewindow_ipc::session::Role;
use onewindow_journal::{Entry, Event};

use crate::clock::stamp;
use crate::desk::Desk;
use crate::documents::find_kind;
use crate::fault::DeskFault;
use crate::naming::named;

impl Desk {
    /// Everything that happened to a case, oldest first.
    ///
    /// # Errors
    /// Nobody signed in, case unknown.
    pub fn history(&self, id: CaseId) -> Result<Vec<HistoryRow>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let bundle = self.case_to_read(id).ok().and_then(|case| self.get_bundle(&case).ok());
        let row = |entry: &Entry| self.history_row(entry, bundle.as_deref());
        if let Some(entries) = self.entries_elsewhere(id)? {
            return Ok(entries.iter().filter_map(row).collect());
        }
        Ok(self.shared.store.history(id)?.iter().filter_map(row).collect())
    }

    fn history_row(&self, entry: &Entry, bundle: Option<&Bundle>) -> Option<HistoryRow> {
        let Event::Case(event) = &entry.event else { return None };
        let (word, zh, en) = told(event);
        let title = |kind: &str| find_kind(kind).map_or_else(|| Words::new(kind, kind), |kind| self.title(kind));
        Some(HistoryRow {
            at: stamp(entry.time_ms),
            staff: self.staff_name(entry.actor.staff_no.as_str()),
            words: bundle.and_then(|bundle| named(bundle, title, event)).unwrap_or_else(|| Words::new(zh, en)),
            event: word.to_owned(),
        })
    }
}

#[allow(clippy::too_many_lines, reason = "one table of words, easier to read whole")]
pub(crate) fn told(event: &CaseEvent) -> (&'static str, String, String) {
    let plain = |word, zh: &str, en: &str| (word, zh.to_owned(), en.to_owned());
    match event {
        CaseEvent::Opened { .. } => plain("opened", "开件", "Case opened"),
        CaseEvent::ApplicantSet { .. } => plain("applicant_set", "录入申请人", "Applicant named"),
        CaseEvent::Answered { question, answer } => (
            "answered",
            format!("情形 {question}：{}", answer.as_deref().unwrap_or("撤回")),
            format!("Question {question}: {}", answer.as_deref().unwrap_or("taken back")),
        ),
        CaseEvent::FieldSet { field, .. } => ("field_set", format!("填写 {field}"), format!("Field {field} filled")),
        CaseEvent::FieldConfirmed { field } => ("field_confirmed", format!("核对 {field}"), format!("Field {field} confirmed")),
        CaseEvent::PageKept { sequence, .. } => ("page_kept", format!("第 {sequence} 页已存盘"), format!("Page {sequence} kept")),
        CaseEvent::PageJudged { judgement, .. } => (
            "page_judged",
            format!("页面判读：{}", judgement.verdict),
            format!("Page judged: {}", judgement.verdict),
        ),
        CaseEvent::PageRead { readings, .. } => ("page_read", format!("识别 {} 项", readings.len()), format!("{} values read", readings.len())),
        CaseEvent::PageAssigned { material, .. } => {
            let paper = material.as_ref().map_or("—", |key| key.as_str());
            ("page_assigned", format!("归到 {paper}"), format!("Filed under {paper}"))
        }
        CaseEvent::PageTurned { .. } => plain("page_turned", "旋转页面", "Page turned"),
        CaseEvent::PageRemoved { .. } => plain("page_removed", "去掉一页", "Page taken out"),
        CaseEvent::PageRestored { .. } => plain("page_restored", "恢复一页", "Page brought back"),
        CaseEvent::PageMoved { .. } => plain("page_moved", "调整页序", "Page moved"),
        CaseEvent::MaterialMarked { material, .. } => ("material_marked", format!("标注 {material}"), format!("Paper {material} marked")),
        CaseEvent::FindingOverridden { code, reason, .. } => ("finding_overridden", format!("放行 {code}：{reason}"), format!("{code} let pass: {reason}")),
        CaseEvent::Received { .. } => plain("received", "收件", "Papers received"),
        CaseEvent::Accepted { .. } => plain("accepted", "受理", "Accepted"),
        CaseEvent::AcceptedConditionally { outstanding, .. } => (
            "accepted_conditional",
            format!("容缺受理，欠 {} 份", outstanding.len()),
            format!("Accepted, {} papers to follow", outstanding.len()),
        ),
        CaseEvent::SupplementTold { items, .. } => (
            "supplement_told",
            format!("补正告知 {} 处", items.len()),
            format!("Supplement notice, {} points", items.len()),
        ),
        CaseEvent::AcceptanceRefused { reason, .. } => ("acceptance_refused", format!("不予受理：{reason}"), format!("Refused: {reason}")),
        CaseEvent::NotRequired { .. } => plain("not_required", "不受理（无需许可）", "No licence needed"),
        CaseEvent::Withdrawn { reason } => ("withdrawn", format!("撤回：{reason}"), format!("Withdrawn: {reason}")),
        CaseEvent::DeemedAccepted { .. } => plain("deemed_accepted", "逾期视为受理", "Counts as accepted: nothing was told in time"),
        CaseEvent::DeemedWithdrawn { .. } => plain("deemed_withdrawn", "逾期未补正，视为撤回", "Counts as withdrawn: nothing was brought in time"),
        CaseEvent::AcceptanceRevoked { reason, .. } => ("acceptance_revoked", format!("撤销受理：{reason}"), format!("Acceptance revoked: {reason}")),
        CaseEvent::DecidedHere { matter, decision } => {
            let (zh, en) = match decision {
                HereDecision::Granted => ("准予", "granted"),
                HereDecision::Refused { .. } => ("不予许可", "refused"),
            };
            (
                "decided_here",
                format!("窗口当场决定 {matter}：{zh}"),
                format!("Decided at the window, {matter}: {en}"),
            )
        }
        CaseEvent::VisitNoted { note } => visit_told(note),
        CaseEvent::SentBack { reason, .. } => ("sent_back", format!("值班长退回：{reason}"), format!("Sent back: {reason}")),
        CaseEvent::SentBackSettled => plain("sent_back_settled", "退回已处理", "Settled"),
        CaseEvent::DocumentMade { kind, number, .. } => ("document_made", format!("生成文书 {kind} {number}"), format!("Document made: {kind} {number}")),
        CaseEvent::PrintStepped { step, .. } => {
            let (zh, en) = print_told(step);
            ("print_stepped", zh, en)
        }
        CaseEvent::ReceivedByCentre { revision, .. } => (
            "received_by_centre",
            format!("中心已收（至第 {revision} 步）"),
            format!("Received by the centre (up to step {revision})"),
        ),
        CaseEvent::MatterMoved { matter, .. } => ("matter_moved", format!("{matter} 有新进展"), format!("{matter} moved on")),
        CaseEvent::DecidedAtWindow { matter, licence_no, .. } => (
            "decided_at_window",
            format!("{matter} 当场准予，编号 {licence_no}"),
            format!("{matter} granted at the window, number {licence_no}"),
        ),
        CaseEvent::BlankBooked { serial, .. } => ("blank_booked", format!("领用空白证照 {serial}"), format!("Blank {serial} taken")),
        CaseEvent::BlankSettled { serial, fate, .. } => ("blank_settled", format!("空白证照 {serial}：{fate:?}"), format!("Blank {serial}: {fate:?}")),
        CaseEvent::HandedOver { matter, .. } => ("handed_over", format!("{matter} 已交付"), format!("{matter} handed over")),
    }
}

fn visit_told(note: &VisitNote) -> (&'static str, String, String) {
    match note {
        VisitNote::Representative(Some(representative)) => {
            let (zh, en) = match representative.kind {
                RepresentativeKind::Agent => ("代理人", "Agent"),
                RepresentativeKind::Guardian => ("监护人", "Guardian"),
            };
            (
                "representative_set",
                format!("{zh}：{}", representative.name),
                format!("{en}: {}", representative.name),
            )
        }
        VisitNote::Representative(None) => ("representative_set", "取消代理".to_owned(), "Nobody acts for the applicant".to_owned()),
        VisitNote::Needs(needs) => {
            let words = needs.iter().map(|need| need.code()).collect::<Vec<_>>().join(", ");
            ("needs_set", format!("服务需求：{words}"), format!("Needs: {words}"))
        }
        VisitNote::Consent { consent, given: true } => ("consent_given", format!("同意：{consent}"), format!("Consent given: {consent}")),
        VisitNote::Consent { consent, given: false } => ("consent_taken_back", format!("撤回同意：{consent}"), format!("Consent taken back: {consent}")),
        // What was said stays secret from the clerk until the day is over.
        VisitNote::Rated(_) => ("rated", "已评价".to_owned(), "Rated".to_owned()),
    }
}

fn print_told(step: &PrintStep) -> (String, String) {
    match step {
        PrintStep::Prepared { copy_no: 0, .. } => ("准备打印".to_owned(), "Print prepared".to_owned()),
        PrintStep::Prepared { copy_no, reason } => {
            let reason = reason.as_deref().unwrap_or_default();
            (format!("补打 {copy_no}：{reason}"), format!("Duplicate {copy_no}: {reason}"))
        }
        PrintStep::Submitting { .. } => ("送往打印机".to_owned(), "Being sent to the printer".to_owned()),
        PrintStep::Taken { job } => (format!("打印机已接收（{job}）"), format!("Taken by the printer ({job})")),
        PrintStep::NotTaken => ("打印机没有接收".to_owned(), "Not taken by the printer".to_owned()),
        PrintStep::Confirmed => ("已印出".to_owned(), "Printed".to_owned()),
        PrintStep::Spoiled { reason } => (format!("作废：{reason}"), format!("Spoiled: {reason}")),
        PrintStep::Uncertain => ("是否印出不知道".to_owned(), "Outcome unknown".to_owned()),
        PrintStep::NothingCameOut => ("没有印出".to_owned(), "Nothing came out".to_owned()),
    }
}
