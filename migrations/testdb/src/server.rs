//! The server of this test process: started at the first use, with the template database ready.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::Context as _;
use tokio_postgres::NoTls;

use crate::place;

/// The running server.
#[derive(Debug)]
pub struct Server {
    /// The template with migrations and program applied.
    pub template: String,
    /// The folder with `pg_dump` and its kin of the server's version.
    pub bin_dir: PathBuf,
    /// What gives a database the template's privileges and settings; `DATABASE` stands for its name.
    privileges: String,
    urls: Urls,
    drops: Sender<String>,
}

#[derive(Debug, Clone)]
struct Urls {
    host: String,
    port: u16,
}

/// Stands for a database's name.
const PLACE: &str = "DATABASE";

/// How many test processes may run side by side, each with a server of its own.
const SLOTS: usize = 16;

/// Nothing here outlives its test, so nothing is compressed, vacuumed or kept for a replica.
const SETTINGS: [(&str, &str); 6] = [
    ("max_connections", "200"),
    ("autovacuum", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("wal_compression", "off"),
    ("track_io_timing", "off"),
];

/// The server of this process.
///
/// # Panics
/// When no server can be had: no test can go on then.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let (ready, answer) = channel();
        // A thread with a runtime of its own: the runtime of a test ends with the test.
        std::thread::spawn(move || keep(&ready));
        match answer.recv() {
            Ok(Ok(server)) => server,
            Ok(Err(error)) => panic!("no PostgreSQL for the tests: {error:#}"),
            Err(error) => panic!("the thread of the test server is gone: {error}"),
        }
    })
}

impl Server {
    /// A URL of this server through its unix socket.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        format!(
            "host='{}' port={} user={role} dbname={database}",
            self.urls.host, self.urls.port
        )
    }

    pub(crate) fn privileges_of(&self, database: &str) -> String {
        self.privileges.replace(PLACE, database)
    }

    /// Drops a database in the background.
    pub(crate) fn drop_later(&self, database: String) {
        // A closed channel means that the process ends, and the next start sweeps.
        let _ = self.drops.send(database);
    }
}

fn keep(ready: &Sender<anyhow::Result<Server>>) {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = ready.send(Err(error.into()));
            return;
        }
    };
    let (drops, orders) = channel();
    let started = runtime.block_on(start(drops));
    match started {
        Ok((server, running)) => {
            let url = server.url("postgres", "postgres");
            let _ = ready.send(Ok(server));
            runtime.block_on(obey(&url, orders));
            drop(running);
        }
        Err(error) => {
            let _ = ready.send(Err(error));
        }
    }
}

async fn start(drops: Sender<String>) -> anyhow::Result<(Server, kardan_embedded::Server)> {
    let running = claim().await?;
    let urls = Urls {
        host: running.socket_dir().display().to_string(),
        port: running.port(),
    };
    let mut server = Server {
        template: String::new(),
        bin_dir: running.installation().bin_dir().to_owned(),
        privileges: String::new(),
        urls,
        drops,
    };
    server.template = template(&server)
        .await
        .context("making the template database")?;
    server.privileges = privileges(&server)
        .await
        .context("reading the template's privileges")?;
    Ok((server, running))
}

/// The first folder that no other process uses.
async fn claim() -> anyhow::Result<kardan_embedded::Server> {
    // One version does not read another's folder; KARDAN_PG_BIN may choose now this one, now that one.
    let major = kardan_embedded::Installation::find(None)?.major();
    let base = place::base().join(major.to_string());
    for slot in 0..SLOTS {
        let mut config = kardan_embedded::Config::for_tests(base.join(slot.to_string()));
        config.settings = SETTINGS
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        match kardan_embedded::Server::start(config).await {
            Err(kardan_embedded::Error::Busy { .. }) => {}
            other => return other.context("starting the test server"),
        }
    }
    anyhow::bail!("{SLOTS} test servers are running already")
}

/// Makes the template unless it is there, and drops what earlier runs left behind.
async fn template(server: &Server) -> anyhow::Result<String> {
    let admin = connect(&server.url("postgres", "postgres")).await?;
    // Partitions are made ahead of the day on which the template is made, some of them for single days.
    let day: String = admin
        .query_one("select to_char(now(), 'YYYYMMDD')", &[])
        .await?
        .get(0);
    let name = format!("template_{}_{day}", kardan_migrations::fingerprint());
    let rows = admin
        .query(
            "select d.datname::text from pg_database as d
             where d.datname like 'template\\_%' or d.datname like 't\\_%' or d.datname = 'making'",
            &[],
        )
        .await?;
    let present: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    for old in present.iter().filter(|old| **old != name) {
        admin
            .batch_execute(&format!("drop database if exists {old} with (force)"))
            .await?;
    }
    if !present.contains(&name) {
        admin.batch_execute("create database making").await?;
        {
            let mut client = connect(&server.url("postgres", "making")).await?;
            kardan_migrations::up(&mut client, "test").await?;
        }
        wait_alone(&admin, "making").await?;
        admin
            .batch_execute(&format!("alter database making rename to {name}"))
            .await?;
    }
    Ok(name)
}

/// The orders that repeat the template's privileges and settings: a test's database is what bootstrap makes in production.
async fn privileges(server: &Server) -> anyhow::Result<String> {
    let admin = connect(&server.url("postgres", "postgres")).await?;
    let rows = admin
        .query(
            "select 'revoke all on database DATABASE from public'
             union all
             select format(
                 'grant %s on database DATABASE to %s', a.privilege_type,
                 case a.grantee when 0 then 'public' else a.grantee::regrole::text end)
             from pg_database as d
             cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
             where d.datname = $1 and a.grantee <> d.datdba
             union all
             select format(
                 'alter role %s in database DATABASE set %s = %L', s.setrole::regrole,
                 split_part(c.setting, '=', 1), substring(c.setting from position('=' in c.setting) + 1))
             from pg_database as d
             join pg_db_role_setting as s on s.setdatabase = d.oid
             cross join lateral unnest(s.setconfig) as c (setting)
             where d.datname = $1",
            &[&server.template],
        )
        .await?;
    let orders: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    Ok(orders.join(";\n"))
}

/// A database can be renamed or copied when the last session has left it, which takes a moment after a disconnect.
async fn wait_alone(admin: &tokio_postgres::Client, database: &str) -> anyhow::Result<()> {
    for _ in 0..500 {
        let row = admin
            .query_one(
                "select count(*) from pg_stat_activity as a where a.datname = $1",
                &[&database],
            )
            .await?;
        if row.get::<_, i64>(0) == 0 {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    anyhow::bail!("somebody stays connected to {database}")
}

async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn obey(url: &str, orders: Receiver<String>) {
    let Ok(admin) = connect(url).await else {
        return;
    };
    while let Ok(database) = orders.recv() {
        // What could not be dropped is swept at the next start.
        let _ = admin
            .batch_execute(&format!("drop database if exists {database} with (force)"))
            .await;
    }
}
