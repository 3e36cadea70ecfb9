//! Keeps pg_cron's schedule equal to the declared jobs. Where pg_cron is absent, the processes run the jobs themselves.

use kardan_schema::jobs::DECLARED;
use tokio_postgres::Client;

/// Who runs the SQL jobs of this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cron {
    /// pg_cron, in the server.
    Server,
    /// `kardan up`, or `kardan serve --jobs-url`, under an advisory lock.
    Process,
}

/// Jobs carry this prefix, so that other people's entries in the same schedule are left alone.
const PREFIX: &str = "kardan:";

/// Who runs the jobs of this database.
pub(crate) async fn present(client: &Client) -> Result<Cron, tokio_postgres::Error> {
    let row = client
        .query_one(
            "select exists (select from pg_extension as e where e.extname = 'pg_cron')",
            &[],
        )
        .await?;
    Ok(if row.get(0) {
        Cron::Server
    } else {
        Cron::Process
    })
}

pub(crate) async fn sync(client: &mut Client) -> Result<Cron, tokio_postgres::Error> {
    if present(client).await? == Cron::Process {
        return Ok(Cron::Process);
    }
    let tx = client.transaction().await?;
    // A job runs as the role that scheduled it.
    tx.batch_execute("set local role kardan_maintenance")
        .await?;
    let names: Vec<String> = DECLARED
        .keys()
        .map(|name| format!("{PREFIX}{name}"))
        .collect();
    // One that was switched off by hand is made anew: scheduling alone would leave it off.
    tx.execute(
        "select cron.unschedule(j.jobid) from cron.job as j
         where j.jobname like $1 || '%' and j.username = current_user
             and (j.jobname <> all ($2) or not j.active)",
        &[&PREFIX, &names],
    )
    .await?;
    for (name, job) in DECLARED.iter() {
        // An unchanged entry stays as it is: scheduling again is idempotent by name.
        tx.execute(
            "select cron.schedule($1, $2, $3)",
            &[
                &format!("{PREFIX}{name}"),
                &job.schedule,
                &format!("select ops.job_run(p_name => '{name}')"),
            ],
        )
        .await?;
    }
    tx.commit().await?;
    Ok(Cron::Server)
}
