//! The server that is backed up.

use std::path::Path;
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use kardan_embedded::Installation;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use crate::{Error, programs};

/// A server, and PostgreSQL's own programs of its version.
#[derive(Debug, Clone)]
pub struct Source {
    config: Config,
    programs: Installation,
}

/// What a server says of itself.
#[derive(Debug)]
pub struct Facts {
    pub version: u32,
    pub system_identifier: String,
    pub database: String,
    pub data_bytes: u64,
}

impl Source {
    /// A server, by its address, and the programs in this folder or, without one, those that are installed for its version.
    ///
    /// # Errors
    /// [`Error::Unreachable`]; [`Error::Unfit`] and [`Error::Server`] when no programs of its version are here.
    pub async fn new(config: Config, bin_dir: Option<&Path>) -> Result<Self, Error> {
        let client = connect(&config).await?;
        let version: i32 = client
            .query_one("select current_setting('server_version_num')::int", &[])
            .await
            .map_err(Error::sql("tell its version"))?
            .get(0);
        let programs = programs::of(version.unsigned_abs(), bin_dir)?;
        Ok(Self { config, programs })
    }

    /// The server's number for itself, after a look whether it can be backed up from here.
    ///
    /// # Errors
    /// [`Error::Unfit`], [`Error::Sql`].
    pub async fn system_identifier(&self) -> Result<String, Error> {
        let client = self.connect().await?;
        Ok(self.facts(&client).await?.system_identifier)
    }

    /// The same server, another database.
    pub(crate) fn at(&self, database: &str) -> Self {
        let mut source = self.clone();
        source.config.dbname(database);
        source
    }

    /// The database that one is connected to.
    pub(crate) fn database(&self) -> &str {
        let user = self.config.get_user();
        self.config.get_dbname().or(user).unwrap_or("postgres")
    }

    /// The major version of the server.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.programs.major()
    }

    /// Where PostgreSQL's programs of its version are.
    #[must_use]
    pub fn bin_dir(&self) -> &Path {
        self.programs.bin_dir()
    }

    /// How far the server's clock is ahead of this machine's.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Sql`].
    pub async fn clock_skew(&self) -> Result<TimeDelta, Error> {
        let client = self.connect().await?;
        let asked = Utc::now();
        let server: DateTime<Utc> = client
            .query_one("select clock_timestamp()", &[])
            .await
            .map_err(Error::sql("tell the time"))?
            .get(0);
        // Asked half-way between question and answer.
        Ok(server - (asked + (Utc::now() - asked) / 2))
    }

    /// A further connection.
    pub(crate) async fn connect(&self) -> Result<Client, Error> {
        connect(&self.config).await
    }

    /// One of PostgreSQL's programs, told of the server by its environment: no password is on a command line.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.bin_dir().join(program));
        for name in ["PGSERVICE", "PGHOSTADDR", "PGOPTIONS"] {
            command.env_remove(name);
        }
        command.env("PGAPPNAME", "kardan backup");
        match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => command.env("PGHOST", name),
            Some(Host::Unix(path)) => command.env("PGHOST", path),
            None => &mut command,
        };
        if let Some(port) = self.config.get_ports().first() {
            command.env("PGPORT", port.to_string());
        }
        if let Some(user) = self.config.get_user() {
            command.env("PGUSER", user);
        }
        if let Some(database) = self.config.get_dbname() {
            command.env("PGDATABASE", database);
        }
        if let Some(password) = self.config.get_password() {
            command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
        }
        command
    }

    /// What it says of itself, after a look whether it can be backed up from here.
    pub(crate) async fn facts(&self, client: &Client) -> Result<Facts, Error> {
        let row = client
            .query_one(
                "select current_setting('server_version_num')::int, (select c.system_identifier::text from pg_control_system() as c),
                     current_database()::text, (select sum(pg_database_size(d.oid))::bigint from pg_database as d),
                     pg_is_in_recovery(), current_setting('wal_level'),
                     (select count(*) from pg_tablespace as t where t.spcname not in ('pg_default', 'pg_global')),
                     (select r.rolsuper from pg_roles as r where r.rolname = current_user)",
                &[],
            )
            .await
            .map_err(Error::sql("say what it is"))?;
        let unfit = |why: &str| Err(Error::Unfit(why.to_owned()));
        if !row.get::<_, bool>(7) {
            return unfit(
                "a backup reads everything, and this user may not: connect as a superuser",
            );
        }
        if row.get::<_, bool>(4) {
            return unfit("this is a standby; give the address of the primary");
        }
        if row.get::<_, &str>(5) == "minimal" {
            return unfit(
                "wal_level is minimal, which leaves too little to restore from: set it to replica and restart",
            );
        }
        if row.get::<_, i64>(6) > 0 {
            return unfit(
                "the server has tablespaces of its own, which this engine does not copy: use pgBackRest",
            );
        }
        Ok(Facts {
            version: row.get::<_, i32>(0).unsigned_abs(),
            system_identifier: row.get(1),
            database: row.get(2),
            data_bytes: row.get::<_, i64>(3).unsigned_abs(),
        })
    }
}

pub async fn connect(config: &Config) -> Result<Client, Error> {
    let mut config = config.clone();
    config.application_name("kardan backup");
    let (client, connection) = config.connect(NoTls).await.map_err(Error::Unreachable)?;
    tokio::spawn(connection);
    // One text for one value on every server, and never a limit that was meant for others.
    client
        .batch_execute(
            "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
             set extra_float_digits = 1; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0",
        )
        .await
        .map_err(Error::sql("take settings"))?;
    Ok(client)
}

/// Runs a program to its end; what it wrote when it failed.
pub fn finish(program: &str, command: &mut Command) -> Result<Vec<u8>, Error> {
    let output = command
        .output()
        .map_err(Error::file("run", Path::new(command.get_program())))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = [output.stdout, output.stderr].concat();
    Err(failed(program, &output.status.to_string(), &said))
}

/// The failure of a program, with the end of what it wrote.
pub fn failed(program: &str, status: &str, said: &[u8]) -> Error {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = lines
        .get(lines.len().saturating_sub(5)..)
        .unwrap_or_default();
    Error::Program {
        program: program.to_owned(),
        status: status.to_owned(),
        said: last.join("; "),
    }
}
