//! Text that a file brings along with a page: lines with their places, as some program wrote them. It is a hint of what stands there and never
//! proof: a file can say other things than it shows. Lines travel in header segments of the page's own picture, so that they are where the
//! page is, sealed with it, and gone with it.

use time::Date;

use crate::fields::{Evidence, ReadField};
use crate::import::jpeg_segments;
use crate::ocr::TextLine;
use crate::page::{Code, Corner, ProcessedPage, Region};
use crate::paper::PaperHint;
use crate::raster::on_page;
use crate::reading::{RecognisedPaper, understood};

/// Lines of one page.
pub(crate) const LINES_MAX: usize = 2_000;
/// Characters of one line.
pub(crate) const LINE_CHARS_MAX: usize = 200;
/// Mark of the header segment: the last of those that are free for programs.
const MARK: u8 = 0xEF;
/// How ours begins.
const NAME: &[u8] = b"OneWindow text\0";
/// Bytes of one segment; a header segment holds 65,533.
const SEGMENT_BYTES_MAX: usize = 60_000;
/// Segments of one page.
const SEGMENTS_MAX: usize = 16;
/// What was not read from the picture is at best half sure.
const CONFIDENCE: f32 = 0.5;

/// A line of text and its place on the picture that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub text: String,
    pub region: Region,
}

/// The picture with these lines in its header, as many as there is room for.
pub(crate) fn carrying(mut jpeg: Vec<u8>, lines: &[Line]) -> Vec<u8> {
    let mut header = Vec::new();
    let mut segment: Vec<(u32, u32, u32, u32, &str)> = Vec::new();
    let mut room = SEGMENT_BYTES_MAX;
    let mut close = |segment: &mut Vec<(u32, u32, u32, u32, &str)>| {
        if let Ok(json) = serde_json::to_vec(segment).map(|json| [NAME, &json].concat())
            && let Ok(length) = u16::try_from(json.len() + 2)
            && !segment.is_empty()
        {
            header.extend([0xFF, MARK]);
            header.extend(length.to_be_bytes());
            header.extend(json);
        }
        segment.clear();
    };
    let mut segments = 1;
    for Line { text, region } in lines.iter().take(LINES_MAX) {
        // JSON writes a character in at most six bytes for each of its own; numbers and marks take the rest.
        let bytes = text.len() * 6 + 60;
        if bytes > room {
            close(&mut segment);
            room = SEGMENT_BYTES_MAX;
            segments += 1;
            if segments > SEGMENTS_MAX {
                break;
            }
        }
        room = room.saturating_sub(bytes);
        segment.push((region.x, region.y, region.width, region.height, text));
    }
    close(&mut segment);
    // Behind the start mark and the first segment, which says what kind of JPEG it is.
    let first = jpeg_segments(&jpeg).next().map_or(0, |(_, body)| body.len() + 4);
    let at = (2 + first).min(jpeg.len());
    jpeg.splice(at..at, header);
    jpeg
}

/// The lines that a picture carries. Whoever made it may have written anything there.
pub(crate) fn carried(jpeg: &[u8]) -> Vec<Line> {
    let own = jpeg_segments(jpeg)
        .filter(|(mark, _)| *mark == MARK)
        .filter_map(|(_, body)| body.strip_prefix(NAME));
    let parts = own
        .take(SEGMENTS_MAX)
        .filter_map(|json| serde_json::from_slice::<Vec<(u32, u32, u32, u32, String)>>(json).ok());
    let line = |(x, y, width, height, text): (u32, u32, u32, u32, String)| Line {
        text: text.chars().filter(|c| !c.is_control()).take(LINE_CHARS_MAX).collect(),
        region: Region { x, y, width, height },
    };
    let small = |line: &Line| {
        [line.region.x, line.region.y, line.region.width, line.region.height]
            .iter()
            .all(|n| *n <= 100_000)
    };
    parts.flatten().take(LINES_MAX).map(line).filter(small).collect()
}

/// The lines on the corrected page whose corners on the raw picture are given; those beside it are left out.
pub(crate) fn on_corrected(lines: Vec<Line>, corners: &[Corner; 4], size: (u32, u32)) -> Vec<TextLine> {
    let moved = |Line { text, region }: Line| {
        let (right, bottom) = ((region.x + region.width) as f32, (region.y + region.height) as f32);
        let (left, top) = on_page(corners, size, (region.x as f32, region.y as f32));
        let (right, bottom) = on_page(corners, size, (right, bottom));
        let (width, height) = (right - left, bottom - top);
        (width >= 1.0 && height >= 1.0).then(|| TextLine {
            text,
            region: Region {
                x: left as u32,
                y: top as u32,
                width: width as u32,
                height: height as u32,
            },
            confidence: CONFIDENCE,
            places: Vec::new(),
        })
    };
    lines.into_iter().filter_map(moved).collect()
}

/// What the text that came with a page says, for when there is nothing to read the picture with.
pub fn read_file_text(page: &ProcessedPage, hint: &PaperHint, today: Date) -> (Option<RecognisedPaper>, Vec<ReadField>) {
    const NO_CODES: &[Code] = &[];
    if page.blank || page.file_text.is_empty() || page.rotated_quarter_turns != 0 {
        return (None, Vec::new());
    }
    let (paper, mut fields) = understood(&page.file_text, NO_CODES, None, hint, today);
    for field in &mut fields {
        // A check digit that fits says that the number is well made, not that the page shows it.
        field.evidence = Evidence::FileText;
        field.confidence = CONFIDENCE;
    }
    (paper, fields)
}

/// Adds what only the text that came with the page says; what was read from the picture stays as it is.
pub(crate) fn complete(fields: &mut Vec<ReadField>, page: &ProcessedPage, hint: &PaperHint, today: Date) {
    let (_, told) = read_file_text(page, hint, today);
    for field in told {
        if !fields.iter().any(|own| own.key == field.key) {
            fields.push(field);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str, x: u32, y: u32) -> Line {
        Line {
            text: text.to_owned(),
            region: Region { x, y, width: 300, height: 40 },
        }
    }

    fn picture() -> Vec<u8> {
        crate::encode::jpeg(&crate::raster::Raster::filled(64, 64, [200; 3]), 90, Some(300.0)).unwrap_or_default()
    }

    #[test]
    fn lines_travel_with_the_picture_and_do_not_change_it() {
        let lines: Vec<Line> = (0..900).map(|n| line(&format!("第 {n} 行 \"quoted\" {}", "字".repeat(40)), n, n * 2)).collect();
        let bytes = carrying(picture(), &lines);
        assert!(carried(&bytes) == lines, "{} of {} lines", carried(&bytes).len(), lines.len());
        let many: Vec<Line> = lines.iter().chain(&lines).cloned().collect();
        let room_for = carried(&carrying(picture(), &many));
        assert!(room_for.len() >= lines.len() && many.starts_with(&room_for), "{} lines", room_for.len());
        let limits = crate::limits::Limits::default();
        let (own, with) = (crate::import::decode_jpeg(&picture(), &limits), crate::import::decode_jpeg(&bytes, &limits));
        assert_eq!(own.ok(), with.ok(), "the picture is the same");
        assert_eq!(carrying(picture(), &[]), picture());
        assert_eq!(carried(&picture()), []);
    }

    #[test]
    fn lines_follow_the_page_that_was_cut_out() {
        let corners = [(100.0, 50.0), (900.0, 50.0), (900.0, 1050.0), (100.0, 1050.0)].map(|(x, y)| Corner { x, y });
        let moved = on_corrected(vec![line("a", 200, 150), line("beside", 950, 150)], &corners, (800, 1000));
        assert_eq!(moved.len(), 1, "{moved:?}");
        let region = moved[0].region;
        assert!(
            region.x.abs_diff(100) <= 1 && region.y.abs_diff(100) <= 1 && region.width.abs_diff(300) <= 2,
            "{region:?}"
        );
    }

    proptest! {
        #[test]
        fn any_segment_is_read_or_passed_over(body in proptest::collection::vec(any::<u8>(), 0..400), named in any::<bool>()) {
            let body = if named { [NAME, &body].concat() } else { body };
            let mut bytes = vec![0xFF, 0xD8, 0xFF, MARK];
            bytes.extend((body.len() as u16 + 2).to_be_bytes());
            bytes.extend(body);
            let _ = carried(&bytes);
        }
    }
}
