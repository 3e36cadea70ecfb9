//! The command line: what `--help` says is the documentation.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kardan_schema::{Role, Scope, Secret};

/// Kardan: everything around a car, in one PostgreSQL cluster.
#[derive(Debug, Parser)]
#[command(name = "kardan", version, about, after_long_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// Say more on standard error; twice for everything. `RUST_LOG` overrides it, `KARDAN_LOG=json` makes it JSON.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes:\n  0  done\n  1  failed\n  2  the command line is wrong\n  \
    3  the database cannot be reached\n  4  `doctor` or `migrate plan --check` found something to do, `load` went above what was asked\n  \
    5  refused: it would destroy something and nobody agreed\n\n\
    Examples:\n  kardan up\n  kardan migrate plan --database-url postgres://kardan_migrator@db/kardan\n  \
    kardan doctor --json\n  kardan token create --user 42 --scope read --scope write";

const EXPORTER_HELP: &str = "Examples:\n  \
    DATA_SOURCE_NAME='user=kardan_monitor host=/run/postgresql dbname=kardan' kardan exporter\n  \
    kardan exporter --collector.stat_statements --no-collector.wal --extend.query-path queries.yaml\n  \
    curl 'http://localhost:9187/probe?target=db2:5432/kardan&auth_module=monitor'";

const SEED_HELP: &str = "Examples:\n  \
    kardan seed --mark --database-url postgres://postgres@localhost/load\n  \
    kardan seed --scale 0.1 --seed 7 --to 2026-01-01\n  \
    kardan seed --append --scale 0.5 --seed 7\n  \
    kardan seed --scale 1 --counted-days 365\n  \
    kardan seed --profile test --export rows --format parquet\n  \
    kardan seed --scale 1 --dry-run --json\n\n\
    It takes a superuser, because triggers rest during the load. The first time, secondary indexes and foreign keys are taken \
    away and made again afterwards. Ctrl-C stops between two chunks; --resume goes on.";

const WORKER_HELP: &str = "Examples:\n  \
    kardan worker --database-url postgres://kardan_worker@db/kardan --listen 127.0.0.1:9090\n  \
    kardan worker --once --task search-alerts --json";

const BOT_HELP: &str = "Examples:\n  \
    kardan bot --database-url postgres://kardan_bot@db/kardan --bot-token-file /etc/kardan/bot.token\n  \
    TELEGRAM_API_URL=http://127.0.0.1:8081 kardan bot";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start everything on this machine: PostgreSQL, schema, demo data, API.
    Up(Box<Up>),
    /// Serve the API against a database that exists.
    Serve(Box<Serve>),
    /// Do what SQL cannot: tell people of new matches, take files away. One or many, killed at any moment.
    #[command(after_help = WORKER_HELP)]
    Worker(Box<Worker>),
    /// Talk with people in Telegram, and bring them and the channels what the outbox holds. One or many.
    #[command(after_help = BOT_HELP)]
    Bot(Box<Bot>),
    /// Bring a database up to date, or say what that would do.
    Migrate {
        #[command(subcommand)]
        action: Migrate,
    },
    /// Look for what is wrong with a database; each finding names the next step.
    Doctor(Doctor),
    /// Tell Prometheus about PostgreSQL: a drop-in for postgres_exporter 0.17.1, and more.
    #[command(after_help = EXPORTER_HELP)]
    Exporter(Box<kardan_monitoring::Config>),
    /// Watch a server in the terminal: sessions, locks, statements, replication, partitions.
    Top(Top),
    /// Make backups, prove them by restoring them, bring them back.
    Backup(Box<crate::backup::Backup>),
    /// See and change the three-node cluster.
    Cluster(Box<crate::cluster::Cluster>),
    /// Stand beside Patroni on a database node: stop one that was frozen or runs out of disk before it does harm.
    Agent(Box<crate::agent::AgentArgs>),
    /// Tokens for programs and people.
    Token {
        #[command(subcommand)]
        action: Token,
    },
    /// Fill a database with a believable market of any size, for load tests, demos and benchmarks.
    Seed(Box<Seed>),
    /// Let seeded people use the API, as many as are wanted, and say how long they wait.
    Load(Box<crate::load::Load>),
    /// What is stored about a person.
    Person {
        #[command(subcommand)]
        action: Person,
    },
    /// The files of photos.
    Photos {
        #[command(subcommand)]
        action: Photos,
    },
    /// Print the URL of the embedded server that `kardan up` runs.
    Url(DataDir),
    /// Print completions for a shell.
    #[command(after_help = "Example:\n  kardan completions bash > /etc/bash_completion.d/kardan")]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Write man pages, one for each command.
    #[command(after_help = "Example:\n  kardan man --out /usr/local/share/man/man1")]
    Man {
        /// The folder to write into.
        #[arg(long)]
        out: PathBuf,
    },
}

/// Where the database is. The file form keeps a password off the command line.
#[derive(Debug, Clone, Args)]
pub struct DatabaseUrl {
    /// The database, for example postgres://kardan_migrator@localhost/kardan.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// A file that holds the URL.
    #[arg(
        long,
        env = "DATABASE_URL_FILE",
        value_name = "FILE",
        conflicts_with = "database_url"
    )]
    pub database_url_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct DataDir {
    /// Where the embedded server keeps its data.
    #[arg(
        long,
        global = true,
        env = "KARDAN_DATA_DIR",
        default_value = ".kardan",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kardan up\n  kardan up --listen 0.0.0.0:8080\n  kardan up --fresh --yes\n  \
    kardan up --database-url postgres://postgres@localhost/kardan"
)]
pub struct Up {
    #[command(flatten)]
    pub data_dir: DataDir,
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Where the API listens.
    #[arg(long, env = "KARDAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Port of the embedded server; without it, the one of the last start, or a free one.
    #[arg(long, conflicts_with_all = ["database_url", "database_url_file"])]
    pub port: Option<u16>,
    /// Throw the embedded server's data away first. Asks, unless `--yes`.
    #[arg(long, conflicts_with_all = ["database_url", "database_url_file"])]
    pub fresh: bool,
    /// With `--fresh`: do not ask.
    #[arg(long, requires = "fresh")]
    pub yes: bool,
    /// With `--fresh`: say what would be deleted, and stop.
    #[arg(long, requires = "fresh")]
    pub dry_run: bool,
    /// Leave the database empty: no demo people and listings.
    #[arg(long)]
    pub no_demo: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  DATABASE_URL=postgres://kardan_api@localhost/kardan kardan serve --listen 0.0.0.0:8080"
)]
pub struct Serve {
    #[command(flatten)]
    pub api: kardan_api::Config,
    /// Where pg_cron is absent: the database as kardan_maintenance, for running the SQL jobs from here.
    #[arg(
        long,
        env = "KARDAN_JOBS_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub jobs_url: Option<String>,
}

#[derive(Debug, Args)]
pub struct Worker {
    #[command(flatten)]
    pub worker: kardan_worker::Config,
    /// Do what there is to do now, say what that was, and end.
    #[arg(long)]
    pub once: bool,
    /// With --once: say it as JSON.
    #[arg(long, requires = "once")]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Bot {
    #[command(flatten)]
    pub database: DatabaseUrl,
    #[command(flatten)]
    pub telegram: TelegramArgs,
    #[command(flatten)]
    pub photos: kardan_photos::Config,
}

/// The bot in Telegram.
#[derive(Debug, Clone, Args)]
pub struct TelegramArgs {
    /// The bot's token, from @BotFather. The API takes the same one, to let people in.
    #[arg(
        long,
        env = "KARDAN_BOT_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub bot_token: Option<Secret>,
    /// A file that holds the token.
    #[arg(
        long,
        env = "KARDAN_BOT_TOKEN_FILE",
        value_name = "FILE",
        conflicts_with = "bot_token"
    )]
    pub bot_token_file: Option<PathBuf>,
    /// Where the Bot API is: a server of one's own, or a test's.
    #[arg(
        long,
        env = "TELEGRAM_API_URL",
        default_value = "https://api.telegram.org",
        value_name = "URL"
    )]
    pub telegram_api_url: String,
    /// Address and port for health and metrics; neither is served without it.
    #[arg(long, env = "KARDAN_BOT_LISTEN", value_name = "ADDR")]
    pub bot_listen: Option<SocketAddr>,
    /// Milliseconds between two looks into an outbox that was empty.
    #[arg(
        long,
        env = "KARDAN_BOT_POLL",
        default_value_t = 500,
        value_name = "MS"
    )]
    pub bot_poll: u64,
    /// Connections to PostgreSQL at most.
    #[arg(
        long,
        env = "KARDAN_BOT_POOL_SIZE",
        default_value_t = 8,
        value_name = "N"
    )]
    pub bot_pool_size: usize,
}

#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Say what an update would do. Changes nothing.
    Plan {
        #[command(flatten)]
        database: DatabaseUrl,
        /// For machines.
        #[arg(long)]
        json: bool,
        /// Exit with 4 when there is something to do.
        #[arg(long)]
        check: bool,
    },
    /// Bring the database up to date: migrations, online steps, program, jobs. Safe to start from many places at once.
    Up {
        #[command(flatten)]
        database: DatabaseUrl,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Say what the database has had.
    Status {
        #[command(flatten)]
        database: DatabaseUrl,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Print the SQL that only a superuser may run, once for each database.
    #[command(after_help = "Example:\n  kardan migrate bootstrap | psql -U postgres kardan")]
    Bootstrap,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  kardan doctor\n  kardan doctor --deep --json")]
pub struct Doctor {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Look also whether it works well: indexes, bloat, sequences, statistics, long transactions, settings.
    #[arg(long)]
    pub deep: bool,
    /// With `--deep`: seconds after which a transaction is long.
    #[arg(long, default_value_t = 300, requires = "deep", value_name = "SECONDS")]
    pub long_transaction: u64,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Keys: q quit, tab or 1 to 5 pane, s column to sort by, o order, arrows scroll, space pause, r now, + and - interval.\n\n\
    Examples:\n  kardan top --database-url 'postgres://kardan_monitor@db/kardan'\n  kardan top --once --pane locks\n  \
    kardan top --pane sessions --sort statement"
)]
pub struct Top {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Print text once and end, for a file or a terminal that cannot do more.
    #[arg(long)]
    pub once: bool,
    /// Seconds between two looks.
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    pub interval: f64,
    /// The pane to begin with; with `--once` the only one.
    #[arg(long, value_name = "NAME", value_parser = panes())]
    pub pane: Option<String>,
    /// The column to sort by, the biggest first; with a `-` before its name the smallest.
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "pane",
        allow_hyphen_values = true
    )]
    pub sort: Option<String>,
    /// With `--once`: rows of a pane.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rows: usize,
}

fn panes() -> clap::builder::PossibleValuesParser {
    kardan_monitoring::top::PANES
        .iter()
        .map(|pane| pane.name)
        .into()
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token and print it once; only its hash is kept.
    #[command(
        after_help = "Examples:\n  kardan token create --user 42 --scope read\n  \
        kardan token create --user ci --role moderator --scope read --scope moderate --days 7"
    )]
    Create {
        #[command(flatten)]
        database: DatabaseUrl,
        /// A person's number; or a name, which makes a person for this machine or looks the former one up.
        #[arg(long)]
        user: String,
        /// The role of a person made by name.
        #[arg(long, default_value = "user")]
        role: Role,
        /// What the token may be used for; repeat it for more.
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
        /// What the token is called in lists.
        #[arg(long, default_value = "command line")]
        name: String,
        /// How long it is good.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Person {
    /// Write everything stored about a person into a ZIP: `export.json`, and a folder with the photos.
    #[command(
        after_help = "Example:\n  kardan person export --user 42 --to 42.zip --photos /srv/kardan/photos"
    )]
    Export(Box<PersonExport>),
    /// Erase a person, for good: deals and stars stay countable, under a number without a name.
    #[command(
        after_help = "Examples:\n  kardan person erase --user 42 --dry-run\n  kardan person erase --user 42 --yes --json\n\n\
        Exit code 4: something of the person has to come to an end first."
    )]
    Erase(PersonErase),
}

#[derive(Debug, Args)]
pub struct PersonErase {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// The person's number.
    #[arg(long, value_name = "N")]
    pub user: i64,
    /// Say what keeps them, and erase nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PersonExport {
    #[command(flatten)]
    pub database: DatabaseUrl,
    #[command(flatten)]
    pub store: kardan_photos::Config,
    /// The person's number.
    #[arg(long, value_name = "N")]
    pub user: i64,
    /// The file to write; one that is there is left alone.
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = SEED_HELP)]
pub struct Seed {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// What is wanted often by one word; other options go before it.
    #[arg(long, value_enum)]
    pub profile: Option<SeedProfile>,
    /// How large: 1 is a million listings with everything that belongs to them; 0.000001 is one listing.
    #[arg(
        long,
        default_value_t = 0.01,
        default_value_if("profile", "test", "0.001"),
        value_name = "F"
    )]
    pub scale: f64,
    /// The same seed gives the same rows.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Connections at once; without it, as many as this machine has cores.
    #[arg(long, value_name = "J")]
    pub jobs: Option<usize>,
    /// The day on which the market opened.
    #[arg(long, default_value = "2024-01-01", value_name = "DATE")]
    pub from: chrono::NaiveDate,
    /// The day that it is shown at the beginning of; without it, today, which makes other rows than yesterday.
    #[arg(
        long,
        value_name = "DATE",
        default_value_if("profile", "test", "2026-01-01")
    )]
    pub to: Option<chrono::NaiveDate>,
    /// Days before that for which looking at listings and asking for contacts are counted: each is a partition of two
    /// tables, and a year of them half of the market.
    #[arg(long, default_value_t = kardan_bulk::COUNTED_DAYS, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=400))]
    pub counted_days: u32,
    /// Make a market larger that is there, by the seed and the days that it has.
    #[arg(long, conflicts_with = "resume")]
    pub append: bool,
    /// Finish what was stopped.
    #[arg(long)]
    pub resume: bool,
    /// This table, its people, shops and listings only; repeat it or put commas for more.
    #[arg(long, value_delimiter = ',', value_name = "TABLE")]
    pub only: Vec<String>,
    /// Values as bad as they may be: the longest, emoji, right to left, quotes, one seller with a twentieth of all goods.
    #[arg(long)]
    pub adversarial: bool,
    /// Say that this database may be filled with made-up data, and do nothing else.
    #[arg(long)]
    pub mark: bool,
    /// Make the rows on one core and throw them away: how fast this machine makes them, and the fingerprints that they have.
    #[arg(long, conflicts_with_all = ["append", "resume", "mark"])]
    pub calibrate: bool,
    /// Write the rows into files of this folder, one a table, and nothing into the database, whose catalogue they refer to.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["append", "resume", "mark", "calibrate"])]
    pub export: Option<PathBuf>,
    /// How those files are written: csv and sql are for PostgreSQL, with a load.sql that reads them all.
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "csv",
        requires = "export"
    )]
    pub format: ExportFormat,
    /// Say what would be written. Needs no database.
    #[arg(long)]
    pub dry_run: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

/// A market that is wanted often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeedProfile {
    /// For a look around: ten thousand listings, shown today.
    Demo,
    /// For tests: a thousand listings, shown at the beginning of 2026, the same rows every day.
    Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Csv,
    Parquet,
    Sql,
}

#[derive(Debug, Subcommand)]
pub enum Photos {
    /// Delete files that are older than a day and shown by no listing. Servers do so once a day by themselves.
    #[command(
        after_help = "Examples:\n  kardan photos sweep --photos /srv/kardan/photos --dry-run\n  \
        kardan photos sweep --photos s3://kardan/photos --yes --json"
    )]
    Sweep(Box<Sweep>),
}

#[derive(Debug, Args)]
pub struct Sweep {
    #[command(flatten)]
    pub database: DatabaseUrl,
    #[command(flatten)]
    pub store: kardan_photos::Config,
    /// Say what would be deleted, and delete nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}
