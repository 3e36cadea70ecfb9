//! `kardan top`.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use kardan_monitoring::top::{self, Options, TopError};

use crate::args::Top;
use crate::exit::Failure;

pub async fn run(args: Top) -> anyhow::Result<ExitCode> {
    let url = args
        .database
        .text()?
        .context("no database given: use --database-url, --database-url-file or DATABASE_URL")?;
    let options = Options {
        every: Duration::try_from_secs_f64(args.interval).context("--interval")?,
        pane: args.pane,
        sort: args.sort,
        rows: args.rows,
    };
    if args.once {
        print!("{}", top::once(&url, &options).await.map_err(failed)?);
        return Ok(ExitCode::SUCCESS);
    }
    if !std::io::stdout().is_terminal() {
        anyhow::bail!("standard output is no terminal; --once prints text");
    }
    top::show(&url, &options).await.map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

fn failed(error: TopError) -> anyhow::Error {
    match error {
        TopError::Server(reason) => {
            Failure::unreachable(format!("cannot look at the server: {reason}"))
        }
        other => other.into(),
    }
}
