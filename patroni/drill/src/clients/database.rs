//! Clients of the database, through pools like the API's: a connection that a failover has left behind is thrown
//! away, everything has an end, and what is idempotent is tried again.

use std::path::Path;
use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Pool};
use kardan_cluster::Place;
use kardan_schema::loses_connection;
use kardan_schema::pool::{self, Opening};
use tokio_postgres::config::Host;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, Row};

use super::BUDGET;
use crate::Error;
use crate::history::{Log, Op, Outcome};
use crate::stage::ACCOUNTS;

/// How long one try may take: longer than a planned switchover holds clients.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(3);

/// The two doors: to whoever leads, and to replicas.
pub struct Database {
    writer: Pool,
    reader: Pool,
}

/// Why a try came to nothing.
struct Failure {
    /// Is it certain that nothing happened?
    certain: bool,
    class: String,
}

impl Database {
    /// From the URLs that the API has.
    pub fn open(place: &Place, application: &Path) -> Result<Self, Error> {
        Ok(Self {
            writer: door(place, &application.join("url"))?,
            reader: door(place, &application.join("reader-url"))?,
        })
    }

    /// W1: tried once, so that an error leaves open what happened, as it does for whoever has no key.
    pub async fn insert(&self, id: u64, log: &Log) {
        let start = log.now();
        let number = signed(id);
        let arguments: [(&(dyn ToSql + Sync), Type); 1] = [(&number, Type::INT8)];
        let asked = ask(&self.writer, "select drill.insert($1)", &arguments);
        log.add(match asked.await {
            Ok(row) => Op {
                timeline: timeline(row.get(0)),
                ..op(id, start, log.now(), Outcome::Ok)
            },
            Err(failure) => failure.op(id, start, log.now()),
        });
    }

    /// W2: tried until it is done, or the budget is spent.
    pub async fn transfer(&self, id: u64, log: &Log) {
        let start = log.now();
        let (key, amount) = (signed(id), signed(id % 90 + 10));
        let [giver, taker] = accounts(id);
        let sql = "select drill.transfer($1, $2, $3, $4)";
        let (begun, mut tries) = (Instant::now(), 0);
        let mut open = false;
        let outcome = loop {
            tries += 1;
            let arguments: [(&(dyn ToSql + Sync), Type); 4] = [
                (&key, Type::INT8),
                (&giver, Type::INT4),
                (&taker, Type::INT4),
                (&amount, Type::INT8),
            ];
            match ask(&self.writer, sql, &arguments).await {
                Ok(row) => {
                    break Op {
                        timeline: timeline(row.get(0)),
                        ..op(id, start, log.now(), Outcome::Ok)
                    };
                }
                Err(failure) if begun.elapsed() >= BUDGET => {
                    open |= !failure.certain;
                    let certain = !open;
                    break Failure { certain, ..failure }.op(id, start, log.now());
                }
                Err(failure) => open |= !failure.certain,
            }
            tokio::time::sleep(pause(tries)).await;
        };
        log.add(Op { tries, ..outcome });
    }

    /// W4, at the writer.
    pub async fn tick(&self, id: u64, log: &Log) {
        let start = log.now();
        log.add(
            match ask(
                &self.writer,
                "select value, timeline from drill.tick()",
                &[],
            )
            .await
            {
                Ok(row) => Op {
                    value: row.get(0),
                    timeline: timeline(row.get(1)),
                    ..op(id, start, log.now(), Outcome::Ok)
                },
                Err(failure) => failure.op(id, start, log.now()),
            },
        );
    }

    /// W4, at a replica.
    pub async fn read(&self, id: u64, log: &Log) {
        let start = log.now();
        log.add(match ask(&self.reader, "select drill.seen()", &[]).await {
            Ok(row) => Op {
                value: row.get(0),
                ..op(id, start, log.now(), Outcome::Ok)
            },
            Err(failure) => failure.op(id, start, log.now()),
        });
    }
}

impl Failure {
    fn op(self, id: u64, start: u64, end: u64) -> Op {
        let outcome = if self.certain {
            Outcome::Failed
        } else {
            Outcome::Unknown
        };
        Op {
            error: Some(self.class),
            ..op(id, start, end, outcome)
        }
    }
}

pub(super) const fn op(id: u64, start: u64, end: u64, outcome: Outcome) -> Op {
    Op {
        id,
        start,
        end,
        outcome,
        value: None,
        timeline: None,
        error: None,
        tries: 1,
    }
}

/// Longer from try to try, up to a second.
pub(super) fn pause(tries: u32) -> Duration {
    Duration::from_millis(50 << tries.min(5)).min(Duration::from_secs(1))
}

/// One question on a connection of its own for that time.
async fn ask(
    pool: &Pool,
    sql: &str,
    arguments: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Row, Failure> {
    let client = pool.get().await.map_err(|error| Failure {
        certain: true,
        class: match error {
            deadpool_postgres::PoolError::Timeout(_) => "no connection in time".to_owned(),
            _ => "no connection".to_owned(),
        },
    })?;
    match tokio::time::timeout(PATIENCE, client.query_typed(sql, arguments)).await {
        Ok(Ok(rows)) => rows.into_iter().next().ok_or(Failure {
            certain: false,
            class: "no row".to_owned(),
        }),
        Ok(Err(error)) => {
            let code = error.code();
            if code.is_none_or(loses_connection) {
                drop(Object::take(client));
            }
            Err(Failure {
                certain: code.is_some_and(|code| is_certain(code.code())),
                class: code.map_or_else(
                    || "connection lost".to_owned(),
                    |code| code.code().to_owned(),
                ),
            })
        }
        Err(_) => {
            drop(Object::take(client));
            Err(Failure {
                certain: false,
                class: "no answer in time".to_owned(),
            })
        }
    }
}

/// Does this SQLSTATE say that nothing was committed? One that ends a session may come while a commit that is done already
/// waits for its standby, so it leaves the outcome open; so does whatever a pooler says.
fn is_certain(code: &str) -> bool {
    matches!(
        code,
        "25006" | "57P03" | "53300" | "40001" | "40P01" | "55P03"
    ) || code.starts_with("22")
        || code.starts_with("23")
        || code.starts_with("42")
}

fn door(place: &Place, file: &Path) -> Result<Pool, Error> {
    let url = std::fs::read_to_string(file).map_err(|error| Error::file(file, &error))?;
    let mut config: Config = url.trim().parse().map_err(|_| {
        // The text holds a password.
        Error::refused(format!("{} holds no URL of a database", file.display()))
    })?;
    for host in config.get_hosts().to_vec() {
        if let Host::Tcp(name) = host
            && let Some(address) = place.address(&name)
        {
            config.hostaddr(address);
        }
    }
    let opening = Opening {
        application: "kardan drill",
        size: 32,
        wait: CONNECT,
        connect: CONNECT,
    };
    pool::open(config, opening).map_err(|error| Error::refused(error.to_string()))
}

/// Two different accounts.
fn accounts(id: u64) -> [i32; 2] {
    let count = u64::from(ACCOUNTS.unsigned_abs());
    let giver = id % count;
    let taker = (giver + 1 + (id / count) % (count - 1)) % count;
    [giver, taker].map(|account| i32::try_from(account).unwrap_or_default() + 1)
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn timeline(number: i32) -> Option<u32> {
    u32::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::{accounts, is_certain};

    #[test]
    fn nobody_gives_to_themselves() {
        assert!(
            (0..10_000)
                .map(accounts)
                .all(|[giver, taker]| giver != taker)
        );
    }

    #[test]
    fn the_end_of_a_session_leaves_the_outcome_open() {
        assert!(!is_certain("57P01") && !is_certain("08006") && !is_certain("08P01"));
        assert!(is_certain("25006") && is_certain("23505"));
    }
}
