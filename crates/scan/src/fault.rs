//! What can go wrong with a scanner, named by what the clerk sees and can do about it.

use serde::{Deserialize, Serialize};

/// A fault of a scanner, its driver or the worker process. Pages that arrived before it are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}: {}", self.code(), self.words().en)]
pub enum ScanFault {
    /// No sheet in the feeder at the start.
    FeederEmpty,
    /// Paper jam.
    Jam,
    /// The device says jam although no sheet went in: of an empty feeder, as some do, or of a sheet that was stuck before.
    JamOrEmpty,
    /// Two sheets were drawn in at once.
    DoubleFeed,
    /// Cover or hatch open.
    CoverOpen,
    /// Another program, or the device's own panel, holds it.
    Busy,
    /// It was known but does not answer: switched off, unplugged, network gone.
    Unreachable,
    /// The lamp is not ready.
    WarmingUp,
    /// The transport is locked for carrying the device.
    TransportLocked,
    /// It stopped answering in the middle of the work.
    ConnectionCut,
    /// No scanner by this name.
    NoScanner,
    /// The operating system does not let this user use it.
    AccessDenied,
    /// The chosen source (feeder, duplex, glass) does not exist on this scanner.
    SourceMissing,
    /// The driver refuses the profile.
    SettingRefused,
    /// Pixels in a form this product does not read (three passes, infrared, compressed frames).
    UnsupportedFormat,
    /// A page ended before its last row.
    ShortPage {
        /// Number of the page that is incomplete; it is not delivered.
        sequence: u32,
    },
    /// A page is larger than this product accepts.
    PageTooLarge {
        /// Number of the page.
        sequence: u32,
    },
    /// The batch reached [`Batch::pages_max`](crate::Batch::pages_max).
    TooManyPages,
    /// Stopped by the clerk or at the device's own key.
    Cancelled,
    /// libsane is not installed.
    DriverMissing,
    /// The driver failed inside; the number is SANE's status.
    DriverFailed {
        /// `SANE_Status`.
        status: i32,
    },
    /// The worker program is not where it was installed, or cannot be started.
    WorkerMissing,
    /// The driver did not come back in time; the worker was killed.
    WorkerHung,
    /// The driver crashed; the worker is gone.
    WorkerDied,
    /// The worker is of another version or sent what cannot be read.
    WorkerMismatch,
    /// The import folder cannot be read.
    InboxUnreadable,
    /// What is wrong with a document camera.
    Camera(CameraFault),
}

/// What can go wrong with a document camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CameraFault {
    /// No such device, or its maker's service does not run.
    Missing,
    /// Another program has it.
    Busy,
    /// The operating system or the service does not let this user use it.
    Denied,
    /// It gave pictures and is gone: pulled out, switched off, service ended.
    Unplugged,
    /// It is there and gives no picture in time.
    Silent,
    /// What it gives is no picture, or larger than any camera's.
    Unreadable,
}

/// A fault in words for the clerk: what it is and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// What the worker was doing when a status came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Loading the drivers.
    Loading,
    /// Looking for devices.
    Listing,
    /// Opening the device.
    Opening,
    /// Setting its options.
    Setting,
    /// Waiting for a page to begin.
    Starting,
    /// Reading rows.
    Reading,
    /// Showing a camera's picture.
    Watching,
}

impl ScanFault {
    /// One of each, for tables of codes and words.
    pub const ALL: [Self; 32] = [
        Self::FeederEmpty,
        Self::Jam,
        Self::JamOrEmpty,
        Self::DoubleFeed,
        Self::CoverOpen,
        Self::Busy,
        Self::Unreachable,
        Self::WarmingUp,
        Self::TransportLocked,
        Self::ConnectionCut,
        Self::NoScanner,
        Self::AccessDenied,
        Self::SourceMissing,
        Self::SettingRefused,
        Self::UnsupportedFormat,
        Self::ShortPage { sequence: 1 },
        Self::PageTooLarge { sequence: 1 },
        Self::TooManyPages,
        Self::Cancelled,
        Self::DriverMissing,
        Self::DriverFailed { status: 10 },
        Self::WorkerMissing,
        Self::WorkerHung,
        Self::WorkerDied,
        Self::WorkerMismatch,
        Self::InboxUnreadable,
        Self::Camera(CameraFault::Missing),
        Self::Camera(CameraFault::Busy),
        Self::Camera(CameraFault::Denied),
        Self::Camera(CameraFault::Unplugged),
        Self::Camera(CameraFault::Silent),
        Self::Camera(CameraFault::Unreadable),
    ];

    /// The code the UI, logs and support branch on.
    pub fn code(&self) -> &'static str {
        self.entry().0
    }

    /// The fault in words for the clerk.
    pub fn words(&self) -> Words {
        let (_, zh, en) = self.entry();
        Words { zh, en }
    }

    /// Whether pressing the scan key again, after the clerk has done what the words say, is likely to work.
    pub fn is_for_the_clerk(&self) -> bool {
        matches!(
            self,
            Self::FeederEmpty
                | Self::Jam
                | Self::JamOrEmpty
                | Self::DoubleFeed
                | Self::CoverOpen
                | Self::Busy
                | Self::Unreachable
                | Self::WarmingUp
                | Self::ConnectionCut
                | Self::ShortPage { .. }
                | Self::TooManyPages
                | Self::Cancelled
                | Self::WorkerHung
                | Self::WorkerDied
                | Self::Camera(CameraFault::Missing | CameraFault::Busy | CameraFault::Unplugged | CameraFault::Silent)
        )
    }

    /// Names a `SANE_Status` by the stage it came at (numbers of the SANE standard, 12 and 13 of its later version).
    pub fn from_status(stage: Stage, status: i32, double_feed: bool) -> Self {
        match status {
            1 => Self::SettingRefused,
            2 => Self::Cancelled,
            3 => Self::Busy,
            4 => match stage {
                Stage::Loading | Stage::Listing | Stage::Opening => Self::NoScanner,
                Stage::Setting | Stage::Starting => Self::SettingRefused,
                Stage::Reading | Stage::Watching => Self::DriverFailed { status },
            },
            6 if double_feed => Self::DoubleFeed,
            6 => Self::Jam,
            7 => Self::FeederEmpty,
            8 => Self::CoverOpen,
            9 => match stage {
                Stage::Loading | Stage::Listing | Stage::Opening | Stage::Setting => Self::Unreachable,
                Stage::Starting | Stage::Reading | Stage::Watching => Self::ConnectionCut,
            },
            11 => Self::AccessDenied,
            12 => Self::WarmingUp,
            13 => Self::TransportLocked,
            status => Self::DriverFailed { status },
        }
    }

    fn entry(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::FeederEmpty => (
                "feeder-empty",
                "进纸器里没有纸，请放入材料后再扫描。",
                "The feeder is empty: put the papers in and scan again.",
            ),
            Self::Jam => (
                "jam",
                "卡纸：打开盖板取出纸张，放回进纸器后继续扫描。已扫描的页面已保留。",
                "Paper jam: open the cover, take the sheet out, put it back and go on. Pages already in are kept.",
            ),
            Self::JamOrEmpty => (
                "jam-or-empty",
                "扫描仪报告卡纸，但没有进过纸：进纸器若是空的，请放入材料；若有纸卡住，请打开盖板取出，然后再扫描。",
                "The scanner says jam, but no sheet went in: if the feeder is empty, put the papers in; if a sheet is stuck, open the cover and take it out. Then scan again.",
            ),
            Self::DoubleFeed => (
                "double-feed",
                "一次进了两张纸：请把纸分开，重新放入后继续扫描。",
                "Two sheets went in together: separate them, put them back and go on.",
            ),
            Self::CoverOpen => ("cover-open", "扫描仪盖板未合上，请合上。", "The cover is open: close it."),
            Self::Busy => ("busy", "扫描仪正被占用，请稍候再试。", "The scanner is in use: wait a moment and scan again."),
            Self::Unreachable => (
                "unreachable",
                "扫描仪没有应答：请检查电源和连接线。",
                "The scanner does not answer: check its power and cable.",
            ),
            Self::WarmingUp => (
                "warming-up",
                "扫描仪正在预热，请稍候再试。",
                "The scanner is warming up: wait a moment and scan again.",
            ),
            Self::TransportLocked => (
                "transport-locked",
                "扫描仪的运输锁未打开，请打开后再扫描。",
                "The scanner's transport lock is closed: open it.",
            ),
            Self::ConnectionCut => (
                "connection-cut",
                "与扫描仪的连接中断：请检查连接线，这一页需要重新扫描。",
                "The connection to the scanner broke: check the cable and scan this page again.",
            ),
            Self::NoScanner => (
                "no-scanner",
                "找不到扫描仪：请检查电源和连接线，或重新选择扫描仪。",
                "No such scanner: check power and cable, or choose another one.",
            ),
            Self::AccessDenied => (
                "access-denied",
                "没有使用扫描仪的权限，请联系安装人员。",
                "This user may not use the scanner: call the installer.",
            ),
            Self::SourceMissing => (
                "source-missing",
                "这台扫描仪没有所选的进纸方式，请换一种。",
                "This scanner has no such paper source: choose another.",
            ),
            Self::SettingRefused => (
                "setting-refused",
                "扫描仪不接受当前设置，请更换扫描方案。",
                "The scanner refuses these settings: choose another profile.",
            ),
            Self::UnsupportedFormat => (
                "unsupported-format",
                "扫描仪给出的图像格式不受支持，请更换颜色模式。",
                "The scanner delivers pictures in a form that is not supported: choose another colour mode.",
            ),
            Self::ShortPage { .. } => (
                "short-page",
                "这一页没有扫描完整，请重新扫描这一页。",
                "This page is incomplete: scan it again.",
            ),
            Self::PageTooLarge { .. } => (
                "page-too-large",
                "页面过大，请降低分辨率。",
                "The page is too large: choose a lower resolution.",
            ),
            Self::TooManyPages => (
                "too-many-pages",
                "一次扫描的页数过多，已扫描的页面已保留，请继续扫描其余页面。",
                "Too many pages in one batch: those in are kept, scan the rest now.",
            ),
            Self::Cancelled => (
                "cancelled",
                "扫描已停止，已扫描的页面已保留。",
                "Scanning was stopped; pages already in are kept.",
            ),
            Self::DriverMissing => (
                "driver-missing",
                "没有安装扫描仪驱动（SANE），请联系安装人员。",
                "The scanner drivers (SANE) are not installed: call the installer.",
            ),
            Self::DriverFailed { .. } => (
                "driver-failed",
                "扫描仪驱动出错：请把扫描仪关闭再打开后重试。",
                "The scanner's driver failed: switch the scanner off and on, then scan again.",
            ),
            Self::WorkerMissing => (
                "worker-missing",
                "扫描程序缺失，请联系安装人员。",
                "The scanning program is missing: call the installer.",
            ),
            Self::WorkerHung => (
                "worker-hung",
                "扫描仪没有反应，扫描程序已重新启动：请再扫描一次；若仍不行，请把扫描仪关闭再打开。",
                "The scanner stopped responding and was reset: scan again; if that fails, switch it off and on.",
            ),
            Self::WorkerDied => (
                "worker-died",
                "扫描仪驱动意外退出，请再扫描一次。",
                "The scanner's driver broke off: scan again.",
            ),
            Self::WorkerMismatch => (
                "worker-mismatch",
                "扫描程序版本不符，请联系安装人员。",
                "The scanning program is of another version: call the installer.",
            ),
            Self::InboxUnreadable => (
                "inbox-unreadable",
                "导入文件夹无法读取，请联系安装人员。",
                "The import folder cannot be read: call the installer.",
            ),
            Self::Camera(fault) => fault.entry(),
        }
    }
}

impl CameraFault {
    fn entry(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Missing => (
                "camera-missing",
                "找不到高拍仪：请检查连接线；用厂家程序的，请看它是否在运行。",
                "No document camera: check its cable, and whether its maker's program is running.",
            ),
            Self::Busy => (
                "camera-busy",
                "高拍仪正被其他程序占用：请关闭那个程序后再打开。",
                "Another program uses the camera: close that program and open the camera again.",
            ),
            Self::Denied => (
                "camera-denied",
                "没有使用高拍仪的权限，请联系安装人员。",
                "This user may not use the camera: call the installer.",
            ),
            Self::Unplugged => (
                "camera-unplugged",
                "高拍仪已断开：请插好连接线后重新打开。已拍的页面已保留。",
                "The camera is gone: plug it in and open it again. Pages already in are kept.",
            ),
            Self::Silent => (
                "camera-silent",
                "高拍仪没有画面：请拔下再插上，然后重新打开。已拍的页面已保留。",
                "The camera gives no picture: unplug it, plug it in and open it again. Pages already in are kept.",
            ),
            Self::Unreadable => (
                "camera-unreadable",
                "高拍仪的画面无法读取：请换一种设备或导入文件，并联系安装人员。",
                "The camera's pictures cannot be read: use another device or import files, and call the installer.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_a_code_of_its_own_and_words_in_both_languages() {
        let codes: BTreeSet<&str> = ScanFault::ALL.iter().map(ScanFault::code).collect();
        assert_eq!(codes.len(), ScanFault::ALL.len(), "no two faults share a code");
        for fault in ScanFault::ALL {
            let (code, words) = (fault.code(), fault.words());
            assert!(code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{code}");
            assert!(!words.zh.is_ascii() && words.en.is_ascii(), "{code}");
        }
    }

    #[test]
    fn every_sane_status_has_a_name_the_clerk_knows() {
        let check = |stage, status, fault| assert_eq!(ScanFault::from_status(stage, status, false), fault);
        check(Stage::Reading, 6, ScanFault::Jam);
        check(Stage::Starting, 7, ScanFault::FeederEmpty);
        check(Stage::Reading, 8, ScanFault::CoverOpen);
        check(Stage::Opening, 3, ScanFault::Busy);
        check(Stage::Opening, 4, ScanFault::NoScanner);
        check(Stage::Setting, 4, ScanFault::SettingRefused);
        check(Stage::Opening, 9, ScanFault::Unreachable);
        check(Stage::Reading, 9, ScanFault::ConnectionCut);
        check(Stage::Opening, 11, ScanFault::AccessDenied);
        check(Stage::Starting, 12, ScanFault::WarmingUp);
        check(Stage::Starting, 13, ScanFault::TransportLocked);
        check(Stage::Reading, 10, ScanFault::DriverFailed { status: 10 });
        check(Stage::Reading, -7, ScanFault::DriverFailed { status: -7 });
        assert_eq!(ScanFault::from_status(Stage::Reading, 6, true), ScanFault::DoubleFeed);
    }
}
