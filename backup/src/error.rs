//! Everything that can go wrong, with what to do next.

use std::io;
use std::path::{Path, PathBuf};

/// Why something about a backup was not done. Nothing that existed before is changed by any of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder.
    #[error("cannot {doing} {}", .path.display())]
    File {
        /// Completes "cannot …".
        doing: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program is not installed.
    #[error("the program {program} is not installed; on Debian: apt install {package}")]
    Missing {
        /// Which.
        program: String,
        /// Where it comes from.
        package: String,
    },
    /// A program failed.
    #[error("{program} failed ({status}): {said}")]
    Program {
        /// Which.
        program: String,
        /// How it ended.
        status: String,
        /// The end of what it wrote.
        said: String,
    },
    /// The server refused, or went away.
    #[error("the server could not {doing}")]
    Sql {
        /// Completes "could not …".
        doing: &'static str,
        /// What it said.
        source: tokio_postgres::Error,
    },
    /// The server cannot be reached.
    #[error("cannot connect to the server; is it running, and does it let this user in?")]
    Unreachable(#[source] tokio_postgres::Error),
    /// The server cannot be backed up like this.
    #[error("{0}")]
    Unfit(String),
    /// The folder is no repository.
    #[error("{} is not a repository of backups; `kardan backup take` makes one in an empty or new folder", .0.display())]
    NoRepository(PathBuf),
    /// The repository belongs to another server.
    #[error(
        "the repository keeps backups of the server {kept}, not of {offered}: choose another folder"
    )]
    AnotherServer {
        /// Whose backups it has.
        kept: String,
        /// Who was to be added.
        offered: String,
    },
    /// Somebody else writes.
    #[error("process {by} works on {}; two at once would disturb each other", .path.display())]
    Busy {
        /// The repository.
        path: PathBuf,
        /// Who.
        by: String,
    },
    /// There is no such backup.
    #[error("there is no backup {id}; there are: {have}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// What there is.
        have: String,
    },
    /// There is no backup at all.
    #[error("the repository has no {0} backup yet: kardan backup take")]
    Empty(&'static str),
    /// Another kind of backup is needed.
    #[error("backup {id} is {is}, and {wants} is needed here")]
    Kind {
        /// Which.
        id: String,
        /// What it is.
        is: &'static str,
        /// What it should be.
        wants: &'static str,
    },
    /// Too little room.
    #[error("{} has {free} bytes free, and {needed} are needed", .path.display())]
    Space {
        /// Where.
        path: PathBuf,
        /// What there is.
        free: u64,
        /// What it takes.
        needed: u64,
    },
    /// Something is there already.
    #[error("{} is not empty; nothing is overwritten: choose another folder, or move it away", .0.display())]
    NotEmpty(PathBuf),
    /// What is stored is not what was stored.
    #[error("{} is damaged: {why}", .path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// How that is known.
        why: String,
    },
    /// Something else is stored under the name of a segment.
    #[error(
        "the archive has {name} with other content ({}); do two servers archive into one repository? nothing was overwritten",
        .path.display()
    )]
    OtherContent {
        /// The segment.
        name: String,
        /// What is stored.
        path: PathBuf,
    },
    /// A segment is missing in the middle of the archive.
    #[error(
        "{name} is missing in the archive, and later ones are there: recovery must not end here as if there were no more; \
         see kardan backup wal list"
    )]
    Hole {
        /// The segment.
        name: String,
    },
    /// WAL between a backup and a target is missing.
    #[error(
        "to come from backup {backup} to the target, {missing} segments of WAL are missing, the first is {first}; \
         as far as everything is there one comes with {reach}"
    )]
    Gap {
        /// Where recovery would begin.
        backup: String,
        /// How many.
        missing: usize,
        /// Which is the first.
        first: String,
        /// The arguments with which one comes as far as nothing is missing.
        reach: String,
    },
    /// A point in time that cannot be had.
    #[error("{0}")]
    Target(String),
    /// The target lies on a timeline that was left, too.
    #[error(
        "{target} is on timeline {other} as well, which was left: what happened there is not in timeline {timeline}; \
         say --timeline {timeline} or --timeline {other}"
    )]
    Abandoned {
        /// What was asked for.
        target: String,
        /// What would be taken.
        timeline: u32,
        /// What was left.
        other: u32,
    },
    /// The key is absent, superfluous or wrong.
    #[error("{0}")]
    Key(String),
    /// The throw-away server.
    #[error("the restored server does not start")]
    Server(#[from] kardan_embedded::Error),
    /// There is no such table.
    #[error("backup {id} has no table {table}")]
    NoTable {
        /// Which backup.
        id: String,
        /// What was asked for.
        table: String,
    },
    /// A thread broke off; its panic is in the log.
    #[error("a thread of the backup broke off")]
    Thread(#[from] tokio::task::JoinError),
}

impl Error {
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            doing,
            path,
            source,
        }
    }

    pub(crate) fn sql(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |source| Self::Sql { doing, source }
    }

    pub(crate) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            why: why.into(),
        }
    }
}
