//! Senders that die between sending and answering: a channel ends up with one post, in whatever order it comes to light.

use kardan_schema::market::{ChannelForwardSeen, channel_forward_seen, channel_post_find};
use kardan_schema::notify::Parcel;
use kardan_schema::{ForwardOutcome, ListingId, PostLook};
use serde_json::json;
use uuid::Uuid;

use super::{CHAT, GROUP, Studio};

/// Another sender has the row by now.
const LATER: &str = "5 minutes";

impl Studio {
    /// A post that a sender has taken; the sender dies after it has sent it as this message or before.
    async fn taken(&self) -> anyhow::Result<(ListingId, i64, Uuid, Parcel)> {
        self.channel().await?;
        let listing = self.published().await?;
        let post = self.posts(listing).await?[0].post_id;
        let (lease, taken) = self.claim().await?;
        Ok((listing, post, lease, taken[0].clone()))
    }

    /// Telegram forwards a message of the channel into the group.
    async fn forward(&self, post: i64, message: i64) -> anyhow::Result<Option<ForwardOutcome>> {
        let seen = ChannelForwardSeen {
            chat: CHAT,
            message,
            root_chat: GROUP,
            root_message: message + 5000,
            post,
        };
        let seen = channel_forward_seen(&*self.bot, &seen).await?;
        Ok(seen.map(|row| row.outcome))
    }

    /// The messages of the post, the root of its talk and what is to be deleted.
    async fn came_to(&self, post: i64) -> anyhow::Result<(Vec<i64>, Option<i64>, Vec<i64>)> {
        let place = channel_post_find(&*self.worker, post).await?.unwrap();
        let rows = self
            .root
            .query(
                "select (m.id)::bigint from notify_data.outbox as o
                 cross join jsonb_array_elements_text(o.data -> 'message_ids') as m (id)
                 where o.kind = 'channel.delete' order by o.id",
                &[],
            )
            .await?;
        let dropped = rows.iter().map(|row| row.get(0)).collect();
        Ok((place.message_ids, place.root_message_id, dropped))
    }
}

#[tokio::test]
async fn the_next_sender_finds_the_post_by_its_forward_and_sends_nothing() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (listing, post, _, first) = studio.taken().await?;
    assert_eq!(
        studio.forward(post, 10).await?,
        Some(ForwardOutcome::Recorded)
    );
    studio.db.shift_clock(LATER).await?;
    let (lease, again) = studio.claim().await?;
    assert_eq!(
        (again[0].event_at, &again[0].dedup_key, again[0].attempts),
        (first.event_at, &first.dedup_key, 2)
    );
    let found = channel_post_find(&*studio.worker, post).await?.unwrap();
    assert_eq!(found.message_ids, [10]);
    let settled = studio.finish(lease, &again[0], &found.message_ids).await?;
    assert_eq!(settled.outcome, "sent");
    studio.advance().await?;
    assert_eq!(studio.came_to(post).await?, (vec![10], Some(5010), vec![]));
    let shown = studio.posts(listing).await?[0].clone();
    assert_eq!(
        (shown.look, shown.is_waiting),
        (Some(PostLook::Live), false)
    );
    assert_eq!(studio.looks().await?, ["channel.post live"]);
    Ok(())
}

#[tokio::test]
async fn a_first_sender_that_answers_late_hears_that_it_is_a_duplicate() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (_, post, lease, first) = studio.taken().await?;
    studio.db.shift_clock(LATER).await?;
    let (second, again) = studio.claim().await?;
    studio.finish(second, &again[0], &[11]).await?;
    let late = studio.finish(lease, &first, &[10]).await?;
    assert_eq!(late.outcome, "duplicate");
    assert_eq!(studio.came_to(post).await?.0, [11]);
    Ok(())
}

#[tokio::test]
async fn a_forward_that_comes_after_the_second_post_has_the_first_one_deleted() -> anyhow::Result<()>
{
    let studio = Studio::open().await?;
    let (_, post, _, _) = studio.taken().await?;
    studio.db.shift_clock(LATER).await?;
    let (lease, again) = studio.claim().await?;
    studio.finish(lease, &again[0], &[11]).await?;
    for _ in 0..2 {
        assert_eq!(
            studio.forward(post, 10).await?,
            Some(ForwardOutcome::Duplicate)
        );
    }
    assert_eq!(studio.forward(post, 11).await?, Some(ForwardOutcome::Known));
    assert_eq!(
        studio.came_to(post).await?,
        (vec![11], Some(5011), vec![10])
    );
    Ok(())
}

#[tokio::test]
async fn a_forward_between_the_second_sending_and_its_answer_has_the_second_one_deleted()
-> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (_, post, _, _) = studio.taken().await?;
    studio.db.shift_clock(LATER).await?;
    let (lease, again) = studio.claim().await?;
    let nothing = channel_post_find(&*studio.worker, post).await?.unwrap();
    assert!(nothing.message_ids.is_empty());
    studio.forward(post, 10).await?;
    studio.finish(lease, &again[0], &[11]).await?;
    assert_eq!(
        studio.came_to(post).await?,
        (vec![10], Some(5010), vec![11])
    );
    // Its forward comes too, and it is deleted once.
    assert_eq!(
        studio.forward(post, 11).await?,
        Some(ForwardOutcome::Duplicate)
    );
    assert_eq!(studio.came_to(post).await?.2, [11]);
    Ok(())
}

#[tokio::test]
async fn an_album_is_all_its_messages_whichever_was_seen_first() -> anyhow::Result<()> {
    for is_forward_first in [true, false] {
        let studio = Studio::open().await?;
        let (_, post, lease, taken) = studio.taken().await?;
        if is_forward_first {
            studio.forward(post, 20).await?;
        }
        studio.finish(lease, &taken, &[20, 21, 22]).await?;
        assert_eq!(studio.forward(post, 20).await?, Some(ForwardOutcome::Known));
        assert_eq!(
            studio.came_to(post).await?,
            (vec![20, 21, 22], Some(5020), vec![])
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_deletion_says_until_when_telegram_allows_it() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (_, post, lease, taken) = studio.taken().await?;
    studio.finish(lease, &taken, &[11]).await?;
    studio.forward(post, 10).await?;
    let is_right = studio
        .number(
            "select count(*) from notify_data.outbox as o where o.kind = 'channel.delete'
             and (o.data ->> 'delete_until')::timestamptz between ops.clock_now() + interval '47 hours'
                 and ops.clock_now() + interval '48 hours'",
        )
        .await?;
    assert_eq!(is_right, 1);
    Ok(())
}

#[tokio::test]
async fn a_forward_of_something_else_is_no_post() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (_, post, _, _) = studio.taken().await?;
    let good = ChannelForwardSeen {
        chat: CHAT,
        message: 10,
        root_chat: GROUP,
        root_message: 1,
        post,
    };
    let cases = [
        ChannelForwardSeen {
            post: -1,
            ..good.clone()
        },
        ChannelForwardSeen {
            chat: -999,
            ..good.clone()
        },
        ChannelForwardSeen {
            message: 0,
            ..good.clone()
        },
        ChannelForwardSeen {
            root_chat: 5,
            ..good.clone()
        },
        ChannelForwardSeen {
            root_message: -1,
            ..good
        },
    ];
    for seen in cases {
        let answer = channel_forward_seen(&*studio.bot, &seen).await?;
        assert_eq!(answer, None, "{seen:?}");
    }
    assert_eq!(channel_post_find(&*studio.worker, -1).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_post_that_was_given_up_and_comes_to_light_is_brought_up_to_date() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (listing, post, _, taken) = studio.taken().await?;
    studio
        .run(&format!(
            "select notify.outbox_close(array[{}::bigint], array['purged'], null, ops.clock_now())",
            taken.notice_id
        ))
        .await?;
    studio.withdraw(listing).await?;
    studio.advance().await?;
    assert_eq!(studio.looks().await?.len(), 1);
    studio.forward(post, 10).await?;
    studio.advance().await?;
    assert_eq!(studio.looks().await?[1..], ["channel.mark withdrawn"]);
    let (_, mark) = studio.claim().await?;
    assert_eq!(mark[0].data["message_ids"], json!([10]));
    Ok(())
}
