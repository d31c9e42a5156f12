//! libsane in safe clothes: the thirteen functions of the SANE interface that this product uses, and nothing else.
//! Figures follow the SANE standard, version 1; what a driver hands over is copied at once and bounded, because some
//! of it lives only until the next call. No policy here: which options to set is `settings`, what to do with a status
//! is `session`.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use onewindow_scan::pipe::{FoundScanner, SCANNERS_MAX};

use crate::status::{self, Status};

/// Options and list entries looked at; real drivers have at most a few hundred.
const OPTIONS_MAX: c_int = 2000;
const ENTRIES_MAX: usize = 2000;
/// Longest string value read or written.
const STRING_BYTES_MAX: usize = 4096;
const FIXED_ONE: f64 = 65536.0;

const CAP_SOFT_SELECT: c_int = 1;
const CAP_INACTIVE: c_int = 1 << 5;
const ACTION_GET: c_int = 0;
const ACTION_SET: c_int = 1;

#[repr(C)]
struct RawDevice {
    name: *const c_char,
    vendor: *const c_char,
    model: *const c_char,
    kind: *const c_char,
}

#[repr(C)]
struct RawOption {
    name: *const c_char,
    title: *const c_char,
    desc: *const c_char,
    kind: c_int,
    unit: c_int,
    size: c_int,
    cap: c_int,
    constraint_kind: c_int,
    constraint: *const c_void,
}

#[repr(C)]
struct RawRange {
    min: c_int,
    max: c_int,
    quant: c_int,
}

/// `SANE_Parameters`.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parameters {
    pub(crate) format: c_int,
    pub(crate) last_frame: c_int,
    pub(crate) bytes_per_line: c_int,
    pub(crate) pixels_per_line: c_int,
    pub(crate) lines: c_int,
    pub(crate) depth: c_int,
}

#[link(name = "sane")]
unsafe extern "C" {
    fn sane_init(version: *mut c_int, authorize: *const c_void) -> Status;
    fn sane_exit();
    fn sane_get_devices(list: *mut *const *const RawDevice, local_only: c_int) -> Status;
    fn sane_open(name: *const c_char, handle: *mut *mut c_void) -> Status;
    fn sane_close(handle: *mut c_void);
    fn sane_get_option_descriptor(handle: *mut c_void, option: c_int) -> *const RawOption;
    fn sane_control_option(handle: *mut c_void, option: c_int, action: c_int, value: *mut c_void, info: *mut c_int) -> Status;
    fn sane_get_parameters(handle: *mut c_void, parameters: *mut Parameters) -> Status;
    fn sane_start(handle: *mut c_void) -> Status;
    fn sane_read(handle: *mut c_void, data: *mut u8, length_max: c_int, length: *mut c_int) -> Status;
    fn sane_cancel(handle: *mut c_void);
}

// From the C library that every program of this platform links.
unsafe extern "C" {
    fn dup2(from: c_int, to: c_int) -> c_int;
    fn _exit(code: c_int) -> !;
}

/// Takes standard output for the protocol; what drivers print there goes to standard error from now on.
pub(crate) fn take_stdout() -> io::Result<File> {
    let pipe = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    // SAFETY: dup2 has no precondition on memory; 1 and 2 are the standard descriptors of this process.
    if unsafe { dup2(2, 1) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(pipe)
}

/// Ends the process at once, without running anything that a stuck driver could hold up.
pub(crate) fn leave(code: i32) -> ! {
    // SAFETY: _exit has no precondition; the kernel closes everything this process holds.
    unsafe { _exit(code) }
}

/// Turns a status into a result.
fn check(status: Status) -> Result<(), Status> {
    if status == 0 { Ok(()) } else { Err(status) }
}

/// Copies a driver's string; null is an empty string.
///
/// # Safety
/// `text` is null or points to a string that ends in zero and stays unchanged during the call.
unsafe fn copy(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller promises a string that ends in zero.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// The drivers, loaded. One at a time in a process, which holds because `main` loads them once.
pub(crate) struct Sane(());

impl Sane {
    pub(crate) fn load() -> Result<Self, Status> {
        let mut version = 0;
        // SAFETY: `version` outlives the call; no authorisation callback is allowed by the standard.
        check(unsafe { sane_init(&raw mut version, ptr::null()) })?;
        Ok(Self(()))
    }

    /// Looks for devices, local and on the network.
    pub(crate) fn devices(&self) -> Result<Vec<FoundScanner>, Status> {
        let mut list: *const *const RawDevice = ptr::null();
        // SAFETY: the drivers are loaded and `list` outlives the call.
        check(unsafe { sane_get_devices(&raw mut list, 0) })?;
        let mut found = Vec::new();
        while !list.is_null() && found.len() < SCANNERS_MAX {
            // SAFETY: the list ends in null (tested below before going on) and lives until the next call for it.
            let Some(device) = (unsafe { (*list.add(found.len())).as_ref() }) else {
                break;
            };
            // SAFETY: the four strings live as long as the list.
            found.push(unsafe {
                FoundScanner {
                    name: copy(device.name),
                    vendor: copy(device.vendor),
                    model: copy(device.model),
                    kind: copy(device.kind),
                }
            });
        }
        Ok(found)
    }

    /// Opens a device.
    pub(crate) fn open<'sane>(&'sane self, name: &str, cancel: &SharedCancel) -> Result<Device<'sane>, Status> {
        let name = CString::new(name).map_err(|_| status::INVALID)?;
        let mut handle = ptr::null_mut();
        // SAFETY: the drivers are loaded, the name ends in zero and `handle` outlives the call.
        check(unsafe { sane_open(name.as_ptr(), &raw mut handle) })?;
        if handle.is_null() {
            return Err(status::INVALID);
        }
        cancel.set(Some(Handle(handle)));
        Ok(Device {
            handle,
            cancel: cancel.clone(),
            _sane: self,
        })
    }
}

impl Drop for Sane {
    fn drop(&mut self) {
        // SAFETY: every `Device` borrows this value, so all are closed.
        unsafe { sane_exit() }
    }
}

/// The open device, for cancelling from another thread, which the standard allows at any time while it is open.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedCancel(Arc<Mutex<Option<Handle>>>);

#[derive(Debug)]
struct Handle(*mut c_void);

// SAFETY: the handle is only passed to sane_cancel, which may be called from any thread, and only while the lock shows
// that the device is open.
unsafe impl Send for Handle {}

impl SharedCancel {
    fn set(&self, handle: Option<Handle>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = handle;
    }

    /// Tells the driver to stop, if a device is open. May hang with the driver.
    pub(crate) fn cancel(&self) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Handle(handle)) = &*open {
            // SAFETY: closing takes this lock first, so the handle is open for the whole call.
            unsafe { sane_cancel(*handle) }
        }
    }
}

/// What an option holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Bool,
    Int,
    Fixed,
    Text,
    Other,
}

/// Values an option takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constraint {
    None,
    Range { min: f64, max: f64, quant: f64 },
    Words(Vec<f64>),
    Texts(Vec<String>),
}

/// An option of a device, copied.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeviceOption {
    pub(crate) name: String,
    pub(crate) kind: ValueKind,
    /// Counted in pixels rather than in mm.
    pub(crate) in_pixels: bool,
    /// Means something with the other options as they are.
    pub(crate) active: bool,
    /// Can be set now.
    pub(crate) settable: bool,
    pub(crate) constraint: Constraint,
    pub(crate) index: c_int,
    pub(crate) size: c_int,
}

/// An open device. Closing it may hang with the driver.
pub(crate) struct Device<'sane> {
    handle: *mut c_void,
    cancel: SharedCancel,
    _sane: &'sane Sane,
}

impl Device<'_> {
    /// Starts the next page.
    pub(crate) fn start(&mut self) -> Result<(), Status> {
        // SAFETY: the handle is open.
        check(unsafe { sane_start(self.handle) })
    }

    pub(crate) fn parameters(&self) -> Result<Parameters, Status> {
        let mut parameters = Parameters::default();
        // SAFETY: the handle is open and `parameters` outlives the call.
        check(unsafe { sane_get_parameters(self.handle, &raw mut parameters) })?;
        Ok(parameters)
    }

    /// Reads into `buffer` and returns the bytes read; the end of the page is the status EOF.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Status> {
        let length_max = c_int::try_from(buffer.len()).unwrap_or(c_int::MAX);
        let mut length = 0;
        // SAFETY: the handle is open; the driver writes at most `length_max` bytes, which `buffer` has.
        check(unsafe { sane_read(self.handle, buffer.as_mut_ptr(), length_max, &raw mut length) })?;
        Ok(usize::try_from(length).unwrap_or(0).min(buffer.len()))
    }

    /// Ends the page or the batch. Goes through the lock, so that two threads never cancel at the same time.
    pub(crate) fn cancel(&mut self) {
        self.cancel.cancel();
    }

    /// All options as they are now; setting one may change others.
    pub(crate) fn options(&self) -> Vec<DeviceOption> {
        let mut count: c_int = 0;
        // SAFETY: the handle is open; option 0 is the number of options by the standard, one word.
        let status = unsafe { sane_control_option(self.handle, 0, ACTION_GET, (&raw mut count).cast(), ptr::null_mut()) };
        if status != 0 {
            return Vec::new();
        }
        (1..count.min(OPTIONS_MAX)).filter_map(|index| self.find_option_at(index)).collect()
    }

    fn find_option_at(&self, index: c_int) -> Option<DeviceOption> {
        // SAFETY: the handle is open; the descriptor lives until the device is closed and is copied here.
        let raw = unsafe { sane_get_option_descriptor(self.handle, index).as_ref() }?;
        let kind = match raw.kind {
            0 => ValueKind::Bool,
            1 => ValueKind::Int,
            2 => ValueKind::Fixed,
            3 => ValueKind::Text,
            _ => ValueKind::Other,
        };
        Some(DeviceOption {
            // SAFETY: names are strings that end in zero, or null for groups.
            name: unsafe { copy(raw.name) },
            kind,
            in_pixels: raw.unit == 1,
            active: raw.cap & CAP_INACTIVE == 0,
            settable: raw.cap & CAP_SOFT_SELECT != 0 && raw.cap & CAP_INACTIVE == 0,
            // SAFETY: the descriptor comes from the driver, whose constraint fits its kind by the standard.
            constraint: unsafe { copy_constraint(raw, kind) },
            index,
            size: raw.size,
        })
    }

    /// Sets an option that holds one word; numbers are in the option's own unit.
    pub(crate) fn set_number(&mut self, option: &DeviceOption, number: f64) -> Result<(), Status> {
        let mut word = match option.kind {
            ValueKind::Bool | ValueKind::Int => number.round() as c_int,
            ValueKind::Fixed => (number * FIXED_ONE).round() as c_int,
            ValueKind::Text | ValueKind::Other => return Err(status::INVALID),
        };
        // An option of another size is an array; the driver would read past this one word.
        if option.size != size_of::<c_int>() as c_int {
            return Err(status::INVALID);
        }
        let mut info = 0;
        // SAFETY: the handle is open and the option holds exactly one word, tested above.
        check(unsafe { sane_control_option(self.handle, option.index, ACTION_SET, (&raw mut word).cast(), &raw mut info) })
    }

    /// Reads an option that holds one word.
    pub(crate) fn find_number(&self, option: &DeviceOption) -> Option<f64> {
        let mut word: c_int = 0;
        if option.size != size_of::<c_int>() as c_int {
            return None;
        }
        // SAFETY: the handle is open and the option holds exactly one word, tested above.
        let status = unsafe { sane_control_option(self.handle, option.index, ACTION_GET, (&raw mut word).cast(), ptr::null_mut()) };
        match option.kind {
            _ if status != 0 => None,
            ValueKind::Bool | ValueKind::Int => Some(f64::from(word)),
            ValueKind::Fixed => Some(f64::from(word) / FIXED_ONE),
            ValueKind::Text | ValueKind::Other => None,
        }
    }

    /// Sets an option that holds text.
    pub(crate) fn set_text(&mut self, option: &DeviceOption, text: &str) -> Result<(), Status> {
        let size = usize::try_from(option.size).unwrap_or(0);
        if option.kind != ValueKind::Text || size > STRING_BYTES_MAX || text.len() + 1 > size || text.contains('\0') {
            return Err(status::INVALID);
        }
        // Drivers may write the value in effect back, up to the option's size.
        let mut buffer = vec![0_u8; size];
        buffer[..text.len()].copy_from_slice(text.as_bytes());
        let mut info = 0;
        // SAFETY: the handle is open; the buffer has the option's size and ends in zero.
        check(unsafe { sane_control_option(self.handle, option.index, ACTION_SET, buffer.as_mut_ptr().cast(), &raw mut info) })
    }
}

impl Drop for Device<'_> {
    fn drop(&mut self) {
        self.cancel.set(None);
        // SAFETY: the handle is open, and after this nobody has it any more.
        unsafe { sane_close(self.handle) }
    }
}

/// Copies the values an option takes.
///
/// # Safety
/// `raw` was given by the driver, and its constraint is of the kind it says.
unsafe fn copy_constraint(raw: &RawOption, kind: ValueKind) -> Constraint {
    let number = |word: c_int| match kind {
        ValueKind::Fixed => f64::from(word) / FIXED_ONE,
        ValueKind::Bool | ValueKind::Int | ValueKind::Text | ValueKind::Other => f64::from(word),
    };
    if raw.constraint.is_null() {
        return Constraint::None;
    }
    match raw.constraint_kind {
        1 => {
            // SAFETY: kind 1 is a range by the standard; the pointer is not null.
            let range = unsafe { &*raw.constraint.cast::<RawRange>() };
            Constraint::Range {
                min: number(range.min),
                max: number(range.max),
                quant: number(range.quant),
            }
        }
        2 => {
            let words = raw.constraint.cast::<c_int>();
            // SAFETY: kind 2 is a list of words whose first tells how many follow.
            let count = usize::try_from(unsafe { *words }).unwrap_or(0).min(ENTRIES_MAX);
            // SAFETY: `count` words follow the first.
            Constraint::Words((1..=count).map(|at| number(unsafe { *words.add(at) })).collect())
        }
        3 => {
            let texts = raw.constraint.cast::<*const c_char>();
            let mut copied = Vec::new();
            while copied.len() < ENTRIES_MAX {
                // SAFETY: kind 3 is a list of strings that ends in null, tested before going on.
                let text = unsafe { *texts.add(copied.len()) };
                if text.is_null() {
                    break;
                }
                // SAFETY: entries are strings that end in zero.
                copied.push(unsafe { copy(text) });
            }
            Constraint::Texts(copied)
        }
        _ => Constraint::None,
    }
}
