//! What a file is, is its content: every kind that is read, and what only pretends to be one.

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgba};
use kardan_photos::{MAX_BYTES, Refusal};

use crate::pictures::{
    BLUE, GREEN, assert_quarters, encoded, jpeg, png_chunk, png_chunks, quarters, refused, shown,
    taken, webp_chunk, webp_chunks, webp_file,
};

#[test]
fn jpeg_png_and_webp_become_the_same_photo() {
    let picture = quarters(400, 300);
    for bytes in [
        jpeg(&picture),
        encoded(&picture, ImageFormat::Png),
        encoded(&picture, ImageFormat::WebP),
    ] {
        let photo = taken(&bytes);
        assert_eq!((photo.width, photo.height), (400, 300));
        assert_quarters(&shown(&photo, 1280));
        assert_quarters(&shown(&photo, 320));
    }
}

#[test]
fn what_only_pretends_to_be_a_picture_is_refused() {
    let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for bytes in [
        svg.as_slice(),
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x7fELF",
        b"RIFF\x04\0\0\0WAVE",
        b"\xff\xd8",
        b"x",
    ] {
        assert_eq!(refused(bytes), Refusal::UnknownKind, "{bytes:?}");
    }
    assert_eq!(refused(b""), Refusal::Empty);
    assert_eq!(
        refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        Refusal::Heic
    );
    // A page that begins as a JPEG does is one no more than that.
    let page = [
        b"\xff\xd8\xff\xe0".as_slice(),
        b"<html><script>alert(1)</script>",
    ]
    .concat();
    assert_eq!(refused(&page), Refusal::Damaged);
}

#[test]
fn more_than_ten_mebibytes_are_refused_whatever_they_are() {
    let mut bytes = jpeg(&quarters(64, 48));
    bytes.resize(MAX_BYTES, 0);
    assert_quarters(&shown(&taken(&bytes), 320));
    bytes.push(0);
    assert_eq!(refused(&bytes), Refusal::TooManyBytes);
}

#[test]
fn what_hangs_behind_a_picture_does_not_come_through() {
    let tail = b"<html><script>alert('tail')</script>PK\x03\x04a whole archive";
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let mut bytes = encoded(&quarters(96, 64), format);
        let plain = taken(&bytes);
        bytes.extend_from_slice(tail);
        let photo = taken(&bytes);
        assert_eq!(photo.key, plain.key, "{format:?}");
        for file in &photo.files {
            assert!(!file.content.windows(6).any(|part| part == b"script"));
        }
    }
}

#[test]
fn sixteen_bits_grey_and_transparent_pictures_look_as_they_should() {
    let picture = DynamicImage::ImageRgb8(quarters(96, 64));
    let deep = DynamicImage::ImageRgb16(picture.to_rgb16());
    let clear = DynamicImage::ImageRgba16(picture.to_rgba16());
    for picture in [deep, clear] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        assert_quarters(&shown(&taken(bytes.get_ref()), 320));
    }

    let glass = ImageBuffer::from_pixel(64, 48, Rgba([0_u8, 0, 0, 0]));
    let half = ImageBuffer::from_pixel(64, 48, LumaA([0_u8, 128]));
    let grey = ImageBuffer::from_pixel(64, 48, Luma([70_u8]));
    for (picture, expected) in [
        (DynamicImage::ImageRgba8(glass), 255),
        (DynamicImage::ImageLumaA8(half), 127),
        (DynamicImage::ImageLuma8(grey), 70),
    ] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        let pixel = shown(&taken(bytes.get_ref()), 320).get_pixel(30, 20).0;
        let is_near = pixel.iter().all(|light| light.abs_diff(expected) <= 3);
        assert!(is_near, "{pixel:?}, not {expected}");
    }
}

#[test]
fn four_inks_become_three_lights() {
    // The colours of print: what is left of white after cyan, magenta, yellow and black.
    let picture = quarters(96, 64);
    let inks: Vec<u8> = picture
        .pixels()
        .flat_map(|pixel| {
            let [red, green, blue] = pixel.0;
            let black = 255 - red.max(green).max(blue);
            [
                255 - red - black,
                255 - green - black,
                255 - blue - black,
                black,
            ]
        })
        .collect();
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 95)
        .encode(&inks, 96, 64, jpeg_encoder::ColorType::Cmyk)
        .unwrap();
    let shown = shown(&taken(&bytes), 320);
    for (x, y, at) in [(72, 16, GREEN), (24, 48, BLUE)] {
        let pixel = shown.get_pixel(x, y).0;
        let strongest = |colour: [u8; 3]| (0..3).max_by_key(|n| colour[*n]);
        assert_eq!(strongest(pixel), strongest(at), "{pixel:?}");
    }
}

#[test]
fn of_an_animated_webp_the_first_frame_is_taken() {
    let frame = |colour: [u8; 3]| {
        let picture = image::RgbImage::from_pixel(64, 48, image::Rgb(colour));
        let file = encoded(&picture, ImageFormat::WebP);
        let (name, content) = webp_chunks(&file).pop().unwrap();
        assert_eq!(&name, b"VP8L");
        let size = [63, 0, 0, 47, 0, 0];
        let head = [[0_u8; 6].as_slice(), &size, &[100, 0, 0], &[0]].concat();
        webp_chunk(b"ANMF", &[head, webp_chunk(b"VP8L", &content)].concat())
    };
    let head = [[0b10_u8, 0, 0, 0].as_slice(), &[63, 0, 0], &[47, 0, 0]].concat();
    let chunks = [
        webp_chunk(b"VP8X", &head),
        webp_chunk(b"ANIM", &[255, 255, 255, 255, 0, 0]),
        frame(BLUE),
        frame(GREEN),
    ];
    let photo = taken(&webp_file(&chunks.concat()));
    let pixel = shown(&photo, 320).get_pixel(30, 20).0;
    assert!(pixel[2] > 150 && pixel[1] < 110, "{pixel:?}");
}

#[test]
fn of_an_animated_png_the_still_picture_is_taken() {
    let still = encoded(&quarters(64, 48), ImageFormat::Png);
    let other = encoded(&image::RgbImage::new(64, 48), ImageFormat::Png);
    let control = |number: u32| {
        let words = [number, 64, 48, 0, 0].map(u32::to_be_bytes).concat();
        png_chunk(b"fcTL", &[words, vec![0, 1, 0, 10, 0, 0]].concat())
    };
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in png_chunks(&still) {
        if &name == b"IDAT" && !bytes.windows(4).any(|part| part == b"acTL") {
            bytes.extend(png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]));
            bytes.extend(control(0));
        }
        if &name == b"IEND" {
            bytes.extend(control(1));
            for (number, (_, data)) in (2_u32..).zip(
                png_chunks(&other)
                    .into_iter()
                    .filter(|(name, _)| name == b"IDAT"),
            ) {
                let data = [number.to_be_bytes().to_vec(), data].concat();
                bytes.extend(png_chunk(b"fdAT", &data));
            }
        }
        bytes.extend(png_chunk(&name, &content));
    }
    assert_quarters(&shown(&taken(&bytes), 320));
}
