//! `kardan cluster switchover`, with somebody who lets clients go on if this process dies while it holds them.

use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use kardan_cluster::Place;
use kardan_cluster::switchover::Wish;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use super::args::{PlaceArgs, SwitchoverArgs};
use super::guard::DONE;
use crate::ask;
use crate::migrate::print_json;

pub async fn run(
    place: &Place,
    where_it_is: &PlaceArgs,
    args: &SwitchoverArgs,
) -> anyhow::Result<ExitCode> {
    let wish = Wish {
        to: args.to.clone(),
        pause: Duration::from_secs(args.pause),
        patience: Duration::from_secs(args.patience),
    };
    let plan = place.switchover_plan(&wish).await?;
    let how = if plan.poolers == 0 {
        "; there is no pooler here that could hold clients, so they see errors".to_owned()
    } else {
        String::new()
    };
    let what = format!("let {} lead instead of {}{how}", plan.to, plan.from);
    if args.agreed.dry_run {
        if args.json {
            print_json(&plan)?;
        } else {
            println!("would {what}");
        }
        return Ok(ExitCode::SUCCESS);
    }
    ask::agreement(&what, args.agreed.yes)?;
    let guard = guard(where_it_is)?;
    let done = place.switchover(&plan, &wish).await;
    // Only when clients certainly go on is the guard sent away; otherwise it sees the end of its input, and tries too.
    if done.is_ok() {
        dismiss(guard).await;
    }
    let done = done?;
    if args.json {
        print_json(&done)?;
    } else {
        println!(
            "{} leads instead of {}; clients waited {} ms, all of it took {} ms",
            done.to, done.from, done.stall_ms, done.total_ms
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Starts this program once more, in a process group of its own, so that what ends this one does not end it.
fn guard(place: &PlaceArgs) -> anyhow::Result<Child> {
    let program = std::env::current_exe().context("finding this program")?;
    let mut command = Command::new(program);
    command
        .args(["cluster", "guard", "--etcd", &place.etcd.join(",")])
        .args(["--prefix", &place.prefix])
        .arg("--keys")
        .arg(&place.keys);
    if let Some(hosts) = &place.hosts {
        command.arg("--hosts").arg(hosts);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .process_group(0)
        .spawn()
        .context("starting the guard that lets clients go on")
}

async fn dismiss(mut guard: Child) {
    if let Some(mut input) = guard.stdin.take() {
        // A guard that is gone already needs no word.
        let _ = input.write_all(&[DONE]).await;
    }
    let _ = guard.wait().await;
}
