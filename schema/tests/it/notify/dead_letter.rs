//! What could not be delivered: seen, tried again, given up, by administrators.

use kardan_schema::notify::{self, DeadLetter, DeadLetterList, Outcome};
use kardan_schema::{NoticeId, Reason, Role, UserId};

use super::Office;
use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};
use crate::support::reason;

impl Office {
    /// These people are told something that nobody will ever be able to send.
    async fn die(&self, people: &[UserId], kind: &str, key: &str, ago: &str) -> anyhow::Result<()> {
        self.tell_as(people, kind, key, ago, "{}").await?;
        let (lease, taken) = self.claim(100).await?;
        anyhow::ensure!(taken.len() == people.len(), "{taken:?}");
        self.finish(lease, &taken, |_| Outcome::Refused {
            error: "bad text".into(),
        })
        .await?;
        // Nobody is held for what was never sent.
        self.run("delete from notify_data.holds where recipient <> 0")
            .await
    }

    async fn dead(
        &self,
        actor: UserId,
        kind: Option<&str>,
        limit: i32,
        after: Option<&DeadLetter>,
    ) -> anyhow::Result<Vec<DeadLetter>> {
        let list = DeadLetterList {
            actor,
            kind: kind.map(str::to_owned),
            limit: Some(limit),
            after_at: after.map(|one| one.event_at),
            after_id: after.map(|one| one.notice_id),
        };
        Ok(notify::dead_letter_list(&*self.api, &list).await?)
    }

    async fn acts(&self, action: &str) -> anyhow::Result<i64> {
        self.count(&format!(
            "select count(*) from ops_data.audit as a where a.action = '{action}'"
        ))
        .await
    }
}

#[tokio::test]
async fn dead_letters_are_listed_latest_first_in_pages_and_by_kind() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    let people = office.people(3).await?;
    office
        .die(&people, "listing.approved", "a", "3 hours")
        .await?;
    office
        .die(&people[..1], "listing.rejected", "b", "1 hour")
        .await?;
    office.tell(&people[1..2], "c", "1 hour").await?;
    let all = office.dead(admin, None, 100, None).await?;
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].kind, "listing.rejected");
    assert_eq!((all[0].user_id, all[0].chat_id), (Some(people[0]), None));
    assert_eq!(
        (all[0].attempts, all[0].error.as_deref()),
        (1, Some("bad text"))
    );
    assert!(
        all.windows(2)
            .all(|two| (two[0].event_at, two[0].notice_id) > (two[1].event_at, two[1].notice_id))
    );
    let first = office.dead(admin, None, 3, None).await?;
    let second = office.dead(admin, None, 3, first.last()).await?;
    assert_eq!([first, second].concat(), all);
    assert_eq!(
        office
            .dead(admin, Some("listing.approved"), 100, None)
            .await?,
        all[1..]
    );
    assert_eq!(
        office.dead(admin, None, 0, None).await?.len(),
        1,
        "at least one row"
    );
    let moderator = office.db.person(Role::Moderator).await?;
    let list = DeadLetterList {
        actor: moderator,
        kind: None,
        limit: None,
        after_at: None,
        after_id: None,
    };
    assert_eq!(
        reason(notify::dead_letter_list(&*office.api, &list).await),
        Reason::RoleRequired
    );
    Ok(())
}

#[tokio::test]
async fn a_dead_letter_that_is_tried_again_is_delivered_with_all_its_attempts() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    let person = office.person().await?;
    office
        .die(&[person], "listing.approved", "a", "1 hour")
        .await?;
    let letter = office.dead(admin, None, 1, None).await?[0].notice_id;
    assert!(
        notify::dead_letter_replay(&*office.api, admin, letter)
            .await?
            .replayed
    );
    assert!(
        !notify::dead_letter_replay(&*office.api, admin, letter)
            .await?
            .replayed,
        "it waits already"
    );
    assert_eq!(office.acts("dead_letter.replay").await?, 1);
    let (lease, taken) = office.claim(10).await?;
    assert_eq!((taken[0].notice_id, taken[0].attempts), (letter, 1));
    office
        .finish(lease, &taken, |_| Outcome::Sent { messages: vec![1] })
        .await?;
    assert_eq!(
        reason(notify::dead_letter_replay(&*office.api, admin, letter).await),
        Reason::DeadLetterUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_letter_that_waited_too_long_is_sent_when_it_is_tried_again() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    office
        .tell(&[office.person().await?], "a", "1 hour")
        .await?;
    office.db.shift_clock("15 days").await?;
    assert!(office.claim(10).await?.1.is_empty());
    let letter = office.dead(admin, None, 1, None).await?[0].notice_id;
    notify::dead_letter_replay(&*office.api, admin, letter).await?;
    assert_eq!(office.claim(10).await?.1.len(), 1);
    Ok(())
}

#[tokio::test]
async fn all_of_a_kind_are_tried_again_or_given_up_and_the_others_stay() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    let people = office.people(3).await?;
    office
        .die(&people, "listing.approved", "a", "3 hours")
        .await?;
    office
        .die(&people, "listing.rejected", "b", "2 hours")
        .await?;
    let replay = |kind| notify::dead_letter_replay_all(&*office.api, admin, kind);
    assert_eq!(replay(Some("listing.approved")).await?.replayed_count, 3);
    assert_eq!(replay(Some("listing.approved")).await?.replayed_count, 0);
    assert_eq!(office.acts("dead_letter.replay_all").await?, 1);
    assert_eq!(office.outcomes("a").await?, ["waiting"; 3]);
    assert_eq!(office.outcomes("b").await?, ["dead"; 3]);
    let purge = |kind| notify::dead_letter_purge_all(&*office.api, admin, kind);
    assert_eq!(purge(None).await?.purged_count, 3);
    assert_eq!(purge(None).await?.purged_count, 0);
    assert_eq!(office.acts("dead_letter.purge_all").await?, 1);
    assert_eq!(office.outcomes("b").await?, ["purged"; 3]);
    assert_eq!(
        office.outcomes("a").await?,
        ["waiting"; 3],
        "what waits is no dead letter"
    );
    Ok(())
}

#[tokio::test]
async fn one_is_given_up_once() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    let people = office.people(2).await?;
    office
        .die(&people, "listing.approved", "a", "1 hour")
        .await?;
    let letter = office.dead(admin, None, 1, None).await?[0].notice_id;
    assert!(
        notify::dead_letter_purge(&*office.api, admin, letter)
            .await?
            .purged
    );
    assert!(
        !notify::dead_letter_purge(&*office.api, admin, letter)
            .await?
            .purged
    );
    assert!(
        !notify::dead_letter_purge(&*office.api, admin, NoticeId(1 << 40))
            .await?
            .purged
    );
    assert_eq!(office.acts("dead_letter.purge").await?, 1);
    assert_eq!(office.dead(admin, None, 100, None).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn of_two_administrators_who_try_one_again_at_one_moment_one_does() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    office
        .die(&[office.person().await?], "listing.approved", "a", "1 hour")
        .await?;
    let letter = office.dead(admin, None, 1, None).await?[0].notice_id;
    let mut first = office.db.as_role("kardan_api").await?;
    let second = office.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    assert!(
        notify::dead_letter_replay(&tx, admin, letter)
            .await?
            .replayed
    );
    let waiting =
        tokio::spawn(async move { notify::dead_letter_replay(&*second, admin, letter).await });
    until_blocked(&office.db, process).await?;
    tx.commit().await?;
    assert!(!waiting.await??.replayed);
    assert_eq!(office.acts("dead_letter.replay").await?, 1);
    Ok(())
}

#[tokio::test]
async fn dead_letters_are_read_by_their_own_index() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    office.crowd(3_000).await?;
    office
        .run("update notify_data.queue set state = 'dead', due_at = 'infinity' where id % 100 = 0; analyze notify_data.queue")
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let plans = Explained::run(
            &office.db,
            mode,
            &format!("select notify.dead_letter_list({admin}, null, 20, null, null)"),
        )
        .await?;
        plans.assert_index("queue_dead_idx");
        plans.assert_no_full_scan("queue");
    }
    Ok(())
}

#[tokio::test]
async fn dead_letters_are_counted_by_lane_kind_and_what_went_wrong() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let admin = office.db.person(Role::Admin).await?;
    let people = office.people(3).await?;
    office
        .die(&people, "listing.approved", "a", "3 hours")
        .await?;
    office
        .die(&people[..1], "listing.rejected", "b", "1 hour")
        .await?;
    office
        .run("update notify_data.queue set error = null where kind = 'listing.rejected'")
        .await?;
    let bot = office.db.as_role("kardan_bot").await?;
    let counted: Vec<_> = notify::dead_letter_count(&*bot, admin)
        .await?
        .into_iter()
        .map(|one| (one.lane.to_string(), one.kind, one.error, one.letter_count))
        .collect();
    let line = |kind: &str, error: Option<&str>, count| {
        let error = error.map(str::to_owned);
        ("notice".to_owned(), kind.to_owned(), error, count)
    };
    assert_eq!(
        counted,
        [
            line("listing.approved", Some("bad text"), 3),
            line("listing.rejected", None, 1)
        ]
    );
    let refused = notify::dead_letter_count(&*bot, people[0]).await;
    assert_eq!(reason(refused), Reason::RoleRequired);
    Ok(())
}
