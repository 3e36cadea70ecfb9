//! Why the worker could not start or had to stop, and why a turn of a task ended early.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the worker could not start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No database was named.
    #[error("no database: give --database-url or --database-url-file")]
    NoDatabase,
    /// A file with a secret cannot be read.
    #[error("cannot read the secret in {}", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database URL is not one.
    #[error("the URL of the database cannot be understood")]
    DatabaseUrl(#[source] tokio_postgres::Error),
    /// The pool of connections cannot be made.
    #[error("cannot make the pool of connections")]
    Pool(#[source] deadpool_postgres::BuildError),
    /// The store of photos cannot be opened.
    #[error("cannot open the store of photos")]
    Photos(#[source] kardan_photos::Error),
    /// The client that calls programs of shops cannot be made.
    #[error("cannot make the client that calls programs of shops")]
    Caller(#[source] reqwest::Error),
    /// The metrics cannot be set up.
    #[error("cannot set up the metrics")]
    Metrics(#[source] metrics_exporter_prometheus::BuildError),
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A task that was asked for once failed.
    #[error("{task} failed")]
    Task {
        /// The task.
        task: &'static str,
        /// Why.
        #[source]
        source: Failure,
    },
}

/// Why a turn of a task ended early; the next turn begins anew.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no connection.
    #[error("no connection to the database")]
    Connection(#[from] deadpool_postgres::PoolError),
    /// The database refused.
    #[error("the database refused")]
    Database(#[from] kardan_schema::Error),
    /// The store of photos failed.
    #[error("the store of photos failed")]
    Photos(#[from] kardan_photos::Error),
    /// The task panicked.
    #[error("the task broke off")]
    Broken(#[from] tokio::task::JoinError),
}
