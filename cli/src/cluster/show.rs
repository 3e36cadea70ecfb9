//! `kardan cluster status` and `doctor`: tables for people, JSON for machines.

use std::process::ExitCode;
use std::time::Duration;

use kardan_cluster::Place;
use kardan_cluster::agent::Space;
use kardan_cluster::doctor::Level;
use kardan_cluster::status::{Etcd, Node, Status};

use super::args::StatusArgs;
use crate::exit;
use crate::findings;
use crate::migrate::print_json;

pub async fn status(place: &Place, args: &StatusArgs) -> anyhow::Result<ExitCode> {
    loop {
        let status = place.status().await;
        if args.watch {
            // Clears the screen and goes to its corner.
            print!("\x1b[2J\x1b[H");
        }
        match status {
            Ok(status) if args.json => print_json(&status)?,
            Ok(status) => print!("{}", table(&status)),
            Err(error) if args.watch => println!("{error}"),
            Err(error) => return Err(error.into()),
        }
        if !args.watch {
            return Ok(ExitCode::SUCCESS);
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// The widest name of a check.
const WIDTH: usize = 11;

pub async fn doctor(place: &Place, json: bool) -> anyhow::Result<ExitCode> {
    let (_, found) = place.doctor().await?;
    if json {
        print_json(&found)?;
    } else {
        for finding in &found {
            let level = match finding.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Failure => "FAILURE",
            };
            findings::print(level, finding.check, WIDTH, &finding.found, &finding.next);
        }
    }
    let failed = found.iter().any(|finding| finding.level == Level::Failure);
    Ok(if failed {
        ExitCode::from(exit::FOUND)
    } else {
        ExitCode::SUCCESS
    })
}

fn table(status: &Status) -> String {
    let head = [
        "node", "role", "state", "tl", "commits", "lag", "late", "wal", "free", "slots",
        "postgres", "patroni",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(status.nodes.iter().map(row));
    let mut said = columns(&rows);
    said.push('\n');
    for node in &status.nodes {
        for trouble in &node.trouble {
            said.push_str(&format!("{}: {trouble}\n", node.name));
        }
    }
    let mut rows = vec![
        ["etcd", "role", "version", "data"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(status.etcd.iter().map(etcd_row));
    said.push_str(&columns(&rows));
    said.push('\n');
    if let Some(last) = &status.last_failover {
        said.push_str(&format!(
            "{} has led since {} (timeline {} ended)\n",
            last.leader, last.at, last.timeline
        ));
    }
    if status.paused {
        said.push_str("automatic failover is OFF: kardan cluster resume\n");
    }
    if let Some(planned) = &status.switchover {
        said.push_str(&format!(
            "a switchover is under way or planned: {planned}\n"
        ));
    }
    if status.leader.is_none() {
        said.push_str("nobody leads\n");
    }
    said
}

fn row(node: &Node) -> Vec<String> {
    let known = |value: Option<&String>| value.cloned().unwrap_or_else(|| "?".to_owned());
    let slots = node.slots.iter().filter(|slot| slot.active).count();
    vec![
        node.name.clone(),
        known(node.role.as_ref()),
        known(node.state.as_ref()),
        known(node.timeline.map(|timeline| timeline.to_string()).as_ref()),
        node.sync.clone().unwrap_or_else(|| "-".to_owned()),
        node.lag_bytes.map_or_else(|| "-".to_owned(), bytes),
        node.lag_seconds
            .map_or_else(|| "-".to_owned(), |late| format!("{late:.3} s")),
        node.wal_bytes.map_or_else(|| "?".to_owned(), bytes),
        node.disk.map_or_else(|| "?".to_owned(), free),
        format!("{slots}/{}", node.slots.len()),
        known(node.version.as_ref()),
        known(node.patroni.as_ref()),
    ]
}

/// What is left of a disk.
fn free(disk: Space) -> String {
    let left = bytes(disk.available_bytes.try_into().unwrap_or(i64::MAX));
    format!("{left}{}", if disk.is_low() { " LOW" } else { "" })
}

fn etcd_row(member: &Etcd) -> Vec<String> {
    let role = match member.leads {
        Some(true) => "leader",
        Some(false) => "follower",
        None => "SILENT",
    };
    vec![
        member.url.clone(),
        role.to_owned(),
        member.version.clone().unwrap_or_else(|| "?".to_owned()),
        member
            .db_bytes
            .and_then(|size| i64::try_from(size).ok())
            .map_or_else(|| "?".to_owned(), bytes),
    ]
}

/// A size as people say it.
fn bytes(count: i64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut size = count as f64 / 1024.0;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while size >= 1024.0
        && let Some(next) = units.next()
    {
        size /= 1024.0;
        unit = Some(next);
    }
    format!("{size:.1} {}", unit.unwrap_or(&""))
}

/// Rows with columns as wide as their widest cell.
fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        })
        .collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            format!("{}\n", cells.join("  ").trim_end())
        })
        .collect()
}
