//! `kardan backup wal`: what a server's `archive_command` and `restore_command` call, and what people ask of the archive.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use kardan_backup::{Archive, Error, Got, Progress, Repository};

use super::args::BackupPlace;
use super::{bar, code, show_wal};
use crate::args::DatabaseUrl;
use crate::exit;
use crate::migrate::print_json;

#[derive(Debug, Subcommand)]
pub enum Wal {
    /// Store a finished segment, history or label; for archive_command. It succeeds when the file is on the disk, and not before.
    #[command(
        after_help = "In postgresql.conf:\n  archive_command = 'kardan backup wal push \"%p\" --repository /srv/backups'"
    )]
    Push {
        /// The file (%p).
        path: PathBuf,
    },
    /// Give one back; for restore_command. Exit code 1: the archive does not have it, and ends there. 200: it is damaged, or missing
    /// in the middle, or cannot be read: a server stops then, instead of opening with less than there was.
    #[command(
        after_help = "In postgresql.conf:\n  restore_command = 'kardan backup wal get %f \"%p\" --repository /srv/backups'"
    )]
    Get {
        /// Its name (%f).
        name: String,
        /// Where to (%p).
        to: PathBuf,
    },
    /// Say which WAL is complete, by timeline, and what is missing. Exit code 4 when something is.
    List {
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Read every segment: is it still what was stored? Exit code 4 when one is not, or is missing.
    Verify {
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Close the segment at hand and wait until it is archived: then every moment before now can be had again.
    Switch {
        #[command(flatten)]
        database: DatabaseUrl,
        /// Wait so long, in seconds.
        #[arg(long, default_value_t = 60, value_name = "SECONDS")]
        wait: u64,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(place: &BackupPlace, action: Wal) -> anyhow::Result<ExitCode> {
    match action {
        Wal::Push { path } => {
            let pushed = kardan_backup::push(&place.open()?, &path)?;
            tracing::info!(segment = %path.display(), ?pushed, "WAL is archived");
            Ok(ExitCode::SUCCESS)
        }
        Wal::Get { name, to } => Ok(get(place, &name, &to)),
        Wal::List { json } => list(&place.open()?, json),
        Wal::Verify { json } => verify(&place.open()?, json),
        Wal::Switch {
            database,
            wait,
            json,
        } => {
            let source = place.source(&database).await?;
            let patience = Duration::from_secs(wait);
            let switched = kardan_backup::switch(&source, &place.open()?, patience).await?;
            if json {
                print_json(&switched)?;
            } else if switched.is_archived {
                println!("{} is archived", switched.segment);
            } else {
                println!(
                    "{} was not archived in {wait} s\nnext: kardan backup archive status",
                    switched.segment
                );
            }
            Ok(code(switched.is_archived))
        }
    }
}

/// Whatever goes wrong must not look like the end of the archive.
fn get(place: &BackupPlace, name: &str, to: &std::path::Path) -> ExitCode {
    let got = place
        .open()
        .and_then(|repository| kardan_backup::get(&repository, name, to));
    match got {
        Ok(Got::Given) => ExitCode::SUCCESS,
        Ok(Got::Absent) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("kardan: {}", exit::sentence(&anyhow::Error::new(error)));
            ExitCode::from(exit::STOP_RECOVERY)
        }
    }
}

fn load(repository: &Repository) -> Result<Archive, Error> {
    Archive::load(repository)?.ok_or_else(|| {
        Error::Target("nothing was archived yet; next: kardan backup archive on".to_owned())
    })
}

fn list(repository: &Repository, json: bool) -> anyhow::Result<ExitCode> {
    let archive = load(repository)?;
    let (stretches, gaps) = (archive.stretches()?, archive.gaps());
    let points = repository.points()?;
    if json {
        print_json(&serde_json::json!({
            "segment_bytes": archive.segment_bytes, "timelines": archive.timelines(),
            "complete": stretches, "missing": gaps, "points": points,
        }))?;
    } else {
        show_wal::wal(&stretches, &gaps, &points);
    }
    Ok(code(gaps.is_empty()))
}

fn verify(repository: &Repository, json: bool) -> anyhow::Result<ExitCode> {
    let archive = load(repository)?;
    let progress = Arc::new(Progress::default());
    let bar = bar::show(&progress);
    let broken = kardan_backup::check_wal(&archive, &progress);
    bar.end();
    let (broken, gaps) = (broken?, archive.gaps());
    if json {
        print_json(&serde_json::json!({ "damaged": broken, "missing": gaps }))?;
    } else {
        for one in &broken {
            println!(
                "DAMAGED  {}  {} ({})",
                one.name,
                one.why,
                one.path.display()
            );
        }
        for gap in &gaps {
            println!("MISSING  {}", show_wal::gap(gap));
        }
        if broken.is_empty() && gaps.is_empty() {
            println!("ok       all of it, without a gap");
        } else {
            println!("next: kardan backup take, so that a later moment can be had from behind it");
        }
    }
    Ok(code(broken.is_empty() && gaps.is_empty()))
}
