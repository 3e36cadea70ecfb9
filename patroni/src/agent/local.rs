//! PostgreSQL on this node: seen through its data directory, which answers also when nothing else does, and asked through
//! its socket.

use std::path::PathBuf;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio_postgres::{Client, NoTls};

use super::AgentConfig;
use crate::wait::until;
use crate::{Error, Place};

/// How long an immediate shutdown may take before the postmaster is killed.
const STOP: Duration = Duration::from_secs(5);

/// The server of this node.
#[derive(Debug, Clone)]
pub struct Local {
    data: PathBuf,
    socket: PathBuf,
}

impl Local {
    pub fn new(config: &AgentConfig) -> Self {
        Self {
            data: config.data.clone(),
            socket: config.socket.clone(),
        }
    }

    /// Does it run, and not as a standby? Patroni writes `standby.signal` before it starts one.
    pub fn is_primary(&self) -> bool {
        self.postmaster().is_some() && !self.data.join("standby.signal").exists()
    }

    /// The process of the server, if there is one.
    fn postmaster(&self) -> Option<Pid> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        let pid = pid_of(&file)?;
        test_kill_process(pid).is_ok().then_some(pid)
    }

    /// Stops the server without a checkpoint; says whether it ran.
    pub async fn stop_at_once(&self) -> bool {
        let Some(pid) = self.postmaster() else {
            return false;
        };
        let _ = kill_process(pid, Signal::QUIT);
        let gone = async || test_kill_process(pid).is_err().then_some(());
        let pause = Duration::from_millis(20);
        if until("the end of PostgreSQL", STOP, pause, gone)
            .await
            .is_err()
        {
            let _ = kill_process(pid, Signal::KILL);
        }
        true
    }

    /// A connection as the superuser, who is whoever owns the socket.
    pub async fn connect(&self) -> Result<Client, Error> {
        let mut config = tokio_postgres::Config::new();
        config
            .host_path(&self.socket)
            .user("postgres")
            .dbname("postgres")
            .application_name("kardan agent");
        let (client, connection) = tokio::time::timeout(Place::patience(), config.connect(NoTls))
            .await
            .map_err(|_| Error::Late {
                what: "a connection to PostgreSQL".to_owned(),
                seconds: Place::patience().as_secs(),
            })?
            .map_err(|error| Error::sql("PostgreSQL", &error))?;
        tokio::spawn(connection);
        Ok(client)
    }
}

/// The process that `postmaster.pid` names. A server of one user, as `initdb` runs one, writes its number with a minus: nobody
/// can connect to it, so it is none.
fn pid_of(file: &str) -> Option<Pid> {
    let number: i32 = file.lines().next()?.trim().parse().ok()?;
    Pid::from_raw(Some(number).filter(|number| *number > 0)?)
}

#[cfg(test)]
mod tests {
    use super::pid_of;

    #[test]
    fn the_server_of_one_user_that_initdb_runs_is_no_postmaster() {
        assert_eq!(pid_of("-42\n/var/lib/postgresql\n"), None);
        assert_eq!(pid_of("0\n"), None);
        assert_eq!(pid_of(""), None);
        assert_eq!(
            pid_of("42\n/var/lib/postgresql\n").map(|pid| pid.as_raw_pid()),
            Some(42)
        );
    }
}
