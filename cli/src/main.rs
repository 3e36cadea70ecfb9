//! The one binary `kardan`. Each command is a module; this file parses the command line and turns a failure into an exit
//! code and a sentence.

mod agent;
mod args;
mod ask;
mod backup;
mod bot;
mod cluster;
mod database;
mod demo_tokens;
mod doctor;
mod exit;
mod exporter;
mod findings;
mod jobs;
mod load;
mod migrate;
mod person;
mod photos;
mod seed;
mod serve;
mod shell;
mod stop;
mod token;
mod top;
mod up;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use kardan_monitoring::{LogFormat, LogLevel};

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging(&cli);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return exit::report(&anyhow::Error::new(error).context("starting the runtime"));
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => exit::report(&error),
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Up(args) => up::run(*args).await,
        Command::Serve(args) => serve::run(*args).await,
        Command::Worker(args) => worker::run(*args).await,
        Command::Bot(args) => bot::run(*args).await,
        Command::Migrate { action } => migrate::run(action).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Exporter(config) => exporter::run(*config).await,
        Command::Top(args) => top::run(args).await,
        Command::Backup(args) => backup::run(*args).await,
        Command::Cluster(args) => cluster::run(*args).await,
        Command::Agent(args) => agent::run(*args).await,
        Command::Token { action } => token::run(action).await,
        Command::Seed(args) => seed::run(*args).await,
        Command::Load(args) => load::run(*args).await,
        Command::Person { action } => person::run(action).await,
        Command::Photos { action } => photos::run(action).await,
        Command::Url(args) => up::url(&args),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { out } => shell::man(&out),
    }
}

/// `RUST_LOG` decides; without it, warnings, or more with `-v`. The exporter has upstream's flags for both.
fn logging(cli: &Cli) {
    let exporter = match &cli.command {
        Command::Exporter(config) => Some(config),
        _ => None,
    };
    let default = match (cli.verbose, exporter.and_then(|config| config.log_level)) {
        (_, Some(LogLevel::Error)) => "error",
        (_, Some(LogLevel::Warn)) => "warn",
        (_, Some(LogLevel::Debug)) => "info,kardan_monitoring=debug",
        // A drill breaks connections by the hundred, and counts them itself.
        (0, _) if matches!(cli.command, Command::Cluster(_)) => "warn,deadpool.postgres=off",
        (0, _) => {
            "warn,kardan_api=info,kardan_worker=info,kardan_bot=info,kardan_monitoring=info,kardan_cluster::agent=info"
        }
        (1, _) => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let is_json = match exporter.and_then(|config| config.log_format) {
        Some(format) => format == LogFormat::Json,
        None => std::env::var("KARDAN_LOG").is_ok_and(|format| format == "json"),
    };
    if is_json {
        builder.json().init();
    } else {
        builder.init();
    }
}
