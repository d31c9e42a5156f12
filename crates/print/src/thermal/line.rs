//! The bytes to and from a thermal printer: a TCP connection, or a device file such as `/dev/usb/lp0`.

use std::{
    fs::File,
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use crate::printer::PortFault;

const CONNECT: Duration = Duration::from_secs(3);
/// How long the printer may take to swallow the dots of one slip.
const SWALLOW: Duration = Duration::from_secs(30);
/// Pause between two looks at a device that has nothing to say.
const LOOK: Duration = Duration::from_millis(20);

/// Where a thermal printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThermalAddress {
    /// `tcp://host:port`; the usual port is 9100.
    Network {
        /// Name or number.
        host: String,
        /// Port.
        port: u16,
    },
    /// `file:///dev/usb/lp0`.
    Device(PathBuf),
}

impl ThermalAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`PortFault::Address`] for any other form.
    pub fn parse(text: &str) -> Result<Self, PortFault> {
        let fault = |reason: &str| PortFault::Address {
            value: text.to_owned(),
            reason: reason.to_owned(),
        };
        if let Some(rest) = text.strip_prefix("tcp://") {
            let (host, port) = rest.rsplit_once(':').ok_or_else(|| fault("the port is missing"))?;
            let port = port.parse().map_err(|_| fault("the port is no number"))?;
            if host.is_empty() {
                return Err(fault("the host is missing"));
            }
            return Ok(Self::Network {
                host: host.trim_matches(['[', ']']).to_owned(),
                port,
            });
        }
        let path = text.strip_prefix("file://").ok_or_else(|| fault("it is neither tcp:// nor file://"))?;
        if path.starts_with('/') {
            Ok(Self::Device(PathBuf::from(path)))
        } else {
            Err(fault("the path of the device is not whole"))
        }
    }
}

/// An open line.
#[derive(Debug)]
pub(super) enum Line {
    Network(TcpStream),
    Device(File),
}

impl Line {
    /// Opens a line; nothing was sent when it fails.
    pub fn open(address: &ThermalAddress) -> Result<Self, PortFault> {
        match address {
            ThermalAddress::Network { host, port } => {
                let addresses = (host.as_str(), *port).to_socket_addrs().map_err(|_| PortFault::Unreachable)?;
                let stream = addresses.take(4).find_map(|address| TcpStream::connect_timeout(&address, CONNECT).ok());
                let stream = stream.ok_or(PortFault::Unreachable)?;
                stream.set_write_timeout(Some(SWALLOW)).map_err(|_| PortFault::Unreachable)?;
                Ok(Self::Network(stream))
            }
            ThermalAddress::Device(path) => {
                let mut options = File::options();
                options.read(true).write(true);
                // A printer that says nothing must not hold the reader for ever.
                #[cfg(target_os = "linux")]
                std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, 0o4000);
                options.open(path).map(Self::Device).map_err(|_| PortFault::Unreachable)
            }
        }
    }

    /// Sends all bytes, or fails after some of them.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Network(stream) => stream.write_all(bytes),
            Self::Device(file) => {
                let deadline = Instant::now() + SWALLOW;
                let mut rest = bytes;
                while !rest.is_empty() {
                    match file.write(rest) {
                        Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                        Ok(taken) => rest = &rest[taken..],
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < deadline => thread::sleep(LOOK),
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            }
        }
    }

    /// The next byte; `None` when none comes in time, an error when the line is closed.
    pub fn receive(&mut self, patience: Duration) -> io::Result<Option<u8>> {
        let mut byte = [0];
        match self {
            Self::Network(stream) => {
                stream.set_read_timeout(Some(patience))?;
                match stream.read(&mut byte) {
                    Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(_) => Ok(Some(byte[0])),
                    Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Ok(None),
                    Err(error) => Err(error),
                }
            }
            Self::Device(file) => {
                let deadline = Instant::now() + patience;
                loop {
                    match file.read(&mut byte) {
                        Ok(1) => return Ok(Some(byte[0])),
                        // A device has no end; it has nothing to say yet.
                        Ok(_) => {}
                        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                        Err(error) => return Err(error),
                    }
                    if Instant::now() >= deadline {
                        return Ok(None);
                    }
                    thread::sleep(LOOK);
                }
            }
        }
    }
}
