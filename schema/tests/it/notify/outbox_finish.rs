//! What became of what was taken: sent, later, never, and what a repeated or late answer does.

use kardan_schema::Reason;
use kardan_schema::notify::{self, Delivery, Outcome, Settled};
use serde_json::json;
use uuid::Uuid;

use super::Office;
use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};
use crate::support::reason;

fn words(settled: &[Settled]) -> Vec<&str> {
    settled.iter().map(|one| one.outcome.as_str()).collect()
}

fn sent(message: i64) -> Outcome {
    Outcome::Sent {
        messages: vec![message],
    }
}

#[tokio::test]
async fn what_was_sent_leaves_the_queue_and_the_numbers_of_its_messages_are_kept()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    let (lease, taken) = office.claim(10).await?;
    assert_eq!(
        words(&office.finish(lease, &taken, |_| sent(77)).await?),
        ["sent"]
    );
    assert_eq!(office.outcomes("a").await?, ["sent"]);
    assert_eq!(
        office
            .count("select count(*) from notify_data.queue")
            .await?,
        0
    );
    let kept: serde_json::Value = office
        .owner
        .query_one(
            "select o.result from notify_data.outbox as o where o.done_at is not null",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(kept, json!({"messages": [77]}));
    // The answer was lost, so it is given again.
    assert_eq!(
        words(&office.finish(lease, &taken, |_| sent(77)).await?),
        ["known"]
    );
    Ok(())
}

#[tokio::test]
async fn what_was_sent_twice_is_told_to_the_second_sender_who_deletes_it() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    let (first, taken) = office.claim(10).await?;
    office.db.shift_clock("61 seconds").await?;
    let (second, again) = office.claim(10).await?;
    assert_eq!(taken[0].notice_id, again[0].notice_id);
    assert_eq!(
        words(&office.finish(first, &taken, |_| sent(1)).await?),
        ["sent"],
        "late, and true all the same"
    );
    assert_eq!(
        words(&office.finish(second, &again, |_| sent(2)).await?),
        ["duplicate"]
    );
    assert_eq!(
        words(&office.finish(second, &again, |_| sent(2)).await?),
        ["duplicate"]
    );
    let kept = "select (o.result -> 'messages' ->> 0)::bigint from notify_data.outbox as o";
    assert_eq!(office.count(kept).await?, 1);
    Ok(())
}

#[tokio::test]
async fn what_failed_is_tried_again_later_each_time_and_given_up_in_the_end() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    office.set("outbox.attempts", 4).await?;
    office.set("outbox.retry_ceiling_seconds", 15).await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    office.freeze().await?;
    let mut waits = Vec::new();
    for minutes in 1..=4 {
        let (lease, taken) = office.claim(10).await?;
        assert_eq!(taken[0].attempts, minutes);
        let told = office
            .finish(lease, &taken, |_| Outcome::Failed {
                error: "timed out".into(),
            })
            .await?;
        let again = office
            .finish(lease, &taken, |_| Outcome::Failed {
                error: "timed out".into(),
            })
            .await?;
        assert_eq!(words(&again), ["known"], "the repeat counts as nothing");
        waits.push((
            told[0].outcome.clone(),
            office.count("select coalesce(floor(extract(epoch from nullif(q.due_at, 'infinity') - ops.clock_now())), -1)::bigint from notify_data.queue as q").await?,
        ));
        office.shift_frozen(&format!("{minutes} minutes")).await?;
    }
    let [first, second, third, last] = waits.as_slice() else {
        panic!("{waits:?}")
    };
    assert!(
        first.0 == "waiting" && (5..=6).contains(&first.1),
        "{waits:?}"
    );
    assert!(
        second.0 == "waiting" && (10..=12).contains(&second.1),
        "{waits:?}"
    );
    assert!(
        third.0 == "waiting" && (15..=18).contains(&third.1),
        "the ceiling: {waits:?}"
    );
    assert_eq!((last.0.as_str(), last.1), ("dead", -1));
    let error: String = office
        .owner
        .query_one("select q.error from notify_data.queue as q", &[])
        .await?
        .get(0);
    assert_eq!(error, "timed out");
    Ok(())
}

#[tokio::test]
async fn what_failed_together_does_not_come_back_together() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .tell(&office.people(20).await?, "a", "1 hour")
        .await?;
    let (lease, taken) = office.claim(20).await?;
    office
        .finish(lease, &taken, |_| Outcome::Failed {
            error: "down".into(),
        })
        .await?;
    assert!(
        office
            .count("select count(distinct q.due_at) from notify_data.queue as q")
            .await?
            > 10
    );
    Ok(())
}

#[tokio::test]
async fn a_postponement_counts_as_no_attempt_and_holds_its_recipient_only() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(2).await?;
    office.tell(&people[..1], "a", "2 hours").await?;
    office.freeze().await?;
    let (lease, taken) = office.claim(10).await?;
    let told = office
        .finish(lease, &taken, |_| Outcome::Postponed { seconds: 30 })
        .await?;
    assert_eq!(words(&told), ["waiting"]);
    // Another lane of that person waits as well; other people do not, and neither does an answer to a tap.
    office
        .tell_as(&people[..1], "raw", "b", "1 hour", "{}")
        .await?;
    office.tell(&people[1..], "c", "1 hour").await?;
    office
        .run("insert into notify_data.kinds (kind, lane, about) values ('test.tap', 'callback', 'A tap.')")
        .await?;
    office
        .tell_as(&people[..1], "test.tap", "d", "1 hour", "{}")
        .await?;
    let keys = |taken: Vec<notify::Parcel>| {
        taken
            .into_iter()
            .map(|one| one.dedup_key)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(office.claim(10).await?.1), ["d", "c"]);
    office.shift_frozen("29 seconds").await?;
    assert!(office.claim(10).await?.1.is_empty());
    office.shift_frozen("40 seconds").await?;
    assert_eq!(keys(office.claim(10).await?.1), ["b"]);
    office.shift_frozen("50 seconds").await?;
    let (_, taken) = office.claim(10).await?;
    assert_eq!(
        (taken[0].dedup_key.as_str(), taken[0].attempts),
        ("a", 1),
        "{taken:?}"
    );
    Ok(())
}

#[tokio::test]
async fn when_telegram_wants_to_be_left_alone_nobody_sends_anything() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(3).await?;
    office.tell(&people, "a", "2 hours").await?;
    office.freeze().await?;
    let (lease, taken) = office.claim(1).await?;
    office
        .finish(lease, &taken, |_| Outcome::PostponedAll { seconds: 30 })
        .await?;
    for limit in [25, 0] {
        office.set("outbox.per_second", limit).await?;
        office.shift_frozen("29 seconds").await?;
        assert!(office.claim(10).await?.1.is_empty(), "limit {limit}");
    }
    office.shift_frozen("31 seconds").await?;
    assert_eq!(office.claim(10).await?.1.len(), 3);
    Ok(())
}

#[tokio::test]
async fn an_album_counts_as_all_its_messages() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for key in ["a", "b"] {
        office
            .run(&format!(
                "select notify.post(-100, 'raw', '{key}', date_trunc('day', ops.clock_now()), null)"
            ))
            .await?;
    }
    office.freeze().await?;
    let (lease, taken) = office.claim(10).await?;
    office
        .finish(lease, &taken, |_| Outcome::Sent {
            messages: (1..=10).collect(),
        })
        .await?;
    office.shift_frozen("29 seconds").await?;
    assert!(office.claim(10).await?.1.is_empty());
    office.shift_frozen("31 seconds").await?;
    assert_eq!(office.claim(10).await?.1.len(), 1);
    Ok(())
}

#[tokio::test]
async fn who_has_blocked_the_bot_is_noted_and_what_waits_for_them_is_closed() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let people = office.people(2).await?;
    office.tell(&people, "a", "2 hours").await?;
    office.tell(&people, "b", "1 hour").await?;
    let (lease, taken) = office.claim(10).await?;
    let told = office
        .finish(lease, &taken, |one| {
            if one.user_id == Some(people[0]) {
                Outcome::Unreachable
            } else {
                sent(1)
            }
        })
        .await?;
    assert_eq!(told.len(), 2);
    assert_eq!(office.outcomes("a").await?, ["unreachable", "sent"]);
    assert_eq!(office.outcomes("b").await?, ["unreachable", "waiting"]);
    office.tell(&people[..1], "c", "1 hour").await?;
    assert_eq!(office.outcomes("c").await?, ["unreachable"]);
    // Until they start the bot again.
    let bot = office.db.as_role("kardan_bot").await?;
    let start = kardan_schema::people::UserStart {
        telegram_id: people[0].0 + 1000,
        username: None,
        first_name: "Anna".to_owned(),
        last_name: None,
        photo_url: None,
        language_code: None,
    };
    assert_eq!(
        kardan_schema::people::user_start(&*bot, &start)
            .await?
            .user_id,
        people[0]
    );
    office.tell(&people[..1], "d", "1 hour").await?;
    assert_eq!(office.outcomes("d").await?, ["waiting"]);
    Ok(())
}

#[tokio::test]
async fn a_channel_that_throws_the_bot_out_is_a_dead_letter() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .run("select notify.post(-100, 'raw', 'a', date_trunc('day', ops.clock_now()), null)")
        .await?;
    let (lease, taken) = office.claim(10).await?;
    assert_eq!(
        words(
            &office
                .finish(lease, &taken, |_| Outcome::Unreachable)
                .await?
        ),
        ["dead"]
    );
    Ok(())
}

#[tokio::test]
async fn an_answer_whose_lease_has_gone_to_another_changes_nothing_unless_it_was_sent()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    let (first, taken) = office.claim(10).await?;
    office.db.shift_clock("61 seconds").await?;
    let (second, _) = office.claim(10).await?;
    for outcome in [
        Outcome::Refused { error: "x".into() },
        Outcome::Failed { error: "x".into() },
        Outcome::Postponed { seconds: 5 },
        Outcome::Unreachable,
    ] {
        assert_eq!(
            words(&office.finish(first, &taken, |_| outcome.clone()).await?),
            ["known"]
        );
    }
    assert_eq!(office.outcomes("a").await?, ["leased"]);
    assert_eq!(
        notify::outbox_claim(&*office.worker, second, None)
            .await?
            .len(),
        1,
        "the second has it still"
    );
    Ok(())
}

#[tokio::test]
async fn one_bad_answer_spoils_no_other() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.tell(&office.people(3).await?, "a", "1 hour").await?;
    let (lease, taken) = office.claim(10).await?;
    let told = office
        .finish(lease, &taken, |one| match one.notice_id {
            id if id == taken[0].notice_id => Outcome::Refused {
                error: "x\0".repeat(3000),
            },
            id if id == taken[1].notice_id => Outcome::Postponed { seconds: i32::MIN },
            _ => sent(1),
        })
        .await?;
    let mut found = words(&told);
    found.sort_unstable();
    assert_eq!(found, ["dead", "sent", "waiting"]);
    // As no sender of ours would write it.
    let odd = json!([
        {"notice_id": taken[1].notice_id, "event_at": taken[1].event_at},
        {"notice_id": 9_999_999, "event_at": taken[1].event_at, "outcome": "sent"},
    ]);
    let told = notify::outbox_finish(&*office.worker, lease, &odd).await?;
    assert_eq!(words(&told), ["known", "unknown"]);
    Ok(())
}

#[tokio::test]
async fn more_answers_than_a_thousand_are_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let many = |count: usize| json!(vec![json!({"notice_id": 1, "outcome": "sent"}); count]);
    let lease = Uuid::now_v7();
    assert!(
        notify::outbox_finish(&*office.worker, lease, &many(1000))
            .await
            .is_ok()
    );
    assert_eq!(
        reason(notify::outbox_finish(&*office.worker, lease, &many(1001)).await),
        Reason::OutboxResultsCount
    );
    for odd in [json!(null), json!({}), json!("x")] {
        let told = notify::outbox_finish(&*office.worker, lease, &odd).await;
        assert_eq!(reason(told), Reason::OutboxResultsCount, "{odd}");
    }
    assert!(
        notify::outbox_finish(&*office.worker, lease, &json!([]))
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn of_the_same_answer_given_twice_at_one_moment_one_counts() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    let (lease, taken) = office.claim(10).await?;
    let answers = Delivery::list(&[Delivery {
        notice_id: taken[0].notice_id,
        event_at: taken[0].event_at,
        outcome: Outcome::Failed { error: "x".into() },
    }]);
    let mut first = office.db.as_role("kardan_worker").await?;
    let second = office.db.as_role("kardan_worker").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    assert_eq!(
        words(&notify::outbox_finish(&tx, lease, &answers).await?),
        ["waiting"]
    );
    let repeat = answers.clone();
    let waiting =
        tokio::spawn(async move { notify::outbox_finish(&*second, lease, &repeat).await });
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert_eq!(words(&waiting.await??), ["known"]);
    Ok(())
}

#[tokio::test]
async fn answers_change_few_partitions_and_find_rows_by_their_numbers() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.per_second", 0).await?;
    office.crowd(4_000).await?;
    let (lease, taken) = office.claim(100).await?;
    let answers = |outcome: fn(usize) -> Outcome| {
        let list: Vec<_> = taken
            .iter()
            .enumerate()
            .map(|(number, one)| Delivery {
                notice_id: one.notice_id,
                event_at: one.event_at,
                outcome: outcome(number),
            })
            .collect();
        format!(
            "select notify.outbox_finish('{lease}', '{}')",
            Delivery::list(&list)
        )
    };
    for (mode, statement) in [
        (
            Mode::Custom,
            answers(|number| {
                if number < 50 {
                    sent(1)
                } else {
                    Outcome::Postponed { seconds: 1 }
                }
            }),
        ),
        (Mode::Generic, answers(|_| sent(1))),
    ] {
        let plans = Explained::run(&office.db, mode, &statement).await?;
        plans.assert_index("queue_pkey");
        plans.assert_no_full_scan("queue");
        let read = plans.partitions("outbox");
        assert!(read.len() <= 1, "{mode:?}: {read:?}\n{plans}");
    }
    Ok(())
}
