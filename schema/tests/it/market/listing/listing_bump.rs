//! Bumps: a listing stands first again, not too soon and not too often.

use kardan_schema::market;
use kardan_schema::{Error, ListingId, Reason, Role, Status};

use super::Scene;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

impl Scene {
    /// A listing that was published five hours ago.
    async fn ripe(&self) -> anyhow::Result<ListingId> {
        let listing = self.listing(Status::Published).await?;
        self.set(
            listing,
            "published_at = ops.clock_now() - interval '5 hours'",
        )
        .await?;
        Ok(listing)
    }

    /// Moves the program's clock to this hour of the day after tomorrow, in UTC.
    async fn at_hour(&self, hours: f64) -> anyhow::Result<()> {
        let shift: String = self
            .admin
            .query_one(
                "select extract(epoch from date_trunc('day', now(), 'UTC') + interval '2 days'
                     + $1 * interval '1 hour' - now())::text || ' seconds'",
                &[&hours],
            )
            .await?
            .get(0);
        self.db.shift_clock(&shift).await
    }
}

#[tokio::test]
async fn a_bump_puts_a_listing_first_and_the_first_publication_stays_known() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.at_hour(12.0).await?;
    let old = scene.ripe().await?;
    let new = scene.listing(Status::Published).await?;
    scene
        .set(new, "published_at = ops.clock_now() - interval '1 hour'")
        .await?;
    let version = scene.version(old).await?;
    let was = scene.inside(old).await?.published_at;
    let bumped = market::listing_bump(&*scene.api, scene.seller, old, Some(version)).await?;
    assert_eq!((bumped.version, bumped.bumps_left), (version + 1, 2));
    assert!(bumped.published_at > scene.inside(new).await?.published_at.unwrap());
    let wait = bumped.next_bump_at - bumped.published_at;
    assert_eq!(wait.num_seconds(), 14_400);
    // The network asked twice.
    let again = market::listing_bump(&*scene.api, scene.seller, old, Some(version)).await?;
    assert_eq!(again, bumped);
    let schedule = market::listing_schedule_get(&*scene.api, scene.seller, old)
        .await?
        .unwrap();
    assert_eq!(schedule.first_published_at, was);
    assert_eq!(schedule.bumped_at, Some(bumped.published_at));
    assert_eq!(schedule.next_bump_at, Some(bumped.next_bump_at));
    Ok(())
}

#[tokio::test]
async fn a_bump_too_soon_is_refused_with_the_seconds_left() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.at_hour(2.0).await?;
    let listing = scene.listing(Status::Published).await?;
    scene
        .set(
            listing,
            "published_at = ops.clock_now() - interval '3 hours'",
        )
        .await?;
    let refusal = market::listing_bump(&*scene.api, scene.seller, listing, None).await;
    let Err(Error::Limited(fault, wait)) = refusal else {
        panic!("was not limited: {refusal:?}");
    };
    assert_eq!(fault.reason, Reason::ListingBumpEarly);
    assert!((3500..=3600).contains(&wait.as_secs()), "{wait:?}");
    scene.at_hour(3.01).await?;
    market::listing_bump(&*scene.api, scene.seller, listing, None).await?;
    Ok(())
}

#[tokio::test]
async fn a_day_has_so_many_bumps_and_the_next_day_as_many_again() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.at_hour(1.0).await?;
    let listing = scene.ripe().await?;
    for (hour, left) in [(1.0, 2), (6.0, 1), (11.0, 0)] {
        scene.at_hour(hour).await?;
        let bumped = market::listing_bump(&*scene.api, scene.seller, listing, None).await?;
        assert_eq!(bumped.bumps_left, left);
    }
    scene.at_hour(16.0).await?;
    let refusal = market::listing_bump(&*scene.api, scene.seller, listing, None).await;
    let Err(Error::Limited(_, wait)) = refusal else {
        panic!("was not limited: {refusal:?}");
    };
    // Until midnight in UTC.
    assert!((28_700..=28_800).contains(&wait.as_secs()), "{wait:?}");
    scene.at_hour(24.01).await?;
    let bumped = market::listing_bump(&*scene.api, scene.seller, listing, None).await?;
    assert_eq!(bumped.bumps_left, 2);
    Ok(())
}

#[tokio::test]
async fn of_two_bumps_at_one_time_one_wins() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.at_hour(12.0).await?;
    let listing = scene.ripe().await?;
    let mut first = scene.db.as_role("kardan_api").await?;
    let second = scene.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let tx = first.transaction().await?;
    market::listing_bump(&tx, scene.seller, listing, None).await?;
    let seller = scene.seller;
    let waiting =
        tokio::spawn(async move { market::listing_bump(&*second, seller, listing, None).await });
    until_blocked(&scene.db, process).await?;
    tx.commit().await?;
    assert_eq!(reason(waiting.await?), Reason::ListingBumpEarly);
    let row = scene
        .admin
        .query_one(
            "select count(*) from market_data.listing_events as e where e.listing_id = $1 and e.event = 'bumped'",
            &[&listing],
        )
        .await?;
    assert_eq!(row.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn only_what_is_published_is_bumped_by_its_own_people() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.at_hour(12.0).await?;
    let stranger = scene.db.person(Role::User).await?;
    let listing = scene.ripe().await?;
    let answer = market::listing_bump(&*scene.api, stranger, listing, None).await;
    assert_eq!(reason(answer), Reason::ListingNotYours);
    let answer = market::listing_bump(&*scene.api, scene.seller, listing, Some(-7)).await;
    assert_eq!(reason(answer), Reason::VersionStale);
    scene.set(listing, "expires_at = ops.clock_now()").await?;
    let answer = market::listing_bump(&*scene.api, scene.seller, listing, None).await;
    assert_eq!(reason(answer), Reason::ListingNotBumpable);
    for status in Status::ALL.iter().filter(|one| **one != Status::Published) {
        let listing = scene.listing(*status).await?;
        let answer = market::listing_bump(&*scene.api, scene.seller, listing, None).await;
        assert_eq!(reason(answer), Reason::ListingNotBumpable, "{status}");
    }
    scene.block(scene.seller).await?;
    let answer = market::listing_bump(&*scene.api, scene.seller, listing, None).await;
    assert_eq!(reason(answer), Reason::ActorBlocked);
    Ok(())
}
