//! The record of all acts at this counter: who did what, when, filtered; and as a file for whoever examines it, in CSV or as JSON
//! signed by the device. Read from the journal itself, so nothing can be left out; names of applicants are not in it.
//! Absent on purpose: changing anything.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use onewindow_case::ids::CaseId;
use onewindow_ipc::Words;
use onewindow_ipc::audit::{AuditExport, AuditFilter, AuditForm, AuditRow, AuditView};
use onewindow_ipc::session::Role;
use onewindow_journal::{CounterEvent, Entry, Event, Role as ActorRole};
use onewindow_store::digest_of;
use serde::Serialize;

use crate::clock::{day, stamp};
use crate::desk::Desk;
use crate::fault::DeskFault;

/// Most rows that are shown.
const ROWS_MAX: usize = 500;
/// Most rows in a file.
const EXPORT_MAX: usize = 1_000_000;

/// The file with a signature: over the bytes of `record` as they stand in it.
#[derive(Serialize)]
struct SignedRecord<'r> {
    counter: &'r str,
    device_key: String,
    signature: String,
    /// JSON of [`Record`], as text, so that what was signed can be read again byte for byte.
    record: String,
}

#[derive(Serialize)]
struct Record<'r> {
    counter: &'r str,
    made_at: String,
    head_seq: u64,
    head_digest: String,
    filter: &'r AuditFilter,
    rows: &'r [AuditRow],
}

impl Desk {
    /// Acts that fit a filter, newest first, as many as a screen can use.
    ///
    /// # Errors
    /// Not a supervisor.
    pub fn list_audit(&self, filter: &AuditFilter) -> Result<AuditView, DeskFault> {
        self.require(&[Role::Supervisor])?;
        let mut newest = VecDeque::new();
        let mut total = 0_u64;
        self.each_act(filter, |row| {
            total += 1;
            newest.push_front(row);
            newest.truncate(ROWS_MAX);
            true
        })?;
        Ok(AuditView {
            rows: newest.into(),
            total: u32::try_from(total).unwrap_or(u32::MAX),
        })
    }

    /// Writes acts that fit a filter into a folder, oldest first.
    ///
    /// # Errors
    /// Not a supervisor; the folder can not be written.
    pub fn export_audit(&self, filter: &AuditFilter, form: AuditForm, folder: &Path) -> Result<AuditExport, DeskFault> {
        self.require(&[Role::Supervisor])?;
        self.write_audit(filter, form, folder)
    }

    /// As [`Desk::export_audit`], for the command line, whose user holds the key of the store.
    ///
    /// # Errors
    /// The folder can not be written.
    pub fn write_audit(&self, filter: &AuditFilter, form: AuditForm, folder: &Path) -> Result<AuditExport, DeskFault> {
        let mut rows = Vec::new();
        self.each_act(filter, |row| {
            rows.push(row);
            rows.len() < EXPORT_MAX
        })?;
        let now = self.shared.clock.now_ms();
        let (ending, bytes) = match form {
            AuditForm::Csv => ("csv", csv(&rows).into_bytes()),
            AuditForm::SignedJson => ("json", self.signed_json(filter, &rows, now)?),
        };
        let name = format!("onewindow-audit-{}-{}.{ending}", self.shared.config.counter, stamp(now).replace([':', '-'], ""));
        let path = folder.join(name);
        write_new(&path, &bytes).map_err(|source| DeskFault::FileUnreadable { source })?;
        let digest = digest_of(&bytes);
        let entries = rows.len() as u64;
        self.note(self.actor().ok(), CounterEvent::AuditExported { entries, digest })?;
        Ok(AuditExport {
            path: path.display().to_string(),
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            digest: digest.to_string(),
        })
    }

    fn each_act(&self, filter: &AuditFilter, mut each: impl FnMut(AuditRow) -> bool) -> Result<(), DeskFault> {
        let store = &self.shared.store;
        let wanted = filter.case_no.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let case = wanted.map(|case_no| self.find_by_number(case_no));
        let mut numbers: HashMap<CaseId, Option<String>> = HashMap::new();
        store.each_entry(1, |entry| {
            let case_no = entry.case.and_then(|id| {
                let known = numbers
                    .entry(id)
                    .or_insert_with(|| store.find_summary(id).ok().flatten().map(|line| line.case_no));
                known.clone()
            });
            let row = self.audit_row(entry, case_no);
            let fits = filter.fits(&row) && case.as_ref().is_none_or(|wanted| wanted.is_some() && entry.case == *wanted);
            !fits || each(row)
        })?;
        Ok(())
    }

    fn find_by_number(&self, case_no: &str) -> Option<CaseId> {
        let lines = self.shared.store.cases(0, usize::MAX);
        lines.iter().find(|line| line.case_no == case_no).map(|line| line.id)
    }

    fn audit_row(&self, entry: &Entry, case_no: Option<String>) -> AuditRow {
        let (event, zh, en) = match &entry.event {
            Event::Case(event) => crate::history::told(event),
            Event::Counter(event) => told(event),
        };
        AuditRow {
            seq: u32::try_from(entry.seq).unwrap_or(u32::MAX),
            at: stamp(entry.time_ms),
            business_date: day(entry.business_date),
            staff_no: entry.actor.staff_no.to_string(),
            staff: self.staff_name(entry.actor.staff_no.as_str()),
            role: role_word(entry.actor.role).to_owned(),
            case_no,
            event: event.to_owned(),
            words: Words::new(zh, en),
        }
    }

    fn signed_json(&self, filter: &AuditFilter, rows: &[AuditRow], now_ms: i64) -> Result<Vec<u8>, DeskFault> {
        let defect = |error: serde_json::Error| DeskFault::Defect(error.to_string());
        let head = self.shared.store.head();
        let counter = self.shared.config.counter.as_str();
        let record = serde_json::to_string(&Record {
            counter,
            made_at: stamp(now_ms),
            head_seq: head.seq,
            head_digest: head.digest.to_string(),
            filter,
            rows,
        })
        .map_err(defect)?;
        let message = format!("onewindow audit|1|{counter}|{record}");
        let signed = SignedRecord {
            counter,
            device_key: self.shared.store.device_key(),
            signature: self.shared.store.sign(message.as_bytes()),
            record,
        };
        serde_json::to_vec_pretty(&signed).map_err(defect)
    }
}

/// Whether a signed record is what its device wrote. Gives the counter it names.
///
/// # Errors
/// Not a signed record, or changed since it was written.
pub fn verify_audit(bytes: &[u8]) -> Result<String, DeskFault> {
    let broken = || DeskFault::Defect("the record is not what its device wrote".to_owned());
    let file: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| broken())?;
    let text = |key: &str| file[key].as_str().ok_or_else(broken);
    let (counter, record) = (text("counter")?, text("record")?);
    let message = format!("onewindow audit|1|{counter}|{record}");
    if onewindow_journal::packet::verify_signature(text("device_key")?, message.as_bytes(), text("signature")?) {
        Ok(counter.to_owned())
    } else {
        Err(broken())
    }
}

/// A file that does not exist yet: an earlier record is never written over.
fn write_new(path: &PathBuf, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// RFC 4180, with a mark of UTF-8 in front so that office programs read Chinese.
fn csv(rows: &[AuditRow]) -> String {
    let mut text = String::from("\u{feff}seq,time,business_date,staff_no,staff,role,case_no,event,zh,en\r\n");
    for row in rows {
        let cells = [
            row.seq.to_string(),
            row.at.clone(),
            row.business_date.clone(),
            row.staff_no.clone(),
            row.staff.clone(),
            row.role.clone(),
            row.case_no.clone().unwrap_or_default(),
            row.event.clone(),
            row.words.zh.clone(),
            row.words.en.clone(),
        ];
        for (place, cell) in cells.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            // Writing into a string cannot fail.
            let _written = write!(text, "{comma}{}", csv_cell(cell));
        }
        text.push_str("\r\n");
    }
    text
}

/// Quoted where needed; a cell that a table program would take for a formula is made plain text.
fn csv_cell(cell: &str) -> String {
    let guarded = if cell.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if guarded.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

const fn role_word(role: ActorRole) -> &'static str {
    match role {
        ActorRole::Clerk => "clerk",
        ActorRole::Supervisor => "supervisor",
        ActorRole::Installer => "installer",
        ActorRole::System => "system",
    }
}

#[allow(clippy::too_many_lines, reason = "one table of words, easier to read whole")]
fn told(event: &CounterEvent) -> (&'static str, String, String) {
    let plain = |word, zh: &str, en: &str| (word, zh.to_owned(), en.to_owned());
    match event {
        CounterEvent::Started { version } => ("started", format!("启动，版本 {version}"), format!("Started, version {version}")),
        CounterEvent::SignedIn => plain("signed_in", "登录", "Signed in"),
        CounterEvent::SignInFailed { staff_no } => ("sign_in_failed", format!("登录失败：{staff_no}"), format!("Sign-in failed: {staff_no}")),
        CounterEvent::SignedOut => plain("signed_out", "退出", "Signed out"),
        CounterEvent::Locked => plain("locked", "锁屏", "Screen locked"),
        CounterEvent::Unlocked => plain("unlocked", "解锁", "Screen unlocked"),
        CounterEvent::SettingChanged { key, .. } => ("setting_changed", format!("设置 {key} 已更新"), format!("Setting {key} changed")),
        CounterEvent::FeedApplied { cursor } => (
            "feed_applied",
            format!("中心消息已处理至 {cursor}"),
            format!("Centre's news applied up to {cursor}"),
        ),
        CounterEvent::BlanksStocked { kind, first, last } => (
            "blanks_stocked",
            format!("空白证照入库 {kind} {first}–{last}"),
            format!("Blanks stocked: {kind} {first}–{last}"),
        ),
        CounterEvent::BlanksReturned { .. } => plain("blanks_returned", "空白证照退回", "Blanks returned"),
        CounterEvent::BlankSpoiled { .. } => plain("blank_spoiled", "空白证照作废", "Blank spoiled"),
        CounterEvent::DayClosed { .. } => plain("day_closed", "日终结账", "Day closed"),
        CounterEvent::NumberTaken { series, number } => ("number_taken", format!("取号 {series} {number}"), format!("Number taken: {series} {number}")),
        CounterEvent::StoreRebuilt { reason } => ("store_rebuilt", format!("索引重建：{reason}"), format!("Index rebuilt: {reason}")),
        CounterEvent::EntriesLost { from, to } => ("entries_lost", format!("第 {from}–{to} 条读不出"), format!("Entries {from}–{to} lost")),
        CounterEvent::ClockWarned { offset_ms } => (
            "clock_warned",
            format!("时钟偏差 {} 秒", offset_ms / 1_000),
            format!("Clock off by {} s", offset_ms / 1_000),
        ),
        CounterEvent::ClockAccepted { behind_ms, reason } => (
            "clock_accepted",
            format!("值班长确认时钟回拨 {} 秒：{reason}", behind_ms / 1_000),
            format!("Supervisor accepted the clock going back {} s: {reason}", behind_ms / 1_000),
        ),
        CounterEvent::CaseShownInFull { reason, .. } => ("case_shown_in_full", format!("查看完整信息：{reason}"), format!("Case shown in full: {reason}")),
        CounterEvent::PacketExported { cases, .. } => ("packet_exported", format!("导出办件包，{cases} 件"), format!("Packet written, {cases} cases")),
        CounterEvent::PacketImported { cases, .. } => ("packet_imported", format!("接收办件包，{cases} 件"), format!("Packet taken, {cases} cases")),
        CounterEvent::BranchCaseReturned { reason, .. } => (
            "branch_case_returned",
            format!("退回其他窗口的件：{reason}"),
            format!("Case of another counter sent back: {reason}"),
        ),
        CounterEvent::BranchFindingPassed { code, reason, .. } => (
            "branch_finding_passed",
            format!("放行其他窗口的件 {code}：{reason}"),
            format!("{code} of another counter's case let pass: {reason}"),
        ),
        CounterEvent::DeliveryRejected { seq, code } => (
            "delivery_rejected",
            format!("中心退回第 {seq} 条：{code}"),
            format!("Entry {seq} rejected: {code}"),
        ),
        CounterEvent::CaseErased { reason, .. } => (
            "case_erased",
            format!("办件已从本机删除（{reason}）"),
            format!("Case erased from this PC ({reason})"),
        ),
        CounterEvent::JournalPurged { through } => (
            "journal_purged",
            format!("日志清理至第 {through} 条"),
            format!("Journal purged up to {through}"),
        ),
        CounterEvent::StateRestored { from, to } => (
            "state_restored",
            format!("曾恢复旧状态：第 {from} 条之后，编号接在 {to} 之后"),
            format!("An old state was restored: after entry {from}, going on behind {to}"),
        ),
        CounterEvent::KeyRotated { version } => ("key_rotated", format!("更换钥匙，第 {version} 把"), format!("Key rotated, number {version}")),
        CounterEvent::AuditExported { entries, .. } => (
            "audit_exported",
            format!("导出操作记录 {entries} 条"),
            format!("Record exported, {entries} entries"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_can_neither_break_the_table_nor_run_as_formulas() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a,b \"c\"\n"), "\"a,b \"\"c\"\"\n\"");
        assert_eq!(csv_cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
