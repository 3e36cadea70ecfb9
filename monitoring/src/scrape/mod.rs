//! One scrape of one server: the kept session, the questions in turn, each within the time that is left.

pub(crate) mod emit;
mod fan_out;
mod pass;
pub(crate) mod ranking;
mod target;

pub(crate) use target::{Outcome, Target};

use crate::text::{Kind, Labels, Page};

/// Puts the samples that say how a collector fared.
pub(crate) fn told(page: &mut Page, collector: &str, seconds: f64, is_good: bool) {
    let labels = Labels::none().with("collector", collector);
    page.push(
        "pg_scrape_collector_duration_seconds",
        Kind::Gauge,
        "postgres_exporter: Duration of a collector scrape.",
        &labels,
        seconds,
    );
    page.push(
        "pg_scrape_collector_success",
        Kind::Gauge,
        "postgres_exporter: Whether a collector succeeded.",
        &labels,
        f64::from(u8::from(is_good)),
    );
}
