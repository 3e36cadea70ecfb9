//! Saying something beneath a listing.

use kardan_schema::market::{MessagePost, chat_read, message_post};
use kardan_schema::{ChatSource, ListingId, MessageState, Reason, Status, UserId};
use kardan_testdb::ListingFixture;
use uuid::Uuid;

use super::Room;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn what_is_said_is_seen_by_everybody_with_who_said_it() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let first = room.say(room.buyer, "  Подойдёт на Весту? ").await?;
    assert_eq!(
        (first.text.as_str(), first.state),
        ("Подойдёт на Весту?", MessageState::Visible)
    );
    assert!(!first.is_seller);
    let answer = MessagePost {
        reply_to: Some(first.message_id),
        source: ChatSource::Web,
        ..room.message(room.seller, "Да")
    };
    let answer = message_post(&*room.api, &answer).await?;
    assert_eq!(
        (answer.is_seller, answer.reply_to),
        (true, Some(first.message_id))
    );
    assert_eq!(room.seen().await?, ["Подойдёт на Весту?", "Да"]);
    // The number holds the time.
    let apart = room
        .number(&format!(
            "select count(*) from market_data.chat_messages as m
             where ops_data.uuid_v7_time(m.id) = date_trunc('milliseconds', m.sent_at) and m.listing_id = {}",
            room.listing
        ))
        .await?;
    assert_eq!(apart, 2);
    Ok(())
}

#[tokio::test]
async fn each_rule_has_its_own_refusal() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let good = room.message(room.buyer, "Есть?");
    let draft = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let draft = room.db.listing(room.seller, &draft).await?;
    let elsewhere = room
        .db
        .listing(room.seller, &ListingFixture::default())
        .await?;
    let other = MessagePost {
        listing: elsewhere,
        ..good.clone()
    };
    let other = message_post(&*room.api, &other).await?.message_id;
    let cases = [
        (
            MessagePost {
                text: " ".to_owned(),
                ..good.clone()
            },
            Reason::ChatMessageTextLength,
        ),
        (
            MessagePost {
                text: "я".repeat(4097),
                ..good.clone()
            },
            Reason::ChatMessageTextLength,
        ),
        (
            MessagePost {
                text: "Пишите +7 912 345-67-89".to_owned(),
                ..good.clone()
            },
            Reason::TextContact,
        ),
        (
            MessagePost {
                source: ChatSource::Telegram,
                ..good.clone()
            },
            Reason::ChatMessageSourceKnown,
        ),
        (
            MessagePost {
                reply_to: Some(Uuid::nil()),
                ..good.clone()
            },
            Reason::ChatReplyUnknown,
        ),
        (
            MessagePost {
                reply_to: Some(other),
                ..good.clone()
            },
            Reason::ChatReplyUnknown,
        ),
        (
            MessagePost {
                listing: draft,
                ..good.clone()
            },
            Reason::ListingUnknown,
        ),
        (
            MessagePost {
                listing: ListingId(-1),
                ..good.clone()
            },
            Reason::ListingUnknown,
        ),
        (
            MessagePost {
                actor: UserId(-1),
                ..good.clone()
            },
            Reason::ActorUnknown,
        ),
    ];
    for (message, expected) in cases {
        let answer = message_post(&*room.api, &message).await;
        assert_eq!(reason(answer), expected, "{message:?}");
    }
    room.run(
        "insert into market_data.forbidden_words (word, form, added_by, created_at)
              select 'барахло', 'stem', min(u.id), ops.clock_now() from people_data.users as u",
    )
    .await?;
    let rude = room.say(room.buyer, "Это б.а.р.а.х.л.о").await;
    assert_eq!(reason(rude), Reason::TextForbiddenWord);
    room.block(room.buyer).await?;
    assert_eq!(
        reason(room.say(room.buyer, "Есть?").await),
        Reason::ActorBlocked
    );
    assert!(room.seen().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_flood_is_refused_with_the_seconds_left() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.run("update ops_data.settings set value = '2' where key = 'chat.minute_count'")
        .await?;
    for text in ["Раз", "Два"] {
        room.say(room.buyer, text).await?;
    }
    let third = room.say(room.buyer, "Три").await.unwrap_err();
    assert_eq!(third.reason(), Some(Reason::ChatLimit));
    room.say(room.seller, "Я здесь").await?;
    room.db.shift_clock("61 seconds").await?;
    room.say(room.buyer, "Три").await?;
    Ok(())
}

#[tokio::test]
async fn a_busy_chat_is_one_notice_to_the_seller_until_somebody_reads_it() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let told = async || anyhow::Ok(room.told(room.seller, "chat.message").await?.len());
    room.say(room.buyer, "Есть?").await?;
    let first = room.told(room.seller, "chat.message").await?;
    assert_eq!(first[0]["text"], "Есть?");
    assert_eq!(first[0]["user_id"], room.buyer.0);
    for text in ["Ау", "Почём?"] {
        room.say(room.buyer, text).await?;
    }
    assert_eq!(told().await?, 1);
    chat_read(&*room.api, room.seller, room.listing).await?;
    room.say(room.buyer, "А скидка?").await?;
    assert_eq!(told().await?, 2);
    // What the seller says is a sign of having read.
    room.say(room.seller, "Нет").await?;
    room.say(room.buyer, "Жаль").await?;
    assert_eq!(told().await?, 3);
    room.say(room.buyer, "Очень").await?;
    assert_eq!(told().await?, 3);
    room.db.shift_clock("61 minutes").await?;
    room.say(room.buyer, "Беру").await?;
    assert_eq!(told().await?, 4);
    let stranger = chat_read(&*room.api, room.buyer, room.listing).await;
    assert_eq!(reason(stranger), Reason::ListingNotYours);
    Ok(())
}

#[tokio::test]
async fn whoever_is_answered_is_told_once_and_everybody_concerned_hears_the_event()
-> anyhow::Result<()> {
    let room = Room::open().await?;
    let first = room.say(room.buyer, "Есть?").await?;
    let answer = MessagePost {
        reply_to: Some(first.message_id),
        ..room.message(room.seller, "Есть")
    };
    message_post(&*room.api, &answer).await?;
    assert_eq!(room.told(room.buyer, "chat.reply").await?.len(), 1);
    // Who answers themselves hears nothing.
    let own = MessagePost {
        actor: room.buyer,
        ..answer
    };
    message_post(&*room.api, &own).await?;
    assert_eq!(room.told(room.buyer, "chat.reply").await?.len(), 1);
    let events = "select count(*) from notify_data.events as e where e.type = 'chat.message'";
    assert_eq!(room.number(events).await?, 5);
    Ok(())
}

#[tokio::test]
async fn two_messages_at_one_moment_come_one_after_the_other() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.say(room.seller, "Пишите").await?;
    let mut first = room.db.as_role("kardan_api").await?;
    let second = room.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    message_post(&tx, &room.message(room.buyer, "Раз")).await?;
    let message = room.message(room.moderator, "Два");
    let waiting = tokio::spawn(async move { message_post(&*second, &message).await });
    until_blocked(&room.db, process).await?;
    tx.commit().await?;
    waiting.await??;
    assert_eq!(room.seen().await?.len(), 3);
    assert_eq!(room.told(room.seller, "chat.message").await?.len(), 1);
    Ok(())
}
