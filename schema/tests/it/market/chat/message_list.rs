//! Reading what was said: pages in both directions, over the months, and what nobody sees.

use kardan_schema::market::{MessageView, chat_get, message_view};
use kardan_schema::{ListingId, Reason};

use super::Room;
use crate::support::reason;

impl Room {
    /// So many messages, evenly over so many months until so many months ago.
    async fn old(&self, count: i64, months: i64, ago: i64) -> anyhow::Result<()> {
        self.run(&format!(
            "insert into market_data.chat_messages (id, sent_at, listing_id, source, author_id, text)
             select ops_data.uuid_v7(t.at), t.at, {}, 'api', {}, n::text
             from generate_series(1, {count}) as n
             cross join lateral (select ops.clock_now() - interval '{} months'
                 - ({count} - n) * interval '{months} months' / {count}) as t (at);
             insert into market_data.chats (listing_id, first_message_at, last_message_at)
             select m.listing_id, min(m.sent_at), max(m.sent_at) from market_data.chat_messages as m
             group by m.listing_id",
            self.listing, self.buyer, ago
        ))
        .await
    }
}

#[tokio::test]
async fn pages_in_both_directions_give_every_message_once() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.old(100, 20, 0).await?;
    for is_forward in [false, true] {
        let (mut all, mut last) = (Vec::new(), None);
        loop {
            let page = room.page(Some(is_forward), 7, last.as_ref()).await?;
            all.extend(page.iter().map(|row| row.text.parse::<i64>().unwrap()));
            match page.last() {
                Some(row) => last = Some(row.clone()),
                None => break,
            }
        }
        let mut expected: Vec<i64> = (1..=100).collect();
        if !is_forward {
            expected.reverse();
        }
        assert_eq!(all, expected, "forward: {is_forward}");
    }
    Ok(())
}

#[tokio::test]
async fn a_chat_that_fell_silent_fourteen_months_ago_is_read_from_its_end() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.old(30, 3, 14).await?;
    let page = room.page(None, 10, None).await?;
    assert_eq!(page.len(), 10);
    assert_eq!(page[0].text, "30");
    let next = room.page(None, 100, page.last()).await?;
    assert_eq!((next.len(), next[19].text.as_str()), (20, "1"));
    let chat = chat_get(&*room.api, room.listing).await?.unwrap();
    assert_eq!(chat.last_message_at, Some(page[0].sent_at));
    Ok(())
}

#[tokio::test]
async fn messages_of_one_moment_are_told_apart_by_their_numbers() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.run(&format!(
        "insert into market_data.chat_messages (id, sent_at, listing_id, source, author_id, text)
         select ops_data.uuid_v7(ops.clock_now()), ops.clock_now(), {}, 'api', {}, 'x' from generate_series(1, 9);
         insert into market_data.chats (listing_id, first_message_at, last_message_at)
         select {}, min(m.sent_at), max(m.sent_at) from market_data.chat_messages as m",
        room.listing, room.buyer, room.listing
    ))
    .await?;
    for is_forward in [false, true] {
        let first = room.page(Some(is_forward), 5, None).await?;
        let rest = room.page(Some(is_forward), 9, first.last()).await?;
        let mut ids: Vec<_> = first
            .iter()
            .chain(&rest)
            .map(|row| row.message_id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((first.len(), rest.len(), ids.len()), (5, 4, 9));
    }
    Ok(())
}

#[tokio::test]
async fn the_chat_of_what_nobody_sees_is_for_its_people_and_moderators() -> anyhow::Result<()> {
    let room = Room::open().await?;
    room.say(room.buyer, "Есть?").await?;
    room.run("update market_data.listings set status = 'sold'")
        .await?;
    assert_eq!(room.seen().await?.len(), 1);
    room.run("update market_data.listings set status = 'archived'")
        .await?;
    assert!(room.seen().await?.is_empty());
    assert_eq!(chat_get(&*room.api, room.listing).await?, None);
    for person in [room.seller, room.moderator] {
        assert_eq!(room.inside(person).await?, ["Есть?: visible"]);
    }
    let list = MessageView {
        actor: room.buyer,
        listing: room.listing,
        is_forward: None,
        limit: None,
        after_at: None,
        after_id: None,
    };
    assert_eq!(
        reason(message_view(&*room.api, &list).await),
        Reason::ListingUnknown
    );
    assert_eq!(chat_get(&*room.api, ListingId(-1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn the_words_of_what_was_deleted_are_for_moderators() -> anyhow::Result<()> {
    let room = Room::open().await?;
    let gone = room.say(room.buyer, "Ой").await?.message_id;
    room.say(room.buyer, "Есть?").await?;
    room.delete(room.buyer, gone).await?;
    assert_eq!(room.seen().await?, ["Есть?"]);
    assert_eq!(
        room.inside(room.seller).await?,
        [": deleted deleted", "Есть?: visible"]
    );
    assert_eq!(
        room.inside(room.moderator).await?,
        ["Ой: deleted deleted", "Есть?: visible"]
    );
    Ok(())
}
