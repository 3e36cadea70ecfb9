//! `kardan agent`: what stands beside Patroni on a database node and sees what Patroni cannot.
//!
//! It starts Patroni as its child and ends with it. A node that was frozen stops PostgreSQL before it may act as the
//! leader that it no longer is (`freeze`); a primary that runs out of disk hands over, or takes no more writes
//! (`disk`); an etcd that leads beside the primary hands its lead on (`steer`). What it sees and did is told to
//! Prometheus and to the other agents (`serve`). A task of these that fails starts again (`beside`).

mod beside;
mod child;
mod disk;
mod freeze;
mod local;
mod serve;
mod steer;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use disk::Space;

use crate::{Error, Place};
use child::Child;
use local::Local;

/// The port on which agents ask each other, and Prometheus asks them.
pub const PORT: u16 = 8009;

/// What an agent is told.
#[derive(Debug, Clone)]
pub struct AgentConfig {
    /// The node's name in Patroni.
    pub name: String,
    /// PostgreSQL's data directory.
    pub data: PathBuf,
    /// The folder of PostgreSQL's socket.
    pub socket: PathBuf,
    /// Where metrics and the figures of the disk are served.
    pub listen: SocketAddr,
    /// A disk with less room than this is low, in bytes; so is one with less than a tenth of its size.
    pub room: u64,
    /// A gap in the clock from which on the node counts as frozen: twice Patroni's `loop_wait`.
    pub frozen_after: Duration,
    /// The member of etcd on this machine, as clients reach it; `None` when etcd has machines of its own.
    pub etcd_beside: Option<String>,
    /// Patroni and its arguments.
    pub command: Vec<String>,
}

/// Runs until Patroni ends, by itself or because `shutdown` was asked for; gives its status.
///
/// # Errors
/// When Patroni cannot be started, or the address is taken.
pub async fn run(
    place: Place,
    config: AgentConfig,
    shutdown: CancellationToken,
) -> Result<ExitStatus, Error> {
    let metrics = serve::recorder()?;
    let listener = serve::bind(config.listen).await?;
    let local = Local::new(&config);
    let (space_seen, space) = watch::channel(None);
    let (froze, mut freezes) = mpsc::channel(1);
    freeze::watch_clock(config.frozen_after, froze);

    let mut beside = JoinSet::new();
    beside.spawn(beside::keep("serve", beside::PAUSE, move || {
        serve::run(listener.clone(), metrics.clone(), space.clone())
    }));
    beside.spawn({
        let (place, config, local) = (place.clone(), config.clone(), local.clone());
        beside::keep("disk", beside::PAUSE, move || {
            disk::guard(
                place.clone(),
                config.clone(),
                local.clone(),
                space_seen.clone(),
            )
        })
    });
    if let Some(url) = config.etcd_beside.clone() {
        let local = local.clone();
        beside.spawn(beside::keep("steer", beside::PAUSE, move || {
            steer::run(place.clone(), local.clone(), url.clone())
        }));
    }

    let mut patroni = Child::start(&config.command)?;
    loop {
        tokio::select! {
            ended = patroni.ended() => return ended,
            () = shutdown.cancelled() => return patroni.stop().await,
            Some(gap) = freezes.recv() => {
                if freeze::end_leadership(&local, &mut patroni, gap).await? {
                    patroni = Child::start(&config.command)?;
                }
            }
        }
    }
}
