//! A session that is kept between scrapes: statements prepared once, every wait bounded, at most two sessions at a server.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::Either;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_postgres::{CancelToken, Client, NoTls, Row, SimpleQueryRow, Statement};

use crate::Error;
use crate::source::{Dsn, SslMode, connector};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// PostgreSQL refused, or the connection broke.
    #[error("{}", sentence(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// The time for it was over.
    #[error("no answer in time")]
    Late,
    /// As many sessions as there may be hang already.
    #[error("{0} sessions hang at the server already, no further one is opened")]
    Full(usize),
    /// The answer is not what was asked for.
    #[error("{0}")]
    Unexpected(String),
    /// The data source cannot be used.
    #[error("{0}")]
    Source(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Source(error.to_string())
    }
}

fn sentence(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} (SQLSTATE {})", db.message(), db.code().code()),
        None => {
            let mut said = error.to_string();
            let mut cause = std::error::Error::source(error);
            while let Some(inner) = cause {
                said = format!("{said}: {inner}");
                cause = inner.source();
            }
            said
        }
    }
}

/// Whether a prepared statement does not fit any more: a view or function has other columns since.
fn is_outdated(error: &tokio_postgres::Error) -> bool {
    error
        .as_db_error()
        .is_some_and(|db| ["0A000", "26000"].contains(&db.code().code()))
}

impl Failure {
    /// Whether the session is of no use any more.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        match self {
            Self::Postgres(error) => error.as_db_error().is_none_or(|db| {
                let code = db.code().code();
                // Shut down, crash, idle time-out: the server closes the connection after these.
                code.starts_with("57P") || code.starts_with("08")
            }),
            Self::Late => true,
            _ => false,
        }
    }
}

/// What a session is limited to.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a statement waits for a lock.
    pub lock: Duration,
    /// How long a statement runs.
    pub statement: Duration,
    /// Whether statements are prepared and kept; not behind a transaction-pooling PgBouncer.
    pub prepares: bool,
}

/// How many sessions to one server are open, hanging ones among them.
#[derive(Debug, Clone, Default)]
pub struct Count(Arc<AtomicUsize>);

impl Count {
    /// The number.
    #[must_use]
    pub fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn take(&self, most: usize) -> Result<Taken, Failure> {
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| {
                (n < most).then_some(n + 1)
            });
        match taken {
            Ok(_) => Ok(Taken(self.clone())),
            Err(n) => Err(Failure::Full(n)),
        }
    }
}

struct Taken(Count);

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connected session.
pub struct Session {
    client: Client,
    cancel: CancelToken,
    dsn: Dsn,
    limits: Limits,
    prepared: Mutex<HashMap<String, Statement>>,
    connection: JoinHandle<()>,
    /// Of the server, as `150018`.
    pub version: i32,
    /// What `version()` says.
    pub version_text: String,
    /// Whether the server is a standby.
    pub is_standby: bool,
}

impl Session {
    /// Connects, sets the limits and learns the version; all of it before `deadline`.
    ///
    /// # Errors
    /// When the server cannot be reached, or `most` sessions are open.
    pub async fn open(
        dsn: &Dsn,
        limits: Limits,
        count: &Count,
        most: usize,
        deadline: Instant,
    ) -> Result<Self, Failure> {
        let taken = count.take(most)?;
        let opening = connect(dsn, taken);
        let (client, connection) = within(deadline, opening).await?;
        let mut session = Self {
            cancel: client.cancel_token(),
            client,
            dsn: dsn.clone(),
            limits,
            prepared: Mutex::default(),
            connection,
            version: 0,
            version_text: String::new(),
            is_standby: false,
        };
        session.begin(deadline).await?;
        Ok(session)
    }

    async fn begin(&mut self, deadline: Instant) -> Result<(), Failure> {
        // Not as options of the startup message: a pooler refuses those.
        let orders = format!(
            "set lock_timeout = {}; set statement_timeout = {}; set datestyle = 'ISO'; set intervalstyle = 'postgres'; \
             set jit = off",
            self.limits.lock.as_millis(),
            self.limits.statement.as_millis()
        );
        self.guarded(deadline, self.client.batch_execute(&orders))
            .await?;
        let rows = self
            .text(
                "select current_setting('server_version_num'), version(), pg_is_in_recovery()",
                deadline,
            )
            .await?;
        let row = rows.first();
        let column = |n| {
            row.and_then(|r| r.try_get(n).ok().flatten())
                .unwrap_or_default()
        };
        self.version = column(0).parse().unwrap_or(0);
        self.version_text = column(1).to_owned();
        self.is_standby = column(2) == "t";
        Ok(())
    }

    /// Asks, prepared where that is kept. Columns are `text` or `double precision`.
    ///
    /// # Errors
    /// When PostgreSQL refuses, or the deadline passes; the statement is then cancelled at the server.
    pub async fn rows(&self, sql: &str, deadline: Instant) -> Result<Vec<Row>, Failure> {
        if !self.limits.prepares {
            return self
                .guarded(deadline, self.client.query_typed(sql, &[]))
                .await;
        }
        let statement = self.prepared(sql, deadline).await?;
        let answer = self
            .guarded(deadline, self.client.query(&statement, &[]))
            .await;
        match answer {
            Err(Failure::Postgres(error)) if is_outdated(&error) => {
                self.prepared.lock().await.remove(sql);
                let statement = self.prepared(sql, deadline).await?;
                self.guarded(deadline, self.client.query(&statement, &[]))
                    .await
            }
            answer => answer,
        }
    }

    async fn prepared(&self, sql: &str, deadline: Instant) -> Result<Statement, Failure> {
        let mut prepared = self.prepared.lock().await;
        if let Some(statement) = prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.guarded(deadline, self.client.prepare(sql)).await?;
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Asks in the simple protocol: every value comes as text, whatever its type.
    ///
    /// # Errors
    /// As [`Self::rows`].
    pub async fn text(&self, sql: &str, deadline: Instant) -> Result<Vec<SimpleQueryRow>, Failure> {
        let messages = self
            .guarded(deadline, self.client.simple_query(sql))
            .await?;
        Ok(messages
            .into_iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            })
            .collect())
    }

    /// Waits until the deadline, and then has the server stop what it does for this session.
    async fn guarded<T>(
        &self,
        deadline: Instant,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        match within(deadline, async { answer.await.map_err(Failure::from) }).await {
            Err(Failure::Late) => {
                self.stop();
                Err(Failure::Late)
            }
            other => other,
        }
    }

    fn stop(&self) {
        let (cancel, dsn) = (self.cancel.clone(), self.dsn.clone());
        tokio::spawn(async move {
            let asking = async {
                match connector(&dsn) {
                    Ok(tls) if dsn.ssl != SslMode::Disable => cancel.cancel_query(tls).await,
                    _ => cancel.cancel_query(NoTls).await,
                }
            };
            // A server that hangs does not hear this either; its statement_timeout ends it when it wakes.
            let _ = tokio::time::timeout(Duration::from_secs(1), asking).await;
        });
    }

    /// Ends the session, and waits until the server has let it go.
    pub async fn end(self, deadline: Instant) {
        let Self {
            client, connection, ..
        } = self;
        drop(client);
        // A server that hangs does not let it go; it keeps counting then.
        let _ = tokio::time::timeout_at(deadline, connection).await;
    }

    /// Whether the connection is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}

async fn connect(dsn: &Dsn, taken: Taken) -> Result<(Client, JoinHandle<()>), Failure> {
    let (client, connection) = if dsn.ssl == SslMode::Disable {
        let (client, connection) = dsn.config.connect(NoTls).await?;
        (client, Either::Left(connection))
    } else {
        let (client, connection) = dsn.config.connect(connector(dsn)?).await?;
        (client, Either::Right(connection))
    };
    let ending = tokio::spawn(async move {
        // The error reaches whoever uses the client. The session counts until its connection has really ended.
        let _ = connection.await;
        drop(taken);
    });
    Ok((client, ending))
}

async fn within<T>(
    deadline: Instant,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout_at(deadline, answer)
        .await
        .unwrap_or(Err(Failure::Late))
}
