//! `kardan worker`: the side effects that SQL cannot do.

use std::process::ExitCode;

use crate::args::Worker;
use crate::migrate::print_json;
use crate::stop;

pub async fn run(args: Worker) -> anyhow::Result<ExitCode> {
    let stop = stop::on_signal()?;
    if !args.once {
        kardan_worker::run(args.worker, stop).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let all = kardan_worker::once(&args.worker, stop).await?;
    if args.json {
        print_json(&serde_json::json!({ "tasks": all }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in all {
        println!(
            "{}: {} taken, {} done, {} failed",
            one.task, one.claimed, one.done, one.failed
        );
    }
    Ok(ExitCode::SUCCESS)
}
