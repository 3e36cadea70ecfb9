//! Partitions and the jobs that keep them.

use tokio_postgres::Client;

use super::{Finding, Level, many, one};
use crate::Error;

pub(super) async fn partitions(client: &Client) -> Result<Vec<Finding>, Error> {
    let rows = many(
        client,
        "select p.table_name, p.future_count, p.default_has_rows from ops.partition_list() as p",
    )
    .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let (table, future, stray): (String, i32, bool) = (row.get(0), row.get(1), row.get(2));
            if stray {
                Finding::bad(
                    "partitions",
                    Level::Failure,
                    format!("{table}: rows in the default partition"),
                    "move them: migrations/README.md, \"Rows in a default partition\"",
                )
            } else if future < 3 {
                Finding::bad(
                    "partitions",
                    Level::Failure,
                    format!("{table}: {future} partitions ahead, 3 or more are wanted"),
                    "select ops.job_run('partitions_maintain')",
                )
            } else {
                Finding::ok("partitions", format!("{table}: {future} ahead"))
            }
        })
        .collect())
}

pub(super) async fn jobs(client: &Client) -> Result<Vec<Finding>, Error> {
    let has_cron: bool = one(client, "select to_regclass('cron.job') is not null")
        .await?
        .get(0);
    let mut findings = Vec::new();
    if has_cron {
        let row = one(
            client,
            "select coalesce(string_agg(j.name, ', ' order by j.name), '')
             from ops_data.jobs as j
             where not exists (
                 select from cron.job as c
                 where c.jobname = 'kardan:' || j.name and c.schedule = j.schedule and c.active)",
        )
        .await?;
        let missing: String = row.get(0);
        findings.push(if missing.is_empty() {
            Finding::ok("job schedule", "pg_cron has every declared job")
        } else {
            Finding::bad(
                "job schedule",
                Level::Failure,
                format!("not scheduled: {missing}"),
                "kardan migrate up",
            )
        });
    }
    let failed = many(
        client,
        "select l.name, l.last_error from ops.job_list() as l where l.last_error is not null",
    )
    .await?;
    findings.extend(failed.iter().map(|row| {
        Finding::bad(
            "job",
            Level::Warning,
            format!(
                "{} failed: {}",
                row.get::<_, String>(0),
                row.get::<_, String>(1)
            ),
            format!("select ops.job_run('{}')", row.get::<_, String>(0)),
        )
    }));
    if failed.is_empty() {
        findings.push(Finding::ok("jobs", "no failure in the last runs"));
    }
    Ok(findings)
}
