//! PostgreSQL on a node, as its superuser, who is whoever holds the operator's certificate.

use std::str::FromStr as _;

use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::patroni::Member;
use crate::{Error, Place};

const FIGURES: &str = include_str!("node.sql");

/// A standby as the primary sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Follower {
    /// The standby's name.
    pub name: String,
    /// `streaming`, `catchup`, ….
    pub state: String,
    /// `quorum`, `sync`, `async`, `potential`.
    pub sync_state: String,
    /// What it has not replayed yet.
    pub lag_bytes: i64,
    /// How long the last commit took to be replayed there; `None` when nothing was written lately.
    pub lag_seconds: Option<f64>,
}

/// A replication slot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Does somebody read from it?
    pub active: bool,
    /// `reserved`, `extended`, `unreserved` or `lost`.
    pub wal_status: Option<String>,
    /// WAL that is kept for it.
    pub retained_bytes: Option<i64>,
}

/// What PostgreSQL on one node says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figures {
    /// Its version, such as `17.11`.
    pub version: String,
    /// The position that it has written (primary) or replayed (standby).
    pub lsn: String,
    /// The size of `pg_wal`.
    pub wal_bytes: i64,
    /// Is there a watchdog device on its machine?
    pub watchdog: bool,
    /// Those who follow this node.
    pub followers: Vec<Follower>,
    /// Its slots.
    pub slots: Vec<Slot>,
}

impl Place {
    /// A connection to a database of a node, as its superuser: who holds the operator's certificate is that.
    ///
    /// # Errors
    /// When there is no such node, or it does not answer.
    pub async fn superuser(&self, node: &str, database: &str) -> Result<Client, Error> {
        let members = self.members().await?;
        let member = members
            .iter()
            .find(|member| member.name == node)
            .ok_or_else(|| Error::state(format!("there is no node '{node}'")))?;
        self.connect_to(member, database).await
    }

    /// A connection to a node's database `postgres`.
    pub(crate) async fn connect(&self, member: &Member) -> Result<Client, Error> {
        self.connect_to(member, "postgres").await
    }

    async fn connect_to(&self, member: &Member, database: &str) -> Result<Client, Error> {
        let what = format!("PostgreSQL on {}", member.name);
        let mut config = Config::from_str(&member.connection)
            .map_err(|error| Error::unreachable(&what, member.connection.clone(), &error))?;
        config
            .user("postgres")
            .dbname(database)
            .application_name("kardan cluster")
            .connect_timeout(Self::patience())
            .ssl_mode(tokio_postgres::config::SslMode::Require);
        self.connect_by(&config, &what).await
    }

    pub(crate) async fn connect_by(&self, config: &Config, what: &str) -> Result<Client, Error> {
        let mut config = config.clone();
        for host in config.get_hosts().to_vec() {
            if let tokio_postgres::config::Host::Tcp(name) = host
                && let Some(address) = self.address(&name)
            {
                config.hostaddr(address);
            }
        }
        let connecting = config.connect(MakeRustlsConnect::new(self.tls.clone()));
        let (client, connection) = tokio::time::timeout(Self::patience(), connecting)
            .await
            .map_err(|_| Error::Unreachable {
                what: what.to_owned(),
                place: "its port".to_owned(),
                why: format!("no answer in {} s", Self::patience().as_secs()),
            })?
            .map_err(|error| Error::sql(what, &error))?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// What PostgreSQL on this node says of itself.
    pub(crate) async fn figures(&self, member: &Member) -> Result<Figures, Error> {
        let what = format!("PostgreSQL on {}", member.name);
        let client = self.connect(member).await?;
        let asked = client.query_one(FIGURES, &[]);
        let row = tokio::time::timeout(Self::patience(), asked)
            .await
            .map_err(|_| Error::Late {
                what: format!("an answer of {what}"),
                seconds: Self::patience().as_secs(),
            })?
            .map_err(|error| Error::sql(&what, &error))?;
        serde_json::from_value(row.get(0)).map_err(|error| Error::Refused {
            what,
            why: error.to_string(),
        })
    }
}
