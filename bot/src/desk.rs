//! What every part of the bot works with.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Object, Pool};
use kardan_photos::{Lab, Store};
use kardan_schema::pool::{self, Opening};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::error::Failure;
use crate::telegram::{Refusal, Telegram};
use crate::watch::Watch;
use crate::{Config, Error, Texts};

/// How long to wait for a connection, and how long a new one may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The database, Telegram, the sentences, the photos, and the word to stop.
#[derive(Clone)]
pub struct Desk {
    pool: Pool,
    pub telegram: Telegram,
    pub texts: Arc<Texts>,
    pub photos: Store,
    /// Where photos are developed.
    pub lab: Lab,
    /// The bot's name, without the at sign.
    pub name: String,
    pub poll: Duration,
    pub watch: Arc<Watch>,
    pub stop: CancellationToken,
}

impl Desk {
    /// Opens everything, and asks Telegram who the bot is until it answers; nothing when it is stopped before.
    pub async fn open(config: Config, stop: CancellationToken) -> Result<Option<Self>, Error> {
        let opening = Opening {
            application: "kardan-bot",
            size: config.pool_size.max(2),
            wait: PATIENCE,
            connect: PATIENCE,
        };
        let pool = pool::open(config.database, opening).map_err(Error::Pool)?;
        let telegram = Telegram::new(&config.api_url, &config.token)?;
        let texts = Arc::new(Texts::load()?);
        let watch = Arc::new(Watch::new()?);
        let photos = Store::open(&config.photos).map_err(Error::Photos)?;
        let me = loop {
            match telegram.call("getMe", &json!({})).await {
                Ok(me) => break me,
                Err(Refusal::Said { code, why }) => {
                    return Err(Error::Token(format!("{code} {why}")));
                }
                Err(error) => tracing::warn!(%error, "Telegram does not answer"),
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(None),
                () = tokio::time::sleep(PATIENCE) => {}
            }
        };
        let name = me
            .get("username")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned();
        tracing::info!(bot = name, "Telegram knows the bot");
        Ok(Some(Self {
            pool,
            telegram,
            texts,
            photos,
            lab: Lab::new(),
            name,
            poll: config.poll,
            watch,
            stop,
        }))
    }

    /// Asks the database. A connection that gave an error is not used again: what a failover leaves behind must not stay.
    pub async fn ask<T>(
        &self,
        ask: impl AsyncFnOnce(&Client) -> Result<T, kardan_schema::Error>,
    ) -> Result<T, Failure> {
        let client = self.client().await?;
        let answer = ask(&client).await.map_err(Failure::Database);
        self.put_back(client, &answer);
        answer
    }

    /// A connection, to be put back.
    pub async fn client(&self) -> Result<Client, Failure> {
        Ok(self.pool.get().await?)
    }

    /// Puts a connection back, unless something is wrong with it.
    pub fn put_back<T>(&self, client: Client, answer: &Result<T, Failure>) {
        if matches!(
            answer,
            Err(Failure::Database(
                kardan_schema::Error::Retry(_) | kardan_schema::Error::Broken(_)
            ))
        ) {
            drop(Object::take(client));
        }
    }

    /// A link that opens the bot with something to begin with.
    pub fn link(&self, start: &str) -> String {
        format!("https://t.me/{}?start={start}", self.name)
    }

    /// Rests, or stops at once.
    pub async fn rest(&self, time: Duration) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(time) => {}
        }
    }
}
