//! A bot that runs, and waiting for what it does.

use std::time::Duration;

use kardan_bot::Config;
use kardan_schema::{Role, UserId};
use kardan_testdb::{Database, Session};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::telegram::{TOKEN, Telegram};
use crate::transcript::Transcript;

const PATIENCE: Duration = Duration::from_secs(30);

/// A database, a Bot API, and what a bot keeps.
pub struct Place {
    pub db: Database,
    pub root: Session,
    pub telegram: Telegram,
    url: String,
    pub photos: TempDir,
    /// What people and the bot say to each other.
    pub transcript: Transcript,
}

/// A bot while it runs.
pub struct Bot {
    stop: CancellationToken,
    ends: JoinHandle<Result<(), kardan_bot::Error>>,
}

impl Place {
    pub async fn open() -> anyhow::Result<Self> {
        let (db, telegram) = (Database::create().await?, Telegram::default());
        let root = db.superuser().await?;
        // How fast anything may be sent is tested with the outbox.
        root.batch_execute(
            "update ops_data.settings set value = '1'
             where key in ('outbox.group_milliseconds', 'outbox.chat_milliseconds')",
        )
        .await?;
        Ok(Self {
            url: telegram.listen().await?,
            photos: tempfile::tempdir()?,
            transcript: Transcript::default(),
            db,
            root,
            telegram,
        })
    }

    /// Who somebody in Telegram is here.
    pub async fn account(&self, telegram: i64) -> anyhow::Result<UserId> {
        let row = self
            .root
            .query_one(
                "select user_id from people_data.identities
                 where provider = 'telegram' and subject = $1::bigint::text",
                &[&telegram],
            )
            .await?;
        Ok(row.get(0))
    }

    pub fn config(&self) -> Config {
        Config {
            database: self.db.url_as("kardan_bot").parse().unwrap(),
            pool_size: 4,
            token: TOKEN.parse().unwrap(),
            api_url: self.url.clone(),
            poll: Duration::from_millis(20),
            listen: None,
            photos: kardan_photos::Config::folder(self.photos.path()),
        }
    }

    pub fn start(&self) -> Bot {
        let stop = CancellationToken::new();
        Bot {
            ends: tokio::spawn(kardan_bot::run(self.config(), stop.clone())),
            stop,
        }
    }

    /// Somebody whom the bot can write to; the number in Telegram is 1000 above ours.
    pub async fn reachable(&self, role: Role) -> anyhow::Result<(UserId, i64)> {
        let person = self.db.person(role).await?;
        self.root
            .execute(
                "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
                 values ('telegram', ($1::bigint + 1000)::text, $1, ops.clock_now(), ops.clock_now())",
                &[&person.0],
            )
            .await?;
        Ok((person, person.0 + 1000))
    }

    /// An account of this role, under a number of Telegram.
    pub async fn appointed(&self, role: Role, number: i64) -> anyhow::Result<UserId> {
        let person = self.db.person(role).await?;
        self.root
            .execute(
                "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
                 values ('telegram', $2::bigint::text, $1, ops.clock_now(), ops.clock_now())",
                &[&person.0, &number],
            )
            .await?;
        Ok(person)
    }

    /// A person is told something.
    pub async fn tell(
        &self,
        person: UserId,
        kind: &str,
        data: &serde_json::Value,
    ) -> anyhow::Result<()> {
        let key = format!("{kind}:{}", uuid::Uuid::new_v4());
        self.root
            .execute(
                "select notify.tell(array[$1::bigint], $2, $3, ops.clock_now(), $4)",
                &[&person.0, &kind, &key, data],
            )
            .await?;
        Ok(())
    }

    /// What still waits in the outbox.
    pub async fn queued(&self) -> anyhow::Result<i64> {
        let row = self
            .root
            .query_one(
                "select count(*) from notify_data.queue where state <> 'dead'",
                &[],
            )
            .await?;
        Ok(row.get(0))
    }
}

impl Bot {
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        Ok(self.ends.await??)
    }

    /// As a machine that loses its power: nothing is brought to an end.
    pub fn kill(self) {
        self.ends.abort();
    }
}

pub async fn until(
    what: &str,
    is_so: impl AsyncFn() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_so().await? {
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}
