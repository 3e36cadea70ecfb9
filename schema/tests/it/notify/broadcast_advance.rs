//! Telling many people: in steps, each once, paused and ended, with its progress.

use kardan_schema::notify::{self, Broadcast, Outcome};
use kardan_schema::{BroadcastId, BroadcastState, UserId};

use super::Office;
use super::broadcast::draft;
use crate::plans::{Explained, Mode};

impl Office {
    /// A running broadcast for everybody.
    async fn started(&self, admin: UserId) -> anyhow::Result<BroadcastId> {
        let one = notify::broadcast_create(&*self.api, &draft(admin)).await?;
        Ok(notify::broadcast_start(&*self.api, admin, one.broadcast_id)
            .await?
            .broadcast_id)
    }

    async fn look(&self, admin: UserId, one: BroadcastId) -> anyhow::Result<Broadcast> {
        Ok(notify::broadcast_get(&*self.api, admin, one).await?)
    }

    /// Advances until there is nothing to do.
    async fn tell_all(&self) -> anyhow::Result<i32> {
        let mut told = 0;
        while let Some(step) = notify::broadcast_advance(&*self.worker).await? {
            told += step.told_count;
        }
        Ok(told)
    }

    /// Sends everything that may be sent; tells the texts.
    async fn send_all(&self) -> anyhow::Result<Vec<String>> {
        let mut texts = Vec::new();
        loop {
            let (lease, taken) = self.claim(500).await?;
            if taken.is_empty() {
                return Ok(texts);
            }
            texts.extend(
                taken
                    .iter()
                    .map(|one| one.data["text"].as_str().unwrap().to_owned()),
            );
            self.finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
                .await?;
        }
    }
}

#[tokio::test]
async fn everybody_is_told_once_in_their_language_and_then_it_is_done() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    let admin = office.admin().await?;
    let people = office.people(3).await?;
    office
        .run(&format!(
            "update people_data.users set language = 'ru' where id = {}",
            people[0]
        ))
        .await?;
    let one = office.started(admin).await?;
    assert_eq!(
        office.tell_all().await?,
        4,
        "the administrator too, in the feed only"
    );
    // Somebody who comes later is not told.
    office.person().await?;
    assert_eq!(office.tell_all().await?, 0);
    let now = office.look(admin, one).await?;
    assert_eq!(
        (now.state, now.told_count, now.sent_count),
        (BroadcastState::Running, 4, 0)
    );
    let mut texts = office.send_all().await?;
    texts.sort();
    assert_eq!(texts, ["We have moved", "We have moved", "Мы переехали"]);
    office.tell_all().await?;
    let now = office.look(admin, one).await?;
    assert_eq!(
        (now.state, now.told_count, now.sent_count),
        (BroadcastState::Done, 4, 3)
    );
    assert!(now.finished_at.is_some());
    let feed = notify::NoticeList {
        actor: people[0],
        limit: None,
        after_at: None,
        after_id: None,
    };
    let feed = notify::notice_list(&*office.api, &feed).await?;
    assert_eq!(feed[0].data["text"], "Мы переехали");
    Ok(())
}

#[tokio::test]
async fn it_goes_a_thousand_people_at_a_time_and_on_where_it_was_after_a_crash()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    let admin = office.admin().await?;
    office.crowd(2_500).await?;
    office.run("delete from notify_data.queue").await?;
    let one = office.started(admin).await?;
    let step = notify::broadcast_advance(&*office.worker).await?.unwrap();
    assert_eq!((step.examined_count, step.told_count), (1000, 1000));
    // A step that fails on its way leaves nothing behind.
    let mut crashing = office.db.as_role("kardan_worker").await?;
    let tx = crashing.transaction().await?;
    assert_eq!(
        notify::broadcast_advance(&tx).await?.unwrap().told_count,
        1000
    );
    tx.rollback().await?;
    assert_eq!(office.look(admin, one).await?.told_count, 1000);
    assert_eq!(office.tell_all().await?, 1501);
    assert_eq!(office.look(admin, one).await?.told_count, 2501);
    // Even if it began anew, nobody would be told twice.
    office
        .run("update notify_data.broadcasts set examined_until = 0, examined_all = false")
        .await?;
    assert_eq!(office.tell_all().await?, 0);
    let twice =
        "select count(*) from (select from notify_data.outbox as o where o.kind = 'broadcast'
                 group by o.recipient having count(*) > 1) as t";
    assert_eq!(office.count(twice).await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_queue_holds_only_so_much_of_broadcasts() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("broadcast.ahead", 1500).await?;
    let admin = office.admin().await?;
    office.crowd(4_000).await?;
    office.run("delete from notify_data.queue").await?;
    office.started(admin).await?;
    assert_eq!(office.tell_all().await?, 2000);
    office
        .run("delete from notify_data.queue where id % 2 = 0")
        .await?;
    assert_eq!(office.tell_all().await?, 1000);
    Ok(())
}

#[tokio::test]
async fn two_senders_tell_two_broadcasts_at_one_moment() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    office.people(2).await?;
    let (one, two) = (office.started(admin).await?, office.started(admin).await?);
    let mut first = office.db.as_role("kardan_worker").await?;
    let tx = first.transaction().await?;
    let mine = notify::broadcast_advance(&tx).await?.unwrap();
    office
        .worker
        .batch_execute("set lock_timeout = '5s'")
        .await?;
    let other = notify::broadcast_advance(&*office.worker).await?.unwrap();
    tx.commit().await?;
    let mut told = [mine.broadcast_id, other.broadcast_id];
    told.sort_unstable();
    assert_eq!(told, [one, two]);
    assert_eq!((mine.told_count, other.told_count), (3, 3));
    Ok(())
}

#[tokio::test]
async fn a_paused_one_is_neither_told_nor_sent_until_it_is_resumed() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    let admin = office.admin().await?;
    let people = office.people(3).await?;
    let one = office.started(admin).await?;
    office.tell_all().await?;
    let (lease, taken) = office.claim(1).await?;
    notify::broadcast_pause(&*office.api, admin, one).await?;
    assert!(office.claim(100).await?.1.is_empty());
    // What was being delivered is delivered.
    office
        .finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
        .await?;
    assert!(notify::broadcast_advance(&*office.worker).await?.is_none());
    // It keeps nobody else waiting.
    office.tell(&people, "other", "1 hour").await?;
    office
        .run("delete from notify_data.holds where recipient <> 0")
        .await?;
    let (lease, taken) = office.claim(100).await?;
    assert_eq!(taken.len(), 3);
    office
        .finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
        .await?;
    notify::broadcast_resume(&*office.api, admin, one).await?;
    office.db.shift_clock("2 minutes").await?;
    assert_eq!(
        office
            .claim(100)
            .await?
            .1
            .iter()
            .filter(|one| one.kind == "broadcast")
            .count(),
        2,
        "at once, not when the pause would have been looked at again"
    );
    Ok(())
}

#[tokio::test]
async fn a_cancelled_one_is_closed_and_nobody_more_hears_it() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    let admin = office.admin().await?;
    office.people(3).await?;
    let one = office.started(admin).await?;
    office.tell_all().await?;
    let (lease, taken) = office.claim(1).await?;
    office
        .finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
        .await?;
    notify::broadcast_pause(&*office.api, admin, one).await?;
    assert!(office.claim(100).await?.1.is_empty());
    notify::broadcast_cancel(&*office.api, admin, one).await?;
    assert!(office.claim(100).await?.1.is_empty());
    assert_eq!(
        office
            .count("select count(*) from notify_data.queue")
            .await?,
        0
    );
    let now = office.look(admin, one).await?;
    assert_eq!(
        (now.state, now.told_count, now.sent_count, now.closed_count),
        (BroadcastState::Cancelled, 4, 1, 2)
    );
    Ok(())
}

#[tokio::test]
async fn its_progress_is_what_a_recount_finds() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    let admin = office.admin().await?;
    office.people(9).await?;
    let one = office.started(admin).await?;
    office.tell_all().await?;
    let (lease, taken) = office.claim(100).await?;
    assert_eq!(taken.len(), 9);
    for _ in 0..2 {
        office
            .finish(lease, &taken, |parcel| match parcel.notice_id.0 % 3 {
                0 => Outcome::Sent { messages: vec![1] },
                1 => Outcome::Refused { error: "x".into() },
                _ => Outcome::Unreachable,
            })
            .await?;
    }
    office.tell_all().await?;
    let now = office.look(admin, one).await?;
    assert_eq!(now.state, BroadcastState::Done);
    let count = |outcome: &str| {
        format!(
            "select count(*) from notify_data.outbox as o
             left join notify_data.queue as q on q.id = o.id where {outcome}"
        )
    };
    assert_eq!(now.told_count, office.count(&count("true")).await?);
    assert_eq!(
        now.sent_count,
        office.count(&count("o.outcome = 'sent'")).await?
    );
    assert_eq!(
        now.failed_count,
        office.count(&count("q.state = 'dead'")).await?
    );
    assert_eq!(
        now.closed_count,
        office.count(&count("o.outcome = 'unreachable'")).await?
    );
    assert_eq!(now.sent_count + now.failed_count + now.closed_count, 9);
    Ok(())
}

#[tokio::test]
async fn a_step_reads_its_thousand_people_and_no_history() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    office.crowd(4_000).await?;
    office.started(admin).await?;
    // Few are left: each of them is a plan of its own.
    office
        .run("update notify_data.broadcasts set examined_until = 4980; analyze")
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let step = "begin; select notify.broadcast_advance(); rollback";
        let plans = Explained::run(&office.db, mode, step).await?;
        plans.assert_no_full_scan("users");
        plans.assert_no_full_scan("identities");
        plans.assert_no_full_scan("queue");
        let read = plans.partitions("outbox");
        assert!(read.is_empty(), "{mode:?}: {read:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_broadcast_that_goes_on_finds_its_own_rows_in_the_queue() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.admin().await?;
    office.crowd(3_000).await?;
    let one = office.started(admin).await?;
    office
        .run("update notify_data.broadcasts set examined_until = 3980")
        .await?;
    assert_eq!(office.tell_all().await?, 20);
    notify::broadcast_pause(&*office.api, admin, one).await?;
    office.run("analyze notify_data.queue").await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let move_on = format!("begin; select notify.broadcast_resume({admin}, {one}); rollback");
        let plans = Explained::run(&office.db, mode, &move_on).await?;
        plans.assert_index("queue_broadcast_id_idx");
        plans.assert_no_full_scan("queue");
    }
    Ok(())
}
