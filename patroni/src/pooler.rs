//! PgBouncer's administration: holding clients without a connection to the database, and letting them go on.

use std::str::FromStr as _;
use std::time::Duration;

use tokio_postgres::{Client, Config, SimpleQueryMessage};

use crate::{Error, Place};

/// One pooler, asked by its administrator.
pub struct Pooler {
    client: Client,
    name: String,
    /// The databases whose connections are handed out a transaction at a time. Those that belong to one client for as
    /// long as it stays cannot be paused: that would wait for the client to go.
    databases: Vec<String>,
}

impl Place {
    /// All poolers, or none if one cannot be reached: to pause half of them would help nobody.
    pub(crate) async fn poolers(&self) -> Result<Vec<Pooler>, Error> {
        let mut poolers = Vec::with_capacity(self.poolers.len());
        for url in &self.poolers {
            poolers.push(self.pooler(url).await?);
        }
        Ok(poolers)
    }

    async fn pooler(&self, url: &str) -> Result<Pooler, Error> {
        let mut config = Config::from_str(url).map_err(|_| Error::Keys {
            path: "url".into(),
            why: "it holds something that is no URL of a pooler".to_owned(),
        })?;
        let name = match config.get_hosts().first() {
            Some(tokio_postgres::config::Host::Tcp(name)) => format!("the pooler {name}"),
            _ => "the pooler".to_owned(),
        };
        config.connect_timeout(Self::patience());
        let client = self.connect_by(&config, &name).await?;
        let mut pooler = Pooler {
            client,
            name,
            databases: Vec::new(),
        };
        pooler.databases = pooler.by_transaction().await?;
        Ok(pooler)
    }
}

impl Pooler {
    async fn by_transaction(&self) -> Result<Vec<String>, Error> {
        let modes = self.say("show config").await?;
        let usual = modes
            .iter()
            .find(|row| row.get("key") == Some("pool_mode"))
            .and_then(|row| row.get("value"))
            .unwrap_or_default()
            .to_owned();
        let mut databases = Vec::new();
        for row in self.say("show databases").await? {
            let mode = row.get("pool_mode").filter(|mode| !mode.is_empty());
            if let Some(name) = row.get("name")
                && name != "pgbouncer"
                && mode.unwrap_or(&usual) != "session"
            {
                databases.push(name.to_owned());
            }
        }
        Ok(databases)
    }

    /// Holds new transactions and waits for those that run. When they do not end in time, lets everybody go on again.
    pub async fn pause(&self, patience: Duration) -> Result<(), Error> {
        for database in &self.databases {
            let words = format!("pause {}", quoted(database));
            match tokio::time::timeout(patience, self.say(&words)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) if is_already(&error) => {}
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    return Err(Error::Late {
                        what: format!("the end of all transactions through {}", self.name),
                        seconds: patience.as_secs(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Lets everybody go on. Safe to say at any time.
    pub async fn resume(&self) -> Result<(), Error> {
        for database in &self.databases {
            match self.say(&format!("resume {}", quoted(database))).await {
                Ok(_) => {}
                Err(error) if is_already(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn say(&self, words: &str) -> Result<Vec<tokio_postgres::SimpleQueryRow>, Error> {
        let said = self
            .client
            .simple_query(words)
            .await
            .map_err(|error| Error::sql(&self.name, &error))?;
        Ok(said
            .into_iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            })
            .collect())
    }
}

/// PgBouncer answers a second PAUSE or RESUME with an error that has no code of its own.
fn is_already(error: &Error) -> bool {
    matches!(error, Error::Refused { why, .. }
        if why.contains("already suspended/paused") || why.contains("is not paused"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
