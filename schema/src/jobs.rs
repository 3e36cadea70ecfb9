//! The SQL jobs: declared in `jobs.toml`, written to `ops_data.jobs` by the loader, run by pg_cron or, where it is absent,
//! by a process that asks for them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use tokio_postgres::Transaction;

/// The text of `jobs.toml`.
pub static DECLARED_TEXT: &str = include_str!("../jobs.toml");

/// One job.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// When, in cron's five fields, UTC.
    pub schedule: String,
    /// The function that does the work; called without arguments.
    pub command: String,
    /// A sentence for operators.
    pub description: String,
}

/// Every declared job by its name.
pub static DECLARED: LazyLock<BTreeMap<String, Job>> =
    LazyLock::new(|| toml::from_str(DECLARED_TEXT).unwrap_or_default());

/// Makes `ops_data.jobs` equal to the declared list.
pub(crate) async fn declare(tx: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
    let names: Vec<&str> = DECLARED.keys().map(String::as_str).collect();
    tx.execute(
        "delete from ops_data.jobs as j where j.name <> all ($1)",
        &[&names],
    )
    .await?;
    for (name, job) in DECLARED.iter() {
        tx.execute(
            "insert into ops_data.jobs (name, schedule, command, description)
             values ($1, $2, $3, $4)
             on conflict (name) do update
             set schedule = excluded.schedule,
                 command = excluded.command,
                 description = excluded.description",
            &[name, &job.schedule, &job.command, &job.description],
        )
        .await?;
    }
    Ok(())
}
