//! The queue.

use kardan_schema::market::{self, ModerationQueue};
use kardan_schema::{Kind, Reason, UserId};

use super::Desk;
use crate::plans::{Explained, Mode};
use crate::support::reason;

fn queue(actor: UserId) -> ModerationQueue {
    ModerationQueue {
        actor,
        kind: None,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn the_queue_tells_what_waits_the_oldest_first_in_pages() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let mut items = Vec::new();
    for minutes in [1, 3, 2] {
        let (listing, item) = desk.submitted().await?;
        desk.arrange(
            &format!(
                "update market_data.moderation_items
                 set submitted_at = ops.clock_now() - interval '{minutes} minutes' where listing_id = $1"
            ),
            listing,
        )
        .await?;
        items.push(item);
    }
    let oldest_first = [items[1], items[2], items[0]];
    let page = ModerationQueue {
        limit: Some(2),
        ..queue(desk.moderator)
    };
    let first = market::moderation_queue(&*desk.api, &page).await?;
    assert_eq!(
        first.iter().map(|one| one.item_id).collect::<Vec<_>>(),
        oldest_first[..2]
    );
    assert!((180..240).contains(&first[0].waiting_seconds), "{first:?}");
    assert_eq!(first[0].title, "Колодки тормозные передние");
    let rest = ModerationQueue {
        after: Some(first[1].item_id),
        ..page
    };
    let rest = market::moderation_queue(&*desk.api, &rest).await?;
    assert_eq!(
        rest.iter().map(|one| one.item_id).collect::<Vec<_>>(),
        oldest_first[2..]
    );
    Ok(())
}

#[tokio::test]
async fn the_queue_tells_who_holds_an_item_until_the_lease_runs_out() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.claimed().await?;
    let held = market::moderation_queue(&*desk.api, &queue(desk.moderator)).await?;
    assert_eq!(held[0].claimed_by, Some(desk.moderator));
    assert!(held[0].claimed_until.is_some());
    desk.db.shift_clock("15 minutes 1 second").await?;
    let free = market::moderation_queue(&*desk.api, &queue(desk.moderator)).await?;
    assert_eq!((free[0].claimed_by, free[0].claimed_until), (None, None));
    Ok(())
}

#[tokio::test]
async fn the_queue_can_be_narrowed_to_a_kind_and_leaves_out_what_is_decided() -> anyhow::Result<()>
{
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    let of = |kind| ModerationQueue {
        kind: Some(kind),
        ..queue(desk.moderator)
    };
    assert_eq!(
        market::moderation_queue(&*desk.api, &of(Kind::Part))
            .await?
            .len(),
        1
    );
    assert_eq!(
        market::moderation_queue(&*desk.api, &of(Kind::Car)).await?,
        []
    );
    market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    assert_eq!(
        market::moderation_queue(&*desk.api, &queue(desk.moderator)).await?,
        []
    );
    Ok(())
}

#[tokio::test]
async fn only_moderators_see_the_queue() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let answer = market::moderation_queue(&*desk.api, &queue(desk.author)).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    let nobody = market::moderation_queue(&*desk.api, &queue(UserId(-1))).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn queue_and_claim_read_only_what_waits_however_much_was_decided() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    desk.db
        .superuser()
        .await?
        .batch_execute(&format!(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at)
             select l.kind, 'pending', l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, 1, l.created_at, l.updated_at
             from market_data.listings as l, generate_series(1, 499)
             where l.id = {listing};
             insert into market_data.moderation_items (
                 listing_id, kind, submitted_at, submitted_by, closed_at, decision, decided_by)
             select {listing}, 'part', ops.clock_now() - n * interval '1 minute', {author},
                 ops.clock_now() - n * interval '1 minute', 'approved', {moderator}
             from generate_series(1, 20000) as n;
             insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
             select l.id, 'part', ops.clock_now() - l.id * interval '1 second', {author}
             from market_data.listings as l
             where l.id <> {listing};
             analyze market_data.listings, market_data.moderation_items",
            author = desk.author,
            moderator = desk.moderator,
        ))
        .await?;
    let after = desk.item(listing).await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let calls = [
            format!(
                "market.moderation_queue({}, null, 20, null)",
                desk.moderator
            ),
            format!(
                "market.moderation_queue({}, 'part', 20, {after})",
                desk.moderator
            ),
            format!("market.moderation_claim({}, 20)", desk.moderator),
        ];
        for call in calls {
            let plans =
                Explained::run(&desk.db, mode, &format!("select count(*) from {call}")).await?;
            plans.assert_index("moderation_items_queue_idx");
            plans.assert_no_full_scan("moderation_items");
        }
    }
    Ok(())
}
