//! The self-test of a counter: what an installer sees in the window and `onewindow doctor` prints. Each check says what it measured.

use onewindow_ipc::Words;
use onewindow_ipc::devices::{CheckVerdict, CheckView, SelfTestView};
use onewindow_link::Link;
use onewindow_print::PrinterPort;
use onewindow_scan::WorkerConfig;

use crate::clock::stamp;
use crate::desk::Desk;
use crate::fault::DeskFault;
use crate::printing::reason_words;

/// Clock difference to the centre that is still fine.
const CLOCK_OFF_S: i64 = 300;
/// Free space below which a counter should not start its day, MB.
const DISK_MB: u64 = 2_048;

impl Desk {
    /// Runs all checks; takes some seconds.
    pub fn self_test(&self) -> SelfTestView {
        let checks = vec![
            self.check_disk(),
            self.check_journal(),
            self.check_keys(),
            self.check_catalogue(),
            self.check_fonts(),
            self.check_models(),
            check_import_worker(),
            self.check_scanner(),
            self.check_printer(),
        ];
        let (centre, clock) = self.check_centre();
        let checks = checks.into_iter().chain([centre, clock, self.check_roster()]).collect();
        SelfTestView {
            at: stamp(self.shared.clock.now_ms()),
            checks,
        }
    }

    fn check_disk(&self) -> CheckView {
        let free_mb = self.shared.store.space().map_or(0, |space| space.free_bytes / (1024 * 1024));
        let verdict = if free_mb >= DISK_MB { CheckVerdict::Ok } else { CheckVerdict::Warning };
        check(
            "disk",
            Words::new("磁盘", "Disk"),
            verdict,
            format!("{free_mb} MB"),
            format!("≥ {DISK_MB} MB"),
            Some(Words::new("请清理磁盘或换大盘。", "Make room or fit a larger disk.")),
        )
    }

    fn check_journal(&self) -> CheckView {
        let name = Words::new("日志链", "Journal chain");
        match self.shared.store.verify() {
            Ok(report) if report.first_break.is_none() => {
                check("journal", name, CheckVerdict::Ok, format!("{}", self.shared.store.head().seq), "0".into(), None)
            }
            Ok(_) | Err(_) => check(
                "journal",
                name,
                CheckVerdict::Failed,
                "—".into(),
                "0".into(),
                Some(Words::new(
                    "日志有断点。请保留电脑，通知省里。",
                    "The chain is broken. Keep this PC and tell the province.",
                )),
            ),
        }
    }

    fn check_keys(&self) -> CheckView {
        let measured = self.shared.keys;
        let verdict = if measured == onewindow_store::KeySource::File.code() {
            CheckVerdict::Warning
        } else {
            CheckVerdict::Ok
        };
        check(
            "key_store",
            Words::new("本机钥匙", "Key of this PC"),
            verdict,
            measured.into(),
            "system, passphrase".into(),
            Some(Words::new(
                "钥匙放在文件里，只适合演示。正式使用前请运行 onewindow keys move system（或 passphrase）。",
                "The key lies in a file, which is for demonstrations only. Before real use run onewindow keys move system (or passphrase).",
            )),
        )
    }

    fn check_catalogue(&self) -> CheckView {
        let catalogue = self.catalogue();
        let refused = self.refused_releases();
        let (verdict, remedy) = match refused.first() {
            None => (CheckVerdict::Ok, None),
            Some((name, reason)) => (
                CheckVerdict::Warning,
                Some(Words::new(
                    format!("发布包 {name} 没有启用：{reason}。请核对签名和公钥。"),
                    format!("The release {name} is not used: {reason}. Check signature and trusted keys."),
                )),
            ),
        };
        check(
            "catalogue",
            Words::new("事项目录", "Catalogue"),
            verdict,
            format!("{} · {}", catalogue.version(), catalogue.bundles().len()),
            "≥ 1".into(),
            remedy,
        )
    }

    fn check_fonts(&self) -> CheckView {
        let name = Words::new("字体", "Fonts");
        match self.fonts() {
            Ok(_) => check("fonts", name, CheckVerdict::Ok, "GB 18030".into(), "GB 18030".into(), None),
            Err(fault) => failed("fonts", name, &fault),
        }
    }

    fn check_models(&self) -> CheckView {
        let name = Words::new("识别模型", "Reading models");
        match self.reader() {
            Some(_) => check("models", name, CheckVerdict::Ok, "PP-OCR".into(), "PP-OCR".into(), None),
            None => check(
                "models",
                name,
                CheckVerdict::Warning,
                "—".into(),
                "PP-OCR".into(),
                Some(Words::new(
                    "没有识别模型，数据要手工录入。请安装员补装。",
                    "Without the reading models values are typed by hand. Ask the installer.",
                )),
            ),
        }
    }

    fn check_scanner(&self) -> CheckView {
        let name = Words::new("扫描仪", "Scanner");
        match WorkerConfig::find().and_then(|worker| onewindow_scan::list_scanners(&worker)) {
            Ok(found) => match found.first() {
                Some(first) => check(
                    "scanner",
                    name,
                    CheckVerdict::Ok,
                    format!("{} {}", first.vendor, first.model),
                    "≥ 1".into(),
                    None,
                ),
                None => check(
                    "scanner",
                    name,
                    CheckVerdict::Failed,
                    "0".into(),
                    "≥ 1".into(),
                    Some(Words::new(
                        "没有找到扫描仪。请看电源和连线；先用文件导入。",
                        "No scanner was found. Check power and cable; files can be imported meanwhile.",
                    )),
                ),
            },
            Err(fault) => failed("scanner", name, &fault.into()),
        }
    }

    fn check_printer(&self) -> CheckView {
        let name = Words::new("打印机", "Printer");
        let printer = match self.printer() {
            Ok(printer) => printer,
            Err(fault) => return failed("printer", name, &fault),
        };
        match printer.get_status() {
            Ok(status) => match status.reasons.first() {
                None => check("printer", name, CheckVerdict::Ok, status.model, "ready".into(), None),
                Some(reason) => check(
                    "printer",
                    name,
                    CheckVerdict::Warning,
                    status.model,
                    "ready".into(),
                    Some(reason_words(*reason)),
                ),
            },
            Err(_) => check(
                "printer",
                name,
                CheckVerdict::Failed,
                "—".into(),
                "ready".into(),
                Some(Words::new(
                    "打印机没有应答。请看电源和连线。",
                    "The printer does not answer. Check power and cable.",
                )),
            ),
        }
    }

    /// The centre may be silent and the counter still opens.
    fn check_centre(&self) -> (CheckView, CheckView) {
        let names = (Words::new("中心", "Centre"), Words::new("时钟", "Clock"));
        let config = &self.shared.config;
        let health = Link::new(&config.centre_url, &config.counter, None).ok().and_then(|link| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(link.health()).ok()
        });
        match health {
            Some(health) => {
                let off_s = (self.shared.clock.now_ms() - health.time_ms) / 1_000;
                let verdict = if off_s.abs() <= CLOCK_OFF_S { CheckVerdict::Ok } else { CheckVerdict::Failed };
                (
                    check("centre", names.0, CheckVerdict::Ok, format!("v{}", health.version), "v1".into(), None),
                    check(
                        "clock",
                        names.1,
                        verdict,
                        format!("{off_s} s"),
                        format!("± {CLOCK_OFF_S} s"),
                        Some(Words::new("本机时钟不准，请校准后再收件。", "The clock is off. Set it before taking papers.")),
                    ),
                )
            }
            None => (
                check(
                    "centre",
                    names.0,
                    CheckVerdict::Warning,
                    "—".into(),
                    "v1".into(),
                    Some(Words::new(
                        "中心没有应答。可以照常收件，恢复后自动送出。",
                        "The centre does not answer. Carry on; cases are sent when it is back.",
                    )),
                ),
                check("clock", names.1, CheckVerdict::Skipped, "—".into(), format!("± {CLOCK_OFF_S} s"), None),
            ),
        }
    }

    fn check_roster(&self) -> CheckView {
        let name = Words::new("人员名单", "Staff list");
        match self.roster() {
            Some(roster) if crate::roster::is_valid(&roster, self.shared.clock.today()) => check(
                "roster",
                name,
                CheckVerdict::Ok,
                roster.valid_until,
                crate::clock::day(self.shared.clock.today()),
                None,
            ),
            Some(roster) => failed("roster", name, &DeskFault::RosterExpired { until: roster.valid_until }),
            None => failed("roster", name, &DeskFault::RosterMissing),
        }
    }
}

/// Without the worker no file from outside is opened; scanning does not need it.
fn check_import_worker() -> CheckView {
    const PROGRAM: &str = "onewindow-import-worker";
    let (verdict, measured) = match onewindow_capture::isolated::find_worker() {
        Some(_) => (CheckVerdict::Ok, PROGRAM),
        None => (CheckVerdict::Failed, "—"),
    };
    check(
        "import_worker",
        Words::new("文件导入", "Import of files"),
        verdict,
        measured.into(),
        PROGRAM.into(),
        Some(Words::new(
            "缺少打开外来文件的程序，不能导入文件。请安装员重新安装；材料可先扫描。",
            "The program that opens files from outside is missing; none can be imported. Ask the installer; scan meanwhile.",
        )),
    )
}

/// One line; the remedy is told only when something is to be done.
fn check(code: &str, name: Words, verdict: CheckVerdict, measured: String, limit: String, remedy: Option<Words>) -> CheckView {
    let remedy = if verdict == CheckVerdict::Ok { None } else { remedy };
    CheckView {
        check: code.to_owned(),
        name,
        verdict,
        measured,
        limit,
        remedy,
    }
}

fn failed(code: &str, name: Words, fault: &DeskFault) -> CheckView {
    let told = fault.to_command_fault();
    let remedy = Words::new(format!("{}{}", told.what.zh, told.remedy.zh), format!("{} {}", told.what.en, told.remedy.en));
    check(code, name, CheckVerdict::Failed, told.code, "—".into(), Some(remedy))
}
