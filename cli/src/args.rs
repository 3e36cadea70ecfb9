//! The command line: what `--help` says is the documentation.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use kardan_schema::{Role, Scope};

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
    3  the database cannot be reached\n  4  `doctor` or `migrate plan --check` found something to do\n  \
    5  refused: it would destroy something and nobody agreed\n\n\
    Examples:\n  kardan up\n  kardan migrate plan --database-url postgres://kardan_migrator@db/kardan\n  \
    kardan doctor --json\n  kardan token create --user 42 --scope read --scope write";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start everything on this machine: PostgreSQL, schema, demo data, API.
    Up(Box<Up>),
    /// Serve the API against a database that exists.
    Serve(Box<Serve>),
    /// Bring a database up to date, or say what that would do.
    Migrate {
        #[command(subcommand)]
        action: Migrate,
    },
    /// Look for what is wrong with a database; each finding names the next step.
    Doctor(Doctor),
    /// Tokens for programs and people.
    Token {
        #[command(subcommand)]
        action: Token,
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
pub struct Doctor {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// For machines.
    #[arg(long)]
    pub json: bool,
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
