//! Backups for people to read.

use std::process::ExitCode;

use chrono::Utc;
use kardan_backup::{Engine, Entry, Expired, Report, Repository, Restored, Verdict};

use super::args;
use crate::migrate::print_json;

pub fn list(engine: &dyn Engine, json: bool) -> anyhow::Result<ExitCode> {
    let (entries, reports) = (engine.list()?, engine.reports()?);
    let last = |id: &str| reports.iter().rev().find(|report| report.id == id);
    if json {
        let listed: Vec<_> = entries
            .iter()
            .map(|entry| serde_json::json!({ "backup": entry, "drill": last(&entry.id) }))
            .collect();
        print_json(&listed)?;
        return Ok(ExitCode::SUCCESS);
    }
    let longest = entries.iter().map(|entry| entry.id.len()).max();
    let width = longest.unwrap_or(0).max(26);
    println!(
        "{:<width$} {:>9} {:>9} {:>10} {:>9}  {:<9}  drill",
        "id", "age", "took", "stored", "of", "encrypted"
    );
    let now = Utc::now();
    for entry in &entries {
        let drill = last(&entry.id).map_or_else(
            || "never".to_owned(),
            |report| {
                format!(
                    "{} {} ago",
                    word(report.verdict),
                    span((now - report.started_at).num_seconds())
                )
            },
        );
        println!(
            "{:<width$} {:>9} {:>9} {:>10} {:>9}  {:<9}  {drill}{}",
            entry.id,
            span((now - entry.finished_at).num_seconds()),
            span((entry.finished_at - entry.started_at).num_seconds()),
            bytes(entry.stored_bytes()),
            bytes(entry.data_bytes),
            if entry.is_encrypted { "yes" } else { "no" },
            entry
                .label
                .as_ref()
                .map(|label| format!("  {label}"))
                .unwrap_or_default()
        );
    }
    let proved = entries
        .iter()
        .rev()
        .find(|entry| last(&entry.id).is_some_and(|report| report.verdict == Verdict::Good));
    match proved {
        Some(entry) => println!(
            "last proved: {}, {} old",
            entry.id,
            span((now - entry.finished_at).num_seconds())
        ),
        None if !entries.is_empty() && engine.proof() == "drill" => {
            println!("none was proved yet: kardan backup drill");
        }
        None => {}
    }
    if entries.is_empty() {
        println!("none yet: kardan backup take");
    }
    Ok(ExitCode::SUCCESS)
}

pub fn one(engine: &dyn Engine, id: &str) -> anyhow::Result<ExitCode> {
    let entry = engine.find(id, None)?;
    let reports = engine.reports()?;
    let drills: Vec<_> = reports.iter().filter(|one| one.id == entry.id).collect();
    print_json(&serde_json::json!({
        "backup": entry, "folder": engine.place(&entry.id), "drills": drills,
    }))?;
    Ok(ExitCode::SUCCESS)
}

pub fn taken(entry: &Entry) {
    let seconds = (entry.finished_at - entry.started_at).num_milliseconds() as f64 / 1e3;
    let rate = entry.data_bytes as f64 / 1e6 / seconds.max(0.001);
    println!(
        "{}: {} stored, {} of data in {seconds:.1} s ({rate:.0} MB/s)",
        entry.id,
        bytes(entry.stored_bytes()),
        bytes(entry.data_bytes)
    );
    match entry.counted {
        Some(counted) => println!("{} rows of {} tables counted", counted.rows, counted.tables),
        None => println!("no rows counted"),
    }
}

pub fn report(report: &Report) {
    for check in &report.checks {
        println!(
            "{:<8} {:<12} {:>7.1} s  {}",
            if check.is_good { "ok" } else { "FAILURE" },
            check.name,
            check.seconds,
            check.found
        );
    }
    println!(
        "{}: {}, {} in {:.1} s; a server answered after {:.1} s",
        report.id,
        word(report.verdict),
        bytes(report.bytes),
        report.seconds,
        report.ready_seconds
    );
    if report.verdict == Verdict::Unproven {
        println!("no rows were counted when it was made (--no-count), so none could be compared");
    }
}

pub fn plan(repository: &Repository, entry: &Entry, args: &args::Restore) -> anyhow::Result<()> {
    let raw: u64 = entry.files.iter().map(|file| file.raw_bytes).sum();
    if args.json {
        return print_json(&serde_json::json!({
            "backup": entry, "folder": repository.folder(&entry.id), "bytes": raw,
        }));
    }
    println!(
        "{} of {}, PostgreSQL {}, becomes {}; nothing was done",
        entry.id,
        entry.started_at.format("%Y-%m-%d %H:%M:%S UTC"),
        entry.server_version / 10_000,
        bytes(raw)
    );
    if let Some(wal) = &entry.wal {
        println!(
            "it is recovered to {} on timeline {}",
            wal.target_lsn, wal.timeline
        );
    }
    Ok(())
}

pub fn restored(entry: &Entry, restored: &Restored) {
    println!(
        "{} in {:.1} s ({:.0} MB/s), as the manifest has it",
        bytes(restored.bytes),
        restored.seconds,
        restored.bytes as f64 / 1e6 / restored.seconds.max(0.001)
    );
    let data = restored.data.display();
    let folder = restored.data.parent().unwrap_or(&restored.data).display();
    println!(
        "next: kardan up --data-dir {folder}\n  or: chown -R postgres: {data}, look at {data}/postgresql.conf, and start \
         PostgreSQL {} on it; it recovers to that moment, and goes on",
        entry.server_version / 10_000
    );
}

pub fn expired(expired: &Expired, is_dry: bool) {
    for one in &expired.backups {
        match one.why {
            Some(why) => println!("stays  {:<26} {:>9}  {why}", one.id, bytes(one.bytes)),
            None => println!("goes   {:<26} {:>9}", one.id, bytes(one.bytes)),
        }
    }
    let wal = &expired.wal;
    if wal.stay + wal.go > 0 {
        println!(
            "WAL    {} segments stay, {} go, {}",
            wal.stay,
            wal.go,
            bytes(wal.bytes)
        );
    }
    if is_dry {
        println!("nothing was deleted");
    }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Bad => "BAD",
        Verdict::Unproven => "unproven",
    }
}

pub fn bytes(count: u64) -> String {
    indicatif::BinaryBytes(count).to_string()
}

pub fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
