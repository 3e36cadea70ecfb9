//! How the program's statements are planned: runs a call with auto_explain, which also sees the statements inside
//! functions, and reads the plans that it tells. What a plan should look like is asserted where the function is tested.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};

use kardan_testdb::Database;
use tokio_postgres::{AsyncMessage, NoTls};

/// The plans of every statement that a call ran, the innermost first.
#[derive(Debug)]
pub struct Explained {
    /// Each as auto_explain words it: the query's text, then the plan with real row counts.
    pub plans: Vec<String>,
}

/// Which plan a prepared statement of a function gets: a pool's session comes to the generic one after a few calls.
#[derive(Debug, Clone, Copy)]
pub enum Mode {
    /// Planned for the very arguments.
    Custom,
    /// Planned once for all arguments.
    Generic,
}

impl Explained {
    /// Runs one statement as the superuser (auto_explain needs one) and keeps the plans.
    pub async fn run(db: &Database, mode: Mode, statement: &str) -> anyhow::Result<Self> {
        let (client, mut connection) =
            tokio_postgres::connect(&db.url_as("postgres"), NoTls).await?;
        let notices = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&notices);
        let listener = tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notice(notice) = message {
                    heard.lock().unwrap().push(notice.message().to_owned());
                }
            }
        });
        let mode = match mode {
            Mode::Custom => "force_custom_plan",
            Mode::Generic => "force_generic_plan",
        };
        client
            .batch_execute(&format!(
                "load 'auto_explain';
                 set plan_cache_mode = {mode};
                 set auto_explain.log_nested_statements = on;
                 set auto_explain.log_analyze = on;
                 set auto_explain.log_timing = off;
                 set auto_explain.log_level = notice;
                 set auto_explain.log_min_duration = 0"
            ))
            .await?;
        notices.lock().unwrap().clear();
        client.batch_execute(statement).await?;
        drop(client);
        listener.await?;
        let plans = notices
            .lock()
            .unwrap()
            .iter()
            .filter(|text| text.contains("plan:\n"))
            .cloned()
            .collect();
        Ok(Self { plans })
    }

    /// Panics unless some statement reads through this index.
    pub fn assert_index(&self, index: &str) {
        let wanted = format!(" using {index} ");
        let bitmap = format!("Bitmap Index Scan on {index} ");
        assert!(
            self.plans
                .iter()
                .flat_map(|plan| nodes(plan))
                .any(|node| { node.contains(&wanted) || node.contains(&bitmap) }),
            "no statement uses {index}:\n{self}"
        );
    }

    /// Panics when some statement reads a whole table of this name.
    pub fn assert_no_full_scan(&self, table: &str) {
        let scan = format!("Seq Scan on {table} ");
        assert!(
            !self
                .plans
                .iter()
                .flat_map(|plan| nodes(plan))
                .any(|node| node.contains(&scan)),
            "{table} is read as a whole:\n{self}"
        );
    }

    /// The partitions of this table that any statement touches, by name.
    pub fn partitions(&self, table: &str) -> BTreeSet<&str> {
        let prefix = format!("{table}_");
        self.plans
            .iter()
            .flat_map(|plan| nodes(plan))
            .filter(|node| !node.contains("Bitmap Index Scan") && !node.contains("Function Scan"))
            .filter_map(|node| node.split_once(" on ")?.1.split_whitespace().next())
            .filter(|name| name.starts_with(&prefix))
            .collect()
    }
}

/// The lines of a plan that name what is read.
fn nodes(plan: &str) -> impl Iterator<Item = &str> {
    plan.lines()
        .filter(|line| line.contains("Scan") && line.contains("(cost="))
}

impl std::fmt::Display for Explained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.plans.join("\n\n"))
    }
}

#[tokio::test]
async fn a_plan_tells_the_index_the_whole_table_and_the_partitions() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let one = Explained::run(
        &db,
        Mode::Custom,
        "select e.id from market_data.listing_events as e where e.at = ops.clock_now()",
    )
    .await?;
    assert_eq!(one.partitions("listing_events").len(), 1, "{one}");
    let all = Explained::run(
        &db,
        Mode::Custom,
        "select e.id from market_data.listing_events as e",
    )
    .await?;
    assert!(all.partitions("listing_events").len() > 1, "{all}");
    let whole = Explained::run(
        &db,
        Mode::Custom,
        "select c.slug from catalog_data.categories as c",
    )
    .await?;
    let refused = std::panic::catch_unwind(|| whole.assert_no_full_scan("categories"));
    assert!(refused.is_err(), "{whole}");
    let refused = std::panic::catch_unwind(|| whole.assert_index("categories_pkey"));
    assert!(refused.is_err(), "{whole}");
    Ok(())
}
