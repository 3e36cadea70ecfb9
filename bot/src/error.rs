//! Why the bot could not start or had to stop, and why an update was not handled.

use std::net::SocketAddr;

use crate::telegram::Refusal;

/// Why the bot could not start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pool of connections cannot be made.
    #[error("cannot make the pool of connections")]
    Pool(#[source] deadpool_postgres::BuildError),
    /// The store of photos cannot be opened.
    #[error("cannot open the store of photos")]
    Photos(#[source] kardan_photos::Error),
    /// The client that calls Telegram cannot be made.
    #[error("cannot make the client that calls Telegram")]
    Client(#[source] reqwest::Error),
    /// Telegram does not know the bot.
    #[error("Telegram does not know this bot: {0}; is the token right?")]
    Token(String),
    /// The sentences cannot be read.
    #[error("the sentences of the bot cannot be read: {0}")]
    Texts(String),
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
    /// A part of the bot broke off.
    #[error("a part of the bot broke off")]
    Broken(#[source] tokio::task::JoinError),
}

/// Why an update was not handled.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no connection.
    #[error("no connection to the database")]
    Connection(#[from] deadpool_postgres::PoolError),
    /// The database refused, or could not.
    #[error("the database refused")]
    Database(#[from] kardan_schema::Error),
    /// Telegram refused.
    #[error("Telegram refused: {0}")]
    Telegram(Refusal),
    /// It was answered before: nothing is left to do.
    #[error("answered before")]
    Answered,
    /// A photo cannot be developed or kept.
    #[error("the photos do not work")]
    Photos(#[from] kardan_photos::Error),
    /// What is said cannot be kept.
    #[error("a dialog cannot be written")]
    Dialog(#[source] serde_json::Error),
    /// Figures cannot be drawn.
    #[error("no chart")]
    Chart(#[from] crate::chart::Error),
    /// A sentence is missing or wrong.
    #[error("no sentence: {0}")]
    Text(#[from] minijinja::Error),
}

impl Failure {
    /// Whether a function refused for a reason that a person can be told.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Database(error) if error.fault().is_some())
    }

    /// Whether the same may work later, and nothing is wrong with the update.
    pub const fn passes(&self) -> bool {
        matches!(
            self,
            Self::Connection(_)
                | Self::Database(kardan_schema::Error::Retry(_))
                | Self::Telegram(Refusal::Later { .. } | Refusal::Unheard(_))
        )
    }
}
