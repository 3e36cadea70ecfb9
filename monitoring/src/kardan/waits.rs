//! What active sessions wait for, sampled between scrapes. Cost: one look at the sessions a second, on the session that
//! the scrapes use, and none when nobody scrapes.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Group, Special};
use crate::scrape::emit::read;
use crate::session::{Failure, Session};
use crate::text::{Kind, Labels, Page};

pub(super) const GROUP: Group = Group {
    name: "kardan_waits",
    about: "What active sessions wait for, sampled between scrapes",
    every: Duration::ZERO,
    needs: &[],
    queries: &[],
    special: Special::Waits,
};

/// A session that is active and waits for nothing computes.
const SQL: &str = "select coalesce(a.backend_type, ''), coalesce(a.wait_event_type, 'CPU'), coalesce(a.wait_event, 'CPU'),
         count(*)::float8
     from pg_stat_activity as a
     where a.pid <> pg_backend_pid()
         and (a.state = 'active' and a.backend_type in ('client backend', 'parallel worker', 'background worker')
             or a.backend_type = 'autovacuum worker')
     group by 1, 2, 3";

/// The samples so far.
#[derive(Debug, Default)]
pub struct Waits {
    rounds: u32,
    seen: BTreeMap<Vec<String>, f64>,
}

impl Waits {
    pub(crate) async fn sample(
        &mut self,
        session: &Session,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let readings = read(&session.rows(SQL, deadline).await?, 3)?;
        self.rounds = self.rounds.saturating_add(1);
        for reading in readings {
            let count = reading
                .values
                .first()
                .copied()
                .flatten()
                .unwrap_or_default();
            *self.seen.entry(reading.labels).or_default() += count;
        }
        Ok(())
    }

    pub(crate) fn tell(&self, page: &mut Page) {
        page.push(
            "kardan_wait_sample_rounds_total",
            Kind::Counter,
            "How often the sessions were looked at. Samples over rounds is the mean number of active sessions.",
            &Labels::none(),
            f64::from(self.rounds),
        );
        for (labels, count) in &self.seen {
            let labels = ["backend_type", "wait_event_type", "wait_event"]
                .into_iter()
                .zip(labels)
                .fold(Labels::none(), |all, (name, value)| all.with(name, value));
            page.push(
                "kardan_wait_samples_total",
                Kind::Counter,
                "Active sessions that were seen waiting for this; CPU when they waited for nothing.",
                &labels,
                *count,
            );
        }
    }
}
