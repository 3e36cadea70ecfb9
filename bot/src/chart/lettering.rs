//! Letters on a picture, of a font that is built in: whatever machine draws it, it looks the same. Not of `plotters`, whose
//! fonts, once switched on, are wanted for every picture of a program.

use ab_glyph::{Font as _, FontRef, Glyph, InvalidFont, PxScale, ScaleFont as _, point};
use image::{Rgb, RgbImage};
use plotters::style::RGBColor;

/// Roboto (Apache-2.0): Latin and Russian letters, digits and marks.
const ROBOTO: &[u8] = include_bytes!("../../fonts/Roboto-Regular-subset.ttf");

/// On which side of its place a text lies.
#[derive(Debug, Clone, Copy)]
pub enum Align {
    Left,
    Middle,
    Right,
}

/// A picture to write on.
pub struct Lettering<'a> {
    picture: &'a mut RgbImage,
    font: FontRef<'static>,
    scale: PxScale,
}

impl<'a> Lettering<'a> {
    pub fn over(picture: &'a mut RgbImage, height: f32) -> Result<Self, InvalidFont> {
        Ok(Self {
            picture,
            font: FontRef::try_from_slice(ROBOTO)?,
            scale: PxScale::from(height),
        })
    }

    /// Writes a line whose middle is at this height; where it ends.
    pub fn write(&mut self, text: &str, at: (f32, f32), align: Align, ink: RGBColor) -> f32 {
        let font = self.font.clone();
        let scaled = font.as_scaled(self.scale);
        let width: f32 = text
            .chars()
            .map(|letter| scaled.h_advance(font.glyph_id(letter)))
            .sum();
        let mut x = match align {
            Align::Left => at.0,
            Align::Middle => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        let base = at.1 + (scaled.ascent() + scaled.descent()) / 2.0;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            let glyph = id.with_scale_and_position(self.scale, point(x, base));
            self.draw(&font, glyph, ink);
            x += scaled.h_advance(id);
        }
        x
    }

    /// A square of a colour, by its upper left corner.
    pub fn square(&mut self, at: (f32, f32), side: u32, colour: RGBColor) {
        for (x, y) in (0..side).flat_map(|x| (0..side).map(move |y| (x, y))) {
            self.mix(
                at.0 as i64 + i64::from(x),
                at.1 as i64 + i64::from(y),
                colour,
                1.0,
            );
        }
    }

    fn draw(&mut self, font: &FontRef<'static>, glyph: Glyph, ink: RGBColor) {
        // A blank has no outline.
        let Some(outline) = font.outline_glyph(glyph) else {
            return;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, cover| {
            let (x, y) = (
                corner.x as i64 + i64::from(x),
                corner.y as i64 + i64::from(y),
            );
            self.mix(x, y, ink, cover);
        });
    }

    /// Covers a pixel in part; what lies outside of the picture is not drawn.
    fn mix(&mut self, x: i64, y: i64, ink: RGBColor, cover: f32) {
        let place = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        let Some(pixel) = place.and_then(|(x, y)| self.picture.get_pixel_mut_checked(x, y)) else {
            return;
        };
        let cover = cover.clamp(0.0, 1.0);
        let Rgb(below) = *pixel;
        let above = [ink.0, ink.1, ink.2];
        let mut mixed = [0; 3];
        for ((mixed, below), above) in mixed.iter_mut().zip(below).zip(above) {
            let value = f32::from(below).mul_add(1.0 - cover, f32::from(above) * cover);
            *mixed = value.round() as u8;
        }
        *pixel = Rgb(mixed);
    }
}

/// Whether the font has a letter.
#[cfg(test)]
pub fn has(letter: char) -> bool {
    let font = FontRef::try_from_slice(ROBOTO).expect("a font");
    font.glyph_id(letter).0 != 0
}
