//! Dashboards, rules and annotations on a real Prometheus that reads the real programs: PostgreSQL through the exporter, the
//! API, the worker, the bot, the figures of a backup that was made and drilled. What only runs in the cluster (Patroni, etcd,
//! HAProxy, PgBouncer, the agent, a standby) is read from pages that were recorded there; the cluster's own tests read the real.

#![expect(
    clippy::indexing_slicing,
    reason = "what an answer does not have is null"
)]

mod boards;
mod prometheus;
mod stack;
#[expect(dead_code, reason = "the bot's tests need more of it")]
#[path = "../../../../bot/tests/it/telegram.rs"]
mod telegram;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use self::prometheus::Prometheus;
use self::stack::Stack;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_query_of_every_dashboard_and_variable_returns_data_and_every_rule_is_healthy()
-> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let prometheus = Prometheus::start(&stack.targets)?;
    let boards = boards::all()?;
    let mut empty: BTreeSet<(String, String)> = boards
        .iter()
        .flat_map(|board| {
            let queries = board.queries.iter();
            queries.map(|query| (board.uid.clone(), query.clone()))
        })
        .collect();
    assert!(empty.len() > 120, "{} queries were found", empty.len());
    prometheus
        .until("every query returns data", async || {
            stack.work().await?;
            let mut still = BTreeSet::new();
            for (uid, query) in &empty {
                if prometheus.query(query).await? == 0 {
                    still.insert((uid.clone(), query.clone()));
                }
            }
            empty.clone_from(&still);
            Ok(still
                .into_iter()
                .map(|(uid, query)| format!("{uid}: {query}"))
                .collect())
        })
        .await?;
    for board in &boards {
        for (family, label) in &board.variables {
            assert!(
                prometheus.values(family, label).await? > 0,
                "{}: {family} has no values of {label}",
                board.uid
            );
        }
        for annotation in &board.annotations {
            prometheus.query(annotation).await?;
        }
    }
    prometheus
        .until("every rule is healthy", async || {
            prometheus.sick_rules().await
        })
        .await?;
    prometheus.compare_with_record(&root()).await
}
