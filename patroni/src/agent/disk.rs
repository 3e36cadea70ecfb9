//! A primary whose disk fills up: PostgreSQL would end in the middle of a commit, and could not even start again. Before
//! that, a standby with room leads, or nobody writes any more.

mod roles;

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::watch::Sender;
use tracing::{error, info, warn};

use super::AgentConfig;
use super::local::Local;
use crate::patroni::Member;
use crate::{Error, Place};

const LOOK: Duration = Duration::from_secs(1);
/// How long a switchover may take before another one is tried.
const BETWEEN_SWITCHOVERS: Duration = Duration::from_secs(30);

/// The room on the fuller of two volumes: the data's and the WAL's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Size of the volume.
    pub total_bytes: u64,
    /// What PostgreSQL may still write.
    pub available_bytes: u64,
    /// Less than this is too little.
    pub low_below_bytes: u64,
}

impl Space {
    /// A disk is low under a tenth of its size, and under `room` bytes.
    const fn of(total_bytes: u64, available_bytes: u64, room: u64) -> Self {
        let tenth = total_bytes / 10;
        Self {
            total_bytes,
            available_bytes,
            low_below_bytes: if tenth > room { tenth } else { room },
        }
    }

    fn read(volume: &Path, room: u64) -> Result<Self, Error> {
        let said = rustix::fs::statvfs(volume).map_err(|error| Error::Keys {
            path: volume.to_owned(),
            why: error.to_string(),
        })?;
        Ok(Self::of(
            said.f_blocks * said.f_frsize,
            said.f_bavail * said.f_frsize,
            room,
        ))
    }

    /// Is there too little?
    #[must_use]
    pub const fn is_low(&self) -> bool {
        self.available_bytes < self.low_below_bytes
    }

    /// Is there enough again? A fifth more than what was too little, or the first byte written would turn it round.
    const fn has_recovered(&self) -> bool {
        self.available_bytes > self.low_below_bytes + self.low_below_bytes / 5
    }

    /// What is missing or left above the mark; the volume with less of it is the fuller one.
    const fn margin(&self) -> i128 {
        self.available_bytes as i128 - self.low_below_bytes as i128
    }
}

/// Looks every second, and does what has to be done.
pub async fn guard(place: Place, config: AgentConfig, local: Local, seen: Sender<Option<Space>>) {
    let mut guard = Guard {
        place,
        name: config.name,
        local,
        asked: None,
        open: false,
    };
    let mut pace = tokio::time::interval(LOOK);
    loop {
        pace.tick().await;
        let (data, wal) = (config.data.clone(), config.data.join("pg_wal"));
        let Some(space) = fuller(&data, &wal, config.room) else {
            seen.send_replace(None);
            continue;
        };
        seen.send_replace(Some(space));
        if let Err(error) = guard.act(space).await {
            // The next look tries again.
            error!(error = %error, "the disk guard could not act");
        }
    }
}

/// The fuller one of the two; nothing while there is no data directory yet.
fn fuller(data: &Path, wal: &Path, room: u64) -> Option<Space> {
    let volumes = [("data", data), ("wal", wal)].map(|(name, path)| {
        let space = Space::read(path, room).ok()?;
        tell(name, &space);
        Some(space)
    });
    volumes.into_iter().flatten().min_by_key(Space::margin)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge; nobody reads its last byte"
)]
fn tell(volume: &'static str, space: &Space) {
    metrics::gauge!("kardan_agent_disk_bytes", "volume" => volume).set(space.total_bytes as f64);
    metrics::gauge!("kardan_agent_disk_available_bytes", "volume" => volume)
        .set(space.available_bytes as f64);
    metrics::gauge!("kardan_agent_disk_low", "volume" => volume).set(u8::from(space.is_low()));
}

struct Guard {
    place: Place,
    name: String,
    local: Local,
    /// When a switchover was asked for the last time.
    asked: Option<Instant>,
    /// Is it known that the application may write here? Then nobody asks PostgreSQL every second.
    open: bool,
}

impl Guard {
    async fn act(&mut self, space: Space) -> Result<(), Error> {
        if !self.local.is_primary() {
            self.open = false;
            metrics::gauge!("kardan_agent_read_only").set(0);
            return Ok(());
        }
        if space.is_low() {
            if self.hand_over().await {
                return Ok(());
            }
            self.open = false;
            return roles::stop_writes(&self.local).await;
        }
        if space.has_recovered() && !self.open {
            roles::allow_writes(&self.local).await?;
            self.open = true;
        }
        Ok(())
    }

    /// Asks Patroni for a standby with room to lead. Says whether one is about to.
    async fn hand_over(&mut self) -> bool {
        if self
            .asked
            .is_some_and(|at| at.elapsed() < BETWEEN_SWITCHOVERS)
        {
            return true;
        }
        match self.switch_over().await {
            Ok(Some(to)) => {
                self.asked = Some(Instant::now());
                metrics::counter!("kardan_agent_switchovers_total").increment(1);
                warn!(to, "the disk is nearly full; another node leads");
                true
            }
            Ok(None) => false,
            Err(error) => {
                warn!(error = %error, "the disk is nearly full, and no other node could lead");
                false
            }
        }
    }

    async fn switch_over(&self) -> Result<Option<String>, Error> {
        let members = self.place.members().await?;
        let Some(own) = members.iter().find(|member| member.name == self.name) else {
            return Err(Error::state(format!("etcd knows no node {}", self.name)));
        };
        let Some(to) = self.roomiest(&members).await else {
            return Ok(None);
        };
        let body = json!({"leader": self.name, "candidate": to.name});
        self.place
            .patroni_do(own, Method::POST, "switchover", &body, BETWEEN_SWITCHOVERS)
            .await?;
        Ok(Some(to.name.clone()))
    }

    /// The other node with the most room, if any has enough.
    async fn roomiest<'a>(&self, members: &'a [Member]) -> Option<&'a Member> {
        let others = members.iter().filter(|member| member.name != self.name);
        let asked = others.map(async |member| Some((self.place.space(member).await.ok()?, member)));
        futures_util::future::join_all(asked)
            .await
            .into_iter()
            .flatten()
            .filter(|(space, _)| space.has_recovered())
            .max_by_key(|(space, _)| space.margin())
            .map(|(space, member)| {
                info!(
                    node = member.name,
                    available.bytes = space.available_bytes,
                    "has room"
                );
                member
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Space;

    const GIB: u64 = 1 << 30;

    #[test]
    fn a_large_disk_is_low_under_a_tenth_and_a_small_one_under_the_room() {
        assert!(Space::of(100 * GIB, 9 * GIB, GIB).is_low());
        assert!(!Space::of(100 * GIB, 11 * GIB, GIB).is_low());
        assert!(Space::of(5 * GIB, GIB - 1, GIB).is_low());
        assert!(!Space::of(5 * GIB, GIB, GIB).is_low());
    }

    #[test]
    fn what_was_low_has_recovered_only_well_above_the_mark() {
        assert!(!Space::of(100 * GIB, 11 * GIB, GIB).has_recovered());
        assert!(Space::of(100 * GIB, 13 * GIB, GIB).has_recovered());
    }
}
