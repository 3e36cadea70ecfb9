//! Events as those who listen get them: real streams over HTTP, and what happens between a break and the next one.

mod ends;
mod loss;
mod reconnect;
mod socket;
mod stream;

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::timeout;

use crate::support::{Person, Server};

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Settings under which tests need not wait.
const QUICK: &[&str] = &["--event-poll", "0.02", "--event-quiet", "0.2"];

/// A message of a stream: its name, its id and its data.
#[derive(Debug, Clone, Default, PartialEq)]
struct Message {
    name: String,
    id: String,
    data: String,
}

impl Message {
    fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_default()
    }

    /// The `n` of the data of an event that a test wrote.
    fn number(&self) -> i64 {
        self.json()["data"]["n"].as_i64().unwrap_or(-1)
    }
}

/// A listening client.
struct Listener {
    bytes: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    text: String,
    /// The last id that the stream gave, in a message or without one.
    last: String,
}

impl Listener {
    /// Listens, from where `last` says.
    async fn open(person: &Person<'_>, last: Option<&str>, query: &str) -> anyhow::Result<Self> {
        let mut ask = person.ask(Method::GET, &format!("/v1/events{query}"));
        if let Some(last) = last {
            ask = ask.header("last-event-id", last);
        }
        let answer = ask.send().await?;
        anyhow::ensure!(answer.status() == 200, "{}", answer.text().await?);
        Ok(Self::of(answer))
    }

    fn of(answer: Response) -> Self {
        let bytes = answer
            .bytes_stream()
            .map(|part| part.map(|part| part.to_vec()));
        Self {
            bytes: bytes.boxed(),
            text: String::new(),
            last: String::new(),
        }
    }

    /// The next message, that of the stream's own included; none at the end of the stream.
    async fn next(&mut self) -> anyhow::Result<Option<Message>> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let mut message = Message::default();
                for line in block.lines() {
                    match line.split_once(": ") {
                        Some(("event", name)) => message.name = name.to_owned(),
                        Some(("id", id)) => self.last = id.to_owned(),
                        Some(("data", data)) => message.data = data.to_owned(),
                        _ => {}
                    }
                }
                self.text = rest.to_owned();
                if !message.data.is_empty() {
                    message.id = self.last.clone();
                    return Ok(Some(message));
                }
            }
            match timeout(PATIENCE, self.bytes.next()).await? {
                Some(part) => self.text.push_str(std::str::from_utf8(&part?)?),
                None => return Ok(None),
            }
        }
    }

    /// The next message, which must come and have this name.
    async fn expect(&mut self, name: &str) -> anyhow::Result<Message> {
        let message = self.next().await?;
        let message = message.ok_or_else(|| anyhow::anyhow!("the stream ended"))?;
        anyhow::ensure!(message.name == name, "{message:?} instead of {name:?}");
        Ok(message)
    }

    /// The next thing that happened. A stream that begins before what it missed can be read safely says that it is ready
    /// first.
    async fn happening(&mut self) -> anyhow::Result<Message> {
        loop {
            let message = self.next().await?;
            let message = message.ok_or_else(|| anyhow::anyhow!("the stream ended"))?;
            if message.name.is_empty() {
                return Ok(message);
            }
            anyhow::ensure!(message.name == "ready", "{message:?}");
        }
    }

    /// Waits until the stream's place is another one although nothing was heard.
    async fn moves_on(&mut self) -> anyhow::Result<()> {
        let before = self.last.clone();
        while self.last == before {
            match timeout(PATIENCE, self.bytes.next()).await? {
                Some(part) => {
                    let part = part?;
                    let text = std::str::from_utf8(&part)?;
                    anyhow::ensure!(!text.contains("data:"), "{text}");
                    if let Some(id) = text.trim_end().rsplit("id: ").next() {
                        self.last = id.to_owned();
                    }
                }
                None => anyhow::bail!("the stream ended"),
            }
        }
        Ok(())
    }
}

impl Server {
    /// Something happens to these people.
    async fn say(&self, n: i64, users: &[i64]) -> anyhow::Result<()> {
        let session = self.superuser().await?;
        session
            .execute(
                "select notify.announce('test.thing', $1, null, ops.clock_now(), jsonb_build_object('n', $2::bigint))",
                &[&users, &n],
            )
            .await?;
        Ok(())
    }
}
