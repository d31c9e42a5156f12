//! What is really on a synthetic paper, as data that a test can compare a reading with.
//! All positions are pixels of the image that the truth belongs to, from its top left corner, y downwards.

use serde::{Deserialize, Serialize};

use super::PaperKind;

/// Everything that is known for certain about one drawn image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Which paper it is.
    pub kind: PaperKind,
    /// Page of the paper, from 1.
    pub page_no: u32,
    /// Number of pages of the paper.
    pub page_count: u32,
    /// Resolution of the paper in the image, dots per inch; for a photograph that of the drawing it was taken from.
    pub dpi: u32,
    /// Width of the paper, millimetres.
    pub width_mm: f32,
    /// Height of the paper, millimetres.
    pub height_mm: f32,
    /// Width of the image, pixels.
    pub image_width_px: u32,
    /// Height of the image, pixels.
    pub image_height_px: u32,
    /// Corners of the paper: top left, top right, bottom right, bottom left as one reads it.
    pub corners: [[f32; 2]; 4],
    /// How far the reading direction is turned clockwise, degrees (measured on the top edge).
    pub angle_deg: f32,
    /// The values a clerk would take from the paper.
    pub fields: Vec<Field>,
    /// Barcodes, QR codes and machine-readable zones.
    pub codes: Vec<Code>,
    /// Every run of text that was drawn, labels included, in drawing order.
    pub lines: Vec<Line>,
    /// What is deliberately wrong with the paper or its picture; empty for a good one.
    pub faults: Vec<Fault>,
    /// Where those faults are that have a place: fingers, pale seals.
    #[serde(default)]
    pub spots: Vec<Spot>,
}

/// One value on the paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Name of the value, for example `resident_id`.
    pub key: String,
    /// The value as data: dates as `YYYY-MM-DD`, sex as printed, no layout spaces.
    pub value: String,
    /// Where its ink is.
    #[serde(rename = "box")]
    pub area: PixelBox,
}

/// A machine-readable mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// `Code128`, `QRCode`, `MRZ-TD1`, `MRZ-TD3` or `MRZ-EEP`.
    pub format: String,
    /// What it says; MRZ lines are parted by a line feed.
    pub text: String,
    /// Where it is, without quiet zone.
    #[serde(rename = "box")]
    pub area: PixelBox,
}

/// One run of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The characters.
    pub text: String,
    /// Where its ink is.
    #[serde(rename = "box")]
    pub area: PixelBox,
}

/// A deliberate fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The last character of the resident identity number does not fit the other seventeen.
    MisprintedCheck,
    /// The lamp is reflected on the paper and hides print.
    Glare,
    /// The signature line was left empty.
    Unsigned,
    /// The picture is out of focus.
    Blurred,
    /// A shadow lies across the paper.
    Shadow,
    /// The paper does not lie straight.
    Skewed,
    /// The camera looked from the side.
    Perspective,
    /// The paper was folded.
    Creased,
    /// A stamp was put over the text.
    Stamped,
    /// A finger lies over an edge.
    Fingers,
    /// Dots of a screen or of print meet those of the sensor.
    Moire,
    /// A seal is so pale that it hardly shows.
    PaleSeal,
    /// Too much light: white without a mark, thin strokes gone.
    OverExposed,
}

/// The place of a deliberate fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// Which fault.
    pub fault: Fault,
    /// Where it is.
    #[serde(rename = "box")]
    pub area: PixelBox,
}

/// Where something is on an image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PixelBox {
    /// The smallest upright rectangle around it: x, y, width, height.
    pub rect: [f32; 4],
    /// Its corners as one reads it: top left, top right, bottom right, bottom left.
    pub quad: [[f32; 2]; 4],
}

impl PixelBox {
    /// An upright box from two opposite corners.
    #[must_use]
    pub fn upright(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self {
            rect: [left, top, right - left, bottom - top],
            quad: [[left, top], [right, top], [right, bottom], [left, bottom]],
        }
    }

    /// The box around two upright boxes; a box without any ink (`None`) adds nothing.
    #[must_use]
    pub fn around(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (first, second) else {
            return first.or(second);
        };
        let right = (a.rect[0] + a.rect[2]).max(b.rect[0] + b.rect[2]);
        let bottom = (a.rect[1] + a.rect[3]).max(b.rect[1] + b.rect[3]);
        Some(Self::upright(a.rect[0].min(b.rect[0]), a.rect[1].min(b.rect[1]), right, bottom))
    }

    fn moved(&self, place: &impl Fn([f32; 2]) -> [f32; 2]) -> Self {
        let quad = self.quad.map(place);
        let left = quad.iter().fold(f32::MAX, |least, point| least.min(point[0]));
        let top = quad.iter().fold(f32::MAX, |least, point| least.min(point[1]));
        let right = quad.iter().fold(f32::MIN, |most, point| most.max(point[0]));
        let bottom = quad.iter().fold(f32::MIN, |most, point| most.max(point[1]));
        Self {
            rect: [left, top, right - left, bottom - top],
            quad,
        }
    }
}

impl Truth {
    /// The truth after the image was mapped point by point onto another image of the given size.
    #[must_use]
    pub fn moved(&self, image_size_px: (u32, u32), place: impl Fn([f32; 2]) -> [f32; 2]) -> Self {
        let mut truth = self.clone();
        (truth.image_width_px, truth.image_height_px) = image_size_px;
        truth.corners = self.corners.map(&place);
        let [left, right, ..] = truth.corners;
        truth.angle_deg = (right[1] - left[1]).atan2(right[0] - left[0]).to_degrees();
        for field in &mut truth.fields {
            field.area = field.area.moved(&place);
        }
        for code in &mut truth.codes {
            code.area = code.area.moved(&place);
        }
        for line in &mut truth.lines {
            line.area = line.area.moved(&place);
        }
        for spot in &mut truth.spots {
            spot.area = spot.area.moved(&place);
        }
        truth
    }

    /// Notes a deliberate fault and its place.
    pub(super) fn add_spot(&mut self, spot: Spot) {
        self.add_fault(spot.fault);
        self.spots.push(spot);
    }

    /// Notes a deliberate fault once.
    pub fn add_fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The value of a field, if the paper has it.
    #[must_use]
    pub fn find_field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}
