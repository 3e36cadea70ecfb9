//! Telling people: once each, not to those who do not want it, in the transaction of whoever tells.

use kardan_schema::{Error, UserId};

use super::{Office, constraint};
use crate::locks::{backend, until_blocked};

impl Office {
    /// Everything that somebody was told: where it is in the queue, or why it is in the feed only.
    async fn told(&self, person: UserId) -> anyhow::Result<Vec<String>> {
        let rows = self
            .owner
            .query(
                "select coalesce(o.outcome, q.state) from notify_data.outbox as o
                 left join notify_data.queue as q on q.id = o.id and q.event_at = o.event_at and q.recipient = o.user_id
                 where o.user_id = $1 order by o.event_at, o.id",
                &[&person],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

#[tokio::test]
async fn each_person_is_told_once_however_often_they_are_named() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(3).await?;
    let named = [people[0], people[1], people[0], people[2], people[1]];
    assert_eq!(office.tell(&named, "a", "1 hour").await?, 3);
    for person in people {
        assert_eq!(office.told(person).await?, ["waiting"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_repeat_of_the_event_tells_only_those_who_were_not_told() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(2).await?;
    assert_eq!(office.tell(&people[..1], "a", "1 hour").await?, 1);
    assert_eq!(office.tell(&people, "a", "1 hour").await?, 1);
    assert_eq!(office.tell(&people, "a", "1 hour").await?, 0);
    // Another key or another time is another event, also when that time lies in another partition.
    assert_eq!(office.tell(&people, "b", "1 hour").await?, 2);
    assert_eq!(office.tell(&people, "a", "10 days").await?, 2);
    assert_eq!(office.tell(&people, "a", "10 days").await?, 0);
    Ok(())
}

#[tokio::test]
async fn nobody_and_who_does_not_exist_are_told_nothing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    assert_eq!(office.tell(&[], "a", "1 hour").await?, 0);
    assert_eq!(
        office
            .tell(&[UserId(-7), UserId(1 << 40)], "a", "1 hour")
            .await?,
        0
    );
    Ok(())
}

#[tokio::test]
async fn a_kind_that_no_migration_has_named_is_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let answer = office
        .tell_as(&[person], "listing.stolen", "a", "1 hour", "{}")
        .await;
    assert_eq!(constraint(answer), "outbox_kind_known");
    Ok(())
}

#[tokio::test]
async fn a_time_that_no_query_would_find_is_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    for ago in ["92 days", "-3 days"] {
        let answer = office.tell(&[person], "a", ago).await;
        assert_eq!(constraint(answer), "outbox_event_time_near", "{ago}");
    }
    Ok(())
}

#[tokio::test]
async fn who_cannot_be_reached_has_it_in_the_feed_and_nothing_is_sent() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let away = office.db.person(kardan_schema::Role::User).await?;
    let silent = office.person().await?;
    let late = office.person().await?;
    office
        .run(&format!(
            "update people_data.identities set unreachable_at = ops.clock_now() where user_id = {silent}"
        ))
        .await?;
    assert_eq!(office.tell(&[away, silent], "a", "1 hour").await?, 2);
    assert_eq!(office.tell(&[late], "a", "15 days").await?, 1);
    for (person, why) in [
        (away, "no_telegram"),
        (silent, "unreachable"),
        (late, "too_old"),
    ] {
        assert_eq!(office.told(person).await?, [why]);
    }
    Ok(())
}

#[tokio::test]
async fn who_has_muted_the_topic_or_the_object_is_not_told() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(5).await?;
    office
        .run(&format!(
            "insert into notify_data.mutes values ({}, 'listings', ops.clock_now());
             insert into notify_data.object_mutes (user_id, object_type, object_id, created_at)
             values ({}, 'listing', 7, ops.clock_now()), ({}, 'shop', 8, ops.clock_now()),
                 ({}, 'user', 9, ops.clock_now()), ({}, 'shop', 7, ops.clock_now())",
            people[0], people[1], people[2], people[3], people[4]
        ))
        .await?;
    let about = r#"{"listing_id": 7, "shop_id": 8, "user_id": 9}"#;
    let told = office
        .tell_as(&people, "listing.approved", "a", "1 hour", about)
        .await?;
    assert_eq!(told, 1);
    assert_eq!(office.told(people[4]).await?.len(), 1);
    // What has no topic cannot be switched off.
    let told = office.tell_as(&people, "raw", "b", "1 hour", about).await?;
    assert_eq!(told, 5);
    Ok(())
}

#[tokio::test]
async fn whoever_is_told_hears_it_on_the_stream_and_nobody_else() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(2).await?;
    office.tell(&people[..1], "a", "1 hour").await?;
    office.tell(&people, "a", "1 hour").await?;
    let rows = office
        .owner
        .query(
            "select e.user_id, e.type, (e.data ->> 'notice_id')::bigint = o.id, e.event_at = o.event_at
             from notify_data.events as e
             join notify_data.outbox as o on o.user_id = e.user_id
             order by e.id",
            &[],
        )
        .await?;
    let heard: Vec<(UserId, String, bool, bool)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect();
    let created = || "notice.created".to_owned();
    assert_eq!(
        heard,
        [
            (people[0], created(), true, true),
            (people[1], created(), true, true)
        ]
    );
    Ok(())
}

#[tokio::test]
async fn what_its_caller_takes_back_was_never_told() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    office.run("begin").await?;
    assert_eq!(office.tell(&[person], "a", "1 hour").await?, 1);
    office.run("rollback").await?;
    assert!(office.told(person).await?.is_empty());
    assert_eq!(
        office
            .count("select count(*) from notify_data.events")
            .await?,
        0
    );
    Ok(())
}

#[tokio::test]
async fn two_who_tell_the_same_event_at_one_time_tell_it_once() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(2).await?;
    let told = format!(
        "select notify.tell(array[{}, {}], 'listing.approved', 'a', date_trunc('day', ops.clock_now()), null)",
        people[0], people[1]
    );
    let mut first = office.db.superuser().await?;
    let second = office.db.superuser().await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    assert_eq!(tx.query_one(&told, &[]).await?.get::<_, i32>(0), 2);
    let waiting = tokio::spawn(async move {
        second
            .query_one(&told, &[])
            .await
            .map(|row| row.get::<_, i32>(0))
    });
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert_eq!(waiting.await??, 0);
    Ok(())
}

#[tokio::test]
async fn two_who_tell_different_events_to_one_person_do_not_wait_for_each_other()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let mut first = office.db.superuser().await?;
    let tx = first.transaction().await?;
    let told = |key: &str| {
        format!(
            "select notify.tell(array[{person}], 'listing.approved', '{key}', date_trunc('day', ops.clock_now()), null)"
        )
    };
    tx.query_one(&told("a"), &[]).await?;
    office.run("set lock_timeout = '2s'").await?;
    let row = office.owner.query_one(&told("b"), &[]).await?;
    assert_eq!(row.get::<_, i32>(0), 1);
    tx.commit().await?;
    assert_eq!(office.told(person).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn no_application_tells_anybody_anything_by_itself() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for role in ["kardan_api", "kardan_bot", "kardan_worker", "kardan_admin"] {
        let session = office.db.as_role(role).await?;
        for attempt in [
            "select notify.tell(array[1], 'listing.approved', 'a', transaction_timestamp(), null)",
            "select notify.announce('thing.moved', array[1], null, transaction_timestamp(), null)",
            "select notify.post(-1, 'raw', 'a', transaction_timestamp(), null)",
        ] {
            let answer = session.execute(attempt, &[]).await;
            let code = answer
                .unwrap_err()
                .code()
                .map(|code| code.code().to_owned());
            assert_eq!(code.as_deref(), Some("42501"), "{role}: {attempt}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_was_announced_is_neither_changed_nor_deleted() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .run("select notify.announce('thing.moved', array[1], 2, ops.clock_now(), null)")
        .await?;
    for attempt in [
        "update notify_data.events set type = 'thing.stayed'",
        "delete from notify_data.events",
    ] {
        let answer = office.owner.execute(attempt, &[]).await;
        let error = Error::from(answer.unwrap_err());
        assert_eq!(
            error.reason(),
            Some(kardan_schema::Reason::HistoryIsAppendOnly),
            "{attempt}"
        );
    }
    Ok(())
}
