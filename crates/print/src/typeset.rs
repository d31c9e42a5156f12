//! From text to lines of placed glyphs: measuring, breaking and spacing for Chinese with Latin words in it.
//!
//! The rules are those of Chinese book printing: closing punctuation never starts a line, opening punctuation never
//! ends one, two full-width marks in a row share a square, a mark at the end of a line takes half a square, and a
//! little air separates ideographs from Latin letters and digits. There is no shaping: neither language needs it.

use crate::{
    fault::PrintFault,
    fonts::{FontName, FontShelf, FoundGlyph},
};

/// Air between an ideograph and a Latin letter or digit, and the most by which a gap may be stretched, in em.
/// Readers of PDF take a gap of 0.1 em for a space, so more would put false spaces into copied text.
const MAX_EXTRA_GAP_EM: f32 = 0.09;
/// What a full-width punctuation mark can give up, in em.
const SQUEEZE_EM: f32 = 0.5;

/// A piece of text and the field it came from, so that a fault can name the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) field: String,
    pub(crate) text: String,
}

/// How text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) font: FontName,
    pub(crate) size_pt: f32,
    /// Extra space after every character, in em; for titles.
    pub(crate) tracking_em: f32,
}

impl Style {
    /// One em in millimetres.
    pub(crate) fn em_mm(self) -> f32 {
        self.size_pt * MM_PER_PT
    }
}

/// Millimetres in a point.
pub(crate) const MM_PER_PT: f32 = 25.4 / 72.0;

/// A glyph and the room it takes on its line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SetGlyph {
    pub(crate) character: char,
    pub(crate) font: FontName,
    pub(crate) gid: u16,
    /// Advance of the glyph itself, in em.
    pub(crate) advance_em: f32,
    /// Space added after it (or taken away), in em.
    pub(crate) gap_em: f32,
}

/// One line of text; `width_em` counts what the eye sees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) glyphs: Vec<SetGlyph>,
    pub(crate) width_em: f32,
    /// Whether the paragraph or a forced line break ends here; such lines are not stretched.
    pub(crate) ends_paragraph: bool,
}

/// Turns spans into glyphs, each from the first font that has it. Line breaks in the text are kept as `'\n'` glyphs.
pub(crate) fn find_glyphs(spans: &[Span], style: Style, fonts: &FontShelf) -> Result<Vec<SetGlyph>, PrintFault> {
    let mut glyphs: Vec<SetGlyph> = Vec::new();
    for span in spans {
        for character in span.text.chars() {
            let found = if character == '\n' {
                FoundGlyph {
                    font: style.font,
                    gid: 0,
                    advance_em: 0.0,
                }
            } else {
                fonts.get_glyph(style.font, &span.field, character)?
            };
            if let Some(last) = glyphs.last_mut() {
                last.gap_em += gap_between(last, character, found.advance_em);
            }
            glyphs.push(SetGlyph {
                character,
                font: found.font,
                gid: found.gid,
                advance_em: found.advance_em,
                gap_em: style.tracking_em,
            });
        }
    }
    Ok(glyphs)
}

/// Breaks glyphs into lines of at most `width_em`, the first one shorter by `indent_em`.
/// Always makes progress: a line holds at least one glyph, however narrow the column.
pub(crate) fn break_lines(glyphs: &[SetGlyph], width_em: f32, indent_em: f32) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut line_start = 0;
    while line_start < glyphs.len() {
        let room = if lines.is_empty() { width_em - indent_em } else { width_em };
        let mut end = line_start + find_line_end(&glyphs[line_start..], room);
        if leaves_an_orphan(&glyphs[end..]) && end - line_start > 4 {
            // One ideograph alone on the last line looks lost: give it company.
            let narrower = make_line(&glyphs[line_start..end], false).width_em - 0.2;
            end = line_start + find_line_end(&glyphs[line_start..], narrower);
        }
        let forced = end < glyphs.len() && glyphs[end].character == '\n';
        lines.push(make_line(&glyphs[line_start..end], forced || end == glyphs.len()));
        line_start = end + usize::from(forced);
        while !forced && line_start < glyphs.len() && glyphs[line_start].character == ' ' {
            line_start += 1; // A space at which a line was broken is not carried over.
        }
    }
    if lines.is_empty() {
        lines.push(Line {
            glyphs: Vec::new(),
            width_em: 0.0,
            ends_paragraph: true,
        });
    }
    lines
}

/// Whether what remains of the text is a single ideograph, with or without a mark.
fn leaves_an_orphan(rest: &[SetGlyph]) -> bool {
    match rest {
        [one] => is_wide_text(one.character),
        [one, mark] => is_wide_text(one.character) && is_wide_closing(mark),
        _ => false,
    }
}

/// Stretches the gaps of a line so that it fills `width_em`, unless that would tear it apart.
pub(crate) fn justify(line: &mut Line, width_em: f32) {
    let gaps: Vec<usize> = (0..line.glyphs.len().saturating_sub(1))
        .filter(|&index| line.glyphs[index].gap_em.abs() < 0.01)
        .filter(|&index| may_break_after(&line.glyphs, index) || line.glyphs[index].character == ' ')
        .collect();
    let slack = width_em - line.width_em;
    if line.ends_paragraph || gaps.is_empty() || slack <= 0.0 {
        return;
    }
    let share = slack / gaps.len() as f32;
    let latin = line.glyphs.iter().all(|glyph| glyph.advance_em < 0.99);
    if share > MAX_EXTRA_GAP_EM && !(latin && share < 0.6) {
        return;
    }
    for index in gaps {
        line.glyphs[index].gap_em += share;
    }
    line.width_em = width_em;
}

/// How many of `glyphs` fit on one line of `room` em.
fn find_line_end(glyphs: &[SetGlyph], room: f32) -> usize {
    let mut width = 0.0;
    let mut last_break = None;
    for (index, glyph) in glyphs.iter().enumerate() {
        if glyph.character == '\n' {
            return index;
        }
        // At the end of a line a closing mark needs only the half that holds ink, and a space needs nothing.
        let needed = if glyph.character == ' ' {
            0.0
        } else if is_wide_closing(glyph) {
            glyph.advance_em - SQUEEZE_EM
        } else {
            glyph.advance_em
        };
        if width + needed > room + 0.001 && index > 0 {
            return last_break.unwrap_or(index);
        }
        width += glyph.advance_em + glyph.gap_em;
        if index + 1 < glyphs.len() && may_break_after(glyphs, index) {
            last_break = Some(index + 1);
        }
    }
    glyphs.len()
}

fn make_line(glyphs: &[SetGlyph], ends_paragraph: bool) -> Line {
    let mut glyphs = glyphs.to_vec();
    while glyphs.last().is_some_and(|glyph| glyph.character == ' ') {
        glyphs.pop();
    }
    let mut width_em: f32 = glyphs.iter().map(|glyph| glyph.advance_em + glyph.gap_em).sum();
    if let Some(last) = glyphs.last_mut() {
        width_em -= last.gap_em;
        last.gap_em = 0.0;
        if is_wide_closing(last) && !ends_paragraph {
            width_em -= SQUEEZE_EM;
        }
    }
    Line {
        glyphs,
        width_em,
        ends_paragraph,
    }
}

fn may_break_after(glyphs: &[SetGlyph], index: usize) -> bool {
    let (Some(this), Some(next)) = (glyphs.get(index), glyphs.get(index + 1)) else {
        return false;
    };
    let (a, b) = (this.character, next.character);
    if b == ' ' || is_closing(b) || is_opening(a) || (a == b && matches!(a, '—' | '…')) {
        return false;
    }
    if a == ' ' {
        return true;
    }
    // A number keeps its unit, and an ordinal its number: 2026年, 第6页, 15个.
    if (a.is_ascii_digit() && is_unit(b)) || (a == '第' && b.is_ascii_digit()) {
        return false;
    }
    if is_wide_text(a) || is_wide_text(b) {
        return true;
    }
    // Latin words and numbers stay whole, but long codes may break after a hyphen or slash.
    is_closing(a) && !a.is_ascii() || (matches!(a, '-' | '/' | '_') && b.is_alphanumeric())
}

/// Space to add between two neighbours: air between scripts, or the square that two marks share.
fn gap_between(last: &SetGlyph, next: char, next_advance_em: f32) -> f32 {
    let this = last.character;
    let marks_touch = (is_wide_closing(last) && next_advance_em > 0.99 && (is_closing(next) || is_opening(next)))
        || (is_opening(this) && last.advance_em > 0.99 && next_advance_em > 0.99 && is_opening(next));
    if marks_touch {
        return -SQUEEZE_EM;
    }
    let narrow = |c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | '+' | '#');
    let ideograph = |c: char| is_wide_text(c) && c.is_alphabetic();
    if (ideograph(this) && narrow(next)) || (narrow(this) && ideograph(next)) {
        MAX_EXTRA_GAP_EM
    } else {
        0.0
    }
}

fn is_wide_closing(glyph: &SetGlyph) -> bool {
    glyph.advance_em > 0.99
        && matches!(
            glyph.character,
            '，' | '。' | '、' | '；' | '：' | '？' | '！' | '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '”' | '’'
        )
}

/// Ideographs that follow a number as its unit.
fn is_unit(character: char) -> bool {
    matches!(
        character,
        '年' | '月' | '日' | '时' | '分' | '号' | '个' | '项' | '份' | '页' | '种' | '次' | '条' | '款' | '人' | '元' | '层' | '室'
    )
}

/// Marks that must not start a line.
fn is_closing(character: char) -> bool {
    matches!(
        character,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '》'
            | '〉'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '”'
            | '’'
            | '…'
            | '—'
            | '·'
            | '～'
            | '％'
            | '℃'
            | '°'
            | '/'
            | ','
            | '.'
            | ';'
            | ':'
            | '?'
            | '!'
            | ')'
            | ']'
            | '}'
            | '%'
    )
}

/// Marks that must not end a line.
fn is_opening(character: char) -> bool {
    matches!(
        character,
        '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '“' | '‘' | '(' | '[' | '{' | '¥' | '￥' | '№'
    )
}

/// Ideographs, kana and other full-width letters: text that may be broken anywhere.
fn is_wide_text(character: char) -> bool {
    matches!(
        u32::from(character),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3040..=0x30FF | 0x3100..=0x312F | 0x3130..=0x318F
            | 0x31A0..=0x31BF | 0x31F0..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF
            | 0xF900..=0xFAFF | 0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A | 0x2_0000..=0x3_FFFF
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Glyphs with the widths of a CJK font, without reading one.
    fn glyphs(text: &str) -> Vec<SetGlyph> {
        let mut glyphs: Vec<SetGlyph> = Vec::new();
        for character in text.chars() {
            let advance_em = if character.is_ascii() { 0.5 } else { 1.0 };
            if let Some(last) = glyphs.last_mut() {
                last.gap_em += gap_between(last, character, advance_em);
            }
            glyphs.push(SetGlyph {
                character,
                font: FontName::Song,
                gid: 1,
                advance_em,
                gap_em: 0.0,
            });
        }
        glyphs
    }

    fn lines(text: &str, width_em: f32) -> Vec<String> {
        break_lines(&glyphs(text), width_em, 0.0)
            .iter()
            .map(|line| line.glyphs.iter().map(|glyph| glyph.character).collect())
            .collect()
    }

    #[test]
    fn punctuation_keeps_to_its_side_of_a_break() {
        let check = |text: &str, width_em: f32, expected: &[&str]| assert_eq!(lines(text, width_em), expected);
        check("材料齐全，符合形式", 4.0, &["材料齐", "全，符合", "形式"]);
        check("材料齐全，符合形式", 4.5, &["材料齐全，", "符合形式"]);
        check("请带《条例》来", 3.0, &["请带", "《条", "例》来"]);
        check("交 counter 窗口", 4.0, &["交", "counter", "窗口"]);
        check("one window", 3.0, &["one", "window"]);
        check("ABCDEFGHIJ", 2.0, &["ABCD", "EFGH", "IJ"]);
        check("截至2026年11月24日", 4.3, &["截至", "2026年", "11月24日"]);
        check("负责人本人签字", 6.0, &["负责人本人", "签字"]);
        check("第一行\n第二行", 9.0, &["第一行", "第二行"]);
        check("", 9.0, &[""]);
    }

    #[test]
    fn neighbouring_marks_share_a_square() {
        let set = glyphs("（《条例》）。");
        let width: f32 = set.iter().map(|glyph| glyph.advance_em + glyph.gap_em).sum();
        assert!((width - 5.5).abs() < 0.001, "three shared squares of half an em each, got {width}");
    }

    #[test]
    fn stretching_never_makes_a_gap_that_reads_as_a_space() {
        let mut line = break_lines(&glyphs("材料齐全符合法定形式决定予以受理并告知"), 12.4, 0.0).remove(0);
        justify(&mut line, 12.4);
        assert!((line.width_em - 12.4).abs() < 0.001);
        assert!(line.glyphs.iter().all(|glyph| glyph.gap_em <= MAX_EXTRA_GAP_EM));
        let mut torn = break_lines(&glyphs("材料齐全符"), 4.9, 0.0).remove(0);
        justify(&mut torn, 4.9);
        assert!((torn.width_em - 4.0).abs() < 0.001, "0.3 em a gap would tear the line apart");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_sticks_out(
            text in "[一-十，。（）《》a-z0-9 -]{0,120}",
            width_em in 2.0_f32..30.0,
        ) {
            let set = glyphs(&text);
            let broken = break_lines(&set, width_em, 0.0);
            let joined: String =
                broken.iter().flat_map(|line| line.glyphs.iter().map(|glyph| glyph.character)).collect();
            let squeeze = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeeze(&joined), squeeze(&text));
            for line in &broken {
                prop_assert!(line.width_em <= width_em + SQUEEZE_EM + 0.01, "{} > {width_em}", line.width_em);
            }
        }

        #[test]
        fn a_closing_mark_never_starts_a_line(text in "([一-十]{1,4}[，。]){1,20}") {
            for line in lines(&text, 6.0).iter().skip(1) {
                prop_assert!(!line.starts_with(['，', '。']), "{line}");
            }
        }
    }
}
