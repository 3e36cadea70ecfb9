//! The report for people.

use std::fmt::Write as _;

use super::{Report, Spread};

/// The whole report as Markdown, to be read in a terminal or a browser.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = write(&mut text, report);
    text
}

fn write(out: &mut String, report: &Report) -> std::fmt::Result {
    let faults = report.steps.len();
    let acknowledged: u64 = report
        .operations
        .iter()
        .filter(|(kind, _)| !matches!(kind.as_str(), "read" | "ready"))
        .map(|(_, counts)| counts.ok)
        .sum();
    writeln!(
        out,
        "# Drill of {}, seed {}\n\n**{}**: {faults} faults, {acknowledged} acknowledged writes.\n",
        report.began.format("%Y-%m-%d %H:%M UTC"),
        report.seed,
        if report.is_clean() {
            "Clean"
        } else {
            "NOT CLEAN"
        }
    )?;
    writeln!(
        out,
        "| what must not be | times | first ones |\n| --- | --- | --- |"
    )?;
    for (name, anomaly) in report.verdict.anomalies() {
        writeln!(
            out,
            "| {name} | {} | {} |",
            anomaly.count,
            anomaly.examples.join("; ")
        )?;
    }
    writeln!(
        out,
        "| idempotent client gave up (30 s) | {} | |",
        report.gave_up
    )?;
    writeln!(
        out,
        "| API answered 5xx other than 503 | {} | |",
        report.bare_5xx
    )?;
    for step in &report.steps {
        if let Some(violation) = &step.violation {
            writeln!(out, "| {} | 1 | {violation} |", step.fault)?;
        }
    }

    writeln!(
        out,
        "\nOpen outcomes: {}; of the inserts among them {} are there.\n",
        report.verdict.unknown, report.verdict.unknown_done
    )?;
    writeln!(
        out,
        "| fault | n | no write for, s: p50 | p95 | max | no write through the API: max | API after new leader: max | whole after: p50 | max | errors of clients that try once | gave up |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for (class, seen) in &report.classes {
        let errors: Vec<String> = seen
            .errors
            .iter()
            .map(|(class, count)| format!("{class} ×{count}"))
            .collect();
        writeln!(
            out,
            "| {class} {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            class.says(),
            seen.count,
            seconds(seen.stall_ms, seen.stall_ms.p50),
            seconds(seen.stall_ms, seen.stall_ms.p95),
            seconds(seen.stall_ms, seen.stall_ms.max),
            seconds(seen.api_stall_ms, seen.api_stall_ms.max),
            seconds(seen.api_recovery_ms, seen.api_recovery_ms.max),
            seconds(seen.rejoin_ms, seen.rejoin_ms.p50),
            seconds(seen.rejoin_ms, seen.rejoin_ms.max),
            errors.join(", "),
            seen.gave_up
        )?;
    }

    writeln!(
        out,
        "\n| operation | ok | failed | unknown |\n| --- | --- | --- | --- |"
    )?;
    for (kind, counts) in &report.operations {
        writeln!(
            out,
            "| {kind} | {} | {} | {} |",
            counts.ok, counts.failed, counts.unknown
        )?;
    }
    let stale = report.staleness_ms;
    writeln!(
        out,
        "\nReplicas: {} reads; what they answered was old by p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, at most {:.1} ms.",
        stale.n, stale.p50, stale.p95, stale.p99, stale.max
    )?;
    for (number, step) in (1..).zip(&report.steps) {
        if let Some(trouble) = &step.trouble {
            writeln!(
                out,
                "\nNote: {number}, {}, was not played to its end: {trouble}.",
                step.fault
            )?;
        }
    }
    for note in &report.notes {
        writeln!(out, "\nNote: {note}.")?;
    }
    writeln!(
        out,
        "\n| # | fault | at, s | no write for, s | whole after, s |\n| --- | --- | --- | --- | --- |"
    )?;
    for (number, step) in (1..).zip(&report.steps) {
        writeln!(
            out,
            "| {number} | {} | {:.0} | {:.2} | {} |",
            step.fault,
            step.window.begun as f64 / 1e6,
            step.impact.stall_ms / 1e3,
            step.impact.rejoin_ms.map_or_else(
                || "never".to_owned(),
                |rejoin| format!("{:.1}", rejoin / 1e3)
            )
        )?;
    }
    Ok(())
}

/// Milliseconds as seconds; a dash where nothing was measured.
fn seconds(spread: Spread, millis: f64) -> String {
    if spread.n == 0 {
        "–".to_owned()
    } else {
        format!("{:.2}", millis / 1000.0)
    }
}
