//! How large pictures may be, and how large they come out.

use image::{ImageFormat, RgbImage};
use kardan_photos::Refusal;

use crate::pictures::{
    assert_quarters, encoded, jpeg, png_chunk, quarters, refused, scene, shown, taken,
};

/// A PNG whose header promises so many pixels of one bit; its data is one empty block.
fn promising(width: u32, height: u32) -> Vec<u8> {
    let head = [
        width.to_be_bytes().as_slice(),
        &height.to_be_bytes(),
        &[1, 0, 0, 0, 0],
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        png_chunk(b"IHDR", &head),
        png_chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]),
        png_chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn a_bomb_is_refused_by_what_its_header_says_before_anything_is_unpacked() {
    for (width, height) in [
        (50_000, 50_000),
        (20_001, 1),
        (1, 20_001),
        (6325, 6325),
        (u32::MAX >> 1, u32::MAX >> 1),
    ] {
        let bytes = promising(width, height);
        assert!(bytes.len() < 100);
        let refusal = refused(&bytes);
        let expected = Refusal::TooManyPixels { width, height };
        // The largest does not get past the reader's own table of sizes.
        assert!(
            refusal == expected || (width > 1_000_000 && refusal == Refusal::Damaged),
            "{refusal:?}"
        );
    }
    // Just below the limit the header is believed and the missing data is what is wrong.
    assert_eq!(refused(&promising(8000, 5000)), Refusal::Damaged);
    assert_eq!(refused(&promising(0, 10)), Refusal::Damaged);
}

#[test]
fn forty_megapixels_are_taken() {
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 60)
        .encode(
            &vec![120; 8000 * 5000],
            8000,
            5000,
            jpeg_encoder::ColorType::Luma,
        )
        .unwrap();
    let photo = taken(&bytes);
    assert_eq!((photo.width, photo.height), (1280, 800));
}

#[test]
fn three_widths_are_made_and_none_is_enlarged() {
    for (given, expected) in [
        ((2000, 1500), [(1280, 960), (640, 480), (320, 240)]),
        ((1500, 2000), [(1280, 1707), (640, 853), (320, 427)]),
        ((1280, 960), [(1280, 960), (640, 480), (320, 240)]),
        ((500, 300), [(500, 300), (500, 300), (320, 192)]),
        ((1, 1), [(1, 1), (1, 1), (1, 1)]),
        // Higher than WebP can be: narrower instead.
        ((100, 20_000), [(26, 5120), (13, 2560), (6, 1280)]),
        ((20_000, 10), [(1280, 1), (640, 1), (320, 1)]),
    ] {
        let photo = taken(&jpeg(&quarters(given.0, given.1)));
        let found = [1280, 640, 320].map(|width| shown(&photo, width).dimensions());
        assert_eq!(found, expected, "{given:?}");
        assert_eq!((photo.width, photo.height), expected[0]);
    }
    assert_quarters(&shown(&taken(&jpeg(&quarters(2000, 1500))), 640));
}

#[test]
fn the_same_bytes_twice_are_the_same_files_and_another_picture_has_others() {
    let bytes = jpeg(&scene(900, 700, 1));
    let (one, other) = (taken(&bytes), taken(&bytes));
    assert_eq!(one.key, other.key);
    for (a, b) in one.files.iter().zip(&other.files) {
        assert_eq!(a.content, b.content);
    }
    assert_ne!(taken(&jpeg(&scene(900, 700, 2))).key, one.key);
    assert_eq!(one.size_bytes(), one.files[0].content.len());
}

#[test]
fn a_photo_gets_much_smaller() {
    let bytes = encoded(&scene(1600, 1200, 3), ImageFormat::Png);
    let photo = taken(&bytes);
    let sizes: Vec<usize> = photo.files.iter().map(|file| file.content.len()).collect();
    assert!(
        sizes.is_sorted_by(|a, b| a > b) && sizes[0] < 200_000,
        "{sizes:?}"
    );
    let blank = RgbImage::from_pixel(1600, 1200, image::Rgb([200, 200, 200]));
    assert!(taken(&encoded(&blank, ImageFormat::Png)).size_bytes() < 10_000);
}
