//! A group that has become a supergroup: everything knows it by its new number, and no old number of a message is used there.

use kardan_schema::Reason;
use kardan_schema::market::{
    self, ChannelForwardSeen, MessagePost, MessageTake, group_move, moderation_message_delete,
};
use kardan_schema::notify::{self, Delivery, Outcome};
use kardan_schema::{ChatSource, ListingId, Role};

use super::{CHAT, GROUP, Studio};
use crate::support::reason;

/// What the group becomes.
const SUPERGROUP: i64 = -1_001_000_000_009;

impl Studio {
    /// A listing that is talked about in the group, with what a stranger said there.
    async fn talked_about(&self) -> anyhow::Result<(ListingId, uuid::Uuid)> {
        self.channel().await?;
        let listing = self.published().await?;
        self.deliver().await?;
        let post = self.posts(listing).await?[0].clone();
        let seen = ChannelForwardSeen {
            chat: CHAT,
            message: post.message_ids[0],
            root_chat: GROUP,
            root_message: 500,
            post: post.post_id,
        };
        market::channel_forward_seen(&*self.bot, &seen).await?;
        let take = MessageTake {
            chat: GROUP,
            message: 501,
            root_message: 500,
            telegram_id: 4242,
            name: "Пётр".to_owned(),
            text: Some("Почём?".to_owned()),
            at: self
                .root
                .query_one("select ops.clock_now()", &[])
                .await?
                .get(0),
            reply_message: None,
            reply_at: None,
        };
        let taken = market::message_take(&*self.bot, &take).await?.unwrap();
        Ok((listing, taken.message_id))
    }

    async fn says(&self, listing: ListingId, text: &str) -> anyhow::Result<()> {
        let buyer = self.db.person(Role::User).await?;
        let post = MessagePost {
            actor: buyer,
            listing,
            text: text.to_owned(),
            reply_to: None,
            source: ChatSource::Web,
        };
        market::message_post(&*self.api, &post).await?;
        Ok(())
    }

    /// What waits: recipient, kind, and what it answers.
    async fn waiting(&self) -> anyhow::Result<Vec<(i64, String, Option<String>)>> {
        let rows = self
            .root
            .query(
                "select q.recipient, q.kind, o.data ->> 'root_message_id' from notify_data.queue as q
                 join notify_data.outbox as o on o.id = q.id and o.chat_id = q.recipient
                 where q.recipient < 0 order by q.id",
                &[],
            )
            .await?;
        Ok(rows
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect())
    }
}

#[tokio::test]
async fn what_waits_goes_to_the_new_number_and_answers_nothing_there() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (listing, _) = studio.talked_about().await?;
    studio.says(listing, "Ещё есть?").await?;
    let mirror =
        |chat, root: Option<&str>| (chat, "chat.mirror".to_owned(), root.map(str::to_owned));
    assert_eq!(studio.waiting().await?, [mirror(GROUP, Some("500"))]);
    let moved = group_move(&*studio.bot, GROUP, SUPERGROUP).await?;
    assert_eq!((moved.moved_count, moved.cancelled_count), (1, 0));
    assert_eq!(studio.waiting().await?, [mirror(SUPERGROUP, None)]);
    let groups = "select count(*) from market_data.channels as c where c.discussion_chat_id = ";
    assert_eq!(studio.number(&format!("{groups}{SUPERGROUP}")).await?, 1);
    for _ in 0..2 {
        let again = group_move(&*studio.bot, GROUP, SUPERGROUP).await?;
        assert_eq!((again.moved_count, again.cancelled_count), (0, 0));
    }
    assert_eq!(studio.deliver().await?, 1);
    Ok(())
}

#[tokio::test]
async fn no_message_of_the_new_group_goes_in_the_place_of_an_old_one() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (listing, said) = studio.talked_about().await?;
    moderation_message_delete(&*studio.api, studio.moderator, said, None).await?;
    assert_eq!(studio.waiting().await?.len(), 1);
    let moved = group_move(&*studio.bot, GROUP, SUPERGROUP).await?;
    assert_eq!((moved.moved_count, moved.cancelled_count), (0, 1));
    assert!(studio.waiting().await?.is_empty());
    assert_eq!(
        studio
            .number("select count(*) from market_data.chat_copies")
            .await?,
        0
    );
    // The thread stood in the old group: nothing is written into a foreign one.
    studio.says(listing, "Ещё есть?").await?;
    assert!(studio.waiting().await?.is_empty());
    let posts = studio.posts(listing).await?;
    assert_eq!(posts[0].message_ids.len(), 1, "the post is in the channel");
    Ok(())
}

#[tokio::test]
async fn a_group_that_listings_are_posted_in_moves_and_its_old_posts_are_left() -> anyhow::Result<()>
{
    let studio = Studio::open().await?;
    let wish = studio.anything(GROUP);
    market::channel_create(&*studio.api, &wish).await?;
    let old = studio.published().await?;
    studio.deliver().await?;
    let waiting = studio.published().await?;
    studio.withdraw(old).await?;
    studio.advance().await?;
    let kinds = |all: Vec<(i64, String, Option<String>)>| {
        let mut kinds: Vec<_> = all.into_iter().map(|one| (one.0, one.1)).collect();
        kinds.sort();
        kinds
    };
    let line = |chat, kind: &str| (chat, kind.to_owned());
    assert_eq!(
        kinds(studio.waiting().await?),
        [line(GROUP, "channel.mark"), line(GROUP, "channel.post")]
    );
    group_move(&*studio.bot, GROUP, SUPERGROUP).await?;
    assert_eq!(
        kinds(studio.waiting().await?),
        [line(SUPERGROUP, "channel.post")]
    );
    studio.deliver().await?;
    studio.advance().await?;
    assert_eq!(studio.deliver().await?, 0, "nothing is posted again");
    let post = studio.posts(waiting).await?[0].clone();
    assert_eq!((post.chat_id, post.message_ids.len()), (SUPERGROUP, 1));
    assert!(studio.posts(old).await?[0].message_ids.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_a_sender_holds_goes_back_and_out_to_the_new_number() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let (listing, _) = studio.talked_about().await?;
    studio.says(listing, "Ещё есть?").await?;
    studio
        .run("delete from notify_data.holds where recipient <> 0")
        .await?;
    let (lease, taken) = studio.claim().await?;
    let mirror = taken.iter().find(|one| one.chat_id == GROUP).unwrap();
    group_move(&*studio.bot, GROUP, SUPERGROUP).await?;
    let answer = Delivery {
        notice_id: mirror.notice_id,
        event_at: mirror.event_at,
        outcome: Outcome::Postponed { seconds: 1 },
    };
    let settled = notify::outbox_finish(&*studio.worker, lease, &Delivery::list(&[answer])).await?;
    assert_eq!(settled[0].outcome, "waiting");
    studio.db.shift_clock("1 minute").await?;
    let (_, taken) = studio.claim().await?;
    let again = taken.iter().find(|one| one.notice_id == mirror.notice_id);
    assert_eq!(again.map(|one| one.chat_id), Some(SUPERGROUP));
    Ok(())
}

#[tokio::test]
async fn a_number_that_somebody_has_already_stays_theirs() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let other = market::ChannelCreate {
        discussion_chat: Some(SUPERGROUP),
        ..studio.anything(CHAT - 100)
    };
    let other = market::channel_create(&*studio.api, &other).await?;
    group_move(&*studio.bot, GROUP, SUPERGROUP).await?;
    let kept = market::channel_get(&*studio.api, studio.admin, other.channel_id).await?;
    assert_eq!(kept, other);
    let old = "select count(*) from market_data.channels as c where c.discussion_chat_id is null";
    assert_eq!(studio.number(old).await?, 1);
    Ok(())
}

#[tokio::test]
async fn only_two_groups_are_one_and_only_senders_say_so() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    for (from, to) in [(GROUP, GROUP), (5, SUPERGROUP), (GROUP, 0)] {
        assert_eq!(
            reason(group_move(&*studio.bot, from, to).await),
            Reason::GroupNumbersDiffer
        );
    }
    assert!(group_move(&*studio.api, GROUP, SUPERGROUP).await.is_err());
    Ok(())
}
