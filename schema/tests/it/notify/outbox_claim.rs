//! Taking what is due: once, in order, by lanes, within limits.

use std::collections::{BTreeMap, BTreeSet};

use kardan_schema::Lane;
use kardan_schema::notify::{self, Delivery, Outcome};
use uuid::Uuid;

use super::Office;
use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};

#[tokio::test]
async fn what_is_taken_tells_whom_what_and_how_to_write_to_them() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    office
        .tell_as(
            &[person],
            "listing.approved",
            "a",
            "1 hour",
            r#"{"listing_id": 7}"#,
        )
        .await?;
    office
        .run("select notify.post(-100, 'raw', 'b', date_trunc('day', ops.clock_now()), '{\"method\": \"x\"}')")
        .await?;
    let (lease, taken) = office.claim(10).await?;
    assert_eq!(taken.len(), 2, "{taken:?}");
    let (notice, post) = (&taken[0], &taken[1]);
    assert_eq!(
        (notice.lane, notice.kind.as_str()),
        (Lane::Notice, "listing.approved")
    );
    assert_eq!(
        (notice.user_id, notice.chat_id),
        (Some(person), person.0 + 1000)
    );
    assert_eq!(notice.language, Some(kardan_schema::Language::En));
    assert_eq!((notice.dedup_key.as_str(), notice.attempts), ("a", 1));
    assert_eq!(notice.data, serde_json::json!({"listing_id": 7}));
    assert_eq!(
        (post.lane, post.user_id, post.chat_id),
        (Lane::Channel, None, -100)
    );
    assert_eq!(post.language, None);
    assert!(notice.lease_ends_at > chrono::Utc::now());
    // The same lease again gives the same rows, and nothing new however much there is.
    office
        .tell(&[office.person().await?], "c", "1 hour")
        .await?;
    assert_eq!(
        notify::outbox_claim(&*office.worker, lease, Some(10)).await?,
        taken
    );
    Ok(())
}

#[tokio::test]
async fn a_repeat_gives_what_is_left_and_nothing_after_the_lease_has_ended() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.tell(&office.people(3).await?, "a", "1 hour").await?;
    let (lease, taken) = office.claim(10).await?;
    assert_eq!(taken.len(), 3);
    office
        .finish(lease, &taken[..1], |_| Outcome::Sent { messages: vec![1] })
        .await?;
    assert_eq!(
        notify::outbox_claim(&*office.worker, lease, None).await?,
        taken[1..]
    );
    office.db.shift_clock("61 seconds").await?;
    assert!(
        notify::outbox_claim(&*office.worker, lease, None)
            .await?
            .is_empty()
    );
    let (_, again) = office.claim(10).await?;
    assert_eq!(again.len(), 2, "whoever asks next has them");
    assert!(again.iter().all(|one| one.attempts == 2), "{again:?}");
    Ok(())
}

#[tokio::test]
async fn nothing_due_leaves_nothing_behind() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (lease, taken) = office.claim(10).await?;
    assert!(taken.is_empty());
    assert_eq!(
        office
            .count("select count(*) from notify_data.leases")
            .await?,
        0
    );
    // So a sender that asks again under the same number, because no answer came, is not left without.
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    assert_eq!(
        notify::outbox_claim(&*office.worker, lease, None)
            .await?
            .len(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn one_recipient_hears_things_in_the_order_in_which_they_happened() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    for (key, ago) in [
        ("third", "1 hour"),
        ("first", "3 hours"),
        ("second", "2 hours"),
    ] {
        office.tell(&[person], key, ago).await?;
    }
    let mut heard = Vec::new();
    for minute in 1..=3 {
        let (lease, taken) = office.claim(10).await?;
        assert_eq!(taken.len(), 1, "one at a time: {taken:?}");
        heard.push(taken[0].dedup_key.clone());
        // Nothing more while it is being delivered, however much time has passed.
        office
            .db
            .shift_clock(&format!("{minute} minutes -1 second"))
            .await?;
        office
            .run("update notify_data.queue set due_at = ops.clock_now() + interval '1 minute' where state = 'leased'")
            .await?;
        assert!(office.claim(10).await?.1.is_empty());
        office
            .finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
            .await?;
        office.db.shift_clock(&format!("{minute} minutes")).await?;
    }
    assert_eq!(heard, ["first", "second", "third"]);
    Ok(())
}

#[tokio::test]
async fn what_failed_keeps_the_later_back_and_a_dead_letter_does_not() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    office.tell(&[person], "first", "2 hours").await?;
    office.tell(&[person], "second", "1 hour").await?;
    let (lease, taken) = office.claim(10).await?;
    office
        .finish(lease, &taken, |_| Outcome::Failed {
            error: "no route".into(),
        })
        .await?;
    office.db.shift_clock("2 seconds").await?;
    assert!(office.claim(10).await?.1.is_empty());
    office.db.shift_clock("1 minute").await?;
    let (lease, taken) = office.claim(10).await?;
    assert_eq!(taken[0].dedup_key, "first");
    office
        .finish(lease, &taken, |_| Outcome::Refused {
            error: "bad text".into(),
        })
        .await?;
    office.db.shift_clock("2 minutes").await?;
    let (_, taken) = office.claim(10).await?;
    assert_eq!(taken[0].dedup_key, "second");
    Ok(())
}

#[tokio::test]
async fn answers_to_taps_come_first_and_every_lane_has_its_share() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    // 400 people have something in each of three lanes; ten taps come last of all.
    office
        .run(
            "insert into people_data.users (id, role, display_name, language, created_at, updated_at)
             overriding system value
             select n, 'user', 'Some', 'ru', ops.clock_now(), ops.clock_now() from generate_series(1001, 2210) as n;
             insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
             select 'telegram', n::text, n, ops.clock_now(), ops.clock_now() from generate_series(1001, 2210) as n;
             insert into notify_data.kinds (kind, lane, about) values ('test.tap', 'callback', 'A tap.')",
        )
        .await?;
    let range = |from: i64, to: i64| (from..=to).map(kardan_schema::UserId).collect::<Vec<_>>();
    office
        .tell_as(&range(1001, 1400), "broadcast", "b", "3 hours", "{}")
        .await?;
    office
        .tell_as(&range(1401, 1800), "listing.approved", "n", "2 hours", "{}")
        .await?;
    office
        .tell_as(&range(1801, 2200), "raw", "r", "1 hour", "{}")
        .await?;
    office
        .tell_as(&range(2201, 2210), "test.tap", "t", "1 minute", "{}")
        .await?;
    let (_, taken) = office.claim(12).await?;
    assert_eq!(
        taken
            .iter()
            .filter(|one| one.lane == Lane::Callback)
            .count(),
        10
    );
    let mut shares: BTreeMap<String, usize> = BTreeMap::new();
    // One at a time as well as in batches: the draw is what makes the shares, not the size.
    for round in 0..130 {
        for one in office.claim(if round % 2 == 0 { 1 } else { 4 }).await?.1 {
            *shares.entry(one.lane.to_string()).or_default() += 1;
        }
    }
    // Weights 8, 4 and 1 of 325: 200, 100 and 25 are expected.
    assert!(
        shares["reply"] > shares["notice"] && shares["notice"] > shares["broadcast"],
        "{shares:?}"
    );
    assert!(shares["broadcast"] >= 4, "nothing starves: {shares:?}");
    assert!(shares["broadcast"] <= 60, "{shares:?}");
    Ok(())
}

#[tokio::test]
async fn no_more_than_so_many_are_taken_within_a_second_by_all_together() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 5).await?;
    office
        .tell(&office.people(12).await?, "a", "1 hour")
        .await?;
    office.freeze().await?;
    assert_eq!(office.claim(3).await?.1.len(), 3);
    assert_eq!(office.claim(100).await?.1.len(), 2);
    assert_eq!(office.claim(100).await?.1.len(), 0);
    office.shift_frozen("999 milliseconds").await?;
    assert_eq!(office.claim(100).await?.1.len(), 0);
    office.shift_frozen("1 second").await?;
    assert_eq!(office.claim(100).await?.1.len(), 5);
    Ok(())
}

#[tokio::test]
async fn two_senders_at_one_moment_do_not_pass_the_limit_of_a_second() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 5).await?;
    office
        .tell(&office.people(12).await?, "a", "1 hour")
        .await?;
    let mut first = office.db.as_role("kardan_worker").await?;
    let second = office.db.as_role("kardan_worker").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    assert_eq!(
        notify::outbox_claim(&tx, Uuid::now_v7(), Some(4))
            .await?
            .len(),
        4
    );
    let waiting =
        tokio::spawn(async move { notify::outbox_claim(&*second, Uuid::now_v7(), Some(4)).await });
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert_eq!(waiting.await??.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_person_and_a_group_are_left_alone_for_a_while_after_each_message() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let person = office.person().await?;
    office.tell(&[person], "a", "2 hours").await?;
    office.tell(&[person], "b", "1 hour").await?;
    for key in ["a", "b"] {
        office
            .run(&format!(
                "select notify.post(-100, 'raw', '{key}', date_trunc('day', ops.clock_now()), null)"
            ))
            .await?;
    }
    office.freeze().await?;
    let (lease, taken) = office.claim(10).await?;
    assert_eq!(taken.len(), 2, "{taken:?}");
    office
        .finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
        .await?;
    let mut chats = Vec::new();
    for later in [
        "900 milliseconds",
        "1 second",
        "2900 milliseconds",
        "3 seconds",
    ] {
        office.shift_frozen(later).await?;
        chats.push(
            office
                .claim(10)
                .await?
                .1
                .iter()
                .map(|one| one.user_id)
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(chats, [vec![], vec![Some(person)], vec![], vec![None]]);
    Ok(())
}

#[tokio::test]
async fn one_person_hears_one_thing_at_a_time_the_most_urgent_first() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    office.tell(&[person], "notice", "2 hours").await?;
    office
        .tell_as(&[person], "raw", "reply", "1 hour", "{}")
        .await?;
    let (_, taken) = office.claim(10).await?;
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].dedup_key, "reply");
    Ok(())
}

#[tokio::test]
async fn a_crowd_that_may_not_be_sent_keeps_nobody_else_waiting() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for number in 0..60 {
        office
            .run(&format!("select notify.post(-100, 'raw', 'k{number}', date_trunc('day', ops.clock_now()), null)"))
            .await?;
    }
    office
        .run("select notify.post(-200, 'raw', 'k', date_trunc('day', ops.clock_now()), null)")
        .await?;
    let mut claims = 0;
    loop {
        claims += 1;
        let (_, taken) = office.claim(10).await?;
        if taken.iter().any(|one| one.chat_id == -200) {
            break;
        }
        assert!(claims < 10, "the other channel is never reached");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_cannot_be_reached_any_more_is_closed_and_not_sent() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(3).await?;
    office.tell(&people, "a", "1 hour").await?;
    office
        .run(&format!(
            "update people_data.identities set unreachable_at = ops.clock_now() where user_id = {};
             delete from people_data.identities where user_id = {}",
            people[0], people[1]
        ))
        .await?;
    let (_, taken) = office.claim(10).await?;
    assert_eq!(
        taken.iter().map(|one| one.user_id).collect::<Vec<_>>(),
        [Some(people[2])]
    );
    assert_eq!(
        office.outcomes("a").await?,
        ["unreachable", "no_telegram", "leased"]
    );
    Ok(())
}

#[tokio::test]
async fn what_nobody_answered_for_often_enough_is_a_dead_letter_and_stops_nobody()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.attempts", 2).await?;
    let people = office.people(2).await?;
    office.tell(&people[..1], "poison", "2 hours").await?;
    for minutes in [2, 4] {
        assert_eq!(office.claim(10).await?.1.len(), 1);
        office.db.shift_clock(&format!("{minutes} minutes")).await?;
    }
    office.tell(&people, "good", "1 hour").await?;
    let mut heard = BTreeSet::new();
    for minutes in [6, 8] {
        heard.extend(
            office
                .claim(10)
                .await?
                .1
                .iter()
                .map(|one| (one.dedup_key.clone(), one.user_id)),
        );
        office.db.shift_clock(&format!("{minutes} minutes")).await?;
    }
    assert_eq!(
        heard,
        people
            .iter()
            .map(|one| ("good".to_owned(), Some(*one)))
            .collect()
    );
    assert_eq!(office.outcomes("poison").await?, ["dead"]);
    Ok(())
}

#[tokio::test]
async fn what_waited_too_long_is_a_dead_letter() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    office.db.shift_clock("15 days").await?;
    assert!(office.claim(10).await?.1.is_empty());
    assert_eq!(office.outcomes("a").await?, ["dead"]);
    Ok(())
}

#[tokio::test]
async fn two_senders_never_take_the_same_and_do_not_wait_for_each_other() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    office
        .tell(&office.people(20).await?, "a", "1 hour")
        .await?;
    let mut first = office.db.as_role("kardan_worker").await?;
    let tx = first.transaction().await?;
    let mine = notify::outbox_claim(&tx, Uuid::now_v7(), Some(7)).await?;
    office
        .worker
        .batch_execute("set lock_timeout = '5s'")
        .await?;
    let (_, others) = office.claim(100).await?;
    tx.commit().await?;
    let (_, rest) = office.claim(100).await?;
    let all: BTreeSet<i64> = mine
        .iter()
        .chain(&others)
        .chain(&rest)
        .map(|one| one.notice_id.0)
        .collect();
    assert_eq!(mine.len() + others.len() + rest.len(), 20);
    assert_eq!(all.len(), 20);
    Ok(())
}

#[tokio::test]
async fn of_two_senders_that_see_one_recipient_at_one_moment_one_takes_it() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    let person = office.person().await?;
    office.tell(&[person], "late", "1 hour").await?;
    let mut first = office.db.as_role("kardan_worker").await?;
    let second = office.db.as_role("kardan_worker").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    assert_eq!(
        notify::outbox_claim(&tx, Uuid::now_v7(), None).await?.len(),
        1
    );
    // An older event of the same person comes to be known meanwhile: the second sender cannot see yet what the first took.
    office.tell(&[person], "early", "2 hours").await?;
    let waiting =
        tokio::spawn(async move { notify::outbox_claim(&*second, Uuid::now_v7(), None).await });
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert!(waiting.await??.is_empty());
    Ok(())
}

#[tokio::test]
async fn only_senders_take_anything() -> anyhow::Result<()> {
    let office = Office::open().await?;
    // The bot and the worker send.
    for role in ["kardan_api", "kardan_admin", "kardan_maintenance"] {
        let session = office.db.as_role(role).await?;
        let taken = notify::outbox_claim(&*session, Uuid::now_v7(), None).await;
        assert!(format!("{taken:?}").contains("42501"), "{role}: {taken:?}");
        let told = notify::outbox_finish(&*session, Uuid::now_v7(), &Delivery::list(&[])).await;
        assert!(format!("{told:?}").contains("42501"), "{role}: {told:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_claim_reads_the_queue_by_its_indexes_and_few_partitions_of_the_history()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    office.crowd(4_000).await?;
    office
        .run(
            "insert into notify_data.holds (recipient, until)
             select n, ops.clock_now() from generate_series(1001, 5000) as n;
             analyze notify_data.holds",
        )
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let plans = Explained::run(
            &office.db,
            mode,
            &format!("select notify.outbox_claim('{}', 100)", Uuid::now_v7()),
        )
        .await?;
        plans.assert_index("queue_due_idx");
        plans.assert_index("queue_recipient_idx");
        plans.assert_index("queue_lease_idx");
        plans.assert_no_full_scan("queue");
        plans.assert_no_full_scan("holds");
        plans.assert_no_full_scan("users");
        plans.assert_no_full_scan("identities");
        let read = plans.partitions("outbox");
        assert!(read.len() <= 1, "{mode:?}: {read:?}\n{plans}");
    }
    Ok(())
}
