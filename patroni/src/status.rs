//! The whole cluster at one look.

use std::collections::BTreeMap;

use futures_util::future::{join, join_all, join3};
use serde::Serialize;

use crate::agent::Space;
use crate::node::{Figures, Follower, Slot};
use crate::patroni::{Member, NodeSaid, host};
use crate::{Error, Place};

/// What the cluster is right now.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// Patroni's prefix in etcd.
    pub prefix: String,
    /// Who holds the lease; `None` while nobody does.
    pub leader: Option<String>,
    /// Is automatic failover switched off?
    pub paused: bool,
    /// A switchover that is planned or under way, as Patroni has written it down.
    pub switchover: Option<serde_json::Value>,
    /// The identity of the database.
    pub system_identifier: Option<String>,
    /// The last change of leader.
    pub last_failover: Option<Failover>,
    /// The standbys that may lead next without a loss: Patroni's own list, which is stricter than what PostgreSQL counts.
    pub successors: Vec<String>,
    /// Every member, by name.
    pub nodes: Vec<Node>,
    /// Every member of etcd that is known here.
    pub etcd: Vec<Etcd>,
    /// The settings in etcd.
    #[serde(skip)]
    pub config: serde_json::Value,
    #[serde(skip)]
    pub(crate) members: Vec<Member>,
}

/// A change of leader.
#[derive(Debug, Clone, Serialize)]
pub struct Failover {
    /// The timeline that it ended.
    pub timeline: i64,
    /// When, as Patroni wrote it.
    pub at: String,
    /// Who has led since.
    pub leader: String,
}

/// One database node. What it did not answer is `None`, and `trouble` says why.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// `primary` or `replica`.
    pub role: Option<String>,
    /// `running`, `streaming`, `starting`, `stopped`, ….
    pub state: Option<String>,
    /// Its timeline.
    pub timeline: Option<i64>,
    /// How its commits count: `leader`, `quorum`, `sync`, `async`.
    pub sync: Option<String>,
    /// What it has not replayed.
    pub lag_bytes: Option<i64>,
    /// How late its replay is.
    pub lag_seconds: Option<f64>,
    /// The position that it has written or replayed.
    pub lsn: Option<String>,
    /// The size of its `pg_wal`.
    pub wal_bytes: Option<i64>,
    /// PostgreSQL's version.
    pub version: Option<String>,
    /// Patroni's version.
    pub patroni: Option<String>,
    /// The identity of its database.
    pub system_identifier: Option<String>,
    /// The room on its disk, as its agent sees it; `None` when no agent answers.
    pub disk: Option<Space>,
    /// Is there a watchdog that would end it when it hangs?
    pub watchdog: Option<bool>,
    /// Does it wait for a restart to take settings on?
    pub pending_restart: bool,
    /// Its replication slots.
    pub slots: Vec<Slot>,
    /// Why something is not known.
    pub trouble: Vec<String>,
}

/// One member of etcd.
#[derive(Debug, Clone, Serialize)]
pub struct Etcd {
    /// Its address.
    pub url: String,
    /// Does it lead the others? `None` when it does not answer.
    pub leads: Option<bool>,
    /// Its version.
    pub version: Option<String>,
    /// The size of its data.
    pub db_bytes: Option<u64>,
    /// Why something is not known, or what it complains of.
    pub trouble: Vec<String>,
}

/// The members among Patroni's keys.
fn members<'a>(keys: impl IntoIterator<Item = (&'a String, &'a String)>) -> Vec<Member> {
    keys.into_iter()
        .filter_map(|(key, value)| Member::read(key.strip_prefix("members/")?, value))
        .collect()
}

impl Place {
    /// Who belongs to the cluster, as etcd knows it.
    pub(crate) async fn members(&self) -> Result<Vec<Member>, Error> {
        let keys = self.keys().await?;
        Ok(members(keys.iter().map(|(key, value)| (key, value))))
    }

    /// Looks at everything at once; silent parts cost three seconds and are told as such.
    ///
    /// # Errors
    /// When no member of etcd answers, or there is no such cluster in it.
    pub async fn status(&self) -> Result<Status, Error> {
        let keys: BTreeMap<String, String> = self.keys().await?.into_iter().collect();
        let members = members(&keys);
        if !keys.contains_key("config") {
            return Err(Error::state(format!(
                "etcd knows no cluster {}; is --prefix right?",
                self.prefix
            )));
        }
        let leader = keys.get("leader").cloned();
        let config = json(keys.get("config")).unwrap_or_default();
        let asked = members.iter().map(async |member| {
            let asked = (
                self.node_said(member),
                self.figures(member),
                self.space(member),
            );
            join3(asked.0, asked.1, asked.2).await
        });
        let (answers, etcd) = join(join_all(asked), self.etcd_members()).await;
        let followers: Vec<Follower> = members
            .iter()
            .zip(&answers)
            .filter(|(member, _)| Some(&member.name) == leader.as_ref())
            .filter_map(|(_, (_, figures, _))| figures.as_ref().ok())
            .flat_map(|figures| figures.followers.clone())
            .collect();
        let nodes = members
            .iter()
            .zip(answers)
            .map(|(member, (said, figures, disk))| Node {
                disk: disk.ok(),
                ..node(member, leader.as_deref(), said, figures, &followers)
            })
            .collect();
        Ok(Status {
            prefix: self.prefix.clone(),
            paused: config.get("pause").and_then(serde_json::Value::as_bool) == Some(true),
            // Patroni leaves an empty one behind when it is done.
            switchover: json(keys.get("failover"))
                .filter(|planned| planned.as_object().is_some_and(|map| !map.is_empty())),
            system_identifier: keys.get("initialize").cloned(),
            last_failover: json(keys.get("history")).as_ref().and_then(last_failover),
            successors: json(keys.get("sync"))
                .as_ref()
                .map_or_else(Vec::new, successors),
            nodes,
            etcd: etcd.into_iter().map(etcd_member).collect(),
            config,
            leader,
            members,
        })
    }
}

impl Status {
    pub(crate) fn member(&self, name: &str) -> Result<&Member, Error> {
        self.members
            .iter()
            .find(|member| member.name == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self.members.iter().map(|m| m.name.as_str()).collect();
                Error::state(format!(
                    "there is no node '{name}'; there are {}",
                    names.join(", ")
                ))
            })
    }

    /// The member that leads etcd, if one that is known here does.
    #[must_use]
    pub fn etcd_leader(&self) -> Option<&Etcd> {
        self.etcd.iter().find(|member| member.leads == Some(true))
    }

    pub(crate) fn leading(&self) -> Result<&Member, Error> {
        self.member(self.leader.as_deref().ok_or_else(|| {
            Error::state("no node leads at the moment; look at: kardan cluster status")
        })?)
    }

    /// Is everything as it should be: a leader, every node there, a standby that counts for commits and may lead, etcd whole?
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.leader.is_some()
            && !self.successors.is_empty()
            && self.nodes.iter().all(|node| {
                node.trouble.is_empty()
                    && matches!(node.state.as_deref(), Some("running" | "streaming"))
            })
            && self.nodes.iter().any(Node::counts_for_commits)
            && self.etcd.iter().all(|member| member.leads.is_some())
    }
}

impl Etcd {
    /// The name of its machine.
    #[must_use]
    pub fn host(&self) -> &str {
        host(&self.url)
    }
}

impl Node {
    /// Is it a standby that a commit is acknowledged by?
    #[must_use]
    pub fn counts_for_commits(&self) -> bool {
        matches!(self.sync.as_deref(), Some("quorum" | "sync"))
    }
}

fn node(
    member: &Member,
    leader: Option<&str>,
    said: Result<NodeSaid, Error>,
    figures: Result<Figures, Error>,
    followers: &[Follower],
) -> Node {
    let trouble = [said.as_ref().err(), figures.as_ref().err()]
        .into_iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    let (said, figures) = (said.ok(), figures.ok());
    let leads = leader == Some(member.name.as_str());
    let follows = followers
        .iter()
        .find(|follower| follower.name == member.name);
    Node {
        name: member.name.clone(),
        sync: if leads {
            Some("leader".to_owned())
        } else {
            follows.map(|follower| follower.sync_state.clone())
        },
        lag_bytes: follows.map(|follower| follower.lag_bytes),
        lag_seconds: follows.and_then(|follower| follower.lag_seconds),
        role: said.as_ref().map(|said| said.role.clone()),
        state: match (&said, follows) {
            (Some(said), Some(follower)) if said.state == "running" => Some(follower.state.clone()),
            (said, _) => said.as_ref().map(|said| said.state.clone()),
        },
        timeline: said.as_ref().and_then(|said| said.timeline),
        patroni: said.as_ref().map(|said| said.patroni.version.clone()),
        system_identifier: said
            .as_ref()
            .and_then(|said| said.database_system_identifier.clone()),
        pending_restart: said.as_ref().is_some_and(|said| said.pending_restart),
        lsn: figures.as_ref().map(|figures| figures.lsn.clone()),
        wal_bytes: figures.as_ref().map(|figures| figures.wal_bytes),
        disk: None,
        watchdog: figures.as_ref().map(|figures| figures.watchdog),
        version: figures.as_ref().map(|figures| figures.version.clone()),
        slots: figures.map(|figures| figures.slots).unwrap_or_default(),
        trouble,
    }
}

fn etcd_member((url, said): (String, Result<crate::etcd::EtcdMember, Error>)) -> Etcd {
    match said {
        Ok(member) => Etcd {
            leads: Some(member.leader == member.id),
            version: Some(member.version),
            db_bytes: Some(member.db_bytes),
            trouble: member.errors,
            url: member.url,
        },
        Err(error) => Etcd {
            url,
            leads: None,
            version: None,
            db_bytes: None,
            trouble: vec![error.to_string()],
        },
    }
}

fn json(text: Option<&String>) -> Option<serde_json::Value> {
    serde_json::from_str(text?).ok()
}

/// Names with commas between them.
fn successors(sync: &serde_json::Value) -> Vec<String> {
    let names = sync.get("sync_standby").and_then(serde_json::Value::as_str);
    let names = names.unwrap_or_default().split(',');
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Patroni's history is a list of `[timeline, position, reason, time, new leader]`.
fn last_failover(history: &serde_json::Value) -> Option<Failover> {
    let last = history.as_array()?.last()?;
    Some(Failover {
        timeline: last.get(0)?.as_i64()?,
        at: last.get(3)?.as_str()?.to_owned(),
        leader: last.get(4)?.as_str()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::last_failover;

    #[test]
    fn the_last_failover_is_the_last_line_of_the_history() {
        let history = serde_json::json!([
            [
                1,
                25_000_000,
                "no recovery target specified",
                "2026-01-01T10:00:00+00:00",
                "db2"
            ],
            [
                2,
                26_000_000,
                "no recovery target specified",
                "2026-01-02T10:00:00+00:00",
                "db3"
            ]
        ]);
        let last = last_failover(&history).expect("a failover");
        assert_eq!((last.timeline, last.leader.as_str()), (2, "db3"));
        assert!(last_failover(&serde_json::json!([])).is_none());
    }
}
