//! How the program ends: a code for scripts and a sentence for people.

use std::process::ExitCode;

/// The database cannot be reached.
pub const UNREACHABLE: u8 = 3;
/// Something was found that wants doing.
pub const FOUND: u8 = 4;
/// It would destroy something and nobody agreed.
pub const REFUSED: u8 = 5;
/// A server that recovers must stop: PostgreSQL does for every code over 125, and takes any other for the end of the archive.
pub const STOP_RECOVERY: u8 = 200;

/// A failure that has an exit code of its own.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The database cannot be reached.
    pub fn unreachable(message: impl Into<String>) -> anyhow::Error {
        Self {
            code: UNREACHABLE,
            message: message.into(),
        }
        .into()
    }

    /// It would destroy something and nobody agreed.
    pub fn refused(message: impl Into<String>) -> anyhow::Error {
        Self {
            code: REFUSED,
            message: message.into(),
        }
        .into()
    }
}

/// Prints the failure with its causes and gives its code.
pub fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("kardan: {}", sentence(error));
    error
        .downcast_ref::<Failure>()
        .map_or(ExitCode::FAILURE, |failure| ExitCode::from(failure.code))
}

/// Causes that only repeat what was said before them are left out.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let text = match cause
            .downcast_ref::<tokio_postgres::Error>()
            .and_then(|e| e.as_db_error())
        {
            Some(db) => format!("{} (SQLSTATE {})", db.message(), db.code().code()),
            None => cause.to_string(),
        };
        if said.is_empty() {
            said = text;
        } else if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
    }
    said
}
