//! A virtual thermal printer on loopback: it parses the ESC/POS stream, answers status as its script says, and keeps
//! what it "printed" as a picture. Commands that it does not know are an error of the test, so they are kept, too.
//!
//! Like the real ones it answers DLE EOT at once, also while dots are waiting, and GS r only when everything before it
//! was printed.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use image::{GrayImage, Luma};

/// Dots across.
const DOTS: u32 = 576;
const ROW_BYTES: usize = DOTS as usize / 8;

/// What goes wrong with the next slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThermalFault {
    /// Paper is out before the slip comes, until somebody refills it.
    PaperOutBefore {
        /// Milliseconds until then.
        ms: u64,
    },
    /// The cover is opened when this many rows are printed, and closed after a while.
    CoverOpen {
        /// Rows.
        after_rows: u32,
        /// Milliseconds until it is closed.
        ms: u64,
    },
    /// The plug is pulled when this many rows are printed.
    Gone {
        /// Rows.
        after_rows: u32,
    },
    /// Everything is printed, and the connection ends before the last answer.
    AnswerLost,
    /// It prints and never says anything again.
    Silent,
}

/// A slip on paper.
#[derive(Debug, Clone)]
pub struct PrintedSlip {
    /// The dots.
    pub picture: GrayImage,
    /// It was cut off.
    pub cut: bool,
}

/// A running virtual thermal printer.
#[derive(Debug)]
pub struct ThermalLoopback {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<ThermalFault>,
    slips: Vec<PrintedSlip>,
    unknown: Vec<u8>,
    paper_out_until: Option<Instant>,
    cover_open_until: Option<Instant>,
    silent: bool,
}

impl ThermalLoopback {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::Builder::new().name("thermal".into()).spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                // A line that breaks ends its own talk only.
                thread::spawn(move || drop(Talk::new(stream, state).and_then(|mut talk| talk.run())));
            }
        })?;
        Ok(Self { port, state })
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("tcp://127.0.0.1:{}", self.port)
    }

    /// What goes wrong with the next slip that has no fault yet.
    pub fn script(&self, fault: ThermalFault) {
        let mut state = lock(&self.state);
        if let ThermalFault::PaperOutBefore { ms } = fault {
            state.paper_out_until = Some(Instant::now() + Duration::from_millis(ms));
        } else {
            state.faults.push(fault);
        }
    }

    /// All slips so far, also torn ones.
    #[must_use]
    pub fn slips(&self) -> Vec<PrintedSlip> {
        lock(&self.state).slips.clone()
    }

    /// Bytes that belong to no command it knows.
    #[must_use]
    pub fn unknown(&self) -> Vec<u8> {
        lock(&self.state).unknown.clone()
    }

    /// Writes the last slip as a picture.
    ///
    /// # Errors
    /// When nothing was printed or the file can not be written.
    pub fn save_last(&self, path: &Path) -> image::ImageResult<()> {
        let slips = self.slips();
        let last = slips.last().ok_or_else(|| image::ImageError::IoError(std::io::ErrorKind::NotFound.into()))?;
        last.picture.save(path)
    }
}

/// One connection: reads as fast as bytes come and answers what is asked in real time; a press prints at its own pace.
struct Talk {
    stream: TcpStream,
    state: Arc<Mutex<State>>,
    work: mpsc::Sender<Work>,
}

/// What the press has to do, in order.
enum Work {
    /// ESC @: a new slip.
    Begin,
    /// Rows of dots.
    Rows(Vec<u8>),
    /// The knife.
    Cut,
    /// GS r: tell when everything before is done.
    Tell,
}

impl Talk {
    fn new(stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<Self> {
        let (work, orders) = mpsc::channel();
        let mut press = Press {
            stream: stream.try_clone()?,
            state: Arc::clone(&state),
            rows: Vec::new(),
            fault: None,
        };
        thread::Builder::new().name("thermal-press".into()).spawn(move || press.run(&orders))?;
        Ok(Self { stream, state, work })
    }

    fn run(&mut self) -> std::io::Result<()> {
        loop {
            match self.byte()? {
                0x10 => self.real_time()?,
                0x1B => self.escape()?,
                0x1D => self.group()?,
                other => lock(&self.state).unknown.push(other),
            }
        }
    }

    fn byte(&mut self) -> std::io::Result<u8> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn order(&self, work: Work) -> std::io::Result<()> {
        self.work.send(work).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
    }

    /// DLE EOT n.
    fn real_time(&mut self) -> std::io::Result<()> {
        let (eot, question) = (self.byte()?, self.byte()?);
        if eot != 0x04 {
            lock(&self.state).unknown.extend([0x10, eot]);
            return Ok(());
        }
        let (silent, paper_out, cover_open) = {
            let state = lock(&self.state);
            let open = |until: Option<Instant>| until.is_some_and(|until| Instant::now() < until);
            (state.silent, open(state.paper_out_until), open(state.cover_open_until))
        };
        if silent {
            return Ok(());
        }
        let bit = |set: bool, bit: u8| u8::from(set) << bit;
        let answer = 0b0001_0010
            | match question {
                1 => bit(paper_out || cover_open, 3),
                2 => bit(cover_open, 2) | bit(paper_out, 5),
                4 => bit(paper_out, 5) | bit(paper_out, 6),
                _ => 0,
            };
        self.stream.write_all(&[answer])
    }

    fn escape(&mut self) -> std::io::Result<()> {
        match self.byte()? {
            b'@' => self.order(Work::Begin),
            b'd' => {
                let lines = self.byte()?;
                self.order(Work::Rows(vec![0; usize::from(lines) * 24 * ROW_BYTES]))
            }
            other => {
                lock(&self.state).unknown.extend([0x1B, other]);
                Ok(())
            }
        }
    }

    fn group(&mut self) -> std::io::Result<()> {
        match self.byte()? {
            b'v' => {
                let mut head = [0; 6];
                self.stream.read_exact(&mut head)?;
                let bytes_a_row = usize::from(u16::from_le_bytes([head[2], head[3]]));
                let rows = usize::from(u16::from_le_bytes([head[4], head[5]]));
                if bytes_a_row != ROW_BYTES {
                    lock(&self.state).unknown.extend(head);
                }
                let mut band = vec![0; bytes_a_row * rows];
                self.stream.read_exact(&mut band)?;
                self.order(Work::Rows(band))
            }
            b'V' => {
                let (_mode, _feed) = (self.byte()?, self.byte()?);
                self.order(Work::Cut)
            }
            b'r' => {
                let _kind = self.byte()?;
                self.order(Work::Tell)
            }
            other => {
                lock(&self.state).unknown.extend([0x1D, other]);
                Ok(())
            }
        }
    }
}

/// Where the paper is.
struct Press {
    stream: TcpStream,
    state: Arc<Mutex<State>>,
    rows: Vec<u8>,
    fault: Option<ThermalFault>,
}

impl Press {
    fn run(&mut self, orders: &mpsc::Receiver<Work>) {
        for work in orders {
            match work {
                Work::Begin => self.begin(),
                Work::Rows(band) => {
                    if !self.print(&band) {
                        return;
                    }
                }
                Work::Cut => self.keep(true),
                Work::Tell => match self.fault {
                    Some(ThermalFault::AnswerLost) => return self.hang_up(),
                    Some(ThermalFault::Silent) => {}
                    Some(ThermalFault::PaperOutBefore { .. } | ThermalFault::CoverOpen { .. } | ThermalFault::Gone { .. }) | None => {
                        let _gone = self.stream.write_all(&[0]);
                    }
                },
            }
        }
        if !self.rows.is_empty() {
            self.keep(false);
        }
    }

    fn begin(&mut self) {
        self.rows.clear();
        let mut state = lock(&self.state);
        self.fault = if state.faults.is_empty() { None } else { Some(state.faults.remove(0)) };
        state.silent = self.fault == Some(ThermalFault::Silent);
    }

    /// Prints row by row; false when the plug was pulled.
    fn print(&mut self, band: &[u8]) -> bool {
        for row in band.chunks(ROW_BYTES) {
            self.rows.extend(row);
            let printed = (self.rows.len() / ROW_BYTES) as u32;
            match self.fault {
                Some(ThermalFault::Gone { after_rows }) if printed == after_rows => {
                    self.keep(false);
                    self.hang_up();
                    return false;
                }
                Some(ThermalFault::CoverOpen { after_rows, ms }) if printed == after_rows => {
                    let open = Duration::from_millis(ms);
                    lock(&self.state).cover_open_until = Some(Instant::now() + open);
                    thread::sleep(open);
                }
                _ => {}
            }
        }
        true
    }

    fn hang_up(&self) {
        let _gone = self.stream.shutdown(Shutdown::Both);
    }

    fn keep(&mut self, cut: bool) {
        let rows = std::mem::take(&mut self.rows);
        let height = (rows.len() / ROW_BYTES) as u32;
        let picture = GrayImage::from_fn(DOTS, height, |x, y| {
            let byte = rows[y as usize * ROW_BYTES + x as usize / 8];
            Luma([if byte & (0x80 >> (x % 8)) != 0 { 0 } else { 255 }])
        });
        lock(&self.state).slips.push(PrintedSlip { picture, cut });
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
