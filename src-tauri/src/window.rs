//! The window itself: built from the configuration, one for a data folder, kept on its own contents.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use tauri::webview::PageLoadEvent;
use tauri::{App, AppHandle, Manager, RunEvent, Url, WebviewWindowBuilder};

use crate::counter::Counter;
use crate::drawing::{self, Drawing};
use crate::{bindings, marks, news, pictures};

/// Label of the only window; its capability names it.
pub(crate) const MAIN: &str = "main";

/// Whether there is a display to open a window on; the window system's own library ends the process without one.
pub(crate) fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Opens the window of a data folder and runs until it is closed; gives the exit code.
///
/// # Errors
/// No display, or the web view does not start.
pub(crate) fn run(data: &Path) -> tauri::Result<i32> {
    let contract = bindings::contract();
    let handler = contract.invoke_handler();
    let data = data.to_path_buf();
    let another = tauri_plugin_single_instance::Builder::new()
        .dbus_id(instance_name(&data))
        .callback(|app, _, _| show(app));
    let app = tauri::Builder::default()
        // The first plug-in: a second start of the same counter must end before it opens anything.
        .plugin(another.build())
        .invoke_handler(handler)
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, |context, request, responder| pictures::serve(&context, &request, responder))
        .setup(move |app| {
            contract.mount_events(app);
            marks::mark("setup");
            let handle = app.handle().clone();
            app.manage(Counter::open(&data, move |news| news::tell(&handle, news)));
            open_window(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    Ok(app.run_return(|app, event| {
        if let RunEvent::Exit = event
            && let Some(counter) = app.try_state::<Counter>()
        {
            counter.close();
        }
    }))
}

fn open_window(app: &App) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.iter().find(|window| window.label == MAIN) else {
        return Err(tauri::Error::WindowNotFound);
    };
    let window = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_own)
        .on_page_load(|_, load| {
            if load.event() == PageLoadEvent::Started {
                marks::mark("page-load");
            }
        })
        .build()?;
    drawing::draw(&window, Drawing::of_this_counter())
}

/// Brings the window to the front: somebody started the counter a second time.
fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    for done in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = done {
            tracing::debug!(%error, "bringing the window to the front");
        }
    }
}

/// The window shows its own contents and nothing else, whatever a page in it may ask for.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // How Windows writes the address of an app's own contents.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => url.path() == "blank",
        _ => false,
    }
}

/// One name for a data folder, however it was written: two counters may run side by side, the same one only once.
fn instance_name(data: &Path) -> String {
    let mut digest = DefaultHasher::new();
    std::fs::canonicalize(data).unwrap_or_else(|_| data.to_path_buf()).hash(&mut digest);
    format!("cn.onewindow.counter.data_{:016x}", digest.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_goes_nowhere_but_to_its_own_contents() {
        let check = |address: &str, own: bool| assert_eq!(is_own(&Url::parse(address).expect("an address")), own, "{address}");
        check("tauri://localhost/", true);
        check("http://tauri.localhost/index.html", true);
        check("about:blank", true);
        check("tauri://elsewhere/", false);
        check("http://tauri.localhost.example.org/", false);
        check("https://example.org/", false);
        check("file:///etc/passwd", false);
        check("page://localhost/", false);
        check("data:text/html,x", false);
    }

    #[test]
    fn a_data_folder_has_one_name_however_it_is_written_and_another_folder_has_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for each in [&one, &two] {
            std::fs::create_dir(each).expect("made");
        }
        assert_eq!(instance_name(&one), instance_name(&two.join("../one")));
        assert_ne!(instance_name(&one), instance_name(&two));
    }
}
