//! What a camera writes beside the picture: which way is up is obeyed, everything else is gone.

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat};

use crate::pictures::{
    assert_quarters, encoded, jpeg, png_chunk, quarters, shown, taken, webp_chunk, webp_chunks,
    webp_file, with_segment,
};

const SECRET: &[u8] = b"Seller Street 7, flat 12";

/// EXIF of a phone: which way is up, a note, and where it was taken (TIFF 6, little endian).
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [
            tag.to_le_bytes().to_vec(),
            kind.to_le_bytes().to_vec(),
            count.to_le_bytes().to_vec(),
            value.to_le_bytes().to_vec(),
        ]
        .concat()
    };
    let note = u32::try_from(SECRET.len()).unwrap();
    // Header 8, three entries of 12 with their count and end: the note lies at 50, the place behind it.
    let gps_at = 50 + note;
    let gps_number_at = gps_at + 2 + 2 * 12 + 4;
    [
        b"II\x2a\0\x08\0\0\0".to_vec(),
        3_u16.to_le_bytes().to_vec(),
        entry(0x010e, 2, note, 50),
        entry(0x0112, 3, 1, u32::from(orientation)),
        entry(0x8825, 4, 1, gps_at),
        0_u32.to_le_bytes().to_vec(),
        SECRET.to_vec(),
        2_u16.to_le_bytes().to_vec(),
        entry(0x0001, 2, 2, u32::from(b'N')),
        entry(0x0002, 5, 3, gps_number_at),
        0_u32.to_le_bytes().to_vec(),
        [55_u32, 1, 45, 1, 7, 1].map(u32::to_le_bytes).concat(),
    ]
    .concat()
}

/// The picture as a camera stores it that was held so.
fn stored(orientation: u8) -> image::RgbImage {
    let mut picture = DynamicImage::ImageRgb8(quarters(96, 64));
    // What undoes a turn to the right is one to the left; the others undo themselves.
    let undo = match orientation {
        6 => 8,
        8 => 6,
        other => other,
    };
    picture.apply_orientation(Orientation::from_exif(undo).unwrap());
    picture.into_rgb8()
}

fn with_exif(picture: &image::RgbImage, format: ImageFormat, exif: &[u8]) -> Vec<u8> {
    match format {
        ImageFormat::Jpeg => with_segment(&jpeg(picture), 0xe1, &[b"Exif\0\0", exif].concat()),
        ImageFormat::Png => {
            let png = encoded(picture, format);
            [&png[..33], &png_chunk(b"eXIf", exif), &png[33..]].concat()
        }
        _ => {
            let (name, content) = webp_chunks(&encoded(picture, format)).pop().unwrap();
            let size = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
            let head = [
                vec![0b1000, 0, 0, 0],
                size(picture.width()),
                size(picture.height()),
            ];
            webp_file(
                &[
                    webp_chunk(b"VP8X", &head.concat()),
                    webp_chunk(&name, &content),
                    webp_chunk(b"EXIF", exif),
                ]
                .concat(),
            )
        }
    }
}

#[test]
fn every_orientation_comes_out_upright() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        for orientation in 1..=8 {
            let bytes = with_exif(&stored(orientation), format, &exif(orientation));
            let photo = taken(&bytes);
            assert_eq!(
                (photo.width, photo.height),
                (96, 64),
                "{format:?} {orientation}"
            );
            assert_quarters(&shown(&photo, 1280));
            assert_quarters(&shown(&photo, 320));
        }
    }
}

#[test]
fn a_turned_picture_is_made_smaller_by_its_upright_sides() {
    let mut picture = DynamicImage::ImageRgb8(quarters(1600, 800));
    picture.apply_orientation(Orientation::from_exif(8).unwrap());
    let bytes = with_exif(&picture.into_rgb8(), ImageFormat::Jpeg, &exif(6));
    let photo = taken(&bytes);
    assert_eq!((photo.width, photo.height), (1280, 640));
    assert_quarters(&shown(&photo, 640));
}

#[test]
fn place_time_camera_and_notes_are_gone() {
    let picture = quarters(96, 64);
    let plain = taken(&jpeg(&picture));
    let noted = with_segment(&jpeg(&picture), 0xfe, SECRET);
    let profiled = with_segment(
        &noted,
        0xe2,
        &[b"ICC_PROFILE\0\x01\x01".as_slice(), SECRET].concat(),
    );
    let described = with_segment(
        &profiled,
        0xe1,
        &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat(),
    );
    for bytes in [
        described,
        with_exif(&picture, ImageFormat::Jpeg, &exif(1)),
        with_exif(&picture, ImageFormat::Png, &exif(1)),
        with_exif(&picture, ImageFormat::WebP, &exif(1)),
    ] {
        let has_secret = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|part| part == SECRET);
        assert!(has_secret(&bytes));
        let photo = taken(&bytes);
        for file in &photo.files {
            assert!(!has_secret(&file.content));
            let names: Vec<_> = webp_chunks(&file.content)
                .into_iter()
                .map(|(name, _)| String::from_utf8(name.to_vec()).unwrap())
                .collect();
            // Pictures and nothing else.
            assert_eq!(names, ["VP8 "]);
        }
        assert_eq!(photo.files.len(), plain.files.len());
    }
    // What is not shown makes no difference: the same picture with other notes is the same photo.
    let elsewhere = with_segment(&jpeg(&picture), 0xfe, b"another place");
    assert_eq!(taken(&elsewhere).key, plain.key);
}

#[test]
fn metadata_that_lies_turns_and_breaks_nothing() {
    for broken in [
        b"II\x2a\0\xff\xff\xff\xff".as_slice(),
        b"MM",
        b"II\x2a\0\x08\0\0\0\xff\xff",
        &exif(9),
        &exif(0),
    ] {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            assert_quarters(&shown(
                &taken(&with_exif(&quarters(96, 64), format, broken)),
                320,
            ));
        }
    }
}
