//! The same chat in Telegram: what comes from there, what is repeated there, what is deleted there.

use kardan_schema::market::{MessagePost, MessageTake, message_find, message_post, message_take};
use kardan_schema::notify::{self, Delivery, Outcome};
use kardan_schema::{MessageState, Reason};
use uuid::Uuid;

use super::{GROUP, ROOT, Room};
use crate::support::reason;

impl Room {
    /// A sender delivers all that waits; each becomes the message with the number of the notice.
    async fn deliver(&self) -> anyhow::Result<()> {
        let worker = self.db.as_role("kardan_worker").await?;
        loop {
            self.run(
                "delete from notify_data.holds where recipient <> 0; delete from notify_data.leases;
                 update notify_data.queue set due_at = '-infinity' where state = 'waiting'",
            )
            .await?;
            let lease = Uuid::now_v7();
            let taken = notify::outbox_claim(&*worker, lease, Some(100)).await?;
            if taken.is_empty() {
                return Ok(());
            }
            let sent = |one: &notify::Parcel| Delivery {
                notice_id: one.notice_id,
                event_at: one.event_at,
                outcome: Outcome::Sent {
                    messages: vec![one.notice_id.0],
                },
            };
            let answers: Vec<_> = taken.iter().map(sent).collect();
            notify::outbox_finish(&*worker, lease, &Delivery::list(&answers)).await?;
        }
    }

    /// The copies of a message in Telegram: group and number.
    async fn copies(&self, message: Uuid) -> anyhow::Result<Vec<(i64, i64)>> {
        let rows = self
            .root
            .query(
                "select c.chat_id, c.telegram_message_id from market_data.chat_copies as c
                 where c.message_id = $1 order by c.chat_id desc",
                &[&message],
            )
            .await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }
}

#[tokio::test]
async fn a_message_of_telegram_is_taken_once_however_often_it_comes() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let take = room.telegram(10, "Почём?").await?;
    let first = message_take(&*room.bot, &take).await?.unwrap();
    assert!(first.is_new);
    for _ in 0..2 {
        let again = message_take(&*room.bot, &take).await?.unwrap();
        assert_eq!((again.message_id, again.is_new), (first.message_id, false));
    }
    assert_eq!(room.seen().await?, ["Почём?"]);
    let row = room.page(None, 1, None).await?[0].clone();
    assert_eq!((row.author_id, row.author_name.as_str()), (None, "Пётр"));
    assert_eq!(room.told(room.seller, "chat.message").await?.len(), 1);
    // It is there already, so it is not repeated there.
    assert!(room.queued("chat.mirror").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn somebody_with_an_account_is_that_person_in_telegram_too() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    room.run(&format!(
        "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
         values ('telegram', '4242', {}, ops.clock_now(), ops.clock_now())",
        room.seller
    ))
    .await?;
    room.take(10, "Это я").await?;
    let row = room.page(None, 1, None).await?[0].clone();
    assert_eq!((row.author_id, row.is_seller), (Some(room.seller), true));
    Ok(())
}

#[tokio::test]
async fn what_is_said_on_the_site_is_repeated_in_every_group_and_answers_come_back()
-> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    room.thread(-2001, -2002, 900).await?;
    let first = room.say(room.buyer, "Есть?").await?.message_id;
    let mirrored = room.queued("chat.mirror").await?;
    let roots: Vec<_> = mirrored
        .iter()
        .map(|(chat, lane, data)| (*chat, lane.as_str(), data["root_message_id"].clone()))
        .collect();
    assert_eq!(
        roots,
        [
            (GROUP, "channel", ROOT.into()),
            (-2002, "channel", 900.into())
        ]
    );
    room.deliver().await?;
    let copies = room.copies(first).await?;
    assert_eq!(copies.len(), 2);
    // Somebody answers the copy in the group: on the site it answers the message.
    let answer = MessageTake {
        reply_message: Some(copies[0].1),
        reply_at: Some(room.telegram(1, "").await?.at),
        ..room.telegram(10, "Есть").await?
    };
    message_take(&*room.bot, &answer).await?;
    let row = room.page(None, 1, None).await?[0].clone();
    assert_eq!(row.reply_to, Some(first));
    assert_eq!(room.told(room.buyer, "chat.reply").await?.len(), 1);
    // The other group has it too, as an answer to its own copy.
    let other = room.queued("chat.mirror").await?[2].clone();
    assert_eq!(
        (other.0, &other.2["reply_to"]),
        (-2002, &copies[1].1.into())
    );
    // And an answer of the site answers the message of Telegram there.
    let back = MessagePost {
        reply_to: Some(row.message_id),
        ..room.message(room.buyer, "Спасибо")
    };
    message_post(&*room.api, &back).await?;
    let back = room.queued("chat.mirror").await?[3].clone();
    assert_eq!((back.0, &back.2["reply_to"]), (GROUP, &10.into()));
    Ok(())
}

#[tokio::test]
async fn a_deleted_message_is_deleted_wherever_it_stands_in_telegram() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let message = room.say(room.buyer, "Ой").await?.message_id;
    room.deliver().await?;
    let copy = room.copies(message).await?[0].1;
    for _ in 0..2 {
        room.delete(room.buyer, message).await?;
    }
    let deleted = room.queued("chat.delete").await?;
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0].2["message_ids"], serde_json::json!([copy]));
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_deleted_before_it_is_repeated_is_not_repeated() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let message = room.say(room.buyer, "Ой").await?.message_id;
    room.delete(room.buyer, message).await?;
    room.deliver().await?;
    assert!(room.copies(message).await?.is_empty());
    let closed = "select count(*) from notify_data.outbox as o where o.outcome = 'cancelled'";
    assert_eq!(room.number(closed).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_copy_that_a_sender_was_sending_meanwhile_is_deleted_when_it_answers()
-> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let message = room.say(room.buyer, "Ой").await?.message_id;
    let worker = room.db.as_role("kardan_worker").await?;
    let lease = Uuid::now_v7();
    let taken = notify::outbox_claim(&*worker, lease, Some(10)).await?;
    let mirror = taken.iter().find(|one| one.kind == "chat.mirror").unwrap();
    room.delete(room.buyer, message).await?;
    let answer = Delivery {
        notice_id: mirror.notice_id,
        event_at: mirror.event_at,
        outcome: Outcome::Sent { messages: vec![99] },
    };
    notify::outbox_finish(&*worker, lease, &Delivery::list(&[answer])).await?;
    let deleted = room.queued("chat.delete").await?;
    assert_eq!(deleted[0].2["message_ids"], serde_json::json!([99]));
    Ok(())
}

#[tokio::test]
async fn after_two_days_telegram_deletes_nothing_and_the_site_does() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let message = room.take(10, "Старое").await?.message_id;
    room.db.shift_clock("49 hours").await?;
    room.delete(room.moderator, message).await.unwrap_err();
    kardan_schema::market::moderation_message_delete(&*room.api, room.moderator, message, None)
        .await?;
    assert!(room.queued("chat.delete").await?.is_empty());
    assert!(room.seen().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_forbidden_or_comes_from_the_blocked_is_hidden_and_deleted() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let contact = room.take(10, "Звоните +7 912 345-67-89").await?;
    assert_eq!(contact.state, MessageState::Hidden);
    room.run(&format!(
        "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
         values ('telegram', '4242', {}, ops.clock_now(), ops.clock_now())",
        room.buyer
    ))
    .await?;
    room.block(room.buyer).await?;
    room.take(11, "Это снова я").await?;
    let picture = MessageTake {
        telegram_id: 777,
        text: None,
        ..room.telegram(12, "").await?
    };
    let picture = message_take(&*room.bot, &picture).await?.unwrap();
    assert_eq!(picture.state, MessageState::Visible);
    assert_eq!(room.queued("chat.delete").await?.len(), 2);
    assert_eq!(
        room.inside(room.moderator).await?[..2],
        [
            "Звоните +7 912 345-67-89: hidden words",
            "Это снова я: hidden blocked"
        ]
    );
    Ok(())
}

#[tokio::test]
async fn what_hangs_on_no_post_of_ours_is_not_taken() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let early = room.telegram(10, "Рано").await?;
    assert_eq!(message_take(&*room.bot, &early).await?, None);
    // The forward of the post comes later, and the message comes again.
    room.posted().await?;
    assert!(message_take(&*room.bot, &early).await?.unwrap().is_new);
    for other in [
        MessageTake {
            root_message: 1,
            ..early.clone()
        },
        MessageTake {
            chat: -5,
            ..early.clone()
        },
        MessageTake {
            message: 0,
            ..early.clone()
        },
        MessageTake {
            telegram_id: 0,
            ..early.clone()
        },
    ] {
        assert_eq!(message_take(&*room.bot, &other).await?, None, "{other:?}");
    }
    let ancient = MessageTake {
        at: chrono::DateTime::UNIX_EPOCH,
        ..early.clone()
    };
    assert_eq!(
        reason(message_take(&*room.bot, &ancient).await),
        Reason::ChatMessageTimeNear
    );
    let found = message_find(&*room.bot, GROUP, 10, early.at).await?;
    assert!(found.is_some());
    assert_eq!(message_find(&*room.bot, GROUP, 11, early.at).await?, None);
    Ok(())
}
