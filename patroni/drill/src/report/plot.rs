//! The report as a picture: acknowledgements and errors a second over the time of the drill, and the faults beneath.

use plotters::prelude::*;

use crate::history::{History, Op, Outcome};

use super::Report;

const FAULT: RGBColor = RGBColor(226, 232, 240);
const OK: RGBColor = RGBColor(37, 99, 235);
const OPEN: RGBColor = RGBColor(217, 119, 6);
const FAILED: RGBColor = RGBColor(220, 38, 38);
const INK: RGBColor = RGBColor(51, 65, 85);

/// The picture as SVG.
///
/// # Errors
/// When it cannot be drawn, as plotters tells it.
pub fn plot(report: &Report, history: &History) -> Result<String, String> {
    let mut svg = String::new();
    draw(&mut svg, report, history).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn draw(
    svg: &mut String,
    report: &Report,
    history: &History,
) -> Result<(), Box<dyn std::error::Error>> {
    let last = history.writes().map(|op| op.end).max().unwrap_or(1);
    let seconds = last as f64 / 1e6;
    let width = (seconds as u32 * 2).clamp(1000, 6000);
    let [ok, open, failed] = [Outcome::Ok, Outcome::Unknown, Outcome::Failed]
        .map(|outcome| by_second(history.writes().filter(|op| op.outcome == outcome), seconds));
    let highest = [&ok, &open, &failed]
        .into_iter()
        .flatten()
        .fold(10.0, |highest: f64, (_, rate)| highest.max(*rate));

    let root = SVGBackend::with_string(svg, (width, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(12)
        .caption(
            format!(
                "Writes a second during {} faults, seed {}",
                report.steps.len(),
                report.seed
            ),
            ("sans-serif", 18).into_font().color(&INK),
        )
        .x_label_area_size(36)
        .y_label_area_size(46)
        .build_cartesian_2d(0.0..seconds, 0.0..highest * 1.25)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.12))
        .axis_style(INK)
        .x_desc("seconds since the beginning")
        .y_desc("writes a second")
        .label_style(("sans-serif", 12).into_font().color(&INK))
        .draw()?;

    for (number, step) in (0_u32..).zip(&report.steps) {
        let [from, to] = [step.window.begun, step.window.end()].map(|at| at as f64 / 1e6);
        chart.draw_series([Rectangle::new(
            [(from, 0.0), (to, highest * 1.25)],
            FAULT.filled(),
        )])?;
        // Two heights, so that the names of neighbours do not cover each other.
        let height = highest * if number % 2 == 0 { 1.23 } else { 1.14 };
        chart.draw_series([Text::new(
            step.fault.class().to_string(),
            (from, height),
            ("sans-serif", 12).into_font().color(&INK),
        )])?;
    }
    for (name, points, colour) in [
        ("acknowledged", ok, OK),
        ("open", open, OPEN),
        ("refused", failed, FAILED),
    ] {
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.85))
        .border_style(INK.mix(0.3))
        .label_font(("sans-serif", 12).into_font().color(&INK))
        .draw()?;
    root.present()?;
    drop(chart);
    drop(root);
    Ok(())
}

/// How many ended in each second.
fn by_second<'a>(ops: impl Iterator<Item = &'a Op>, seconds: f64) -> Vec<(f64, f64)> {
    let mut rates = vec![0.0; seconds as usize + 1];
    for op in ops {
        if let Some(rate) = rates.get_mut((op.end / 1_000_000) as usize) {
            *rate += 1.0;
        }
    }
    (0..).map(f64::from).zip(rates).collect()
}
