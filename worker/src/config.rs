//! Everything that an operator may choose, as arguments and environment variables. `--help` is its documentation.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use kardan_schema::Secret;

use crate::{Error, Task};

/// The settings of the worker.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Where PostgreSQL takes writes, as a URL or as key=value pairs, for the role kardan_worker
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// A file that holds the database URL
    #[arg(long, env = "DATABASE_URL_FILE", conflicts_with = "database_url")]
    pub database_url_file: Option<PathBuf>,
    /// Address and port for health and metrics [default: neither is served]
    #[arg(long, env = "KARDAN_WORKER_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Only this task; repeat it for more [default: all of them]
    #[arg(long, env = "KARDAN_WORKER_TASK", value_enum, value_delimiter = ',')]
    pub task: Vec<Task>,
    /// Connections to PostgreSQL at most
    #[arg(long, env = "KARDAN_WORKER_POOL_SIZE", default_value = "4")]
    pub pool_size: usize,
    /// Seconds between two looks of a task that found nothing, a quarter more or less by chance
    #[arg(long, env = "KARDAN_WORKER_POLL", default_value = "2", value_parser = seconds)]
    pub poll: Duration,
    /// Seconds that running work gets when the worker stops
    #[arg(long, env = "KARDAN_WORKER_SHUTDOWN_GRACE", default_value = "20", value_parser = seconds)]
    pub shutdown_grace: Duration,
    /// Call programs of shops in this network too, also without TLS: a network in which you trust them; repeat it for
    /// more, for example 10.20.0.0/16 or fd12::/48
    #[arg(
        long,
        env = "KARDAN_WORKER_WEBHOOKS_ALLOW",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    pub webhooks_allow: Vec<IpNet>,
    /// Call programs of shops in all networks, also without TLS: for development
    #[arg(long, env = "KARDAN_WORKER_WEBHOOKS_PRIVATE")]
    pub webhooks_private: bool,
    #[command(flatten)]
    /// Where photos are kept.
    pub photos: kardan_photos::Config,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("{text:?} is no number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl Config {
    /// The database that was named.
    pub(crate) fn database(&self) -> Result<tokio_postgres::Config, Error> {
        let secret = match (&self.database_url, &self.database_url_file) {
            (Some(secret), _) => secret.clone(),
            (None, Some(path)) => Secret::from_file(path).map_err(|source| Error::SecretFile {
                path: path.clone(),
                source,
            })?,
            (None, None) => return Err(Error::NoDatabase),
        };
        secret.expose().parse().map_err(Error::DatabaseUrl)
    }

    /// The networks in which programs are called beside those of the public internet.
    pub(crate) fn trusted(&self) -> Vec<IpNet> {
        if self.webhooks_private {
            return vec![Ipv4Net::default().into(), Ipv6Net::default().into()];
        }
        self.webhooks_allow.clone()
    }

    /// The tasks that were chosen.
    pub(crate) fn tasks(&self) -> Vec<Task> {
        let is_chosen = |task: &Task| self.task.is_empty() || self.task.contains(task);
        Task::ALL.into_iter().filter(is_chosen).collect()
    }
}
