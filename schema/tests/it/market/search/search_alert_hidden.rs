//! What is hidden when its alert is due is told when it is seen again, once for ever.

use kardan_schema::market::{
    SavedSearchCreate, listing_reserve, reservation_release, saved_search_delete,
    search_alert_take, search_news_run,
};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Frequency, Role, UserId};
use kardan_testdb::ListingFixture;

use super::saved_search::wish;
use super::search_alert::Alerts;
use crate::locks::{backend, until_blocked};

impl Alerts {
    async fn block(&self, user: UserId) -> anyhow::Result<()> {
        let ban = UserBlock {
            actor: self.market.db.person(Role::Admin).await?,
            user,
            until: None,
            reason: "Spam".to_owned(),
        };
        people::user_block(&*self.market.api, &ban).await?;
        Ok(())
    }

    async fn unblock(&self, user: UserId) -> anyhow::Result<()> {
        let admin = self.market.db.person(Role::Admin).await?;
        people::user_unblock(&*self.market.api, admin, user, None).await?;
        Ok(())
    }
}

#[tokio::test]
async fn what_is_reserved_when_it_is_due_is_told_when_it_is_released() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let listing = it.market.part("Фара левая", "").await?;
    it.compare().await?;
    let other = it.market.db.person(Role::User).await?;
    let held = listing_reserve(&*it.market.api, other, listing, 3).await?;
    assert_eq!(it.taken().await?, []);
    it.market.db.shift_clock("2 hours").await?;
    assert_eq!(it.taken().await?, []);
    reservation_release(&*it.market.api, other, held.reservation_id).await?;
    assert_eq!(it.told().await?, [listing]);
    for status in ["reserved", "published"] {
        it.set(listing, &format!("status = '{status}'")).await?;
    }
    it.market.db.shift_clock("4 hours").await?;
    assert_eq!(it.taken().await?, []);
    Ok(())
}

#[tokio::test]
async fn what_a_moderator_looks_at_again_is_told_if_it_still_matches() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&SavedSearchCreate {
        price_max: Some(500),
        ..wish(it.buyer, "фара")
    })
    .await?;
    let same = it.market.priced("Фара левая", 400).await?;
    let dearer = it.market.priced("Фара правая", 400).await?;
    // Old for the search, and cheap enough only now.
    it.compare().await?;
    for listing in [same, dearer] {
        it.set(listing, "status = 'pending'").await?;
    }
    assert_eq!(it.taken().await?, []);
    it.set(dearer, "price_minor = 600").await?;
    for listing in [same, dearer] {
        it.set(listing, "status = 'published'").await?;
    }
    assert_eq!(it.told().await?, [same]);
    Ok(())
}

#[tokio::test]
async fn a_price_that_fell_is_not_forgotten_while_the_listing_is_hidden() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let found = it.market.priced("Фара левая", 1000).await?;
    let unseen = it.market.priced("Фара правая", 1000).await?;
    it.save(&SavedSearchCreate {
        price_max: Some(500),
        ..wish(it.buyer, "фара")
    })
    .await?;
    it.compare().await?;
    it.set(found, "price_minor = 400").await?;
    it.compare().await?;
    it.set(found, "status = 'pending'").await?;
    // The other one is hidden before anybody has compared it.
    it.set(unseen, "price_minor = 400").await?;
    it.set(unseen, "status = 'pending'").await?;
    assert_eq!(it.taken().await?, []);
    for listing in [found, unseen] {
        it.set(listing, "status = 'published'").await?;
    }
    assert_eq!(it.told().await?, [found, unseen]);
    Ok(())
}

#[tokio::test]
async fn what_a_blocked_person_sells_is_told_within_an_hour_after_they_are_unblocked()
-> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let seller = it.market.db.person(Role::User).await?;
    let fixture = |title: &str| ListingFixture {
        title: title.to_owned(),
        ..ListingFixture::default()
    };
    let compared = it.market.db.listing(seller, &fixture("Фара левая")).await?;
    it.compare().await?;
    it.block(seller).await?;
    let unseen = it
        .market
        .db
        .listing(seller, &fixture("Фара правая"))
        .await?;
    assert_eq!(it.taken().await?, []);
    it.market.db.shift_clock("2 hours").await?;
    assert_eq!(it.taken().await?, []);
    it.unblock(seller).await?;
    it.market.db.shift_clock("3 hours 1 minute").await?;
    assert_eq!(it.told().await?, [compared, unseen]);
    it.market.db.shift_clock("6 hours").await?;
    assert_eq!(it.taken().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_is_told_nothing_and_hears_nothing_old_later() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    it.market.part("Фара левая", "").await?;
    it.block(it.buyer).await?;
    assert_eq!(it.taken().await?, []);
    it.unblock(it.buyer).await?;
    it.market.db.shift_clock("2 hours").await?;
    assert_eq!(it.taken().await?, []);
    let new = it.market.part("Фара правая", "").await?;
    assert_eq!(it.told().await?, [new]);
    Ok(())
}

#[tokio::test]
async fn what_comes_back_keeps_to_the_hours_of_its_search() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&SavedSearchCreate {
        frequency: Some(Frequency::Hourly),
        ..wish(it.buyer, "фара")
    })
    .await?;
    let listing = it.market.part("Фара левая", "").await?;
    it.compare().await?;
    it.set(listing, "status = 'pending'").await?;
    it.market.db.shift_clock("1 hour").await?;
    assert_eq!(it.taken().await?, []);
    it.set(listing, "status = 'published'").await?;
    assert_eq!(it.taken().await?, []);
    it.market.db.shift_clock("2 hours").await?;
    assert_eq!(it.told().await?, [listing]);
    Ok(())
}

#[tokio::test]
async fn what_comes_back_at_the_moment_in_which_it_is_put_aside_is_not_lost() -> anyhow::Result<()>
{
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let listing = it.market.part("Фара левая", "").await?;
    it.compare().await?;
    it.set(listing, "status = 'pending'").await?;
    // One session compares news, and so the worker does not.
    let job = it.market.db.as_role("kardan_maintenance").await?;
    let waiting = backend(&job).await?;
    job.batch_execute("begin").await?;
    search_news_run(&*job).await?;
    it.worker.batch_execute("begin").await?;
    assert_eq!(search_alert_take(&*it.worker, None).await?, []);
    it.set(listing, "status = 'published'").await?;
    let late = tokio::spawn(async move {
        search_news_run(&*job).await?;
        anyhow::Ok(job.batch_execute("commit").await?)
    });
    until_blocked(&it.market.db, waiting).await?;
    it.worker.batch_execute("commit").await?;
    late.await??;
    assert_eq!(it.told().await?, [listing]);
    Ok(())
}

#[tokio::test]
async fn a_search_that_is_deleted_meanwhile_takes_its_matches_along() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    it.save(&wish(it.buyer, "левая")).await?;
    let listing = it.market.part("Фара левая", "").await?;
    let first = it
        .market
        .number("select min(s.id) from market_data.saved_searches as s")
        .await?;
    it.market.api.batch_execute("begin").await?;
    saved_search_delete(
        &*it.market.api,
        it.buyer,
        kardan_schema::SavedSearchId(first),
    )
    .await?;
    let job = it.market.db.as_role("kardan_maintenance").await?;
    let waiting = backend(&job).await?;
    let matching = tokio::spawn(async move { search_news_run(&*job).await });
    until_blocked(&it.market.db, waiting).await?;
    it.market.api.batch_execute("commit").await?;
    matching.await??;
    assert_eq!(it.told().await?, [listing]);
    Ok(())
}
