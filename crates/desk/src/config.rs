//! What the installer set for this counter: one JSON file `counter.json` in the data folder. No secret and no person is in it.

use std::path::{Path, PathBuf};

use onewindow_case::identifier::{CaseNo, RegionCode};
use onewindow_case::text::Bilingual;
use onewindow_scan::escl;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::fault::DeskFault;

/// File name inside the data folder.
pub const FILE_NAME: &str = "counter.json";

/// Set-up of one counter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CounterConfig {
    /// Region 6, centre 2, device 3: `330302-01-003`.
    pub counter: String,
    /// Number on the counter's sign.
    pub label: String,
    /// Name of the branch, Chinese.
    pub branch_zh: String,
    /// Name of the branch, English.
    pub branch_en: String,
    /// Short name of the office in document numbers, `云行`.
    pub office_short: String,
    /// Telephone of the branch, printed on notices.
    pub phone: String,
    /// Address of the branch, printed on notices.
    pub address: String,
    /// Base address of the centre.
    pub centre_url: String,
    /// One-time code for the first contact with the centre.
    #[serde(default)]
    pub enrolment_code: Option<String>,
    /// IPP address of the A4 printer, or on Windows `spooler:` and its name there.
    #[serde(default)]
    pub printer_uri: Option<String>,
    /// A second printer, for when the first does not answer: another IPP address, or a queue of CUPS. Licences never go through a
    /// queue, and the clerk is asked what came out of one.
    #[serde(default)]
    pub fallback_printer_uri: Option<String>,
    /// Thermal printer for slips: `tcp://host:9100` or `file:///dev/usb/lp0`.
    #[serde(default)]
    pub slip_printer: Option<String>,
    /// Address of the page on which a service is rated; the code on the rating slip leads there. No slip without it.
    #[serde(default)]
    pub rating_url: Option<String>,
    /// The counter's own scanner: a driver's name for it, or its address on the network (`10.1.2.3`, `printer.local`,
    /// `http://host:8080/eSCL`); once loaded its identity. The first one found when not set.
    #[serde(default)]
    pub scanner: Option<String>,
    /// Folder into which a scanner that stands by itself, or another program, puts files for this counter.
    #[serde(default)]
    pub inbox: Option<PathBuf>,
    /// Folder of the reading models.
    #[serde(default)]
    pub models: Option<PathBuf>,
    /// Where the key of this PC is kept.
    #[serde(default)]
    pub keys: KeyPlace,
    /// The centre's recovery key (hex), when it is to be known before the first contact with the centre.
    #[serde(default)]
    pub recovery_key: Option<String>,
    /// The centre's root key (hex) that seals lists of licence keys, when it is to be known before the first contact.
    #[serde(default)]
    pub root_key: Option<String>,
    /// Days for which closed cases that the centre holds stay on this PC.
    #[serde(default = "keep_days")]
    pub keep_days: u32,
    /// Demonstration: synthetic people, SPECIMEN on licences, PINs on the sign-in screen.
    #[serde(default)]
    pub demo: bool,
    /// Staff of the demonstration with their PINs; ignored unless `demo`.
    #[serde(default)]
    pub demo_staff: Vec<DemoStaff>,
    /// Blanks handed to this counter in the demonstration.
    #[serde(default)]
    pub demo_blanks: Vec<DemoBlanks>,
}

/// Where the key of a counter's store is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// A file beside the store: for demonstrations; whoever has the disk has the key.
    #[default]
    File,
    /// A file sealed under a passphrase, which is asked for at the start.
    Passphrase,
    /// The key store of the operating system.
    System,
}

/// Local period after which the centre is the archive (assumption of the domain notes, section 13).
const fn keep_days() -> u32 {
    30
}

/// Synthetic staff.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoStaff {
    /// Number on the badge.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// `clerk`, `supervisor`, `installer`.
    pub role: String,
    /// PIN.
    pub pin: String,
}

/// A run of blanks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoBlanks {
    /// Result id they are for, such as `biz_licence`.
    pub kind: String,
    /// Prefix of the serial numbers.
    pub prefix: String,
    /// First number.
    pub first: u32,
    /// Last number.
    pub last: u32,
}

impl CounterConfig {
    /// Reads the set-up of a data folder.
    ///
    /// # Errors
    /// [`DeskFault::ConfigMissing`] or [`DeskFault::ConfigBroken`], with the place.
    pub fn load(data: &Path) -> Result<Self, DeskFault> {
        let path = data.join(FILE_NAME);
        let text = std::fs::read_to_string(&path).map_err(|source| DeskFault::ConfigMissing { source })?;
        let mut config: Self = serde_json::from_str(&text).map_err(|source| DeskFault::ConfigBroken { source })?;
        config.scanner = config.scanner.as_deref().map(escl::scanner_named).filter(|scanner| !scanner.is_empty());
        Ok(config)
    }

    /// Name of the branch.
    pub fn branch(&self) -> Bilingual {
        Bilingual::new(&self.branch_zh, &self.branch_en)
    }

    /// The number of a case of this counter; it carries the counter's own number, so no two counters can give the same one.
    ///
    /// # Errors
    /// [`DeskFault::CounterId`] when the counter's number is not like `330302-01-003`, or the day's numbers are used up.
    pub fn case_no(&self, today: Date, sequence: u32) -> Result<CaseNo, DeskFault> {
        let broken = || DeskFault::CounterId(self.counter.clone());
        let parts: Vec<&str> = self.counter.split('-').collect();
        let [region, centre, device] = parts.as_slice() else { return Err(broken()) };
        let region = RegionCode::parse(region).map_err(|_| broken())?;
        let centre = centre.parse().map_err(|_| broken())?;
        let device = device.parse().map_err(|_| broken())?;
        CaseNo::new(region, centre, device, today, u16::try_from(sequence).map_err(|_| broken())?).map_err(|_| broken())
    }
}
