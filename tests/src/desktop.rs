//! What a clerk does with files on the desktop round the window, over the X server itself: drags one into the window (XDND 5, as a file
//! manager does), or types its path into the system's file dialog. WebDriver reaches neither.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

/// How long a window, or its answer, may take to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks, two movements of the pointer and two keys.
const PACE: Duration = Duration::from_millis(60);
/// Movements of the pointer over the window before the file is let go: the first ones make it ask what is being dragged.
const MOVEMENTS: u32 = 8;
const XDND_VERSION: u32 = 5;
/// Keysym of the key that ends a line.
const RETURN: u32 = 0xff0d;
/// Keysyms of the left shift and control keys.
const SHIFT: u32 = 0xffe1;
const CONTROL: u32 = 0xffe3;

x11rb::atom_manager! {
    /// Names of the protocol for dragging, and of titles.
    Names: NamesCookie {
        XdndAware,
        XdndSelection,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndDrop,
        XdndFinished,
        XdndActionCopy,
        UriList: b"text/uri-list",
        TARGETS,
        _NET_WM_NAME,
    }
}

/// Drags a file from beside the window into its middle and lets it go there; returns when the window has taken it.
///
/// # Errors
/// No display, no window that takes files, or one that refuses.
pub async fn drop_file(path: &Path) -> Result<()> {
    let path = path.canonicalize().context("a file that is there")?;
    tokio::task::spawn_blocking(move || Desktop::open()?.drop_file(&path)).await?
}

/// Types a path into the file dialog whose title holds `title` and confirms it.
///
/// # Errors
/// No display, no such dialog in time, or a character that no key of the display writes.
pub async fn choose_in_dialog(title: &'static str, path: &Path) -> Result<()> {
    let path = path.canonicalize().context("a file that is there")?;
    tokio::task::spawn_blocking(move || Desktop::open()?.choose_in_dialog(title, &path)).await?
}

struct Desktop {
    x: RustConnection,
    root: Window,
    names: Names,
}

impl Desktop {
    fn open() -> Result<Self> {
        let (x, screen) = x11rb::connect(None).context("opening the display")?;
        let root = x.setup().roots[screen].root;
        let names = Names::new(&x)?.reply()?;
        Ok(Self { x, root, names })
    }

    fn drop_file(&self, path: &Path) -> Result<()> {
        let uris = format!("file://{}\r\n", path.to_str().context("a path in letters")?);
        let target = self.await_window("a window that takes files", |window| self.takes_files(window))?;
        let place = self.x.get_geometry(target)?.reply()?;
        let corner = self.x.translate_coordinates(target, self.root, 0, 0)?.reply()?;
        let middle = |from: i16, side: u16| (i32::from(from) + i32::from(side) / 2).cast_unsigned() & 0xffff;
        let at = middle(corner.dst_x, place.width) << 16 | middle(corner.dst_y, place.height);
        let source = self.x.generate_id()?;
        self.x.create_window(
            COPY_DEPTH_FROM_PARENT,
            source,
            self.root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_OUTPUT,
            NONE,
            &CreateWindowAux::new(),
        )?;
        self.x.set_selection_owner(source, self.names.XdndSelection, CURRENT_TIME)?;
        let say = |what: u32, words: [u32; 4]| -> Result<()> {
            let message = ClientMessageEvent::new(32, target, what, [source, words[0], words[1], words[2], words[3]]);
            self.x.send_event(false, target, EventMask::NO_EVENT, message)?;
            Ok(self.x.flush()?)
        };
        say(self.names.XdndEnter, [XDND_VERSION << 24, self.names.UriList, 0, 0])?;
        for movement in 0..MOVEMENTS {
            say(self.names.XdndPosition, [0, at - movement, CURRENT_TIME, self.names.XdndActionCopy])?;
            let [_, flags, ..] = self.await_answer(self.names.XdndStatus, &uris)?;
            ensure!(flags & 1 == 1 || movement + 1 < MOVEMENTS, "the window does not take the file");
            std::thread::sleep(PACE);
        }
        say(self.names.XdndDrop, [0, CURRENT_TIME, 0, 0])?;
        self.await_answer(self.names.XdndFinished, &uris)?;
        Ok(self.x.destroy_window(source)?.check()?)
    }

    /// Waits for an answer of the window under the pointer; meanwhile it may ask what is being dragged.
    fn await_answer(&self, answer: u32, uris: &str) -> Result<[u32; 5]> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match self.x.poll_for_event()? {
                Some(Event::ClientMessage(message)) if message.type_ == answer => return Ok(message.data.as_data32()),
                Some(Event::SelectionRequest(request)) => self.hand_over(&request, uris)?,
                Some(_) => {}
                None => std::thread::sleep(PACE / 10),
            }
        }
        bail!("the window under the pointer did not answer in time")
    }

    /// Gives what is being dragged in the form asked for; nothing in any other form.
    fn hand_over(&self, request: &SelectionRequestEvent, uris: &str) -> Result<()> {
        let Names {
            UriList: list,
            TARGETS: targets,
            ..
        } = self.names;
        let given = match request.target {
            asked if asked == list => {
                self.x
                    .change_property8(PropMode::REPLACE, request.requestor, request.property, list, uris.as_bytes())?;
                true
            }
            asked if asked == targets => {
                self.x
                    .change_property32(PropMode::REPLACE, request.requestor, request.property, AtomEnum::ATOM, &[list])?;
                true
            }
            _ => false,
        };
        let told = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if given { request.property } else { NONE },
        };
        self.x.send_event(false, request.requestor, EventMask::NO_EVENT, told)?;
        Ok(self.x.flush()?)
    }

    /// A dialog that does not listen yet loses keys, and one that is still listing its folder loses the confirmation: both are given again,
    /// as a person would.
    fn choose_in_dialog(&self, title: &str, path: &Path) -> Result<()> {
        const ATTEMPTS: u32 = 4;
        let path = path.to_str().context("a path in letters")?;
        let dialog = self.await_window(title, |window| self.is_titled(window, title))?;
        for _attempt in 0..ATTEMPTS {
            std::thread::sleep(PACE * 15);
            self.x.set_input_focus(InputFocus::PARENT, dialog, CURRENT_TIME)?.check()?;
            // A slash opens the line for a path; what stands in it already is replaced.
            self.press(u32::from('/'))?;
            std::thread::sleep(PACE * 5);
            self.hold(CONTROL, || self.press(u32::from('a')))?;
            for letter in path.chars() {
                ensure!(letter.is_ascii_graphic(), "no key writes {letter:?}");
                self.press(u32::from(letter))?;
            }
            for _confirmation in 0..2 {
                std::thread::sleep(PACE * 8);
                self.press(RETURN)?;
                if self.is_gone_soon(dialog) {
                    return Ok(());
                }
            }
        }
        bail!("the dialog does not take {path}")
    }

    fn is_gone_soon(&self, window: Window) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PACE * 50 {
            if !self.is_on_screen(window).unwrap_or(false) {
                return true;
            }
            std::thread::sleep(PACE);
        }
        false
    }

    /// Presses and releases the key that writes a symbol, with the shift key where it needs it.
    fn press(&self, keysym: u32) -> Result<()> {
        let (key, is_shifted) = self.key_of(keysym)?;
        if is_shifted {
            return self.hold(SHIFT, || self.strike(key));
        }
        self.strike(key)
    }

    /// Does something while a key is held down.
    fn hold(&self, keysym: u32, act: impl FnOnce() -> Result<()>) -> Result<()> {
        let (key, _) = self.key_of(keysym)?;
        self.x.xtest_fake_input(KEY_PRESS_EVENT, key, CURRENT_TIME, self.root, 0, 0, 0)?;
        act()?;
        self.x.xtest_fake_input(KEY_RELEASE_EVENT, key, CURRENT_TIME, self.root, 0, 0, 0)?;
        Ok(self.x.sync()?)
    }

    fn strike(&self, key: u8) -> Result<()> {
        for stroke in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.x.xtest_fake_input(stroke, key, CURRENT_TIME, self.root, 0, 0, 0)?;
        }
        self.x.sync()?;
        std::thread::sleep(PACE / 2);
        Ok(())
    }

    /// The key that writes a symbol, and whether it does so with the shift key.
    fn key_of(&self, keysym: u32) -> Result<(u8, bool)> {
        let setup = self.x.setup();
        let map = self
            .x
            .get_keyboard_mapping(setup.min_keycode, setup.max_keycode - setup.min_keycode + 1)?
            .reply()?;
        let keys = map.keysyms.chunks(usize::from(map.keysyms_per_keycode)).zip(setup.min_keycode..);
        keys.flat_map(|(symbols, key)| symbols.iter().take(2).zip([false, true]).map(move |(symbol, shifted)| (*symbol, key, shifted)))
            .find(|(symbol, ..)| *symbol == keysym)
            .map(|(_, key, is_shifted)| (key, is_shifted))
            .with_context(|| format!("no key of this display writes {keysym:#x}"))
    }

    fn await_window(&self, what: &str, is_it: impl Fn(Window) -> Result<bool>) -> Result<Window> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            for window in self.x.query_tree(self.root)?.reply()?.children {
                // A window may be gone before it is asked about.
                if self.is_on_screen(window).unwrap_or(false) && is_it(window).unwrap_or(false) {
                    return Ok(window);
                }
            }
            std::thread::sleep(PACE);
        }
        bail!("{what} did not come")
    }

    fn is_on_screen(&self, window: Window) -> Result<bool> {
        Ok(self.x.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE)
    }

    fn takes_files(&self, window: Window) -> Result<bool> {
        let aware = self.x.get_property(false, window, self.names.XdndAware, AtomEnum::ANY, 0, 1)?.reply()?;
        Ok(aware.value_len > 0)
    }

    fn is_titled(&self, window: Window, title: &str) -> Result<bool> {
        let own = self.x.get_property(false, window, self.names._NET_WM_NAME, AtomEnum::ANY, 0, 256)?.reply()?;
        Ok(String::from_utf8_lossy(&own.value).contains(title))
    }
}
