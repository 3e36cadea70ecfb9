//! How long a listing stands: its end, what is seen after it, the job, renewal, and the lifetimes of categories.

use kardan_schema::market::{self, ListingSearch};
use kardan_schema::{CategoryId, Error, ListingId, Reason, Role, Status};

use super::{Scene, retitle, search};
use crate::plans::{Explained, Mode};
use crate::support::reason;

impl Scene {
    /// A listing of the seller that a moderator has just published.
    async fn approved(&self) -> anyhow::Result<ListingId> {
        let listing = self.listing(Status::Pending).await?;
        self.approve(listing).await?;
        Ok(listing)
    }

    async fn approve(&self, listing: ListingId) -> anyhow::Result<()> {
        let moderator = self.db.person(Role::Moderator).await?;
        let claimed = market::moderation_claim(&*self.api, moderator, Some(100)).await?;
        let item = claimed
            .iter()
            .find(|one| one.listing_id == listing)
            .unwrap();
        market::moderation_approve(&*self.api, moderator, item.item_id, None).await?;
        Ok(())
    }

    async fn expire(&self) -> anyhow::Result<()> {
        let session = self.db.as_role("kardan_maintenance").await?;
        session
            .execute("select from market.listings_expire()", &[])
            .await?;
        Ok(())
    }

    /// Days until the listing expires.
    async fn days_left(&self, listing: ListingId) -> anyhow::Result<f64> {
        let row = self
            .admin
            .query_one(
                "select (extract(epoch from l.expires_at - ops.clock_now()) / 86400)::float8
                 from market_data.listings as l where l.id = $1",
                &[&listing],
            )
            .await?;
        Ok(row.get(0))
    }

    async fn searched(&self) -> anyhow::Result<usize> {
        let search = ListingSearch {
            query: Some("колодки".to_owned()),
            ..search(None)
        };
        Ok(market::listing_search(&*self.api, &search).await?.len())
    }
}

#[tokio::test]
async fn a_published_listing_stands_as_long_as_its_category_says() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let admin = scene.db.person(Role::Admin).await?;
    let (category, subcategory) = (
        scene.category("brakes").await?,
        scene.category("brake-pads").await?,
    );
    let usual = scene.approved().await?;
    assert!((59.9..=60.0).contains(&scene.days_left(usual).await?));
    for (of, days) in [(category, Some(30)), (subcategory, Some(10))] {
        let set = market::listing_lifetime_set(&*scene.api, admin, of, days).await?;
        assert_eq!((set.category_id, set.days), (of, days));
        let again = market::listing_lifetime_set(&*scene.api, admin, of, days).await?;
        assert_eq!(again, set);
        let listing = scene.approved().await?;
        let left = scene.days_left(listing).await?;
        let days = f64::from(days.unwrap_or_default());
        assert!((days - 0.1..=days).contains(&left), "{left}");
    }
    let listed = market::listing_lifetime_list(&*scene.api, admin).await?;
    assert!(
        listed
            .iter()
            .any(|one| (one.category_id, one.days) == (subcategory, 10))
    );
    market::listing_lifetime_set(&*scene.api, admin, subcategory, None).await?;
    let listing = scene.approved().await?;
    assert!((29.9..=30.0).contains(&scene.days_left(listing).await?));
    let audited: i64 = scene
        .admin
        .query_one(
            "select count(*) from ops_data.audit as a where a.action = 'listing_lifetime.set'",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(audited, 3, "repeats are not recorded");
    Ok(())
}

#[tokio::test]
async fn a_lifetime_is_1_to_3650_days_of_a_category_that_there_is() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let admin = scene.db.person(Role::Admin).await?;
    let category = scene.category("brakes").await?;
    for days in [0, -1, 3651] {
        let answer = market::listing_lifetime_set(&*scene.api, admin, category, Some(days)).await;
        assert_eq!(reason(answer), Reason::ListingLifetimeDays);
    }
    let answer = market::listing_lifetime_set(&*scene.api, admin, CategoryId(-1), Some(1)).await;
    assert_eq!(reason(answer), Reason::CategoryUnknown);
    let answer = market::listing_lifetime_set(&*scene.api, scene.seller, category, Some(1)).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    let answer = market::listing_lifetime_list(&*scene.api, scene.seller).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn nobody_sees_or_reserves_an_expired_listing_even_before_the_job() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.approved().await?;
    let buyer = scene.db.person(Role::User).await?;
    assert_eq!(scene.searched().await?, 1);
    scene.db.shift_clock("60 days 1 second").await?;
    assert_eq!(market::listing_get(&*scene.api, listing).await?, None);
    assert_eq!(scene.searched().await?, 0);
    let answer = market::listing_reserve(&*scene.api, buyer, listing, 1).await;
    assert_eq!(reason(answer), Reason::ListingUnknown);
    // Its people still do.
    assert_eq!(scene.inside(listing).await?.status, Status::Published);
    Ok(())
}

#[tokio::test]
async fn the_job_archives_what_expired_in_nobodys_name_and_leaves_what_is_held()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (gone, held) = (scene.approved().await?, scene.approved().await?);
    scene.hold(held).await?;
    let fresh = scene.listing(Status::Published).await?;
    scene.expire().await?;
    assert_eq!(scene.inside(gone).await?.status, Status::Published);
    scene.db.shift_clock("60 days 1 second").await?;
    for _ in 0..2 {
        scene.expire().await?;
        assert_eq!(scene.inside(gone).await?.status, Status::Archived);
        assert_eq!(scene.inside(held).await?.status, Status::Published);
        assert_eq!(scene.inside(fresh).await?.status, Status::Published);
    }
    let row = scene
        .admin
        .query_one(
            "select e.event, e.actor_id from market_data.listing_events as e
             where e.listing_id = $1 order by e.id desc limit 1",
            &[&gone],
        )
        .await?;
    assert_eq!(
        (
            row.get::<_, String>(0).as_str(),
            row.get::<_, Option<i64>>(1)
        ),
        ("archived", None)
    );
    scene
        .admin
        .execute(
            "update market_data.reservations set state = 'released', closed_at = ops.clock_now()",
            &[],
        )
        .await?;
    scene.expire().await?;
    assert_eq!(scene.inside(held).await?.status, Status::Archived);
    Ok(())
}

#[tokio::test]
async fn the_job_does_not_wait_for_what_somebody_works_on() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (busy, idle) = (scene.approved().await?, scene.approved().await?);
    scene.db.shift_clock("61 days").await?;
    let mut other = scene.db.superuser().await?;
    let tx = other.transaction().await?;
    tx.execute(
        "select from market_data.listings where id = $1 for no key update",
        &[&busy],
    )
    .await?;
    scene.expire().await?;
    assert_eq!(scene.inside(idle).await?.status, Status::Archived);
    assert_eq!(scene.inside(busy).await?.status, Status::Published);
    tx.rollback().await?;
    scene.expire().await?;
    assert_eq!(scene.inside(busy).await?.status, Status::Archived);
    Ok(())
}

#[tokio::test]
async fn a_listing_is_renewed_in_its_last_week_and_not_before() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.approved().await?;
    let refusal = market::listing_renew(&*scene.api, scene.seller, listing, None).await;
    let Err(Error::Limited(fault, wait)) = refusal else {
        panic!("was not limited: {refusal:?}");
    };
    assert_eq!(fault.reason, Reason::ListingRenewEarly);
    let days = wait.as_secs_f64() / 86400.0;
    assert!((52.9..=53.1).contains(&days), "{days}");
    let schedule = market::listing_schedule_get(&*scene.api, scene.seller, listing)
        .await?
        .unwrap();
    let before = schedule.expires_at.unwrap() - schedule.renew_from.unwrap();
    assert_eq!(before.num_days(), 7);

    scene.db.shift_clock("53 days 1 minute").await?;
    let version = scene.version(listing).await?;
    let renewed = market::listing_renew(&*scene.api, scene.seller, listing, Some(version)).await?;
    assert_eq!(
        (renewed.status, renewed.version),
        (Status::Published, version + 1)
    );
    assert!((59.9..=60.0).contains(&scene.days_left(listing).await?));
    // The network asked twice.
    let again = market::listing_renew(&*scene.api, scene.seller, listing, Some(version)).await?;
    assert_eq!(again, renewed);
    let other = market::listing_renew(&*scene.api, scene.seller, listing, Some(version - 1)).await;
    assert_eq!(reason(other), Reason::VersionStale);
    let events: i64 = scene
        .admin
        .query_one(
            "select count(*) from market_data.listing_events as e where e.listing_id = $1 and e.event = 'renewed'",
            &[&listing],
        )
        .await?
        .get(0);
    assert_eq!(events, 1);
    Ok(())
}

#[tokio::test]
async fn an_archived_listing_that_expired_comes_back_without_a_moderator_for_a_month()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (soon, late) = (scene.approved().await?, scene.approved().await?);
    scene.db.shift_clock("61 days").await?;
    scene.expire().await?;
    let renewed = market::listing_renew(&*scene.api, scene.seller, soon, None).await?;
    assert_eq!(renewed.status, Status::Published);
    assert!(market::listing_get(&*scene.api, soon).await?.is_some());
    scene.db.shift_clock("90 days 1 minute").await?;
    let answer = market::listing_renew(&*scene.api, scene.seller, late, None).await;
    assert_eq!(reason(answer), Reason::ListingNotRenewable);
    // The long way is open, and its end is a new one.
    market::listing_restore(&*scene.api, scene.seller, late, None).await?;
    market::listing_submit(&*scene.api, scene.seller, late, None).await?;
    scene.approve(late).await?;
    assert!((59.9..=60.0).contains(&scene.days_left(late).await?));
    Ok(())
}

#[tokio::test]
async fn what_its_people_archived_is_not_renewed_nor_what_others_own() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.approved().await?;
    scene.db.shift_clock("55 days").await?;
    let stranger = scene.db.person(Role::User).await?;
    let answer = market::listing_renew(&*scene.api, stranger, listing, None).await;
    assert_eq!(reason(answer), Reason::ListingNotYours);
    let shown = market::listing_schedule_get(&*scene.api, stranger, listing).await?;
    assert_eq!(shown, None);
    market::listing_withdraw(&*scene.api, scene.seller, listing, None).await?;
    let answer = market::listing_renew(&*scene.api, scene.seller, listing, None).await;
    assert_eq!(reason(answer), Reason::ListingNotRenewable);
    for status in [
        Status::Draft,
        Status::Pending,
        Status::Sold,
        Status::Reserved,
    ] {
        let listing = scene.listing(status).await?;
        let answer = market::listing_renew(&*scene.api, scene.seller, listing, None).await;
        assert_eq!(reason(answer), Reason::ListingNotRenewable, "{status}");
    }
    Ok(())
}

#[tokio::test]
async fn an_edit_does_not_prolong_a_listing() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.approved().await?;
    scene.db.shift_clock("20 days").await?;
    market::listing_update(&*scene.api, &retitle(scene.seller, listing)).await?;
    scene.approve(listing).await?;
    assert!((39.9..=40.0).contains(&scene.days_left(listing).await?));
    Ok(())
}

#[tokio::test]
async fn the_job_finds_what_expired_by_its_index() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let pattern = scene.listing(Status::Published).await?;
    scene
        .admin
        .batch_execute(&format!(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at, published_at, expires_at)
             select l.kind, 'published', l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, 1, l.created_at, l.updated_at,
                 l.published_at, ops.clock_now() + n * interval '1 hour'
             from market_data.listings as l, generate_series(-20, 20000) as n
             where l.id = {pattern};
             analyze market_data.listings"
        ))
        .await?;
    let plans = Explained::run(&scene.db, Mode::Generic, "select market.listings_expire()").await?;
    plans.assert_index("listings_expires_at_idx");
    plans.assert_no_full_scan("listings");
    let left: i64 = scene
        .admin
        .query_one(
            "select count(*) from market_data.listings as l
             where l.status = 'published' and l.expires_at <= ops.clock_now()",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(left, 0);
    Ok(())
}
