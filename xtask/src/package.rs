//! The Debian package: the window, the command line, the centre, the scan worker, catalogue and units, as one installable file.

use anyhow::Result;

use crate::command::{must, program, step};
use crate::{setup, suite};

/// Builds `target/package/onewindow_<version>_<arch>.deb`.
///
/// # Errors
/// When a part does not build.
pub fn package() -> Result<()> {
    step("install what is missing", setup::everything)?;
    step("window's contents", suite::ui)?;
    step("release build", || {
        must(&mut program(
            "cargo",
            &[
                "build",
                "--release",
                "-p",
                "onewindow-app",
                "--features",
                "onewindow-app/custom-protocol",
                "-p",
                "onewindow-cli",
                "-p",
                "onewindow-central",
                "-p",
                "onewindow-scan",
                "-p",
                "onewindow-capture",
            ],
        ))
    })?;
    step("package", || {
        must(program("bash", &["packaging/deb/build.sh"]).env("ONEWINDOW_MODELS", setup::models_dir()))
    })
}
