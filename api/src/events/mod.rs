//! What happens, told to those who listen. One task reads the log of events, for the whole server; the hub knows who
//! listens for what; a stream tells one of them what they missed and what happens. What may be heard by whom is decided by
//! the functions in PostgreSQL.

mod frame;
mod hub;
mod place;
mod read;
mod socket;
mod sse;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::task::TaskTracker;

pub use self::frame::StreamMessage;
pub use self::hub::Figures;
use self::hub::{Bounds, Hub};
pub use self::place::Place;
pub use self::read::run;
pub use self::sse::response;
pub use self::stream::{Stream, Wish};
use crate::Config;

/// Listings that one stream may watch.
pub const WATCHED: usize = 100;

/// What all streams of a server share.
pub struct Events {
    hub: Arc<Hub>,
    turns: Semaphore,
    sockets: TaskTracker,
    every: Duration,
    quiet: Duration,
}

impl Events {
    /// Nobody listens yet, and nothing is read.
    pub fn new(config: &Config) -> Self {
        let bounds = Bounds {
            streams: config.event_streams,
            person: config.event_streams_person,
            queue: config.event_queue.max(1),
        };
        Self {
            hub: Arc::new(Hub::new(bounds)),
            turns: Semaphore::new(config.connections().div_ceil(2)),
            sockets: TaskTracker::new(),
            every: config.event_poll,
            quiet: config.event_quiet,
        }
    }

    fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// How often the database is asked.
    fn every(&self) -> Duration {
        self.every
    }

    /// After how long a silence a stream says that it is alive: between the configured time and a third more, so that not
    /// all speak at once.
    fn quiet(&self) -> Duration {
        self.quiet.mul_f64(1.0 + jitter() / 3.0)
    }

    /// Leave to ask the database for what one who listens missed. None only when nobody can give it any more.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }

    /// The answer after which a connection is a WebSocket.
    pub fn socket(&self, upgrade: WebSocketUpgrade, stream: Stream) -> Response {
        let sockets = self.sockets.clone();
        upgrade.on_upgrade(move |socket| sockets.track_future(socket::talk(socket, stream)))
    }

    /// Returns when every WebSocket has said its last word.
    pub async fn ended(&self) {
        self.sockets.close();
        self.sockets.wait().await;
    }

    /// Figures for the metrics.
    pub fn figures(&self) -> Figures {
        self.hub.figures()
    }
}

/// Some number from 0 to 1.
fn jitter() -> f64 {
    let mut bytes = [0; 2];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX),
        Err(_) => 0.5,
    }
}
