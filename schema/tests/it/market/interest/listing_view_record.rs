//! Counting views: once a day and viewer, in batches.

use chrono::{DateTime, Duration, Utc};
use kardan_schema::market::{self, ListingViewRecord};
use kardan_schema::{Reason, UserId};

use super::Stall;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

/// Views of one listing by these people and visitors.
fn views(
    stall: &Stall,
    users: &[UserId],
    visitors: &[&str],
    at: DateTime<Utc>,
) -> ListingViewRecord {
    let people = users.iter().map(|one| (one.0, ""));
    let all: Vec<_> = people.chain(visitors.iter().map(|one| (0, *one))).collect();
    ListingViewRecord {
        listings: vec![stall.listing.0; all.len()],
        users: all.iter().map(|one| one.0).collect(),
        visitors: all.iter().map(|one| one.1.to_owned()).collect(),
        times: vec![at; all.len()],
    }
}

async fn now(stall: &Stall) -> anyhow::Result<DateTime<Utc>> {
    Ok(stall
        .admin
        .query_one("select ops.clock_now()", &[])
        .await?
        .get(0))
}

#[tokio::test]
async fn a_viewer_counts_once_a_day_and_again_on_the_next() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(2).await?;
    let (today, yesterday) = {
        let now = now(&stall).await?;
        (now, now - Duration::hours(24) + Duration::seconds(5))
    };
    let named = [people[0], people[1], people[0]];
    let batch = views(
        &stall,
        &named,
        &["192.0.2.1", "192.0.2.1", "192.0.2.2"],
        today,
    );
    let first = market::listing_view_record(&*stall.api, &batch).await?;
    assert_eq!(first.recorded, 4);
    assert_eq!(
        market::listing_view_record(&*stall.api, &batch)
            .await?
            .recorded,
        0
    );
    let late = views(&stall, &people[..1], &[], yesterday);
    assert_eq!(
        market::listing_view_record(&*stall.api, &late)
            .await?
            .recorded,
        1
    );
    let days = stall
        .number("select count(distinct v.day) from market_data.listing_views as v")
        .await?;
    assert_eq!(days, 2);
    Ok(())
}

#[tokio::test]
async fn neither_own_people_nor_what_cannot_be_counts() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (member, buyer) = (stall.person().await?, stall.person().await?);
    let now = now(&stall).await?;
    let own = views(&stall, &[stall.seller], &[""], now);
    let early = views(&stall, &[buyer], &[], now - Duration::hours(25));
    let future = views(&stall, &[buyer], &[], now + Duration::hours(1));
    let unknown = ListingViewRecord {
        listings: vec![-1],
        ..views(&stall, &[buyer], &[], now)
    };
    // Lists of different lengths: what is missing is nothing.
    let uneven = ListingViewRecord {
        times: vec![],
        ..views(&stall, &[buyer], &[], now)
    };
    for batch in [own, early, future, unknown, uneven] {
        let recorded = market::listing_view_record(&*stall.api, &batch).await?;
        assert_eq!(recorded.recorded, 0, "{batch:?}");
    }
    stall.to_shop_of(&[member]).await?;
    let both = views(&stall, &[member, buyer], &[], now);
    assert_eq!(
        market::listing_view_record(&*stall.api, &both)
            .await?
            .recorded,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_batch_has_a_ceiling() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let now = now(&stall).await?;
    let many: Vec<_> = (0..1001).map(|one| one.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let all = views(&stall, &[], &many, now);
    let answer = market::listing_view_record(&*stall.api, &all).await;
    assert_eq!(reason(answer), Reason::ViewBatchSize);
    let most = views(&stall, &[], &many[1..], now);
    let recorded = market::listing_view_record(&*stall.api, &most).await?;
    assert_eq!(recorded.recorded, 1000);
    Ok(())
}

#[tokio::test]
async fn two_who_bring_the_same_views_wait_for_each_other_and_count_them_once() -> anyhow::Result<()>
{
    let stall = Stall::open().await?;
    let people = stall.people(3).await?;
    let now = now(&stall).await?;
    let forth = views(&stall, &people, &[], now);
    let mut back = forth.clone();
    back.users.reverse();
    let mut first = stall.db.as_role("kardan_api").await?;
    let second = stall.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    assert_eq!(market::listing_view_record(&tx, &forth).await?.recorded, 3);
    let waiting = tokio::spawn(async move { market::listing_view_record(&*second, &back).await });
    until_blocked(&stall.db, process).await?;
    tx.commit().await?;
    assert_eq!(waiting.await??.recorded, 0);
    Ok(())
}
