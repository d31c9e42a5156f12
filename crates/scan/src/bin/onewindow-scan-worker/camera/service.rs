//! Services on loopback. Makers of document cameras install a program that hands out pictures over HTTP; dialects differ, so each is an
//! adapter behind [`FrameSource`]. The worked example knows the two commonest by the type of the first answer: a stream of pictures
//! (`multipart/x-mixed-replace`, as mjpg-streamer's `?action=stream`), or the newest picture with every request (`?action=snapshot`).

use std::io::Read;
use std::time::Duration;

use onewindow_scan::CameraFault;
use onewindow_scan::camera::{FRAME_BYTES_MAX, Frame, PartFault, PartReader, boundary_of};
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body, BodyReader};

use super::FrameSource;

const CONNECT: Duration = Duration::from_secs(2);
/// From the request to the first line of the answer.
const ANSWER: Duration = Duration::from_secs(4);
/// A single picture takes no longer than this.
const SNAPSHOT: Duration = Duration::from_secs(4);
/// Pause between two requests for single pictures.
const SNAPSHOT_PAUSE: Duration = Duration::from_millis(100);

/// Asks a service and finds out which dialect it speaks.
///
/// # Errors
/// [`CameraFault::Missing`] when nobody answers there; what the answer's status says.
pub(super) fn open(url: &str) -> Result<Box<dyn FrameSource>, CameraFault> {
    let config = Agent::config_builder()
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .http_status_as_error(false)
        .proxy(None)
        .max_redirects(0)
        .build();
    let agent = Agent::from(config);
    let answer = agent.get(url).call().map_err(|error| fault_of(&error))?;
    allowed(answer.status())?;
    let kind = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match boundary_of(kind) {
        Some(boundary) => Ok(Box::new(PictureStream(PartReader::new(answer.into_body().into_reader(), &boundary)))),
        None if kind.trim_start().to_ascii_lowercase().starts_with("image/jpeg") => Ok(Box::new(Snapshots {
            agent,
            url: url.to_owned(),
            first: Some(answer),
        })),
        None => Err(CameraFault::Unreadable),
    }
}

/// A stream of pictures in one answer.
struct PictureStream(PartReader<BodyReader<'static>>);

impl FrameSource for PictureStream {
    fn next(&mut self) -> Result<Frame, CameraFault> {
        match self.0.next_part() {
            Ok(part) => Ok(Frame::Jpeg(part)),
            Err(PartFault::Ended | PartFault::Broken(_)) => Err(CameraFault::Unplugged),
            Err(PartFault::TooLarge | PartFault::NotParts) => Err(CameraFault::Unreadable),
        }
    }
}

/// The newest picture with every request.
struct Snapshots {
    agent: Agent,
    url: String,
    /// The answer by which the dialect was known.
    first: Option<Response<Body>>,
}

impl FrameSource for Snapshots {
    fn next(&mut self) -> Result<Frame, CameraFault> {
        let answer = match self.first.take() {
            Some(answer) => answer,
            None => {
                std::thread::sleep(SNAPSHOT_PAUSE);
                let asked = self.agent.get(&self.url).config().timeout_global(Some(SNAPSHOT)).build();
                asked.call().map_err(|_| CameraFault::Unplugged)?
            }
        };
        allowed(answer.status())?;
        let mut bytes = Vec::new();
        let mut body = answer.into_body().into_with_config().limit(FRAME_BYTES_MAX as u64).reader();
        match body.read_to_end(&mut bytes) {
            Ok(_) => Ok(Frame::Jpeg(bytes)),
            Err(_) if bytes.len() >= FRAME_BYTES_MAX => Err(CameraFault::Unreadable),
            Err(_) => Err(CameraFault::Unplugged),
        }
    }
}

fn allowed(status: StatusCode) -> Result<(), CameraFault> {
    match status {
        StatusCode::OK => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(CameraFault::Denied),
        StatusCode::CONFLICT | StatusCode::LOCKED | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Err(CameraFault::Busy),
        StatusCode::NOT_FOUND | StatusCode::GONE => Err(CameraFault::Missing),
        _ => Err(CameraFault::Unreadable),
    }
}

fn fault_of(error: &ureq::Error) -> CameraFault {
    match error {
        ureq::Error::Timeout(_) => CameraFault::Silent,
        ureq::Error::Protocol(_) => CameraFault::Unreadable,
        _ => CameraFault::Missing,
    }
}
