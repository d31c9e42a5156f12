//! Reads single lines: each is cut out at a height of 48 elements, lines of similar length are read together, one batch on each
//! processor, and the most probable character of every step is taken, repetitions and blanks dropped.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rten::{ThreadPool, Value};

use super::{Reader, TextBox, TextLine};
use crate::fault::OcrFault;
use crate::raster::Raster;

/// Height the model was trained with.
const LINE_HEIGHT: u32 = 48;
/// Longest line; longer ones are squeezed.
const MAX_WIDTH: u32 = 3200;
/// Shortest input the model takes well.
const MIN_WIDTH: u32 = 48;
/// Most elements of width read together: the answer of the model is 9 kB for every element of width, and it is held for every lane.
const BATCH_WIDTH: u32 = 1280;

/// A box to be read, and how wide its line is at the height the model reads.
#[derive(Clone, Copy)]
struct Line {
    index: usize,
    width_px: u32,
}

/// Reads the boxes of a page turned clockwise by `turns`; one line a box, in their order. Every lane takes the next batch when it is
/// done with one: a line is too short to be shared out among processors.
pub(super) fn read(reader: &Reader, raster: &Raster, boxes: &[TextBox], turns: u8) -> Result<Vec<TextLine>, OcrFault> {
    let mut order: Vec<Line> = (0..boxes.len())
        .map(|index| Line {
            index,
            width_px: width_of(&boxes[index], turns),
        })
        .collect();
    // The longest first, so that no lane is left with a long one at the end.
    order.sort_by_key(|line| Reverse(line.width_px));
    let batches = batches(&order);
    let next = AtomicUsize::new(0);
    let lane = |pool: &Arc<ThreadPool>| {
        let mut lines = Vec::new();
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            lines.extend(read_batch(reader, pool, raster, boxes, batch, turns)?);
        }
        Ok::<_, OcrFault>(lines)
    };
    let read = std::thread::scope(|scope| {
        let lane = &lane;
        let lanes: Vec<_> = reader.lanes.iter().map(|pool| scope.spawn(move || lane(pool))).collect();
        let panicked = || OcrFault::Engine {
            detail: "a lane of reading panicked".to_owned(),
        };
        let joined = lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| Err(panicked())));
        joined.collect::<Result<Vec<_>, _>>()
    })?;
    let mut lines = read.concat();
    lines.sort_by_key(|(index, _)| *index);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// Lines of similar width, read together; the sum of their widths is bounded.
fn batches(order: &[Line]) -> Vec<&[Line]> {
    let mut batches = Vec::new();
    let mut rest = order;
    while let Some(widest) = rest.first().map(|line| line.width_px) {
        let fits = |n: usize| rest[n - 1].width_px + widest / 10 + 8 >= widest && widest * n as u32 <= BATCH_WIDTH;
        let (batch, later) = rest.split_at((2..=rest.len()).take_while(|&n| fits(n)).last().unwrap_or(1));
        batches.push(batch);
        rest = later;
    }
    batches
}

/// Quarter turns by which a box must be turned to be read: tall lines on an upright page are read from top to bottom.
fn turns_of(text_box: &TextBox, turns: u8) -> u8 {
    if turns == 0 && text_box.is_tall() { 3 } else { turns }
}

fn width_of(text_box: &TextBox, turns: u8) -> u32 {
    let (along, across) = if turns_of(text_box, turns) % 2 == 1 {
        (text_box.half.1, text_box.half.0)
    } else {
        text_box.half
    };
    // Rounded up to eighths: one step of the model is eight elements.
    ((along / across.max(0.5) * LINE_HEIGHT as f32 / 8.0).ceil() as u32 * 8).clamp(MIN_WIDTH, MAX_WIDTH)
}

type Read = (String, Vec<f32>, f32);

/// The lines of a batch with the places of their boxes, each padded to the width of the first.
fn read_batch(
    reader: &Reader,
    pool: &Arc<ThreadPool>,
    raster: &Raster,
    boxes: &[TextBox],
    batch: &[Line],
    turns: u8,
) -> Result<Vec<(usize, TextLine)>, OcrFault> {
    let width = batch.first().map_or(MIN_WIDTH, |line| line.width_px);
    let plane = (LINE_HEIGHT * width) as usize;
    let mut input = vec![0.0f32; batch.len() * 3 * plane];
    for (line, target) in batch.iter().zip(input.chunks_exact_mut(3 * plane)) {
        let mut corners = boxes[line.index].corners();
        corners.rotate_right(usize::from(turns_of(&boxes[line.index], turns) % 4));
        let cut = raster.warped(&corners, line.width_px, LINE_HEIGHT, [255; 3]);
        let rows = cut.rgb.chunks_exact(line.width_px as usize * 3).enumerate();
        for (y, row) in rows {
            for (channel, from) in [2, 1, 0].into_iter().enumerate() {
                let target = &mut target[channel * plane + y * width as usize..][..line.width_px as usize];
                for (to, element) in target.iter_mut().zip(row.as_chunks::<3>().0) {
                    *to = f32::from(element[from]) / 127.5 - 1.0;
                }
            }
        }
    }
    let engine = |detail: String| OcrFault::Engine { detail };
    let value = Value::from_shape([batch.len(), 3, LINE_HEIGHT as usize, width as usize], input).map_err(|e| engine(e.to_string()))?;
    let output = reader
        .recognition
        .run_one(value.into(), Some(Reader::options(pool)))
        .map_err(|e| engine(e.to_string()))?;
    let ([_, steps, classes], scores) = output.into_shape_vec::<f32, 3>().map_err(|e| engine(e.to_string()))?;
    let read = scores
        .chunks_exact((steps * classes).max(1))
        .map(|line| decoded(line, classes, &reader.alphabet));
    let lines = batch.iter().zip(read).map(|(line, (text, places, confidence))| {
        // Places are fractions of the padded width.
        let stretch = width as f32 / line.width_px as f32;
        let line_read = TextLine {
            text,
            region: boxes[line.index].region(raster.width, raster.height),
            confidence,
            places: places.into_iter().map(|p| (p * stretch).min(1.0)).collect(),
        };
        (line.index, line_read)
    });
    Ok(lines.collect())
}

/// The most probable class and its probability: first the part of the row that holds it, then its place there. There are some
/// 18,000 classes for every step.
fn most_probable(row: &[f32]) -> (usize, f32) {
    /// Classes looked at together.
    const PART: usize = 64;
    let (mut part, mut best) = (0, f32::MIN);
    for (index, values) in row.chunks(PART).enumerate() {
        let highest = values.iter().fold(f32::MIN, |most, &p| if p > most { p } else { most });
        if highest > best {
            (part, best) = (index, highest);
        }
    }
    let within = row.chunks(PART).nth(part).and_then(|values| values.iter().position(|&p| p >= best));
    (part * PART + within.unwrap_or(0), best)
}

/// Class 0 is "no character"; the others stand in the alphabet's order.
fn decoded(scores: &[f32], classes: usize, alphabet: &[String]) -> Read {
    let steps = scores.len() / classes.max(1);
    let (mut text, mut places, mut sum) = (String::new(), Vec::new(), 0.0);
    let mut before = 0;
    for (step, row) in scores.chunks_exact(classes.max(1)).enumerate() {
        let (class, probability) = most_probable(row);
        if class != 0
            && class != before
            && let Some(character) = alphabet.get(class - 1)
        {
            text.push_str(character);
            // A character of several code points keeps one place for each, so that places and characters stay in step.
            places.extend(character.chars().map(|_| (step as f32 + 0.5) / steps.max(1) as f32));
            sum += probability * character.chars().count() as f32;
        }
        before = class;
    }
    let confidence = sum / places.len().max(1) as f32;
    (text, places, confidence)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_line_is_in_one_batch_of_bounded_width(mut widths in proptest::collection::vec(MIN_WIDTH..=MAX_WIDTH, 0..60)) {
            widths.sort_unstable_by_key(|width| Reverse(*width));
            let order: Vec<Line> = widths.iter().enumerate().map(|(index, &width_px)| Line { index, width_px }).collect();
            let batches = batches(&order);
            let indices: Vec<usize> = batches.iter().flat_map(|batch| batch.iter().map(|line| line.index)).collect();
            prop_assert_eq!(indices, (0..widths.len()).collect::<Vec<_>>());
            for batch in batches {
                prop_assert!(batch.len() == 1 || batch[0].width_px * batch.len() as u32 <= BATCH_WIDTH);
            }
        }

        #[test]
        fn the_most_probable_class_is_the_first_of_the_highest(row in proptest::collection::vec(0.0f32..1.0, 1..300)) {
            let highest = row.iter().copied().fold(0.0, f32::max);
            let first = row.iter().position(|&p| p == highest).expect("it is there");
            prop_assert_eq!(most_probable(&row), (first, highest));
        }
    }
}
