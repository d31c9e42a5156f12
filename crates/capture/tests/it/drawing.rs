//! Pages drawn by the tests: sheets of word-like bars, cards, codes; and the files they travel in.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use onewindow_capture::{Corner, Raster};

/// A reproducible stream of numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 20) % u64::from(bound)) as u32
    }
}

pub fn fill(raster: &mut Raster, x: u32, y: u32, width: u32, height: u32, colour: [u8; 3]) {
    for row in y..(y + height).min(raster.height) {
        for col in x..(x + width).min(raster.width) {
            let at = (row * raster.width + col) as usize * 3;
            raster.rgb[at..at + 3].copy_from_slice(&colour);
        }
    }
}

/// Lines of word-like bars within the given box; `unit` is the height of a line.
pub fn write_lines(raster: &mut Raster, frame: (u32, u32, u32, u32), unit: u32, seed: u64) {
    let mut random = Random::new(seed);
    let (left, top, width, height) = frame;
    let mut y = top;
    while y + unit < top + height {
        let mut x = left;
        while x + unit < left + width {
            let bar = unit / 6 + random.below(unit / 2);
            let tall = unit / 3 + random.below(unit / 4);
            fill(raster, x, y + random.below(unit / 6), bar, tall, [35, 35, 40]);
            x += bar + unit / 8 + random.below(unit / 3);
        }
        y += unit;
    }
}

/// An A4 sheet at 150 dpi with text on white.
pub fn sheet(seed: u64) -> Raster {
    let mut raster = Raster::filled(1240, 1754, [252, 252, 250]);
    write_lines(&mut raster, (130, 160, 980, 1400), 36, seed);
    raster
}

/// A card of 1011 x 638 elements (300 dpi): tinted, with text, a portrait and a number line.
pub fn card(seed: u64) -> Raster {
    let mut raster = Raster::filled(1011, 638, [214, 228, 238]);
    write_lines(&mut raster, (60, 60, 480, 420), 52, seed);
    write_lines(&mut raster, (60, 530, 880, 60), 52, seed + 1);
    fill(&mut raster, 640, 80, 300, 380, [150, 130, 120]);
    fill(&mut raster, 700, 140, 180, 200, [90, 70, 60]);
    raster
}

/// Draws `picture` onto `ground` so that its corners fall on `corners`.
pub fn lay(ground: &mut Raster, picture: &Raster, corners: &[Corner; 4]) {
    // The inverse map is what `warped` does with the four corners of the ground seen from the picture.
    let inverse = invert(corners, picture.width as f32, picture.height as f32);
    let from = |x: f32, y: f32| {
        let w = inverse[6] * x + inverse[7] * y + inverse[8];
        (
            (inverse[0] * x + inverse[1] * y + inverse[2]) / w,
            (inverse[3] * x + inverse[4] * y + inverse[5]) / w,
        )
    };
    for y in 0..ground.height {
        for x in 0..ground.width {
            let (u, v) = from(x as f32 + 0.5, y as f32 + 0.5);
            if u >= 0.0 && v >= 0.0 && u < picture.width as f32 && v < picture.height as f32 {
                let source = (v as u32 * picture.width + u as u32) as usize * 3;
                let target = (y * ground.width + x) as usize * 3;
                let colour: [u8; 3] = picture.rgb[source..source + 3].try_into().unwrap();
                ground.rgb[target..target + 3].copy_from_slice(&colour);
            }
        }
    }
}

/// Corners of an upright rectangle turned about its middle.
pub fn turned_rectangle(cx: f32, cy: f32, width: f32, height: f32, degrees: f32) -> [Corner; 4] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let at = |x: f32, y: f32| Corner {
        x: cx + x * cos - y * sin,
        y: cy + x * sin + y * cos,
    };
    let (w, h) = (width / 2.0, height / 2.0);
    [at(-w, -h), at(w, -h), at(w, h), at(-w, h)]
}

/// The projective map from the corners back to an upright picture.
fn invert(corners: &[Corner; 4], width: f32, height: f32) -> [f32; 9] {
    let [p0, p1, p2, p3] = corners.map(|c| (f64::from(c.x), f64::from(c.y)));
    let (dx3, dy3) = (p0.0 - p1.0 + p2.0 - p3.0, p0.1 - p1.1 + p2.1 - p3.1);
    let (dx1, dy1, dx2, dy2) = (p1.0 - p2.0, p1.1 - p2.1, p3.0 - p2.0, p3.1 - p2.1);
    let det = dx1 * dy2 - dx2 * dy1;
    let (g, h) = ((dx3 * dy2 - dx2 * dy3) / det, (dx1 * dy3 - dx3 * dy1) / det);
    let m = [
        (p1.0 - p0.0 + g * p1.0) / f64::from(width),
        (p3.0 - p0.0 + h * p3.0) / f64::from(height),
        p0.0,
        (p1.1 - p0.1 + g * p1.1) / f64::from(width),
        (p3.1 - p0.1 + h * p3.1) / f64::from(height),
        p0.1,
        g / f64::from(width),
        h / f64::from(height),
        1.0,
    ];
    let cofactor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    [
        cofactor(4, 5, 7, 8),
        -cofactor(1, 2, 7, 8),
        cofactor(1, 2, 4, 5),
        -cofactor(3, 5, 6, 8),
        cofactor(0, 2, 6, 8),
        -cofactor(0, 2, 3, 5),
        cofactor(3, 4, 6, 7),
        -cofactor(0, 1, 6, 7),
        cofactor(0, 1, 3, 4),
    ]
    .map(|v| v as f32)
}

/// Adds even noise of the given height to every element.
pub fn add_noise(raster: &mut Raster, height: u32, seed: u64) {
    let mut random = Random::new(seed);
    for value in &mut raster.rgb {
        let shift = random.below(2 * height + 1) as i32 - height as i32;
        *value = (i32::from(*value) + shift).clamp(0, 255) as u8;
    }
}

pub fn encoded(raster: &Raster, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_raw(raster.width, raster.height, raster.rgb.clone()).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// An uncompressed grey TIFF with one directory a page, at 200 dpi; `next_of_last` lets the chain end (0) or loop.
pub fn tiff(pages: u32, width: u32, height: u32, loops: bool) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for page in 0..pages {
        let start = bytes.len() as u32;
        let entries = 10u16;
        let data = start + 2 + u32::from(entries) * 12 + 4 + 8;
        bytes.extend(entries.to_le_bytes());
        let resolution = data - 8;
        let tags: [(u16, u16, u32); 10] = [
            (256, 4, width),
            (257, 4, height),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, data),
            (277, 3, 1),
            (278, 4, height),
            (279, 4, width * height),
            (282, 5, resolution),
        ];
        for (tag, kind, value) in tags {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(1u32.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        let end = data + width * height;
        let next = if page + 1 < pages {
            end
        } else if loops {
            8
        } else {
            0
        };
        bytes.extend(next.to_le_bytes());
        bytes.extend(200u32.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(std::iter::repeat_n(255 - (page % 200) as u8, (width * height) as usize));
    }
    bytes
}

/// A PDF of empty pages with a line of Latin text, each of the given size in points; encrypted ones carry a key nobody knows.
pub fn pdf(pages: u32, width_pt: u32, height_pt: u32, encrypted: bool) -> Vec<u8> {
    let content = "BT /F1 24 Tf 72 700 Td (ONE WINDOW 330302) Tj ET";
    let kids: String = (0..pages).map(|i| format!("{} 0 R ", 5 + i)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>"),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for _ in 0..pages {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width_pt} {height_pt}] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
        ));
    }
    let key = "41".repeat(32);
    let lock = if encrypted {
        format!(" /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{key}> /U <{key}> >> /ID [<{key}> <{key}>]")
    } else {
        String::new()
    };
    pdf_of(&objects, &lock)
}

/// A PDF of these objects, the first of them its catalogue; `more` goes into the trailer.
pub fn pdf_of(objects: &[impl AsRef<[u8]>], more: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend_from_slice(object.as_ref());
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("trailer\n<< /Size {} /Root 1 0 R{more} >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).bytes());
    bytes
}
