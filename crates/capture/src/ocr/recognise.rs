//! Reads single lines: each is cut out at a height of 48 elements, lines of similar length are read together, and the most probable
//! character of every step is taken, repetitions and blanks dropped.

use rten::Value;

use super::{Reader, TextBox, TextLine};
use crate::fault::OcrFault;
use crate::raster::Raster;

/// Height the model was trained with.
const LINE_HEIGHT: u32 = 48;
/// Longest line; longer ones are squeezed.
const MAX_WIDTH: u32 = 3200;
/// Shortest input the model takes well.
const MIN_WIDTH: u32 = 48;
/// Most elements of width read together: the answer of the model is 9 kB for every element of width.
const BATCH_WIDTH: u32 = 2560;

/// Reads the boxes of a page turned clockwise by `turns`; one line a box, in their order.
pub(super) fn read(reader: &Reader, raster: &Raster, boxes: &[TextBox], turns: u8) -> Result<Vec<TextLine>, OcrFault> {
    let mut order: Vec<(usize, u32)> = boxes.iter().enumerate().map(|(i, b)| (i, width_of(b, turns))).collect();
    order.sort_by_key(|&(_, width)| width);
    let mut lines: Vec<Option<TextLine>> = vec![None; boxes.len()];
    let mut rest = order.as_slice();
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(batch_len(rest));
        rest = later;
        let width = batch.last().map_or(MIN_WIDTH, |b| b.1);
        let read = read_batch(reader, raster, boxes, batch, width, turns)?;
        for (&(index, own_width), (text, places, confidence)) in batch.iter().zip(read) {
            // Places are fractions of the padded width.
            let stretch = width as f32 / own_width as f32;
            let places = places.into_iter().map(|p| (p * stretch).min(1.0)).collect();
            lines[index] = Some(TextLine {
                text,
                region: boxes[index].region(raster.width, raster.height),
                confidence,
                places,
            });
        }
    }
    Ok(lines.into_iter().flatten().collect())
}

/// How many of the shortest lines are read together: similar width, bounded sum.
fn batch_len(rest: &[(usize, u32)]) -> usize {
    let first = rest[0].1;
    let fitting = |n: usize| {
        let widest = rest[n - 1].1;
        widest <= first + first / 4 + 16 && widest * n as u32 <= BATCH_WIDTH
    };
    (1..=rest.len()).take_while(|&n| n == 1 || fitting(n)).last().unwrap_or(1)
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

fn read_batch(reader: &Reader, raster: &Raster, boxes: &[TextBox], batch: &[(usize, u32)], width: u32, turns: u8) -> Result<Vec<Read>, OcrFault> {
    let plane = (LINE_HEIGHT * width) as usize;
    let mut input = vec![0.0f32; batch.len() * 3 * plane];
    for (&(index, own_width), target) in batch.iter().zip(input.chunks_exact_mut(3 * plane)) {
        let mut corners = boxes[index].corners();
        corners.rotate_right(usize::from(turns_of(&boxes[index], turns) % 4));
        let line = raster.warped(&corners, own_width, LINE_HEIGHT, [255; 3]);
        for (at, element) in line.rgb.as_chunks::<3>().0.iter().enumerate() {
            let place = at / own_width as usize * width as usize + at % own_width as usize;
            for (channel, from) in [2, 1, 0].into_iter().enumerate() {
                target[channel * plane + place] = f32::from(element[from]) / 127.5 - 1.0;
            }
        }
    }
    let engine = |detail: String| OcrFault::Engine { detail };
    let value = Value::from_shape([batch.len(), 3, LINE_HEIGHT as usize, width as usize], input).map_err(|e| engine(e.to_string()))?;
    let output = reader.recognition.run_one(value.into(), reader.options()).map_err(|e| engine(e.to_string()))?;
    let ([_, steps, classes], scores) = output.into_shape_vec::<f32, 3>().map_err(|e| engine(e.to_string()))?;
    Ok(scores
        .chunks_exact((steps * classes).max(1))
        .map(|line| decoded(line, classes, &reader.alphabet))
        .collect())
}

/// Class 0 is "no character"; the others stand in the alphabet's order.
fn decoded(scores: &[f32], classes: usize, alphabet: &[String]) -> Read {
    let steps = scores.len() / classes.max(1);
    let (mut text, mut places, mut sum) = (String::new(), Vec::new(), 0.0);
    let mut before = 0;
    for (step, row) in scores.chunks_exact(classes.max(1)).enumerate() {
        let (class, probability) = row
            .iter()
            .enumerate()
            .fold((0, f32::MIN), |best, (i, &p)| if p > best.1 { (i, p) } else { best });
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
