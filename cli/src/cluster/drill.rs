//! `kardan cluster drill`: breaking the cluster of compose.yml on purpose.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use kardan_cluster::Place;
use kardan_drill::history::{History, Op};
use kardan_drill::report::{self, Report};
use kardan_drill::scenario::Scenario;
use kardan_drill::{Class, Drill};
use kardan_schema::{Db, Role, Scope, contract, ops};

use super::args::{Agreed, PlaceArgs};
use crate::migrate::print_json;
use crate::{ask, exit, stop, token};

/// The person in whose name the drill writes listings.
const PERSON: &str = "drill";

#[derive(Debug, Args)]
pub struct DrillArgs {
    /// Kinds of faults, with commas between them; all of them unless told.
    #[arg(long, value_delimiter = ',', value_name = "F1,F2,…")]
    faults: Vec<Class>,
    /// What order, times and kinds of faults are drawn from; another one each time unless told.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Rounds of all kinds follow each other for about so long; at least one round.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1440), value_name = "M")]
    minutes: u64,
    /// Replay this one: the file that a drill has written.
    #[arg(long, conflicts_with_all = ["faults", "seed", "minutes"], value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Inserts and reads a second at the database, each; and half as many transfers and counts.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000), value_name = "N")]
    rate: u32,
    /// Seconds after which the nodes are looked at once more.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    settle: u64,
    /// Folder for report.json, report.md, timeline.svg, scenario.json and history.jsonl.
    #[arg(long, default_value = ".kardan/drill", value_name = "DIR")]
    out: PathBuf,
    /// Only mend what a drill that was killed has left: paused, ended and cut off nodes, a full disk.
    #[arg(long, conflicts_with_all = ["faults", "seed", "scenario"])]
    mend: bool,
    /// Folder with the API's `url` and `reader-url`.
    #[arg(
        long,
        env = "KARDAN_DRILL_APPLICATION",
        default_value = ".kardan/cluster/api",
        value_name = "DIR"
    )]
    application: PathBuf,
    /// The API's instances.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "http://127.0.0.1:8080,http://127.0.0.1:8081",
        value_name = "URLS"
    )]
    api: Vec<String>,
    /// The Compose project.
    #[arg(
        long,
        env = "COMPOSE_PROJECT_NAME",
        default_value = "kardan",
        value_name = "NAME"
    )]
    project: String,
    #[command(flatten)]
    agreed: Agreed,
    /// The report on standard output as JSON, for machines.
    #[arg(long)]
    json: bool,
}

pub async fn run(
    place: &Place,
    where_it_is: &PlaceArgs,
    args: DrillArgs,
) -> anyhow::Result<ExitCode> {
    let scenario = scenario(&args)?;
    if args.agreed.dry_run {
        return plan(&scenario, args.json);
    }
    let hosts = where_it_is
        .hosts
        .clone()
        .context("a drill is for the cluster of ./dev cluster up, which gives --hosts; call it by ./dev cluster drill")?;
    let _alone = alone(&hosts)?;
    let mut drill = Drill {
        place: where_it_is.config(),
        hosts,
        application: args.application,
        api: args.api,
        token: String::new(),
        project: args.project,
        scenario,
        rate: args.rate,
        settle: Duration::from_secs(args.settle),
    };
    if args.mend {
        drill.mend().await?;
        println!("mended; look at: kardan cluster status");
        return Ok(ExitCode::SUCCESS);
    }
    let what = format!(
        "kill, freeze, cut off and fill up the nodes of the Compose project {}, {} times in about {} minutes",
        drill.project,
        drill.scenario.steps.len(),
        drill.scenario.seconds().div_ceil(60)
    );
    ask::agreement(&what, args.agreed.yes)?;
    drill.token = writer(place).await?;

    std::fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    // Before anything is broken: a drill that does not come to its end can be replayed too.
    let text = serde_json::to_string_pretty(&drill.scenario)?;
    write(&args.out, "scenario.json", &text)?;
    let tell = |said: &str| eprintln!("{} {said}", chrono::Utc::now().format("%H:%M:%S"));
    let (report, history) = kardan_drill::run(&drill, &stop::on_signal()?, &tell).await?;
    keep(&args.out, &report, &history)?;
    if args.json {
        print_json(&report)?;
    } else {
        print!("{}", report::markdown(&report));
        println!("\nAll of it lies in {}", args.out.display());
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(exit::FOUND)
    })
}

fn scenario(args: &DrillArgs) -> anyhow::Result<Scenario> {
    if let Some(file) = &args.scenario {
        return Ok(Scenario::read(file)?);
    }
    let classes = if args.faults.is_empty() {
        Class::ALL.to_vec()
    } else {
        args.faults.clone()
    };
    // A seed that a person can say.
    let seed = args
        .seed
        .unwrap_or_else(|| chrono::Utc::now().timestamp_millis().unsigned_abs() % 1_000_000);
    Ok(Scenario::new(seed, &classes, args.minutes))
}

fn plan(scenario: &Scenario, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        print_json(scenario)?;
    } else {
        for (number, step) in (1..).zip(&scenario.steps) {
            println!(
                "{number:>3}  after {:.1} s: {}",
                step.quiet_ms as f64 / 1000.0,
                step.fault
            );
        }
        let minutes = scenario.seconds().div_ceil(60);
        println!(
            "about {minutes} minutes, seed {}; nothing was done",
            scenario.seed
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Two drills would find each other's faults.
fn alone(hosts: &Path) -> anyhow::Result<File> {
    let file = hosts.with_file_name("drill.lock");
    let lock = File::create(&file).with_context(|| file.display().to_string())?;
    ensure!(
        lock.try_lock().is_ok(),
        "another drill is held on this cluster; wait for its end ({} is locked)",
        file.display()
    );
    Ok(lock)
}

/// A token of the person who writes, good for as long as the longest drill.
async fn writer(place: &Place) -> anyhow::Result<String> {
    let status = place.status().await?;
    let leader = status
        .leader
        .context("nobody leads; look at: kardan cluster status")?;
    let client = place.superuser(&leader, "kardan").await?;
    same_program(&client).await?;
    let person = token::operator(&client, PERSON, Role::User).await?;
    let scopes = [Scope::Read, Scope::Write];
    Ok(token::issue(&client, person, PERSON, &scopes, 2).await?.0)
}

/// A line of the history.
#[derive(serde::Serialize)]
struct Line<'a> {
    kind: &'a str,
    #[serde(flatten)]
    op: &'a Op,
}

/// The clients call what this binary was built against: another program there would look like a broken cluster.
async fn same_program(client: &impl Db) -> anyhow::Result<()> {
    let offered = ops::contract_get(client)
        .await
        .context("asking for the program of the cluster")?
        .map(|applied| applied.functions)
        .unwrap_or_default();
    let missing: Vec<&str> = contract::committed()
        .filter(|line| !offered.iter().any(|one| one == line))
        .filter_map(|line| line.split('(').next())
        .collect();
    ensure!(
        missing.is_empty(),
        "the cluster holds another version of the program: {} functions of this one are missing or differ ({}, …); \
         migrate it, or use the binary that migrated it",
        missing.len(),
        missing.first().copied().unwrap_or_default()
    );
    Ok(())
}

fn keep(out: &Path, report: &Report, history: &History) -> anyhow::Result<()> {
    write(out, "report.json", &serde_json::to_string_pretty(report)?)?;
    write(out, "report.md", &report::markdown(report))?;
    let picture =
        report::plot(report, history).map_err(|why| anyhow::anyhow!("the picture: {why}"))?;
    write(out, "timeline.svg", &picture)?;
    let file = out.join("history.jsonl");
    let mut lines =
        std::io::BufWriter::new(File::create(&file).with_context(|| file.display().to_string())?);
    for (kind, ops) in history.all() {
        for op in ops {
            serde_json::to_writer(&mut lines, &Line { kind, op })?;
            lines.write_all(b"\n")?;
        }
    }
    Ok(lines.flush()?)
}

fn write(out: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let file = out.join(name);
    std::fs::write(&file, text).with_context(|| file.display().to_string())
}
