//! Moderators in chats: they see all of them, warn and mute.

use kardan_schema::market::{
    ModerationChatMute, ModerationChatMuteList, ModerationChatWarningList, ModerationChatWatch,
    moderation_chat_mute, moderation_chat_mute_list, moderation_chat_unmute, moderation_chat_warn,
    moderation_chat_warning_list, moderation_chat_watch,
};
use kardan_schema::{MessageState, Reason};
use kardan_testdb::ListingFixture;
use uuid::Uuid;

use super::Room;
use crate::support::reason;

impl Room {
    fn mute(&self, message: Uuid) -> ModerationChatMute {
        ModerationChatMute {
            actor: self.moderator,
            message,
            everywhere: false,
            until: None,
            reason: "Флуд".to_owned(),
        }
    }
}

#[tokio::test]
async fn a_muted_person_says_nothing_here_and_elsewhere_only_if_it_says_so() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let message = room.say(room.buyer, "Раз").await?.message_id;
    let mute = moderation_chat_mute(&*room.api, &room.mute(message)).await?;
    assert_eq!(
        (mute.user_id, mute.listing_id),
        (Some(room.buyer), Some(room.listing))
    );
    assert_eq!(reason(room.say(room.buyer, "Два").await), Reason::ChatMuted);
    assert_eq!(
        room.told(room.buyer, "chat.muted").await?[0]["reason"],
        "Флуд"
    );
    let elsewhere = room
        .db
        .listing(room.seller, &ListingFixture::default())
        .await?;
    let there = kardan_schema::market::MessagePost {
        listing: elsewhere,
        ..room.message(room.buyer, "А здесь можно")
    };
    kardan_schema::market::message_post(&*room.api, &there).await?;
    let wide = ModerationChatMute {
        everywhere: true,
        ..room.mute(message)
    };
    let wide = moderation_chat_mute(&*room.api, &wide).await?;
    let silent = kardan_schema::market::message_post(&*room.api, &there).await;
    assert_eq!(reason(silent), Reason::ChatMuted);
    for one in [mute.mute_id, wide.mute_id, wide.mute_id] {
        moderation_chat_unmute(&*room.api, room.moderator, one).await?;
    }
    assert_eq!(
        (
            room.audited("chat.mute").await?,
            room.audited("chat.unmute").await?
        ),
        (2, 2)
    );
    room.say(room.buyer, "Два").await?;
    let all = ModerationChatMuteList {
        actor: room.moderator,
        user: Some(room.buyer),
        is_open: None,
        limit: None,
        after: None,
    };
    assert_eq!(moderation_chat_mute_list(&*room.api, &all).await?.len(), 2);
    let open = ModerationChatMuteList {
        is_open: Some(true),
        ..all
    };
    assert!(
        moderation_chat_mute_list(&*room.api, &open)
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn a_mute_ends_at_its_time_and_a_new_one_takes_its_place() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let message = room.say(room.buyer, "Раз").await?.message_id;
    moderation_chat_mute(&*room.api, &room.mute(message)).await?;
    let until = room
        .root
        .query_one("select ops.clock_now() + interval '1 hour'", &[])
        .await?
        .get(0);
    let short = ModerationChatMute {
        until: Some(until),
        ..room.mute(message)
    };
    moderation_chat_mute(&*room.api, &short).await?;
    room.db.shift_clock("59 minutes").await?;
    assert_eq!(reason(room.say(room.buyer, "Два").await), Reason::ChatMuted);
    room.db.shift_clock("61 minutes").await?;
    room.say(room.buyer, "Два").await?;
    Ok(())
}

#[tokio::test]
async fn who_mutes_again_in_the_same_words_hears_the_same_and_nobody_is_told_twice()
-> anyhow::Result<()> {
    let room = Room::open().await?;
    let message = room.say(room.buyer, "Раз").await?.message_id;
    let first = moderation_chat_mute(&*room.api, &room.mute(message)).await?;
    assert_eq!(
        moderation_chat_mute(&*room.api, &room.mute(message)).await?,
        first
    );
    assert_eq!(room.told(room.buyer, "chat.muted").await?.len(), 1);
    assert_eq!(room.audited("chat.mute").await?, 1);
    // Lifted, the same words mute again.
    moderation_chat_unmute(&*room.api, room.moderator, first.mute_id).await?;
    let again = moderation_chat_mute(&*room.api, &room.mute(message)).await?;
    assert_ne!(again.mute_id, first.mute_id);
    Ok(())
}

#[tokio::test]
async fn a_stranger_of_telegram_is_muted_and_warned_by_a_message() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    let message = room.take(10, "Раз").await?.message_id;
    let mute = moderation_chat_mute(&*room.api, &room.mute(message)).await?;
    assert_eq!((mute.user_id, mute.telegram_id), (None, Some(4242)));
    let next = room.take(11, "Два").await?;
    assert_eq!(next.state, MessageState::Hidden);
    assert_eq!(room.queued("chat.delete").await?.len(), 1);
    let warned =
        moderation_chat_warn(&*room.api, room.moderator, message, "Не надо".to_owned()).await?;
    assert_eq!((warned.telegram_id, warned.warning_count), (Some(4242), 1));
    Ok(())
}

#[tokio::test]
async fn a_warning_is_counted_and_told_once_a_message() -> anyhow::Result<()> {
    let room = Room::open().await?;
    for count in 1..=2 {
        let message = room.say(room.buyer, "Раз").await?.message_id;
        for _ in 0..2 {
            let warned =
                moderation_chat_warn(&*room.api, room.moderator, message, "Тише".to_owned())
                    .await?;
            assert_eq!(warned.warning_count, count);
        }
    }
    let told = room.told(room.buyer, "chat.warning").await?;
    assert_eq!((told.len(), &told[1]["count"]), (2, &2.into()));
    assert_eq!(room.audited("chat.warn").await?, 2);
    let list = ModerationChatWarningList {
        actor: room.moderator,
        user: Some(room.buyer),
        limit: Some(1),
        after: None,
    };
    let first = moderation_chat_warning_list(&*room.api, &list).await?;
    let rest = ModerationChatWarningList {
        after: Some(first[0].warning_id),
        ..list
    };
    assert_eq!(
        moderation_chat_warning_list(&*room.api, &rest).await?.len(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn moderators_are_left_alone_and_reasons_are_given() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let own = room.say(room.moderator, "Тише").await?.message_id;
    let theirs = room.say(room.buyer, "Раз").await?.message_id;
    let mute = moderation_chat_mute(&*room.api, &room.mute(own)).await;
    assert_eq!(reason(mute), Reason::ModeratorNotMuted);
    let short = ModerationChatMute {
        reason: "x".to_owned(),
        ..room.mute(theirs)
    };
    let short = moderation_chat_mute(&*room.api, &short).await;
    assert_eq!(reason(short), Reason::ChatMuteReasonLength);
    let past = ModerationChatMute {
        until: Some(chrono::DateTime::UNIX_EPOCH),
        ..room.mute(theirs)
    };
    let past = moderation_chat_mute(&*room.api, &past).await;
    assert_eq!(reason(past), Reason::ChatMuteUntilIsLater);
    let none = moderation_chat_mute(&*room.api, &room.mute(Uuid::nil())).await;
    assert_eq!(reason(none), Reason::MessageUnknown);
    let warning = moderation_chat_warn(&*room.api, room.moderator, theirs, "x".to_owned()).await;
    assert_eq!(reason(warning), Reason::ChatWarningReasonLength);
    let role = moderation_chat_warn(&*room.api, room.seller, theirs, "Тише".to_owned()).await;
    assert_eq!(reason(role), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn a_moderator_watches_all_chats_in_every_state() -> anyhow::Result<()> {
    let room = Room::open().await?;
    for n in 0..5 {
        let said = room.say(room.buyer, &format!("Раз {n}")).await?;
        if n == 2 {
            room.delete(room.buyer, said.message_id).await?;
        }
    }
    let list = ModerationChatWatch {
        actor: room.moderator,
        limit: Some(3),
        after_at: None,
        after_id: None,
    };
    let first = moderation_chat_watch(&*room.api, &list).await?;
    assert_eq!(
        first.last().map(|row| row.state),
        Some(MessageState::Deleted)
    );
    let next = ModerationChatWatch {
        after_at: first.last().map(|row| row.sent_at),
        after_id: first.last().map(|row| row.message_id),
        ..list.clone()
    };
    let next = moderation_chat_watch(&*room.api, &next).await?;
    let texts: Vec<_> = first
        .iter()
        .chain(&next)
        .map(|row| row.text.as_str())
        .collect();
    assert_eq!(texts, ["Раз 4", "Раз 3", "Раз 2", "Раз 1", "Раз 0"]);
    let role = ModerationChatWatch {
        actor: room.seller,
        ..list
    };
    assert_eq!(
        reason(moderation_chat_watch(&*room.api, &role).await),
        Reason::RoleRequired
    );
    Ok(())
}
