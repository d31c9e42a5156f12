//! Pages that are one picture: a scan as PDF. Its picture is taken at its own resolution, as the bytes it came in where these show the same,
//! instead of being drawn anew. A page on which anything else is to be seen is left to the drawer, and so is a picture that the page
//! shows cut, mirrored, squeezed or through a mask.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Name, Stream};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, InterpreterCache, InterpreterSettings, LumaData, SoftMask,
    TransformExt as _, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape as _};

use super::POINTS_PER_INCH;
use super::letters::Letters;
use crate::encode;
use crate::fault::CaptureFault;
use crate::import::{FileKind, check_size, decode_file, header};
use crate::limits::Limits;
use crate::raster::Raster;

/// Share of the page that its picture covers at least; a smaller one is a mark on white paper.
const COVERED_MIN: f64 = 0.5;
/// Part of a picture's side that may lie beyond the page or a clip: programs round.
const BEYOND_MAX: f64 = 0.02;
/// How far the resolutions across and along may differ.
const SQUEEZE_MAX: f64 = 0.03;
/// How far a picture may be turned off the edges of the page, as the sine of the angle.
const SLANT_MAX: f64 = 0.005;
/// Points by which things may stick out from under the picture.
const HIDDEN_SLACK_PT: f64 = 1.0;
/// Height and width of a letter's box in its own units, generously: below the line and one square.
const LETTER: Rect = Rect::new(0.0, -300.0, 1000.0, 1000.0);
/// Picture elements compared between two ways of decoding, and how far their mean may differ, of 255.
const COMPARED: usize = 4_000;
const DIFFERENCE_MAX: u64 = 4;

/// What a page is made of.
pub(super) struct Made {
    /// The picture it consists of; `None` when there is more to be seen, or when the picture is no better than a drawing.
    pub(super) picture: Option<Shown>,
    /// What its letters say, whether they are seen or not.
    pub(super) letters: Letters,
}

/// A picture as its page shows it.
pub(super) struct Shown {
    raster: Raster,
    /// Its bytes as they came, when they are a JPEG.
    jpeg: Option<Vec<u8>>,
    /// Quarter turns clockwise that make it lie as on the page.
    turns: u8,
    /// Its place on the page, in points.
    place: Rect,
    /// Picture elements of one point.
    px_per_pt: f64,
}

impl Shown {
    /// The picture as a JPEG that lies as on the page, with its resolution when a scanner can have made it.
    ///
    /// # Errors
    /// The picture can not be written.
    pub(super) fn to_file(&self, limits: &Limits) -> Result<(Vec<u8>, Option<f32>), CaptureFault> {
        let dpi = header::believable((self.px_per_pt * f64::from(POINTS_PER_INCH)) as f32);
        let own = self.jpeg.as_ref().filter(|_| self.turns == 0).map(|jpeg| header::with_density(jpeg, dpi));
        if let Some(bytes) = own.filter(|jpeg| shows(jpeg, &self.raster, limits)) {
            return Ok((bytes, dpi));
        }
        let bytes = match self.turns {
            0 => encode::jpeg(&self.raster, encode::ORIGINAL_QUALITY, dpi)?,
            turns => encode::jpeg(&self.raster.turned(turns), encode::ORIGINAL_QUALITY, dpi)?,
        };
        Ok((bytes, dpi))
    }

    /// Its top left corner on the page, in points, and the picture elements of one point.
    pub(super) fn scale(&self) -> (Point, f64) {
        (self.place.origin(), self.px_per_pt)
    }
}

/// Whether these bytes, opened as a file, show the picture as the page does: readers of PDF pass over a picture's own header and follow the
/// page's colour space, openers of files do the opposite.
fn shows(jpeg: &[u8], raster: &Raster, limits: &Limits) -> bool {
    let Ok(opened) = decode_file(FileKind::Jpeg, jpeg, limits) else {
        return false;
    };
    if (opened.width, opened.height) != (raster.width, raster.height) {
        return false;
    }
    let step = (opened.rgb.len() / COMPARED).max(1) | 1;
    let pairs = opened.rgb.iter().zip(&raster.rgb).step_by(step);
    let (sum, count) = pairs.fold((0_u64, 0_u64), |(sum, count), (a, b)| (sum + u64::from(a.abs_diff(*b)), count + 1));
    sum <= count * DIFFERENCE_MAX
}

/// Reads a page without drawing it.
pub(super) fn survey(page: &Page<'_>, settings: &InterpreterSettings, limits: &Limits) -> Made {
    let (width_pt, height_pt) = page.render_dimensions();
    let sheet = Rect::new(0.0, 0.0, f64::from(width_pt), f64::from(height_pt));
    let cache = InterpreterCache::new();
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, sheet, &cache, page.xref(), settings.clone());
    let mut survey = Survey {
        sheet,
        limits,
        clips: Vec::new(),
        before: None,
        shown: None,
        is_more: false,
        letters: Letters::default(),
    };
    interpret_page(page, &mut context, &mut survey);
    survey.end()
}

/// What is seen on a page while it is read.
struct Survey<'limits> {
    sheet: Rect,
    limits: &'limits Limits,
    /// What each clip in force leaves of the sheet.
    clips: Vec<Rect>,
    /// Around everything that was drawn before the picture, and lies under it or beside it.
    before: Option<Rect>,
    shown: Option<Shown>,
    /// There is more to the page than one picture.
    is_more: bool,
    letters: Letters,
}

impl Survey<'_> {
    fn end(self) -> Made {
        let covers = |shown: &Shown| {
            let hides = shown.place.inflate(HIDDEN_SLACK_PT, HIDDEN_SLACK_PT);
            self.before.is_none_or(|before| hides.contains_rect(before))
        };
        Made {
            picture: self.shown.filter(|shown| !self.is_more && covers(shown)),
            letters: self.letters,
        }
    }

    fn window(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.sheet)
    }

    /// Takes note of something that is drawn within these bounds.
    fn mark(&mut self, bounds: Rect) {
        let seen = bounds.intersect(self.window());
        // A thin line has no area and is seen all the same.
        if seen.width() < 0.0 || seen.height() < 0.0 || seen.width() + seen.height() <= 0.0 {
            return;
        }
        if self.shown.is_some() {
            self.is_more = true;
        } else {
            self.before = Some(self.before.map_or(seen, |before| before.union(seen)));
        }
    }

    fn clip(&mut self, bounds: Rect) {
        let left = bounds.intersect(self.window());
        self.clips.push(left);
    }

    /// Quarter turns and resolution of a picture that lies straight on the page, covers enough of it and is wholly seen.
    fn lie(&self, transform: Affine, width: f64, height: f64) -> Option<(u8, Rect, f64)> {
        let [a, b, c, d, _, _] = transform.as_coeffs();
        let (across, along) = (a.hypot(b), c.hypot(d));
        let lies_along = |on: f64, off: f64, length: f64| on > 0.0 && off.abs() <= SLANT_MAX * length;
        let turns = match () {
            () if lies_along(a, b, across) && lies_along(d, c, along) => 0,
            () if lies_along(b, a, across) && lies_along(-c, d, along) => 1,
            () if lies_along(-a, b, across) && lies_along(-d, c, along) => 2,
            () if lies_along(-b, a, across) && lies_along(c, d, along) => 3,
            () => return None,
        };
        let place = transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let seen = place.intersect(self.window());
        let whole = |part: f64, of: f64| part >= of * (1.0 - BEYOND_MAX);
        let is_whole = whole(seen.width(), place.width()) && whole(seen.height(), place.height());
        let covers = seen.area() >= self.sheet.area() * COVERED_MIN;
        let squeeze = (across / along - 1.0).abs();
        (is_whole && covers && squeeze <= SQUEEZE_MAX).then_some((turns, place, across))
    }
}

impl<'a> Device<'a> for Survey<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if !matches!(mode, DrawMode::Invisible) {
            self.mark(props.transform.transform_rect_bbox(path.bounding_box()));
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.bounding_box();
        // A clip of another shape than a rectangle leaves nothing whole.
        let is_rectangle = clip.path.area().abs() >= bounds.area() * (1.0 - BEYOND_MAX);
        self.clip(if is_rectangle { bounds } else { Rect::ZERO });
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.clip(*rect);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        if opacity < 1.0 || mask.is_some() || blend_mode != BlendMode::Normal {
            self.is_more = true;
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        // What a scanner's program read is laid over the picture unseen.
        let is_seen = !matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            self.letters.take(glyph, props.transform);
            if is_seen {
                self.mark((props.transform * glyph.transform()).transform_rect_bbox(LETTER));
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (image.width(), image.height());
        let (across, along) = (f64::from(width), f64::from(height));
        let place = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, across, along));
        let Image::Raster(picture) = image else {
            self.mark(place);
            return;
        };
        if self.shown.is_some() || props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal {
            self.is_more = true;
        }
        let lies = self.lie(props.transform, across, along).filter(|_| !self.is_more);
        let Some((turns, place, pt_across)) = lies.filter(|_| check_size(width, height, self.limits).is_ok()) else {
            self.mark(place);
            return;
        };
        let mut raster = None;
        picture.with_rgba(|data, alpha| raster = opaque(data, alpha, self.limits), None);
        let Some(raster) = raster else {
            self.is_more = true;
            return;
        };
        // Its own width counts where the page says another.
        let px_per_pt = f64::from(raster.width) / across / pt_across;
        self.shown = Some(Shown {
            jpeg: find_jpeg(picture.stream()),
            raster,
            turns,
            place,
            px_per_pt,
        });
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {}
}

fn opaque(data: ImageData, alpha: Option<LumaData>, limits: &Limits) -> Option<Raster> {
    if alpha.is_some() || check_size(data.width(), data.height(), limits).is_err() {
        return None;
    }
    match data {
        ImageData::Rgb(rgb) => Raster::from_rgb(rgb.width, rgb.height, rgb.data),
        ImageData::Luma(luma) => Raster::from_gray(luma.width, luma.height, &luma.data),
    }
}

/// The bytes of a stream that is one JPEG and nothing around it.
fn find_jpeg(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let dict = stream.dict();
    let is_jpeg = |name: &Name<'_>| matches!(&**name, b"DCTDecode" | b"DCT");
    let only = ["Filter", "F"].into_iter().any(|key| {
        let single = dict.get::<Name<'_>>(key.as_bytes()).is_some_and(|name| is_jpeg(&name));
        let listed = || {
            let names = dict.get::<Array<'_>>(key.as_bytes())?;
            let names: Vec<Name<'_>> = names.iter::<Name<'_>>().take(2).collect();
            Some(matches!(names.as_slice(), [name] if is_jpeg(name)))
        };
        single || listed().unwrap_or(false)
    });
    only.then(|| stream.raw_data().into_owned())
}
