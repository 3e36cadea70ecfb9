//! `kardan up`: PostgreSQL, schema, demo data and API with one command, and all of it gone with one Ctrl-C.

use std::io::{IsTerminal as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Parser as _;
use kardan_migrations::Cron;
use kardan_photos::Store;
use tokio::task::JoinHandle;
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use crate::args::{DataDir, TelegramArgs, Up};
use crate::backup::{self, Keeper};
use crate::exit::Failure;
use crate::{database, demo_tokens, jobs, migrate, stop};

/// The database inside the embedded server.
const DATABASE: &str = "kardan";

/// Where the parts find the database.
struct Place {
    /// As somebody who may migrate.
    admin: Config,
    /// As the API.
    api: String,
    /// As the worker.
    worker: String,
    /// As the bot.
    bot: String,
    /// As the role that runs jobs.
    jobs: Config,
    /// Where the demo tokens are kept.
    tokens: PathBuf,
}

/// Settings of the API come from the environment; what `up` decides itself is set over them.
#[derive(Debug, clap::Parser)]
struct Api {
    #[command(flatten)]
    config: kardan_api::Config,
}

/// Settings of the worker, in the same way.
#[derive(Debug, clap::Parser)]
struct Worker {
    #[command(flatten)]
    config: kardan_worker::Config,
}

/// Settings of the bot, in the same way.
#[derive(Debug, clap::Parser)]
struct Telegram {
    #[command(flatten)]
    config: TelegramArgs,
}

pub async fn run(args: Up) -> anyhow::Result<ExitCode> {
    let stop = stop::on_signal()?;
    if args.fresh && !throw_away(&args).await? {
        return Ok(ExitCode::SUCCESS);
    }
    // Asked before anything is started, so that a mistake costs nothing.
    let listener = listen(args.listen)?;
    let Some(config) = args.database.find()? else {
        return embedded(&args, listener, stop).await;
    };
    let url = args.database.text()?.unwrap_or_default();
    let place = Place {
        api: as_role(&url, "kardan_api")?,
        worker: as_role(&url, "kardan_worker")?,
        bot: as_role(&url, "kardan_bot")?,
        jobs: as_role(&url, "kardan_maintenance")?
            .parse()
            .context("--database-url")?,
        tokens: args.data_dir.data_dir.join("tokens.json"),
        admin: config,
    };
    std::fs::create_dir_all(&args.data_dir.data_dir)
        .with_context(|| format!("making {}", args.data_dir.data_dir.display()))?;
    serve(&args, &place, listener, stop).await?;
    Ok(ExitCode::SUCCESS)
}

async fn embedded(
    args: &Up,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<ExitCode> {
    let folder = &args.data_dir.data_dir;
    let mut config = kardan_embedded::Config::new(folder);
    config.port = args.port;
    for extension in ["pg_trgm", "pg_partman"] {
        kardan_embedded::require_extension(config.bin_dir.as_deref(), extension)?;
    }
    let since = Instant::now();
    let server = kardan_embedded::Server::start(config).await?;
    say(&format!(
        "PostgreSQL {} runs in {} ({})",
        server.version() / 10_000,
        server.data_dir().display(),
        took(since)
    ));
    let address = folder.join("url");
    let outcome = async {
        create_database(&server).await?;
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        std::fs::write(&address, server.url(DATABASE))
            .with_context(|| format!("writing {}", address.display()))?;
        let place = Place {
            admin: server.url(DATABASE).parse()?,
            api: server.url_as("kardan_api", DATABASE),
            worker: server.url_as("kardan_worker", DATABASE),
            bot: server.url_as("kardan_bot", DATABASE),
            jobs: server.url_as("kardan_maintenance", DATABASE).parse()?,
            tokens: server.data_dir().join("tokens.json"),
        };
        let source =
            kardan_backup::Source::new(place.admin.clone(), Some(server.installation().bin_dir()))
                .await?;
        let keeper = Keeper::start(folder, source);
        let served = serve(args, &place, listener, stop).await;
        keeper.stop().await;
        served
    }
    .await;
    // Gone with the server, so that nobody is sent to an address where nothing answers.
    let _ = std::fs::remove_file(&address);
    let stopped = server.stop().await;
    outcome?;
    stopped?;
    say("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn create_database(server: &kardan_embedded::Server) -> anyhow::Result<()> {
    let client = database::connect(&server.url("postgres").parse()?).await?;
    let present = client
        .query_opt(
            "select from pg_database as d where d.datname = $1",
            &[&DATABASE],
        )
        .await
        .context("looking for the database")?;
    if present.is_none() {
        client
            .batch_execute(&format!("create database {DATABASE}"))
            .await
            .context("making the database")?;
    }
    Ok(())
}

async fn serve(
    args: &Up,
    place: &Place,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut client = database::connect(&place.admin).await?;
    let since = Instant::now();
    let done = kardan_migrations::up(&mut client, migrate::REVISION).await?;
    say(&format!(
        "schema is up to date: {} migrations applied ({})",
        done.migrations.len(),
        took(since)
    ));
    let mut config = settings(args)?;
    if !args.no_demo {
        let since = Instant::now();
        let store = Store::open(&config.photos).context("opening the store of photos")?;
        if kardan_seeder::demo::fill(&mut client, &store).await? {
            say(&format!("demo data is in ({})", took(since)));
        }
    }
    let tokens = if args.no_demo {
        None
    } else {
        Some(demo_tokens::ready(&client, &place.tokens).await?)
    };
    drop(client);

    config.database_url = Some(place.api.parse()?);
    if done.cron == Cron::Process {
        tokio::spawn(jobs::run(place.jobs.clone(), stop.clone()));
    }
    // Said now, and not by every request: whoever may migrate need not be able to act as the API.
    database::connect(&place.api.parse()?).await.context(
        "the API cannot use this login: give one that may act as kardan_api, or use `kardan migrate up` and `kardan serve`",
    )?;
    let working = worker(place, &config, stop.clone())?;
    let talking = bot(place, &config, stop.clone())?;
    let address = listener.local_addr()?;
    welcome(address, tokens.as_ref());
    let listener = tokio::net::TcpListener::from_std(listener)?;
    kardan_api::serve(config, listener, stop).await?;
    working.await??;
    if let Some(talking) = talking {
        talking.await?;
    }
    Ok(())
}

/// The bot in this process, when there is a token. One that Telegram does not know stops nothing else.
fn bot(
    place: &Place,
    api: &kardan_api::Config,
    stop: CancellationToken,
) -> anyhow::Result<Option<JoinHandle<()>>> {
    let telegram = Telegram::try_parse_from(["kardan up"])?.config;
    let Some(token) = telegram.token()? else {
        return Ok(None);
    };
    let config = telegram.config(token, place.bot.parse()?, api.photos.clone());
    Ok(Some(tokio::spawn(async move {
        if let Err(error) = kardan_bot::run(config, stop).await {
            say(&format!(
                "the bot has stopped: {}",
                kardan_schema::chain(&error)
            ));
        }
    })))
}

/// The worker in this process, on the photos of the API.
fn worker(
    place: &Place,
    api: &kardan_api::Config,
    stop: CancellationToken,
) -> anyhow::Result<JoinHandle<Result<(), kardan_worker::Error>>> {
    let mut config = Worker::try_parse_from(["kardan up"])?.config;
    config.database_url = Some(place.worker.parse()?);
    config.photos = api.photos.clone();
    Ok(tokio::spawn(kardan_worker::run(config, stop)))
}

/// Settings of the API; photos lie beside the data, unless the environment names another place.
fn settings(args: &Up) -> anyhow::Result<kardan_api::Config> {
    let mut config = Api::try_parse_from(["kardan up"])?.config;
    config.listen = args.listen;
    if std::env::var_os("KARDAN_PHOTOS").is_none() {
        config.photos = kardan_photos::Config::folder(&args.data_dir.data_dir.join("photos"));
    }
    Ok(config)
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!(
                "{address} is taken by another program; choose another one with --listen"
            )
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Whether to go on.
async fn throw_away(args: &Up) -> anyhow::Result<bool> {
    let folder = &args.data_dir.data_dir;
    if args.dry_run {
        println!(
            "--fresh would delete the database and the photos in {} with everything in them",
            folder.display()
        );
        return Ok(false);
    }
    if !args.yes {
        if !std::io::stdin().is_terminal() {
            return Err(Failure::refused(format!(
                "--fresh would delete the database and the photos in {}; say --yes as well where nobody can be asked",
                folder.display()
            )));
        }
        eprint!(
            "Delete the database and the photos in {} with everything in them? [y/N] ",
            folder.display()
        );
        std::io::stderr().flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            return Err(Failure::refused("nothing was deleted"));
        }
    }
    kardan_embedded::remove(folder).await?;
    backup::forget(folder).context("ending its archive")?;
    // Only those beside the data: whoever names another place for photos may share it.
    match tokio::fs::remove_dir_all(folder.join("photos")).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(anyhow::Error::new(error).context("deleting the photos"))
        }
        _ => Ok(true),
    }
}

/// `kardan url`.
pub fn url(args: &DataDir) -> anyhow::Result<ExitCode> {
    let file = args.data_dir.join("url");
    let url = std::fs::read_to_string(&file).with_context(|| {
        format!(
            "no server of {} is running; start one with `kardan up`",
            args.data_dir.display()
        )
    })?;
    println!("{url}");
    Ok(ExitCode::SUCCESS)
}

/// The same login, acting as this role from the first statement on: whoever may migrate may do too much to serve. Limits of a
/// role count for its own logins only, so those of the API are said here again.
fn as_role(url: &str, role: &str) -> anyhow::Result<String> {
    let config: Config = url
        .parse()
        .context("--database-url is not a PostgreSQL URL or connection string")?;
    let mut options = config
        .get_options()
        .map(|given| format!("{given} "))
        .unwrap_or_default();
    options.push_str(&format!("-c role={role}"));
    if role == "kardan_api" {
        options.push_str(" -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s");
    }
    // The last of two options wins, so the former ones are part of ours.
    Ok(
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let joint = if url.contains('?') { '&' } else { '?' };
            let encoded: String = options.bytes().map(|byte| format!("%{byte:02X}")).collect();
            format!("{url}{joint}options={encoded}")
        } else {
            let quoted = options.replace('\\', "\\\\").replace('\'', "\\'");
            format!("{url} options='{quoted}'")
        },
    )
}

fn say(text: &str) {
    eprintln!("kardan: {text}");
}

fn took(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}

fn welcome(address: SocketAddr, tokens: Option<&std::collections::BTreeMap<String, String>>) {
    let base = format!("http://{address}");
    println!("\n  API    {base}/v1\n  Docs   {base}/docs\n  Ready  {base}/health/ready\n");
    let Some(tokens) = tokens else { return };
    println!("  Demo tokens");
    for (role, token) in tokens {
        println!("    {role:<14} {token}");
    }
    let token = |role: &str| tokens.get(role).map_or("", String::as_str);
    println!(
        "\n  Try\n    curl '{base}/v1/listings?query=фильтр'\n    curl '{base}/v1/listings?query=w712-95'\n    \
         curl -H 'Authorization: Bearer {}' {base}/v1/me/listings\n    \
         curl -H 'Authorization: Bearer {}' {base}/v1/moderation/queue\n\n  Ctrl-C stops everything; the data stays.\n",
        token("seller"),
        token("moderator"),
    );
    // The lines above are an answer that scripts may wait for.
    let _ = std::io::stdout().flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(url: &str, role: &str) -> String {
        let config: Config = as_role(url, role)
            .unwrap_or_default()
            .parse()
            .unwrap_or_default();
        config.get_options().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_url_gets_the_role_and_keeps_the_options_that_it_had() {
        for url in [
            "postgres://a:b@h/d?options=-c%20geqo%3Doff",
            "host=h user=a dbname=d options='-c geqo=off'",
        ] {
            assert_eq!(
                options(url, "kardan_maintenance"),
                "-c geqo=off -c role=kardan_maintenance"
            );
            assert!(options(url, "kardan_api").contains("statement_timeout=5s"));
        }
        assert_eq!(
            options("postgres://a@h/d", "kardan_maintenance"),
            "-c role=kardan_maintenance"
        );
    }
}
