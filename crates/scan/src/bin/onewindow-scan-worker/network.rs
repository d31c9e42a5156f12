//! eSCL devices without a driver of the system: one order carried out over HTTP, with the same reports as the SANE session. What
//! devices were seen to do wrong is minded here: a page asked for too early is denied, an empty feeder is called busy or jammed, a page
//! comes at another resolution or half. A wish to stop is told to the device from a thread of its own, since this one may be waiting.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use image::ImageFormat;
use onewindow_scan::escl::{self, AdfState, Announced, EsclCapabilities, EsclStatus, InputCaps, JobState, ScanRequest};
use onewindow_scan::pipe::{FoundScanner, PipeError, Report, SCANNERS_MAX, ScanOrder};
use onewindow_scan::{Capabilities, ColourMode, Source, SourceCapabilities, Stage};
use ureq::Agent;
use ureq::http::response::Parts;
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::tls::TlsConfig;

use crate::Stop;
use crate::outbox::{Outbox, failed, says_empty};
use crate::patience::Patience;
use crate::picture::{self, Unusable};
use crate::status::{self, Status};

/// Largest page as JPEG.
const PAGE_BYTES_MAX: u64 = 128 * 1024 * 1024;
const TEXT_BYTES_MAX: u64 = 512 * 1024;
/// Somebody who only wants to know what a device can do does not wait longer, and not beyond the parent's deadline.
const OPENING: Duration = Duration::from_secs(15);
/// A page that was denied although the job goes on is asked for again: about 6 seconds.
const EARLY_TRIES: u32 = 20;
const EARLY_PAUSE: Duration = Duration::from_millis(300);
const CONNECT: Duration = Duration::from_secs(4);
const ANSWER: Duration = Duration::from_secs(10);
/// A sheet may take this long before its first byte; the parent's own deadline comes first.
const PAGE: Duration = Duration::from_secs(120);
const STOP_LOOK: Duration = Duration::from_millis(20);
/// How long announcements are waited for, and when it is asked once more: a question or its answer gets lost now and then.
const DISCOVERY: Duration = Duration::from_millis(1200);
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// Most networks that are asked in.
const NETWORKS_MAX: usize = 8;
/// Names another place than the local network's multicast address to ask (`host:port`), for networks that do not pass multicast on.
const DISCOVERY_VARIABLE: &str = "ONEWINDOW_MDNS";

/// Scanners that announce themselves on the networks of this machine.
pub(crate) fn discover() -> Vec<FoundScanner> {
    let asked: Option<SocketAddr> = std::env::var(DISCOVERY_VARIABLE).ok().and_then(|place| place.parse().ok());
    let announced = match asked {
        Some(place) => ask_around(place, &[Ipv4Addr::UNSPECIFIED]),
        None => ask_around(SocketAddr::from((Ipv4Addr::new(224, 0, 0, 251), 5353)), &own_addresses()),
    };
    let named = escl::scanners_in(&announced).into_iter().take(SCANNERS_MAX / 2);
    named
        .map(|(name, model)| FoundScanner {
            name,
            vendor: String::new(),
            model,
            kind: "network scanner".into(),
        })
        .collect()
}

/// This machine's addresses, one for each network; a question is sent into the network of the address that it is sent from, while the
/// system left to itself asks only in the one that leads outside.
fn own_addresses() -> Vec<Ipv4Addr> {
    let addresses = if_addrs::get_if_addrs().unwrap_or_default().into_iter().filter(|own| !own.is_loopback());
    let addresses: Vec<Ipv4Addr> = addresses
        .filter_map(|own| match own.ip() {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
        .take(NETWORKS_MAX)
        .collect();
    if addresses.is_empty() { vec![Ipv4Addr::UNSPECIFIED] } else { addresses }
}

/// Asks from each address at once. A network that takes no question, because it is down or passes no multicast, announces nothing.
fn ask_around(place: SocketAddr, from: &[Ipv4Addr]) -> Announced {
    let announced = Mutex::new(Announced::default());
    std::thread::scope(|scope| {
        for address in from {
            scope.spawn(|| ask_in_network(place, *address, &announced));
        }
    });
    announced.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn ask_in_network(place: SocketAddr, from: Ipv4Addr, announced: &Mutex<Announced>) -> std::io::Result<()> {
    let socket = UdpSocket::bind((from, 0))?;
    let begun = Instant::now();
    for until in [begun + ASK_AGAIN, begun + DISCOVERY] {
        socket.send_to(&escl::query(), place)?;
        hear(&socket, until, announced)?;
    }
    Ok(())
}

fn hear(socket: &UdpSocket, until: Instant, announced: &Mutex<Announced>) -> std::io::Result<()> {
    let mut buffer = vec![0; escl::DATAGRAM_BYTES_MAX];
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        socket.set_read_timeout(Some(left))?;
        let Ok((length, _)) = socket.recv_from(&mut buffer) else { break };
        escl::read_answer(&buffer[..length], &mut announced.lock().unwrap_or_else(PoisonError::into_inner));
    }
    Ok(())
}

pub(crate) fn inspect(url: &str, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    outbox.enter(Stage::Opening)?;
    match Client::new(url).capabilities(&Patience::of_at_most(OPENING), outbox, stop)? {
        Ok(can) => outbox.send(&Report::Capabilities(capabilities(&can))),
        Err(status) => outbox.fail(Stage::Opening, status),
    }
}

pub(crate) fn scan(url: &str, order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    outbox.enter(Stage::Opening)?;
    let client = Client::new(url);
    let can = match client.capabilities(&Patience::new(), outbox, stop)? {
        Ok(can) => can,
        Err(status) => return outbox.fail(Stage::Opening, status),
    };
    let adf_before = client.status().adf;
    let sources = sources(&can, order.profile.source, adf_before);
    let mut outcome = Report::SourceMissing;
    for (source, caps) in sources {
        outbox.enter(Stage::Setting)?;
        let mut batch = Batch {
            client: &client,
            order,
            adf_before,
            request: request(order, source, caps),
            job: Arc::default(),
            pages: 0,
            outbox: &mut *outbox,
            stop,
        };
        let ended = batch.run()?;
        match (outcome, ended) {
            (Report::JamOrEmpty, Report::Finished) => {
                outbox.send(&Report::GlassInstead)?;
                outcome = Report::Finished;
            }
            // With nothing from the glass either, what the feeder said is what the clerk can act on.
            (Report::JamOrEmpty, _) => outcome = Report::JamOrEmpty,
            (_, ended) => outcome = ended,
        }
        if !(says_empty(&outcome) || outcome == Report::JamOrEmpty) || stop.is_wanted() {
            break;
        }
    }
    outbox.send(&outcome)
}

/// The sources to try in order. For `Auto` an empty feeder is not even tried; one that says nothing is.
fn sources(can: &EsclCapabilities, wanted: Source, adf: AdfState) -> Vec<(Source, &InputCaps)> {
    let platen = can.platen.as_ref().map(|caps| (Source::Flatbed, caps));
    let feeder = can.feeder.as_ref().map(|caps| (Source::Feeder, caps));
    let duplex = can.duplex.as_ref().map(|caps| (Source::FeederDuplex, caps));
    match wanted {
        Source::Flatbed => platen.into_iter().collect(),
        Source::Feeder => feeder.into_iter().collect(),
        Source::FeederDuplex => duplex.into_iter().collect(),
        Source::Auto if adf == AdfState::Empty && platen.is_some() => platen.into_iter().collect(),
        Source::Auto => feeder.into_iter().chain(platen).collect(),
    }
}

fn request(order: &ScanOrder, source: Source, caps: &InputCaps) -> ScanRequest {
    let able = |mode| caps.colours.is_empty() || caps.colours.contains(&mode);
    let colour = match order.profile.colour {
        ColourMode::Colour => able(ColourMode::Colour),
        // This protocol's pictures are colour or grey; black and white is made of grey.
        ColourMode::Gray | ColourMode::Lineart => !able(ColourMode::Gray) && able(ColourMode::Colour),
    };
    ScanRequest {
        feeder: source != Source::Flatbed,
        duplex: source == Source::FeederDuplex,
        colour,
        dpi: caps.dpi.serving(order.profile.dpi),
        region: caps.region(order.profile.paper.size_mm()),
    }
}

fn capabilities(can: &EsclCapabilities) -> Capabilities {
    let told = [
        (Source::Flatbed, &can.platen),
        (Source::Feeder, &can.feeder),
        (Source::FeederDuplex, &can.duplex),
    ];
    let mm = |units: u32| f64::from(units) * 25.4 / 300.0;
    let able = |(source, caps): (Source, &Option<InputCaps>)| {
        let caps = caps.as_ref()?;
        Some(SourceCapabilities {
            source,
            colours: caps.colours.clone(),
            dpi: caps.dpi.clone(),
            area_max_mm: (caps.width_max > 0 && caps.height_max > 0).then(|| (mm(caps.width_max), mm(caps.height_max))),
        })
    };
    Capabilities {
        sources: told.into_iter().filter_map(able).collect(),
    }
}

/// One device over HTTP.
struct Client {
    agent: Agent,
    url: String,
}

impl Client {
    fn new(url: &str) -> Self {
        // Devices carry certificates they made themselves: TLS here keeps pages from listeners, it does not say who answers.
        let tls = TlsConfig::builder()
            .disable_verification(true)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(PAGE))
            .proxy(None)
            .max_redirects(3)
            .build();
        Self {
            agent: config.into(),
            url: url.to_owned(),
        }
    }

    fn text(&self, path: &str) -> Result<(Parts, String), ureq::Error> {
        let answer = self
            .agent
            .get(format!("{}/{path}", self.url))
            .config()
            .timeout_global(Some(ANSWER))
            .build()
            .call()?;
        let (head, body) = answer.into_parts();
        let text = body.into_with_config().limit(TEXT_BYTES_MAX).lossy_utf8(true).read_to_string()?;
        Ok((head, text))
    }

    /// What the device can do; one that is not ready is asked again.
    fn capabilities(&self, patience: &Patience, outbox: &mut Outbox, stop: &Stop) -> Result<Result<EsclCapabilities, Status>, PipeError> {
        loop {
            match self.text("ScannerCapabilities") {
                Ok((head, text)) if head.status == StatusCode::OK => return Ok(escl::read_capabilities(&text).ok_or(status::INVALID)),
                Ok((head, _)) if head.status == StatusCode::SERVICE_UNAVAILABLE => {
                    if let Err(status) = self.wait_until_ready(patience, &head.headers, outbox, stop)? {
                        return Ok(Err(status));
                    }
                }
                // Something else than a scanner answers there.
                Ok((head, _)) if head.status.is_client_error() => return Ok(Err(status::INVALID)),
                Ok(_) | Err(_) => return Ok(Err(status::IO)),
            }
        }
    }

    /// Waits after the device said that it can not serve now; `Err` is the status to end with.
    fn wait_until_ready(&self, patience: &Patience, headers: &HeaderMap, outbox: &mut Outbox, stop: &Stop) -> Result<Result<(), Status>, PipeError> {
        outbox.send(&Report::Preparing)?;
        let not_ready = if self.status().warming_up { status::WARMING_UP } else { status::BUSY };
        Ok(patience.wait(not_ready, headers, stop))
    }

    fn status(&self) -> EsclStatus {
        self.text("ScannerStatus").map_or(EsclStatus::SILENT, |(_, text)| escl::read_status(&text))
    }

    /// The address of a job from its `Location`, which may be a path only. Devices behind a name of their own put that name there;
    /// what follows the host is what counts.
    fn job_url(&self, location: &str) -> String {
        let path = location
            .split_once("://")
            .map_or(location, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
        let root_end = self
            .url
            .split_once("://")
            .map_or(self.url.len(), |(scheme, rest)| scheme.len() + 3 + rest.find('/').unwrap_or(rest.len()));
        format!("{}{}", &self.url[..root_end], path.trim_end_matches('/'))
    }

    fn give_up(&self, job: &str) {
        let _ = self.agent.delete(job).config().timeout_global(Some(CONNECT)).build().call();
    }
}

/// The job in progress, for the thread that gives it up.
type SharedJob = Arc<Mutex<Option<String>>>;

/// The pages of one source.
struct Batch<'run> {
    client: &'run Client,
    order: &'run ScanOrder,
    /// The feeder before anything was asked of it.
    adf_before: AdfState,
    request: ScanRequest,
    job: SharedJob,
    pages: u32,
    outbox: &'run mut Outbox,
    stop: &'run Stop,
}

/// How asking for a page ended.
enum Next {
    Page(Box<Response<ureq::Body>>),
    NoMore,
    Failed(Report),
}

impl Batch<'_> {
    fn run(&mut self) -> Result<Report, PipeError> {
        self.outbox.enter(Stage::Starting)?;
        let job = match self.open()? {
            Ok(job) => job,
            Err(report) => return Ok(report),
        };
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = Some(job.clone());
        self.watch_for_stop();
        let report = self.pages(&job)?;
        let mine = self.job.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A job that came to its end needs no giving up; one that failed does, or the device stays busy.
        if let (Some(job), Report::Failed { .. } | Report::JamOrEmpty | Report::TooManyPages | Report::PageTooLarge { .. }) = (mine, &report) {
            self.client.give_up(&job);
        }
        Ok(report)
    }

    /// Opens a job, asking a device that is not ready again.
    fn open(&mut self) -> Result<Result<String, Report>, PipeError> {
        let url = format!("{}/ScanJobs", self.client.url);
        let patience = Patience::new();
        loop {
            if self.stop.is_wanted() {
                return Ok(Err(failed(Stage::Starting, status::CANCELLED)));
            }
            let asked = self
                .client
                .agent
                .post(&url)
                .content_type("text/xml")
                .config()
                .timeout_global(Some(ANSWER))
                .build();
            let answer = match asked.send(self.request.to_xml()) {
                Ok(answer) => answer,
                Err(_) => return Ok(Err(failed(Stage::Starting, status::IO))),
            };
            match answer.status() {
                StatusCode::CREATED => {
                    let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
                    let job = location.map(|location| self.client.job_url(location));
                    return Ok(job.ok_or_else(|| failed(Stage::Starting, status::IO)));
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    // Some devices call an empty or blocked feeder busy.
                    if let Some(report) = self.blocked().filter(|_| self.request.feeder) {
                        return Ok(Err(report));
                    }
                    if let Err(status) = self.client.wait_until_ready(&patience, answer.headers(), self.outbox, self.stop)? {
                        return Ok(Err(failed(Stage::Starting, status)));
                    }
                }
                StatusCode::CONFLICT => return Ok(Err(self.blocked().unwrap_or_else(|| failed(Stage::Setting, status::INVALID)))),
                status if status.is_client_error() => return Ok(Err(failed(Stage::Setting, status::INVALID))),
                _ => return Ok(Err(failed(Stage::Starting, status::IO))),
            }
        }
    }

    fn pages(&mut self, job: &str) -> Result<Report, PipeError> {
        loop {
            if self.pages >= self.order.pages_max {
                return Ok(Report::TooManyPages);
            }
            match self.next(job)? {
                Next::Page(answer) => {
                    if let Err(report) = self.page(*answer)? {
                        return Ok(report);
                    }
                    self.pages += 1;
                    if !self.request.feeder {
                        return Ok(Report::Finished);
                    }
                    self.outbox.enter(Stage::Starting)?;
                }
                Next::NoMore if self.pages > 0 => return Ok(Report::Finished),
                Next::NoMore => return Ok(failed(Stage::Starting, status::NO_DOCS)),
                Next::Failed(report) => return Ok(report),
            }
        }
    }

    /// Asks for the next page until it comes, is no more, or the paper path is blocked.
    fn next(&mut self, job: &str) -> Result<Next, PipeError> {
        let url = format!("{job}/NextDocument");
        let patience = Patience::new();
        let mut early = 0;
        loop {
            if self.stop.is_wanted() {
                return Ok(Next::Failed(failed(Stage::Reading, status::CANCELLED)));
            }
            let answer = match self.client.agent.get(&url).call() {
                Ok(answer) => answer,
                Err(_) if self.stop.is_wanted() => return Ok(Next::Failed(failed(Stage::Reading, status::CANCELLED))),
                Err(_) => return Ok(Next::Failed(failed(Stage::Reading, status::IO))),
            };
            match answer.status() {
                StatusCode::OK => return Ok(Next::Page(Box::new(answer))),
                StatusCode::NOT_FOUND | StatusCode::GONE => {
                    if let Some(report) = self.blocked().filter(|report| self.request.feeder && !says_empty(report)) {
                        return Ok(Next::Failed(report));
                    }
                    // Asked too early, a device denies a page it has: the job is still running then.
                    if early >= EARLY_TRIES || !self.is_running(job) {
                        return Ok(Next::NoMore);
                    }
                    early += 1;
                    std::thread::sleep(EARLY_PAUSE);
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    if let Err(status) = self.client.wait_until_ready(&patience, answer.headers(), self.outbox, self.stop)? {
                        return Ok(Next::Failed(failed(Stage::Starting, status)));
                    }
                }
                _ => {
                    let blocked = self.blocked();
                    return Ok(Next::Failed(blocked.unwrap_or_else(|| failed(Stage::Reading, status::IO))));
                }
            }
        }
    }

    /// Whether the device still works on this job; a job it does not list is over.
    fn is_running(&self, job: &str) -> bool {
        let listed = self.client.status().jobs;
        listed
            .iter()
            .any(|listed| job.ends_with(listed.uri.trim_end_matches('/')) && !listed.uri.is_empty() && listed.state == JobState::Running)
    }

    /// What keeps the feeder from delivering, if anything.
    fn blocked(&self) -> Option<Report> {
        let (status, double_feed) = match self.client.status().adf {
            AdfState::Empty => (status::NO_DOCS, false),
            AdfState::Jam if self.request.feeder && self.pages == 0 => return Some(self.jam_before_any_page()),
            AdfState::Jam => (status::JAMMED, false),
            AdfState::DoubleFeed => (status::JAMMED, true),
            AdfState::CoverOpen => (status::COVER_OPEN, false),
            AdfState::Loaded | AdfState::Processing | AdfState::Unknown => return None,
        };
        let stage = Stage::Starting;
        Some(Report::Failed { stage, status, double_feed })
    }

    /// What a jam means that is told before any page came. Devices tell it of an empty feeder too: some at any time, some once they tried
    /// to draw in a sheet. How the feeder stood before, and how the last batch ended, tell the two apart; else the clerk has to look.
    fn jam_before_any_page(&self) -> Report {
        match self.adf_before {
            AdfState::Empty => failed(Stage::Starting, status::NO_DOCS),
            AdfState::Loaded => failed(Stage::Starting, status::JAMMED),
            _ if self.order.after_jam => failed(Stage::Starting, status::JAMMED),
            AdfState::Jam | AdfState::Processing | AdfState::DoubleFeed | AdfState::CoverOpen | AdfState::Unknown => Report::JamOrEmpty,
        }
    }

    /// Takes the bytes of a page, decodes them and hands them on as rows.
    fn page(&mut self, answer: Response<ureq::Body>) -> Result<Result<(), Report>, PipeError> {
        self.outbox.enter(Stage::Reading)?;
        let bytes = match self.bytes(answer) {
            Ok(bytes) => bytes,
            Err(status) => return Ok(Err(failed(Stage::Reading, status))),
        };
        let sequence = self.order.first_sequence.saturating_add(self.pages);
        let page = match picture::decoded(&bytes, ImageFormat::Jpeg) {
            Ok(page) => page,
            Err(Unusable::TooLarge) => return Ok(Err(Report::PageTooLarge { sequence })),
            Err(Unusable::Damaged) => return Ok(Err(failed(Stage::Reading, status::IO))),
        };
        let dpi = self.dpi_in_effect(page.width());
        picture::send(self.outbox, page, self.request.colour, is_whole(&bytes), sequence, dpi)?;
        Ok(Ok(()))
    }

    fn bytes(&self, answer: Response<ureq::Body>) -> Result<Vec<u8>, Status> {
        let announced = answer
            .headers()
            .get("content-length")
            .and_then(|value| value.to_str().ok())
            .and_then(|n| n.parse::<u64>().ok());
        let mut body = answer.into_body().into_with_config().limit(PAGE_BYTES_MAX).reader();
        let mut bytes = Vec::with_capacity(announced.unwrap_or(1 << 20).min(16 << 20) as usize);
        let mut piece = vec![0; 64 * 1024];
        loop {
            if self.stop.is_wanted() {
                return Err(status::CANCELLED);
            }
            match body.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => bytes.extend_from_slice(&piece[..length]),
                Err(_) if self.stop.is_wanted() => return Err(status::CANCELLED),
                Err(_) => return Err(status::IO),
            }
        }
        if announced.is_some_and(|announced| announced != bytes.len() as u64) {
            return Err(status::IO);
        }
        Ok(bytes)
    }

    /// The resolution by the width that came: devices are known to scan at another one than they were asked for.
    fn dpi_in_effect(&self, width_px: u32) -> u32 {
        let asked = self.request.dpi;
        let measured = f64::from(width_px) * 300.0 / f64::from(self.request.region.0.max(1));
        let off = measured / f64::from(asked.max(1));
        if (0.93..1.07).contains(&off) { asked } else { measured.round() as u32 }
    }

    /// Gives the job up at the device as soon as the clerk wants to stop.
    fn watch_for_stop(&self) {
        let (stop, job, agent) = (self.stop.clone(), Arc::clone(&self.job), self.client.agent.clone());
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(STOP_LOOK);
                let mut job = job.lock().unwrap_or_else(PoisonError::into_inner);
                if job.is_none() {
                    return;
                }
                if stop.is_wanted() {
                    let url = job.take();
                    drop(job);
                    if let Some(url) = url {
                        let _ = agent.delete(&url).config().timeout_global(Some(CONNECT)).build().call();
                    }
                    return;
                }
            }
        });
    }
}

/// Whether the picture's end mark is there; decoders fill what is missing with grey and say nothing.
fn is_whole(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(4096)..];
    tail.windows(2).any(|pair| pair == [0xff, 0xd9])
}
