//! Chats that are off: what comes meanwhile is stored and seen by nobody, now and later.

use kardan_schema::market::{chat_get, chat_switch, moderation_chat_switch};
use kardan_schema::{ListingId, MessageState, Reason};

use super::{GROUP, Room};
use crate::support::reason;

#[tokio::test]
async fn what_comes_while_it_is_off_is_kept_and_hidden_and_stays_so() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.posted().await?;
    room.say(room.buyer, "До").await?;
    for _ in 0..2 {
        let off = chat_switch(&*room.api, room.seller, room.listing, Some(false)).await?;
        assert!(!off.is_on);
    }
    assert_eq!(room.audited("chat.switch").await?, 1);
    let meanwhile = room.say(room.buyer, "Во время").await?;
    assert_eq!(meanwhile.state, MessageState::Hidden);
    let taken = room.take(10, "Из Телеграма").await?;
    assert_eq!(taken.state, MessageState::Hidden);
    // It is deleted in Telegram at once, before anything else that waits for the group.
    let deleted = room.queued("chat.delete").await?;
    assert_eq!(deleted.len(), 1);
    assert_eq!((deleted[0].0, deleted[0].1.as_str()), (GROUP, "reply"));
    assert_eq!(deleted[0].2["message_ids"], serde_json::json!([10]));
    // History stays.
    assert_eq!(room.seen().await?, ["До"]);
    chat_switch(&*room.api, room.seller, room.listing, Some(true)).await?;
    room.say(room.buyer, "После").await?;
    assert_eq!(room.seen().await?, ["До", "После"]);
    assert_eq!(
        room.inside(room.moderator).await?,
        [
            "До: visible",
            "Во время: hidden off",
            "Из Телеграма: hidden off",
            "После: visible"
        ]
    );
    // Nobody was told of what nobody sees.
    assert_eq!(room.queued("chat.mirror").await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn what_a_moderator_switched_off_only_a_moderator_switches_on() -> anyhow::Result<()> {
    let room = Room::open().await?;
    moderation_chat_switch(&*room.api, room.moderator, room.listing, Some(false)).await?;
    for is_on in [Some(true), None] {
        let answer = chat_switch(&*room.api, room.seller, room.listing, is_on).await;
        assert_eq!(reason(answer), Reason::ChatOffByModerator);
    }
    // The seller's own "off" does not take the moderator's away.
    chat_switch(&*room.api, room.seller, room.listing, Some(false)).await?;
    let answer = chat_switch(&*room.api, room.seller, room.listing, Some(true)).await;
    assert_eq!(reason(answer), Reason::ChatOffByModerator);
    moderation_chat_switch(&*room.api, room.moderator, room.listing, Some(true)).await?;
    assert!(
        chat_switch(&*room.api, room.seller, room.listing, Some(true))
            .await?
            .is_on
    );
    Ok(())
}

#[tokio::test]
async fn without_a_word_of_its_own_a_chat_is_as_the_setting_says() -> anyhow::Result<()> {
    let room = Room::open().await?;
    assert!(chat_get(&*room.api, room.listing).await?.unwrap().is_on);
    room.run("update ops_data.settings set value = '0' where key = 'chat.is_on'")
        .await?;
    assert!(!chat_get(&*room.api, room.listing).await?.unwrap().is_on);
    assert!(
        chat_switch(&*room.api, room.seller, room.listing, Some(true))
            .await?
            .is_on
    );
    assert!(
        !chat_switch(&*room.api, room.seller, room.listing, None)
            .await?
            .is_on
    );
    let stranger = chat_switch(&*room.api, room.buyer, room.listing, Some(true)).await;
    assert_eq!(reason(stranger), Reason::ListingNotYours);
    let role = moderation_chat_switch(&*room.api, room.seller, room.listing, Some(true)).await;
    assert_eq!(reason(role), Reason::RoleRequired);
    let none = moderation_chat_switch(&*room.api, room.moderator, ListingId(-1), None).await;
    assert_eq!(reason(none), Reason::ListingUnknown);
    Ok(())
}
