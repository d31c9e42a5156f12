//! A virtual office printer: the real IPP Everywhere program `ippeveprinter` of the CUPS project, on loopback, with
//! faults by script.
//!
//! It keeps every document that it receives, byte for byte, so that a test can compare what was sent with what
//! arrived. The program needs a system D-Bus and Avahi; when none runs they are started and left running for the next
//! printer. Deliberately absent: an IPP server of our own, and rendering of what is received.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt as _, net::UnixStream, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use thiserror::Error;

/// How long the printer and the daemons it needs may take to answer.
const START_TIMEOUT: Duration = Duration::from_secs(15);
const DBUS_SOCKET: &str = "/run/dbus/system_bus_socket";
const AVAHI_CONFIG: &str = "[server]\nhost-name=one-window-test\nuse-ipv4=yes\nuse-ipv6=no\nallow-interfaces=lo\n\
    enable-dbus=yes\n[publish]\ndisable-publishing=yes\n[wide-area]\nenable-wide-area=no\n";

/// The printer: black only, A4 and A5.
const PRINTER_DESCRIPTION: &str = include_str!("printer/virtual-printer.ppd");
/// Plays the next fault for every job and then "prints" at once.
const PRINT_COMMAND: &str = include_str!("printer/print-command.sh");

/// Why the virtual printer cannot work.
#[derive(Debug, Error)]
pub enum VirtualPrinterError {
    /// A program is not installed; tests that need it say so and are skipped.
    #[error("{program} is not installed (Debian package {package})")]
    NotInstalled {
        /// The program.
        program: &'static str,
        /// The package that has it.
        package: &'static str,
    },
    /// A program ended or did not answer in time.
    #[error("{program} did not start: {log}")]
    DidNotStart {
        /// The program.
        program: &'static str,
        /// The last lines that it wrote.
        log: String,
    },
    /// Files or processes could not be handled.
    #[error("the virtual printer's files cannot be used")]
    Io(#[from] io::Error),
}

/// Something that goes wrong with one job. Faults queue up; every job plays the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterFault {
    /// The job takes this long and is printed.
    Slow {
        /// Duration in seconds.
        seconds: u32,
    },
    /// Paper is out; somebody refills it after a while and the job is printed.
    PaperOut {
        /// Duration in seconds.
        seconds: u32,
    },
    /// Paper jams and is cleared after a while.
    Jam {
        /// Duration in seconds.
        seconds: u32,
    },
    /// The cover is open for a while.
    CoverOpen {
        /// Duration in seconds.
        seconds: u32,
    },
    /// The printer gives the job up.
    Abort,
    /// The printer is switched off in the middle of the job, after this long.
    Gone {
        /// Seconds until then.
        after_s: u32,
    },
}

impl PrinterFault {
    fn line(self) -> String {
        match self {
            Self::Slow { seconds } => format!("slow {seconds}"),
            Self::PaperOut { seconds } => format!("paper-out {seconds}"),
            Self::Jam { seconds } => format!("jam {seconds}"),
            Self::CoverOpen { seconds } => format!("cover-open {seconds}"),
            Self::Abort => "abort 0".to_owned(),
            Self::Gone { after_s } => format!("gone {after_s}"),
        }
    }
}

/// A document as the printer received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedDocument {
    /// The printer's number for the job.
    pub job: u32,
    /// The file in the spool folder.
    pub path: PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A running virtual printer; it is switched off when dropped.
#[derive(Debug)]
pub struct VirtualPrinter {
    process: Child,
    port: u16,
    spool: PathBuf,
}

impl VirtualPrinter {
    /// Starts a printer on a port of loopback (0 picks a free one) that keeps what it receives in `spool`.
    ///
    /// # Errors
    /// [`VirtualPrinterError::NotInstalled`] when a program is missing, others when it does not start.
    pub fn start(port: u16, spool: &Path) -> Result<Self, VirtualPrinterError> {
        require("ippeveprinter", "cups-ipp-utils")?;
        start_name_services()?;
        let port = if port == 0 { find_free_port()? } else { port };
        fs::create_dir_all(spool.join("received"))?;
        let spool = spool.canonicalize()?;
        switch_off_leftover(&spool);
        let command = spool.join("print-command.sh");
        write_program(&command)?;
        fs::write(spool.join("printer.ppd"), PRINTER_DESCRIPTION)?;
        let log = File::create(spool.join("printer.log"))?;
        let mut process = Command::new(find_program("ippeveprinter").unwrap_or_else(|| "ippeveprinter".into()))
            .args(["-p", &port.to_string(), "-n", "localhost", "-k", "-d"])
            .arg(spool.join("received"))
            .arg("-c")
            .arg(&command)
            .arg("-P")
            .arg(spool.join("printer.ppd"))
            .arg(format!("One Window Virtual Printer {port}"))
            .env("ONEWINDOW_FAULTS", spool.join("faults"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        fs::write(spool.join("printer.pid"), process.id().to_string())?;
        let answers = wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() || matches!(process.try_wait(), Ok(Some(_))));
        if !answers || process.try_wait()?.is_some() {
            let _ = process.kill();
            let log = fs::read_to_string(spool.join("printer.log")).unwrap_or_default();
            return Err(VirtualPrinterError::DidNotStart { program: "ippeveprinter", log });
        }
        Ok(Self { process, port, spool })
    }

    /// Address to print to.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("ipp://localhost:{}/ipp/print", self.port)
    }

    /// Process id, for the program that hands the printer to somebody else.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Makes the next job that has no fault yet play this one.
    ///
    /// # Errors
    /// When the script file cannot be written.
    pub fn script(&self, fault: PrinterFault) -> Result<(), VirtualPrinterError> {
        script_fault(&self.spool, fault)
    }

    /// All documents received so far, in the order of their jobs.
    ///
    /// # Errors
    /// When the spool folder cannot be read.
    pub fn received_documents(&self) -> Result<Vec<ReceivedDocument>, VirtualPrinterError> {
        let mut documents = Vec::new();
        for entry in fs::read_dir(self.spool.join("received"))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // The printer also keeps an empty file for the output of the print command.
            if !name.ends_with(".pdf") {
                continue;
            }
            let job = name.split('-').next().and_then(|number| number.parse().ok()).unwrap_or(0);
            documents.push(ReceivedDocument {
                job,
                bytes: fs::read(&path)?,
                path,
            });
        }
        documents.sort_by_key(|document| document.job);
        Ok(documents)
    }

    /// Switches the printer off, as if somebody pulled the plug.
    pub fn stop(mut self) {
        self.switch_off();
    }

    fn switch_off(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for VirtualPrinter {
    fn drop(&mut self) {
        self.switch_off();
    }
}

/// Adds a fault to the queue of the printer with this spool folder; works from another process, too.
///
/// # Errors
/// When the script file cannot be written.
pub fn script_fault(spool: &Path, fault: PrinterFault) -> Result<(), VirtualPrinterError> {
    let mut file = File::options().create(true).append(true).open(spool.join("faults"))?;
    writeln!(file, "{}", fault.line())?;
    Ok(())
}

/// D-Bus and Avahi, which the printer insists on; running ones are used, left-over ones replaced.
fn start_name_services() -> Result<(), VirtualPrinterError> {
    require("dbus-daemon", "dbus")?;
    require("avahi-daemon", "avahi-daemon")?;
    let folder = std::env::temp_dir().join("one-window-virtual-printer");
    fs::create_dir_all(&folder)?;
    // Tests start printers at the same time; only one of them may start the daemons.
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    if UnixStream::connect(DBUS_SOCKET).is_err() {
        fs::create_dir_all("/run/dbus")?;
        start_daemon("dbus-daemon", &["--system", "--nofork", "--nopidfile"], &folder, || {
            UnixStream::connect(DBUS_SOCKET).is_ok()
        })?;
    }
    if !avahi_runs() {
        fs::create_dir_all("/run/avahi-daemon")?;
        let config = folder.join("avahi.conf");
        fs::write(&config, AVAHI_CONFIG)?;
        let config = config.to_string_lossy();
        let arguments = ["-f", &config, "--no-drop-root", "--no-chroot", "--no-rlimits"];
        start_daemon("avahi-daemon", &arguments, &folder, avahi_runs)?;
        // The daemon answers a moment before its interface on the bus does.
        thread::sleep(Duration::from_millis(300));
    }
    Ok(())
}

/// Starts a daemon in a group of its own, so that it outlives this process for the next printer.
fn start_daemon(program: &'static str, arguments: &[&str], folder: &Path, answers: impl Fn() -> bool) -> Result<(), VirtualPrinterError> {
    let log_path = folder.join(format!("{program}.log"));
    let log = File::create(&log_path)?;
    Command::new(find_program(program).unwrap_or_else(|| program.into()))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()?;
    if wait_until(answers) {
        return Ok(());
    }
    let log = fs::read_to_string(log_path).unwrap_or_default();
    Err(VirtualPrinterError::DidNotStart { program, log })
}

fn avahi_runs() -> bool {
    find_program("avahi-daemon").is_some_and(|program| {
        Command::new(program)
            .arg("--check")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

pub(crate) fn wait_until(mut answers: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + START_TIMEOUT;
    while Instant::now() < deadline {
        if answers() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

/// A printer that an earlier run with this folder left behind, when that run was killed.
fn switch_off_leftover(spool: &Path) {
    let Ok(process) = fs::read_to_string(spool.join("printer.pid")) else { return };
    let Ok(process) = process.trim().parse::<u32>() else { return };
    // The number may belong to somebody else by now; only a printer with this very spool folder is ours.
    let command_line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let command_line = String::from_utf8_lossy(&command_line);
    if command_line.contains("ippeveprinter") && command_line.contains(&*spool.to_string_lossy()) {
        let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
        thread::sleep(Duration::from_millis(200));
    }
}

fn write_program(path: &Path) -> io::Result<()> {
    fs::write(path, PRINT_COMMAND)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

pub(crate) fn find_free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

pub(crate) fn require(program: &'static str, package: &'static str) -> Result<(), VirtualPrinterError> {
    find_program(program).map(|_| ()).ok_or(VirtualPrinterError::NotInstalled { program, package })
}

/// Daemons live in folders that are often not in a user's path.
pub(crate) fn find_program(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/bin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}
