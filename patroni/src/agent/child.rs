//! Patroni as a child process.

use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;
use tracing::info;

use crate::Error;

/// Patroni, running.
pub struct Child(tokio::process::Child);

impl Child {
    pub fn start(command: &[String]) -> Result<Self, Error> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(Error::state("no command is given; write it after --"));
        };
        let started = Command::new(program)
            .args(arguments)
            .spawn()
            .map_err(|error| Error::state(format!("{program} cannot be started: {error}")))?;
        info!(patroni.pid = started.id(), "Patroni started");
        metrics::counter!("kardan_agent_patroni_starts_total").increment(1);
        Ok(Self(started))
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> Result<ExitStatus, Error> {
        self.0
            .wait()
            .await
            .map_err(|error| Error::state(format!("waiting for Patroni: {error}")))
    }

    /// Asks it to end, which stops PostgreSQL cleanly, and waits for as long as that takes.
    pub async fn stop(mut self) -> Result<ExitStatus, Error> {
        if let Some(pid) = self.0.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            // Not there any more is as good.
            let _ = kill_process(pid, Signal::TERM);
        }
        self.ended().await
    }

    /// Ends it before it does anything else. PostgreSQL goes on.
    pub async fn kill(&mut self) -> Result<(), Error> {
        self.0
            .kill()
            .await
            .map_err(|error| Error::state(format!("ending Patroni: {error}")))
    }
}
