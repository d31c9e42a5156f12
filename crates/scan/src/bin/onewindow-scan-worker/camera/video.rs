//! Cameras that the system knows as video devices (USB video class, through Video4Linux 2). The crate `moq-v4l` makes the calls of the
//! kernel; what a frame means is `onewindow_scan::camera`. Deliberately absent: controls (focus, light), which the camera minds itself.

#[cfg(target_os = "linux")]
pub(crate) use linux::list;
#[cfg(target_os = "linux")]
pub(super) use linux::{check, open};

#[cfg(not(target_os = "linux"))]
pub(crate) fn list() -> Vec<onewindow_scan::pipe::FoundScanner> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn check(_path: &str) -> Result<(), onewindow_scan::CameraFault> {
    Err(onewindow_scan::CameraFault::Missing)
}

/// Other systems' cameras are not reached yet.
#[cfg(not(target_os = "linux"))]
pub(super) fn open(_path: &str) -> Result<Box<dyn super::FrameSource>, onewindow_scan::CameraFault> {
    Err(onewindow_scan::CameraFault::Missing)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::path::Path;
    use std::time::Duration;

    use moq_v4l::buffer::{Flags as BufferFlags, Type};
    use moq_v4l::capability::Flags;
    use moq_v4l::framesize::FrameSizeEnum;
    use moq_v4l::io::mmap::Stream;
    use moq_v4l::io::traits::CaptureStream;
    use moq_v4l::video::Capture;
    use moq_v4l::{Device, Format, FourCC};
    use onewindow_scan::CameraFault;
    use onewindow_scan::camera::{FRAME_BYTES_MAX, Frame, Offer, PixelFormat, V4L2_PREFIX, Yuyv, best_offer};
    use onewindow_scan::pipe::FoundScanner;

    use crate::camera::FrameSource;

    /// The kernel shares this many frames with us; one is being read while another is filled.
    const BUFFERS: u32 = 3;
    /// A frame comes within this time; the slowest camera gives one a second.
    const FRAME: Duration = Duration::from_secs(2);
    /// Frames in a row that the driver marks as damaged.
    const DAMAGED_MAX: u32 = 10;
    /// Most devices looked at.
    const DEVICES_MAX: usize = 64;
    const FOLDER: &str = "/dev";

    /// Cameras plugged in now: devices that record in a format we read.
    pub(crate) fn list() -> Vec<FoundScanner> {
        let Ok(entries) = fs::read_dir(FOLDER) else { return Vec::new() };
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| is_video_device(path)).collect();
        paths.sort();
        let found = paths.into_iter().take(DEVICES_MAX).filter_map(|path| {
            let path = path.to_str()?.to_owned();
            // The crate panics on names that are not UTF-8; such a device is passed over.
            let model = std::thread::spawn({
                let path = path.clone();
                move || model_of(&path)
            });
            Some(FoundScanner {
                name: format!("{V4L2_PREFIX}{path}"),
                vendor: String::new(),
                model: model.join().ok().flatten()?,
                kind: "document camera".into(),
            })
        });
        found.collect()
    }

    fn is_video_device(path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix("video"));
        name.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    fn model_of(path: &str) -> Option<String> {
        let device = Device::with_path(path).ok()?;
        let can = device.query_caps().ok()?;
        let records = can.capabilities.contains(Flags::VIDEO_CAPTURE | Flags::STREAMING);
        (records && best_offer(&offers(&device)).is_some()).then_some(can.card)
    }

    /// Opens a device and starts its stream.
    ///
    /// # Errors
    /// No such device, another program has it, no right to it, or no format we read.
    pub(crate) fn open(path: &str) -> Result<Box<dyn FrameSource>, CameraFault> {
        let device = device_at(path)?;
        let offer = best_offer(&offers(&device)).ok_or(CameraFault::Unreadable)?;
        let wish = Format::new(offer.width_px, offer.height_px, fourcc(offer.format));
        let format = device.set_format(&wish).map_err(|error| fault_at_opening(&error))?;
        let pixels = pixel_format(format.fourcc).ok_or(CameraFault::Unreadable)?;
        let mut stream = Stream::with_buffers(&device, Type::VideoCapture, BUFFERS).map_err(|error| fault_at_opening(&error))?;
        stream.set_timeout(FRAME);
        Ok(Box::new(VideoDevice { stream, format, pixels }))
    }

    /// Whether a device is there and records in a format we read; its stream is not started.
    ///
    /// # Errors
    /// As [`open`].
    pub(crate) fn check(path: &str) -> Result<(), CameraFault> {
        best_offer(&offers(&device_at(path)?)).map(|_| ()).ok_or(CameraFault::Unreadable)
    }

    fn device_at(path: &str) -> Result<Device, CameraFault> {
        if !Path::new(path).starts_with(FOLDER) || path.contains("..") {
            return Err(CameraFault::Missing);
        }
        Device::with_path(path).map_err(|error| fault_at_opening(&error))
    }

    /// A device whose frames the kernel maps into this process.
    struct VideoDevice {
        stream: Stream<'static>,
        format: Format,
        pixels: PixelFormat,
    }

    impl FrameSource for VideoDevice {
        fn next(&mut self) -> Result<Frame, CameraFault> {
            for _ in 0..DAMAGED_MAX {
                let (bytes, about) = CaptureStream::next(&mut self.stream).map_err(|error| fault_while_running(&error))?;
                let length = (about.bytesused as usize).min(bytes.len());
                if about.flags.contains(BufferFlags::ERROR) || length == 0 || length > FRAME_BYTES_MAX * 4 {
                    continue;
                }
                let bytes = bytes[..length].to_vec();
                return Ok(match self.pixels {
                    PixelFormat::Mjpeg => Frame::Jpeg(bytes),
                    PixelFormat::Yuyv => Frame::Yuyv(Yuyv {
                        width_px: self.format.width,
                        height_px: self.format.height,
                        row_bytes: self.format.stride as usize,
                        bytes,
                    }),
                });
            }
            Err(CameraFault::Silent)
        }
    }

    fn offers(device: &Device) -> Vec<Offer> {
        let formats = device.enum_formats().unwrap_or_default();
        let read = formats.iter().filter_map(|format| Some((format.fourcc, pixel_format(format.fourcc)?)));
        read.flat_map(|(code, format)| {
            let sizes = device.enum_framesizes(code).unwrap_or_default();
            sizes.into_iter().map(move |size| {
                let (width_px, height_px) = match size.size {
                    FrameSizeEnum::Discrete(size) => (size.width, size.height),
                    FrameSizeEnum::Stepwise(range) => (range.max_width, range.max_height),
                };
                Offer { format, width_px, height_px }
            })
        })
        .collect()
    }

    fn pixel_format(code: FourCC) -> Option<PixelFormat> {
        match &code.repr {
            b"MJPG" | b"JPEG" => Some(PixelFormat::Mjpeg),
            b"YUYV" => Some(PixelFormat::Yuyv),
            _ => None,
        }
    }

    fn fourcc(format: PixelFormat) -> FourCC {
        match format {
            PixelFormat::Mjpeg => FourCC::new(b"MJPG"),
            PixelFormat::Yuyv => FourCC::new(b"YUYV"),
        }
    }

    /// Numbers of `errno` in the kernel's video interface: `EPERM`, `EIO`, `EACCES`, `EBUSY`.
    fn fault_at_opening(error: &io::Error) -> CameraFault {
        match error.raw_os_error() {
            Some(1 | 13) => CameraFault::Denied,
            Some(16) => CameraFault::Busy,
            Some(5) => CameraFault::Silent,
            _ => CameraFault::Missing,
        }
    }

    /// The stream starts with the first frame, so a device that another program holds says so here.
    fn fault_while_running(error: &io::Error) -> CameraFault {
        match error.raw_os_error() {
            Some(16) => CameraFault::Busy,
            _ if error.kind() == io::ErrorKind::TimedOut => CameraFault::Silent,
            _ => CameraFault::Unplugged,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn refusals_of_the_kernel_are_named_as_the_clerk_sees_them() {
            let check = |fault: fn(&io::Error) -> CameraFault, number, expected| {
                assert_eq!(fault(&io::Error::from_raw_os_error(number)), expected, "errno {number}");
            };
            check(fault_at_opening, 2, CameraFault::Missing);
            check(fault_at_opening, 6, CameraFault::Missing);
            check(fault_at_opening, 13, CameraFault::Denied);
            check(fault_at_opening, 16, CameraFault::Busy);
            check(fault_while_running, 16, CameraFault::Busy);
            check(fault_while_running, 19, CameraFault::Unplugged);
            check(fault_while_running, 5, CameraFault::Unplugged);
            assert_eq!(fault_while_running(&io::ErrorKind::TimedOut.into()), CameraFault::Silent);
        }

        #[test]
        fn only_devices_are_opened() {
            assert_eq!(open("/etc/passwd").err(), Some(CameraFault::Missing));
            assert_eq!(open("/dev/../etc/passwd").err(), Some(CameraFault::Missing));
            assert_eq!(open("/dev/video-none").err(), Some(CameraFault::Missing));
            assert!(is_video_device(Path::new("/dev/video12")) && !is_video_device(Path::new("/dev/video")));
        }
    }
}
