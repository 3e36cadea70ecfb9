//! Flags of messages: what they do, and what a moderator's decision makes of them.

use kardan_schema::market::{
    MessageFlag, ModerationMessageFlagList, message_flag, moderation_message_delete,
    moderation_message_flag_list, moderation_message_flags_dismiss,
};
use kardan_schema::{FlagOutcome, MessageFlagReason, MessageState, Reason, Role, UserId};
use uuid::Uuid;

use super::Room;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

fn flag(actor: UserId, message: Uuid) -> MessageFlag {
    MessageFlag {
        actor,
        message,
        reason: MessageFlagReason::Rude,
        note: None,
    }
}

impl Room {
    /// People whose accounts are older than a day.
    async fn elders(&self, count: usize) -> anyhow::Result<Vec<UserId>> {
        let mut people = Vec::new();
        for _ in 0..count {
            people.push(self.db.person(Role::User).await?);
        }
        self.run("update people_data.users set created_at = ops.clock_now() - interval '2 days'")
            .await?;
        Ok(people)
    }

    async fn flags(&self, is_open: bool) -> anyhow::Result<Vec<Option<FlagOutcome>>> {
        let list = ModerationMessageFlagList {
            actor: self.moderator,
            message: None,
            is_open: Some(is_open),
            limit: None,
            after: None,
        };
        let rows = moderation_message_flag_list(&*self.api, &list).await?;
        Ok(rows.iter().map(|row| row.outcome).collect())
    }
}

#[tokio::test]
async fn the_third_flag_hides_a_message_until_a_moderator_decides() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let people = room.elders(3).await?;
    let message = room.say(room.buyer, "Гадость").await?.message_id;
    for person in &people {
        assert_eq!(room.seen().await?.len(), 1);
        for _ in 0..2 {
            message_flag(&*room.api, &flag(*person, message)).await?;
        }
    }
    assert!(room.seen().await?.is_empty());
    assert_eq!(
        room.inside(room.moderator).await?,
        ["Гадость: hidden flags"]
    );
    assert_eq!(room.flags(true).await?.len(), 3);
    for _ in 0..2 {
        let back = moderation_message_flags_dismiss(&*room.api, room.moderator, message).await?;
        assert_eq!(back.state, MessageState::Visible);
    }
    assert_eq!(room.audited("chat.flags_dismiss").await?, 1);
    assert!(room.flags(true).await?.is_empty());
    // The same people were heard once.
    for person in &people {
        message_flag(&*room.api, &flag(*person, message)).await?;
    }
    assert_eq!(room.seen().await?.len(), 1);
    moderation_message_delete(&*room.api, room.moderator, message, None).await?;
    assert!(room.flags(true).await?.is_empty());
    let all = room.flags(false).await?;
    let upheld = |one: &&Option<FlagOutcome>| **one == Some(FlagOutcome::Upheld);
    assert_eq!((all.len(), all.iter().filter(upheld).count()), (6, 3));
    Ok(())
}

#[tokio::test]
async fn new_accounts_do_not_help_to_hide_and_nobody_flags_their_own() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let message = room.say(room.buyer, "Есть?").await?.message_id;
    for _ in 0..4 {
        let new = room.db.person(Role::User).await?;
        message_flag(&*room.api, &flag(new, message)).await?;
    }
    assert_eq!(room.seen().await?.len(), 1);
    let own = message_flag(&*room.api, &flag(room.buyer, message)).await;
    assert_eq!(reason(own), Reason::ChatFlagOwn);
    let none = message_flag(&*room.api, &flag(room.seller, Uuid::nil())).await;
    assert_eq!(reason(none), Reason::MessageUnknown);
    let long = MessageFlag {
        note: Some("х".repeat(1001)),
        ..flag(room.seller, message)
    };
    let long = message_flag(&*room.api, &long).await;
    assert_eq!(reason(long), Reason::ChatFlagNoteLength);
    Ok(())
}

#[tokio::test]
async fn a_flood_of_flags_is_refused() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.run("update ops_data.settings set value = '1' where key = 'chat.flag_daily_count'")
        .await?;
    let first = room.say(room.buyer, "Раз").await?.message_id;
    let second = room.say(room.buyer, "Два").await?.message_id;
    message_flag(&*room.api, &flag(room.seller, first)).await?;
    let more = message_flag(&*room.api, &flag(room.seller, second)).await;
    assert_eq!(reason(more), Reason::ChatFlagLimit);
    // Changing one that is there is no other one.
    message_flag(&*room.api, &flag(room.seller, first)).await?;
    Ok(())
}

#[tokio::test]
async fn the_second_and_the_third_flag_at_one_moment_hide_it() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let people = room.elders(3).await?;
    let message = room.say(room.buyer, "Гадость").await?.message_id;
    message_flag(&*room.api, &flag(people[0], message)).await?;
    let mut first = room.db.as_role("kardan_api").await?;
    let second = room.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    message_flag(&tx, &flag(people[1], message)).await?;
    let last = flag(people[2], message);
    let waiting = tokio::spawn(async move { message_flag(&*second, &last).await });
    until_blocked(&room.db, process).await?;
    tx.commit().await?;
    waiting.await??;
    assert!(room.seen().await?.is_empty());
    Ok(())
}
