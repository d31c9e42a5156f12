//! How the window is drawn. The web view puts its layers together on the graphics processor; a counter without one does that on its
//! own processors, for the whole window at every change, and it took more of them than reading the pages. There the web view
//! draws what changed and nothing else.

use std::ffi::OsStr;

use tauri::WebviewWindow;

/// Environment variable that says how the window is drawn, for a counter where the choice is wrong: `layers` or `plain`.
const DRAWING_VARIABLE: &str = "ONEWINDOW_DRAWING";
/// Set by who drives the window by WebDriver; without layers a picture of it never comes (WebKitGTK 2.50).
const AUTOMATION_VARIABLE: &str = "TAURI_WEBVIEW_AUTOMATION";

/// How the window is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// In layers that the graphics processor puts together.
    Layers,
    /// What changed, by the processor.
    Plain,
}

impl Drawing {
    /// What suits this counter.
    pub(crate) fn of_this_counter() -> Self {
        let asked = std::env::var_os(DRAWING_VARIABLE);
        let driven = std::env::var_os(AUTOMATION_VARIABLE).is_some_and(|value| value == "true");
        Self::chosen(asked.as_deref(), driven, has_graphics_processor)
    }

    /// What was asked for, else layers wherever something puts them together or pictures are taken of them.
    fn chosen(asked: Option<&OsStr>, driven: bool, has_graphics_processor: impl FnOnce() -> bool) -> Self {
        match asked.and_then(OsStr::to_str) {
            Some("layers") => Self::Layers,
            Some("plain") => Self::Plain,
            _ if driven || has_graphics_processor() => Self::Layers,
            _ => Self::Plain,
        }
    }
}

/// Whether this process may use a graphics processor: a node for drawing that it can open.
#[cfg(target_os = "linux")]
fn has_graphics_processor() -> bool {
    let Ok(nodes) = std::fs::read_dir("/dev/dri") else { return false };
    nodes.flatten().any(|node| {
        let is_for_drawing = node.file_name().to_string_lossy().starts_with("renderD");
        is_for_drawing && std::fs::OpenOptions::new().read(true).write(true).open(node.path()).is_ok()
    })
}

/// The other systems draw well by themselves.
#[cfg(not(target_os = "linux"))]
fn has_graphics_processor() -> bool {
    true
}

/// Lets a window be drawn so.
#[cfg(target_os = "linux")]
pub(crate) fn draw(window: &WebviewWindow, drawing: Drawing) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

    tracing::info!(?drawing, "drawing the window");
    if drawing == Drawing::Layers {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = WebViewExt::settings(&view.inner()) {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Lets a window be drawn so: there is no choice on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn draw(_window: &WebviewWindow, _drawing: Drawing) -> tauri::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_for_who_has_a_graphics_processor_or_takes_pictures_unless_told() {
        let check = |asked: Option<&str>, driven: bool, graphics: bool, expected: Drawing| {
            let chosen = Drawing::chosen(asked.map(OsStr::new), driven, || graphics);
            assert_eq!(chosen, expected, "{asked:?}, driven {driven}, graphics {graphics}");
        };
        check(None, false, true, Drawing::Layers);
        check(None, false, false, Drawing::Plain);
        check(None, true, false, Drawing::Layers);
        check(Some("plain"), true, true, Drawing::Plain);
        check(Some("layers"), false, false, Drawing::Layers);
        check(Some("by magic"), false, false, Drawing::Plain);
        check(Some(""), true, false, Drawing::Layers);
    }
}
