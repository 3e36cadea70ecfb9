//! Connecting, with errors that say which server and what to do.

use std::time::Duration;

use anyhow::Context as _;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use crate::args::DatabaseUrl;
use crate::exit::Failure;

/// How long a server may take to answer at all. tokio-postgres' own time-out covers only the first part of that.
const PATIENCE: Duration = Duration::from_secs(10);

impl DatabaseUrl {
    /// The text of the configured database, if one is.
    pub fn text(&self) -> anyhow::Result<Option<String>> {
        match (&self.database_url, &self.database_url_file) {
            (Some(url), _) => Ok(Some(url.clone())),
            (None, Some(file)) => std::fs::read_to_string(file)
                .map(|text| Some(text.trim().to_owned()))
                .with_context(|| format!("--database-url-file: {}", file.display())),
            (None, None) => Ok(None),
        }
    }

    /// The configured database, if one is.
    pub fn find(&self) -> anyhow::Result<Option<Config>> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        // The text may hold a password: the error names the flag and not the text.
        text.parse()
            .map(Some)
            .context("--database-url is not a PostgreSQL URL or connection string")
    }

    /// The configured database.
    pub fn require(&self) -> anyhow::Result<Config> {
        self.find()?
            .context("no database given: use --database-url, --database-url-file or DATABASE_URL")
    }

    /// A connection to the configured database.
    pub async fn connect(&self) -> anyhow::Result<Client> {
        connect(&self.require()?).await
    }
}

/// Connects, and lets the connection run until the client goes.
pub async fn connect(config: &Config) -> anyhow::Result<Client> {
    let place = place(config);
    let attempt = tokio::time::timeout(PATIENCE, config.connect(NoTls)).await;
    let (client, connection) = match attempt {
        Ok(Ok(pair)) => pair,
        Ok(Err(error)) => {
            let why = error
                .as_db_error()
                .map_or_else(|| causes(&error), |db| db.message().to_owned());
            return Err(Failure::unreachable(format!(
                "cannot connect to {place}: {why}; is PostgreSQL running there, and does it let this user in?"
            )));
        }
        Err(_) => {
            return Err(Failure::unreachable(format!(
                "cannot connect to {place}: no answer in {} seconds",
                PATIENCE.as_secs()
            )));
        }
    };
    tokio::spawn(connection);
    Ok(client)
}

fn causes(error: &tokio_postgres::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = inner.source();
    }
    said
}

/// Server and database without user and password.
pub fn place(config: &Config) -> String {
    let host = config.get_hosts().first().map_or_else(
        || "localhost".to_owned(),
        |host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        },
    );
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{host}:{port}/{}", config.get_dbname().unwrap_or("?"))
}
