//! Why the desk did not do what was asked, and what the clerk reads then. One table of words; the window branches on the code only.

use onewindow_case::decide::Refusal;
use onewindow_ipc::Words;
use onewindow_ipc::fault::{CommandFault, FaultKind};
use onewindow_journal::packet::PacketFault;
use onewindow_print::PrintFault;
use onewindow_store::StoreFault;

use crate::blanks::BlankRefusal;

/// Everything that can stand between a command and its effect.
#[derive(Debug, thiserror::Error)]
pub enum DeskFault {
    /// The data folder holds no set-up.
    #[error("reading the counter's set-up")]
    ConfigMissing {
        /// Cause.
        source: std::io::Error,
    },
    /// The set-up is not what the app understands.
    #[error("understanding the counter's set-up")]
    ConfigBroken {
        /// Cause, with line and column.
        source: serde_json::Error,
    },
    /// The counter's number has not the form `330302-01-003`.
    #[error("counter number {0}")]
    CounterId(String),
    /// The store did not do it.
    #[error("storing")]
    Store(#[from] onewindow_store::StoreFault),
    /// The service catalogue could not be loaded.
    #[error("loading the catalogue")]
    Catalogue(#[from] onewindow_catalogue::CatalogueError),
    /// Nobody is signed in, or the screen is locked.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The signed-in role may not do this.
    #[error("not allowed for this role")]
    WrongRole,
    /// Staff number or PIN is wrong.
    #[error("staff number or PIN is wrong")]
    WrongPin,
    /// Too many wrong PINs: wait.
    #[error("too many wrong PINs")]
    TooManyTries {
        /// How long to wait.
        wait_s: u32,
    },
    /// The staff list is too old for offline sign-in.
    #[error("the staff list ended on {until}")]
    RosterExpired {
        /// Its last day.
        until: String,
    },
    /// There is no staff list on this counter yet.
    #[error("no staff list")]
    RosterMissing,
    /// Nobody may approve an own case.
    #[error("nobody approves an own case")]
    OwnCase,
    /// No such case, page, document, print, field, question, paper or matter.
    #[error("unknown {what}")]
    Unknown {
        /// What was looked for.
        what: &'static str,
    },
    /// The catalogue of this counter does not hold the bundle of the case.
    #[error("the catalogue does not hold bundle {0}")]
    BundleUnknown(String),
    /// Not allowed by the rules of a case.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The outcome is not possible for these papers.
    #[error("the outcome does not fit the papers")]
    OutcomeImpossible,
    /// The case changed since the clerk saw it.
    #[error("the case changed meanwhile")]
    Stale,
    /// The finding may not be let pass.
    #[error("the finding may not be overridden")]
    NotOverridable,
    /// The answer does not fit its question.
    #[error("the answer does not fit")]
    AnswerUnfit(#[from] onewindow_catalogue::AnswerRefusal),
    /// A file or page could not be taken.
    #[error("taking a page")]
    Capture(#[from] onewindow_capture::CaptureFault),
    /// The scanner did not deliver.
    #[error("scanning")]
    Scan(#[from] onewindow_scan::ScanFault),
    /// What was typed can not be the address of a scanner.
    #[error("{0} is no address")]
    NotAnAddress(String),
    /// At this address answers nothing, or no scanner.
    #[error("no scanner answers at {0}")]
    NoScannerAt(String),
    /// A scan is under way already.
    #[error("a scan is under way")]
    ScanRunning,
    /// A file could not be read.
    #[error("reading a file")]
    FileUnreadable {
        /// Cause.
        source: std::io::Error,
    },
    /// More files at once than are taken; none was.
    #[error("{0} files at once")]
    TooManyFiles(usize),
    /// A document could not be made or printed.
    #[error("printing")]
    Print(#[from] onewindow_print::PrintFault),
    /// A character of the form can not be printed by any font here.
    #[error("U+{:04X} can not be printed", u32::from(*.character))]
    Unprintable {
        /// The field.
        field: onewindow_case::text::Bilingual,
        /// The character.
        character: char,
    },
    /// No printer is set up.
    #[error("no printer is set up")]
    PrinterMissing,
    /// This attempt is over or not in question.
    #[error("the print is not in question")]
    PrintSettled,
    /// No licence may be printed for this matter now.
    #[error("no licence may be printed")]
    NoLicence,
    /// The blank's number is not in this counter's stock or was used.
    #[error("blank {0} is not in stock")]
    BlankNotInStock(String),
    /// Blanks can not be moved so.
    #[error("moving blanks")]
    Blanks(#[from] crate::blanks::BlankRefusal),
    /// The catalogue gives no mandate to decide this here, or it is not open.
    #[error("no mandate to decide here")]
    NoMandate,
    /// No number or no key is left for decisions here.
    #[error("no number is left")]
    NumbersUsedUp,
    /// Two people are needed and one signed twice.
    #[error("a second person must sign")]
    SecondPerson,
    /// Something is unaccounted for: the day can not be closed.
    #[error("the day has open points")]
    DayOpen,
    /// What lies in the drawer is not what the book says.
    #[error("counted {counted} blanks of {kind}, the book says {expected}")]
    BlanksMiscounted {
        /// Kind of blank.
        kind: String,
        /// Counted by the clerk.
        counted: u32,
        /// By the book.
        expected: u32,
    },
    /// The document can not be made for this case now.
    #[error("the document is not on offer now")]
    NotOnOffer,
    /// Something that the document says was not given, or not in its form.
    #[error("an answer is missing: {}", .0.en)]
    AnswerMissing(Words),
    /// A reason is required.
    #[error("a reason is required")]
    ReasonMissing,
    /// The centre does not answer.
    #[error("the centre does not answer")]
    CentreSilent,
    /// The line to the centre can not be set up.
    #[error("reaching the centre")]
    Link(#[from] onewindow_link::LinkFault),
    /// A list of licence keys does not carry the seal of the centre's root.
    #[error("the list of keys is not sealed by the root")]
    KeysNotSealed,
    /// The counter is not known to the centre and has no code to become known.
    #[error("the counter is not enrolled")]
    NotEnrolled,
    /// A case packet is refused whole.
    #[error("the packet is refused")]
    Packet(#[from] onewindow_journal::packet::PacketFault),
    /// The packet is this counter's own.
    #[error("the packet is this counter's own")]
    PacketOwn,
    /// A bug of ours: logged; the app goes on.
    #[error("defect: {0}")]
    Defect(String),
}

impl DeskFault {
    /// What the window gets.
    pub fn to_command_fault(&self) -> CommandFault {
        let (kind, code, what, remedy) = self.told();
        CommandFault { kind, code, what, remedy }
    }

    fn told(&self) -> (FaultKind, String, Words, Words) {
        match self {
            Self::Store(fault) => (FaultKind::Fault, fault.code().to_owned(), store_words(fault), store_remedy(fault)),
            Self::Refused(refusal) => (FaultKind::Refusal, refusal.code().to_owned(), refusal_words(*refusal), refusal_remedy(*refusal)),
            Self::Capture(fault) => (
                FaultKind::Fault,
                fault.code().to_owned(),
                onewindow_case::text::Bilingual::from(fault.message()).into(),
                Words::new("其他页都在。", "All other pages are kept."),
            ),
            Self::Scan(fault) => {
                let words = fault.words();
                (
                    FaultKind::Fault,
                    fault.code().to_owned(),
                    Words::new(words.zh, words.en),
                    Words::new("已收的页都在。", "Pages already in are kept."),
                )
            }
            Self::Packet(fault) => (FaultKind::Fault, fault.code().to_owned(), packet_words(*fault), packet_remedy(*fault)),
            Self::Print(fault) => {
                let (code, what, remedy) = print_told(fault);
                (FaultKind::Fault, code.to_owned(), what, remedy)
            }
            other => {
                let (kind, code, zh, en, do_zh, do_en) = other.fixed_words();
                (kind, code.to_owned(), Words::new(zh, en), Words::new(do_zh, do_en))
            }
        }
    }

    #[allow(clippy::too_many_lines, reason = "one table of words, easier to read whole")]
    fn fixed_words(&self) -> (FaultKind, &'static str, String, String, &'static str, &'static str) {
        use FaultKind::{Defect, Denied, Fault, Refusal};
        let plain = |kind, code, zh: &str, en: &str, do_zh, do_en| (kind, code, zh.to_owned(), en.to_owned(), do_zh, do_en);
        match self {
            Self::ConfigMissing { .. } => plain(
                Fault,
                "config-missing",
                "本机尚未安装设置。",
                "This PC is not set up.",
                "请安装员运行安装设置。",
                "Ask the installer to set up the counter.",
            ),
            Self::ConfigBroken { source } => (
                Fault,
                "config-broken",
                format!("安装设置读不懂：第 {} 行。", source.line()),
                format!("The set-up can not be understood: line {}.", source.line()),
                "请安装员核对 counter.json。",
                "Ask the installer to check counter.json.",
            ),
            Self::CounterId(id) => (
                Fault,
                "counter-id",
                format!("窗口编号“{id}”格式不对。"),
                format!("The counter number “{id}” has a wrong form."),
                "应如 330302-01-003。",
                "It should be like 330302-01-003.",
            ),
            Self::Catalogue(_) => plain(
                Fault,
                "catalogue-broken",
                "事项目录不能使用。",
                "The service catalogue can not be used.",
                "请安装员装入目录。",
                "Ask the installer to load the catalogue.",
            ),
            Self::NotSignedIn => plain(
                Denied,
                "not-signed-in",
                "请先登录。",
                "Sign in first.",
                "输入工号和口令。",
                "Type staff number and PIN.",
            ),
            Self::WrongRole => plain(
                Denied,
                "wrong-role",
                "本岗位不能做这一步。",
                "This role may not do that.",
                "请值班长处理。",
                "Ask the supervisor.",
            ),
            Self::WrongPin => plain(
                Denied,
                "wrong-pin",
                "工号或口令不对。",
                "Staff number or PIN is wrong.",
                "请再输入一次。",
                "Type it again.",
            ),
            Self::TooManyTries { wait_s } => (
                Denied,
                "too-many-tries",
                format!("口令错了多次，{wait_s} 秒后再试。"),
                format!("Too many wrong PINs. Try again in {wait_s} s."),
                "忘记口令请找值班长。",
                "If the PIN is forgotten, see the supervisor.",
            ),
            Self::RosterExpired { until } => (
                Denied,
                "roster-expired",
                format!("人员名单 {until} 到期，不能离线登录。"),
                format!("The staff list ended on {until}."),
                "请连中心，或由值班长导入新名单。",
                "Connect, or have the supervisor import a new one.",
            ),
            Self::RosterMissing => plain(
                Denied,
                "roster-missing",
                "本机还没有人员名单。",
                "This counter has no staff list yet.",
                "请连中心一次，名单会自动取来。",
                "Connect to the centre once; the list comes by itself.",
            ),
            Self::OwnCase => plain(
                Refusal,
                "own-case",
                "自己经办的件不能自己放行。",
                "Nobody approves an own case.",
                "请另一位值班长签。",
                "Ask another supervisor to sign.",
            ),
            Self::Unknown { what } => (
                Defect,
                "unknown",
                format!("找不到：{what}。"),
                format!("Not found: {what}."),
                "请重新打开本件。",
                "Open the case again.",
            ),
            Self::BundleUnknown(_) => plain(
                Fault,
                "bundle-unknown",
                "本机目录没有这个事项。",
                "The catalogue here does not hold this service.",
                "请安装员更新目录。",
                "Ask the installer to update the catalogue.",
            ),
            Self::OutcomeImpossible => plain(
                Refusal,
                "outcome-impossible",
                "按现有材料不能这样处理。",
                "The papers do not allow this outcome.",
                "请看每项后面的说明。",
                "See the reason beside each outcome.",
            ),
            Self::Stale => plain(
                Refusal,
                "stale",
                "本件刚有变化。",
                "The case has just changed.",
                "请看一眼再确认。",
                "Look again, then confirm.",
            ),
            Self::NotOverridable => plain(
                Refusal,
                "not-overridable",
                "这一处不能放行。",
                "This finding may not be passed.",
                "请补正。",
                "It must be put right.",
            ),
            Self::AnswerUnfit(_) => plain(
                Refusal,
                "answer-unfit",
                "这个答案不在选项内。",
                "That is not one of the answers.",
                "请按数字选择。",
                "Choose by number.",
            ),
            Self::ScanRunning => plain(
                Refusal,
                "scan-running",
                "正在扫描。",
                "A scan is under way.",
                "按 Esc 可停止。",
                "Esc stops it.",
            ),
            Self::NotAnAddress(typed) => (
                Refusal,
                "not-an-address",
                format!("“{typed}”不是扫描仪的地址。"),
                format!("\"{typed}\" is no address of a scanner."),
                "请填 IP 地址、主机名或完整网址，如 192.168.1.20。",
                "Type its IP address, its name or a whole URL, such as 192.168.1.20.",
            ),
            Self::NoScannerAt(url) => (
                Fault,
                "no-scanner-at-address",
                format!("{url} 没有扫描仪应答。"),
                format!("No scanner answers at {url}."),
                "请核对地址、电源和网线；扫描仪上要开启 eSCL（AirScan、AirPrint 扫描）。",
                "Check the address, power and cable; eSCL (AirScan, AirPrint scanning) must be on at the scanner.",
            ),
            Self::TooManyFiles(_) => plain(
                Refusal,
                "too-many-files",
                "一次最多导入 100 个文件，这次一个也没有导入。",
                "At most 100 files are taken at once; none of these was.",
                "请分几次导入。",
                "Import them in several goes.",
            ),
            Self::FileUnreadable { .. } => plain(
                Fault,
                "file-unreadable",
                "文件打不开。",
                "The file can not be opened.",
                "请检查文件是否还在、U 盘是否插好。",
                "Check that it is still there and the stick is plugged in.",
            ),
            Self::Unprintable { field, character } => (
                Refusal,
                "unprintable",
                format!("“{}”里的“{character}”（U+{:04X}）印不出来，没有保存。", field.zh, u32::from(*character)),
                format!(
                    "“{character}” (U+{:04X}) in “{}” can not be printed; it was not saved.",
                    u32::from(*character),
                    field.en
                ),
                "请改用别的写法并注明，或请安装员补装字体。",
                "Write it another way with a note, or ask the installer for a font.",
            ),
            Self::PrinterMissing => plain(
                Fault,
                "printer-missing",
                "本机没有设置打印机。",
                "No printer is set up.",
                "请安装员设置，文书已保存。",
                "Ask the installer; the document is kept.",
            ),
            Self::PrintSettled => plain(
                Refusal,
                "print-settled",
                "这张已有结果。",
                "This sheet is settled.",
                "要再印请按 Ctrl R。",
                "Ctrl R prints another.",
            ),
            Self::NoLicence => plain(
                Refusal,
                "no-licence",
                "还没有可印的证照。",
                "No licence may be printed yet.",
                "等部门决定。",
                "Wait for the department's decision.",
            ),
            Self::BlankNotInStock(serial) => (
                Refusal,
                "blank-not-in-stock",
                format!("空白证照 {serial} 不在本窗口库存。"),
                format!("Blank {serial} is not in this counter's stock."),
                "请核对纸上的编号。",
                "Check the number on the sheet.",
            ),
            Self::Blanks(refusal) => {
                let (what, remedy) = blank_told(refusal);
                (Refusal, "blanks", what.zh, what.en, remedy.0, remedy.1)
            }
            Self::NoMandate => plain(
                Refusal,
                "no-mandate",
                "这一项不能在窗口当场决定。",
                "This matter can not be decided at the window.",
                "由部门决定，或等前面的事项办完。",
                "The department decides, or a matter before it is open.",
            ),
            Self::NumbersUsedUp => plain(
                Refusal,
                "numbers-used-up",
                "本窗口没有可用的证照号。",
                "No number is left at this counter.",
                "连上中心会自动补号；急件请中心受理。",
                "Connect to the centre for a new block.",
            ),
            Self::SecondPerson => plain(
                Refusal,
                "second-person",
                "要另一位值班长签。",
                "Another person, a supervisor, must sign.",
                "请值班长输入工号和口令。",
                "Ask a supervisor for number and PIN.",
            ),
            Self::DayOpen => plain(
                Refusal,
                "day-open",
                "还有没交代清楚的纸张，不能日终。",
                "A sheet is unaccounted for; the day can not be closed.",
                "请先处理标红的各项。",
                "Settle the points marked red first.",
            ),
            Self::BlanksMiscounted { counted, expected, .. } => (
                Refusal,
                "blanks-miscounted",
                format!("清点 {counted} 张，账上 {expected} 张，不一致。"),
                format!("{counted} blanks were counted, the book says {expected}."),
                "请再数一遍；少的张要登记作废或找到。",
                "Count again; a missing one must be found or booked as spoiled.",
            ),
            Self::NotOnOffer => plain(
                Refusal,
                "not-on-offer",
                "现在不能出这份文书。",
                "This document can not be made now.",
                "请看本件进展；已出的可以补打。",
                "See where the case is; what was made can be printed again.",
            ),
            Self::AnswerMissing(label) => (
                Refusal,
                "answer-missing",
                format!("请填写“{}”。", label.zh),
                format!("Fill in “{}”.", label.en),
                "金额写到分，如 1234.50；天数写整数。",
                "Amounts like 1234.50, days as a whole number.",
            ),
            Self::KeysNotSealed => plain(
                Fault,
                "keys-not-sealed",
                "证照密钥名单没有中心的签封，没有采用。",
                "The list of licence keys is not sealed by the centre; it is not used.",
                "继续用原名单。请通知安装员。",
                "The list at hand stays in use. Tell the installer.",
            ),
            Self::ReasonMissing => plain(
                Refusal,
                "reason-missing",
                "请写明理由。",
                "Give a reason.",
                "理由会写入办件记录。",
                "It is kept in the record of the case.",
            ),
            Self::CentreSilent | Self::Link(_) => plain(
                Fault,
                "centre-silent",
                "中心没有应答。",
                "The centre does not answer.",
                "照常受理，恢复后自动送出。",
                "Carry on; cases are sent when it is back.",
            ),
            Self::NotEnrolled => plain(
                Fault,
                "not-enrolled",
                "中心还不认识本窗口。",
                "The centre does not know this counter yet.",
                "请安装员输入一次性代码。",
                "Ask the installer to type the one-time code.",
            ),
            Self::PacketOwn => plain(
                Refusal,
                "packet-own",
                "这是本窗口自己的办件包。",
                "This is the counter's own packet.",
                "请交给中心或同一大厅的其他窗口。",
                "Take it to the centre or to another counter of the branch.",
            ),
            Self::Defect(_) => plain(
                Defect,
                "defect",
                "这一步出错了，已记录。",
                "This step failed; it was recorded.",
                "本件和其他件都在，请再试一次或换一种方式。",
                "All cases are kept. Try again or another way.",
            ),
            Self::Store(_) | Self::Refused(_) | Self::Capture(_) | Self::Scan(_) | Self::Print(_) | Self::Packet(_) => plain(Defect, "defect", "", "", "", ""),
        }
    }
}

fn blank_told(refusal: &BlankRefusal) -> (Words, (&'static str, &'static str)) {
    match refusal {
        BlankRefusal::NoRun => (
            Words::new("起止编号不成一段。", "First and last serial number do not make a run."),
            ("请按纸上的编号重新输入。", "Type them as they stand on the sheets."),
        ),
        BlankRefusal::KnownBefore(serial) => (
            Words::new(format!("编号 {serial} 以前领过。"), format!("Serial number {serial} was here before.")),
            (
                "请核对领用单；重号请报值班长。",
                "Check the issue note; tell the supervisor of a number given twice.",
            ),
        ),
        BlankRefusal::NotInDrawer(serial) => (
            Words::new(format!("编号 {serial} 不在抽屉里。"), format!("Serial number {serial} is not in the drawer.")),
            ("请核对纸上的编号。", "Check the number on the sheet."),
        ),
        BlankRefusal::NotBooked(serial) => (
            Words::new(format!("编号 {serial} 没有领用。"), format!("Serial number {serial} was not taken.")),
            ("请核对纸上的编号。", "Check the number on the sheet."),
        ),
    }
}

fn refusal_words(refusal: Refusal) -> Words {
    match refusal {
        Refusal::WrongState => Words::new("本件现在的状态不能这样做。", "The state of the case does not allow this."),
        Refusal::ApplicantMissing => Words::new("还没有申请人。", "No applicant is named yet."),
        Refusal::NothingToTell => Words::new("没有要告知的内容。", "There is nothing to tell."),
        Refusal::SecondNotice => Words::new("本件已出过补正告知书。", "A notice was already given."),
        Refusal::ReasonMissing => Words::new("请写明理由。", "Give a reason."),
        Refusal::SentBackOpen => Words::new("值班长退回的问题还没处理。", "The point sent back by the supervisor is open."),
        Refusal::UndertakingUnsigned => Words::new("容缺承诺书还没签。", "The promise to bring what is missing is not signed."),
        Refusal::CreditNotClean => Words::new(
            "申请人有未修复的失信记录，不能容缺。",
            "An open credit entry excludes acceptance with papers outstanding.",
        ),
        Refusal::PeriodRuns => Words::new("期限还没到。", "The period still runs."),
        Refusal::SomethingBrought => Words::new("申请人已补交材料，不能视为撤回。", "Something was brought; it does not count as withdrawn."),
        Refusal::PapersOutstanding => Words::new("还有容缺材料没补。", "Papers are still outstanding."),
        Refusal::WaitsForOthers => Words::new("前面的事项还没办结。", "Matters before this one are not granted."),
    }
}

fn refusal_remedy(refusal: Refusal) -> Words {
    match refusal {
        Refusal::WrongState => Words::new("请看办件记录。", "See the record of the case."),
        Refusal::ApplicantMissing => Words::new("请读身份证或按 F2 录入。", "Read the ID card, or F2 to type."),
        Refusal::NothingToTell => Words::new("材料齐全，可以受理。", "The papers are complete; accept."),
        Refusal::SecondNotice => Words::new("再次补正须值班长同意，按 Ctrl E。", "A second one needs the supervisor, Ctrl E."),
        Refusal::ReasonMissing => Words::new("理由会写入办件记录。", "It is kept in the record of the case."),
        Refusal::SentBackOpen => Words::new("处理后按“已处理”。", "Settle it first."),
        Refusal::UndertakingUnsigned => Words::new("打印承诺书，请申请人签字后再办。", "Print it and have it signed first."),
        Refusal::CreditNotClean => Words::new("请补齐材料，或改为补正告知。", "Ask for the papers, or give a supplement notice."),
        Refusal::PeriodRuns => Words::new("到期次日起才能这样做。", "Possible from the day after the last day."),
        Refusal::SomethingBrought => Words::new("请审核后受理或不予受理。", "Check it, then accept or refuse."),
        Refusal::PapersOutstanding => Words::new("补齐后再当场决定。", "Decide when they are there."),
        Refusal::WaitsForOthers => Words::new("等前面的事项准予后再决定。", "Decide when they are granted."),
    }
}

fn packet_words(fault: PacketFault) -> Words {
    match fault {
        PacketFault::Unrecognised => Words::new("这不是办件包。", "This is not a case packet."),
        PacketFault::NewerFormat { .. } => Words::new("办件包是新版本写的。", "The packet was written by a newer version."),
        PacketFault::Truncated | PacketFault::WrongPart => Words::new("办件包不全，缺了一部分。", "A part of the packet is missing."),
        PacketFault::Damaged | PacketFault::BrokenChain => Words::new(
            "办件包损坏或被改动过，整包不收。",
            "The packet is damaged or was changed; nothing of it was taken.",
        ),
        PacketFault::NotForUs => Words::new("办件包不是给这里的。", "The packet is sealed for somebody else."),
        PacketFault::BadSignature => Words::new("办件包的签名不对，整包不收。", "The signature does not fit; nothing of the packet was taken."),
        PacketFault::TooLarge => Words::new("办件包太大。", "The packet is too large."),
    }
}

fn packet_remedy(fault: PacketFault) -> Words {
    match fault {
        PacketFault::Truncated | PacketFault::WrongPart => Words::new("请把 U 盘上同名的各部分一起选上。", "Choose all parts of the same name together."),
        PacketFault::NewerFormat { .. } => Words::new("请安装新版本。", "Install the newer version."),
        PacketFault::Unrecognised
        | PacketFault::Damaged
        | PacketFault::BrokenChain
        | PacketFault::NotForUs
        | PacketFault::BadSignature
        | PacketFault::TooLarge => Words::new("原窗口的办件都在，请重新导出。", "Everything is still at its counter; export it again."),
    }
}

fn store_words(fault: &StoreFault) -> Words {
    match fault {
        StoreFault::Locked => Words::new("一窗已在本机打开。", "One Window is already open here."),
        StoreFault::NotWritable { .. } => Words::new("数据文件夹不能写。", "The data folder can not be written."),
        StoreFault::DiskFull => Words::new("本机磁盘满了，不能收新件。", "The disk is full; no new case can start."),
        StoreFault::WrongKey => Words::new("钥匙不对，打不开本机数据。", "The key does not open the data of this PC."),
        StoreFault::KeyStoreUnavailable => Words::new("系统的钥匙库打不开。", "The system's key store can not be opened."),
        StoreFault::NoRecipient => Words::new("还不知道中心的钥匙，不能导出。", "The centre's key is not known yet; nothing can be exported."),
        StoreFault::NewerFormat { .. } => Words::new("本机数据是新版本写的。", "The data were written by a newer version."),
        StoreFault::Damaged { .. } => Words::new("这部分数据损坏，其余都在。", "This part of the data is damaged; everything else is there."),
        StoreFault::Stale { .. } => Words::new("本件刚有变化。", "The case has just changed."),
        StoreFault::UnknownCase(_) => Words::new("本机没有这个办件。", "This PC does not hold the case."),
        StoreFault::UnknownPage(_) => Words::new("本机没有这一页。", "This PC does not hold the page."),
        StoreFault::TooLarge => Words::new("一次存的内容太大。", "Too much at once."),
        StoreFault::Stopped | StoreFault::Io { .. } => Words::new("写盘出错，这一步没有存。", "Writing to disk failed; this step was not saved."),
    }
}

fn store_remedy(fault: &StoreFault) -> Words {
    match fault {
        StoreFault::Locked => Words::new("请转到已开的窗口。", "Go to the open window."),
        StoreFault::NotWritable { .. } => Words::new("请安装员检查文件夹权限。", "Ask the installer to check the folder's rights."),
        StoreFault::DiskFull => Words::new(
            "请通知安装员清理磁盘；已收的件都能看、能送。",
            "Tell the installer to make room; cases already taken can be read and sent.",
        ),
        StoreFault::WrongKey => Words::new("请安装员用原来的钥匙，不要重装。", "Ask the installer for the former key; do not reinstall."),
        StoreFault::KeyStoreUnavailable => Words::new(
            "请先登录桌面、解锁钥匙库，再打开一窗。",
            "Unlock the key store of the desktop, then open One Window.",
        ),
        StoreFault::NoRecipient => Words::new(
            "请连中心一次，或由安装员写入恢复公钥。",
            "Connect once, or have the installer set the recovery key.",
        ),
        StoreFault::NewerFormat { .. } => Words::new("请安装新版本再打开。", "Install the newer version."),
        StoreFault::Damaged { .. } => Words::new("请通知安装员，保留这台电脑。", "Tell the installer and keep this PC as it is."),
        StoreFault::Stale { .. } => Words::new("请看一眼再确认。", "Look again, then confirm."),
        StoreFault::UnknownCase(_) | StoreFault::UnknownPage(_) => Words::new("请重新打开工作台。", "Open the desk again."),
        StoreFault::TooLarge => Words::new("请分几次做。", "Do it in parts."),
        StoreFault::Stopped | StoreFault::Io { .. } => Words::new("请重开一窗；以前存的都在。", "Restart One Window; everything saved before is kept."),
    }
}

/// Closed word, what happened and what to do about a document.
fn print_told(fault: &PrintFault) -> (&'static str, Words, Words) {
    let kept = Words::new("办件已存，处理后可再印。", "The case is kept; print again afterwards.");
    match fault {
        PrintFault::MissingGlyph { field, character, code_point } => (
            "missing-glyph",
            Words::new(
                format!("“{character}”（U+{code_point:04X}）印不出来，在：{field}。"),
                format!("“{character}” (U+{code_point:04X}) can not be printed, in: {field}."),
            ),
            Words::new(
                "请改用别的写法并注明，或请安装员补装字体。",
                "Write it another way with a note, or ask the installer for a font.",
            ),
        ),
        PrintFault::MissingField { field } => (
            "missing-field",
            Words::new(format!("文书缺少内容：{field}。"), format!("The document lacks: {field}.")),
            Words::new("请在表单里补上。", "Fill it in the form."),
        ),
        PrintFault::DoesNotFit { field } => (
            "does-not-fit",
            Words::new(format!("内容太长，印不下：{field}。"), format!("Too long to print: {field}.")),
            Words::new("请缩短。", "Shorten it."),
        ),
        PrintFault::FontsMissing { missing } => (
            "fonts-missing",
            Words::new(
                format!("缺少字体：{}。", missing.join("、")),
                format!("Fonts are missing: {}.", missing.join(", ")),
            ),
            Words::new("请安装员补装字体包。", "Ask the installer for the font packages."),
        ),
        PrintFault::FontUnusable { file, .. } => (
            "font-unusable",
            Words::new(format!("字体文件坏了：{file}。"), format!("A font file is damaged: {file}.")),
            Words::new("请安装员重装字体包。", "Ask the installer to install the font again."),
        ),
        PrintFault::Code { .. } => ("code-too-long", Words::new("条码放不下这些内容。", "The code can not carry the text."), kept),
        PrintFault::Template { .. } => (
            "template-broken",
            Words::new("文书模板有错。", "The document's template is wrong."),
            Words::new("请安装员恢复模板。", "Ask the installer to restore the template."),
        ),
        PrintFault::Pdf { .. } => ("document-broken", Words::new("文书没有生成。", "The document was not made."), kept),
    }
}
