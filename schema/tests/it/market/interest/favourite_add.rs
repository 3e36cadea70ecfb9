//! Putting listings aside and letting them go.

use kardan_schema::market::{FavouriteList, favourite_add, favourite_list, favourite_remove};
use kardan_schema::{ListingId, Reason, Status, UserId};
use kardan_testdb::ListingFixture;

use super::Stall;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

impl Stall {
    async fn favourites(&self, actor: UserId) -> anyhow::Result<Vec<ListingId>> {
        let all = FavouriteList {
            actor,
            limit: Some(100),
            after_at: None,
            after_listing: None,
        };
        let rows = favourite_list(&*self.api, &all).await?;
        Ok(rows.iter().map(|row| row.listing_id).collect())
    }
}

#[tokio::test]
async fn a_favourite_is_added_once_and_removed_once() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    let first = favourite_add(&*stall.api, buyer, stall.listing).await?;
    stall.db.shift_clock("1 hour").await?;
    let again = favourite_add(&*stall.api, buyer, stall.listing).await?;
    assert_eq!(again, first);
    // What is a favourite already stays one, whatever has become of it.
    stall
        .run("update market_data.listings set status = 'archived'")
        .await?;
    assert_eq!(
        favourite_add(&*stall.api, buyer, stall.listing).await?,
        first
    );
    for _ in 0..2 {
        favourite_remove(&*stall.api, buyer, stall.listing).await?;
        assert!(stall.favourites(buyer).await?.is_empty());
    }
    let gone = favourite_add(&*stall.api, buyer, stall.listing).await;
    assert_eq!(reason(gone), Reason::ListingUnknown);
    Ok(())
}

#[tokio::test]
async fn nobody_adds_what_is_their_own_or_what_they_cannot_see() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (member, buyer) = (stall.person().await?, stall.person().await?);
    let own = favourite_add(&*stall.api, stall.seller, stall.listing).await;
    assert_eq!(reason(own), Reason::FavouriteOwnListing);
    stall.to_shop_of(&[member]).await?;
    let shops = favourite_add(&*stall.api, member, stall.listing).await;
    assert_eq!(reason(shops), Reason::FavouriteOwnListing);
    let pending = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    let pending = stall.db.listing(stall.seller, &pending).await?;
    for unseen in [pending, ListingId(-1)] {
        let answer = favourite_add(&*stall.api, buyer, unseen).await;
        assert_eq!(reason(answer), Reason::ListingUnknown);
    }
    let nobody = favourite_add(&*stall.api, UserId(-1), stall.listing).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_adds_nothing_and_still_sees_and_removes() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    favourite_add(&*stall.api, buyer, stall.listing).await?;
    stall.block(buyer).await?;
    let answer = favourite_add(&*stall.api, buyer, stall.listing).await;
    assert_eq!(reason(answer), Reason::ActorBlocked);
    assert_eq!(stall.favourites(buyer).await?, [stall.listing]);
    favourite_remove(&*stall.api, buyer, stall.listing).await?;
    assert!(stall.favourites(buyer).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_last_place_is_taken_by_one_of_two_at_one_moment() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    stall.setting("favourites.limit", "1").await?;
    let buyer = stall.person().await?;
    let another = stall.another().await?;
    let mut first = stall.db.as_role("kardan_api").await?;
    let second = stall.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    favourite_add(&tx, buyer, stall.listing).await?;
    let waiting = tokio::spawn(async move { favourite_add(&*second, buyer, another).await });
    until_blocked(&stall.db, process).await?;
    tx.commit().await?;
    assert_eq!(reason(waiting.await?), Reason::FavouriteLimit);
    favourite_remove(&*stall.api, buyer, stall.listing).await?;
    favourite_add(&*stall.api, buyer, another).await?;
    Ok(())
}
