//! A private SANE configuration in which the virtual scanner exists and nothing else is searched for, so that tests
//! neither touch the machine's own settings nor wait for the network.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Environment a program needs to see the virtual scanner through SANE.
#[derive(Debug, Clone)]
pub struct SaneEnvironment {
    /// Value of `SANE_CONFIG_DIR`.
    pub config_dir: PathBuf,
    /// SANE's name of the virtual scanner, as drivers are opened.
    pub device: String,
}

impl SaneEnvironment {
    /// The variables to set for a child process.
    pub fn variables(&self) -> Vec<(String, String)> {
        vec![("SANE_CONFIG_DIR".into(), self.config_dir.to_string_lossy().into_owned())]
    }
}

/// Writes `dll.conf` (drivers: airscan, test) and `airscan.conf` (one device on a loopback port, no discovery).
///
/// # Errors
/// When the folder cannot be made or written.
pub fn write_sane_config(dir: &Path, port: u16) -> io::Result<SaneEnvironment> {
    fs::create_dir_all(dir)?;
    fs::write(dir.join("dll.conf"), "airscan\ntest\n")?;
    let airscan = format!("[devices]\n\"Virtual\" = http://127.0.0.1:{port}/eSCL, eSCL\n\n[options]\ndiscovery = disable\nws-discovery = off\n");
    fs::write(dir.join("airscan.conf"), airscan)?;
    Ok(SaneEnvironment {
        config_dir: dir.to_path_buf(),
        device: "airscan:e0:Virtual".into(),
    })
}
