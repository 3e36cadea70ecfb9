//! Who may delete what others wrote.

use kardan_schema::market::{
    ChatRight, ChatRightGrant, ChatRightList, chat_right_grant, chat_right_list, chat_right_revoke,
};
use kardan_schema::{ListingId, Reason, Role, UserId};
use kardan_testdb::ListingFixture;
use uuid::Uuid;

use super::Room;
use crate::support::reason;

impl Room {
    async fn grant(&self, user: UserId, listing: Option<ListingId>) -> anyhow::Result<ChatRight> {
        let right = ChatRightGrant {
            actor: self.admin,
            user,
            listing,
            until: None,
        };
        Ok(chat_right_grant(&*self.api, &right).await?)
    }
}

#[tokio::test]
async fn the_author_deletes_and_others_need_a_right_for_this_chat_or_all() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let helper = room.db.person(Role::User).await?;
    let elsewhere = room
        .db
        .listing(room.seller, &ListingFixture::default())
        .await?;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(room.say(room.buyer, &format!("Раз {n}")).await?.message_id);
    }
    room.delete(room.buyer, ids[0]).await?;
    assert_eq!(room.audited("chat.delete").await?, 0);
    // Neither a stranger nor the seller nor a right for another chat.
    room.grant(helper, Some(elsewhere)).await?;
    for person in [helper, room.seller] {
        let answer = room.delete(person, ids[1]).await;
        assert_eq!(reason(answer), Reason::ChatRightRequired);
    }
    let right = room.grant(helper, Some(room.listing)).await?;
    room.delete(helper, ids[1]).await?;
    assert_eq!(room.audited("chat.delete").await?, 1);
    for _ in 0..2 {
        chat_right_revoke(&*room.api, room.admin, right.right_id).await?;
    }
    assert_eq!(room.audited("chat.right_revoke").await?, 1);
    assert_eq!(
        reason(room.delete(helper, ids[2]).await),
        Reason::ChatRightRequired
    );
    room.grant(helper, None).await?;
    room.delete(helper, ids[2]).await?;
    room.block(helper).await?;
    assert_eq!(
        reason(room.delete(helper, ids[3]).await),
        Reason::ActorBlocked
    );
    assert_eq!(room.seen().await?, ["Раз 3"]);
    Ok(())
}

#[tokio::test]
async fn what_somebody_does_not_see_is_no_message_to_them() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let gone = room.say(room.buyer, "Ой").await?.message_id;
    room.delete(room.buyer, gone).await?;
    for message in [gone, Uuid::nil(), Uuid::max()] {
        assert_eq!(
            reason(room.delete(room.seller, message).await),
            Reason::MessageUnknown
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_right_ends_at_its_time_and_is_granted_once() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let first = room.grant(room.seller, None).await?;
    assert_eq!(room.grant(room.seller, None).await?, first);
    assert_eq!(room.audited("chat.right_grant").await?, 1);
    let until = room
        .root
        .query_one("select ops.clock_now() + interval '1 hour'", &[])
        .await?
        .get(0);
    let shorter = ChatRightGrant {
        actor: room.admin,
        user: room.seller,
        listing: None,
        until: Some(until),
    };
    let shorter = chat_right_grant(&*room.api, &shorter).await?;
    assert_eq!(
        (shorter.right_id, shorter.until),
        (first.right_id, Some(until))
    );
    let message = room.say(room.buyer, "Раз").await?.message_id;
    room.db.shift_clock("2 hours").await?;
    assert_eq!(
        reason(room.delete(room.seller, message).await),
        Reason::ChatRightRequired
    );
    let listed = ChatRightList {
        actor: room.admin,
        user: Some(room.seller),
        limit: None,
        after: None,
    };
    let rows = chat_right_list(&*room.api, &listed).await?;
    assert_eq!(rows, [shorter]);
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_grants_and_only_what_there_is() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let good = ChatRightGrant {
        actor: room.admin,
        user: room.buyer,
        listing: None,
        until: None,
    };
    let past = room
        .root
        .query_one("select ops.clock_now() - interval '1 hour'", &[])
        .await?
        .get(0);
    for (right, expected) in [
        (
            ChatRightGrant {
                actor: room.moderator,
                ..good.clone()
            },
            Reason::RoleRequired,
        ),
        (
            ChatRightGrant {
                user: UserId(-1),
                ..good.clone()
            },
            Reason::UserUnknown,
        ),
        (
            ChatRightGrant {
                listing: Some(ListingId(-1)),
                ..good.clone()
            },
            Reason::ListingUnknown,
        ),
        (
            ChatRightGrant {
                until: Some(past),
                ..good.clone()
            },
            Reason::ChatRightUntilIsLater,
        ),
    ] {
        assert_eq!(reason(chat_right_grant(&*room.api, &right).await), expected);
    }
    let revoked = chat_right_revoke(&*room.api, room.moderator, 1).await;
    assert_eq!(reason(revoked), Reason::RoleRequired);
    Ok(())
}
