//! The flags of `kardan load`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use kardan_load::mix::Mix;
use kardan_load::units;

use crate::args::DatabaseUrl;

const HELP: &str = "Examples:\n  \
    kardan load --rate 20 --duration 5m --ramp 30s --html load.html\n  \
    kardan load --users 200 --think 5s --duration 10m --json load.json\n  \
    kardan load --rate 50 --mix search=8,open=2 --fail-above-p99 150ms --fail-above-errors 1%\n  \
    kardan load --rate 50 --dry-run\n\n\
    The database is the one that the API serves, as a superuser: people get tokens for the time of the test, which end with it. \
    Start the API with --proxies 1, so that each person has the limit of an address to themselves. Ctrl-C ends the test and \
    tells what was measured.\n\n\
    Exit code 4: above --fail-above-p99 or --fail-above-errors. 5: the database is not marked for made-up data.";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Load {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// The API.
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL", value_parser = units::target)]
    pub target: String,
    /// So many people come a second, however slow the answers are [default: 10].
    #[arg(long, value_name = "N", value_parser = units::rate, conflicts_with = "users")]
    pub rate: Option<f64>,
    /// Instead: so many people are there all the time, each going on when they have an answer and have thought.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub users: Option<u32>,
    /// From nobody to all of them; this time is not counted.
    #[arg(long, default_value = "0s", value_name = "TIME", value_parser = units::duration)]
    pub ramp: Duration,
    /// How long is counted.
    #[arg(long, default_value = "1m", value_name = "TIME", value_parser = units::some_time)]
    pub duration: Duration,
    /// The same seed and market give the same visits.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// What people come for and how often, such as search=3,open=1 [default: all of it].
    #[arg(long, value_name = "NAME=N,…")]
    pub mix: Option<Mix>,
    /// How long people think between two requests, on average.
    #[arg(long, default_value = "2s", value_name = "TIME", value_parser = units::duration)]
    pub think: Duration,
    /// People who take part at most; a person has limits, such as 60 contacts an hour.
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub people: u32,
    /// How long an answer is waited for.
    #[arg(long, default_value = "10s", value_name = "TIME", value_parser = units::some_time)]
    pub timeout: Duration,
    /// With --rate: visits at once; who comes then waits, and is measured waiting.
    #[arg(long, default_value_t = 5000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub at_once: u32,
    /// Write the report as JSON; - is standard output.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report as one page with pictures.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Exit with 4 when one of a hundred requests took longer.
    #[arg(long, value_name = "TIME", value_parser = units::some_time)]
    pub fail_above_p99: Option<Duration>,
    /// Exit with 4 when a larger share failed; refusals as happen to people are no failures.
    #[arg(long, value_name = "SHARE", value_parser = units::share)]
    pub fail_above_errors: Option<f64>,
    /// Write into a database that is not marked for made-up data without asking.
    #[arg(long)]
    pub yes: bool,
    /// Say what would be done, make no tokens and send nothing.
    #[arg(long)]
    pub dry_run: bool,
}
