//! What can go wrong before anything is served. What goes wrong in a scrape is said by its metrics and the log.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the exporter cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A data source cannot be understood; names the parameter.
    #[error("data source: {0}")]
    Source(String),
    /// A file cannot be read.
    #[error("{what}: {}", path.display())]
    File {
        /// Which file it is for the operator.
        what: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A file of certificates or a key holds none.
    #[error("{}: {reason}", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A configuration file has a mistake; says line and column.
    #[error("{}: {reason}", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// Where and what.
        reason: String,
    },
    /// The address is taken or not ours.
    #[error(
        "cannot listen on {address}; is another exporter running there? --web.listen-address chooses another"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// A flag has a value that it cannot have.
    #[error("{flag}: {reason}")]
    Flag {
        /// The flag.
        flag: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The server stopped.
    #[error("serving")]
    Serve(#[source] std::io::Error),
}

/// Reads a YAML file; unknown fields are errors where the type says so.
pub(crate) fn read_yaml<T: serde::de::DeserializeOwned>(
    what: &'static str,
    path: &std::path::Path,
) -> Result<T, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        what,
        path: path.to_owned(),
        source,
    })?;
    parse_yaml(&text, path)
}

/// The same for a text at hand.
pub(crate) fn parse_yaml<T: serde::de::DeserializeOwned>(
    text: &str,
    path: &std::path::Path,
) -> Result<T, Error> {
    serde_saphyr::from_str(text).map_err(|error| Error::Yaml {
        path: path.to_owned(),
        // The first line says what and where; the picture below it is for a terminal of its own.
        reason: error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    })
}
