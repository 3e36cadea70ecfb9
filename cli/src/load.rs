//! `kardan load`: seeded people use the API, and it is told how long they wait.

mod args;
mod cast;

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use kardan_bulk::draw;
use kardan_load::options::{Options, Pace};
use kardan_load::plan::Plan;
use kardan_load::report::Report;
use kardan_load::threshold::Thresholds;
use kardan_load::{Progress, page, text};

pub use args::Load;

use crate::exit::{FOUND, Failure};
use crate::migrate::print_json;
use crate::{ask, database, stop};

/// People who come a second when nobody says how many.
const RATE: f64 = 10.0;
/// Visits that a dry run shows.
const SHOWN: u64 = 10;

pub async fn run(args: Load) -> anyhow::Result<ExitCode> {
    let config = args.database.require()?;
    let mut client = args.database.connect().await?;
    let options = options(&args)?;
    let drawing = "drawing people and listings, which takes the login that seeded the market";
    let is_marked = draw::is_marked(&client).await.context(drawing)?;
    let drawn = cast::draw(&client, args.seed, args.people)
        .await
        .context(drawing)?;
    if args.dry_run {
        plan(&options, is_marked, drawn.unsigned())?;
        return Ok(ExitCode::SUCCESS);
    }
    if !is_marked {
        let what = format!(
            "write made-up listings, deals and reviews into {}, which is not marked for that (`kardan seed --mark`)",
            database::place(&config)
        );
        ask::agreement(&what, args.yes)?;
    }
    drawn.unsigned().require().map_err(refused)?;
    for file in [&args.json, &args.html].into_iter().flatten() {
        writable(file)?;
    }
    let stop = stop::on_signal()?;
    let (cast, tokens) = drawn
        .sign_in(&mut client, options.ramp + options.duration)
        .await?;
    let thresholds = Thresholds {
        p99: args.fail_above_p99,
        errors: args.fail_above_errors,
    };
    let progress = Arc::new(Progress::default());
    let shown = tokio::spawn(show(Arc::clone(&progress), options.ramp + options.duration));
    let ran = kardan_load::run(&options, thresholds, cast, &progress, &stop).await;
    shown.abort();
    if std::io::stderr().is_terminal() {
        eprintln!();
    }
    // Neither keeps the other from being done: a database that broke under the load is worth a report.
    let ended = tokens.end(&mut client).await;
    let report = ran.map_err(refused)?;
    write(&args, &report)?;
    ended?;
    Ok(if report.is_above() {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    })
}

/// What was refused before anybody came has the exit code of a refusal.
fn refused(error: kardan_load::Error) -> anyhow::Error {
    match error {
        kardan_load::Error::Empty(_) | kardan_load::Error::AnotherDatabase { .. } => {
            Failure::refused(error.to_string())
        }
        other => other.into(),
    }
}

fn options(args: &Load) -> anyhow::Result<Options> {
    let random = kardan_api::token::random().context("the system gave no randomness")?;
    let run: String = random
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Options {
        target: args.target.clone(),
        pace: match (args.users, args.rate) {
            (Some(users), _) => Pace::Users { users },
            (None, rate) => Pace::Rate {
                per_second: rate.unwrap_or(RATE),
            },
        },
        ramp: args.ramp,
        duration: args.duration,
        seed: args.seed,
        mix: args.mix.clone().unwrap_or_default(),
        think: args.think,
        timeout: args.timeout,
        at_once: args.at_once as usize,
        run: format!("load-{run}"),
    })
}

/// What a run would do, and the first who would come.
fn plan(options: &Options, is_marked: bool, cast: kardan_load::cast::Cast) -> anyhow::Result<()> {
    cast.require().map_err(refused)?;
    println!(
        "{} people, {} moderators, {} listings, {} of them with pieces to buy; against {}",
        cast.people.len(),
        cast.moderators.len(),
        cast.goods.len(),
        cast.stalls.len(),
        options.target
    );
    if !is_marked {
        println!("the database is not marked for made-up data: this would ask, or want --yes");
    }
    println!("what people come for: {}", options.mix);
    let plan = Plan::new(options.seed, options.mix.clone(), Arc::new(cast));
    for visit in (0..SHOWN).filter_map(|number| plan.visit(number)) {
        println!(
            "{:>4}  {:<10} person {:<8} listing {:<8} {}",
            visit.number, visit.journey, visit.person.user, visit.good.id, visit.query
        );
    }
    println!("nothing was written and nothing was sent");
    Ok(())
}

/// Asked before the test: an hour's report has to go somewhere.
fn writable(file: &Path) -> anyhow::Result<()> {
    if file == Path::new("-") {
        return Ok(());
    }
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(file)
        .with_context(|| format!("the report cannot be written to {}", file.display()))?;
    Ok(())
}

fn write(args: &Load, report: &Report) -> anyhow::Result<()> {
    match args.json.as_deref() {
        Some(file) if file == Path::new("-") => print_json(report)?,
        Some(file) => std::fs::write(file, serde_json::to_string_pretty(report)? + "\n")
            .with_context(|| format!("writing {}", file.display()))?,
        None => {}
    }
    if args.json.as_deref() != Some(Path::new("-")) {
        print!("{}", text::text(report));
    }
    if let Some(file) = &args.html {
        std::fs::write(file, page::html(report)?)
            .with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

/// How far it is, now and then: over the last line of a terminal, and line by line elsewhere.
async fn show(progress: Arc<Progress>, whole: Duration) {
    let is_terminal = std::io::stderr().is_terminal();
    let pause = Duration::from_millis(if is_terminal { 500 } else { 10_000 });
    let (begun, mut before) = (Instant::now(), 0);
    loop {
        tokio::time::sleep(pause).await;
        let of = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        let (done, began, ended) = (of(&progress.done), of(&progress.begun), of(&progress.ended));
        let line = format!(
            "{:.0} of {:.0} s: {began} people came, {} are here, {:.0} requests a second, {} failed",
            begun.elapsed().as_secs_f64(),
            whole.as_secs_f64(),
            began.saturating_sub(ended),
            (done - before) as f64 / pause.as_secs_f64(),
            of(&progress.failed)
        );
        before = done;
        match is_terminal {
            true => eprint!("\r\x1b[K{line}"),
            false => eprintln!("kardan: {line}"),
        }
    }
}
