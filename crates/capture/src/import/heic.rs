//! HEIC, the form in which phones keep photographs (ISO/IEC 23008-12 with HEVC pictures). It is recognised always and decoded only with the
//! feature `heic`, because no decoder of it has been in use for long; see `docs/decisions/0020`. Absent on purpose: AVIF and films.

use super::RawPage;
use crate::fault::CaptureFault;
use crate::limits::Limits;

/// Brands under which phones write HEVC pictures; `mif1` and `msf1` leave open how the picture is coded.
const BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
/// Brands looked at.
const BRANDS_MAX: usize = 32;

/// Whether a file says that it is HEIC: by its main brand, or by a compatible one where the main brand leaves it open.
pub(super) fn is_heic(bytes: &[u8]) -> bool {
    let Some([b'f', b't', b'y', b'p', main @ ..]) = bytes.get(4..12) else {
        return false;
    };
    let length = bytes.get(..4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes) as usize;
    let others = bytes.get(16..length.min(bytes.len())).unwrap_or_default();
    let is_film_or_avif = others.as_chunks::<4>().0.iter().take(BRANDS_MAX).any(|brand| brand == b"avif");
    BRANDS.iter().any(|brand| *brand == main) && !is_film_or_avif
}

/// The primary picture as a page, turned as the file says.
///
/// # Errors
/// `TooManyPixels` before anything is decoded, `TooSmall`, `Unreadable`.
#[cfg(feature = "heic")]
pub(super) fn page(bytes: &[u8], limits: &Limits) -> Result<RawPage, CaptureFault> {
    use heic_rs::{DecodeOptions, decode, probe};

    use super::{FileKind, RawContent, check_size, guarded};
    use crate::encode;
    use crate::raster::Raster;

    let damaged = |error: heic_rs::Error| CaptureFault::Unreadable { detail: error.to_string() };
    let raster = guarded(|| {
        let announced = probe(bytes).map_err(damaged)?;
        check_size(announced.width, announced.height, limits)?;
        let options = DecodeOptions {
            max_pixels: Some(limits.max_pixels),
            ..DecodeOptions::default()
        };
        let picture = decode(bytes, &options).map_err(damaged)?;
        check_size(picture.width, picture.height, limits)?;
        let rows = picture.data.chunks_exact(picture.row_bytes()).take(picture.height as usize);
        let rgb = rows.flat_map(|row| &row[..picture.width as usize * 3]).copied().collect();
        Raster::from_rgb(picture.width, picture.height, rgb).ok_or_else(|| CaptureFault::Unreadable {
            detail: "fewer pixels than announced".to_owned(),
        })
    })?;
    Ok(RawPage {
        number: 1,
        content: RawContent::File {
            kind: FileKind::Jpeg,
            bytes: encode::jpeg(&raster, encode::ORIGINAL_QUALITY, None)?,
        },
        dpi: None,
        notes: Vec::new(),
    })
}

/// Without the decoder: told what to do instead.
///
/// # Errors
/// Always [`CaptureFault::HeicNotTaken`].
#[cfg(not(feature = "heic"))]
pub(super) fn page(_bytes: &[u8], _limits: &Limits) -> Result<RawPage, CaptureFault> {
    Err(CaptureFault::HeicNotTaken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(main: &[u8; 4], others: &[u8]) -> Vec<u8> {
        let length = (16 + others.len()) as u32;
        [&length.to_be_bytes()[..], b"ftyp", main, &[0; 4], others, b"meta"].concat()
    }

    #[test]
    fn photographs_of_phones_are_known_by_their_brands() {
        let check = |bytes: &[u8], is| assert_eq!(is_heic(bytes), is, "{bytes:?}");
        check(&file(b"heic", b"mif1heic"), true);
        check(&file(b"mif1", b"mif1heic"), true);
        check(&file(b"mif1", b"mif1avif"), false);
        check(&file(b"avif", b"mif1miaf"), false);
        check(&file(b"isom", b"mp42"), false);
        check(b"\0\0\0\x18ftyphe", false);
        check(b"", false);
    }
}
