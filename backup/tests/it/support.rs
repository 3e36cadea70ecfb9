//! A server of one's own with something in it: a copy takes the whole server, which tests that share one would disturb.

use std::path::PathBuf;
use std::sync::Arc;

use kardan_backup::{
    Depth, Drill, Entry, Error, Key, Kind, Progress, Report, Repository, Source, Take, drill, take,
};
use kardan_embedded::{Config, Server};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// A server with the database `shop`, and a folder for backups.
pub struct Shop {
    pub server: Server,
    pub folder: TempDir,
    pub client: Client,
}

impl Shop {
    pub async fn open() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut config = Config::for_tests(folder.path().join("server"));
        // What a drill must notice has to reach the disk.
        config.settings = vec![
            ("full_page_writes".to_owned(), "on".to_owned()),
            // Tells a test exactly when something was committed.
            ("track_commit_timestamp".to_owned(), "on".to_owned()),
        ];
        // The server's user must get through.
        std::fs::set_permissions(
            folder.path(),
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )?;
        let server = Server::start(config).await?;
        let admin = connect(&server.url("postgres")).await?;
        admin.batch_execute("create database shop").await?;
        let client = connect(&server.url("shop")).await?;
        client
            .batch_execute(
                "create table parts (id bigint generated always as identity primary key, name text not null, price numeric);
                 create index parts_name_idx on parts (name);
                 create table \"Odd name\" (\"whole\" int, at timestamptz default now());
                 create table days (day date not null, note text) partition by range (day);
                 create table days_1 partition of days for values from ('2026-01-01') to ('2026-02-01');
                 create unlogged table scrap (x int);
                 insert into parts (name, price) select 'part ' || n, n / 7.0 from generate_series(1, 20000) as n;
                 insert into \"Odd name\" (\"whole\") values (1), (null);
                 insert into days values ('2026-01-05', 'five');
                 insert into scrap values (1)",
            )
            .await?;
        Ok(Self {
            server,
            folder,
            client,
        })
    }

    pub fn repository(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    pub async fn source(&self) -> Result<Source, Error> {
        let config = self.server.url("shop").parse().unwrap();
        Source::new(config, Some(self.server.installation().bin_dir())).await
    }

    pub async fn take(&self) -> Result<Entry, Error> {
        self.take_with(None, Kind::Physical, true).await
    }

    pub async fn take_with(
        &self,
        key: Option<Key>,
        kind: Kind,
        count: bool,
    ) -> Result<Entry, Error> {
        let how = Take {
            kind,
            depth: Depth::Full,
            label: Some("by a test".to_owned()),
            count,
            jobs: 2,
        };
        let progress = Arc::new(Progress::default());
        take(
            &self.repository(),
            key,
            &self.source().await?,
            &how,
            &progress,
        )
        .await
    }

    pub async fn drill(&self, key: Option<Key>, id: &str) -> Result<Report, Error> {
        let repository = Repository::open(&self.repository(), key)?;
        let how = Drill {
            id: id.to_owned(),
            bin_dir: Some(self.server.installation().bin_dir().to_owned()),
            jobs: 2,
            keep: false,
        };
        drill(&repository, &how, &Arc::new(Progress::default())).await
    }
}

/// Keeps all WAL of a server from now on, for a test to push when it likes.
pub async fn keep_wal(client: &Client) -> anyhow::Result<()> {
    let sql = "select pg_create_physical_replication_slot('test', true)";
    client.execute(sql, &[]).await?;
    Ok(())
}

/// Closes the segment at hand, and gives all that are closed and the histories, the oldest first.
pub async fn closed_wal(server: &Server, client: &Client) -> anyhow::Result<Vec<PathBuf>> {
    let closed: String = client
        .query_one(
            "select pg_current_xact_id(), pg_walfile_name(pg_current_wal_insert_lsn())",
            &[],
        )
        .await?
        .get(1);
    client.execute("select pg_switch_wal()", &[]).await?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(server.data_dir().join("pg/pg_wal"))?
        .map(|found| found.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.ends_with(".history")
                || (name.len() == 24 && name[..8] == closed[..8] && name <= closed.as_str())
        })
        .collect();
    files.sort();
    Ok(files)
}

pub async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// What a report says of one thing.
pub fn check<'a>(report: &'a Report, name: &str) -> &'a kardan_backup::Check {
    let found = report.checks.iter().find(|check| check.name == name);
    found.unwrap_or_else(|| panic!("nobody looked at {name}: {:?}", report.checks))
}
