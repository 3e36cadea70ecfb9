//! Connections to PostgreSQL: two pools, and a connection that is thrown away when it is no longer good.
//!
//! A pooled connection is checked only for being closed, which costs nothing. What that cannot see is seen here: an
//! SQLSTATE that a failover leaves behind, and a call that was abandoned half-way and does not come to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Pool, PoolError, TimeoutType, Transaction};
use kardan_schema::loses_connection;
use kardan_schema::pool::Opening;
use kardan_schema::{Call, Db, Typed};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error as PgError, Row};

use crate::config::{Config, Pooler};
use crate::metrics::Metrics;
use crate::problem::{Own, Problem};
use crate::{Error, Secret};

/// A pool of connections; none is opened before the first is asked for.
pub fn pool(which: &'static str, url: &Secret, config: &Config) -> Result<Pool, Error> {
    let pg = url
        .expose()
        .parse()
        .map_err(|source| Error::DatabaseUrl { which, source })?;
    let opening = Opening {
        application: "kardan-api",
        size: config.connections(),
        wait: config.pool_wait,
        connect: config.connect_timeout,
    };
    kardan_schema::pool::open(pg, opening).map_err(Error::Pool)
}

/// What a connection needs beside itself.
#[derive(Clone)]
pub struct Wiring {
    pub pooler: Pooler,
    pub metrics: Arc<Metrics>,
}

/// A connection for one request. It goes back to the pool with the value, unless it is no longer good.
pub struct Conn {
    client: Option<Object>,
    state: AtomicU8,
    wiring: Wiring,
    /// Is a transaction held open on it?
    holds: bool,
}

/// States of a connection. A call that nobody waits for any more leaves it running.
const IDLE: u8 = 0;
const RUNNING: u8 = 1;
const BROKEN: u8 = 2;

/// How long an abandoned call may go on before its connection is thrown away: longer than the role's statements may.
const SETTLE: Duration = Duration::from_secs(6);

/// How long a read waits for a standby to see what it must see: longer than the usual lag, shorter than anybody notices.
const CATCH_UP: Duration = Duration::from_millis(100);
const LOOK: Duration = Duration::from_millis(5);

/// A transaction on a [`Conn`]; rolled back with the value unless committed.
pub struct Tx<'a> {
    inner: Transaction<'a>,
    state: &'a AtomicU8,
    wiring: &'a Wiring,
}

impl Conn {
    /// Takes a connection, or says why there is none.
    pub async fn take(pool: &Pool, wiring: &Wiring) -> Result<Self, Problem> {
        Ok(Self {
            client: Some(take(pool).await?),
            state: AtomicU8::new(IDLE),
            wiring: wiring.clone(),
            holds: false,
        })
    }

    /// Takes a connection whose server has got as far in the log as `position`, waiting a moment for it; none when it has not,
    /// or cannot be asked. A pooler may hand every transaction to another server, so one is held open until the end.
    pub async fn take_at(pool: &Pool, wiring: &Wiring, position: i64) -> Option<Self> {
        let conn = Self {
            client: Some(take(pool).await.ok()?),
            state: AtomicU8::new(RUNNING),
            wiring: wiring.clone(),
            holds: true,
        };
        let begun = Instant::now();
        conn.client
            .as_ref()?
            .batch_execute("begin read only")
            .await
            .ok()?;
        while !kardan_schema::ops::log_reached(&conn, position)
            .await
            .ok()?
            .is_reached
        {
            if begun.elapsed() > CATCH_UP {
                return None;
            }
            tokio::time::sleep(LOOK).await;
        }
        Some(conn)
    }

    /// Opens a transaction.
    pub async fn transaction(&mut self) -> Result<Tx<'_>, Problem> {
        let Self {
            client: Some(client),
            state,
            wiring,
            ..
        } = self
        else {
            return Err(Problem::unavailable());
        };
        *state.get_mut() = RUNNING;
        let inner = client
            .transaction()
            .await
            .map_err(|error| Problem::from(kardan_schema::Error::from(error)))?;
        state.store(IDLE, Ordering::Relaxed);
        Ok(Tx {
            inner,
            state,
            wiring,
        })
    }
}

/// A connection of the pool, or why there is none.
pub async fn take(pool: &Pool) -> Result<Object, Problem> {
    pool.get().await.map_err(|error| match error {
        PoolError::Timeout(TimeoutType::Wait) => overloaded(),
        error => {
            tracing::warn!(error = %crate::problem::chain(&error), "no connection to the database");
            Problem::unavailable()
        }
    })
}

/// Too many requests wait already.
pub fn overloaded() -> Problem {
    Problem::from(Own::Overloaded).retry_after(Duration::from_secs(1))
}

impl Drop for Conn {
    fn drop(&mut self) {
        let (state, holds) = (*self.state.get_mut(), self.holds);
        let Some(client) = self.client.take_if(|_| state != IDLE || holds) else {
            return;
        };
        let last = if holds { "rollback" } else { "" };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if state != BROKEN => drop(runtime.spawn(settle(client, last))),
            _ => drop(Object::take(client)),
        }
    }
}

/// Waits for the end of a call that nobody waits for any more: callers hang up often, and a new connection costs more than
/// the rest of most calls; or ends what was held open. Until then the connection counts as taken, for the server is at work.
async fn settle(client: Object, last: &str) {
    match tokio::time::timeout(SETTLE, client.batch_execute(last)).await {
        Ok(Ok(())) => {}
        _ => drop(Object::take(client)),
    }
}

impl Tx<'_> {
    /// Commits. When the connection breaks meanwhile, the outcome is unknown, and the caller hears 503.
    pub async fn commit(self) -> Result<(), Problem> {
        self.state.store(RUNNING, Ordering::Relaxed);
        let outcome = self.inner.commit().await;
        self.state.store(after(&outcome), Ordering::Relaxed);
        outcome.map_err(|error| kardan_schema::Error::from(error).into())
    }

    /// Undoes everything and waits until it is undone, its locks included.
    pub async fn rollback(self) -> Result<(), Problem> {
        self.state.store(RUNNING, Ordering::Relaxed);
        let outcome = self.inner.rollback().await;
        self.state.store(after(&outcome), Ordering::Relaxed);
        outcome.map_err(|error| kardan_schema::Error::from(error).into())
    }
}

fn after<T>(outcome: &Result<T, PgError>) -> u8 {
    if outcome.as_ref().is_err_and(is_fatal) {
        BROKEN
    } else {
        IDLE
    }
}

/// Whether a connection is of no more use after this.
pub fn is_fatal(error: &PgError) -> bool {
    match error.code() {
        Some(code) => loses_connection(code),
        // No answer of the server: the connection broke or does not speak as it should.
        None => true,
    }
}

/// What a prepared statement takes.
pub fn values<'a>(arguments: &'a [Typed<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    arguments.iter().map(Typed::value).collect()
}

/// Sends a call down a client, prepared or not.
macro_rules! run {
    ($client:expr, $wiring:expr, $call:expr, $arguments:expr) => {
        match $wiring.pooler {
            $crate::config::Pooler::Session => match $client.prepare_cached($call.sql()).await {
                Ok(statement) => {
                    $client
                        .query(&statement, &$crate::pool::values($arguments))
                        .await
                }
                Err(error) => Err(error),
            },
            $crate::config::Pooler::Transaction => {
                let typed: Vec<_> = $arguments
                    .iter()
                    .map(|typed| (typed.value(), typed.ty()))
                    .collect();
                $client.query_typed($call.sql(), &typed).await
            }
        }
    };
}
pub(crate) use run;

macro_rules! db {
    ($ty:ty, |$this:ident| $client:expr) => {
        impl Db for $ty {
            async fn call<'a>(
                &'a self,
                call: &'static Call,
                arguments: &'a [Typed<'a>],
            ) -> Result<Vec<Row>, PgError> {
                let $this = self;
                let client = $client;
                let started = Instant::now();
                self.state.store(RUNNING, Ordering::Relaxed);
                let rows = run!(client, self.wiring, call, arguments);
                self.state.store(after(&rows), Ordering::Relaxed);
                self.wiring.metrics.called(call, started.elapsed());
                rows
            }
        }
    };
}

db!(Conn, |this| match &this.client {
    Some(client) => client,
    // Only `drop` takes the client out.
    None => unreachable!("a connection is used after its end"),
});
db!(Tx<'_>, |this| &this.inner);
