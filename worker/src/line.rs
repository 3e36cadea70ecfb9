//! What every task works with: the database, the store of photos, the word to stop.

use deadpool_postgres::{Client, Object, Pool};
use kardan_photos::Store;
use kardan_schema::pool::{self, Opening};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::error::Failure;
use crate::webhooks::{Caller, Calls};
use crate::{Config, Error};

/// How long a task waits for a connection, and how long a new one may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What every task works with.
#[derive(Clone)]
pub struct Line {
    pool: Pool,
    pub photos: Store,
    pub caller: Caller,
    pub calls: Calls,
    pub stop: CancellationToken,
}

impl Line {
    pub fn open(config: &Config, stop: CancellationToken) -> Result<Self, Error> {
        let opening = Opening {
            application: "kardan-worker",
            size: config.pool_size.max(1),
            wait: PATIENCE,
            connect: PATIENCE,
        };
        Ok(Self {
            pool: pool::open(config.database()?, opening).map_err(Error::Pool)?,
            photos: Store::open(&config.photos).map_err(Error::Photos)?,
            caller: Caller::new(config.trusted()).map_err(Error::Caller)?,
            calls: Calls::default(),
            stop,
        })
    }

    /// Asks the database. A connection that gave an error is not used again: what a failover leaves behind must not stay,
    /// and errors are rare here.
    pub async fn ask<T>(
        &self,
        ask: impl AsyncFnOnce(&Client) -> Result<T, kardan_schema::Error>,
    ) -> Result<T, Failure> {
        let client = self.pool.get().await?;
        let answer = ask(&client).await;
        if answer.is_err() {
            drop(Object::take(client));
        }
        Ok(answer?)
    }
}
