//! Nothing lies on anything else or off the sheet, however long the lists and names are.

use onewindow_print::{DocumentKind, RenderedDocument};

use crate::{
    sample::{data_for, reprint},
    tools::{LANGUAGES, draw, keep, probe},
};

/// A word as poppler sees it: its box in points and its text.
struct Word {
    page: usize,
    edges: [f32; 4],
    text: String,
}

/// The words of a document with their boxes, by an independent reader.
fn words_of(document: &RenderedDocument) -> Option<(Vec<Word>, (f32, f32))> {
    let (_folder, file) = keep(document, "boxes");
    let output = probe("pdftotext", &["-bbox", file.to_str().unwrap(), "-"])?;
    let text = String::from_utf8(output.stdout).unwrap();
    let mut words = Vec::new();
    let (mut page, mut size) = (0, (0.0, 0.0));
    let number = |line: &str, name: &str| -> f32 {
        let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    for line in text.lines().map(str::trim) {
        if line.starts_with("<page") {
            page += 1;
            size = (number(line, "width"), number(line, "height"));
        } else if line.starts_with("<word") {
            let edges = ["xMin", "yMin", "xMax", "yMax"].map(|name| number(line, name));
            let text = line.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
            words.push(Word { page, edges, text });
        }
    }
    Some((words, size))
}

#[test]
fn no_word_lies_on_another_or_outside_the_sheet() {
    for kind in DocumentKind::ALL {
        for language in LANGUAGES {
            for (count, copy) in [(8, false), (31, true)] {
                let mut data = data_for(kind, language);
                data.materials = data.materials.iter().cycle().take(count).cloned().collect();
                data.guide = data.guide.iter().cycle().take(count).cloned().collect();
                data.outstanding = data
                    .outstanding
                    .iter()
                    .cycle()
                    .take(if data.outstanding.is_empty() { 0 } else { count })
                    .cloned()
                    .collect();
                if let Some(list) = &mut data.hand_over {
                    list.lines = list.lines.iter().cycle().take(count).cloned().collect();
                }
                if copy {
                    data.copy = reprint(language);
                }
                let document = draw(kind, &data, language);
                let Some((words, size)) = words_of(&document) else { return };
                check_words(&words, size, &format!("{} {}", kind.name(), language.tag()));
            }
        }
    }
}

fn check_words(words: &[Word], (width, height): (f32, f32), name: &str) {
    // The specimen mark lies under everything on purpose.
    let words: Vec<&Word> = words.iter().filter(|word| word.edges[3] - word.edges[1] < 90.0).collect();
    // Boxes of poppler span the font's whole line; the middle is where the ink is.
    let ink = |word: &Word| {
        let [left, top, right, bottom] = word.edges;
        let inset = (bottom - top) * 0.22;
        [left + 0.5, top + inset, right - 0.5, bottom - inset]
    };
    for (index, word) in words.iter().enumerate() {
        let [left, top, right, bottom] = ink(word);
        assert!(
            left >= 0.0 && top >= 0.0 && right <= width && bottom <= height,
            "{name}: {} at {:?} is outside",
            word.text,
            word.edges
        );
        for other in words[index + 1..].iter().filter(|other| other.page == word.page) {
            let [l, t, r, b] = ink(other);
            let apart = right <= l || r <= left || bottom <= t || b <= top;
            assert!(apart, "{name}: {} at {:?} lies on {} at {:?}", word.text, word.edges, other.text, other.edges);
        }
    }
}
