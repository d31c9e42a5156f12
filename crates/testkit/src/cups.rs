//! A real queue between counter and printer: `cupsd` of the CUPS project with a folder, a port and a configuration of its own,
//! in front of a printer that speaks IPP. It can be killed in mid-job and started again.
//!
//! Deliberately absent: anything of the machine's own CUPS; nothing outside the folder is read or written.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::printer::{VirtualPrinterError, find_free_port, find_program, require, wait_until};

/// The only queue.
const QUEUE: &str = "counter";

/// A running scheduler with one queue; it ends when dropped.
#[derive(Debug)]
pub struct PrintQueue {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl PrintQueue {
    /// Starts a scheduler in this folder with a queue to the printer at `printer_uri`. Needs root, as `cupsd` does.
    ///
    /// # Errors
    /// [`VirtualPrinterError::NotInstalled`] when a program is missing, others when it does not start.
    pub fn start(printer_uri: &str, folder: &Path) -> Result<Self, VirtualPrinterError> {
        require("cupsd", "cups")?;
        require("lpadmin", "cups-client")?;
        // Filters run as user lp and must get through to the folder.
        let folder = folder.canonicalize()?;
        for name in ["root", "cache", "state", "tmp", "spool", "log"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let port = find_free_port()?;
        fs::write(folder.join("cupsd.conf"), scheduler_configuration(port))?;
        fs::write(folder.join("cups-files.conf"), file_configuration(&folder))?;
        let give = |arguments: &[&str]| Command::new(arguments[0]).args(&arguments[1..]).arg(&folder).status();
        give(&["chown", "-R", "root:lp"])?;
        give(&["chmod", "-R", "u+rwX,g+rwX,o+rX"])?;
        let process = scheduler(&folder)?;
        let mut queue = Self { process, port, folder };
        queue.wait()?;
        let added = Command::new(find_program("lpadmin").unwrap_or_else(|| "lpadmin".into()))
            .env("CUPS_SERVER", format!("127.0.0.1:{port}"))
            .args(["-p", QUEUE, "-E", "-m", "everywhere", "-o", "printer-error-policy=abort-job", "-v", printer_uri])
            .output()?;
        if !added.status.success() {
            return Err(VirtualPrinterError::DidNotStart {
                program: "lpadmin",
                log: String::from_utf8_lossy(&added.stderr).into_owned(),
            });
        }
        Ok(queue)
    }

    /// Address to print to.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("ipp://127.0.0.1:{}/printers/{QUEUE}", self.port)
    }

    /// Kills the scheduler as a power cut would, and starts it again in its folder.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn crash_and_restart(&mut self) -> Result<(), VirtualPrinterError> {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.process = scheduler(&self.folder)?;
        self.wait()
    }

    fn wait(&mut self) -> Result<(), VirtualPrinterError> {
        let port = self.port;
        let process = &mut self.process;
        let answers = wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() || matches!(process.try_wait(), Ok(Some(_))));
        if answers && self.process.try_wait()?.is_none() {
            return Ok(());
        }
        let log = fs::read_to_string(self.folder.join("log/error")).unwrap_or_default();
        Err(VirtualPrinterError::DidNotStart { program: "cupsd", log })
    }
}

impl Drop for PrintQueue {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn scheduler(folder: &Path) -> Result<Child, VirtualPrinterError> {
    let log = File::create(folder.join("log/start"))?;
    Ok(Command::new(find_program("cupsd").unwrap_or_else(|| "cupsd".into()))
        .arg("-c")
        .arg(folder.join("cupsd.conf"))
        .arg("-s")
        .arg(folder.join("cups-files.conf"))
        .arg("-f")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()?)
}

/// Everything at once on disk, and a job that fails is given up rather than printed again later.
fn scheduler_configuration(port: u16) -> String {
    let open = |place: &str| format!("<Location {place}>\n  Order allow,deny\n  Allow 127.0.0.1\n</Location>\n");
    format!(
        "Listen 127.0.0.1:{port}\nBrowsing No\nWebInterface No\nDefaultAuthType None\nDirtyCleanInterval 0\nErrorPolicy abort-job\nLogLevel warn\n{}{}\
         <Policy default>\n  JobPrivateAccess default\n  JobPrivateValues none\n  <Limit All>\n    Order allow,deny\n    Allow 127.0.0.1\n  </Limit>\n</Policy>\n",
        open("/"),
        open("/admin"),
    )
}

fn file_configuration(folder: &Path) -> String {
    let at = |key: &str, name: &str| format!("{key} {}\n", folder.join(name).display());
    let folders = [
        ("ServerRoot", "root"),
        ("RequestRoot", "spool"),
        ("CacheDir", "cache"),
        ("StateDir", "state"),
        ("TempDir", "tmp"),
        ("AccessLog", "log/access"),
        ("ErrorLog", "log/error"),
        ("PageLog", "log/page"),
    ];
    let folders: String = folders.iter().map(|(key, name)| at(key, name)).collect();
    format!("{folders}User lp\nGroup lp\nSystemGroup root\nFileDevice No\n")
}
