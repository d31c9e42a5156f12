//! Heads and shoulders without a face: what stands for a photograph on cards, and the print of a newborn's photo.

use super::people::Sex;
use super::raster::Colour;
use super::sheet::{Area, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

/// A grey silhouette in the given area; hair and shoulders differ a little from person to person.
pub(super) fn silhouette(sheet: &mut Sheet, area: Area, sex: Sex, background: Colour) {
    let hair: Colour = [92, 100, 110];
    let skin: Colour = [186, 192, 199];
    let coat: Colour = [126, 138, 150];
    sheet.fill(area, background);
    let at = |x: f32, y: f32| (area.x + area.width * x, area.y + area.height * y);
    let size = |x: f32, y: f32| (area.width * x, area.height * y);
    let head = sheet.random.between(0.205, 0.235);
    if sex == Sex::Female {
        sheet.polygon(&blob(at(0.5, 0.47), size(head + 0.085, 0.30), 0.86), hair, 1.0);
    }
    sheet.polygon(&shoulders(area), coat, 1.0);
    let neck = [at(0.41, 0.56), at(0.59, 0.56), at(0.61, 0.78), at(0.5, 0.83), at(0.39, 0.78)];
    sheet.polygon(&neck, [170, 177, 185], 1.0);
    sheet.ellipse(at(0.5, 0.42), size(head + 0.03, 0.245), hair, 1.0);
    sheet.ellipse(at(0.5, 0.455), size(head, 0.20), skin, 1.0);
    // The hair line cuts the top of the face off, a little lower on one side.
    let fringe = sheet.random.between(0.33, 0.36);
    let mut hair_line = cap((0.5, 0.455), (head + 0.012, 0.212), fringe);
    hair_line.push((0.5 + head * 0.2, fringe - 0.025));
    let hair_line: Vec<(f32, f32)> = hair_line.into_iter().map(|(x, y)| at(x, y)).collect();
    sheet.polygon(&hair_line, hair, 1.0);
}

/// The print of a newborn's photo, 33 x 48 mm on white.
pub(super) fn newborn_photo(options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::NewbornPhoto, options, [252, 252, 252])?;
    let skin: Colour = [239, 205, 187];
    let shade: Colour = [222, 178, 160];
    let cloth: Colour = [203, 221, 233];
    sheet.polygon(&shoulders(Area::new(1.0, 6.0, 31.0, 42.0)), cloth, 1.0);
    sheet.polygon(&[(12.5, 35.0), (16.5, 40.5), (20.5, 35.0)], [247, 249, 251], 1.0);
    sheet.ellipse((16.5, 34.2), (3.6, 3.6), shade, 1.0);
    sheet.ellipse((6.9, 24.4), (1.5, 2.3), shade, 1.0);
    sheet.ellipse((26.1, 24.4), (1.5, 2.3), shade, 1.0);
    sheet.ellipse((16.5, 23.2), (9.7, 11.9), skin, 1.0);
    // A little down on a newborn's head, thinner towards the brow.
    for (brow_y, arch, opacity) in [(19.0, 5.6, 0.3), (18.2, 5.2, 0.35), (17.4, 4.6, 0.5)] {
        let mut down = cap((16.5, 23.2), (9.75, 11.95), brow_y);
        let (from, to) = (down[down.len() - 1].0, down[0].0);
        for step in 1..20_u8 {
            let part = f32::from(step) / 20.0;
            down.push((from + (to - from) * part, brow_y - arch * (part * std::f32::consts::PI).sin()));
        }
        sheet.polygon(&down, [112, 92, 84], opacity);
    }
    sheet.ellipse((10.2, 27.6), (2.4, 1.7), [236, 178, 166], 0.7);
    sheet.ellipse((22.8, 27.6), (2.4, 1.7), [236, 178, 166], 0.7);
    for x in [12.6, 20.4] {
        sheet.stroke(&[(x - 1.9, 24.2), (x - 0.9, 24.8), (x + 0.9, 24.8), (x + 1.9, 24.2)], 0.35, [92, 74, 70], 0.9);
        sheet.stroke(&[(x - 1.7, 21.0), (x, 20.5), (x + 1.7, 21.0)], 0.3, [150, 120, 108], 0.7);
    }
    sheet.stroke(&[(15.7, 27.4), (16.5, 27.8), (17.3, 27.4)], 0.35, [205, 150, 135], 0.9);
    sheet.stroke(&[(14.3, 30.4), (15.4, 31.1), (17.6, 31.1), (18.7, 30.4)], 0.55, [196, 106, 104], 0.9);
    Ok(sheet.into_paper())
}

fn shoulders(area: Area) -> Vec<(f32, f32)> {
    let at = |x: f32, y: f32| (area.x + area.width * x, area.y + area.height * y);
    let mut points = vec![at(0.03, 1.0)];
    // A quarter of an ellipse up each side gives round shoulders.
    for step in 0..=12 {
        let turn = step as f32 / 12.0 * std::f32::consts::FRAC_PI_2;
        points.push(at(0.03 + 0.31 * (1.0 - turn.cos()), 1.0 - 0.29 * turn.sin()));
    }
    for step in (0..=12).rev() {
        let turn = step as f32 / 12.0 * std::f32::consts::FRAC_PI_2;
        points.push(at(0.97 - 0.31 * (1.0 - turn.cos()), 1.0 - 0.29 * turn.sin()));
    }
    points.push(at(0.97, 1.0));
    points
}

/// The part of an ellipse above a height, from its left end over the top to its right end.
fn cap(centre: (f32, f32), radii: (f32, f32), below_y: f32) -> Vec<(f32, f32)> {
    (0..=60)
        .map(|step| {
            let turn = std::f32::consts::PI * (1.0 + step as f32 / 60.0);
            (centre.0 + radii.0 * turn.cos(), centre.1 + radii.1 * turn.sin())
        })
        .filter(|(_, y)| *y < below_y)
        .collect()
}

/// An ellipse that grows narrower towards the bottom, for long hair.
fn blob(centre: (f32, f32), radii: (f32, f32), taper: f32) -> Vec<(f32, f32)> {
    (0..80)
        .map(|step| {
            let turn = step as f32 / 80.0 * std::f32::consts::TAU;
            let width = if turn.sin() > 0.0 { 1.0 - (1.0 - taper) * turn.sin() } else { 1.0 };
            (centre.0 + radii.0 * width * turn.cos(), centre.1 + radii.1 * turn.sin())
        })
        .collect()
}
