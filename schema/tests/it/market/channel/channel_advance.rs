//! Posts follow their listings: what is edited, what is marked, what is put back, and what is left alone.

use kardan_schema::market::{
    self, ListingFlag, ListingPriceSet, ListingStockSet, channels_advance,
};
use kardan_schema::{FlagReason, ListingId, PostLook, Role, Status};
use kardan_testdb::ListingFixture;

use super::Studio;

impl Studio {
    /// A listing whose post is in the channel.
    async fn posted(&self) -> anyhow::Result<ListingId> {
        self.channel().await?;
        let listing = self.published().await?;
        assert_eq!(self.deliver().await?, 1);
        self.advance().await?;
        Ok(listing)
    }

    /// What was told to the channel after the first post.
    async fn followed(&self) -> anyhow::Result<Vec<String>> {
        self.advance().await?;
        self.deliver().await?;
        // The answer may have shown that there is more to do.
        self.advance().await?;
        self.deliver().await?;
        Ok(self.looks().await?.split_off(1))
    }

    async fn flag(&self, listing: ListingId) -> anyhow::Result<()> {
        let mut people = Vec::new();
        for _ in 0..3 {
            people.push(self.db.person(Role::User).await?);
        }
        self.run("update people_data.users set created_at = ops.clock_now() - interval '2 days'")
            .await?;
        for actor in people {
            let flag = ListingFlag {
                actor,
                listing,
                reason: FlagReason::Spam,
                note: None,
            };
            market::listing_flag(&*self.api, &flag).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_change_of_the_price_alone_tells_the_channel_nothing() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    let cheaper = ListingPriceSet {
        actor: studio.seller,
        listing,
        version: None,
        price_minor: 100,
        wholesale_price_minor: None,
        wholesale_min_quantity: None,
    };
    market::listing_price_set(&*studio.api, &cheaper).await?;
    let stock = ListingStockSet {
        actor: studio.seller,
        listing,
        version: None,
        stock_quantity: 2,
    };
    market::listing_stock_set(&*studio.api, &stock).await?;
    market::listing_renew(&*studio.api, studio.seller, listing, None)
        .await
        .ok();
    assert!(studio.followed().await?.is_empty());
    let due = studio
        .number("select count(*) from market_data.channel_posts as p where p.due_at is not null")
        .await?;
    assert_eq!(due, 0);
    Ok(())
}

#[tokio::test]
async fn a_change_of_the_text_edits_the_post_once_it_is_published_again() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    studio.retitle(listing, "Колодки задние").await?;
    // While a moderator looks at it, what was approved stays.
    assert!(studio.followed().await?.is_empty());
    studio.approve().await?;
    assert_eq!(studio.followed().await?, ["channel.edit live"]);
    assert_eq!(studio.told().await?[1].2, "Колодки задние");
    // The post is the same message.
    let (posts, edit) = (studio.posts(listing).await?, studio.told().await?.len());
    assert_eq!((posts.len(), posts[0].message_ids.len(), edit), (1, 1, 2));
    // Approved once more without a change: nothing to tell.
    studio.flag(listing).await?;
    studio.approve().await?;
    assert_eq!(studio.followed().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn what_is_put_away_is_marked_and_put_back_when_it_is_published_again() -> anyhow::Result<()>
{
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    studio.withdraw(listing).await?;
    assert_eq!(studio.followed().await?, ["channel.mark withdrawn"]);
    assert_eq!(
        studio.posts(listing).await?[0].look,
        Some(PostLook::Withdrawn)
    );
    market::listing_restore(&*studio.api, studio.seller, listing, None).await?;
    market::listing_submit(&*studio.api, studio.seller, listing, None).await?;
    assert_eq!(studio.followed().await?.len(), 1);
    studio.approve().await?;
    assert_eq!(
        studio.followed().await?,
        ["channel.mark withdrawn", "channel.edit live"]
    );
    Ok(())
}

#[tokio::test]
async fn reserved_and_sold_are_marked_and_released_is_put_back() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    let buyer = studio.db.person(Role::User).await?;
    let held = market::listing_reserve(&*studio.api, buyer, listing, 3).await?;
    assert_eq!(studio.followed().await?, ["channel.mark reserved"]);
    market::reservation_release(&*studio.api, buyer, held.reservation_id).await?;
    assert_eq!(studio.followed().await?[1..], ["channel.edit live"]);
    let held = market::listing_reserve(&*studio.api, buyer, listing, 3).await?;
    market::reservation_sell(&*studio.api, studio.seller, held.reservation_id).await?;
    // Both happened before anybody looked: only what came of it is told.
    assert_eq!(studio.followed().await?[2..], ["channel.mark sold"]);
    Ok(())
}

#[tokio::test]
async fn what_enough_people_flagged_is_marked_and_put_back_when_it_is_approved()
-> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    studio.flag(listing).await?;
    assert_eq!(studio.followed().await?, ["channel.mark withdrawn"]);
    studio.approve().await?;
    assert_eq!(
        studio.followed().await?,
        ["channel.mark withdrawn", "channel.edit live"]
    );
    Ok(())
}

#[tokio::test]
async fn a_block_marks_the_sellers_posts_and_its_end_puts_them_back() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.posted().await?;
    studio.block(studio.seller, None).await?;
    assert_eq!(studio.followed().await?, ["channel.mark withdrawn"]);
    studio.unblock(studio.seller).await?;
    assert_eq!(studio.followed().await?[1..], ["channel.edit live"]);
    // One that ends by itself.
    studio.block(studio.seller, Some("1 hour")).await?;
    assert_eq!(studio.followed().await?[2..], ["channel.mark withdrawn"]);
    studio.db.shift_clock("61 minutes").await?;
    assert_eq!(studio.followed().await?[3..], ["channel.edit live"]);
    Ok(())
}

#[tokio::test]
async fn the_posts_of_a_seller_of_thousands_are_looked_at_in_batches() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    studio
        .run(&format!(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, contact_phone, created_at, updated_at, published_at)
             select l.kind, l.status, l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id, l.subcategory_id,
                 l.condition, l.place_id, l.price_minor, l.stock_quantity, l.contact_phone, l.created_at, l.updated_at,
                 l.published_at
             from market_data.listings as l cross join generate_series(1, 2500) where l.id = {listing};
             insert into market_data.channel_posts (
                 listing_id, channel_id, created_at, shown_look, shown_value, message_ids, posted_at)
             select l.id, p.channel_id, p.created_at, p.shown_look, market.channel_post_value(l.id), array[l.id], p.posted_at
             from market_data.listings as l cross join market_data.channel_posts as p where l.id > {listing}"
        ))
        .await?;
    studio.block(studio.seller, None).await?;
    let due = "select count(*) from market_data.channel_posts as p where p.due_at is not null";
    studio
        .run("select market.channel_sellers_advance()")
        .await?;
    assert_eq!(studio.number(due).await?, 1000);
    channels_advance(&*studio.worker).await?;
    assert_eq!(studio.number(due).await?, 501);
    channels_advance(&*studio.worker).await?;
    assert_eq!(studio.number(due).await?, 0);
    let marked = "select count(distinct o.data ->> 'post_id') from notify_data.outbox as o where o.kind = 'channel.mark'";
    assert_eq!(studio.number(marked).await?, 2501);
    let waiting = "select count(*) from market_data.channel_sellers";
    assert_eq!(studio.number(waiting).await?, 0);
    // Unblocked before anything was sent: it is taken back, and the channel never knows.
    studio.unblock(studio.seller).await?;
    channels_advance(&*studio.worker).await?;
    channels_advance(&*studio.worker).await?;
    let queued = "select count(*) from notify_data.queue";
    assert_eq!(studio.number(queued).await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_expires_is_marked_when_it_is_archived() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    studio
        .run(&format!(
            "update market_data.listings set expires_at = ops.clock_now() - interval '1 minute' where id = {listing};
             select market.listings_expire()"
        ))
        .await?;
    assert_eq!(studio.followed().await?, ["channel.mark withdrawn"]);
    Ok(())
}

#[tokio::test]
async fn what_is_withdrawn_before_anybody_sent_it_is_never_posted() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let listing = studio.published().await?;
    studio.withdraw(listing).await?;
    studio.advance().await?;
    assert_eq!(studio.deliver().await?, 0);
    assert_eq!(studio.posts(listing).await?[0].look, None);
    let closed = studio
        .number("select count(*) from notify_data.outbox as o where o.outcome = 'cancelled'")
        .await?;
    assert_eq!(closed, 1);
    // Published again, it is posted.
    market::listing_restore(&*studio.api, studio.seller, listing, None).await?;
    market::listing_submit(&*studio.api, studio.seller, listing, None).await?;
    studio.approve().await?;
    assert_eq!(studio.deliver().await?, 1);
    assert_eq!(studio.posts(listing).await?[0].look, Some(PostLook::Live));
    Ok(())
}

#[tokio::test]
async fn while_a_sender_is_at_it_nothing_else_is_told_and_its_answer_brings_the_rest()
-> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let listing = studio.published().await?;
    let (lease, taken) = studio.claim().await?;
    studio.withdraw(listing).await?;
    studio.advance().await?;
    assert_eq!(studio.looks().await?, ["channel.post live"]);
    studio.finish(lease, &taken[0], &[77]).await?;
    studio.advance().await?;
    assert_eq!(
        studio.looks().await?,
        ["channel.post live", "channel.mark withdrawn"]
    );
    let (_, mark) = studio.claim().await?;
    assert_eq!(mark[0].data["message_ids"], serde_json::json!([77]));
    Ok(())
}

#[tokio::test]
async fn what_an_administrator_gives_up_is_left_until_the_listing_changes() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let listing = studio.posted().await?;
    studio.withdraw(listing).await?;
    studio.advance().await?;
    let ids: Vec<i64> = studio
        .root
        .query("select q.id from notify_data.queue as q", &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    for id in ids {
        studio
            .run(&format!(
                "select notify.outbox_close(array[{id}::bigint], array['purged'], null, ops.clock_now())"
            ))
            .await?;
    }
    studio.advance().await?;
    let post = studio.posts(listing).await?[0].clone();
    assert_eq!((post.look, post.is_waiting), (Some(PostLook::Live), false));
    market::listing_restore(&*studio.api, studio.seller, listing, None).await?;
    studio.advance().await?;
    assert_eq!(studio.looks().await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn a_long_text_of_four_byte_letters_is_told_as_far_as_a_message_holds_it()
-> anyhow::Result<()> {
    let studio = Studio::open().await?;
    studio.channel().await?;
    let pending = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    let listing = studio.db.listing(studio.seller, &pending).await?;
    studio
        .run(&format!(
            "update market_data.listings set description = repeat('🔧', 8000) where id = {listing}"
        ))
        .await?;
    studio.approve().await?;
    let (_, taken) = studio.claim().await?;
    let told = taken[0].data["value"]["description"].as_str().unwrap();
    assert_eq!(told.chars().count(), 4096);
    Ok(())
}
