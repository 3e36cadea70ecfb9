//! Pictures of the demo, drawn here: a part on a workbench, another one for each listing and each of its photos. They come
//! into the store on the same way as what people send.

use image::{ImageFormat, Rgb, RgbImage};

/// Pixels. Small, so that a first start is quick.
const SIZE: (u32, u32) = (480, 360);

/// A part of the drawing: where it is, how large, and its colour.
struct Shape {
    at: (f32, f32),
    size: (f32, f32),
    is_round: bool,
    /// Its hole, as a part of its size; parts of cars have many.
    hole: f32,
    colour: [u8; 3],
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    /// Between 0 and 1.
    fn roll(&mut self) -> f32 {
        // splitmix64, after Steele, Lea and Flood 2014.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn between(&mut self, least: f32, most: f32) -> f32 {
        least + self.roll() * (most - least)
    }

    fn metal(&mut self) -> [u8; 3] {
        let light = self.between(50.0, 230.0);
        let tint = self.between(-25.0, 25.0);
        [light + tint, light, light - tint].map(|value| value.clamp(0.0, 255.0) as u8)
    }
}

/// The picture of the photo at this place of this listing, as PNG.
pub fn picture(listing: i32, position: i32) -> Result<Vec<u8>, image::ImageError> {
    let mut dice =
        Dice(u64::from(listing.unsigned_abs()) << 8 | u64::from(position.unsigned_abs()));
    let bench = dice.metal();
    let shapes: Vec<Shape> = (0..9).map(|number| shape(&mut dice, number)).collect();
    let (width, height) = SIZE;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / height as f32, y as f32 / height as f32);
        let top = shapes.iter().rev().find(|shape| shape.covers(x, y));
        let light = 1.1 - 0.35 * y;
        let colour = top.map_or(bench, |shape| shape.colour);
        Rgb(colour.map(|value| (f32::from(value) * light).min(255.0) as u8))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// The first shapes are large, those on them small.
fn shape(dice: &mut Dice, number: u8) -> Shape {
    let most = 0.42 - 0.035 * f32::from(number);
    Shape {
        at: (dice.between(0.15, 1.2), dice.between(0.15, 0.85)),
        size: (dice.between(0.06, most), dice.between(0.06, most)),
        is_round: dice.roll() < 0.6,
        hole: if dice.roll() < 0.4 {
            dice.between(0.3, 0.7)
        } else {
            0.0
        },
        colour: dice.metal(),
    }
}

impl Shape {
    fn covers(&self, x: f32, y: f32) -> bool {
        let across = (x - self.at.0) / self.size.0;
        let down = (y - self.at.1) / self.size.1;
        let from_middle = match self.is_round {
            true => across.hypot(down),
            false => across.abs().max(down.abs()),
        };
        from_middle <= 1.0 && from_middle >= self.hole
    }
}

#[cfg(test)]
mod tests {
    use kardan_photos::distance;

    use super::*;

    #[test]
    fn no_two_pictures_look_alike() -> anyhow::Result<()> {
        let mut hashes = Vec::new();
        for listing in 1..=30 {
            for position in 1..=2 {
                let bytes = picture(listing, position)?;
                let drawn = image::load_from_memory(&bytes)?.into_rgb8();
                hashes.push(kardan_photos::hash(&drawn).ok_or(anyhow::anyhow!("plain"))?);
            }
        }
        let alike = hashes
            .iter()
            .enumerate()
            .flat_map(|(at, one)| hashes.iter().skip(at + 1).map(move |two| (one, two)))
            .filter(|(one, two)| distance(**one, **two) <= 6)
            .count();
        assert_eq!(alike, 0);
        Ok(())
    }
}
