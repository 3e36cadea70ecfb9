//! Pictures for tests, made here: each by code, none from a file.

use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, Rgb, RgbImage};
use kardan_photos::{Photo, Refusal, WIDTHS, develop};

pub const RED: [u8; 3] = [220, 30, 30];
pub const GREEN: [u8; 3] = [30, 200, 40];
pub const BLUE: [u8; 3] = [40, 50, 220];
pub const WHITE: [u8; 3] = [250, 250, 250];

/// Four quarters of four colours: red and green above, blue and white below.
pub fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

/// A scene with many shapes, another one for each seed.
pub fn scene(width: u32, height: u32, seed: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut random = move |below: f64| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        f64::from(state) / f64::from(u32::MAX) * below
    };
    let blobs: Vec<[f64; 6]> = (0..12)
        .map(|_| {
            [
                random(1.0),
                random(1.0),
                0.05 + random(0.25),
                random(255.0),
                random(255.0),
                random(255.0),
            ]
        })
        .collect();
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (
            f64::from(x) / f64::from(width),
            f64::from(y) / f64::from(height),
        );
        let over = blobs
            .iter()
            .rev()
            .find(|[at_x, at_y, radius, ..]| (x - at_x).hypot(y - at_y) < *radius);
        over.map_or(Rgb([90, 110, 130]), |[_, _, _, r, g, b]| {
            Rgb([*r as u8, *g as u8, *b as u8])
        })
    })
}

/// The picture as a file of this kind.
pub fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92)
        .write_image(
            picture,
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}

/// A segment of metadata behind the first marker of a JPEG.
pub fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// A chunk of PNG with its check sum.
pub fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let sum = crc32(&[name.as_slice(), content].concat()).to_be_bytes();
    [&length, name.as_slice(), content, &sum].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

/// The chunks of a PNG file: name and content.
pub fn png_chunks(png: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let (mut at, mut found) = (8, Vec::new());
    while at < png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        let name = png[at + 4..at + 8].try_into().unwrap();
        found.push((name, png[at + 8..at + 8 + length].to_vec()));
        at += 12 + length;
    }
    found
}

/// The chunks of a WebP file: name and content.
pub fn webp_chunks(webp: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let (mut at, mut found) = (12, Vec::new());
    while at < webp.len() {
        let length = u32::from_le_bytes(webp[at + 4..at + 8].try_into().unwrap()) as usize;
        let name = webp[at..at + 4].try_into().unwrap();
        found.push((name, webp[at + 8..at + 8 + length].to_vec()));
        at += 8 + length + length % 2;
    }
    found
}

/// A chunk of WebP, padded.
pub fn webp_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let padding = vec![0; content.len() % 2];
    [name.as_slice(), &length, content, &padding].concat()
}

/// A whole WebP file of these chunks.
pub fn webp_file(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", chunks].concat()
}

/// The photo of a picture that is taken.
pub fn taken(bytes: &[u8]) -> Photo {
    develop(bytes).unwrap().unwrap()
}

/// Why a picture is not taken.
pub fn refused(bytes: &[u8]) -> Refusal {
    match develop(bytes).unwrap() {
        Err(refusal) => refusal,
        Ok(photo) => panic!("was taken: {} × {}", photo.width, photo.height),
    }
}

/// The file of a photo for this width, decoded again.
pub fn shown(photo: &Photo, width: u32) -> RgbImage {
    assert!(WIDTHS.contains(&width));
    let file = photo.files.iter().find(|file| file.width == width).unwrap();
    let decoded = image::load_from_memory_with_format(&file.content, ImageFormat::WebP).unwrap();
    assert!(matches!(decoded, DynamicImage::ImageRgb8(_)));
    decoded.into_rgb8()
}

/// Panics unless the middle of each quarter has the colour that [`quarters`] gave it.
pub fn assert_quarters(picture: &RgbImage) {
    let (width, height) = picture.dimensions();
    for (x, y, colour) in [(1, 1, RED), (3, 1, GREEN), (1, 3, BLUE), (3, 3, WHITE)] {
        let found = picture.get_pixel(width * x / 4, height * y / 4).0;
        let is_near = found.iter().zip(colour).all(|(a, b)| a.abs_diff(b) <= 24);
        assert!(is_near, "at {x}/4, {y}/4: {found:?}, not {colour:?}");
    }
}
