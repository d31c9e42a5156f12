//! Starting the parts: each is the real program, on loopback, with its data under one folder.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use onewindow_testkit::escl::VirtualScanner;
use onewindow_testkit::papers::{Journey, write_set};
use onewindow_testkit::printer::VirtualPrinter;
use serde_json::Value;

/// Ports of the stand: fixed, so that a counter's set-up stays good when the centre is started again.
const CENTRE_PORT: u16 = 8711;
const PRINTER_PORT: u16 = 8712;
const SCANNER_PORT: u16 = 8713;
/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything around the counter.
pub struct Stand {
    root: PathBuf,
    programs: PathBuf,
    centre: Option<Child>,
    departments: Option<Child>,
    /// The scanner that SANE reaches over eSCL.
    pub scanner: VirtualScanner,
    /// The printer program.
    pub printer: VirtualPrinter,
    sane: Vec<(String, String)>,
}

impl Stand {
    /// Starts centre, departments, scanner and printer with fresh data under `out/stand`; papers are drawn once and kept.
    pub fn start(out: &Path) -> Result<Self> {
        let root = out.join("stand");
        if root.exists() {
            std::fs::remove_dir_all(&root).context("emptying the stand")?;
        }
        std::fs::create_dir_all(&root)?;
        let programs = std::env::current_exe()?.parent().context("the stand's own folder")?.to_path_buf();
        let papers = out.join("papers");
        for journey in [Journey::Newborn, Journey::Karaoke] {
            if !papers.join(format!("{}-index.json", slug(journey))).is_file() {
                write_set(&papers, journey).context("drawing the papers")?;
            }
        }
        let scanner = VirtualScanner::start(SCANNER_PORT).context("starting the scanner")?;
        let sane = scanner.write_sane_config(&root.join("sane"))?;
        let mut environment: Vec<(String, String)> = sane.variables().into_iter().collect();
        environment.push((
            "ONEWINDOW_SCAN_WORKER".into(),
            programs.join("onewindow-scan-worker").to_string_lossy().into_owned(),
        ));
        let printer = VirtualPrinter::start(PRINTER_PORT, &root.join("printer")).context("starting the printer")?;
        let mut stand = Self {
            root,
            programs,
            centre: None,
            departments: None,
            scanner,
            printer,
            sane: environment,
        };
        stand.write_counter(&sane.device)?;
        stand.start_centre()?;
        stand.start_departments()?;
        Ok(stand)
    }

    /// Data folder of the counter.
    pub fn counter(&self) -> PathBuf {
        self.root.join("counter-03")
    }

    /// Data folder of the other counter of the branch.
    pub fn second_counter(&self) -> PathBuf {
        self.root.join("counter-04")
    }

    /// Takes in a case at the other counter through the command line, and sends it; the case as the window would show it.
    pub fn take_in_at_second_counter(&self, submission: &Value) -> Result<Value> {
        let data = self.second_counter();
        let mut config: Value = serde_json::from_slice(&std::fs::read(self.counter().join("counter.json"))?)?;
        config["counter"] = "330302-01-004".into();
        config["label"] = "04".into();
        config["enrolment_code"] = "DEMO-COUNTER-04".into();
        config["demo_staff"] = serde_json::json!([{"staff_no": "0312", "name": "凌子墨", "role": "clerk", "pin": "135791"}]);
        std::fs::create_dir_all(&data)?;
        std::fs::write(data.join("counter.json"), serde_json::to_vec_pretty(&config)?)?;
        let file = self.papers().join("second-counter.json");
        std::fs::write(&file, serde_json::to_vec_pretty(submission)?)?;
        // Becoming known brings the branch's staff list.
        self.onewindow(&data, &["sync"])?;
        let file = file.to_string_lossy();
        let case = self.onewindow(&data, &["case", "--staff", "0312", "--pin", "135791", "submit", &file])?;
        self.onewindow(&data, &["sync"])?;
        serde_json::from_slice(&case).context("the case as JSON")
    }

    /// Runs `onewindow` on a counter; what it wrote to standard output. Exit code 1 is an answer too (a case not accepted).
    fn onewindow(&self, data: &Path, words: &[&str]) -> Result<Vec<u8>> {
        let output = Command::new(self.programs.join("onewindow"))
            .arg("--data")
            .arg(data)
            .args(words)
            .envs(self.sane.iter().cloned())
            .output()
            .context("running onewindow")?;
        let told = String::from_utf8_lossy(&output.stderr);
        let is_answer = output.status.success() || (output.status.code() == Some(1) && !output.stdout.is_empty());
        if is_answer {
            Ok(output.stdout)
        } else {
            bail!("onewindow {words:?} ended with {}: {told}", output.status)
        }
    }

    /// An empty folder for files of a journey.
    pub fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.root.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn papers(&self) -> PathBuf {
        self.root.with_file_name("papers")
    }

    /// The program of the window.
    pub fn app(&self) -> PathBuf {
        self.programs.join("onewindow-app")
    }

    /// What the window's process needs in its environment.
    pub fn environment(&self) -> &[(String, String)] {
        &self.sane
    }

    /// A drawn paper.
    pub fn paper(&self, file: &str) -> Result<PathBuf> {
        let path = self.papers().join(file);
        path.is_file().then_some(path).with_context(|| format!("paper {file} was not drawn"))
    }

    /// Lays papers into the feeder, in order.
    pub fn feed(&self, files: &[&str]) -> Result<()> {
        let paths = files.iter().map(|file| self.paper(file)).collect::<Result<Vec<_>>>()?;
        Ok(self.scanner.load_feeder_files(&paths)?)
    }

    /// Starts the centre and waits until it answers.
    pub fn start_centre(&mut self) -> Result<()> {
        let demo = repository().join("assets/demo/centre.json");
        let listen = format!("127.0.0.1:{CENTRE_PORT}");
        let child = self
            .program("onewindow-central")
            .args([
                "--data".as_ref(),
                self.root.join("centre").as_os_str(),
                "--listen".as_ref(),
                listen.as_ref(),
                "--demo".as_ref(),
                demo.as_os_str(),
            ])
            .spawn()
            .context("starting the centre")?;
        self.centre = Some(child);
        wait_for_port(CENTRE_PORT)
    }

    /// Ends the centre at once, as a power cut would.
    pub fn kill_centre(&mut self) -> Result<()> {
        if let Some(mut centre) = self.centre.take() {
            centre.kill()?;
            centre.wait()?;
        }
        Ok(())
    }

    fn start_departments(&mut self) -> Result<()> {
        let demo: Value = serde_json::from_str(&std::fs::read_to_string(repository().join("assets/demo/centre.json"))?)?;
        let mut command = self.program("virtual-departments");
        command.args(["--centre", &format!("http://127.0.0.1:{CENTRE_PORT}"), "--delay-ms", "1500"]);
        for department in demo["departments"].as_array().context("departments of the demonstration")? {
            command.args(["--token", &format!("{}={}", text(&department["department"])?, text(&department["token"])?)]);
        }
        self.departments = Some(command.spawn().context("starting the departments")?);
        Ok(())
    }

    fn write_counter(&self, scanner: &str) -> Result<()> {
        let mut config: Value = serde_json::from_str(&std::fs::read_to_string(repository().join("assets/demo/counter.json"))?)?;
        config["centre_url"] = format!("http://127.0.0.1:{CENTRE_PORT}").into();
        config["printer_uri"] = self.printer.uri().into();
        config["scanner"] = scanner.into();
        std::fs::create_dir_all(self.counter())?;
        std::fs::write(self.counter().join("counter.json"), serde_json::to_vec_pretty(&config)?).context("writing the counter's set-up")
    }

    /// Opens the window for a person and waits until it is closed.
    pub fn open_by_hand(self) -> Result<()> {
        println!(
            "sign in as clerk 0307 (PIN 246810) or supervisor 0012 (PIN 975310); papers to import: {}",
            self.papers().display()
        );
        self.feed(&["newborn-form-1.jpg", "newborn-form-2.jpg"])?;
        let status = Command::new(self.app())
            .arg("--data")
            .arg(self.counter())
            .envs(self.sane.iter().cloned())
            .status()
            .context("opening the window")?;
        if !status.success() {
            bail!("the window ended with {status}");
        }
        Ok(())
    }

    /// Copies what the printer received to `out/printed`.
    pub fn keep_documents(&self, out: &Path) -> Result<()> {
        let printed = out.join("printed");
        if printed.exists() {
            std::fs::remove_dir_all(&printed)?;
        }
        std::fs::create_dir_all(&printed)?;
        for (number, document) in self.printer.received_documents()?.iter().enumerate() {
            std::fs::write(printed.join(format!("{:02}.pdf", number + 1)), &document.bytes)?;
        }
        Ok(())
    }

    /// A program of ours that ends with the stand, also when the stand is killed.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]).arg(self.programs.join(name));
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.root.join(format!("{name}.log")));
        command.stdin(Stdio::null());
        if let Ok(log) = log {
            if let Ok(second) = log.try_clone() {
                command.stdout(second);
            }
            command.stderr(log);
        }
        command
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        for child in [self.departments.take(), self.centre.take()].into_iter().flatten() {
            let mut child = child;
            let gone = child.kill().and_then(|()| child.wait());
            if let Err(error) = gone {
                let _ = writeln!(std::io::stderr(), "ending a part of the stand: {error}");
            }
        }
    }
}

fn slug(journey: Journey) -> &'static str {
    match journey {
        Journey::Newborn => "newborn",
        Journey::Karaoke => "karaoke",
    }
}

fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("a text in the demonstration's file")
}

fn wait_for_port(port: u16) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("nothing answers on port {port}")
}
