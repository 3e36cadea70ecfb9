//! What a person was told, and what of it is read.

use chrono::{DateTime, Utc};
use kardan_schema::notify::{self, Notice, NoticeList};
use kardan_schema::{Reason, UserId};

use super::Office;
use crate::plans::{Explained, Mode};
use crate::support::reason;

impl Office {
    async fn feed(
        &self,
        person: UserId,
        limit: i32,
        after: Option<&Notice>,
    ) -> anyhow::Result<Vec<Notice>> {
        let list = NoticeList {
            actor: person,
            limit: Some(limit),
            after_at: after.map(|one| one.event_at),
            after_id: after.map(|one| one.notice_id),
        };
        Ok(notify::notice_list(&*self.api, &list).await?)
    }

    async fn unread(&self, person: UserId) -> anyhow::Result<i32> {
        Ok(notify::notice_unread_count(&*self.api, person)
            .await?
            .unread_count)
    }
}

#[tokio::test]
async fn the_feed_has_what_was_told_latest_first_in_pages_sent_or_not() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.db.person(kardan_schema::Role::User).await?;
    for (key, ago) in [
        ("a", "20 days"),
        ("b", "1 hour"),
        ("c", "10 days"),
        ("d", "1 hour"),
        ("e", "40 days"),
    ] {
        office
            .tell_as(
                &[person],
                "listing.approved",
                key,
                ago,
                &format!(r#"{{"title": "{key}"}}"#),
            )
            .await?;
    }
    // Answers in a conversation are no notices, and other people's are other people's.
    office
        .tell_as(&[person], "raw", "r", "1 hour", "{}")
        .await?;
    office
        .tell(&[office.person().await?], "x", "1 hour")
        .await?;
    let all = office.feed(person, 100, None).await?;
    let titles: Vec<_> = all
        .iter()
        .map(|one| one.data["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["d", "b", "c", "a", "e"]);
    assert_eq!(
        (all[0].topic.as_deref(), all[0].is_read),
        (Some("listings"), false)
    );
    let mut walked: Vec<Notice> = Vec::new();
    loop {
        let page = office.feed(person, 2, walked.last()).await?;
        if page.is_empty() {
            break;
        }
        walked.extend(page);
    }
    assert_eq!(walked, all);
    Ok(())
}

#[tokio::test]
async fn what_happened_until_a_time_is_read_and_what_is_told_late_is_not() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    for (key, ago) in [("a", "3 hours"), ("b", "2 hours"), ("c", "1 hour")] {
        office.tell(&[person], key, ago).await?;
    }
    assert_eq!(office.unread(person).await?, 3);
    let feed = office.feed(person, 10, None).await?;
    let mark = |until: Option<DateTime<Utc>>| notify::notice_read(&*office.api, person, until);
    assert_eq!(
        mark(Some(feed[1].event_at)).await?.read_until,
        feed[1].event_at
    );
    assert_eq!(office.unread(person).await?, 1);
    let read: Vec<_> = office
        .feed(person, 10, None)
        .await?
        .iter()
        .map(|one| one.is_read)
        .collect();
    assert_eq!(read, [false, true, true]);
    // An earlier mark takes nothing back, and a repeat changes nothing.
    assert_eq!(
        mark(Some(feed[2].event_at)).await?.read_until,
        feed[1].event_at
    );
    assert_eq!(
        mark(Some(feed[1].event_at)).await?.read_until,
        feed[1].event_at
    );
    assert_eq!(office.unread(person).await?, 1);
    // Told only now, though it happened before.
    office.db.shift_clock("1 second").await?;
    office.tell(&[person], "late", "4 hours").await?;
    assert_eq!(office.unread(person).await?, 2);
    mark(None).await?;
    assert_eq!(office.unread(person).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_badge_counts_to_a_hundred() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    for (from, to, wanted) in [(1, 100, (100, false)), (101, 101, (100, true))] {
        office
            .run(&format!(
                "select notify.tell(array[{person}], 'listing.approved', 'n' || n, date_trunc('day', ops.clock_now()), null)
                 from generate_series({from}, {to}) as n"
            ))
            .await?;
        let told = notify::notice_unread_count(&*office.api, person).await?;
        assert_eq!((told.unread_count, told.is_more), wanted);
    }
    Ok(())
}

#[tokio::test]
async fn nobody_has_no_feed_and_a_blocked_person_sees_theirs() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let nobody = UserId(-1);
    let list = NoticeList {
        actor: nobody,
        limit: None,
        after_at: None,
        after_id: None,
    };
    assert_eq!(
        reason(notify::notice_list(&*office.api, &list).await),
        Reason::ActorUnknown
    );
    assert_eq!(
        reason(notify::notice_unread_count(&*office.api, nobody).await),
        Reason::ActorUnknown
    );
    assert_eq!(
        reason(notify::notice_read(&*office.api, nobody, None).await),
        Reason::ActorUnknown
    );
    let person = office.person().await?;
    office.tell(&[person], "a", "1 hour").await?;
    office
        .run(&format!(
            "insert into people_data.bans (user_id, reason, until, created_by, created_at)
             values ({person}, 'test', 'infinity', {person}, ops.clock_now())"
        ))
        .await?;
    assert_eq!(office.feed(person, 10, None).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_feed_is_read_by_its_index_within_the_time_that_is_kept() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.crowd(3_000).await?;
    let rows = office
        .owner
        .query(
            "select distinct c.relname::text from notify_data.outbox as o join pg_class as c on c.oid = o.tableoid",
            &[],
        )
        .await?;
    let filled: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(!filled.is_empty());
    for mode in [Mode::Custom, Mode::Generic] {
        for call in [
            "notice_list(1500, 20, null, null)",
            "notice_unread_count(1500)",
        ] {
            let plans = Explained::run(&office.db, mode, &format!("select notify.{call}")).await?;
            let read = plans.partitions("outbox");
            assert!(
                !read.is_empty() && read.len() <= 16,
                "{mode:?} {call}: {read:?}"
            );
            for partition in &filled {
                plans.assert_no_full_scan(partition);
            }
            plans.assert_no_full_scan("feeds");
        }
    }
    Ok(())
}
