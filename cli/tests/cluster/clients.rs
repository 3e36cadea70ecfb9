//! Clients that do what the product does, through HAProxy and PgBouncer, and count what hurt them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_postgres::{Client, Config, NoTls};

use super::cluster;

pub struct Clients {
    running: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
    tasks: JoinSet<Vec<String>>,
}

impl Clients {
    /// One, for a test to do with as it likes.
    pub async fn one() -> anyhow::Result<Client> {
        let (client, connection) = config()?.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Eight of them, each with a connection that it keeps.
    pub async fn start() -> anyhow::Result<Self> {
        let (running, done) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let client = Self::one().await?;
            let (running, done) = (Arc::clone(&running), Arc::clone(&done));
            tasks.spawn(async move {
                let mut errors = Vec::new();
                while running.load(Relaxed) && !client.is_closed() {
                    match client.query_one("select ops.clock_now()", &[]).await {
                        Ok(_) => drop(done.fetch_add(1, Relaxed)),
                        Err(error) => errors.push(error.to_string()),
                    }
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                errors
            });
        }
        let clients = Self {
            running,
            done,
            tasks,
        };
        clients.another_hundred().await?;
        Ok(clients)
    }

    /// Waits until a hundred more calls were answered: clients go on.
    pub async fn another_hundred(&self) -> anyhow::Result<()> {
        let wanted = self.done.load(Relaxed) + 100;
        let answered = async {
            while self.done.load(Relaxed) < wanted {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        Ok(tokio::time::timeout(Duration::from_secs(40), answered).await?)
    }

    /// Ends them and gives every error that one of them saw.
    pub async fn stop(self) -> Vec<String> {
        self.running.store(false, Relaxed);
        self.tasks.join_all().await.concat()
    }
}

fn config() -> anyhow::Result<Config> {
    let password = cluster::folder().join("authority/passwords/kardan_api");
    let mut config = Config::new();
    config
        .host(cluster::address("pgbouncer")?)
        .port(6432)
        .user("kardan_api")
        .password(std::fs::read_to_string(password)?.trim())
        .dbname("kardan")
        .connect_timeout(Duration::from_secs(3));
    Ok(config)
}
