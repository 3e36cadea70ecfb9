//! Runs the SQL jobs where pg_cron is absent. Which jobs there are and what they do is the database's business; when one
//! is due is read from its cron expression, and an advisory lock in the database keeps two runners apart.

use std::time::Duration;

use chrono::{DateTime, Utc};
use croner::Cron;
use kardan_schema::jobs::DECLARED;
use kardan_schema::ops;
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

/// Runs until the token is cancelled. A failure is logged and tried again at the job's next time.
pub async fn run(config: Config, stop: CancellationToken) {
    let mut due: Vec<(&str, Cron, DateTime<Utc>)> = Vec::new();
    for (name, job) in DECLARED.iter() {
        match job.schedule.parse::<Cron>() {
            Ok(cron) => {
                if let Some(at) = next(&cron, Utc::now()) {
                    due.push((name, cron, at));
                }
            }
            Err(error) => tracing::error!(job.name = %name, %error, "a job has no valid schedule"),
        }
    }
    while let Some((name, cron, at)) = due.iter_mut().min_by_key(|(_, _, at)| *at) {
        let wait = (*at - Utc::now()).to_std().unwrap_or(Duration::ZERO);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        run_one(&config, name).await;
        match next(cron, Utc::now()) {
            Some(later) => *at = later,
            None => return,
        }
    }
}

fn next(cron: &Cron, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    cron.find_next_occurrence(&after, false).ok()
}

async fn run_one(config: &Config, name: &str) {
    let client = match crate::database::connect(config).await {
        Ok(client) => client,
        Err(error) => {
            tracing::warn!(job.name = %name, error = %error, "a job could not be started");
            return;
        }
    };
    match ops::job_run(&client, name).await {
        Ok(run) => match run.error {
            Some(error) => tracing::error!(job.name = %name, %error, "a job failed"),
            None => tracing::info!(job.name = %name, job.outcome = %run.outcome, "a job ran"),
        },
        Err(error) => tracing::error!(job.name = %name, %error, "a job could not be run"),
    }
}
