//! Pictures that broke on the way.

use image::ImageFormat;
use kardan_photos::{Refusal, develop};

use crate::pictures::{encoded, jpeg, refused, scene};

fn whole() -> Vec<Vec<u8>> {
    let picture = scene(200, 150, 5);
    vec![
        jpeg(&picture),
        encoded(&picture, ImageFormat::Png),
        encoded(&picture, ImageFormat::WebP),
    ]
}

#[test]
fn a_picture_without_its_end_is_refused_wherever_it_was_cut() {
    for bytes in whole() {
        for length in (0..bytes.len()).step_by(83).chain([bytes.len() - 1]) {
            let refusal = refused(&bytes[..length]);
            let expected = match length {
                0 => Refusal::Empty,
                1..16 if refusal == Refusal::UnknownKind => Refusal::UnknownKind,
                _ => Refusal::Damaged,
            };
            assert_eq!(refusal, expected, "cut at {length} of {}", bytes.len());
        }
    }
}

#[test]
fn a_picture_with_a_thumbnail_in_it_is_not_whole_because_its_thumbnail_is() {
    let thumbnail = jpeg(&scene(16, 12, 6));
    let bytes = crate::pictures::with_segment(&jpeg(&scene(200, 150, 5)), 0xe1, &thumbnail);
    assert_eq!(refused(&bytes[..bytes.len() / 2]), Refusal::Damaged);
}

#[test]
fn bytes_that_were_changed_are_refused_or_shown_and_never_more_than_that() {
    let mut state = 12_345_u32;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let (mut seen, mut refused) = (0, 0);
    for bytes in whole() {
        for _ in 0..60 {
            let mut broken = bytes.clone();
            for _ in 0..=random(12) {
                let at = random(broken.len());
                broken[at] = random(256) as u8;
            }
            match develop(&broken).unwrap() {
                Ok(photo) => {
                    assert!(photo.width <= 1280 && photo.files.len() == 3);
                    seen += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(seen > 0 && refused > 0, "{seen} seen, {refused} refused");
}
