//! Which months a page of a chat reads, among many messages.

use super::Room;
use crate::plans::{Explained, Mode};

/// Messages of a thousand listings over half a year; the last ones lie within the partitions that there are.
async fn filled() -> anyhow::Result<Room> {
    let room = Room::open().await?;
    room.run(&format!(
        "set session_replication_role = replica;
         insert into market_data.chat_messages (id, sent_at, listing_id, source, author_id, text)
         select ops_data.uuid_v7(t.at), t.at, {} + n % 1000, 'api', {}, 'x'
         from generate_series(1, 60000) as n
         cross join lateral (select ops.clock_now() - n * interval '3 minutes') as t (at);
         insert into market_data.chats (listing_id, first_message_at, last_message_at)
         select m.listing_id, min(m.sent_at), max(m.sent_at) from market_data.chat_messages as m group by m.listing_id;
         set session_replication_role = origin;
         analyze market_data.chat_messages; analyze market_data.chats",
        room.listing, room.buyer
    ))
    .await?;
    Ok(room)
}

#[tokio::test]
async fn a_page_reads_the_months_where_it_lies() -> anyhow::Result<()> {
    let room = filled().await?;
    let total = room
        .number(
            "select count(*) from pg_inherits as i where i.inhparent = 'market_data.chat_messages'::regclass",
        )
        .await?;
    assert!(total > 5, "{total}");
    let message: uuid::Uuid = room
        .root
        .query_one(
            "select m.id from market_data.chat_messages as m where m.listing_id = $1 order by m.sent_at desc limit 1",
            &[&room.listing],
        )
        .await?
        .get(0);
    let (listing, seller, buyer) = (room.listing, room.seller, room.buyer);
    let moderator = room.moderator;
    for mode in [Mode::Custom, Mode::Generic] {
        for (call, index) in [
            (
                format!("select from market.message_list({listing}, false, 10, null, null)"),
                Some("shown"),
            ),
            (
                format!(
                    "select from market.message_view({seller}, {listing}, false, 10, null, null)"
                ),
                Some("shown"),
            ),
            (
                format!("select from market.moderation_chat_watch({moderator}, 20, null, null)"),
                None,
            ),
            (
                format!("select market.message_room_require({buyer})"),
                Some("author"),
            ),
            (
                format!("select from market.message_lock('{message}')"),
                None,
            ),
        ] {
            let plans = Explained::run(&room.db, mode, &call).await?;
            let read = plans.partitions("chat_messages");
            assert!((1..=3).contains(&read.len()), "{call}: {read:?}\n{plans}");
            let whole = plans
                .to_string()
                .lines()
                .any(|line| line.contains("Seq Scan on chat_messages_"));
            assert!(!whole, "{call}\n{plans}");
            if let Some(index) = index {
                let is_used = plans
                    .to_string()
                    .lines()
                    .any(|line| line.contains("Scan") && line.contains(index));
                // The names of children are cut by the partition keeper and not by us.
                assert!(
                    is_used || plans.to_string().contains("_idx"),
                    "{call}\n{plans}"
                );
            }
        }
    }
    Ok(())
}
