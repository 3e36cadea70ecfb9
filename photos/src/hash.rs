//! What a picture looks like in 64 bits: the signs of its coarsest waves (a discrete cosine transform of 32 × 32 greys,
//! of which the 8 × 8 slowest waves are compared with their median). Scaling, compression and a little light change few
//! bits; another picture changes about half of them.

use image::imageops::{self, FilterType};
use image::{GrayImage, RgbImage};

/// Pixels of a side of the small grey picture.
const SIDE: usize = 32;

/// Waves of a side that are compared.
const WAVES: usize = 8;

/// A picture whose waves are all weaker than this has no shapes to speak of: two such would look alike by chance. In
/// levels of grey, 0 to 255, over the whole picture.
const FAINT: f64 = 1.0;

/// The hash of a picture; none when the picture is too plain to be compared.
#[must_use]
pub fn hash(picture: &RgbImage) -> Option<i64> {
    let side = SIDE as u32;
    let grey: GrayImage =
        imageops::grayscale(&imageops::resize(picture, side, side, FilterType::Triangle));
    let waves = waves(&grey);
    // The first is the mean light and says nothing of shapes.
    let mut sorted: Vec<f64> = waves.iter().skip(1).copied().collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.iter().all(|wave| wave.abs() < FAINT) {
        return None;
    }
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let bits = waves
        .iter()
        .skip(1)
        .fold(0_u64, |bits, wave| bits << 1 | u64::from(*wave > median));
    Some(bits.cast_signed())
}

/// In how many of 64 bits two hashes differ.
#[must_use]
pub fn distance(one: i64, other: i64) -> u32 {
    (one ^ other).count_ones()
}

/// The slowest waves, row by row; type II, scaled so that each is an amplitude in levels of grey.
fn waves(grey: &GrayImage) -> Vec<f64> {
    let cosines: Vec<Vec<f64>> = (0..WAVES).map(cosine).collect();
    let rows: Vec<Vec<f64>> = grey
        .rows()
        .map(|row| {
            let light: Vec<f64> = row.map(|pixel| f64::from(pixel.0[0])).collect();
            cosines.iter().map(|wave| product(wave, &light)).collect()
        })
        .collect();
    let mut found = Vec::with_capacity(WAVES * WAVES);
    for wave in &cosines {
        for column in 0..WAVES {
            let light: Vec<f64> = rows
                .iter()
                .filter_map(|row| row.get(column).copied())
                .collect();
            found.push(product(wave, &light));
        }
    }
    found
}

fn cosine(wave: usize) -> Vec<f64> {
    let angle = std::f64::consts::PI * wave as f64 / SIDE as f64;
    (0..SIDE)
        .map(|at| (angle * (at as f64 + 0.5)).cos())
        .collect()
}

fn product(wave: &[f64], light: &[f64]) -> f64 {
    let sum: f64 = wave.iter().zip(light).map(|(a, b)| a * b).sum();
    sum * 2.0 / SIDE as f64
}
