//! Reads that go to standbys, and people who read what they wrote.

use anyhow::{Context as _, ensure};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use super::{cluster, docker};

const API: &str = "http://127.0.0.1:8080";
const URL: &str = "postgres://postgres@%2Fvar%2Frun%2Fpostgresql/kardan";

/// Lets the standbys stop or go on to replay what the primary sends; they acknowledge it in any case.
fn replay(standbys: &[String], verb: &str) -> anyhow::Result<()> {
    for node in standbys {
        let line = format!("psql -XqAt -d postgres -c 'select pg_wal_replay_{verb}()'");
        docker::shell(node, &line)?;
    }
    Ok(())
}

async fn texts(answer: Response) -> anyhow::Result<Vec<String>> {
    let page: Value = answer.error_for_status()?.json().await?;
    let items = page["items"].as_array().context("items")?;
    Ok(items
        .iter()
        .filter_map(|item| item["text"].as_str().map(str::to_owned))
        .collect())
}

#[tokio::test]
async fn who_sends_the_position_back_reads_what_they_wrote_however_late_standbys_are()
-> anyhow::Result<()> {
    let status = cluster::whole()?;
    let leader = cluster::leader(&status).context("a leader")?;
    let standbys: Vec<String> = ["db1", "db2", "db3"]
        .into_iter()
        .filter(|node| *node != leader)
        .map(str::to_owned)
        .collect();
    let line = format!(
        "kardan token create --user reader --scope read --scope write --database-url '{URL}' 2>/dev/null"
    );
    let token = docker::shell(leader, &line)?.trim().to_owned();
    let http = Client::builder().no_proxy().build()?;
    let found: Value = http
        .get(format!("{API}/v1/listings?limit=1"))
        .send()
        .await?
        .json()
        .await?;
    let listing = found["items"][0]["listing_id"]
        .as_i64()
        .context("a published listing")?;
    let messages = format!("{API}/v1/listings/{listing}/messages");
    let text = format!("Is it still there? ({})", std::process::id());

    replay(&standbys, "pause")?;
    let read = async {
        let written = http
            .post(&messages)
            .bearer_auth(&token)
            .json(&json!({ "text": text }))
            .send()
            .await?
            .error_for_status()?;
        let position = written
            .headers()
            .get("kardan-position")
            .context("a position")?
            .clone();
        let ask = || http.get(&messages).bearer_auth(&token);
        let old = texts(ask().send().await?).await?;
        let new = texts(ask().header("kardan-position", position).send().await?).await?;
        anyhow::Ok((old, new))
    }
    .await;
    replay(&standbys, "resume")?;
    let (old, new) = read?;
    ensure!(
        !old.contains(&text),
        "the standbys were not behind: this proves nothing"
    );
    ensure!(new.contains(&text), "{new:?}");
    cluster::whole().map(drop)
}
