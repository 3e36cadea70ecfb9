//! Decoding within limits, and a picture of any kind as three small upright ones of red, green and blue.

use std::io::Cursor;

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage};

use crate::{Kind, Refusal, WIDTHS};

/// Bytes that a picture may have.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Pixels that a picture may have.
pub const MAX_PIXELS: u64 = 40_000_000;

/// Pixels that a side of a picture may have.
pub const MAX_SIDE: u32 = 20_000;

/// Bytes that decoding one picture may take: 40 megapixels of 16 bits and four colours, and the decoder's own tables.
const MAX_MEMORY: u64 = 384 * 1024 * 1024;

/// A file is at most so many times as high as its width says; a higher picture gets narrower. WebP ends at 16 383.
const MAX_RATIO: u32 = 4;

/// Decodes the picture and makes it small: one for each of [`WIDTHS`], widest first.
pub(crate) fn shrink(kind: Kind, bytes: &[u8]) -> Result<Vec<RgbImage>, Refusal> {
    let (whole, orientation) = decode(kind, bytes)?;
    let is_lying = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (width, height) = match is_lying {
        true => (whole.height(), whole.width()),
        false => (whole.width(), whole.height()),
    };
    let mut made: Vec<RgbImage> = Vec::with_capacity(WIDTHS.len());
    for most in WIDTHS.into_iter().rev() {
        let (to_width, to_height) = fit(width, height, most);
        let next = match made.last() {
            // Small from small: each step has its filter, and the whole picture is read once.
            Some(last) => rgb(scaled(
                &DynamicImage::ImageRgb8(last.clone()),
                to_width,
                to_height,
            )?),
            None => {
                let (to_width, to_height) = match is_lying {
                    true => (to_height, to_width),
                    false => (to_width, to_height),
                };
                let mut upright =
                    DynamicImage::ImageRgb8(rgb(scaled(&whole, to_width, to_height)?));
                upright.apply_orientation(orientation);
                rgb(upright)
            }
        };
        made.push(next);
    }
    Ok(made)
}

fn decode(kind: Kind, bytes: &[u8]) -> Result<(DynamicImage, Orientation), Refusal> {
    let damaged = |_| Refusal::Damaged;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind.format());
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE {
        return Err(Refusal::TooManyPixels { width, height });
    }
    if pixels == 0 {
        return Err(Refusal::Damaged);
    }
    // Metadata that cannot be read turns nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let whole = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok((whole, orientation))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// The size that a picture of this width is shown in: never larger than it is, never without a pixel.
fn fit(width: u32, height: u32, most: u32) -> (u32, u32) {
    let (width, height) = (f64::from(width), f64::from(height));
    let scale = (f64::from(most) / width)
        .min(f64::from(most * MAX_RATIO) / height)
        .min(1.0);
    let side = |length: f64| (length * scale).round().max(1.0) as u32;
    (side(width), side(height))
}

fn scaled(picture: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, Refusal> {
    if (picture.width(), picture.height()) == (width, height) {
        return Ok(picture.clone());
    }
    let mut small = DynamicImage::new(width, height, picture.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new()
        .resize(picture, &mut small, &options)
        .map_err(|_| Refusal::Damaged)?;
    Ok(small)
}

/// Eight bits of red, green and blue; what lets light through lies on white.
fn rgb(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let seen = picture.into_rgba8();
    let mut flat = RgbImage::new(seen.width(), seen.height());
    for (from, to) in seen.pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        to.0 = [red, green, blue]
            .map(|colour| ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_fitted_and_never_enlarged() {
        assert_eq!(fit(4000, 3000, 1280), (1280, 960));
        assert_eq!(fit(500, 300, 640), (500, 300));
        assert_eq!(fit(20_000, 1, 320), (320, 1));
        assert_eq!(fit(100, 20_000, 1280), (26, 5120));
        assert_eq!(fit(1, 1, 320), (1, 1));
    }
}
