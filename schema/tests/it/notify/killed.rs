//! Senders that are killed at any moment: nothing is lost, and what comes twice is known by its key. The senders are real
//! processes, `psql` with a script, and what they send lies in a table, which stands for Telegram: it is written in a transaction of
//! its own, so a sender can die before, between and after.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kardan_testdb::server;

use super::Office;

/// How many senders there are at one time.
const SENDERS: usize = 3;

/// How many of them are killed.
const KILLS: usize = 12;

/// At most so many are taken at once, so at most so many come twice for each that is killed.
const BATCH: usize = 4;

/// How long all of it may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// Takes, sends and answers, again and again.
fn script() -> String {
    let mut text = String::from("set client_min_messages = error;\n");
    for _ in 0..500 {
        let _ = writeln!(
            text,
            "select gen_random_uuid() as lease \\gset\n\
             select format('insert into public.telegram (lease, notice_id, event_at, chat_id, dedup_key) values (%L, %s, %L, %s, %L)', \
                 :'lease', c.notice_id, c.event_at, c.chat_id, c.dedup_key) \
             from notify.outbox_claim(:'lease', {BATCH}) as c \\gexec\n\
             select count(*) from notify.outbox_finish(:'lease', (select coalesce(jsonb_agg(jsonb_build_object( \
                 'notice_id', t.notice_id, 'event_at', t.event_at, 'outcome', 'sent', 'messages', jsonb_build_array(t.message))), '[]') \
             from public.telegram as t where t.lease = :'lease'));"
        );
    }
    text
}

struct Sender(Child);

impl Sender {
    fn start(office: &Office, script: &Path) -> anyhow::Result<Self> {
        Ok(Self(
            Command::new(server().bin_dir.join("psql"))
                .args([
                    "--no-psqlrc",
                    "--quiet",
                    "--dbname",
                    &office.db.url_as("kardan_worker"),
                    "--file",
                ])
                .arg(script)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?,
        ))
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        // SIGKILL: nothing is tidied up.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn senders_that_are_killed_lose_nothing_and_repeat_little() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for (key, value) in [
        ("outbox.per_second", 0),
        ("outbox.chat_milliseconds", 1),
        ("outbox.lease_seconds", 2),
        ("outbox.attempts", 1000),
    ] {
        office.set(key, value).await?;
    }
    office
        .run(
            "create table public.telegram (
                 message bigint generated always as identity primary key, lease uuid, notice_id bigint,
                 event_at timestamptz, chat_id bigint, dedup_key text);
             grant select, insert on public.telegram to kardan_worker;
             grant usage on schema public to kardan_worker",
        )
        .await?;
    let people = office.people(40).await?;
    for (key, ago) in [
        ("a", "5 hours"),
        ("b", "4 hours"),
        ("c", "3 hours"),
        ("d", "2 hours"),
        ("e", "1 hour"),
    ] {
        office.tell(&people, key, ago).await?;
    }
    let file =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sender-{}.sql", std::process::id()));
    std::fs::write(&file, script())?;
    let mut senders = Vec::new();
    for _ in 0..SENDERS {
        senders.push(Sender::start(&office, &file)?);
    }

    let deadline = Instant::now() + DEADLINE;
    let sent = "select count(*) from public.telegram";
    let (mut killed, mut oldest) = (0, 0);
    // Another one dies whenever some more were sent, at whatever it is doing then.
    while office
        .count("select count(*) from notify_data.queue")
        .await?
        > 0
    {
        anyhow::ensure!(
            Instant::now() < deadline,
            "not all of it was sent within {DEADLINE:?}"
        );
        let due = i64::try_from((killed + 1) * 200 / (KILLS + 1))?;
        if killed < KILLS && office.count(sent).await? >= due {
            senders[oldest] = Sender::start(&office, &file)?;
            oldest = (oldest + 1) % SENDERS;
            killed += 1;
        }
        for sender in &mut senders {
            if sender.0.try_wait()?.is_some() {
                *sender = Sender::start(&office, &file)?;
            }
        }
    }
    drop(senders);
    std::fs::remove_file(&file)?;

    assert_eq!(killed, KILLS);
    let lost = "select count(*) from notify_data.outbox as o
                where o.outcome is distinct from 'sent'
                    or not exists (select from public.telegram as t
                        where t.notice_id = o.id and o.result = jsonb_build_object('messages', jsonb_build_array(t.message)))";
    assert_eq!(office.count(lost).await?, 0);
    assert_eq!(
        office
            .count("select count(distinct (chat_id, event_at, dedup_key)) from public.telegram")
            .await?,
        200
    );
    let twice = office.count(sent).await? - 200;
    assert!(
        twice <= i64::try_from(KILLS * BATCH)?,
        "{twice} messages came twice"
    );
    // In order for each person, the first time that each thing was sent.
    let disorder = "with first as (
                        select t.chat_id, t.event_at, min(t.message) as message from public.telegram as t
                        group by t.chat_id, t.event_at)
                    select count(*) from first as a
                    join first as b on b.chat_id = a.chat_id and b.event_at > a.event_at and b.message < a.message";
    assert_eq!(office.count(disorder).await?, 0);
    Ok(())
}
