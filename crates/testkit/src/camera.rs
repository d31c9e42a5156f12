//! A virtual document camera: the service that a maker would install on the PC, on loopback, with live pictures over real HTTP and faults
//! by script. What it sees is a [`Scene`]: a table, a synthetic paper, a hand. Deliberately absent: video devices of the kernel, which
//! need its own loopback module, and any maker's private dialect.
//!
//! `/?action=stream` answers with a stream of pictures (`multipart/x-mixed-replace`), `/?action=snapshot` with the newest one.

mod scene;

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use scene::Scene;

/// Pause between two pictures: fifteen a second.
const FRAME_PAUSE: Duration = Duration::from_millis(66);
/// A slow stream gets this many bytes with every pause.
const DRIP_BYTES: usize = 40;
const BOUNDARY: &str = "onewindow-frame";

/// What is wrong with the camera from now on, or once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The connection breaks after a third of the next picture. Once; whoever connects again gets pictures.
    CutInFrame,
    /// Pictures come a few bytes at a time.
    Drip,
    /// Bytes that belong to nothing stand between the parts.
    Garbage,
    /// Parts do not say how long they are.
    NoLength,
    /// Parts say that they are larger than any picture.
    Oversized,
    /// Pictures say that they have 65,535 pixels each way.
    Bomb,
    /// Half a picture in every part.
    Torn,
    /// The connection stays and nothing comes.
    Silent,
    /// Another program has the camera.
    Busy,
    /// The service wants a password.
    Denied,
    /// The answer is a web page.
    NotACamera,
}

/// A running camera; it stops when dropped.
#[derive(Debug)]
pub struct VirtualCamera {
    address: SocketAddr,
    stage: Arc<Stage>,
}

#[derive(Debug, Default)]
struct Stage {
    scene: Mutex<Option<Scene>>,
    trouble: Mutex<Option<Trouble>>,
    /// The plug is pulled: nobody is answered and running answers end.
    is_gone: AtomicBool,
    is_over: AtomicBool,
    sent: AtomicUsize,
}

impl VirtualCamera {
    /// A camera over an empty table.
    ///
    /// # Errors
    /// No port is free.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stage = Arc::new(Stage::default());
        *lock(&stage.scene) = Some(Scene::table());
        let mine = Arc::clone(&stage);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if mine.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let stage = Arc::clone(&mine);
                std::thread::spawn(move || stage.answer(stream));
            }
        });
        Ok(Self { address, stage })
    }

    /// Identity of the stream of pictures, as the counter names scanners.
    #[must_use]
    pub fn stream_id(&self) -> String {
        format!("camera:http://{}/?action=stream", self.address)
    }

    /// Identity of the single pictures.
    #[must_use]
    pub fn snapshot_id(&self) -> String {
        format!("camera:http://{}/?action=snapshot", self.address)
    }

    /// What the camera sees from now on.
    pub fn show(&self, scene: &Scene) {
        *lock(&self.stage.scene) = Some(scene.clone());
    }

    /// Shows one scene after another, each for a while.
    pub fn play<'a>(&self, scenes: impl IntoIterator<Item = (&'a Scene, Duration)>) {
        for (scene, time) in scenes {
            self.show(scene);
            std::thread::sleep(time);
        }
    }

    /// Plays a trouble from the next picture on.
    pub fn trouble(&self, trouble: Trouble) {
        *lock(&self.stage.trouble) = Some(trouble);
    }

    /// Pulls the plug, or puts it back.
    pub fn plug(&self, is_in: bool) {
        self.stage.is_gone.store(!is_in, Ordering::SeqCst);
    }

    /// Pictures sent whole so far.
    #[must_use]
    pub fn pictures_sent(&self) -> usize {
        self.stage.sent.load(Ordering::SeqCst)
    }
}

impl Drop for VirtualCamera {
    fn drop(&mut self) {
        self.stage.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees the end.
        let _ = TcpStream::connect(self.address);
    }
}

impl Stage {
    fn answer(&self, mut stream: TcpStream) {
        let mut request = [0; 2048];
        let length = stream.read(&mut request).unwrap_or(0);
        let wants_stream = String::from_utf8_lossy(&request[..length]).contains("action=stream");
        // An error means that the other end has hung up, which is what it may do.
        let _ = self.answer_with(&mut stream, wants_stream);
    }

    fn answer_with(&self, stream: &mut TcpStream, wants_stream: bool) -> io::Result<()> {
        if self.is_away() {
            return Ok(());
        }
        let trouble = *lock(&self.trouble);
        let refusal = match trouble {
            Some(Trouble::Busy) => Some("503 Service Unavailable"),
            Some(Trouble::Denied) => Some("401 Unauthorized"),
            Some(Trouble::NotACamera) => Some("200 OK\r\nContent-Type: text/html"),
            _ => None,
        };
        if let Some(status) = refusal {
            return write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        if !wants_stream {
            let picture = self.picture(trouble);
            let length = picture.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )?;
            return self.send(stream, &picture, trouble);
        }
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\nConnection: close\r\n\r\n"
        )?;
        while !self.is_away() {
            self.part(stream)?;
            std::thread::sleep(FRAME_PAUSE);
        }
        Ok(())
    }

    fn part(&self, stream: &mut TcpStream) -> io::Result<()> {
        let trouble = *lock(&self.trouble);
        if trouble == Some(Trouble::Silent) {
            return Ok(());
        }
        if trouble == Some(Trouble::Garbage) {
            let garbage: Vec<u8> = (0..3000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            stream.write_all(&garbage)?;
            stream.write_all(b"\r\n")?;
        }
        let picture = self.picture(trouble);
        write!(stream, "--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n")?;
        match trouble {
            Some(Trouble::NoLength) => {}
            Some(Trouble::Oversized) => write!(stream, "Content-Length: 4000000000\r\n")?,
            _ => write!(stream, "Content-Length: {}\r\n", picture.len())?,
        }
        stream.write_all(b"\r\n")?;
        self.send(stream, &picture, trouble)?;
        stream.write_all(b"\r\n")
    }

    fn picture(&self, trouble: Option<Trouble>) -> Vec<u8> {
        let number = self.sent.load(Ordering::SeqCst);
        let mut picture = lock(&self.scene).as_ref().map(|scene| scene.frame(number).to_vec()).unwrap_or_default();
        match trouble {
            Some(Trouble::Torn) => picture.truncate(picture.len() / 2),
            Some(Trouble::Bomb) => {
                if let Some(at) = picture.windows(2).position(|pair| pair == [0xff, 0xc0]) {
                    picture[at + 5..at + 9].fill(0xff);
                }
            }
            _ => {}
        }
        picture
    }

    fn send(&self, stream: &mut TcpStream, picture: &[u8], trouble: Option<Trouble>) -> io::Result<()> {
        match trouble {
            Some(Trouble::CutInFrame) => {
                *lock(&self.trouble) = None;
                stream.write_all(&picture[..picture.len() / 3])?;
                stream.shutdown(std::net::Shutdown::Both)?;
            }
            Some(Trouble::Drip) => {
                for piece in picture.chunks(DRIP_BYTES) {
                    if self.is_away() {
                        return Ok(());
                    }
                    stream.write_all(piece)?;
                    std::thread::sleep(FRAME_PAUSE);
                }
            }
            _ => stream.write_all(picture)?,
        }
        self.sent.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn is_away(&self) -> bool {
        self.is_gone.load(Ordering::SeqCst) || self.is_over.load(Ordering::SeqCst)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
