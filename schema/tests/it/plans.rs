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

    /// The plans that touch this table or one of its indexes.
    pub fn touching(&self, name: &str) -> Vec<&str> {
        self.plans
            .iter()
            .map(|plan| plan.split_once("\n").map_or("", |(_, rest)| rest))
            .filter(|plan| nodes(plan).any(|node| node.contains(name)))
            .collect()
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
            .flat_map(str::split_whitespace)
            .filter(|word| {
                word.strip_prefix(&prefix).is_some_and(|rest| {
                    rest == "default" || rest.starts_with('p') && !rest.ends_with("_idx")
                })
            })
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
