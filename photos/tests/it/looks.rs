//! What looks alike has hashes that differ in few bits, and what does not differs in many.

use image::RgbImage;
use image::imageops::{FilterType, brighten, resize};
use kardan_photos::{distance, hash};

use crate::pictures::{jpeg, scene, shown, taken};

/// What counts as alike: the same number stands in the database's function.
const ALIKE: u32 = 6;

#[test]
fn a_picture_in_another_size_compressed_again_or_brighter_is_alike() {
    for seed in 1..=6 {
        let picture = scene(700, 525, seed);
        let first = taken(&jpeg(&picture)).hash.unwrap();
        let mut again = Vec::new();
        jpeg_encoder::Encoder::new(&mut again, 45)
            .encode(&picture, 700, 525, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        let small = resize(&picture, 400, 300, FilterType::CatmullRom);
        let screenshot = shown(&taken(&jpeg(&picture)), 640);
        for other in [
            taken(&again).hash,
            taken(&jpeg(&small)).hash,
            taken(&jpeg(&screenshot)).hash,
            taken(&jpeg(&brighten(&picture, 12))).hash,
        ] {
            let differs = distance(first, other.unwrap());
            assert!(differs <= ALIKE, "seed {seed}: {differs} bits");
        }
    }
}

#[test]
fn two_pictures_are_not_alike() {
    let hashes: Vec<i64> = (1..=60)
        .map(|seed| hash(&scene(160, 120, seed)).unwrap())
        .collect();
    let mut alike = 0;
    for (at, one) in hashes.iter().enumerate() {
        alike += hashes[at + 1..]
            .iter()
            .filter(|other| distance(*one, **other) <= ALIKE)
            .count();
    }
    assert_eq!(alike, 0, "of 1770 pairs");
}

#[test]
fn a_picture_without_shapes_is_not_compared() {
    let plain = RgbImage::from_pixel(640, 480, image::Rgb([180, 180, 175]));
    assert_eq!(taken(&jpeg(&plain)).hash, None);
    assert_eq!(
        hash(&RgbImage::from_pixel(1, 1, image::Rgb([0, 0, 0]))),
        None
    );
}
