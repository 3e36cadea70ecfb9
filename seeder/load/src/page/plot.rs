//! The pictures of the page. Their colours are names that the page gives a value to, one for light and one for dark.

use plotters::coord::Shift;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::report::{Moment, Report};

/// A picture and what is written above it.
#[derive(serde::Serialize)]
pub struct Picture {
    title: &'static str,
    /// Its lines: name, and name of the colour.
    legend: Vec<(&'static str, &'static str)>,
    svg: String,
}

/// A line of a picture: its name, its colour, its points. It is interrupted where there is no value.
struct Line {
    name: &'static str,
    colour: RGBColor,
    pieces: Vec<Vec<(f64, f64)>>,
}

type Drawn = Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (640, 300);
/// Milliseconds below which nothing is told apart.
const LEAST: f64 = 0.001;
/// Colours that stand for names of the page.
const INK: RGBColor = RGBColor(1, 1, 1);
const RULE: RGBColor = RGBColor(1, 1, 2);
const FIRST: RGBColor = RGBColor(1, 1, 3);
const SECOND: RGBColor = RGBColor(1, 1, 4);
const THIRD: RGBColor = RGBColor(1, 1, 5);
const NAMES: [(&str, &str); 5] = [
    ("#010101", "var(--ink)"),
    ("#010102", "var(--rule)"),
    ("#010103", "var(--first)"),
    ("#010104", "var(--second)"),
    ("#010105", "var(--third)"),
];

/// All pictures.
///
/// # Errors
/// When one cannot be drawn, as plotters tells it.
pub fn all(report: &Report) -> Result<Vec<Picture>, String> {
    Ok(vec![
        over_time(
            "Answers a second",
            report,
            vec![rate("answers", FIRST, report, |one| one.per_second)],
        )?,
        latency(report)?,
        over_time(
            "Refused and failed a second",
            report,
            vec![
                rate("refused", SECOND, report, |one| one.refused),
                rate("failed", THIRD, report, |one| one.failed),
            ],
        )?,
        shares(report)?,
    ])
}

fn picture(
    title: &'static str,
    lines: &[Line],
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<Picture, String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        draw(&area)
            .and_then(|()| Ok(area.present()?))
            .map_err(|error| error.to_string())?;
    }
    // A size in pixels would keep it from growing with the page.
    let size = format!("width=\"{}\" height=\"{}\" ", SIZE.0, SIZE.1);
    let svg = svg.replacen(&size, "", 1);
    let named = |colour: RGBColor| {
        let number = format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
        NAMES
            .iter()
            .find(|name| name.0 == number)
            .map_or("", |name| name.1)
    };
    Ok(Picture {
        title,
        legend: lines
            .iter()
            .map(|line| (line.name, named(line.colour)))
            .collect(),
        svg: NAMES
            .iter()
            .fold(svg, |svg, (number, name)| svg.replace(number, name)),
    })
}

fn rate(name: &'static str, colour: RGBColor, report: &Report, of: fn(&Moment) -> f64) -> Line {
    let points = report
        .timeline
        .iter()
        .map(|one| (one.at, of(one)))
        .collect();
    line(name, colour, vec![points])
}

fn over_time(title: &'static str, report: &Report, lines: Vec<Line>) -> Result<Picture, String> {
    picture(title, &lines, |area| {
        let most = highest(&lines).max(1.0) * 1.1;
        let mut chart = builder(area).build_cartesian_2d(0.0..end(report), 0.0..most)?;
        mesh(&mut chart, "seconds", &|at| format!("{at:.0}"))?;
        draw(&mut chart, &lines)
    })
}

fn latency(report: &Report) -> Result<Picture, String> {
    let of = |value: fn(&Moment) -> Option<f64>| pieces(&report.timeline, value);
    let lines = [
        line("p50", FIRST, of(|one| one.p50)),
        line("p95", SECOND, of(|one| one.p95)),
        line("p99", THIRD, of(|one| one.p99)),
    ];
    picture("Latency over time, ms", &lines, |area| {
        let range = reach(&lines).log_scale();
        let mut chart = builder(area).build_cartesian_2d(0.0..end(report), range)?;
        mesh(&mut chart, "seconds", &|at| format!("{at:.0}"))?;
        draw(&mut chart, &lines)
    })
}

/// By nines: as wide from 90 % to 99 % as from 99 % to 99.9 %.
fn shares(report: &Report) -> Result<Picture, String> {
    // The last point is everything, which no number of nines reaches.
    let points: Vec<(f64, f64)> = report
        .distribution
        .iter()
        .filter(|one| one.share < 1.0)
        .map(|one| (-(1.0 - one.share).log10(), one.ms.max(LEAST)))
        .collect();
    let last = points.last().map_or(1.0, |point| point.0).max(1.0);
    let lines = [line("all requests", FIRST, vec![points])];
    picture("Latency by share of requests, ms", &lines, |area| {
        let range = reach(&lines).log_scale();
        let mut chart = builder(area).build_cartesian_2d(0.0..last, range)?;
        mesh(&mut chart, "faster than this share of all", &|at| {
            let share = 100.0 * (1.0 - 10.0_f64.powf(-at));
            let digits = (at.ceil() as usize).saturating_sub(2);
            format!("{share:.digits$}%")
        })?;
        draw(&mut chart, &lines)
    })
}

fn builder<'a, 'b>(area: &'a Area<'b>) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder
        .margin(8)
        .x_label_area_size(40)
        .y_label_area_size(60);
    builder
}

/// From below the lowest to above the highest, on a scale that has no zero.
fn reach(lines: &[Line]) -> std::ops::Range<f64> {
    let lowest = values(lines).fold(1.0, f64::min).max(LEAST);
    lowest * 0.8..highest(lines).max(1.0) * 1.5
}

fn end(report: &Report) -> f64 {
    report.timeline.last().map_or(1.0, |one| one.at).max(1.0)
}

const fn line(name: &'static str, colour: RGBColor, pieces: Vec<Vec<(f64, f64)>>) -> Line {
    Line {
        name,
        colour,
        pieces,
    }
}

/// The stretches of time in which there is a value.
fn pieces(timeline: &[Moment], value: fn(&Moment) -> Option<f64>) -> Vec<Vec<(f64, f64)>> {
    timeline
        .split(|one| value(one).is_none())
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let points = piece
                .iter()
                .filter_map(|one| Some((one.at, value(one)?.max(LEAST))));
            points.collect()
        })
        .collect()
}

fn values(lines: &[Line]) -> impl Iterator<Item = f64> {
    lines
        .iter()
        .flat_map(|line| line.pieces.iter().flatten().map(|point| point.1))
}

fn highest(lines: &[Line]) -> f64 {
    values(lines).fold(0.0, f64::max)
}

fn mesh<Y>(
    chart: &mut ChartContext<'_, SVGBackend<'_>, Cartesian2d<RangedCoordf64, Y>>,
    below: &str,
    label: &dyn Fn(&f64) -> String,
) -> Drawn
where
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(RULE)
        .axis_style(INK)
        .x_desc(below)
        .x_labels(8)
        .y_labels(6)
        .x_label_formatter(label)
        .label_style(("sans-serif", 14).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 14).into_font().color(&INK))
        .draw()?;
    Ok(())
}

fn draw<Y>(
    chart: &mut ChartContext<'_, SVGBackend<'_>, Cartesian2d<RangedCoordf64, Y>>,
    lines: &[Line],
) -> Drawn
where
    Y: Ranged<ValueType = f64>,
{
    for line in lines {
        let style = line.colour.stroke_width(2);
        for piece in &line.pieces {
            chart.draw_series(LineSeries::new(piece.iter().copied(), style))?;
        }
    }
    Ok(())
}
