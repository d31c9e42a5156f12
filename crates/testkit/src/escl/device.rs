//! Which device the virtual scanner plays: sources, areas, resolutions and colours as devices on desks have them. A device refuses what it
//! can not do, as real ones do.

use serde::Serialize;

/// A device as its capabilities tell it. Lengths are three-hundredths of an inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Maker and model.
    pub model: &'static str,
    /// The glass.
    pub glass: Option<Input>,
    /// The feeder, front sides.
    pub feeder: Option<Input>,
    /// The feeder, both sides in one pass.
    pub duplex: Option<Input>,
}

/// What one source can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Widest area.
    pub width_max: u32,
    /// Longest area.
    pub height_max: u32,
    /// Resolutions.
    pub dpi: Dpi,
    /// Colour besides grey.
    pub colour: bool,
}

/// Resolutions, dots an inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Dpi {
    /// Single values.
    Listed(&'static [u32]),
    /// From, to, in steps.
    Span(u32, u32, u32),
}

impl Dpi {
    /// Whether the device scans at this resolution.
    pub fn has(self, dpi: u32) -> bool {
        match self {
            Self::Listed(listed) => listed.contains(&dpi),
            Self::Span(low, high, step) => (low..=high).contains(&dpi) && (dpi - low).is_multiple_of(step.max(1)),
        }
    }
}

const USUAL: Dpi = Dpi::Listed(&[75, 100, 150, 200, 300, 600]);
const A4_GLASS: Input = Input {
    width_max: 2550,
    height_max: 3508,
    dpi: USUAL,
    colour: true,
};
const LEGAL_FEEDER: Input = Input { height_max: 4200, ..A4_GLASS };
const A3: Input = Input {
    width_max: 3508,
    height_max: 4961,
    ..A4_GLASS
};

impl Device {
    /// An office device: A4 glass, a feeder that turns sheets.
    pub const OFFICE: Self = Self {
        model: "One Window Virtual Scanner",
        glass: Some(A4_GLASS),
        feeder: Some(LEGAL_FEEDER),
        duplex: Some(LEGAL_FEEDER),
    };
    /// A slim glass for the desk.
    pub const FLATBED: Self = Self {
        model: "One Window Virtual Flatbed",
        glass: Some(Input {
            dpi: Dpi::Listed(&[75, 150, 300, 600, 1200]),
            ..A4_GLASS
        }),
        feeder: None,
        duplex: None,
    };
    /// A small device with a feeder for fronts only, which is coarser than its glass.
    pub const SIMPLEX: Self = Self {
        model: "One Window Virtual Simplex",
        glass: Some(Input {
            dpi: Dpi::Listed(&[100, 200, 300, 600, 1200]),
            ..A4_GLASS
        }),
        feeder: Some(Input {
            dpi: Dpi::Listed(&[100, 200, 300]),
            ..LEGAL_FEEDER
        }),
        duplex: None,
    };
    /// A document scanner: no glass, both sides in one pass, long sheets, any resolution.
    pub const SHEETFED: Self = Self {
        model: "One Window Virtual Sheetfed",
        glass: None,
        feeder: Some(Input {
            height_max: 10_200,
            dpi: Dpi::Span(150, 600, 1),
            ..A4_GLASS
        }),
        duplex: Some(Input {
            height_max: 10_200,
            dpi: Dpi::Span(150, 600, 1),
            ..A4_GLASS
        }),
    };
    /// A floor device for A3.
    pub const A3: Self = Self {
        model: "One Window Virtual A3",
        glass: Some(A3),
        feeder: Some(A3),
        duplex: Some(A3),
    };
    /// A device of its own mind: a span with wide steps on the glass, no 300 in its feeder, which sees grey only.
    pub const ODD: Self = Self {
        model: "One Window Virtual Odd",
        glass: Some(Input {
            dpi: Dpi::Span(50, 590, 60),
            ..A4_GLASS
        }),
        feeder: Some(Input {
            dpi: Dpi::Listed(&[100, 200, 400]),
            colour: false,
            ..LEGAL_FEEDER
        }),
        duplex: None,
    };
    /// Every device with the word by which the program `virtual-scanner` takes it.
    pub const ALL: [(&'static str, Self); 6] = [
        ("office", Self::OFFICE),
        ("flatbed", Self::FLATBED),
        ("simplex", Self::SIMPLEX),
        ("sheetfed", Self::SHEETFED),
        ("a3", Self::A3),
        ("odd", Self::ODD),
    ];

    /// The source a client asks for; `None` when the device does not have it.
    pub(super) fn input(&self, feeder: bool, duplex: bool) -> Option<Input> {
        match (feeder, duplex) {
            (false, _) => self.glass,
            (true, false) => self.feeder,
            (true, true) => self.duplex,
        }
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::OFFICE
    }
}
