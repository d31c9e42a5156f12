//! A stream of pictures over HTTP: `multipart/x-mixed-replace`, one part after the other (the form in which browsers, mjpg-streamer and
//! most makers' services send live pictures; parts as in RFC 2046, 5.1). Servers are careless: they leave out lengths, put the two
//! hyphens into the boundary, write bytes between parts. All of it is read within bounds. Deliberately absent: any sense of time.

use std::io::{self, BufRead, BufReader, Read};

use super::frame::FRAME_BYTES_MAX;

/// Bytes that may stand before a part's boundary.
const GARBAGE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a part's headers.
const HEADER_BYTES_MAX: usize = 8 * 1024;
/// Characters of a boundary, by RFC 2046.
const BOUNDARY_CHARS_MAX: usize = 70;

/// Why no further part comes.
#[derive(Debug, thiserror::Error)]
pub enum PartFault {
    /// The stream ended between two parts.
    #[error("the stream has ended")]
    Ended,
    /// The connection broke, or the stream ended within a part.
    #[error("the stream broke off")]
    Broken(#[from] io::Error),
    /// A part is larger than a frame can be.
    #[error("a part is larger than {FRAME_BYTES_MAX} bytes")]
    TooLarge,
    /// What comes is not made of parts.
    #[error("the stream is not made of parts")]
    NotParts,
}

/// The boundary in a content type; `None` when it is no stream of parts.
pub fn boundary_of(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/x-mixed-replace") {
        return None;
    }
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    let boundary = value.trim_start_matches('-');
    let fits = !boundary.is_empty() && boundary.len() <= BOUNDARY_CHARS_MAX && boundary.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| boundary.to_owned())
}

/// Reads parts one after another.
#[derive(Debug)]
pub struct PartReader<R> {
    source: BufReader<R>,
    /// Without hyphens before it; they are taken off whatever is compared with it.
    boundary: String,
    /// The line that opened the next part was read at the end of the part before.
    is_open: bool,
}

impl<R: Read> PartReader<R> {
    /// Reads from a body with this boundary.
    pub fn new(source: R, boundary: &str) -> Self {
        Self {
            source: BufReader::with_capacity(64 * 1024, source),
            boundary: boundary.trim_start_matches('-').to_owned(),
            is_open: false,
        }
    }

    /// The content of the next part.
    ///
    /// # Errors
    /// Why there is none; after that the stream is of no more use.
    pub fn next_part(&mut self) -> Result<Vec<u8>, PartFault> {
        if !self.is_open {
            self.skip_to_boundary()?;
        }
        self.is_open = false;
        match self.announced_length()? {
            Some(length) if length > FRAME_BYTES_MAX as u64 => Err(PartFault::TooLarge),
            Some(length) => {
                let mut content = Vec::new();
                let came = self.source.by_ref().take(length).read_to_end(&mut content)?;
                if (came as u64) < length { Err(torn()) } else { Ok(content) }
            }
            None => self.until_boundary(),
        }
    }

    fn skip_to_boundary(&mut self) -> Result<(), PartFault> {
        let mut left = GARBAGE_BYTES_MAX;
        let mut line = Vec::new();
        loop {
            line.clear();
            match self.line(&mut line, left)? {
                0 if left == 0 => return Err(PartFault::NotParts),
                0 => return Err(PartFault::Ended),
                length => left -= length,
            }
            if self.is_boundary(&line) {
                return Ok(());
            }
        }
    }

    /// Reads a part's headers; the length they announce, if any.
    fn announced_length(&mut self) -> Result<Option<u64>, PartFault> {
        let mut left = HEADER_BYTES_MAX;
        let mut announced = None;
        let mut line = Vec::new();
        loop {
            line.clear();
            match self.line(&mut line, left)? {
                0 if left == 0 => return Err(PartFault::NotParts),
                0 => return Err(torn()),
                length => left -= length,
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            if text.is_empty() {
                return Ok(announced);
            }
            if let Some((name, value)) = text.split_once(':')
                && name.trim().eq_ignore_ascii_case("content-length")
            {
                announced = value.trim().parse().ok();
            }
        }
    }

    /// A part whose length nobody told ends at the next boundary.
    fn until_boundary(&mut self) -> Result<Vec<u8>, PartFault> {
        let mut content = Vec::new();
        loop {
            let start = content.len();
            let room = FRAME_BYTES_MAX - start;
            match self.line(&mut content, room)? {
                0 if room == 0 => return Err(PartFault::TooLarge),
                0 => return Err(torn()),
                _ => {}
            }
            if self.is_boundary(&content[start..]) {
                // The line break before a boundary belongs to it.
                content.truncate(start);
                for end in [b'\n', b'\r'] {
                    if content.last() == Some(&end) {
                        content.pop();
                    }
                }
                self.is_open = true;
                return Ok(content);
            }
        }
    }

    fn is_boundary(&self, line: &[u8]) -> bool {
        let line = line.trim_ascii_end();
        let bare = line.iter().position(|byte| *byte != b'-').map_or(&[][..], |start| &line[start..]);
        line.starts_with(b"--") && bare.strip_suffix(b"--").unwrap_or(bare) == self.boundary.as_bytes()
    }

    /// Appends a line with its end, of at most `room` bytes; returns how many came.
    fn line(&mut self, line: &mut Vec<u8>, room: usize) -> io::Result<usize> {
        self.source.by_ref().take(room as u64).read_until(b'\n', line)
    }
}

fn torn() -> PartFault {
    PartFault::Broken(io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use proptest::prelude::*;

    use super::*;

    fn parts(stream: &[u8]) -> (Vec<Vec<u8>>, PartFault) {
        let mut reader = PartReader::new(stream, "frame");
        let mut parts = Vec::new();
        loop {
            match reader.next_part() {
                Ok(part) => parts.push(part),
                Err(fault) => return (parts, fault),
            }
        }
    }

    #[test]
    fn boundaries_are_read_as_servers_write_them() {
        let check = |text: &str, boundary: Option<&str>| assert_eq!(boundary_of(text).as_deref(), boundary, "{text}");
        check("multipart/x-mixed-replace;boundary=boundarydonotcross", Some("boundarydonotcross"));
        check("Multipart/X-Mixed-Replace; charset=x; boundary=\"--frame\"", Some("frame"));
        check("multipart/x-mixed-replace", None);
        check("multipart/x-mixed-replace; boundary=", None);
        check("image/jpeg", None);
    }

    #[test]
    fn parts_come_with_and_without_length_and_with_garbage_between() {
        let stream = b"HTTP junk\r\n--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\n\r\nab\ncd\r\n\
            \x00\x01garbage\r\n--frame\r\n\r\nno\r\nlength\r\n--frame\r\ncontent-length: 2\r\n\r\nok\r\n--frame--\r\n";
        let (parts, fault) = parts(stream);
        assert_eq!(parts, [&b"ab\ncd"[..], b"no\r\nlength", b"ok"]);
        assert!(matches!(fault, PartFault::Broken(_)), "after the last boundary nothing came: {fault:?}");
    }

    #[test]
    fn what_breaks_off_or_is_too_large_is_named() {
        let check = |stream: &[u8], expected: fn(&PartFault) -> bool| {
            let (parts, fault) = parts(stream);
            assert!(parts.is_empty() && expected(&fault), "{fault:?}");
        };
        check(b"", |fault| matches!(fault, PartFault::Ended));
        check(b"--frame\r\nContent-Length: 9\r\n\r\nhalf", |fault| matches!(fault, PartFault::Broken(_)));
        check(b"--frame\r\nContent-Length: 99999999999\r\n\r\n", |fault| matches!(fault, PartFault::TooLarge));
        check(&[b'x'; GARBAGE_BYTES_MAX + 1], |fault| matches!(fault, PartFault::NotParts));
        let endless = [&b"--frame\r\nX: "[..], &[b'y'; HEADER_BYTES_MAX]].concat();
        check(&endless, |fault| matches!(fault, PartFault::NotParts));
    }

    proptest! {
        #[test]
        fn any_stream_is_read_to_an_end(stream in proptest::collection::vec(prop_oneof![
            Just(b"--frame\r\n".to_vec()), Just(b"Content-Length: 3\r\n".to_vec()), Just(b"\r\n".to_vec()), proptest::collection::vec(any::<u8>(), 0..20),
        ], 0..40)) {
            let stream = stream.concat();
            let (parts, _) = parts(&stream);
            prop_assert!(parts.iter().map(Vec::len).sum::<usize>() <= stream.len());
        }

        #[test]
        fn parts_come_out_as_they_went_in(sent in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..6)) {
            let mut stream = Vec::new();
            for part in &sent {
                stream.extend_from_slice(format!("--frame\r\nContent-Length: {}\r\n\r\n", part.len()).as_bytes());
                stream.extend_from_slice(part);
                stream.extend_from_slice(b"\r\n");
            }
            prop_assert_eq!(parts(&stream).0, sent);
        }
    }
}
