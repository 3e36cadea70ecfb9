//! What is told to people: a file for each function or group, and the office that all of them work in.

mod announce;
mod post;
mod tell;

use std::time::{Duration, Instant};

use kardan_schema::{Role, UserId};
use kardan_testdb::{Database, Session};

/// How long a condition may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// A database with people on Telegram, and sessions as the program, the application and the sender have them.
struct Office {
    db: Database,
    /// As the functions themselves run: for steps, which no application may call.
    owner: Session,
}

impl Office {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            owner: db.superuser().await?,
            db,
        })
    }

    /// Somebody whom the bot can write to; the Telegram number is 1000 above ours.
    async fn person(&self) -> anyhow::Result<UserId> {
        let person = self.db.person(Role::User).await?;
        self.on_telegram(person).await?;
        Ok(person)
    }

    async fn people(&self, count: usize) -> anyhow::Result<Vec<UserId>> {
        let mut people = Vec::new();
        for _ in 0..count {
            people.push(self.person().await?);
        }
        Ok(people)
    }

    async fn on_telegram(&self, person: UserId) -> anyhow::Result<()> {
        self.owner
            .execute(
                "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
                 values ('telegram', ($1::bigint + 1000)::text, $1, ops.clock_now(), ops.clock_now())",
                &[&person],
            )
            .await?;
        Ok(())
    }

    /// Runs what a test arranges.
    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.owner.batch_execute(sql).await?)
    }

    /// One number.
    async fn count(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.owner.query_one(sql, &[]).await?.get(0))
    }

    /// Returns when this number is what it should be.
    async fn until(&self, sql: &str, wanted: i64) -> anyhow::Result<()> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let found = self.count(sql).await?;
            if found == wanted {
                return Ok(());
            }
            anyhow::ensure!(
                Instant::now() < deadline,
                "{found} instead of {wanted} after {DEADLINE:?}: {sql}"
            );
            tokio::task::yield_now().await;
        }
    }

    /// Tells these people of a listing; the event happened this long ago.
    async fn tell(&self, people: &[UserId], key: &str, ago: &str) -> anyhow::Result<i32> {
        self.tell_as(people, "listing.approved", key, ago, "{}")
            .await
    }

    async fn tell_as(
        &self,
        people: &[UserId],
        kind: &str,
        key: &str,
        ago: &str,
        data: &str,
    ) -> anyhow::Result<i32> {
        let row = self
            .owner
            .query_one(
                "select notify.tell($1, $2, $3, date_trunc('day', ops.clock_now()) - $4::text::interval, $5::text::jsonb)",
                &[
                    &people.iter().map(|one| one.0).collect::<Vec<_>>(),
                    &kind,
                    &key,
                    &ago,
                    &data,
                ],
            )
            .await?;
        Ok(row.get(0))
    }
}

/// The constraint that a call was refused with.
fn constraint<T: std::fmt::Debug>(answer: anyhow::Result<T>) -> String {
    let error = answer.unwrap_err();
    let error = error.downcast_ref::<tokio_postgres::Error>().unwrap();
    error
        .as_db_error()
        .unwrap()
        .constraint()
        .unwrap()
        .to_owned()
}
