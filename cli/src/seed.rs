//! `kardan seed`: a market of any size in a database that is marked for it.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use kardan_bulk::{Error, Exported, Format, Made, Mode, Options, Progress, Report};
use kardan_schema::load;

use crate::args::{ExportFormat, Seed};
use crate::exit::Failure;
use crate::migrate::print_json;
use crate::stop;

/// Listings of scale 1.
const LISTINGS: f64 = 1e6;

pub async fn run(args: Seed) -> anyhow::Result<ExitCode> {
    let options = options(&args)?;
    if args.dry_run {
        plan(&args, options.listings)?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = args.database.require()?;
    // The error of a server that is not there names the place and what to do.
    drop(args.database.connect().await?);
    if args.mark {
        kardan_bulk::mark(&config).await.map_err(told)?;
        println!(
            "{} may be filled with made-up data now",
            crate::database::place(&config)
        );
        return Ok(ExitCode::SUCCESS);
    }
    if args.calibrate {
        let made = kardan_bulk::calibrate(&config, &options)
            .await
            .map_err(told)?;
        match args.json {
            true => print_json(&made)?,
            false => costs(&made),
        }
        return Ok(ExitCode::SUCCESS);
    }
    let stop = stop::on_signal()?;
    let progress = Arc::new(Progress::default());
    let shown = tokio::spawn(show(Arc::clone(&progress)));
    let ended = match &args.export {
        Some(folder) => {
            let target = (folder.as_path(), format(args.format));
            let files = kardan_bulk::export(&config, &options, target, &progress, &stop).await;
            files.map(Done::Files)
        }
        None => kardan_bulk::seed(&config, &options, &progress, &stop)
            .await
            .map(Done::Rows),
    };
    shown.abort();
    if std::io::stderr().is_terminal() {
        eprintln!();
    }
    match (ended.map_err(told)?, args.json) {
        (Done::Rows(report), true) => print_json(&report)?,
        (Done::Rows(report), false) => summary(&report),
        (Done::Files(files), true) => print_json(&files)?,
        (Done::Files(files), false) => listed(&files),
    }
    Ok(ExitCode::SUCCESS)
}

enum Done {
    Rows(Report),
    Files(Vec<Exported>),
}

const fn format(format: ExportFormat) -> Format {
    match format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Parquet => Format::Parquet,
        ExportFormat::Sql => Format::Sql,
    }
}

/// Whatever was refused before anything was done has the exit code of a refusal.
fn told(error: Error) -> anyhow::Error {
    match error {
        Error::NotMarked | Error::NotEmpty(_) | Error::AlreadySeeded | Error::Busy => {
            Failure::refused(error.to_string())
        }
        Error::FolderNotEmpty(_) => Failure::refused(error.to_string()),
        Error::NothingThere(_) | Error::AnotherMarket(_) | Error::Disk { .. } => {
            Failure::refused(error.to_string())
        }
        other => other.into(),
    }
}

fn options(args: &Seed) -> anyhow::Result<Options> {
    anyhow::ensure!(
        args.scale > 0.0 && args.scale <= 1000.0,
        "--scale is above 0 and at most 1000"
    );
    let today = chrono::Utc::now().date_naive();
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    Ok(Options {
        seed: args.seed,
        listings: (args.scale * LISTINGS).round().max(1.0) as u64,
        jobs: args.jobs.unwrap_or(cores),
        time: (
            microseconds(args.from),
            microseconds(args.to.unwrap_or(today)),
        ),
        counted_days: args.counted_days,
        mode: match (args.append, args.resume) {
            (true, _) => Mode::Append,
            (_, true) => Mode::Resume,
            _ => Mode::New,
        },
        only: args.only.clone(),
        adversarial: args.adversarial,
        contract: Some(load::HASH.to_string()),
        chunk: None,
    })
}

/// Microseconds from 2000-01-01 to the beginning of this day, in UTC.
fn microseconds(day: NaiveDate) -> i64 {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(day);
    (day - first).num_days().saturating_mul(86_400_000_000)
}

fn plan(args: &Seed, listings: u64) -> anyhow::Result<()> {
    let tables = kardan_bulk::planned(listings);
    if args.json {
        let tables: Vec<_> = tables
            .iter()
            .map(|(name, per, count)| {
                serde_json::json!({ "table": name, "per": format!("{per:?}").to_lowercase(), "count": count })
            })
            .collect();
        return print_json(&serde_json::json!({
            "listings": listings,
            "disk_bytes": kardan_bulk::bytes_wanted(listings),
            "tables": tables,
        }));
    }
    for (name, per, count) in tables {
        println!(
            "{name:<34} of {count:>10} {}s",
            format!("{per:?}").to_lowercase()
        );
    }
    println!(
        "about {:.1} GB with indexes; nothing was written",
        kardan_bulk::bytes_wanted(listings) as f64 / 1e9
    );
    Ok(())
}

/// What has been done, now and then: over the last line of a terminal, and line by line elsewhere.
async fn show(progress: Arc<Progress>) {
    let is_terminal = std::io::stderr().is_terminal();
    let pause = Duration::from_millis(if is_terminal { 500 } else { 10_000 });
    let begun = Instant::now();
    loop {
        tokio::time::sleep(pause).await;
        let tables = progress.tables();
        let sum = |of: fn(&kardan_bulk::Counts) -> &std::sync::atomic::AtomicU64| -> u64 {
            tables
                .iter()
                .map(|(_, counts)| of(counts).load(Ordering::Relaxed))
                .sum()
        };
        let (done, wanted, bytes) = (sum(|c| &c.done), sum(|c| &c.wanted), sum(|c| &c.bytes));
        let seconds = begun.elapsed().as_secs_f64();
        let part = done as f64 / wanted.max(1) as f64;
        let left = seconds / part.max(1e-3) - seconds;
        let at = tables.iter().find(|(_, counts)| {
            let done = counts.done.load(Ordering::Relaxed);
            done > 0 && done < counts.wanted.load(Ordering::Relaxed)
        });
        let line = format!(
            "{}: {:.0} %, {} MB sent, {:.0} MB/s, about {left:.0} s left; {}",
            progress.stage(),
            part * 100.0,
            bytes >> 20,
            bytes as f64 / seconds / 1e6,
            at.map_or("", |(name, _)| name),
        );
        match is_terminal {
            true => eprint!("\r\x1b[K{line}"),
            false => eprintln!("kardan: {line}"),
        }
    }
}

fn costs(made: &[Made]) {
    for table in made {
        println!(
            "{:<34} {:>12} rows  {}  {:>10.0} rows/s  {:>6.0} MB/s",
            table.table,
            table.rows,
            table.fingerprint,
            table.rows as f64 / table.seconds.max(1e-9),
            table.bytes as f64 / table.seconds.max(1e-9) / 1e6,
        );
    }
}

fn listed(files: &[Exported]) {
    for one in files {
        println!(
            "{:<40} {:>12} rows  {}  {:>8.1} MB",
            one.file,
            one.rows,
            one.fingerprint,
            one.bytes as f64 / 1e6
        );
    }
    let rows: u64 = files.iter().map(|one| one.rows).sum();
    let bytes: u64 = files.iter().map(|one| one.bytes).sum();
    println!("{rows} rows in {:.1} MB", bytes as f64 / 1e6);
}

fn summary(report: &Report) {
    for (name, table) in &report.tables {
        let speed = report.rows_per_second.get(name);
        println!(
            "{name:<34} {:>12} rows  {}  {}",
            table.rows,
            table.fingerprint,
            speed.map_or_else(String::new, |speed| format!(
                "{speed:.0} rows/s a connection"
            ))
        );
    }
    let stages: Vec<String> = report
        .stages
        .iter()
        .map(|(stage, seconds)| format!("{stage} {seconds:.1} s"))
        .collect();
    println!(
        "{} rows and {} MB in {:.1} s: {}",
        report.rows,
        report.bytes >> 20,
        report.seconds,
        stages.join(", ")
    );
}
