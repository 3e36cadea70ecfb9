//! The report as one page that needs nothing from elsewhere: tables, and pictures as SVG within it.

mod plot;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::Error;
use crate::report::{Report, Row};
use crate::text;

/// The page as HTML.
///
/// # Errors
/// When a picture cannot be drawn.
pub fn html(report: &Report) -> Result<String, Error> {
    let wrong = |error: minijinja::Error| Error::Page(error.to_string());
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("fixed", |value: f64, digits: usize| {
        format!("{value:.digits$}")
    });
    let page = environment
        .template_from_str(include_str!("page.html"))
        .map_err(wrong)?;
    page.render(Serde(Data {
        report,
        begun: report.begun_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        heading: text::heading(report),
        advice: text::advice(report),
        lines: lines(report),
        pictures: plot::all(report).map_err(Error::Page)?,
        most: report
            .reasons
            .iter()
            .map(|reason| reason.count)
            .max()
            .unwrap_or(1),
    }))
    .map_err(wrong)
}

#[derive(serde::Serialize)]
struct Data<'a> {
    report: &'a Report,
    begun: String,
    heading: String,
    advice: Vec<String>,
    lines: Vec<Line<'a>>,
    pictures: Vec<plot::Picture>,
    /// The count of the most frequent reason.
    most: u64,
}

/// A line of the table; that of all requests has no step.
#[derive(serde::Serialize)]
struct Line<'a> {
    journey: &'a str,
    step: &'a str,
    route: String,
    row: &'a Row,
}

fn lines(report: &Report) -> Vec<Line<'_>> {
    let steps = report.steps.iter().map(|step| Line {
        journey: step.journey.name(),
        step: step.step,
        route: format!("{} {}", step.method, step.route),
        row: &step.row,
    });
    let all = Line {
        journey: "all",
        step: "",
        route: String::new(),
        row: &report.total,
    };
    steps.chain([all]).collect()
}
