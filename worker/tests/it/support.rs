//! A worker on a database of the test's own.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use clap::Parser as _;
use kardan_testdb::Database;
use kardan_worker::{Config, Error};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

#[derive(clap::Parser)]
struct Args {
    #[command(flatten)]
    config: Config,
}

/// Settings of a worker on this database, quick enough for a test.
pub fn config(db: &Database, photos: &Path, more: &[&str]) -> anyhow::Result<Config> {
    let (url, photos) = (db.url_as("kardan_worker"), photos.display().to_string());
    let fixed = [
        "worker",
        "--database-url",
        &url,
        "--photos",
        &photos,
        "--poll=0.05",
    ];
    Ok(Args::try_parse_from(fixed.iter().chain(more))?.config)
}

/// A worker that runs.
pub struct Running {
    pub address: SocketAddr,
    pub stop: CancellationToken,
    pub ended: JoinHandle<Result<(), Error>>,
}

impl Running {
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let ended = tokio::spawn(kardan_worker::work(config, Some(listener), stop.clone()));
        Ok(Self {
            address,
            stop,
            ended,
        })
    }

    /// Status and text of a page.
    pub async fn get(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let answer = reqwest::get(format!("http://{}{path}", self.address)).await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.ended).await???;
        Ok(())
    }
}

/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again until it is so.
pub async fn until(
    what: &str,
    is_so: impl AsyncFn() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so().await? {
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::task::yield_now().await;
    }
    Ok(())
}
