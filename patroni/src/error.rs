//! What can go wrong, each with what to look at next.

use std::path::PathBuf;

/// Why a cluster could not be seen or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key, certificate or address file is missing or damaged.
    #[error("{}: {why}", path.display())]
    Keys {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody answers there, or not as somebody who may be believed.
    #[error("cannot reach {what} at {place}: {why}")]
    Unreachable {
        /// Who was asked.
        what: String,
        /// Where.
        place: String,
        /// The innermost cause.
        why: String,
    },
    /// Somebody answered, and it was a refusal.
    #[error("{what} refused: {why}")]
    Refused {
        /// Who was asked.
        what: String,
        /// What they said.
        why: String,
    },
    /// The cluster is in no state for it.
    #[error("{0}")]
    State(String),
    /// It did not happen in the time that it may take.
    #[error("{what} did not happen within {seconds} s; look at: kardan cluster status")]
    Late {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
}

impl Error {
    pub(crate) fn state(said: impl Into<String>) -> Self {
        Self::State(said.into())
    }

    pub(crate) fn unreachable(
        what: &str,
        place: impl Into<String>,
        error: &(dyn std::error::Error + 'static),
    ) -> Self {
        Self::Unreachable {
            what: what.to_owned(),
            place: place.into(),
            why: innermost(error),
        }
    }

    /// A statement that PostgreSQL or PgBouncer did not do: a refusal if it said so, otherwise a broken connection.
    pub(crate) fn sql(what: &str, error: &tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => Self::Refused {
                what: what.to_owned(),
                why: format!("{} (SQLSTATE {})", said.message(), said.code().code()),
            },
            None => Self::unreachable(what, "its address", error),
        }
    }
}

/// The cause at the bottom, with a next step where the cause is one that people meet.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let said = cause.to_string();
    let lower = said.to_lowercase();
    if lower.contains("expired") {
        format!(
            "{said}; make new certificates: delete node.crt in their folders and run ./dev cluster up"
        )
    } else if lower.contains("unknownissuer") || lower.contains("unknown ca") {
        format!("{said}; the keys are those of another cluster")
    } else {
        said
    }
}
