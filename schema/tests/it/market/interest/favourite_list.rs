//! Favourites with what has become of them.

use kardan_schema::market::{Favourite, FavouriteList, favourite_add, favourite_list};
use kardan_schema::{FavouriteState, Reason, UserId};

use super::Stall;
use crate::support::reason;

fn list(actor: UserId) -> FavouriteList {
    FavouriteList {
        actor,
        limit: None,
        after_at: None,
        after_listing: None,
    }
}

impl Stall {
    async fn favourite(&self, actor: UserId) -> anyhow::Result<Favourite> {
        Ok(favourite_list(&*self.api, &list(actor)).await?.remove(0))
    }
}

#[tokio::test]
async fn what_is_withdrawn_stays_as_withdrawn_and_what_is_sold_as_sold() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    favourite_add(&*stall.api, buyer, stall.listing).await?;
    let title = "Колодки тормозные передние";
    for (change, state, price) in [
        ("status = 'published'", FavouriteState::Published, true),
        ("status = 'reserved'", FavouriteState::Reserved, true),
        ("status = 'sold'", FavouriteState::Sold, true),
        ("status = 'archived'", FavouriteState::Withdrawn, false),
        // What nobody has checked yet is not shown under another name either.
        (
            "status = 'draft', title = 'Непроверенное'",
            FavouriteState::Withdrawn,
            false,
        ),
        ("status = 'pending'", FavouriteState::Withdrawn, false),
        (
            "status = 'published', expires_at = ops.clock_now()",
            FavouriteState::Withdrawn,
            false,
        ),
    ] {
        stall
            .run(&format!(
                "update market_data.listings set cover_key = 'ab/1', {change}"
            ))
            .await?;
        let one = stall.favourite(buyer).await?;
        assert_eq!((one.state, one.title.as_str()), (state, title), "{change}");
        assert_eq!(
            (one.price_minor.is_some(), one.cover_key.is_some()),
            (price, price)
        );
    }
    stall
        .run("update market_data.listings set expires_at = 'infinity'")
        .await?;
    let back = stall.favourite(buyer).await?;
    assert_eq!(
        (back.state, back.title.as_str()),
        (FavouriteState::Published, "Непроверенное")
    );
    stall.block(stall.seller).await?;
    assert_eq!(
        stall.favourite(buyer).await?.state,
        FavouriteState::Withdrawn
    );
    stall
        .run("update market_data.listings set status = 'sold'")
        .await?;
    assert_eq!(
        stall.favourite(buyer).await?.state,
        FavouriteState::Withdrawn
    );
    Ok(())
}

#[tokio::test]
async fn favourites_come_in_pages_the_latest_first_and_nobody_elses() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (buyer, other) = (stall.person().await?, stall.person().await?);
    let mut added = Vec::new();
    for n in 0..5 {
        let listing = stall.another().await?;
        // Two at a time have the same moment.
        stall
            .run(&format!(
                "insert into market_data.favourites (user_id, listing_id, title, added_at)
                 values ({buyer}, {listing}, 'x', '2026-01-01'::timestamptz + {} * interval '1 hour')",
                n / 2
            ))
            .await?;
        added.push(listing);
    }
    added.reverse();
    favourite_add(&*stall.api, other, stall.listing).await?;
    let mut seen = Vec::new();
    let mut page = FavouriteList {
        limit: Some(2),
        ..list(buyer)
    };
    loop {
        let rows = favourite_list(&*stall.api, &page).await?;
        assert!(rows.len() <= 2);
        let Some(last) = rows.last() else { break };
        (page.after_at, page.after_listing) = (Some(last.added_at), Some(last.listing_id));
        seen.extend(rows.iter().map(|row| row.listing_id));
    }
    assert_eq!(seen, added);
    for (limit, count) in [(Some(0), 1), (Some(1000), 5)] {
        let rows = favourite_list(
            &*stall.api,
            &FavouriteList {
                limit,
                ..list(buyer)
            },
        )
        .await?;
        assert_eq!(rows.len(), count);
    }
    let nobody = favourite_list(&*stall.api, &list(UserId(-1))).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}
