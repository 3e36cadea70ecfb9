//! Views and contacts by day, as a picture: bars on a card of its own colour, which reads the same on a light and a dark screen.

mod axis;
mod lettering;

use std::io::Cursor;

use chrono::{Days, NaiveDate};
use image::{ImageFormat, RgbImage};
use plotters::prelude::{
    BitMapBackend, ChartBuilder, IntoDrawingArea, PathElement, RGBColor, Rectangle,
};
use plotters::style::{Color, ShapeStyle};

use lettering::{Align, Lettering};

/// Size of the picture in pixels: as wide as a telephone shows it sharply, and twice as wide as high.
pub const SIZE: (u32, u32) = (1000, 500);
/// Room at the left and below, for what stands at the axes, and above, for the words.
const EDGES: (u32, u32, u32) = (70, 50, 70);
/// Heights of letters.
const SMALL: f32 = 24.0;

const CARD: RGBColor = RGBColor(250, 250, 247);
const INK: RGBColor = RGBColor(52, 58, 64);
const RULE: RGBColor = RGBColor(216, 220, 224);
/// Told apart also by who does not see colours: one is light, one dark.
const VIEWS: RGBColor = RGBColor(116, 178, 232);
const CONTACTS: RGBColor = RGBColor(180, 70, 20);

/// What a day came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub day: NaiveDate,
    pub views: i64,
    pub contacts: i64,
}

/// The words of a picture, in the person's language.
pub struct Words {
    pub views: String,
    pub contacts: String,
    /// Twelve short names of months.
    pub months: String,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The font that was built in is none.
    #[error("the font cannot be read")]
    Font(#[from] ab_glyph::InvalidFont),
    /// Something does not fit into the picture.
    #[error("a chart cannot be drawn: {0}")]
    Draw(String),
    /// The picture cannot be written.
    #[error("a chart cannot be written")]
    Write(#[from] image::ImageError),
}

/// These days up to the last one and `count` in all; those of which nothing is told came to nothing.
pub fn fill(told: &[Day], last: NaiveDate, count: u64) -> Vec<Day> {
    let last = told.iter().map(|one| one.day).fold(last, NaiveDate::max);
    let day = |back: u64| last.checked_sub_days(Days::new(back)).unwrap_or(last);
    let nothing = |day| Day {
        day,
        views: 0,
        contacts: 0,
    };
    (0..count.max(1))
        .rev()
        .map(day)
        .map(|day| {
            let found = told.iter().find(|one| one.day == day);
            found.copied().unwrap_or_else(|| nothing(day))
        })
        .collect()
}

/// The picture as PNG.
///
/// # Errors
/// See [`Error`]; all of them are mistakes of the program.
pub fn png(days: &[Day], words: &Words) -> Result<Vec<u8>, Error> {
    let (width, height) = SIZE;
    let mut picture = RgbImage::new(width, height);
    let most = days.iter().map(|one| one.views.max(one.contacts)).max();
    let ticks = axis::ticks(most.unwrap_or_default());
    let marks = draw(&mut picture, days, &ticks).map_err(Error::Draw)?;
    let mut letters = Lettering::over(&mut picture, SMALL)?;
    for (tick, y) in ticks.iter().zip(&marks.rules) {
        let label = axis::short(*tick);
        letters.write(&label, (EDGES.0 as f32 - 12.0, *y), Align::Right, INK);
    }
    let months: Vec<&str> = words.months.split_whitespace().collect();
    let below = height as f32 - EDGES.1 as f32 / 2.0;
    for (place, x) in marks.middles.iter().enumerate() {
        let day = days
            .get(place)
            .filter(|_| axis::is_named(place, days.len()));
        if let Some(day) = day {
            letters.write(
                &axis::date(day.day, &months),
                (*x, below),
                Align::Middle,
                INK,
            );
        }
    }
    let sum = |of: fn(&Day) -> i64| days.iter().map(of).sum::<i64>();
    let mut x = EDGES.0 as f32;
    for (label, total, colour) in [
        (&words.views, sum(|day| day.views), VIEWS),
        (&words.contacts, sum(|day| day.contacts), CONTACTS),
    ] {
        letters.square((x, 24.0), 22, colour);
        x = letters.write(
            &format!("{label}: {total}"),
            (x + 32.0, 35.0),
            Align::Left,
            INK,
        ) + 40.0;
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// Where labels belong, in pixels.
struct Marks {
    /// The height of each rule.
    rules: Vec<f32>,
    /// The middle of each day.
    middles: Vec<f32>,
}

fn draw(picture: &mut RgbImage, days: &[Day], ticks: &[i64]) -> Result<Marks, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let root = BitMapBackend::with_buffer(picture, SIZE).into_drawing_area();
    root.fill(&CARD).map_err(|error| said(&error))?;
    let count = days.len().max(1) as f64;
    let top = ticks.last().copied().unwrap_or(1) as f64;
    let (left, below, above) = EDGES;
    let mut chart = ChartBuilder::on(&root)
        .margin_top(above)
        .margin_left(left)
        .margin_right(24)
        .margin_bottom(below)
        .build_cartesian_2d(0.0..count, 0.0..top)
        .map_err(|error| said(&error))?;
    let rule = ShapeStyle::from(RULE).stroke_width(2);
    let rules = ticks.iter().map(|tick| *tick as f64);
    chart
        .draw_series(rules.map(|y| PathElement::new(vec![(0.0, y), (count, y)], rule)))
        .map_err(|error| said(&error))?;
    for (of, edge, colour) in [
        ((|day: &Day| day.views) as fn(&Day) -> i64, 0.1, VIEWS),
        (|day: &Day| day.contacts, 0.28, CONTACTS),
    ] {
        let bars = days.iter().enumerate().map(|(place, day)| {
            let (x, y) = (place as f64, of(day) as f64);
            Rectangle::new([(x + edge, 0.0), (x + 1.0 - edge, y)], colour.filled())
        });
        chart.draw_series(bars).map_err(|error| said(&error))?;
    }
    let at = |x: f64, y: f64| chart.backend_coord(&(x, y));
    Ok(Marks {
        rules: ticks
            .iter()
            .map(|tick| at(0.0, *tick as f64).1 as f32)
            .collect(),
        middles: (0..days.len())
            .map(|place| at(place as f64 + 0.5, 0.0).0 as f32)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words {
            views: "Просмотры".to_owned(),
            contacts: "Контакты".to_owned(),
            months: "янв фев мар апр май июн июл авг сен окт ноя дек".to_owned(),
        }
    }

    fn day(number: u32, views: i64, contacts: i64) -> Day {
        Day {
            day: NaiveDate::from_ymd_opt(2026, 11, number).expect("a day"),
            views,
            contacts,
        }
    }

    /// How many pixels have this colour.
    fn count(bytes: &[u8], colour: RGBColor) -> usize {
        let picture = image::load_from_memory(bytes).expect("a picture").to_rgb8();
        assert_eq!(picture.dimensions(), SIZE);
        let wanted = image::Rgb([colour.0, colour.1, colour.2]);
        picture.pixels().filter(|pixel| **pixel == wanted).count()
    }

    #[test]
    fn bars_are_as_high_as_their_days_and_nothing_has_none() {
        let nothing = fill(&[], day(28, 0, 0).day, 30);
        let empty = png(&nothing, &words()).expect("a picture");
        // The squares that say what is what, and no bar.
        let square = count(&empty, VIEWS);
        assert!(square < 600, "{square}");
        let some = fill(&[day(3, 40, 5), day(20, 80, 0)], day(28, 0, 0).day, 30);
        let some = png(&some, &words()).expect("a picture");
        let twice = fill(&[day(3, 80, 5), day(20, 80, 0)], day(28, 0, 0).day, 30);
        let twice = png(&twice, &words()).expect("a picture");
        assert!(count(&twice, VIEWS) > count(&some, VIEWS));
        assert!(count(&some, VIEWS) > square);
        assert!(count(&some, CONTACTS) > count(&empty, CONTACTS));
    }

    #[test]
    fn one_day_no_day_and_enormous_figures_are_pictures_too() {
        for days in [
            vec![day(1, 3, 1)],
            vec![],
            vec![day(1, i64::from(i32::MAX) * 1000, 0), day(2, 1, 1)],
            fill(&[], day(1, 0, 0).day, 366),
        ] {
            let bytes = png(&days, &words()).expect("a picture");
            assert!(count(&bytes, CARD) > 100_000);
        }
    }

    #[test]
    fn the_font_has_every_letter_of_both_languages_and_they_are_drawn() {
        let russian = ('а'..='я')
            .chain('А'..='Я')
            .chain(['ё', 'Ё', '–', '…', '₽']);
        for letter in russian.chain(' '..='~') {
            assert!(lettering::has(letter), "{letter}");
        }
        let saying = |views: &str| Words {
            views: views.to_owned(),
            ..words()
        };
        let ink = |words: &Words| count(&png(&[], words).expect("a picture"), INK);
        assert!(ink(&saying("Просмотры")) > ink(&saying("")));
        assert!(ink(&saying("Views")) > ink(&saying("")));
    }

    #[test]
    fn days_of_which_nothing_is_told_are_zeros_and_a_later_day_moves_the_end() {
        let filled = fill(&[day(27, 2, 1)], day(28, 0, 0).day, 3);
        assert_eq!(filled, [day(26, 0, 0), day(27, 2, 1), day(28, 0, 0)]);
        let later = fill(&[day(29, 2, 1)], day(28, 0, 0).day, 2);
        assert_eq!(later, [day(28, 0, 0), day(29, 2, 1)]);
    }
}
