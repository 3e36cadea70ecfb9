//! `kardan backup doctor`: whether backups can be made, and brought back.

mod pgbackrest;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;
use kardan_backup::{Archive, Kind, Repository, Source, Verdict};
use serde::Serialize;

use super::args::{BackupPlace, EngineName};
use super::code;
use super::show::{bytes, span};
use crate::args::DatabaseUrl;
use crate::migrate::print_json;
use crate::{exit, findings};

/// The widest name of a check.
const WIDTH: usize = 12;
/// A clock that is further off makes times of recovery mean something else than people think.
const SKEW_SECONDS: i64 = 5;

#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// How old the last backup may be, in hours.
    #[arg(long, default_value_t = 26, value_name = "HOURS")]
    pub max_age: i64,
    /// How old the last backup that a drill found good may be, in hours.
    #[arg(long, default_value_t = 50, value_name = "HOURS")]
    pub max_unproved: i64,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Serialize)]
struct Finding {
    level: &'static str,
    check: &'static str,
    found: String,
    next: String,
}

fn good(check: &'static str, found: impl Into<String>) -> Finding {
    Finding {
        level: "ok",
        check,
        found: found.into(),
        next: String::new(),
    }
}

fn bad(
    level: &'static str,
    check: &'static str,
    found: impl Into<String>,
    next: impl Into<String>,
) -> Finding {
    Finding {
        level,
        check,
        found: found.into(),
        next: next.into(),
    }
}

pub async fn run(place: &BackupPlace, args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let found = match place.engine {
        EngineName::Core => core(place, args).await?,
        EngineName::Pgbackrest => pgbackrest::look(place, args).await?,
    };
    if args.json {
        print_json(&found)?;
    } else {
        for one in &found {
            findings::print(one.level, one.check, WIDTH, &one.found, &one.next);
        }
    }
    Ok(code(found.iter().all(|one| one.level != "FAILURE")))
}

async fn core(place: &BackupPlace, args: &DoctorArgs) -> anyhow::Result<Vec<Finding>> {
    let mut found = Vec::new();
    let source = match place.source(&args.database).await {
        Ok(source) => Some(source),
        Err(error) => {
            let next = "start it, or name another one by --database-url";
            found.push(bad("FAILURE", "server", exit::sentence(&error), next));
            None
        }
    };
    if let Some(source) = &source {
        server(source, &mut found).await?;
    }
    match place.open() {
        Err(error) => {
            let why = exit::sentence(&anyhow::Error::new(error));
            found.push(bad(
                "FAILURE",
                "repository",
                why,
                "kardan backup take makes one",
            ));
        }
        Ok(repository) => {
            let folder = repository.root().display().to_string();
            found.push(good("repository", folder));
            room(&repository, &mut found)?;
            archive(&repository, source.as_ref(), &mut found).await?;
            ages(&repository, args, &mut found)?;
        }
    }
    Ok(found)
}

async fn server(source: &Source, found: &mut Vec<Finding>) -> anyhow::Result<()> {
    match source.system_identifier().await {
        Ok(own) => found.push(good("server", format!("{own}, and this user may copy it"))),
        Err(error) => found.push(bad("FAILURE", "server", error.to_string(), "as it says")),
    }
    let major = source.major();
    let programs = [
        ("pg_basebackup", format!("postgresql-client-{major}")),
        ("pg_receivewal", format!("postgresql-client-{major}")),
        ("pg_dump", format!("postgresql-client-{major}")),
        ("pg_restore", format!("postgresql-client-{major}")),
        ("pg_verifybackup", format!("postgresql-client-{major}")),
        ("pg_amcheck", format!("postgresql-client-{major}")),
        ("pg_waldump", format!("postgresql-{major}")),
        ("pg_checksums", format!("postgresql-{major}")),
    ];
    let absent = programs
        .iter()
        .filter(|(name, _)| !source.bin_dir().join(name).is_file());
    let mut is_whole = true;
    for (name, package) in absent {
        is_whole = false;
        let next = format!("apt install {package}");
        found.push(bad(
            "FAILURE",
            "programs",
            format!("{name} is missing"),
            next,
        ));
    }
    if is_whole {
        let folder = source.bin_dir().display();
        found.push(good(
            "programs",
            format!("all of PostgreSQL {major}, in {folder}"),
        ));
    }
    let skew = source.clock_skew().await?.num_seconds();
    found.push(if skew.abs() <= SKEW_SECONDS {
        good("clock", format!("{skew} s from that of the server"))
    } else {
        let next = "set both by NTP: a time of recovery is one of the server's clock";
        bad(
            "warning",
            "clock",
            format!("{skew} s from that of the server"),
            next,
        )
    });
    Ok(())
}

/// Is there room for one more like the last one, and half as much again?
fn room(repository: &Repository, found: &mut Vec<Finding>) -> anyhow::Result<()> {
    let entries = repository.list()?;
    let largest = entries.iter().map(kardan_backup::Entry::stored_bytes).max();
    let free = kardan_backup::free_bytes(repository.root())?;
    let needed = largest.unwrap_or(0) * 3 / 2;
    let said = format!(
        "{} free, a backup takes {}",
        bytes(free),
        bytes(needed / 3 * 2)
    );
    found.push(if free >= needed {
        good("room", said)
    } else {
        bad(
            "FAILURE",
            "room",
            said,
            "kardan backup expire --keep 2 --dry-run",
        )
    });
    Ok(())
}

async fn archive(
    repository: &Repository,
    source: Option<&Source>,
    found: &mut Vec<Finding>,
) -> anyhow::Result<()> {
    let Some(archive) = Archive::load(repository)? else {
        let said = "off: only the moments of the backups can be had again";
        found.push(bad("warning", "archive", said, "kardan backup archive on"));
        return Ok(());
    };
    let missing: u64 = archive.gaps().iter().map(|gap| gap.segments).sum();
    if missing > 0 {
        let said = format!("{missing} segments are missing in the middle");
        found.push(bad(
            "FAILURE",
            "archive",
            said,
            "kardan backup take, and kardan backup wal list",
        ));
    }
    let Some(source) = source else { return Ok(()) };
    let server = kardan_backup::server_wal(source).await?;
    let next = "kardan backup archive status";
    found.push(match archive.lag_bytes(&server) {
        Some(lag) if lag <= 2 * server.segment_bytes() => {
            good("archive", format!("{} behind the server", bytes(lag)))
        }
        Some(lag) => bad(
            "FAILURE",
            "archive",
            format!("{} behind the server", bytes(lag)),
            next,
        ),
        None => bad(
            "FAILURE",
            "archive",
            "it has nothing of the server's timeline",
            next,
        ),
    });
    if server.kept_bytes.is_some() && !server.is_connected {
        let said = "the server keeps WAL for an archiver that is not there: its disk fills";
        found.push(bad(
            "FAILURE",
            "archiver",
            said,
            "start it, or kardan backup archive off",
        ));
    }
    Ok(())
}

fn ages(
    repository: &Repository,
    args: &DoctorArgs,
    found: &mut Vec<Finding>,
) -> anyhow::Result<()> {
    let (entries, reports) = (repository.list()?, repository.reports()?);
    let mut physical = entries
        .iter()
        .rev()
        .filter(|one| one.kind == Kind::Physical);
    let last = physical.next().map(|entry| entry.finished_at);
    found.push(age("backup", last, args.max_age, "kardan backup take"));
    let is_good = |id: &str| {
        let mut of = reports.iter().rev().filter(|report| report.id == id);
        of.next()
            .is_some_and(|report| report.verdict == Verdict::Good)
    };
    let proved = entries.iter().rev().find(|entry| is_good(&entry.id));
    let proved = proved.map(|entry| entry.finished_at);
    found.push(age(
        "proof",
        proved,
        args.max_unproved,
        "kardan backup drill",
    ));
    Ok(())
}

fn age(check: &'static str, at: Option<DateTime<Utc>>, hours: i64, next: &str) -> Finding {
    match at.map(|at| (Utc::now() - at).num_seconds()) {
        None => bad("FAILURE", check, "none yet", next),
        Some(seconds) if seconds <= hours * 3600 => good(check, format!("{} old", span(seconds))),
        Some(seconds) => bad("FAILURE", check, format!("{} old", span(seconds)), next),
    }
}
