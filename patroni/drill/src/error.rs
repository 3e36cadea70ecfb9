//! Why a drill could not be held. What it found is no error: that is its report.

use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The cluster could not be seen or changed.
    #[error(transparent)]
    Cluster(#[from] kardan_cluster::Error),
    /// Docker did not do what it was asked.
    #[error("docker {what}: {why}")]
    Docker {
        /// The command.
        what: String,
        /// What it said.
        why: String,
    },
    /// A file could not be read or written.
    #[error("{}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A statement of the drill itself failed.
    #[error("{what}: {why}")]
    Sql {
        /// What it was for.
        what: &'static str,
        /// What PostgreSQL said.
        why: String,
    },
    /// This drill cannot be held here.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    pub(crate) fn file(path: impl Into<PathBuf>, error: &dyn std::error::Error) -> Self {
        Self::File {
            path: path.into(),
            why: error.to_string(),
        }
    }

    pub(crate) fn sql(what: &'static str) -> impl Fn(tokio_postgres::Error) -> Self {
        move |error| Self::Sql {
            what,
            why: error
                .as_db_error()
                .map_or_else(|| error.to_string(), |said| said.message().to_owned()),
        }
    }
}
