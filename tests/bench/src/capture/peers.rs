//! The peers: installed when missing (Debian packages, one Python environment), run on the same pages. Whatever can not be had is
//! told once and left out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// Debian packages of the peers: page cleaning, tilt (library of tesseract), JPEG tools, reading.
const PACKAGES: [&str; 5] = ["unpaper", "tesseract-ocr", "tesseract-ocr-chi-sim", "libjpeg-turbo-progs", "python3-venv"];
/// The same models as the product's, run by the project that publishes them.
const WHEELS: [&str; 2] = ["rapidocr==3.10.0", "onnxruntime==1.31.1"];
const SCRIPT: &str = include_str!("peers.py");

/// A page to be read by everyone.
pub struct OcrPage {
    pub variant: &'static str,
    pub jpeg: Vec<u8>,
    pub truth: String,
    pub corners: [[f32; 2]; 4],
}

/// What a peer read, or we did.
#[derive(Serialize, Deserialize)]
pub struct PeerReading {
    pub name: String,
    /// One text a page, in its order.
    pub texts: Vec<String>,
    pub wall_s: f64,
    pub peak_mb: f64,
}

#[derive(Deserialize)]
struct Skews {
    name: String,
    degrees: Vec<f64>,
}

pub struct Peers {
    debian: bool,
    python: Option<PathBuf>,
}

impl Peers {
    /// Installs what is missing; never fails, says what is not there.
    pub fn install(folder: &Path) -> Self {
        let debian = tell("Debian packages of the peers", debian_packages()).is_some();
        let python = tell("the Python environment of the peers", environment(folder));
        Self { debian, python }
    }

    /// CPU seconds a page of unpaper, leptonica's deskew and cjpeg.
    pub fn chain_cpu_s(&self, folder: &Path, files: &[Vec<u8>]) -> Option<f64> {
        let paths = written(folder, "gate", files.iter().map(Vec::as_slice)).ok()?;
        self.debian
            .then(|| self.asked::<f64>("chain", folder, &paths))
            .and_then(|answer| tell("the peer chain", answer))
    }

    /// Tilt by each peer.
    pub fn skew_deg(&self, folder: &Path, files: &[(Vec<u8>, f64)]) -> Vec<(String, Vec<f64>)> {
        let Ok(paths) = written(folder, "skew", files.iter().map(|f| f.0.as_slice())) else {
            return Vec::new();
        };
        if !self.debian {
            return Vec::new();
        }
        let found: Option<Vec<Skews>> = tell("tilt by the peers", self.asked("skew", folder, &paths));
        found.unwrap_or_default().into_iter().map(|skews| (skews.name, skews.degrees)).collect()
    }

    /// Text by each peer.
    pub fn read(&self, folder: &Path, pages: &[OcrPage]) -> Vec<PeerReading> {
        let Ok(paths) = written(folder, "ocr", pages.iter().map(|page| page.jpeg.as_slice())) else {
            return Vec::new();
        };
        let corners: Vec<_> = pages.iter().map(|page| page.corners).collect();
        let noted = serde_json::to_vec(&corners)
            .map_err(anyhow::Error::from)
            .and_then(|json| Ok(std::fs::write(folder.join("corners.json"), json)?));
        if noted.is_err() {
            return Vec::new();
        }
        let mut read = Vec::new();
        if self.python.is_some() {
            read.extend(tell("RapidOCR", self.asked::<PeerReading>("rapidocr", folder, &paths)));
        }
        if self.debian {
            read.extend(tell("tesseract", self.asked::<PeerReading>("tesseract", folder, &paths)));
        }
        read
    }

    fn asked<T: for<'de> Deserialize<'de>>(&self, what: &str, folder: &Path, paths: &[PathBuf]) -> Result<T> {
        let script = folder.join("peers.py");
        std::fs::write(&script, SCRIPT)?;
        let python = self.python.clone().unwrap_or_else(|| PathBuf::from("python3"));
        let output = Command::new(python).arg(script).arg(what).args(paths).env("OMP_THREAD_LIMIT", "1").output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer = output.stdout.split(|&byte| byte == b'\n').rfind(|line| !line.is_empty()).context("no answer")?;
        serde_json::from_slice(answer).context("reading the answer")
    }
}

fn tell<T>(what: &str, result: Result<T>) -> Option<T> {
    result.inspect_err(|error| println!("  not measured: {what}: {error:#}")).ok()
}

/// Writes the files for somebody else to read.
pub fn written<'a>(folder: &Path, name: &str, files: impl Iterator<Item = &'a [u8]>) -> Result<Vec<PathBuf>> {
    files
        .enumerate()
        .map(|(index, bytes)| {
            let path = folder.join(format!("{name}-{index:03}.jpg"));
            std::fs::write(&path, bytes)?;
            Ok(path)
        })
        .collect()
}

fn debian_packages() -> Result<()> {
    let installed = |name: &&str| {
        let asked = Command::new("dpkg-query").args(["-W", "-f=${Status}", name]).output();
        asked.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).ends_with("ok installed"))
    };
    let missing: Vec<&str> = PACKAGES.iter().filter(|name| !installed(name)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing the peers: {}", missing.join(" "));
    let status = Command::new("apt-get")
        .args(["install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"])
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(std::process::Stdio::null())
        .status()?;
    ensure!(status.success(), "apt-get could not install them");
    Ok(())
}

/// A virtual environment beside the bench's files; made once.
fn environment(folder: &Path) -> Result<PathBuf> {
    let home = std::path::absolute(folder)?.join("venv");
    let python = home.join("bin/python");
    let ready = || {
        Command::new(&python)
            .args(["-c", "import rapidocr, onnxruntime"])
            .output()
            .is_ok_and(|answer| answer.status.success())
    };
    if ready() {
        return Ok(python);
    }
    println!("installing the peers: {}", WHEELS.join(" "));
    let run = |program: &Path, args: &[&str]| -> Result<()> {
        let answer = Command::new(program).args(args).output()?;
        ensure!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
        Ok(())
    };
    run(Path::new("python3"), &["-m", "venv", &home.to_string_lossy()])?;
    let mut install = vec!["-m", "pip", "install", "-q"];
    install.extend(WHEELS);
    run(&python, &install)?;
    // The desktop build of OpenCV wants a graphics library that servers lack.
    if !ready() {
        run(&python, &["-m", "pip", "uninstall", "-q", "-y", "opencv-python"])?;
        run(&python, &["-m", "pip", "install", "-q", "opencv-python-headless"])?;
    }
    ensure!(ready(), "rapidocr can not be loaded");
    Ok(python)
}
