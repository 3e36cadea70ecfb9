//! `kardan cluster`: seeing and changing the three nodes.

mod args;
mod change;
mod drill;
mod guard;
mod show;
mod switchover;

use std::process::ExitCode;

use kardan_cluster::{Error, Place};

use args::Action;
pub use args::{Cluster, PlaceArgs};

use crate::exit::Failure;

pub async fn run(args: Cluster) -> anyhow::Result<ExitCode> {
    let place = Place::open(&args.place.config())?;
    let done = match args.action {
        Action::Status(args) => show::status(&place, &args).await,
        Action::Doctor { json } => show::doctor(&place, json).await,
        Action::Switchover(wish) => switchover::run(&place, &args.place, &wish).await,
        Action::Restart(args) => change::restart(&place, &args).await,
        Action::Reinit { node, agreed } => change::reinit(&place, &node, &agreed).await,
        Action::Pause(agreed) => change::pause(&place, &agreed).await,
        Action::Resume => change::resume(&place).await,
        Action::Drill(wish) => drill::run(&place, &args.place, *wish).await,
        Action::Guard => guard::run(&place).await,
    };
    done.map_err(|error| match error.downcast_ref::<Error>() {
        Some(said @ Error::Unreachable { .. }) => Failure::unreachable(said.to_string()),
        _ => error,
    })
}
