//! `kardan serve`: the API against a database that exists, and the SQL jobs where pg_cron is absent.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::args::Serve;
use crate::{jobs, stop};

pub async fn run(args: Serve) -> anyhow::Result<ExitCode> {
    let stop = stop::on_signal()?;
    if let Some(url) = &args.jobs_url {
        let config = url
            .parse()
            .context("--jobs-url is not a PostgreSQL URL or connection string")?;
        tokio::spawn(jobs::run(config, stop.clone()));
    }
    kardan_api::run(args.api, stop).await?;
    Ok(ExitCode::SUCCESS)
}
