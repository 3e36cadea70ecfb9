//! What `kardan backup --help` says.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use kardan_backup::{Depth, Keep};

use super::doctor::DoctorArgs;
use super::pitr::{PlanArgs, PointArgs, TargetArgs};
use super::wal::Wal;
use super::{archive, retention};
use crate::args::{DataDir, DatabaseUrl};

/// Backups that are proved by restoring them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kardan backup take\n  kardan backup drill\n  kardan backup list\n  \
    kardan backup restore latest --to /srv/again\n  kardan backup restore latest --database yesterday\n  \
    kardan backup archive on\n  kardan backup restore --target-time '2026-11-28 03:10:00Z'\n  \
    kardan backup expire --keep 7 --dry-run\n  \
    kardan backup --engine pgbackrest take --depth incremental\n\n\
    At night: kardan backup take && kardan backup drill && kardan backup expire --keep 7 --days 30 --yes"
)]
pub struct Backup {
    #[command(flatten)]
    pub place: BackupPlace,
    #[command(subcommand)]
    pub action: Action,
}

/// What makes and keeps backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// PostgreSQL's own programs and a folder: --repository.
    Core,
    /// pgBackRest, on its repository host and by its own configuration.
    Pgbackrest,
}

/// How much of a server's files is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DepthName {
    /// All.
    Full,
    /// What has changed since the last full one (pgbackrest).
    Differential,
    /// What has changed since the last one (pgbackrest).
    Incremental,
}

impl From<DepthName> for Depth {
    fn from(name: DepthName) -> Self {
        match name {
            DepthName::Full => Self::Full,
            DepthName::Differential => Self::Differential,
            DepthName::Incremental => Self::Incremental,
        }
    }
}

/// Where backups are kept.
#[derive(Debug, Clone, Args)]
pub struct BackupPlace {
    /// What makes and keeps them: core is for one server, pgbackrest for a cluster.
    #[arg(
        long,
        global = true,
        env = "KARDAN_BACKUP_ENGINE",
        default_value = "core",
        value_name = "NAME"
    )]
    pub engine: EngineName,
    /// With --engine pgbackrest: what it calls the cluster.
    #[arg(
        long,
        global = true,
        env = "KARDAN_BACKUP_STANZA",
        default_value = "kardan",
        value_name = "NAME"
    )]
    pub stanza: String,
    /// The folder of the backups; on another disk than the server's, and in the end on another machine. Without it, `backups` in the
    /// folder of the embedded server.
    #[arg(long, global = true, env = "KARDAN_BACKUPS", value_name = "DIR")]
    pub repository: Option<PathBuf>,
    /// Encrypt, and decrypt, with a key that `age-keygen` wrote. Keep a copy where the backups are not.
    #[arg(
        long,
        global = true,
        env = "KARDAN_BACKUP_KEY_FILE",
        value_name = "FILE"
    )]
    pub key_file: Option<PathBuf>,
    /// The folder of PostgreSQL's programs, where it is not the usual one of the server's version.
    #[arg(long, global = true, env = "KARDAN_PG_BIN", value_name = "DIR")]
    pub pg_bin: Option<PathBuf>,
    #[command(flatten)]
    pub data_dir: DataDir,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Make a backup of a running server.
    Take(Take),
    /// List the backups, with what drills found.
    List {
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Say everything about one, as JSON.
    Show {
        /// Its id, or latest.
        #[arg(default_value = "latest")]
        id: String,
    },
    /// Read what is stored: is it still what was written? This proves less than a drill, and takes less.
    Verify {
        /// Its id, or latest.
        #[arg(default_value = "latest", conflicts_with = "all")]
        id: String,
        /// All of them.
        #[arg(long)]
        all: bool,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Restore one to a server of its own, compare every row, look through every index and page, and throw the server away.
    Drill(Drill),
    /// Bring one back: as files that a server starts on, or as a database beside the others.
    Restore(Box<Restore>),
    /// Say how a moment would be come to: which backup, which WAL, how much, and whether there is room. Exit code 4 when there is none.
    #[command(
        after_help = "Examples:\n  kardan backup plan --target-time '2026-11-28 03:10:00Z'\n  kardan backup plan --target-end --to /srv/again"
    )]
    Plan(PlanArgs),
    /// Make a point with a name, to which one can come back.
    #[command(
        after_help = "Example:\n  kardan backup point 'before the price change' && kardan backup restore --target-name 'before the price change'"
    )]
    Point(PointArgs),
    /// The continuous archive, on and off.
    Archive {
        #[command(subcommand)]
        action: archive::Action,
    },
    /// WAL in the archive.
    Wal {
        #[command(subcommand)]
        action: Wal,
    },
    /// What a rule of retention means.
    Retention {
        #[command(subcommand)]
        action: retention::Action,
    },
    /// Delete those that are no longer wanted, and WAL that none needs; the newest of each kind stays.
    Expire(Expire),
    /// Print the age of the last backup and of the last proof for Prometheus, as a file for node_exporter.
    #[command(
        after_help = "Example:\n  kardan backup metrics > /var/lib/prometheus/node-exporter/kardan_backup.prom"
    )]
    Metrics {
        /// How far its archive is behind is told as well, when it can be asked.
        #[command(flatten)]
        database: DatabaseUrl,
    },
    /// Look whether backups can be made and brought back: programs, key, room, settings of the server, clocks, archive, age of
    /// the last backup and of the last proof. Exit code 4 when something fails.
    #[command(
        after_help = "Example:\n  kardan backup doctor --repository /srv/backups --database-url postgres://postgres@localhost/kardan"
    )]
    Doctor(DoctorArgs),
}

#[derive(Debug, Args)]
pub struct Take {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Definitions and rows of the one database, and the roles, instead of the files of the whole server.
    #[arg(long)]
    pub logical: bool,
    /// How much of the files is copied.
    #[arg(
        long,
        default_value = "full",
        conflicts_with = "logical",
        value_name = "DEPTH"
    )]
    pub depth: DepthName,
    /// Something to remember it by.
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Do not count rows: no table is locked for some milliseconds, and a drill has nothing to compare.
    #[arg(long)]
    pub no_count: bool,
    /// Connections that count.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub jobs: usize,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Drill {
    /// The server whose backup it is: what the drill found is noted there as well.
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// Its id, or latest.
    #[arg(default_value = "latest")]
    pub id: String,
    /// Leave the restored files in the folder `scratch`, for somebody to look at.
    #[arg(long)]
    pub keep: bool,
    /// Connections that count, and look through indexes.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub jobs: usize,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kardan backup restore latest --to /srv/again\n  kardan backup restore latest --database yesterday\n  \
    kardan backup restore latest --table market_data.listings --as rescued.listings\n  \
    kardan backup restore --target-time '2026-11-28 03:10:00Z'\n  kardan backup restore --target-name 'before the price change' --to /srv/again"
)]
pub struct Restore {
    /// Its id, or latest; with a target, the newest that will do.
    #[arg(default_value = "latest")]
    pub id: String,
    #[command(flatten)]
    pub target: TargetArgs,
    /// A new or empty folder for the files of a physical backup; with a target, `restored-TIME` beside the embedded server without it.
    #[arg(
        long,
        value_name = "DIR",
        required_unless_present_any = ["into", "table", "target_time", "target_lsn", "target_name", "target_end"],
        conflicts_with = "into"
    )]
    pub to: Option<PathBuf>,
    /// A new database for a logical backup.
    #[arg(
        long = "database",
        value_name = "NAME",
        conflicts_with_all = ["target_time", "target_lsn", "target_name", "target_end"]
    )]
    pub into: Option<String>,
    /// One table of a logical backup, schema.table, into the running database, beside the one that is there.
    #[arg(
        long,
        value_name = "TABLE",
        conflicts_with_all = ["to", "into", "target_time", "target_lsn", "target_name", "target_end"]
    )]
    pub table: Option<String>,
    /// With --table: what it is called then, schema.table; the same name in the schema `restored` without it.
    #[arg(long = "as", value_name = "TABLE", requires = "table")]
    pub rename: Option<String>,
    #[command(flatten)]
    pub server: DatabaseUrl,
    /// Connections that restore a logical backup.
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub jobs: usize,
    /// Say what it would take, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Expire {
    /// Keep the last N of each kind.
    #[arg(long, value_name = "N", required_unless_present = "days")]
    pub keep: Option<usize>,
    /// Keep what is younger, and the newest that is older.
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u32>,
    /// Say what would go, and delete nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

impl Expire {
    pub const fn rules(&self) -> Keep {
        Keep {
            last: self.keep,
            days: self.days,
        }
    }
}
