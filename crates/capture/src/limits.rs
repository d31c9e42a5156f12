//! The bounds under which untrusted files are opened. Absent on purpose: thresholds of quality (see `paper` and `quality`).

/// Bounds for import and decoding. The defaults suit a counter PC with 8 GiB of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file in bytes.
    pub max_bytes: u64,
    /// Most picture elements of one page (width × height); an A3 page at 400 dpi has 31 million.
    pub max_pixels: u64,
    /// Longest side of one page in picture elements; JPEG cannot hold more than 65,535.
    pub max_side_px: u32,
    /// Shortest allowed longer side in picture elements: below this nothing can be a paper. The shorter side has at least a quarter of it.
    pub min_side_px: u32,
    /// Most pages taken from one file.
    pub max_pages: u32,
    /// Longest time for splitting one file, looked at between pages; the worker's parent ends it a little later whatever it does.
    pub max_import_ms: u64,
    /// Resolution at which PDF pages are drawn.
    pub pdf_dpi: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 * 1024 * 1024,
            max_pixels: 64_000_000,
            max_side_px: 16_000,
            min_side_px: 64,
            max_pages: 60,
            max_import_ms: 60_000,
            pdf_dpi: 300,
        }
    }
}
