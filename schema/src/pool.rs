//! How the programs of Kardan open connections: a failover is noticed in seconds, and nobody waits for ever.

use std::time::Duration;

use deadpool_postgres::{BuildError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{Config, NoTls};

/// What a program chooses about its pool.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// What the server's list of sessions calls it.
    pub application: &'static str,
    /// Connections at most.
    pub size: usize,
    /// How long to wait for a free connection.
    pub wait: Duration,
    /// How long a new connection may take, sign-in included.
    pub connect: Duration,
}

/// A pool of connections; none is opened before the first is asked for.
///
/// # Errors
/// When the pool cannot be built.
pub fn open(mut config: Config, opening: Opening) -> Result<Pool, BuildError> {
    config
        .application_name(opening.application)
        .connect_timeout(opening.connect)
        .keepalives(true)
        .keepalives_idle(Duration::from_secs(5))
        .keepalives_interval(Duration::from_secs(2))
        .keepalives_retries(3)
        .tcp_user_timeout(Duration::from_secs(3));
    let manager = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    Pool::builder(Manager::from_config(config, NoTls, manager))
        .max_size(opening.size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(opening.wait))
        // The client's own limit covers neither TLS nor the sign-in.
        .create_timeout(Some(opening.connect))
        .build()
}
