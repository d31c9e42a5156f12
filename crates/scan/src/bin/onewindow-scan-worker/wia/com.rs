//! WIA 2.0 in safe clothes: the calls that this product uses, and nothing else. What a driver hands over is copied at once and bounded. All
//! objects of WIA stay on the thread that made them; only its callback comes from elsewhere, and that holds no such object but the
//! stream it gave out.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use onewindow_scan::pipe::{FoundScanner, SCANNERS_MAX};
use onewindow_scan::wia::{ID_PREFIX, is_scanner, status_of};
use windows::Win32::Devices::ImageAcquisition::{
    IWiaDevMgr2, IWiaItem2, IWiaPropertyStorage, IWiaTransfer, IWiaTransferCallback, IWiaTransferCallback_Impl, WIA_CATEGORY_FEEDER, WIA_CATEGORY_FLATBED,
    WIA_DEVINFO_ENUM_LOCAL, WIA_DIP_DEV_ID, WIA_DIP_DEV_NAME, WIA_DIP_DEV_TYPE, WIA_DIP_VEND_DESC, WIA_DPS_DOCUMENT_HANDLING_CAPABILITIES,
    WIA_DPS_DOCUMENT_HANDLING_STATUS, WIA_IPA_DATATYPE, WIA_IPA_FORMAT, WIA_IPA_TYMED, WIA_IPS_DOCUMENT_HANDLING_SELECT, WIA_IPS_MAX_HORIZONTAL_SIZE,
    WIA_IPS_MAX_VERTICAL_SIZE, WIA_IPS_PAGES, WIA_IPS_XEXTENT, WIA_IPS_XPOS, WIA_IPS_XRES, WIA_IPS_YEXTENT, WIA_IPS_YPOS, WIA_IPS_YRES,
    WIA_TRANSFER_MSG_END_OF_STREAM, WiaDevMgr2, WiaImgFmt_BMP, WiaTransferParams,
};
use windows::Win32::Foundation::{E_OUTOFMEMORY, HGLOBAL, S_FALSE};
use windows::Win32::System::Com::StructuredStorage::{
    CreateStreamOnHGlobal, PROPSPEC, PROPSPEC_0, PROPVARIANT, PROPVARIANT_0, PROPVARIANT_0_0, PROPVARIANT_0_0_0, PRSPEC_PROPID,
};
use windows::Win32::System::Com::{CLSCTX_LOCAL_SERVER, COINIT_MULTITHREADED, CoCreateInstance, CoInitializeEx, IStream, STREAM_SEEK_SET, TYMED_FILE};
use windows::Win32::System::Threading::{GetCurrentProcess, TerminateProcess};
use windows::Win32::System::Variant::{VT_CLSID, VT_I4, VT_VECTOR};
use windows_core::{BSTR, GUID, Interface as _, implement};

use crate::Stop;
use crate::status::Status;

/// Largest page: A3 in colour at 600 dpi is 209 MB.
const PAGE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Bytes read at a time.
const PIECE_BYTES: usize = 1024 * 1024;
/// Values copied of a list.
const VALUES_MAX: usize = 500;
/// Parts of a device looked at.
const PARTS_MAX: usize = 32;
/// First identity for properties that are written by name; none is.
const NAMES_FROM: u32 = 2;

/// Ends the process at once, without running anything that a stuck driver could hold up.
pub(crate) fn leave(code: i32) -> ! {
    // SAFETY: the handle of the own process is always good; the system takes back everything this process holds.
    let _ = unsafe { TerminateProcess(GetCurrentProcess(), code.cast_unsigned()) };
    std::process::abort()
}

/// The status of SANE for what Windows said.
fn status(error: &windows_core::Error) -> Status {
    status_of(error.code().0).0
}

/// A property of a device or of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Property {
    HandlingCapabilities,
    HandlingStatus,
    HandlingSelect,
    Pages,
    DataType,
    DpiAcross,
    DpiAlong,
    Left,
    Top,
    Width,
    Height,
    WidthMax,
    HeightMax,
}

impl Property {
    fn id(self) -> u32 {
        match self {
            Self::HandlingCapabilities => WIA_DPS_DOCUMENT_HANDLING_CAPABILITIES,
            Self::HandlingStatus => WIA_DPS_DOCUMENT_HANDLING_STATUS,
            Self::HandlingSelect => WIA_IPS_DOCUMENT_HANDLING_SELECT,
            Self::Pages => WIA_IPS_PAGES,
            Self::DataType => WIA_IPA_DATATYPE,
            Self::DpiAcross => WIA_IPS_XRES,
            Self::DpiAlong => WIA_IPS_YRES,
            Self::Left => WIA_IPS_XPOS,
            Self::Top => WIA_IPS_YPOS,
            Self::Width => WIA_IPS_XEXTENT,
            Self::Height => WIA_IPS_YEXTENT,
            Self::WidthMax => WIA_IPS_MAX_HORIZONTAL_SIZE,
            Self::HeightMax => WIA_IPS_MAX_VERTICAL_SIZE,
        }
    }
}

/// Where paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Glass,
    Feeder,
}

/// The system's image acquisition.
pub(crate) struct Wia(IWiaDevMgr2);

impl Wia {
    pub(crate) fn load() -> Result<Self, Status> {
        // SAFETY: no precondition; a second call on this thread only counts. It is never undone, since the process ends with its order.
        let _ = unsafe { CoInitializeEx(None, COINIT_MULTITHREADED) };
        // SAFETY: COM is initialised on this thread; the class and the interface belong together by WIA's definitions.
        let manager = unsafe { CoCreateInstance(&WiaDevMgr2, None, CLSCTX_LOCAL_SERVER) };
        manager.map(Self).map_err(|error| status(&error))
    }

    /// Scanners connected to this PC, or set up on it.
    pub(crate) fn devices(&self) -> Result<Vec<FoundScanner>, Status> {
        // SAFETY: the manager is a live object.
        let list = unsafe { self.0.EnumDeviceInfo(WIA_DEVINFO_ENUM_LOCAL.cast_signed()) }.map_err(|error| status(&error))?;
        let mut found = Vec::new();
        while found.len() < SCANNERS_MAX {
            let (mut device, mut many) = (None, 0);
            // SAFETY: one entry is asked for and there is room for one.
            let next = unsafe { list.Next(1, &raw mut device, &raw mut many) };
            let (Ok(()), Some(device)) = (next, device) else { break };
            let text = |id| find_text(&device, id).unwrap_or_default();
            if find_number(&device, WIA_DIP_DEV_TYPE).is_some_and(is_scanner) {
                found.push(FoundScanner {
                    name: format!("{ID_PREFIX}{}", text(WIA_DIP_DEV_ID)),
                    vendor: text(WIA_DIP_VEND_DESC),
                    model: text(WIA_DIP_DEV_NAME),
                    kind: String::new(),
                });
            }
        }
        Ok(found)
    }

    pub(crate) fn open(&self, id: &str) -> Result<Device, Status> {
        // SAFETY: the manager is a live object and the text lives during the call.
        let root = unsafe { self.0.CreateDevice(0, &BSTR::from(id)) }.map_err(|error| status(&error))?;
        Device::of(&root).map_err(|error| status(&error))
    }
}

/// An open device.
pub(crate) struct Device {
    properties: IWiaPropertyStorage,
    inputs: Vec<(Place, Input)>,
}

impl Device {
    fn of(root: &IWiaItem2) -> windows_core::Result<Self> {
        // SAFETY: the item is a live object; without a category all its parts are listed.
        let parts = unsafe { root.EnumChildItems(None) }?;
        let mut inputs = Vec::new();
        for _ in 0..PARTS_MAX {
            let (mut part, mut many) = (None, 0);
            // SAFETY: one entry is asked for and there is room for one.
            let next = unsafe { parts.Next(1, &raw mut part, &raw mut many) };
            let (Ok(()), Some(part)) = (next, part) else { break };
            // SAFETY: the part is a live object.
            let place = match unsafe { part.GetItemCategory() }? {
                WIA_CATEGORY_FLATBED => Place::Glass,
                WIA_CATEGORY_FEEDER => Place::Feeder,
                _ => continue,
            };
            inputs.push((
                place,
                Input {
                    properties: part.cast()?,
                    item: part,
                },
            ));
        }
        Ok(Self {
            properties: root.cast()?,
            inputs,
        })
    }

    pub(crate) fn find_input(&self, wanted: Place) -> Option<&Input> {
        self.inputs.iter().find(|(place, _)| *place == wanted).map(|(_, input)| input)
    }

    pub(crate) fn find_number(&self, property: Property) -> Option<i32> {
        find_number(&self.properties, property.id())
    }
}

/// A part of a device that takes paper.
pub(crate) struct Input {
    item: IWiaItem2,
    properties: IWiaPropertyStorage,
}

impl Input {
    pub(crate) fn find_number(&self, property: Property) -> Option<i32> {
        find_number(&self.properties, property.id())
    }

    /// Flags of a property and the values it takes, as WIA lays them out.
    pub(crate) fn allowed(&self, property: Property) -> Option<(u32, Vec<i32>)> {
        let spec = by_id(property.id());
        let mut flags = 0;
        let mut values = PROPVARIANT::default();
        // SAFETY: one property is asked for; flags and values have room for one each and outlive the call.
        unsafe { self.properties.GetPropertyAttributes(1, &raw const spec, &raw mut flags, &raw mut values) }.ok()?;
        Some((flags, numbers(&values)))
    }

    /// Sets a property that holds a number.
    pub(crate) fn set_number(&self, property: Property, number: i32) -> Result<(), Status> {
        self.write(property.id(), &PROPVARIANT::from(number))
    }

    /// Asks for pages as uncompressed pictures, one stream each: every driver has to be able to give these.
    pub(crate) fn set_bitmaps(&self) -> Result<(), Status> {
        let mut format: GUID = WiaImgFmt_BMP;
        // The value only borrows the identity of the format, so it must not be cleared, which would free it.
        let value = ManuallyDrop::new(PROPVARIANT {
            Anonymous: PROPVARIANT_0 {
                Anonymous: ManuallyDrop::new(PROPVARIANT_0_0 {
                    vt: VT_CLSID,
                    wReserved1: 0,
                    wReserved2: 0,
                    wReserved3: 0,
                    Anonymous: PROPVARIANT_0_0_0 { puuid: &raw mut format },
                }),
            },
        });
        self.write(WIA_IPA_FORMAT, &value)?;
        self.write(WIA_IPA_TYMED, &PROPVARIANT::from(TYMED_FILE.0))
    }

    fn write(&self, id: u32, value: &PROPVARIANT) -> Result<(), Status> {
        let spec = by_id(id);
        // SAFETY: one property and one value are given, and both outlive the call.
        let written = unsafe { self.properties.WriteMultiple(1, &raw const spec, value, NAMES_FROM) };
        written.map_err(|error| status(&error))
    }

    /// Takes pages until there are no more, the receiver is gone or the clerk wants to stop; the error code of Windows otherwise.
    pub(crate) fn download(&self, pages: SyncSender<Vec<u8>>, stop: &Stop) -> Result<(), i32> {
        let overflow = Arc::new(AtomicBool::new(false));
        let catcher: IWiaTransferCallback = Catcher {
            pages,
            stop: stop.clone(),
            stream: Mutex::new(None),
            overflow: Arc::clone(&overflow),
        }
        .into();
        let transfer: IWiaTransfer = self.item.cast().map_err(|error| error.code().0)?;
        // SAFETY: both are live objects until the call comes back, which it does when the transfer is over.
        let end = unsafe { transfer.Download(0, &catcher) };
        if overflow.load(Ordering::SeqCst) {
            return Err(E_OUTOFMEMORY.0);
        }
        end.map_err(|error| error.code().0)
    }
}

/// What WIA calls for each page: it gives out a stream in memory, and takes the page from it when it is whole.
#[implement(IWiaTransferCallback)]
struct Catcher {
    pages: SyncSender<Vec<u8>>,
    stop: Stop,
    /// The stream of the page that is coming in.
    stream: Mutex<Option<IStream>>,
    /// A page was too large to be taken.
    overflow: Arc<AtomicBool>,
}

impl Catcher_Impl {
    fn held(&self) -> std::sync::MutexGuard<'_, Option<IStream>> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a callback answers to end the transfer: a success that WIA reads as the wish to stop.
fn enough() -> windows_core::Error {
    windows_core::Error::from_hresult(S_FALSE)
}

impl IWiaTransferCallback_Impl for Catcher_Impl {
    fn TransferCallback(&self, _flags: i32, told: *const WiaTransferParams) -> windows_core::Result<()> {
        // SAFETY: WIA passes a pointer that is good during this call, or none.
        let Some(told) = (unsafe { told.as_ref() }) else { return Ok(()) };
        if self.stop.is_wanted() {
            return Err(enough());
        }
        if told.lMessage.cast_unsigned() != WIA_TRANSFER_MSG_END_OF_STREAM {
            return Ok(());
        }
        let Some(stream) = self.held().take() else { return Ok(()) };
        let Some(page) = read(&stream)? else {
            self.overflow.store(true, Ordering::SeqCst);
            return Err(enough());
        };
        self.pages.send(page).map_err(|_| enough())
    }

    fn GetNextStream(&self, _flags: i32, _name: &BSTR, _full_name: &BSTR) -> windows_core::Result<IStream> {
        if self.stop.is_wanted() {
            return Err(enough());
        }
        // SAFETY: no memory is given, so the stream makes its own and frees it with its last user.
        let stream = unsafe { CreateStreamOnHGlobal(HGLOBAL::default(), true) }?;
        *self.held() = Some(stream.clone());
        Ok(stream)
    }
}

/// The bytes of a stream from its beginning; nothing when they are too many.
fn read(stream: &IStream) -> windows_core::Result<Option<Vec<u8>>> {
    // SAFETY: the stream is a live object; no new position is asked for.
    unsafe { stream.Seek(0, STREAM_SEEK_SET, None) }?;
    let mut bytes = Vec::new();
    let mut piece = vec![0_u8; PIECE_BYTES];
    while bytes.len() <= PAGE_BYTES_MAX {
        let mut length = 0;
        // SAFETY: the stream writes at most as many bytes as `piece` has, and their number into `length`.
        let answer = unsafe { stream.Read(piece.as_mut_ptr().cast(), PIECE_BYTES as u32, Some(&raw mut length)) };
        answer.ok()?;
        let length = (length as usize).min(PIECE_BYTES);
        if length == 0 {
            return Ok(Some(bytes));
        }
        bytes.extend_from_slice(&piece[..length]);
    }
    Ok(None)
}

fn by_id(id: u32) -> PROPSPEC {
    PROPSPEC {
        ulKind: PRSPEC_PROPID,
        Anonymous: PROPSPEC_0 { propid: id },
    }
}

fn find_value(properties: &IWiaPropertyStorage, id: u32) -> Option<PROPVARIANT> {
    let spec = by_id(id);
    let mut value = PROPVARIANT::default();
    // SAFETY: one property is asked for; the value has room for one and outlives the call.
    unsafe { properties.ReadMultiple(1, &raw const spec, &raw mut value) }.ok()?;
    (!value.is_empty()).then_some(value)
}

fn find_number(properties: &IWiaPropertyStorage, id: u32) -> Option<i32> {
    i32::try_from(&find_value(properties, id)?).ok()
}

fn find_text(properties: &IWiaPropertyStorage, id: u32) -> Option<String> {
    let text = BSTR::try_from(&find_value(properties, id)?).ok()?;
    Some(text.to_string().chars().take(400).collect())
}

/// The numbers of a list; nothing when it holds something else.
fn numbers(values: &PROPVARIANT) -> Vec<i32> {
    if values.vt().0 != VT_VECTOR.0 | VT_I4.0 {
        return Vec::new();
    }
    // SAFETY: the kind, tested above, says that the value is a counted list of numbers.
    let list = unsafe { values.Anonymous.Anonymous.Anonymous.cal };
    if list.pElems.is_null() {
        return Vec::new();
    }
    let count = (list.cElems as usize).min(VALUES_MAX);
    // SAFETY: the list has at least `count` numbers and lives as long as the value.
    unsafe { std::slice::from_raw_parts(list.pElems, count) }.to_vec()
}
