//! `kardan cluster restart`, `reinit`, `pause` and `resume`.

use std::process::ExitCode;

use kardan_cluster::Place;

use super::args::{Agreed, RestartArgs};
use crate::ask;

pub async fn restart(place: &Place, args: &RestartArgs) -> anyhow::Result<ExitCode> {
    let status = place.status().await?;
    let order = Place::restart_order(&status, &args.nodes)?;
    let leader = status.leader.clone().unwrap_or_default();
    let what = format!(
        "restart PostgreSQL on {}, in this order{}",
        order.join(", "),
        if !order.contains(&leader) {
            ""
        } else if args.switchover {
            ", after another node has taken the lead of the last one"
        } else {
            "; while the last one restarts, clients see errors (--switchover spares them that)"
        }
    );
    if args.agreed.dry_run {
        println!("would {what}");
        return Ok(ExitCode::SUCCESS);
    }
    ask::agreement(&what, args.agreed.yes)?;
    place
        .restart_rolling(&order, args.switchover, |said| println!("{said}"))
        .await?;
    Ok(ExitCode::SUCCESS)
}

pub async fn reinit(place: &Place, node: &str, agreed: &Agreed) -> anyhow::Result<ExitCode> {
    let what = format!("throw away all data on {node} and copy the leader's");
    if agreed.dry_run {
        place.reinit_allowed(node).await?;
        println!("would {what}");
        return Ok(ExitCode::SUCCESS);
    }
    place.reinit_allowed(node).await?;
    ask::agreement(&what, agreed.yes)?;
    place.reinit(node).await?;
    println!("{node} is back and follows");
    Ok(ExitCode::SUCCESS)
}

pub async fn pause(place: &Place, agreed: &Agreed) -> anyhow::Result<ExitCode> {
    let what = "switch automatic failover off: a lost primary is replaced by nobody until kardan cluster resume";
    if agreed.dry_run {
        println!("would {what}");
        return Ok(ExitCode::SUCCESS);
    }
    ask::agreement(what, agreed.yes)?;
    place.set_paused(true).await?;
    println!("automatic failover is off; kardan cluster resume switches it on");
    Ok(ExitCode::SUCCESS)
}

pub async fn resume(place: &Place) -> anyhow::Result<ExitCode> {
    place.set_paused(false).await?;
    println!("automatic failover is on");
    Ok(ExitCode::SUCCESS)
}
