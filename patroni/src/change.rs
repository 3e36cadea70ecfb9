//! Changes of single nodes, one after the other, and of the cluster's mode.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::status::Status;
use crate::switchover::Wish;
use crate::wait::until;
use crate::{Error, Place};

/// How long a node may take to stop and start again.
const RESTART: Duration = Duration::from_secs(120);
/// How long a copy of a whole database may take.
const COPY: Duration = Duration::from_secs(6 * 3600);

impl Place {
    /// The order in which nodes are restarted: standbys first, the leader last.
    ///
    /// # Errors
    /// When a named node does not exist, or nobody leads.
    pub fn restart_order(status: &Status, only: &[String]) -> Result<Vec<String>, Error> {
        for name in only {
            status.member(name)?;
        }
        let leader = &status.leading()?.name;
        let mut order: Vec<String> = status
            .nodes
            .iter()
            .map(|node| node.name.clone())
            .filter(|name| only.is_empty() || only.contains(name))
            .collect();
        order.sort_by_key(|name| name == leader);
        Ok(order)
    }

    /// Restarts PostgreSQL on one node and waits until the cluster is as redundant as before.
    ///
    /// # Errors
    /// When Patroni refuses, or the node does not come back.
    pub async fn restart(&self, name: &str) -> Result<(), Error> {
        let status = self.status().await?;
        let member = status.member(name)?;
        self.patroni_do(member, Method::POST, "restart", &json!({}), RESTART)
            .await?;
        self.wait_whole(RESTART).await
    }

    /// Looks whether a node may be copied anew: everybody but the leader may.
    ///
    /// # Errors
    /// When it is the leader, or there is no such node.
    pub async fn reinit_allowed(&self, name: &str) -> Result<Status, Error> {
        let status = self.status().await?;
        status.member(name)?;
        if status.leading()?.name == name {
            return Err(Error::state(format!(
                "{name} leads: its data is what the others are copied from; first: kardan cluster switchover"
            )));
        }
        Ok(status)
    }

    /// Throws a standby's data away and copies the leader's.
    ///
    /// # Errors
    /// When it is the leader, when Patroni refuses, or the copy is late.
    pub async fn reinit(&self, name: &str) -> Result<(), Error> {
        let status = self.reinit_allowed(name).await?;
        let member = status.member(name)?;
        let body = json!({"force": true});
        self.patroni_do(member, Method::POST, "reinitialize", &body, RESTART)
            .await?;
        // Patroni takes the order and begins a moment later: whole again counts only after it was not.
        let begun = until(
            "the beginning of the copy",
            Duration::from_secs(20),
            Duration::from_millis(100),
            async || {
                let state = self.node_said(member).await.map(|said| said.state);
                (state.as_deref().unwrap_or("") != "running").then_some(())
            },
        );
        begun.await?;
        self.wait_whole(COPY).await
    }

    /// Switches automatic failover off or on.
    ///
    /// # Errors
    /// When nobody leads, or Patroni refuses.
    pub async fn set_paused(&self, paused: bool) -> Result<(), Error> {
        let status = self
            .configure(&json!({"pause": if paused { json!(true) } else { json!(null) }}))
            .await?;
        let taken = until(
            "the agreement of all nodes",
            RESTART,
            Duration::from_millis(200),
            async || {
                for member in &status.members {
                    // A node that does not answer takes it from etcd when it is back.
                    if self
                        .node_said(member)
                        .await
                        .is_ok_and(|said| said.pause != paused)
                    {
                        return None;
                    }
                }
                Some(())
            },
        );
        taken.await
    }

    /// Changes settings in etcd; `null` takes one away. The nodes take them on within their next rounds.
    ///
    /// # Errors
    /// When nobody leads, or Patroni refuses.
    pub async fn configure(&self, change: &serde_json::Value) -> Result<Status, Error> {
        let status = self.status().await?;
        self.patroni_do(status.leading()?, Method::PATCH, "config", change, RESTART)
            .await?;
        Ok(status)
    }

    /// Restarts these nodes one after the other and tells of each. Before the leader's turn another node takes the lead
    /// where that is wished, so that clients see no error.
    ///
    /// # Errors
    /// As [`Place::restart`] and [`Place::switchover`].
    pub async fn restart_rolling(
        &self,
        order: &[String],
        switchover: bool,
        mut tell: impl FnMut(&str),
    ) -> Result<(), Error> {
        let leader = self.status().await?.leader;
        for node in order {
            if switchover && leader.as_ref() == Some(node) {
                let wish = Wish::default();
                let done = self
                    .switchover(&self.switchover_plan(&wish).await?, &wish)
                    .await?;
                tell(&format!(
                    "{} leads; clients waited {} ms",
                    done.to, done.stall_ms
                ));
                self.wait_whole(RESTART).await?;
            }
            self.restart(node).await?;
            tell(&format!("{node} is back"));
        }
        Ok(())
    }

    /// Waits until somebody leads.
    ///
    /// # Errors
    /// [`Error::Late`].
    pub async fn wait_leader(&self, patience: Duration) -> Result<(), Error> {
        let pause = Duration::from_millis(500);
        until("a leader", patience, pause, async || {
            let status = self.status().await.ok()?;
            self.leads(status.leading().ok()?).await.then_some(())
        })
        .await
    }

    /// Waits until every node is there and a standby acknowledges commits.
    ///
    /// # Errors
    /// [`Error::Late`].
    pub async fn wait_whole(&self, patience: Duration) -> Result<(), Error> {
        self.wait_until("a whole cluster", patience, Status::is_whole)
            .await
    }

    /// Looks four times a second until the cluster is so; what cannot be looked at is not.
    ///
    /// # Errors
    /// [`Error::Late`].
    pub async fn wait_until(
        &self,
        what: &str,
        patience: Duration,
        is_so: impl Fn(&Status) -> bool,
    ) -> Result<(), Error> {
        let pause = Duration::from_millis(250);
        until(what, patience, pause, async || {
            let status = self.status().await.ok()?;
            is_so(&status).then_some(())
        })
        .await
    }
}
