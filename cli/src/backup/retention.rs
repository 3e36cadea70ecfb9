//! `kardan backup retention`: what a rule would leave, before it is the rule.

use std::process::ExitCode;

use chrono::{Duration, Utc};
use clap::{Args, Subcommand};
use kardan_backup::{Archive, Day, Future, Keep};

use super::args::BackupPlace;
use super::show::bytes;
use crate::migrate::print_json;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Show what would be there on each day to come, if the rule were applied behind every backup.
    #[command(
        after_help = "Example:\n  kardan backup retention simulate --keep 7 --days 30 --every 24 --for 45"
    )]
    Simulate(Simulate),
}

#[derive(Debug, Args)]
pub struct Simulate {
    /// Keep the last N of each kind.
    #[arg(long, value_name = "N", required_unless_present = "days")]
    pub keep: Option<usize>,
    /// Keep what is younger, and the newest that is older.
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u32>,
    /// A backup of each kind every so many hours.
    #[arg(long, default_value_t = 24, value_name = "HOURS")]
    pub every: u32,
    /// Look so many days ahead.
    #[arg(long = "for", default_value_t = 14, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub ahead: u32,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

pub fn run(place: &BackupPlace, action: &Action) -> anyhow::Result<ExitCode> {
    let Action::Simulate(args) = action;
    let repository = place.open()?;
    let (entries, archive) = (repository.list()?, Archive::load(&repository)?);
    let keep = Keep {
        last: args.keep,
        days: args.days,
    };
    let future = Future {
        every: Duration::hours(i64::from(args.every)),
        days: args.ahead,
    };
    let days = kardan_backup::simulate(&entries, archive.as_ref(), keep, future, Utc::now())?;
    if args.json {
        print_json(&days)?;
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{:<11} {:>7} {:>10} {:>10}  {:<17}  goes",
        "day", "backups", "stored", "WAL", "every moment of"
    );
    for day in &days {
        print(day);
    }
    println!("each backup as large as the last of its kind, and as much WAL a day as until now");
    Ok(ExitCode::SUCCESS)
}

fn print(day: &Day) {
    let since = day.every_moment_since.map_or_else(
        || "backups only".to_owned(),
        |since| {
            let hours = (day.at - since).num_hours();
            format!("the last {} d {} h", hours / 24, hours % 24)
        },
    );
    println!(
        "{:<11} {:>7} {:>10} {:>10}  {since:<17}  {}",
        day.at.format("%F"),
        day.backups,
        bytes(day.backup_bytes),
        bytes(day.wal_bytes),
        day.gone.join(", ")
    );
}
