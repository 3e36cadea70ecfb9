//! Telegram to functions and back: what people tap and write becomes calls of functions, and what functions put into the
//! outbox becomes messages.
//!
//! What is *not* here: rules. Who may do what, how fast Telegram may be written to, in which order and how often
//! something is tried again, PostgreSQL decides; any number of bots may run, and one that is killed loses nothing. An update
//! is acknowledged to Telegram only when it was handled, so Telegram itself keeps what is still to be done.

mod cards;
mod chart;
mod config;
mod desk;
mod error;
mod sender;
mod talk;
mod telegram;
mod text;
mod updates;
mod watch;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

pub use config::Config;
pub use error::Error;
pub use text::Texts;

use desk::Desk;

/// Works until `shutdown` is cancelled.
///
/// # Errors
/// See [`Error`]. A database or Telegram that does not answer is none: both are asked again.
pub async fn run(config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    let listener = match config.listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .map_err(|source| Error::Listen { address, source })?,
        ),
        None => None,
    };
    let Some(desk) = Desk::open(config, shutdown).await? else {
        return Ok(());
    };
    if let Some(listener) = listener {
        tokio::spawn(axum::serve(listener, watch::router(desk.clone())).into_future());
    }
    // Whoever drops this future wants nothing to go on.
    let listening = AbortOnDropHandle::new(tokio::spawn(updates::run(desk.clone())));
    sender::run(&desk).await;
    listening.await.map_err(Error::Broken)
}
