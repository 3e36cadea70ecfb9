//! A planned change of the leader that no client sees: they wait at the pooler for as long as nobody leads.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde::Serialize;
use serde_json::json;
use tracing::info;

use crate::pooler::Pooler;
use crate::status::{Node, Status};
use crate::wait::until;
use crate::{Error, Place};

/// How a switchover is wanted.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Who shall lead; without it, the standby that is nearest.
    pub to: Option<String>,
    /// How long running transactions may take to end before everything is called off.
    pub pause: Duration,
    /// How long the new leader may take.
    pub patience: Duration,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            to: None,
            pause: Duration::from_secs(5),
            patience: Duration::from_secs(30),
        }
    }
}

/// A switchover that was found possible.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// Who leads now.
    pub from: String,
    /// Who will.
    pub to: String,
    /// How many poolers hold their clients meanwhile; without any, clients see errors.
    pub poolers: usize,
}

/// A switchover that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Done {
    /// Who led.
    pub from: String,
    /// Who leads.
    pub to: String,
    /// From the first client that was held to the last that may go on.
    pub stall_ms: u64,
    /// Everything, with the checkpoint before.
    pub total_ms: u64,
}

impl Place {
    /// Looks whether it may be done now, and by whom.
    ///
    /// # Errors
    /// [`Error::State`] with the reason for which it may not.
    pub async fn switchover_plan(&self, wish: &Wish) -> Result<Plan, Error> {
        let status = self.status().await?;
        let from = status.leading()?.name.clone();
        if status.paused {
            return Err(Error::state(
                "the cluster is paused; first: kardan cluster resume",
            ));
        }
        if status.switchover.is_some() {
            return Err(Error::state("another switchover is under way or planned"));
        }
        let to = candidate(&status, wish.to.as_deref())?;
        Ok(Plan {
            from,
            to,
            poolers: self.poolers.len(),
        })
    }

    /// Does what was planned. Whatever happens after the pause, clients are let go on.
    ///
    /// A node that has just come back is taken off Patroni's list of successors for a moment, in which Patroni refuses it:
    /// then it is tried once more when the node is on the list again.
    ///
    /// # Errors
    /// When the checkpoint, the pause or Patroni refuse, or the new leader is late.
    pub async fn switchover(&self, plan: &Plan, wish: &Wish) -> Result<Done, Error> {
        match self.try_switchover(plan, wish).await {
            Err(Error::Refused { what, why }) => {
                info!(
                    what,
                    why, "refused; once more when the list of successors is settled"
                );
                let again = until(
                    "a settled list of successors",
                    wish.patience,
                    Duration::from_secs(2),
                    async || {
                        let status = self.status().await.ok()?;
                        let is_listed = status.successors.contains(&plan.to);
                        let is_same = status.leader.as_ref() == Some(&plan.from);
                        (is_listed && is_same && status.switchover.is_none()).then_some(())
                    },
                );
                // What was said first tells more than that it took too long.
                again.await.map_err(|_| Error::Refused { what, why })?;
                self.try_switchover(plan, wish).await
            }
            done => done,
        }
    }

    async fn try_switchover(&self, plan: &Plan, wish: &Wish) -> Result<Done, Error> {
        let begun = Instant::now();
        let status = self.status().await?;
        let (from, to) = (status.member(&plan.from)?, status.member(&plan.to)?);
        let poolers = self.poolers().await?;
        // What the old leader must write when it stops, and the new one must have replayed, is written before anybody waits.
        for node in [from, to] {
            info!(node = node.name, "checkpoint");
            let client = self.connect(node).await?;
            client
                .batch_execute("checkpoint")
                .await
                .map_err(|error| Error::sql(&format!("PostgreSQL on {}", node.name), &error))?;
        }
        let stalled = Instant::now();
        let changed = async {
            info!(poolers = poolers.len(), "clients are held");
            pause(&poolers, wish.pause).await?;
            info!(from = plan.from, to = plan.to, "switchover");
            let body = json!({"leader": plan.from, "candidate": plan.to});
            let asked = self.patroni_do(from, Method::POST, "switchover", &body, wish.patience);
            let what = format!("{} leading", plan.to);
            let leading = until(
                &what,
                wish.patience,
                Duration::from_millis(50),
                async || self.leads(to).await.then_some(()),
            );
            // Patroni answers only after it has looked at the new leader a few times; the leader itself is faster.
            tokio::select! {
                led = leading => led,
                Err(error) = asked => Err(error),
            }
        }
        .await;
        // By connections of their own: one on which a pause still waits takes no other word.
        let resumed = self.resume_all().await;
        let stall_ms = millis(stalled);
        changed?;
        resumed?;
        Ok(Done {
            from: plan.from.clone(),
            to: plan.to.clone(),
            stall_ms,
            total_ms: millis(begun),
        })
    }

    /// Lets clients of every pooler go on, whoever held them: at once if somebody leads and no switchover is under way,
    /// otherwise when it is over, so that they do not run into its middle; after `patience` in any case. "At once" is a
    /// second later: what the one who held them asked of Patroni last may not be written down yet.
    ///
    /// # Errors
    /// When a pooler cannot be reached.
    pub async fn release_clients(&self, patience: Duration) -> Result<(), Error> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let over = until(
            "the end of the switchover",
            patience,
            Duration::from_millis(100),
            async || {
                let status = self.status().await.ok()?;
                let is_over =
                    status.switchover.is_none() && self.leads(status.leading().ok()?).await;
                is_over.then_some(())
            },
        );
        // Late or not: nobody waits for ever.
        let _ = over.await;
        self.resume_all().await
    }

    async fn resume_all(&self) -> Result<(), Error> {
        let poolers = self.poolers().await?;
        let asked = poolers.iter().map(Pooler::resume);
        let said = futures_util::future::join_all(asked).await;
        said.into_iter().collect()
    }
}

async fn pause(poolers: &[Pooler], patience: Duration) -> Result<(), Error> {
    let asked = poolers.iter().map(|pooler| pooler.pause(patience));
    futures_util::future::try_join_all(asked).await.map(drop)
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The wished one if it may lead, otherwise the nearest that may. Only a standby that counts for commits has everything.
fn candidate(status: &Status, wished: Option<&str>) -> Result<String, Error> {
    if let Some(name) = wished {
        status.member(name)?;
        if status.leader.as_deref() == Some(name) {
            return Err(Error::state(format!("{name} leads already")));
        }
    }
    let mut able: Vec<&Node> = status
        .nodes
        .iter()
        .filter(|node| wished.is_none_or(|name| name == node.name))
        .filter(|node| node.counts_for_commits() && node.trouble.is_empty())
        .filter(|node| status.successors.contains(&node.name))
        .collect();
    able.sort_by_key(|node| node.lag_bytes.unwrap_or(i64::MAX));
    able.first().map(|node| node.name.clone()).ok_or_else(|| {
        Error::state(match wished {
            Some(name) => format!(
                "{name} must not lead: it is not among the standbys that acknowledge commits; look at: kardan cluster status"
            ),
            None => "no standby may lead: none acknowledges commits; look at: kardan cluster status".to_owned(),
        })
    })
}
