//! Many who listen: opens them, says so in a line of JSON, and then answers each line of its input with what was heard.
//!
//! A line `N SECONDS` waits until N events were heard, at most so long, and tells how long they took.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};
use tokio::time::sleep;

use crate::client::Client;
use crate::figures::Figures;

/// Who listens, and to what.
#[derive(clap::Args)]
pub struct Listen {
    /// The server
    #[arg(long)]
    server: SocketAddr,
    /// How many listen
    #[arg(long)]
    clients: usize,
    /// What all of them listen to
    #[arg(long)]
    path: String,
    /// What each thousandth listens to
    #[arg(long)]
    rare_path: String,
    /// How their tokens begin; 43 digits with the number of the client follow
    #[arg(long, default_value = "kdn_p_")]
    token: String,
    /// How many connect at once
    #[arg(long, default_value = "64")]
    at_once: usize,
}

/// Opens, listens and tells until the input ends.
pub async fn run(line: Listen) -> anyhow::Result<()> {
    let (figures, lost) = (Arc::new(Figures::default()), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let clients: Vec<_> = stream::iter(0..line.clients)
        .map(|number| open(&line, number))
        .buffer_unordered(line.at_once)
        .try_collect()
        .await?;
    println!(
        "{}",
        json!({ "clients": clients.len(), "seconds": begun.elapsed().as_secs_f64() })
    );
    for client in clients {
        let (figures, lost) = (figures.clone(), lost.clone());
        tokio::spawn(async move {
            // A stream does not end by itself.
            let _ = client.listen(&figures).await;
            lost.fetch_add(1, Ordering::Relaxed);
        });
    }
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(order) = lines.next_line().await? {
        let (count, seconds) = order.split_once(' ').context("N SECONDS")?;
        let (count, seconds): (usize, u64) = (count.parse()?, seconds.parse()?);
        let deadline = Instant::now() + Duration::from_secs(seconds);
        while figures.count() < count && Instant::now() < deadline {
            sleep(Duration::from_millis(20)).await;
        }
        let told = figures.tell();
        println!(
            "{}",
            json!({ "told": told, "lost": lost.load(Ordering::Relaxed) })
        );
    }
    Ok(())
}

async fn open(line: &Listen, number: usize) -> anyhow::Result<Client> {
    let path = if number.is_multiple_of(1000) {
        &line.rare_path
    } else {
        &line.path
    };
    let token = format!("{}{number:043}", line.token);
    let mut client = Client::open(number, line.server, path, &token).await?;
    client.ready().await?;
    Ok(client)
}
