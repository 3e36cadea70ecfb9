//! Dashboards, rules and annotations on a real Prometheus that reads the real programs: PostgreSQL through the exporter, the
//! API, the worker, the bot, the figures of a backup that was made and drilled. What only runs in the cluster (Patroni, etcd,
//! HAProxy, PgBouncer, the agent, a standby) is read from pages that were recorded there; the cluster's own tests read the real.

#![expect(
    clippy::indexing_slicing,
    reason = "what an answer does not have is null"
)]

mod alertmanager;
mod ask;
mod boards;
mod prometheus;
mod stack;
#[expect(dead_code, reason = "the bot's tests need more of it")]
#[path = "../../../../bot/tests/it/telegram.rs"]
mod telegram;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::ask::until;
use self::prometheus::Prometheus;
use self::stack::Stack;

/// For all that is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_query_of_every_dashboard_and_variable_returns_data_and_every_rule_is_healthy()
-> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let prometheus = Prometheus::start(&stack.targets, stack.alertmanager.address)?;
    let boards = boards::all()?;
    let mut empty: BTreeSet<(String, String)> = boards
        .iter()
        .flat_map(|board| {
            let queries = board.queries.iter();
            queries.map(|query| (board.uid.clone(), query.clone()))
        })
        .collect();
    assert!(empty.len() > 120, "{} queries were found", empty.len());
    let asked = &prometheus.asked;
    until("every query returns data", PATIENCE, async || {
        stack.work().await?;
        let mut still = BTreeSet::new();
        for (uid, query) in &empty {
            if asked.query(query).await?.is_empty() {
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
                asked.values(family, label).await? > 0,
                "{}: {family} has no values of {label}",
                board.uid
            );
        }
        for annotation in &board.annotations {
            asked.query(annotation).await?;
        }
    }
    until("every rule is healthy", PATIENCE, async || {
        asked.sick_rules().await
    })
    .await?;
    prometheus.compare_with_record(&root()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_reaches_an_administrator_by_the_bot_once_and_one_of_the_bot_itself_by_mail_too()
-> anyhow::Result<()> {
    let stack = Stack::start().await?;
    let (manager, telegram) = (&stack.alertmanager, &stack.telegram);
    let told = |text: &str| {
        let calls = telegram.of("sendMessage").into_iter();
        let ours =
            calls.filter(|call| call.chat() == stack::OPERATOR && call.text().contains(text));
        ours.count()
    };
    let mailed = |name: &str| {
        let letters = manager.mail.letters();
        letters.iter().any(|letter| letter.contains(name))
    };
    let missing = |things: &[(&str, bool)]| {
        let left = things.iter().filter(|thing| !thing.1);
        Ok(left.map(|thing| thing.0.to_owned()).collect())
    };
    // It starts beside the others.
    until("Alertmanager listens", PATIENCE, async || {
        manager.hears("KardanDeadRows", "warning", false).await?;
        manager.hears("KardanOutboxOld", "warning", false).await?;
        manager
            .hears("KardanTimelineChanged", "info", false)
            .await?;
        Ok(Vec::new())
    })
    .await?;
    until("what rings is told", PATIENCE, async || {
        missing(&[
            ("a notice", told("KardanDeadRows") > 0),
            (
                "of the outbox",
                told("KardanOutboxOld rings &amp; rings") > 0,
            ),
            ("a letter", mailed("KardanOutboxOld")),
        ])
    })
    .await?;
    manager.hears("KardanOutboxOld", "warning", true).await?;
    until("its end is told", PATIENCE, async || {
        missing(&[("the end", told("✅ <b>KardanOutboxOld</b>: кончилось") > 0)])
    })
    .await?;
    // Both addresses of the API were told of each.
    assert_eq!(
        (told("<b>KardanDeadRows"), told("<b>KardanOutboxOld")),
        (1, 2)
    );
    assert_eq!(told("KardanTimelineChanged"), 0);
    assert!(!mailed("KardanDeadRows"));
    Ok(())
}
