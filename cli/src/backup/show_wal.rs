//! The continuous archive for people to read.

use chrono::Utc;
use kardan_backup::{Gap, Plan, Point, Repository, ServerWal, Stretch};

use super::archive::Setting;
use super::show::{bytes, span};

pub fn wal(stretches: &[Stretch], gaps: &[Gap], points: &[Point]) {
    println!(
        "{:<9} {:<24}  {:<24} {:>9} {:>10}  last stored",
        "timeline", "from", "to", "segments", "stored"
    );
    for one in stretches {
        println!(
            "{:<9} {:<24}  {:<24} {:>9} {:>10}  {} ago",
            one.timeline,
            one.first,
            one.last,
            one.segments,
            bytes(one.stored_bytes),
            span((Utc::now() - one.stored_at).num_seconds())
        );
    }
    for one in gaps {
        println!("MISSING   {}", gap(one));
    }
    for point in points {
        println!(
            "point     {:?} at {} on timeline {}, {}",
            point.name,
            point.lsn,
            point.timeline,
            point.at.format("%F %T UTC")
        );
    }
    if !gaps.is_empty() {
        println!("next: kardan backup take, so that a later moment can be had from behind it");
    }
}

pub fn gap(gap: &Gap) -> String {
    format!(
        "{} to {}, {} segments of timeline {}",
        gap.first, gap.last, gap.segments, gap.timeline
    )
}

pub fn archive(
    setting: Option<&Setting>,
    repository: &Repository,
    server: Option<&ServerWal>,
    lag: Option<u64>,
    stretches: &[Stretch],
    gaps: &[Gap],
) {
    let folder = repository.root().display();
    match setting {
        Some(_) => println!("on        kardan up archives its server into {folder}"),
        None => println!("off       for the server of kardan up; this is {folder}"),
    }
    match server {
        None => println!("server    not running"),
        Some(server) => {
            let lag = lag.map_or_else(|| "all".to_owned(), bytes);
            println!(
                "server    at {} in {}, of which {lag} is not archived yet",
                server.lsn, server.segment
            );
            if let Some(kept) = server.kept_bytes {
                let word = if server.is_connected {
                    "the archiver is connected"
                } else {
                    "NO archiver is connected, and the disk of the server fills"
                };
                println!("kept      {} on the server, {word}", bytes(kept));
            }
            if server.archive_mode != "off" {
                println!(
                    "command   archive_mode is {}, {} failures{}",
                    server.archive_mode,
                    server.failures,
                    server
                        .last_failed
                        .as_ref()
                        .map_or_else(String::new, |last| format!(", the last of {last}"))
                );
            }
        }
    }
    for one in stretches {
        println!(
            "archived  timeline {}: {} to {}, {} segments, {}, the last {} ago",
            one.timeline,
            one.first,
            one.last,
            one.segments,
            bytes(one.stored_bytes),
            span((Utc::now() - one.stored_at).num_seconds())
        );
    }
    for one in gaps {
        println!("MISSING   {}", gap(one));
    }
    if stretches.is_empty() {
        println!("archived  nothing yet\nnext: kardan backup archive on");
    }
}

/// What a server that is not ours needs.
pub fn archive_settings(setting: &Setting, timeout: u32) {
    let key = setting.key_file.as_ref().map_or_else(String::new, |key| {
        format!(" --key-file {}", quoted(&key.display().to_string()))
    });
    let repository = quoted(&setting.repository.display().to_string());
    println!(
        "put this into the postgresql.conf of the server, and restart it; its user must be able to write into the repository:\n\n  \
         wal_level = replica\n  archive_mode = on\n  archive_timeout = {timeout}\n  \
         archive_command = 'kardan backup wal push \"%p\" --repository {repository}{key}'\n\n\
         or, without a restart, let this run beside it:\n\n  \
         kardan backup archive run --spool DIR --repository {repository}{key} --database-url …\n\n\
         next: kardan backup archive status --database-url …"
    );
}

/// For a shell within a setting of PostgreSQL.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('%', "%%").replace('\'', "''"))
    }
}

pub fn pitr(plan: &Plan, to: &std::path::Path, free: u64) {
    let at = plan
        .stop_at
        .map_or_else(String::new, |at| format!(", {}", at.format("%F %T%.f UTC")));
    println!("target    {} on timeline {}", plan.target, plan.timeline);
    println!("stop      at {}{at}", plan.stop_lsn);
    println!(
        "backup    {}, {} of data",
        plan.backup.id,
        bytes(plan.data_bytes)
    );
    match (plan.segments.first(), plan.segments.last()) {
        (Some(first), Some(last)) => println!(
            "WAL       {first} to {last}, {} segments, {}, all there",
            plan.segments.len(),
            bytes(plan.wal_bytes)
        ),
        _ => println!("WAL       that of the backup itself"),
    }
    let word = if plan.needed_bytes() <= free {
        "fits"
    } else {
        "DOES NOT FIT"
    };
    println!(
        "room      {} needed, {} free in {}: {word}",
        bytes(plan.needed_bytes()),
        bytes(free),
        to.display()
    );
}
