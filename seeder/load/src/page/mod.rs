//! The report as one page that needs nothing from elsewhere: tables, and pictures as SVG within it.

mod plot;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::Error;
use crate::report::Report;
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
        heading: text::heading(report),
        advice: text::advice(report),
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
    heading: String,
    advice: Vec<String>,
    pictures: Vec<plot::Picture>,
    /// The count of the most frequent reason.
    most: u64,
}
