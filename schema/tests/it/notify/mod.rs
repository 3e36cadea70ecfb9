//! What is told to people: a file for each function or group, and the office that all of them work in.

mod alerts_report;
mod announce;
mod broadcast;
mod broadcast_advance;
mod dead_letter;
mod dialog;
mod event;
mod feed;
mod killed;
mod outbox_claim;
mod outbox_finish;
mod outbox_purge;
mod post;
mod preference;
mod tell;
mod webhook;
mod webhook_course;

use std::time::{Duration, Instant};

use kardan_schema::notify::{self, Delivery, Outcome, Parcel, Settled};
use kardan_schema::{Role, UserId};
use kardan_testdb::{Database, Session};
use uuid::Uuid;

/// How long a condition may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A database with people on Telegram, and sessions as the program, the application and the sender have them.
struct Office {
    db: Database,
    /// As the functions themselves run: for steps, which no application may call.
    owner: Session,
    /// As a sender.
    worker: Session,
    /// As the application for people.
    api: Session,
}

impl Office {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            owner: db.superuser().await?,
            worker: db.as_role("kardan_worker").await?,
            api: db.as_role("kardan_api").await?,
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

    /// Changes a setting that is a whole number.
    async fn set(&self, key: &str, value: i32) -> anyhow::Result<()> {
        let changed = self
            .owner
            .execute(
                "update ops_data.settings set value = to_jsonb($2::integer) where key = $1",
                &[&key, &value],
            )
            .await?;
        anyhow::ensure!(changed == 1, "there is no setting {key}");
        Ok(())
    }

    /// The program's clock stands from now on.
    async fn freeze(&self) -> anyhow::Result<()> {
        self.run("create table public.frozen as select transaction_timestamp() as at")
            .await?;
        self.shift_frozen("0 seconds").await
    }

    /// The clock stands so long after it was frozen.
    async fn shift_frozen(&self, later: &str) -> anyhow::Result<()> {
        self.run(&format!(
            "do $do$ begin execute format(
                 'create or replace function ops.clock_now() returns timestamptz language sql stable parallel safe
                  return timestamptz %L', (select at + interval '{later}' from public.frozen)); end $do$"
        ))
        .await
    }

    /// Takes what is due under a new lease.
    async fn claim(&self, limit: i32) -> anyhow::Result<(Uuid, Vec<Parcel>)> {
        let lease = Uuid::now_v7();
        let taken = notify::outbox_claim(&*self.worker, lease, Some(limit)).await?;
        Ok((lease, taken))
    }

    /// Answers for what was taken.
    async fn finish(
        &self,
        lease: Uuid,
        taken: &[Parcel],
        outcome: impl Fn(&Parcel) -> Outcome,
    ) -> anyhow::Result<Vec<Settled>> {
        let answers: Vec<_> = taken
            .iter()
            .map(|one| Delivery {
                notice_id: one.notice_id,
                event_at: one.event_at,
                outcome: outcome(one),
            })
            .collect();
        Ok(notify::outbox_finish(&*self.worker, lease, &Delivery::list(&answers)).await?)
    }

    /// Where everything with this key is, by recipient: the state in the queue, or the outcome.
    async fn outcomes(&self, key: &str) -> anyhow::Result<Vec<String>> {
        let rows = self
            .owner
            .query(
                "select coalesce(o.outcome, q.state) from notify_data.outbox as o
                 left join notify_data.queue as q on q.id = o.id
                 where o.dedup_key = $1 order by o.recipient, o.event_at",
                &[&key],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// So many people on Telegram, made at once; each is told two things, which lie in the queue.
    async fn crowd(&self, count: i32) -> anyhow::Result<()> {
        self.run(&format!(
            "insert into people_data.users (id, role, display_name, language, created_at, updated_at)
             overriding system value
             select n, 'user', 'Some', 'ru', ops.clock_now(), ops.clock_now() from generate_series(1001, 1000 + {count}) as n;
             insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
             select 'telegram', n::text, n, ops.clock_now(), ops.clock_now() from generate_series(1001, 1000 + {count}) as n;
             select notify.tell(array(select u.id from people_data.users as u), 'listing.approved', 'crowd ' || d,
                 date_trunc('day', ops.clock_now()) - make_interval(days => d), '{{}}')
             from generate_series(2, 3) as d;
             analyze people_data.users; analyze people_data.identities; analyze notify_data.queue; analyze notify_data.outbox"
        ))
        .await
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
