//! A counter for one test: data folder, signed-in clerk, a case of the newborn bundle, a scanner on loopback.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use onewindow_case::Case;
use onewindow_case::case::Page;
use onewindow_case::ids::CaseId;
use onewindow_desk::{Desk, DeskFolder};
use onewindow_ipc::case_view::{CaseView, ScanColour, ScanPaper, ScanProfile, ScanSource};
use onewindow_testkit::escl::{Device, VirtualScanner};
use tempfile::TempDir;

const DEMO_COUNTER: &str = include_str!("../../../../assets/demo/counter.json");
const PATIENCE: Duration = Duration::from_secs(60);

/// A counter at work.
pub struct Counter {
    pub desk: Desk,
    pub scanner: VirtualScanner,
    pub case: CaseId,
    _data: TempDir,
}

impl Counter {
    /// Opens one; `None` when the scan worker was not built with these tests (`cargo build -p onewindow-scan`).
    pub fn open() -> Option<Self> {
        Self::open_with(Device::OFFICE)
    }

    /// Opens one that reads its pages; `None` also where no reading models are.
    pub fn open_reading() -> Option<Self> {
        if std::env::var_os("ONEWINDOW_MODELS").is_none() && onewindow_capture::ocr::find_models().is_none() {
            eprintln!("SKIPPED: the reading models are not there");
            return None;
        }
        let counter = Self::open()?;
        counter.desk.start_work();
        Some(counter)
    }

    /// Opens one beside a certain scanner.
    pub fn open_with(device: Device) -> Option<Self> {
        Self::open_as(device, DEMO_COUNTER)
    }

    /// Opens one whose own scanner was given by the installer; `{port}` stands for the scanner's.
    pub fn open_at(address: &str) -> Option<Self> {
        let unset = "\"scanner\": null";
        assert!(DEMO_COUNTER.contains(unset), "the demonstration names no scanner");
        Self::open_as(Device::OFFICE, &DEMO_COUNTER.replace(unset, &format!("\"scanner\": \"{address}\"")))
    }

    fn open_as(device: Device, set_up: &str) -> Option<Self> {
        if let Err(fault) = onewindow_scan::WorkerConfig::find() {
            eprintln!("SKIPPED: {fault}");
            return None;
        }
        let data = tempfile::tempdir().unwrap();
        let scanner = VirtualScanner::start_as(device, 0).unwrap();
        let counter = set_up.replace("{port}", &scanner.port().to_string());
        std::fs::write(data.path().join("counter.json"), counter).unwrap();
        let desk = Desk::open(&DeskFolder::with_key_file(data.path()), &|_| {}).unwrap();
        desk.sign_in("0307", "246810").unwrap();
        let view = desk.open_case("newborn", None).unwrap();
        Some(Self {
            case: CaseId::parse(&view.case_id).unwrap(),
            desk,
            scanner,
            _data: data,
        })
    }

    /// The scanner as the desk names it.
    pub fn scanner_id(&self) -> String {
        format!("escl:{}", self.scanner.url())
    }

    /// Scans into a paper of the checklist and waits until `pages` pages are kept and judged.
    pub fn scan(&self, material: &str, source: ScanSource, pages: usize) -> Arc<Case> {
        let profile = ScanProfile {
            scanner: Some(self.scanner_id()),
            source,
            colour: ScanColour::Colour,
            dpi: 300,
            paper: ScanPaper::A4,
        };
        self.scan_as(material, &profile, pages)
    }

    /// The same with everything chosen.
    pub fn scan_as(&self, material: &str, profile: &ScanProfile, pages: usize) -> Arc<Case> {
        self.desk.scan_into(self.case, Some(material.to_owned()), profile).unwrap();
        self.await_pages(pages)
    }

    /// Waits until as many pages are judged and no scan is under way.
    pub fn await_pages(&self, pages: usize) -> Arc<Case> {
        self.await_pages_of(self.case, pages)
    }

    /// The same for another case.
    pub fn await_pages_of(&self, case: CaseId, pages: usize) -> Arc<Case> {
        let begun = Instant::now();
        loop {
            let case = self.desk.get_case(case).unwrap();
            let judged = case.counted_pages().filter(|page| page.judgement.width_px > 0).count();
            if judged >= pages && !self.desk.is_scanning(case.id) {
                return case;
            }
            assert!(begun.elapsed() < PATIENCE, "{judged} of {pages} pages after {:?}", begun.elapsed());
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Waits until every page was read.
    pub fn await_reading(&self) -> CaseView {
        let begun = Instant::now();
        while self.desk.get_case(self.case).unwrap().counted_pages().any(|page| !page.read) {
            assert!(begun.elapsed() < PATIENCE, "pages are not read after {:?}", begun.elapsed());
            std::thread::sleep(Duration::from_millis(30));
        }
        self.desk.show_case(self.case).unwrap()
    }

    /// Imports files into a paper of the checklist.
    pub fn import(&self, material: &str, path: &Path) -> Arc<Case> {
        self.desk.import_files(self.case, Some(material.to_owned()), &[path.to_path_buf()]).unwrap();
        self.desk.get_case(self.case).unwrap()
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.desk.close();
    }
}

/// Longer and shorter side of a judged page in tenths of a millimetre.
pub fn sides(page: &Page) -> (u32, u32) {
    let (a, b) = (page.judgement.width_tenth_mm, page.judgement.height_tenth_mm);
    (a.max(b), a.min(b))
}
