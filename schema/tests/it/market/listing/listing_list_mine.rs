//! A person's own listings.

use kardan_schema::market::{self, ListingListMine};
use kardan_schema::{ListingId, Reason, Status, UserId};
use kardan_testdb::ListingFixture;

use super::Scene;
use crate::plans::{Explained, Mode};
use crate::support::reason;

fn all_of(actor: UserId) -> ListingListMine {
    ListingListMine {
        actor,
        status: None,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn they_come_newest_first_in_pages_without_a_gap_or_a_double() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut made = Vec::new();
    for status in Status::ALL {
        made.push(scene.listing(*status).await?);
    }
    made.reverse();
    let other = scene.db.person(kardan_schema::Role::User).await?;
    scene.db.listing(other, &ListingFixture::default()).await?;
    let mut seen: Vec<ListingId> = Vec::new();
    loop {
        let page = ListingListMine {
            limit: Some(3),
            after: seen.last().copied(),
            ..all_of(scene.seller)
        };
        let page = market::listing_list_mine(&*scene.api, &page).await?;
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        seen.extend(page.iter().map(|l| l.listing_id));
    }
    assert_eq!(seen, made);
    Ok(())
}

#[tokio::test]
async fn they_can_be_asked_for_by_state_and_a_shops_are_not_among_them() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.shop().await?;
    let rejected = scene.listing(Status::Rejected).await?;
    scene.listing(Status::Draft).await?;
    let only = ListingListMine {
        status: Some(Status::Rejected),
        ..all_of(scene.seller)
    };
    let mine = market::listing_list_mine(&*scene.api, &only).await?;
    assert_eq!(mine.len(), 1);
    assert_eq!(
        (
            mine[0].listing_id,
            mine[0].status,
            mine[0].rejection_reason.as_deref()
        ),
        (rejected, Status::Rejected, Some("other"))
    );
    assert_eq!(
        market::listing_list_mine(&*scene.api, &all_of(scene.seller))
            .await?
            .len(),
        2
    );
    Ok(())
}

#[tokio::test]
async fn a_page_has_1_to_100_and_20_unless_asked() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for _ in 0..101 {
        scene.listing(Status::Draft).await?;
    }
    for (limit, expected) in [
        (None, 20),
        (Some(0), 1),
        (Some(-5), 1),
        (Some(7), 7),
        (Some(1000), 100),
    ] {
        let page = ListingListMine {
            limit,
            ..all_of(scene.seller)
        };
        let page = market::listing_list_mine(&*scene.api, &page).await?;
        assert_eq!(page.len(), expected, "{limit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_still_sees_theirs_and_an_unknown_one_signs_in_again() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    scene.listing(Status::Draft).await?;
    scene.block(scene.seller).await?;
    assert_eq!(
        market::listing_list_mine(&*scene.api, &all_of(scene.seller))
            .await?
            .len(),
        1
    );
    assert_eq!(
        reason(market::listing_list_mine(&*scene.api, &all_of(UserId(-1))).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_page_is_read_from_the_owners_index() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    scene
        .admin
        .batch_execute(&format!(
            "insert into people_data.users (role, display_name, created_at, updated_at)
             select 'user', 'Seller ' || n, ops.clock_now(), ops.clock_now() from generate_series(1, 50) as n;
             insert into market_data.listings (
                 kind, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition, place_id,
                 price_minor, stock_quantity, created_at, updated_at)
             select l.kind, u.id, u.id, u.id, l.title, l.category_id, l.subcategory_id, l.condition, l.place_id,
                 l.price_minor, l.stock_quantity, l.created_at, l.updated_at
             from market_data.listings as l
             cross join people_data.users as u
             cross join generate_series(1, 60)
             where l.id = {listing};
             analyze market_data.listings"
        ))
        .await?;
    for (mode, after) in [
        (Mode::Custom, "null"),
        (Mode::Generic, "null"),
        (Mode::Generic, "100"),
    ] {
        let call = format!(
            "select from market.listing_list_mine({}, null, 20, {after})",
            scene.seller
        );
        let explained = Explained::run(&scene.db, mode, &call).await?;
        explained.assert_index("listings_owner_user_id_idx");
        explained.assert_no_full_scan("listings");
    }
    Ok(())
}
