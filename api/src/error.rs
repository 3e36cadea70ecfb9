//! Why the server could not start or had to stop. Answers to requests are in `problem`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the server could not start or had to stop.
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
    /// A database URL is not one.
    #[error("the {which} URL of the database cannot be understood")]
    DatabaseUrl {
        /// `writer` or `reader`.
        which: &'static str,
        /// Why.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The store of photos cannot be opened.
    #[error("cannot open the store of photos")]
    Photos(#[from] kardan_photos::Error),
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The client that asks an issuer of OpenID Connect cannot be made.
    #[error("cannot make the client that asks the issuer of OpenID Connect")]
    Issuer(#[from] reqwest::Error),
    /// The pool of connections cannot be made.
    #[error("cannot make the pool of connections")]
    Pool(#[source] deadpool_postgres::BuildError),
    /// The metrics cannot be set up.
    #[error("cannot set up the metrics")]
    Metrics(#[source] metrics_exporter_prometheus::BuildError),
    /// The API's own description cannot be written.
    #[error("cannot write the API's description")]
    Document(#[source] serde_json::Error),
    /// Accepting connections failed.
    #[error("the server stopped")]
    Serve(#[source] std::io::Error),
}
