//! The collectors of postgres_exporter, as data: a question, its labels, and the families that its columns become. Names,
//! types and sentences are upstream's; the statements are not.

mod activity;
mod database;
mod legacy;
mod replication;
mod server;
mod settings;
mod statements;
mod tables;
mod writer;

use std::borrow::Cow;

pub use settings::SETTINGS_SQL;
pub(crate) use settings::emit as emit_settings;

use crate::kardan::Known;
use crate::text::Kind;

/// Whose names are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Dialect {
    /// Those of postgres_exporter 0.17.1, as Debian 13 has it.
    #[default]
    #[value(name = "0.17")]
    V0_17,
    /// Those of postgres_exporter 0.20.
    #[value(name = "0.20")]
    V0_20,
}

/// What a statement may depend on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Of the server, as `150018`.
    pub version: i32,
    /// Databases that are left out.
    pub exclude: &'a [String],
    /// What there is in the database.
    pub known: &'a Known,
    /// Whether partitions are summed up under their parent.
    pub rolls_up: bool,
}

/// A statement for a server, or none when the server has nothing to say.
pub type Sql = fn(&Context<'_>) -> Option<Cow<'static, str>>;

/// One column that becomes a family.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The family.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Its sentence.
    pub help: &'static str,
}

/// A counter.
pub(crate) const fn counter(name: &'static str, help: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Counter,
        help,
    }
}

/// A gauge.
pub(crate) const fn gauge(name: &'static str, help: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Gauge,
        help,
    }
}

/// A number of which nobody said what it is.
pub(crate) const fn untyped(name: &'static str, help: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Untyped,
        help,
    }
}

/// What becomes of the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A sample for each row and column; null is no sample.
    Plain,
    /// One family of histograms: sum, count, then a cumulative count for each of these upper bounds.
    Histogram(&'static [f64]),
    /// More rows than may be told by name: the smallest share one, which has the first so many labels of the others. After
    /// the labels come the score that decides, whether the row is a sum, and the values.
    Ranked(usize),
}

/// A question to the server.
#[derive(Debug, Clone, Copy)]
pub struct Query {
    /// The statement: the labels as `text`, then the families as `double precision`.
    pub sql: Sql,
    /// The labels, in the order of the columns.
    pub labels: &'static [&'static str],
    /// The families, in the order of the columns.
    pub families: &'static [Column],
    /// What becomes of the rows.
    pub shape: Shape,
    /// Whose names these are; none: everybody's.
    pub dialect: Option<Dialect>,
    /// Whether it looks at files to tell sizes, so that the answer may be kept for a while.
    pub is_size: bool,
}

impl Query {
    /// A question without peculiarities.
    pub(crate) const fn new(
        sql: Sql,
        labels: &'static [&'static str],
        families: &'static [Column],
    ) -> Self {
        Self {
            sql,
            labels,
            families,
            shape: Shape::Plain,
            dialect: None,
            is_size: false,
        }
    }

    pub(crate) const fn shaped(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    pub(crate) const fn only(mut self, dialect: Dialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    pub(crate) const fn of_sizes(mut self) -> Self {
        self.is_size = true;
        self
    }
}

/// A collector: what `--collector.NAME` switches on.
#[derive(Debug, Clone, Copy)]
pub struct Collector {
    /// Its name.
    pub name: &'static str,
    /// Whether it runs when nobody says anything.
    pub is_default: bool,
    /// What it asks.
    pub queries: &'static [Query],
}

const fn on(name: &'static str, queries: &'static [Query]) -> Collector {
    Collector {
        name,
        is_default: true,
        queries,
    }
}

const fn off(name: &'static str, queries: &'static [Query]) -> Collector {
    Collector {
        name,
        is_default: false,
        queries,
    }
}

/// Every collector, in the order of their names.
pub const COLLECTORS: &[Collector] = &[
    off("buffercache_summary", server::BUFFERCACHE),
    on("database", database::DATABASE),
    off("database_wraparound", database::WRAPAROUND),
    on("locks", activity::LOCKS),
    off("long_running_transactions", activity::LONG_RUNNING),
    // Off upstream: without it a dashboard cannot tell a restart.
    on("postmaster", server::POSTMASTER),
    off("process_idle", activity::PROCESS_IDLE),
    on("replication", replication::REPLICATION),
    on("replication_slot", replication::SLOT),
    on("roles", server::ROLES),
    off("stat_activity_autovacuum", activity::AUTOVACUUM),
    on("stat_bgwriter", writer::BGWRITER),
    off("stat_checkpointer", writer::CHECKPOINTER),
    on("stat_database", database::STAT_DATABASE),
    off("stat_progress_vacuum", activity::PROGRESS_VACUUM),
    off("stat_statements", statements::STATEMENTS),
    on("stat_user_tables", tables::STAT_USER_TABLES),
    off("stat_wal_receiver", replication::WAL_RECEIVER),
    off("statio_user_indexes", tables::STATIO_USER_INDEXES),
    on("statio_user_tables", tables::STATIO_USER_TABLES),
    on("wal", writer::WAL),
    off("xlog_location", writer::XLOG_LOCATION),
];

/// The families that upstream makes of whole views; they carry the label `server` and the constant labels.
pub const LEGACY: &[Query] = legacy::QUERIES;

/// Names of older releases for the same numbers, with `--aliases`.
pub const ALIASES: &[Query] = legacy::ALIASES;

/// PostgreSQL's word for a text within a statement.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
