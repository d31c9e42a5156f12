//! Papers as files: JPEG with the resolution in its header, truth as JSON, several pages as one PDF, and the whole set of a journey.

use std::path::{Path, PathBuf};

use jpeg_encoder::{ColorType, Encoder, PixelDensity};
use serde::{Deserialize, Serialize};

use super::people::Cast;
use super::random::Random;
use super::scene::{Glare, PhotoOptions, Placement, Wear, degrade, on_glass, photographed, with_glare};
use super::{DrawOptions, Paper, PaperError, PaperKind, draw};

/// A demonstration journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Journey {
    /// Birth of a child.
    Newborn,
    /// Opening a karaoke bar.
    Karaoke,
}

impl Journey {
    /// The journey's name on command lines and in file names.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Newborn => "newborn",
            Self::Karaoke => "karaoke",
        }
    }
}

/// Writes all papers of a journey: every scan as `NAME.jpg` with `NAME.json` beside it, the good pages once more as one
/// PDF, and `JOURNEY-index.json` that lists what each file is. Returns every path written, in scanning order.
/// Deliberate variants carry their fault in the name (`father-id-card-portrait.misprint.jpg`).
///
/// # Errors
/// A missing typeface or a folder that cannot be written.
pub fn write_set(dir: &Path, journey: Journey) -> Result<Vec<PathBuf>, PaperError> {
    std::fs::create_dir_all(dir).map_err(|error| write_error(dir, &error))?;
    let sheets = match journey {
        Journey::Newborn => newborn_sheets()?,
        Journey::Karaoke => karaoke_sheets()?,
    };
    let mut paths = Vec::new();
    let mut index = Vec::new();
    let mut good_pages = Vec::new();
    for sheet in &sheets {
        let jpeg = encode_jpeg(&sheet.paper, 90)?;
        let file = format!("{}.jpg", sheet.name);
        paths.push(write(dir, &file, &jpeg)?);
        paths.push(write(dir, &format!("{}.json", sheet.name), &to_json(&sheet.paper.truth)?)?);
        index.push(IndexEntry {
            file,
            material: sheet.material,
            kind: sheet.paper.kind,
            page_no: sheet.paper.truth.page_no,
            variant: sheet.variant,
        });
        if sheet.variant.is_none() {
            good_pages.push((jpeg, &sheet.paper));
        }
    }
    let name = journey.slug();
    paths.push(write(dir, &format!("{name}-papers.pdf"), &pdf_of(&good_pages))?);
    paths.push(write(dir, &format!("{name}-index.json"), &to_json(&index)?)?);
    Ok(paths)
}

/// Writes every paper of an invented cast, each page as scanned, worn and photographed: a corpus for measuring readers.
/// Names are `KIND-PAGE.VARIANT.jpg` with truth beside them; the seed decides people, places, angles, wear and light.
///
/// # Errors
/// As [`write_set`].
pub fn write_invented(dir: &Path, seed: u64) -> Result<Vec<PathBuf>, PaperError> {
    std::fs::create_dir_all(dir).map_err(|error| write_error(dir, &error))?;
    let cast = Cast::invent(seed);
    let mut random = Random::from_seed(seed);
    let mut paths = Vec::new();
    for kind in PaperKind::ALL {
        for page_no in 1..=kind.page_count() {
            let flat = draw(
                kind,
                &cast,
                &DrawOptions {
                    seed: random.next_bits(),
                    page_no,
                    ..DrawOptions::default()
                },
            )?;
            for (variant, paper) in [
                ("scan", scanned(&flat, &mut random)),
                ("worn", worn(&flat, &mut random)?),
                ("photo", pictured(&flat, &mut random)?),
            ] {
                let name = format!("{}-{page_no}.{variant}", kind.slug());
                paths.push(write(dir, &format!("{name}.jpg"), &encode_jpeg(&paper, 88)?)?);
                paths.push(write(dir, &format!("{name}.json"), &to_json(&paper.truth)?)?);
            }
        }
    }
    Ok(paths)
}

/// Straight to within three degrees on the glass; papers of the glass's own size to within half a degree, wider ones sideways.
fn scanned(flat: &Paper, random: &mut Random) -> Paper {
    let (width_mm, height_mm) = flat.kind.size_mm();
    let (glass_width_mm, glass_height_mm) = Placement::A4;
    if width_mm > glass_width_mm {
        let inset_mm = (height_mm - width_mm) / 2.0;
        return on_glass(flat, &Placement::at(inset_mm, -inset_mm, random.between(-0.5, 0.5) - 90.0));
    }
    let loose = height_mm < glass_height_mm;
    let reach_deg = if loose { 3.0 } else { 0.5 };
    let margin_mm = if loose { 8.0 } else { 0.0 };
    on_glass(flat, &Placement::at(margin_mm, margin_mm, random.between(-reach_deg, reach_deg)))
}

fn worn(flat: &Paper, random: &mut Random) -> Result<Paper, PaperError> {
    let wear = Wear {
        skew_deg: random.between(-2.0, 2.0),
        noise: random.between(2.0, 7.0),
        blur_px: random.between(0.0, 1.2),
        fade: random.between(0.0, 0.4),
        creases: random.whole(0, 2),
        stamps: random.whole(0, 1),
        specks: random.whole(0, 60),
        jpeg_quality: Some(70),
        seed: random.next_bits(),
    };
    degrade(flat, &wear)
}

/// A picture of the paper as applicants carry it: every second one folded, every fourth with a stamp over its text.
fn pictured(flat: &Paper, random: &mut Random) -> Result<Paper, PaperError> {
    let used = degrade(
        flat,
        &Wear {
            creases: random.whole(0, 1),
            stamps: u32::from(random.whole(1, 4) == 4),
            noise: 0.0,
            seed: random.next_bits(),
            ..Wear::default()
        },
    )?;
    let mut spot = || Glare {
        at: (random.between(0.1, 0.9), random.between(0.1, 0.9)),
        radii_mm: (random.between(3.0, 10.0), random.between(2.0, 6.0)),
        strength: random.between(0.8, 2.5),
    };
    // Only laminated cards and passports shine.
    let glare = if flat.kind.corner_radius_mm() > 0.0 { vec![spot()] } else { Vec::new() };
    let options = PhotoOptions {
        turn_deg: random.between(-8.0, 8.0),
        tilt_deg: (random.between(-18.0, 18.0), random.between(-18.0, 18.0)),
        glare,
        blur_px: random.between(0.4, 1.6),
        shadow: random.between(0.0, 0.5),
        seed: random.next_bits(),
        ..PhotoOptions::default()
    };
    Ok(photographed(&used, &options))
}

/// The image as JPEG, 4:2:0, with its dots per inch in the JFIF header.
///
/// # Errors
/// An image wider or higher than 65,535 pixels.
pub fn encode_jpeg(paper: &Paper, quality: u8) -> Result<Vec<u8>, PaperError> {
    let reason = |reason: String| PaperError::Encode { reason };
    let side = |length: u32| u16::try_from(length).map_err(|_| reason("image is too large for JPEG".to_owned()));
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_density(PixelDensity::dpi(u16::try_from(paper.dpi).unwrap_or(0)));
    encoder
        .encode(paper.image.as_raw(), side(paper.image.width())?, side(paper.image.height())?, ColorType::Rgb)
        .map_err(|error| reason(error.to_string()))?;
    Ok(bytes)
}

/// Papers as one PDF, a JPEG image a page at its real size.
///
/// # Errors
/// As [`encode_jpeg`].
pub fn encode_pdf(papers: &[Paper], quality: u8) -> Result<Vec<u8>, PaperError> {
    let pages: Vec<(Vec<u8>, &Paper)> = papers
        .iter()
        .map(|paper| Ok((encode_jpeg(paper, quality)?, paper)))
        .collect::<Result<_, PaperError>>()?;
    Ok(pdf_of(&pages))
}

#[derive(Serialize)]
struct IndexEntry {
    file: String,
    /// Key of the material in the service catalogue, with its role.
    material: &'static str,
    kind: PaperKind,
    page_no: u32,
    variant: Option<&'static str>,
}

/// One file of a set.
struct SetSheet {
    name: String,
    material: &'static str,
    variant: Option<&'static str>,
    paper: Paper,
}

impl SetSheet {
    fn good(name: impl Into<String>, material: &'static str, paper: Paper) -> Self {
        Self {
            name: name.into(),
            material,
            variant: None,
            paper,
        }
    }

    fn variant(name: &str, material: &'static str, variant: &'static str, paper: Paper) -> Self {
        Self {
            name: format!("{name}.{variant}"),
            material,
            variant: Some(variant),
            paper,
        }
    }
}

fn newborn_sheets() -> Result<Vec<SetSheet>, PaperError> {
    let cast = Cast::demo();
    let father = cast.held_by(&cast.family.father);
    let options = DrawOptions::default();
    let mut sheets = a4_pages(&cast, PaperKind::NewbornForm, "newborn-form", "app_form", &options)?;
    card(&mut sheets, &cast, "mother", "id_card:mother", (12.0, 14.0, -1.4))?;
    let glare = [Glare {
        at: (0.36, 0.58),
        radii_mm: (13.0, 7.0),
        strength: 2.6,
    }];
    let mother_front = draw(PaperKind::IdCardPortrait, &cast, &options)?;
    sheets.push(SetSheet::variant(
        "mother-id-card-portrait",
        "id_card:mother",
        "glare",
        on_glass(&with_glare(&mother_front, &glare), &Placement::at(13.0, 12.0, 0.9)),
    ));
    card(&mut sheets, &father, "father", "id_card:father", (16.0, 11.0, 1.1))?;
    let misprinted = draw(
        PaperKind::IdCardPortrait,
        &father,
        &DrawOptions {
            misprinted_check: true,
            ..options.clone()
        },
    )?;
    sheets.push(SetSheet::variant(
        "father-id-card-portrait",
        "id_card:father",
        "misprint",
        on_glass(&misprinted, &Placement::at(15.0, 16.0, -0.6)),
    ));
    for (name, kind, page_no, place) in [
        ("household-cover", PaperKind::HouseholdCover, 1, Placement::at(9.0, 8.0, 0.7)),
        ("household-member-1", PaperKind::HouseholdMember, 1, Placement::at(7.0, 10.0, -0.5)),
        ("household-member-2", PaperKind::HouseholdMember, 2, Placement::at(8.0, 9.0, 0.3)),
    ] {
        sheets.push(SetSheet::good(name, "hukou", on_glass(&draw(kind, &cast, &options.page(page_no))?, &place)));
    }
    sheets.push(SetSheet::good(
        "newborn-photo",
        "photo",
        on_glass(&draw(PaperKind::NewbornPhoto, &cast, &options)?, &Placement::at(20.0, 18.0, -2.0)),
    ));
    sheets.extend(a4_pages(&cast, PaperKind::BirthCertificate, "birth-certificate", "birth_cert", &options)?);
    sheets.push(SetSheet::good(
        "marriage-certificate",
        "marriage_cert",
        on_glass(&draw(PaperKind::MarriageCertificate, &cast, &options)?, &Placement::at(10.0, 12.0, 0.6)),
    ));
    sheets.push(SetSheet::good(
        "mother-passport",
        "passport",
        on_glass(&draw(PaperKind::PassportDataPage, &cast, &options)?, &Placement::at(14.0, 15.0, -0.8)),
    ));
    let father_front = draw(PaperKind::IdCardPortrait, &father, &options)?;
    sheets.push(SetSheet::variant(
        "father-id-card-portrait",
        "id_card:father",
        "photo",
        photographed(
            &father_front,
            &PhotoOptions {
                long_side_px: 2000,
                ..PhotoOptions::default()
            },
        ),
    ));
    let cover = draw(PaperKind::HouseholdCover, &cast, &options)?;
    sheets.push(SetSheet::variant(
        "household-cover",
        "hukou",
        "photo",
        photographed(
            &cover,
            &PhotoOptions {
                turn_deg: -4.0,
                tilt_deg: (-11.0, 8.0),
                shadow: 0.4,
                ..PhotoOptions::default()
            },
        ),
    ));
    Ok(sheets)
}

fn karaoke_sheets() -> Result<Vec<SetSheet>, PaperError> {
    let cast = Cast::demo();
    let options = DrawOptions::default();
    // Text of articles and statements is large enough for 200 dpi; plans and lists are not. The contract is as fine as it is asked for: a stack
    // that the virtual scanner passes on as it is costs none of the processor, as a real one would not.
    let coarse = DrawOptions { dpi: 200, ..options.clone() };
    let company = cast.company.clone();
    let mut sheets = a4_pages(&cast, PaperKind::KaraokeForm, "karaoke-form", "app_form", &options)?;
    let people = [
        ("legal-rep", "id_card:legal_rep", &company.legal_representative, (14.0, 12.0, 0.8)),
        ("manager", "id_card:manager", &company.manager, (12.0, 16.0, -1.2)),
        ("supervisor", "id_card:supervisor", &company.supervisor, (17.0, 13.0, 1.5)),
    ];
    for (role, material, person, place) in people {
        card(&mut sheets, &cast.held_by(person), role, material, place)?;
    }
    sheets.extend(a4_pages(&cast, PaperKind::ShareholderId, "shareholder-id", "shareholder_id", &options)?);
    sheets.extend(a4_pages(&cast, PaperKind::CompanyArticles, "articles", "articles", &coarse)?);
    sheets.extend(a4_pages(
        &cast,
        PaperKind::AppointmentResolution,
        "appointment-resolution",
        "appoint_doc",
        &coarse,
    )?);
    sheets.extend(a4_pages(&cast, PaperKind::TenancyContract, "tenancy-contract", "tenancy_contract", &options)?);
    sheets.extend(a4_pages(&cast, PaperKind::NoCrimeStatement, "no-crime-statement", "no_crime_decl", &coarse)?);
    let unsigned = draw(
        PaperKind::NoCrimeStatement,
        &cast,
        &DrawOptions {
            unsigned: true,
            ..coarse.clone()
        },
    )?;
    sheets.push(SetSheet::variant(
        "no-crime-statement",
        "no_crime_decl",
        "unsigned",
        degrade(&unsigned, &Wear::default())?,
    ));
    sheets.extend(a4_pages(&cast, PaperKind::SiteMap, "site-map", "site_map", &options)?);
    sheets.extend(a4_pages(&cast, PaperKind::FloorPlan, "floor-plan", "floor_plan", &options)?);
    sheets.extend(a4_pages(&cast, PaperKind::AudioList, "audio-list", "audio_list", &options)?);
    sheets.extend(a4_pages(&cast, PaperKind::BusinessLicence, "business-licence", "biz_licence", &options)?);
    Ok(sheets)
}

/// All pages of an A4 paper as a feeder delivers them: almost straight, with a little noise. Landscape papers lie sideways,
/// their head to the left, as they only fit through the feeder that way.
fn a4_pages(cast: &Cast, kind: PaperKind, name: &str, material: &'static str, options: &DrawOptions) -> Result<Vec<SetSheet>, PaperError> {
    let pages = kind.page_count();
    let mut sheets = Vec::new();
    for page_no in 1..=pages {
        let flat = draw(kind, cast, &options.page(page_no))?;
        let skew_deg = [0.25, -0.35, 0.15, -0.2][page_no as usize % 4];
        let (width_mm, height_mm) = kind.size_mm();
        let fed = if width_mm > height_mm {
            // Turned about its middle, so the untouched corner is half the difference of the sides away.
            let inset_mm = (height_mm - width_mm) / 2.0;
            let turned = on_glass(&flat, &Placement::at(inset_mm, -inset_mm, skew_deg - 90.0));
            degrade(
                &turned,
                &Wear {
                    seed: u64::from(page_no),
                    ..Wear::default()
                },
            )?
        } else {
            degrade(
                &flat,
                &Wear {
                    skew_deg,
                    seed: u64::from(page_no),
                    ..Wear::default()
                },
            )?
        };
        let name = if pages > 1 { format!("{name}-{page_no}") } else { name.to_owned() };
        sheets.push(SetSheet::good(name, material, fed));
    }
    Ok(sheets)
}

/// Both sides of the holder's card, each on the glass at about the same place.
fn card(sheets: &mut Vec<SetSheet>, cast: &Cast, role: &str, material: &'static str, (x_mm, y_mm, angle_deg): (f32, f32, f32)) -> Result<(), PaperError> {
    let options = DrawOptions::default();
    let front = draw(PaperKind::IdCardPortrait, cast, &options)?;
    sheets.push(SetSheet::good(
        format!("{role}-id-card-portrait"),
        material,
        on_glass(&front, &Placement::at(x_mm, y_mm, angle_deg)),
    ));
    let back = draw(PaperKind::IdCardEmblem, cast, &options)?;
    sheets.push(SetSheet::good(
        format!("{role}-id-card-emblem"),
        material,
        on_glass(&back, &Placement::at(x_mm + 1.5, y_mm - 0.7, -angle_deg * 0.6)),
    ));
    Ok(())
}

/// A PDF 1.4 file: catalogue, page tree, then page, content and image of every page.
fn pdf_of(pages: &[(Vec<u8>, &Paper)]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, head: &str, stream: Option<&[u8]>| {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{head}\n", offsets.len()).bytes());
        if let Some(stream) = stream {
            file.extend(b"stream\n");
            file.extend(stream);
            file.extend(b"\nendstream\n");
        }
        file.extend(b"endobj\n");
    };
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 3 + at * 3)).collect();
    object(&mut file, "<< /Type /Catalog /Pages 2 0 R >>", None);
    object(
        &mut file,
        &format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")),
        None,
    );
    for (at, (jpeg, paper)) in pages.iter().enumerate() {
        let (width_px, height_px) = paper.image.dimensions();
        let points = |px: u32| px as f32 * 72.0 / paper.dpi as f32;
        let (width, height) = (points(width_px), points(height_px));
        let content = format!("q {width:.2} 0 0 {height:.2} 0 0 cm /P Do Q");
        let (stream_no, image_no) = (4 + at * 3, 5 + at * 3);
        object(
            &mut file,
            &format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2} {height:.2}] /Resources << /XObject << /P {image_no} 0 R >> >> /Contents {stream_no} 0 R >>"
            ),
            None,
        );
        object(&mut file, &format!("<< /Length {} >>", content.len()), Some(content.as_bytes()));
        object(
            &mut file,
            &format!(
                "<< /Type /XObject /Subtype /Image /Width {width_px} /Height {height_px} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {} >>",
                jpeg.len()
            ),
            Some(jpeg),
        );
    }
    let table_at = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n", offsets.len() + 1).bytes());
    file
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, PaperError> {
    serde_json::to_vec_pretty(value).map_err(|error| PaperError::Encode { reason: error.to_string() })
}

fn write(dir: &Path, file_name: &str, bytes: &[u8]) -> Result<PathBuf, PaperError> {
    let path = dir.join(file_name);
    std::fs::write(&path, bytes).map_err(|error| write_error(&path, &error))?;
    Ok(path)
}

fn write_error(path: &Path, error: &std::io::Error) -> PaperError {
    PaperError::Write {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}
