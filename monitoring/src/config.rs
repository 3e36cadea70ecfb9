//! The flags and variables of `kardan exporter`: upstream's by their own names, and what goes beyond them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};

use crate::collect::{COLLECTORS, Dialect};
use crate::kardan::GROUPS;
use crate::source::Source;

/// What stands between the exporter and PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Pooler {
    /// A connection is a session: statements are prepared once and kept.
    #[default]
    Session,
    /// A transaction-pooling PgBouncer: nothing is prepared.
    Transaction,
}

/// Where log lines are as loud as this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line of text.
    Logfmt,
    /// A line of JSON.
    Json,
}

/// The settings of the exporter.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    /// Which servers are asked.
    pub source: Source,
    /// Where to listen; repeat it for more. A missing host means every address
    #[arg(
        long = "web.listen-address",
        default_value = ":9187",
        value_name = "HOST:PORT"
    )]
    pub listen: Vec<String>,
    /// The path of the metrics
    #[arg(
        long = "web.telemetry-path",
        env = "PG_EXPORTER_WEB_TELEMETRY_PATH",
        default_value = "/metrics",
        value_name = "PATH"
    )]
    pub telemetry_path: String,
    /// A file with TLS and passwords in the format of Prometheus' exporters
    #[arg(
        long = "web.config.file",
        default_value = "",
        hide_default_value = true,
        value_name = "FILE"
    )]
    pub web_config_file: String,
    /// A file with authentication modules for /probe; the default file may be absent
    #[arg(
        long = "config.file",
        default_value = "postgres_exporter.yml",
        value_name = "FILE"
    )]
    pub config_file: PathBuf,
    /// A file with queries of your own
    #[arg(
        long = "extend.query-path",
        env = "PG_EXPORTER_EXTEND_QUERY_PATH",
        default_value = "",
        hide_default_value = true,
        value_name = "FILE"
    )]
    pub extend_query_path: String,
    /// Leave out pg_stat_activity, pg_stat_archiver, pg_stat_database_conflicts, pg_stat_replication, pg_replication_slots
    #[arg(long, env = "PG_EXPORTER_DISABLE_DEFAULT_METRICS", value_parser = clap::builder::BoolishValueParser::new(), action = ArgAction::SetTrue)]
    pub disable_default_metrics: bool,
    /// Leave out the settings of the server
    #[arg(long, env = "PG_EXPORTER_DISABLE_SETTINGS_METRICS", value_parser = clap::builder::BoolishValueParser::new(), action = ArgAction::SetTrue)]
    pub disable_settings_metrics: bool,
    /// Ask the queries of the file in every database of the server
    #[arg(long, env = "PG_EXPORTER_AUTO_DISCOVER_DATABASES", value_parser = clap::builder::BoolishValueParser::new(), action = ArgAction::SetTrue)]
    pub auto_discover_databases: bool,
    /// Databases to leave out, separated by commas
    #[arg(
        long,
        env = "PG_EXPORTER_EXCLUDE_DATABASES",
        default_value = "",
        hide_default_value = true,
        value_name = "LIST"
    )]
    pub exclude_databases: String,
    /// The only databases to discover, separated by commas
    #[arg(
        long,
        env = "PG_EXPORTER_INCLUDE_DATABASES",
        default_value = "",
        hide_default_value = true,
        value_name = "LIST"
    )]
    pub include_databases: String,
    /// Labels for the metrics that have the label server, as label=value separated by commas
    #[arg(
        long = "constantLabels",
        env = "PG_EXPORTER_CONSTANT_LABELS",
        default_value = "",
        hide_default_value = true,
        value_name = "LIST"
    )]
    pub constant_labels: String,
    /// What stands for pg in the names of the metrics that have the label server
    #[arg(
        long,
        env = "PG_EXPORTER_METRIC_PREFIX",
        default_value = "pg",
        value_name = "WORD"
    )]
    pub metric_prefix: String,
    /// Print every family that can come, with its type and sentence, and end
    #[arg(long = "dumpmaps")]
    pub dump_maps: bool,
    /// How much is logged
    #[arg(long = "log.level", value_enum)]
    pub log_level: Option<LogLevel>,
    /// How log lines look
    #[arg(long = "log.format", value_enum)]
    pub log_format: Option<LogFormat>,
    #[command(flatten)]
    /// Which collectors run.
    pub collectors: Switches,

    /// Whose names the metrics have
    #[arg(
        long,
        env = "KARDAN_EXPORTER_DIALECT",
        value_enum,
        default_value_t,
        help_heading = "Beyond postgres_exporter"
    )]
    pub dialect: Dialect,
    /// Tell some numbers also by the names that older releases had
    #[arg(
        long,
        env = "KARDAN_EXPORTER_ALIASES",
        help_heading = "Beyond postgres_exporter"
    )]
    pub aliases: bool,
    /// Tell each partition by itself instead of summing them up under their parent
    #[arg(
        long,
        env = "KARDAN_EXPORTER_EACH_PARTITION",
        help_heading = "Beyond postgres_exporter"
    )]
    pub each_partition: bool,
    /// So many tables are told by name, the biggest, and so many indexes; the rest is one row "(other)". 0: all
    #[arg(
        long,
        env = "KARDAN_EXPORTER_TABLE_LIMIT",
        default_value = "100",
        value_name = "N",
        help_heading = "Beyond postgres_exporter"
    )]
    pub table_limit: usize,
    /// So many statements are told by their id, those that take most time; the rest is "other"
    #[arg(
        long,
        env = "KARDAN_EXPORTER_QUERY_LIMIT",
        default_value = "50",
        value_name = "N",
        help_heading = "Beyond postgres_exporter"
    )]
    pub query_limit: usize,
    /// Seconds for which sizes of databases and tables may be kept; 0 asks at every scrape
    #[arg(long, env = "KARDAN_EXPORTER_SIZE_CACHE", default_value = "0", value_parser = seconds, value_name = "SECONDS", help_heading = "Beyond postgres_exporter")]
    pub size_cache: Duration,
    /// Seconds between samples of what sessions wait for; 0 takes none
    #[arg(long, env = "KARDAN_EXPORTER_WAIT_SAMPLE", default_value = "1", value_parser = seconds, value_name = "SECONDS", help_heading = "Beyond postgres_exporter")]
    pub wait_sample: Duration,
    /// Seconds that a whole scrape may take; what has no answer by then is left out. Prometheus' own limit, less half a
    /// second, wins when it is shorter
    #[arg(long, env = "KARDAN_EXPORTER_SCRAPE_BUDGET", default_value = "8", value_parser = seconds, value_name = "SECONDS", help_heading = "Beyond postgres_exporter")]
    pub scrape_budget: Duration,
    /// Seconds within which a server must answer at all; otherwise it is down
    #[arg(long, env = "KARDAN_EXPORTER_PATIENCE", default_value = "2", value_parser = seconds, value_name = "SECONDS", help_heading = "Beyond postgres_exporter")]
    pub patience: Duration,
    /// Seconds that a statement waits for a lock
    #[arg(long, env = "KARDAN_EXPORTER_LOCK_TIMEOUT", default_value = "0.1", value_parser = seconds, value_name = "SECONDS", help_heading = "Beyond postgres_exporter")]
    pub lock_timeout: Duration,
    /// Sessions at one server at the most, hanging ones included
    #[arg(
        long,
        env = "KARDAN_EXPORTER_MAX_SESSIONS",
        default_value = "2",
        value_name = "N",
        help_heading = "Beyond postgres_exporter"
    )]
    pub max_sessions: usize,
    /// What stands between the exporter and PostgreSQL
    #[arg(
        long,
        env = "KARDAN_EXPORTER_POOLER",
        value_enum,
        default_value_t,
        help_heading = "Beyond postgres_exporter"
    )]
    pub pooler: Pooler,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("{text:?} is no number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl Config {
    /// The file with queries, if one is named.
    pub(crate) fn query_file(&self) -> Option<PathBuf> {
        (!self.extend_query_path.is_empty()).then(|| PathBuf::from(&self.extend_query_path))
    }
}

/// `--collector.NAME` and `--no-collector.NAME`, as many as there are collectors, and the same for the groups of
/// `kardan_…` families.
#[derive(Debug, Clone, Default)]
pub struct Switches(HashMap<String, bool>);

impl Switches {
    pub(crate) fn is_on(&self, name: &str, is_default: bool) -> bool {
        self.0.get(name).copied().unwrap_or(is_default)
    }

    /// Name, default, sentence of every switch.
    fn all() -> impl Iterator<Item = (&'static str, bool, String)> {
        let collectors = COLLECTORS.iter().map(|c| {
            let state = if c.is_default { "enabled" } else { "disabled" };
            (
                c.name,
                c.is_default,
                format!("The {} collector (default: {state})", c.name),
            )
        });
        let groups = GROUPS
            .iter()
            .map(|g| (g.name, true, format!("{} (default: enabled)", g.about)));
        collectors.chain(groups)
    }
}

impl clap::Args for Switches {
    fn augment_args(command: Command) -> Command {
        Self::all().fold(command, |command, (name, _, about)| {
            let (yes, no) = (format!("collector.{name}"), format!("no-collector.{name}"));
            command
                .arg(
                    Arg::new(yes.clone())
                        .long(yes.clone())
                        .action(ArgAction::SetTrue)
                        .overrides_with(no.clone())
                        .help(about)
                        .help_heading("Collectors, each also as --no-collector.NAME"),
                )
                .arg(
                    Arg::new(no.clone())
                        .long(no)
                        .action(ArgAction::SetTrue)
                        .overrides_with(yes)
                        .hide(true),
                )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Switches {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut switches = Self::default();
        switches.update_from_arg_matches(matches)?;
        Ok(switches)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for (name, _, _) in Self::all() {
            if matches.get_flag(&format!("collector.{name}")) {
                self.0.insert(name.to_owned(), true);
            } else if matches.get_flag(&format!("no-collector.{name}")) {
                self.0.insert(name.to_owned(), false);
            }
        }
        Ok(())
    }
}
