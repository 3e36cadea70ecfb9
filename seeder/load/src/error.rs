//! Why there was no load test; each says what to do next.

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No HTTP client could be made.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
    /// Nobody answers.
    #[error(
        "{target} does not answer; start the API there with `kardan serve`, or name another place with --target"
    )]
    Unreachable {
        /// Where it was asked.
        target: String,
        /// What happened.
        #[source]
        source: reqwest::Error,
    },
    /// It answers, and is not ready.
    #[error("{target} is not ready to serve: it answers {status} at /health/ready: {body}")]
    NotReady {
        /// Where it was asked.
        target: String,
        /// The status.
        status: u16,
        /// The beginning of the body.
        body: String,
    },
    /// It does not know the people of the database.
    #[error(
        "{target} answers {status} to a token that was just made in this database; give the database that it serves with --database-url"
    )]
    AnotherDatabase {
        /// Where it was asked.
        target: String,
        /// The status.
        status: u16,
    },
    /// The market is too small, or nothing in it can be seen any more.
    #[error(
        "the market has no {0}; seed one that is shown today: `kardan seed --scale 0.01` without --to"
    )]
    Empty(&'static str),
    /// What is measured cannot be kept.
    #[error("what is measured cannot be kept")]
    Histogram(#[from] hdrhistogram::CreationError),
    /// A page could not be made.
    #[error("the page of the report cannot be made: {0}")]
    Page(String),
    /// A task was cut off.
    #[error("a part of the work was cut off")]
    Cut(#[from] tokio::task::JoinError),
}
