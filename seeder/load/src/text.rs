//! The report for people at a terminal.

use std::fmt::Write as _;

use crate::options::Pace;
use crate::report::{Latency, Report, Row};

/// Milliseconds by which requests may be sent late before it is said.
const LATE: f64 = 10.0;

/// The report as lines of text.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing into a text does not fail.
    let _ = write(&mut out, report);
    out
}

fn write(out: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(out, "{}", heading(report))?;
    writeln!(
        out,
        "{} people came; {} requests in {:.1} s, {:.1} a second; {} refused, {} failed ({:.2} %)",
        report.visits,
        report.total.requests,
        report.seconds,
        report.total.per_second,
        report.total.refused,
        report.total.failed,
        report.total.failed_share * 100.0
    )?;
    writeln!(
        out,
        "\nmilliseconds from the moment at which a request was meant to be sent; service: from when it was\n"
    )?;
    writeln!(
        out,
        "{:<10} {:<20} {:>8} {:>8} {:>7} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>11}",
        "journey",
        "step",
        "requests",
        "a second",
        "refused",
        "failed",
        "p50",
        "p95",
        "p99",
        "p99.9",
        "max",
        "service p99"
    )?;
    for step in &report.steps {
        line(out, step.journey.name(), step.step, &step.row)?;
    }
    line(out, "all", "", &report.total)?;
    if !report.reasons.is_empty() {
        writeln!(out)?;
    }
    for reason in &report.reasons {
        writeln!(
            out,
            "{:<10} {:<20} {:>8} {} {}",
            reason.journey,
            reason.step,
            reason.count,
            if reason.is_failure {
                "failed: "
            } else {
                "refused:"
            },
            reason.reason
        )?;
    }
    for advice in advice(report) {
        writeln!(out, "\n{advice}")?;
    }
    for judged in &report.thresholds {
        let (limit, found) = (
            figure(judged.name, judged.limit),
            figure(judged.name, judged.found),
        );
        let word = if judged.holds {
            "holds"
        } else {
            "does not hold"
        };
        writeln!(
            out,
            "{}: at most {limit} was asked, {found} found: {word}",
            judged.name
        )?;
    }
    Ok(())
}

/// What was done, in one line.
#[must_use]
pub fn heading(report: &Report) -> String {
    let pace = match report.pace {
        Pace::Rate { per_second } => format!("{per_second} people a second"),
        Pace::Users { users } => format!("{users} people at once"),
    };
    let ramp = match report.ramp_seconds {
        0.0 => String::new(),
        seconds => format!(" after a ramp of {seconds} s"),
    };
    let stopped = if report.is_stopped { ", stopped" } else { "" };
    format!(
        "{}: {pace}, thinking {} s, seed {}, {:.1} s{ramp}{stopped}",
        report.target, report.think_seconds, report.seed, report.seconds
    )
}

fn line(out: &mut String, journey: &str, step: &str, row: &Row) -> std::fmt::Result {
    let Latency {
        p50,
        p95,
        p99,
        p999,
        max,
        ..
    } = row.latency;
    writeln!(
        out,
        "{journey:<10} {step:<20} {:>8} {:>8.1} {:>7} {:>6} {p50:>8.1} {p95:>8.1} {p99:>8.1} {p999:>8.1} {max:>8.1} {:>11.1}",
        row.requests, row.per_second, row.refused, row.failed, row.service.p99
    )
}

/// What whoever reads the report should know of how it came about.
#[must_use]
pub fn advice(report: &Report) -> Vec<String> {
    let mut said = Vec::new();
    if report.left_out > 0 {
        said.push(format!(
            "{} people found no room until the end: the rate was not reached, and their waiting is not in the figures; \
             raise --at-once, or lower --rate",
            report.left_out
        ));
    }
    if matches!(report.pace, Pace::Rate { .. }) && report.late.p99 > LATE {
        said.push(format!(
            "one of a hundred requests was sent {:.0} ms later than meant: this machine is too slow for such a load, or \
             --at-once too small; the figures count that as waiting",
            report.late.p99
        ));
    }
    if report
        .reasons
        .iter()
        .any(|reason| reason.reason.ends_with("too_many_requests"))
    {
        said.push(
            "429 too_many_requests is the API's own limit for one address: start it with --proxies 1 (KARDAN_API_PROXIES=1), so that each person \
             counts by themselves"
                .to_owned(),
        );
    }
    said
}

fn figure(name: &str, value: f64) -> String {
    match name {
        "p99_ms" => format!("{value:.1} ms"),
        _ => format!("{:.2} %", value * 100.0),
    }
}
