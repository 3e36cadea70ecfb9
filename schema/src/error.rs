//! What a call may fail with: a category that says what the caller may do, and the reason inside it.

use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use crate::{Language, Reason};

/// A refusal by the program: which rule, and what it says of this case.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The rule.
    pub reason: Reason,
    /// The argument that is at fault, named like the function's parameter without its prefix.
    pub field: Option<String>,
    /// What the rule says of this case, for example the key of an attribute or the end of a block.
    pub detail: Option<String>,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not signed in, or the sign-in is no longer good.
    #[error("not signed in: {}", .0.sentence())]
    Auth(Fault),
    /// No such thing, or not the caller's to see.
    #[error("not found: {}", .0.sentence())]
    NotFound(Fault),
    /// Known, and not allowed.
    #[error("denied: {}", .0.sentence())]
    Denied(Fault),
    /// Conflicts with the present state.
    #[error("conflict: {}", .0.sentence())]
    Conflict(Fault),
    /// An argument breaks a rule.
    #[error("invalid: {}", .0.sentence())]
    Invalid(Fault),
    /// Too many or too soon.
    #[error("limited: {}", .0.sentence())]
    Limited(Fault, Duration),
    /// The version moved on.
    #[error("stale: {}", .0.sentence())]
    Stale(Fault),
    /// The database could not do it now; the same call may work later.
    #[error("the database cannot do this now")]
    Retry(#[source] tokio_postgres::Error),
    /// Something is wrong with the program or the database.
    #[error("the database call failed")]
    Broken(#[source] tokio_postgres::Error),
    /// A function that always gives a row gave none.
    #[error("the function returned no row")]
    NoRow,
}

impl Fault {
    fn sentence(&self) -> &'static str {
        self.reason.sentence(Language::En)
    }
}

impl Error {
    /// The refusal inside, when the program refused.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Auth(fault)
            | Self::NotFound(fault)
            | Self::Denied(fault)
            | Self::Conflict(fault)
            | Self::Invalid(fault)
            | Self::Limited(fault, _)
            | Self::Stale(fault) => Some(fault),
            Self::Retry(_) | Self::Broken(_) | Self::NoRow => None,
        }
    }

    /// The reason, when the program refused.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.fault().map(|fault| fault.reason)
    }

    /// The database's own error, when it is one.
    #[must_use]
    pub fn database(&self) -> Option<&DbError> {
        match self {
            Self::Retry(source) | Self::Broken(source) => source.as_db_error(),
            _ => None,
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return if error.is_closed() || is_io(&error) {
                Self::Retry(error)
            } else {
                Self::Broken(error)
            };
        };
        if is_passing(db.code()) {
            return Self::Retry(error);
        }
        let Some(reason) = reason(db) else {
            return Self::Broken(error);
        };
        let fault = Fault {
            reason,
            field: db.column().or(reason.field()).map(str::to_owned),
            detail: db
                .detail()
                .filter(|_| db.code().code().starts_with('Z'))
                .map(str::to_owned),
        };
        match reason.status() {
            401 => Self::Auth(fault),
            403 => Self::Denied(fault),
            404 => Self::NotFound(fault),
            409 => Self::Conflict(fault),
            412 => Self::Stale(fault),
            429 => Self::Limited(fault, seconds(db.hint())),
            _ => Self::Invalid(fault),
        }
    }
}

/// The rule that was broken. A column that must hold something has no name for that; an argument left out is the only way
/// to break it.
fn reason(db: &DbError) -> Option<Reason> {
    if *db.code() == SqlState::NOT_NULL_VIOLATION {
        return Some(Reason::ValueRequired);
    }
    db.constraint().and_then(Reason::from_code)
}

fn seconds(hint: Option<&str>) -> Duration {
    Duration::from_secs(hint.and_then(|text| text.trim().parse().ok()).unwrap_or(1))
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// Serialisation failures, deadlocks, lock and statement time-outs, and everything a failover says.
fn is_passing(code: &SqlState) -> bool {
    matches!(code.code(), "40001" | "40P01" | "55P03" | "57014") || loses_connection(code)
}

/// An error and its causes on one line.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(error.source(), |cause| cause.source())
        .fold(error.to_string(), |text, cause| {
            text + ": " + &cause.to_string()
        })
}

/// SQLSTATEs after which a connection must not be used again: the server stops, became a standby, or lost what was
/// prepared on it.
#[must_use]
pub fn loses_connection(code: &SqlState) -> bool {
    let code = code.code();
    code.starts_with("08")
        || matches!(
            code,
            "25006" | "57P01" | "57P02" | "57P03" | "57P05" | "53300" | "0A000" | "26000"
        )
}
