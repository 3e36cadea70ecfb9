//! Changing what a listing says.

use kardan_schema::market::{self, ListingUpdate};
use kardan_schema::{BrandId, Condition, PlaceId, Reason, Role, Status};
use serde_json::json;

use super::{Scene, change, retitle};
use crate::support::reason;

#[tokio::test]
async fn what_is_not_named_stays_and_brand_zero_takes_the_brand_away() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let brand: BrandId = scene
        .admin
        .query_one(
            "select b.id from catalog_data.brands as b where b.name = 'Bosch'",
            &[],
        )
        .await?
        .get(0);
    let listing = market::listing_create(&*scene.api, &scene.draft().await?)
        .await?
        .listing_id;
    let before = scene.inside(listing).await?;
    let wish = ListingUpdate {
        version: Some(1),
        brand: Some(brand),
        condition: Some(Condition::Rebuilt),
        attributes: Some(json!({"side": "right"})),
        ..change(scene.seller, listing)
    };
    let updated = market::listing_update(&*scene.api, &wish).await?;
    assert_eq!((updated.status, updated.version), (Status::Draft, 2));
    let after = scene.inside(listing).await?;
    assert_eq!(
        (after.brand_id, after.brand_label.as_str()),
        (Some(brand), "Bosch")
    );
    assert_eq!(after.condition, Condition::Rebuilt);
    assert_eq!(
        (
            after.title,
            after.place_id,
            after.price_minor,
            after.contact_phone
        ),
        (
            before.title,
            before.place_id,
            before.price_minor,
            before.contact_phone
        )
    );
    let without = ListingUpdate {
        brand: Some(BrandId(0)),
        ..change(scene.seller, listing)
    };
    market::listing_update(&*scene.api, &without).await?;
    let bare = scene.inside(listing).await?;
    assert_eq!((bare.brand_id, bare.brand_label.as_str()), (None, ""));
    assert_eq!(bare.condition, Condition::Rebuilt);
    Ok(())
}

#[tokio::test]
async fn a_published_listing_goes_back_to_the_moderators_for_its_text_but_not_for_its_town()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let moved = ListingUpdate {
        place: Some(PlaceId(2)),
        contact_name: Some("Пётр".to_owned()),
        ..change(scene.seller, listing)
    };
    let updated = market::listing_update(&*scene.api, &moved).await?;
    assert_eq!(
        (updated.status, scene.waiting(listing).await?),
        (Status::Published, 0)
    );

    let updated = market::listing_update(&*scene.api, &retitle(scene.seller, listing)).await?;
    assert_eq!(
        (updated.status, scene.waiting(listing).await?),
        (Status::Pending, 1)
    );
    assert_eq!(market::listing_get(&*scene.api, listing).await?, None);
    // While it waits it may change again; it waits once.
    let again = ListingUpdate {
        description: Some("Другое описание".to_owned()),
        ..change(scene.seller, listing)
    };
    let updated = market::listing_update(&*scene.api, &again).await?;
    assert_eq!(
        (updated.status, scene.waiting(listing).await?),
        (Status::Pending, 1)
    );
    Ok(())
}

#[tokio::test]
async fn what_waits_or_is_published_keeps_a_contact_and_good_extra_fields() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in [Status::Pending, Status::Published] {
        let listing = scene.listing(status).await?;
        let mute = ListingUpdate {
            contact_phone: Some(" ".to_owned()),
            ..change(scene.seller, listing)
        };
        assert_eq!(
            reason(market::listing_update(&*scene.api, &mute).await),
            Reason::ListingContactRequired
        );
        let odd = ListingUpdate {
            attributes: Some(json!({"wings": 2})),
            ..change(scene.seller, listing)
        };
        assert_eq!(
            reason(market::listing_update(&*scene.api, &odd).await),
            Reason::AttributeUnknown
        );
        assert_eq!(scene.inside(listing).await?.status, status);
    }
    let draft = scene.listing(Status::Draft).await?;
    let odd = ListingUpdate {
        attributes: Some(json!({"wings": 2})),
        ..change(scene.seller, draft)
    };
    market::listing_update(&*scene.api, &odd).await?;
    Ok(())
}

#[tokio::test]
async fn an_old_version_is_refused_unless_the_wish_is_fulfilled_already() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let wish = ListingUpdate {
        version: Some(1),
        ..retitle(scene.seller, listing)
    };
    let first = market::listing_update(&*scene.api, &wish).await?;
    assert_eq!(first.version, 2);
    // The answer was lost and the request came again.
    assert_eq!(market::listing_update(&*scene.api, &wish).await?, first);
    let late = ListingUpdate {
        title: Some("Третье имя".to_owned()),
        ..wish
    };
    assert_eq!(
        reason(market::listing_update(&*scene.api, &late).await),
        Reason::VersionStale
    );
    assert_eq!(scene.inside(listing).await?.title, "Колодки задние");
    Ok(())
}

#[tokio::test]
async fn while_a_moderator_checks_it_a_listing_stays_as_it_is() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Pending).await?;
    scene.claim(listing).await?;
    assert_eq!(
        reason(market::listing_update(&*scene.api, &retitle(scene.seller, listing)).await),
        Reason::ListingUnderReview
    );
    scene.db.shift_clock("16 minutes").await?;
    market::listing_update(&*scene.api, &retitle(scene.seller, listing)).await?;
    Ok(())
}

#[tokio::test]
async fn a_moderator_cannot_take_a_check_while_its_listing_is_being_changed() -> anyhow::Result<()>
{
    let mut scene = Scene::new().await?;
    let listing = scene.listing(Status::Pending).await?;
    let wish = retitle(scene.seller, listing);
    let editing = scene.api.transaction().await?;
    market::listing_update(&editing, &wish).await?;
    let free = "select i.id from market_data.moderation_items as i
                where i.listing_id = $1 and i.closed_at is null for update skip locked";
    assert!(scene.admin.query(free, &[&listing]).await?.is_empty());
    editing.commit().await?;
    assert_eq!(scene.admin.query(free, &[&listing]).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn of_two_changes_at_once_the_second_finds_its_version_gone() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let mut other = scene.db.as_role("kardan_api").await?;
    let first = other.transaction().await?;
    let wish = ListingUpdate {
        version: Some(1),
        ..retitle(scene.seller, listing)
    };
    market::listing_update(&first, &wish).await?;
    let second = ListingUpdate {
        title: Some("Другое имя".to_owned()),
        ..wish
    };
    let second = market::listing_update(&*scene.api, &second);
    let end = async {
        scene.somebody_waits().await?;
        first.commit().await?;
        anyhow::Ok(())
    };
    let (second, end) = tokio::join!(second, end);
    end?;
    assert_eq!(reason(second), Reason::VersionStale);
    Ok(())
}

#[tokio::test]
async fn a_member_of_the_shop_changes_its_listing_until_they_are_removed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, owner, listing) = scene.shop().await?;
    market::listing_update(&*scene.api, &retitle(owner, listing)).await?;
    let wish = ListingUpdate {
        title: Some("Колодки передние".to_owned()),
        ..change(scene.seller, listing)
    };
    // Removed in the very moment: the change waits and then comes too late.
    let mut other = scene.db.as_role("kardan_api").await?;
    let removal = other.transaction().await?;
    market::shop_member_remove(&removal, owner, shop, scene.seller).await?;
    let attempt = market::listing_update(&*scene.api, &wish);
    let end = async {
        scene.somebody_waits().await?;
        removal.commit().await?;
        anyhow::Ok(())
    };
    let (attempt, end) = tokio::join!(attempt, end);
    end?;
    assert_eq!(reason(attempt), Reason::ListingUnknown);
    assert_eq!(
        market::listing_view(&*scene.api, scene.seller, listing).await?,
        None
    );
    let kept = market::listing_view(&*scene.api, owner, listing)
        .await?
        .unwrap();
    assert_eq!(
        (kept.seller_shop_id, kept.title.as_str()),
        (Some(shop), "Колодки задние")
    );
    Ok(())
}

#[tokio::test]
async fn a_moderator_does_not_change_somebody_elses_listing_here() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    assert_eq!(
        reason(market::listing_update(&*scene.api, &retitle(moderator, listing)).await),
        Reason::ListingNotYours
    );
    Ok(())
}

#[tokio::test]
async fn the_rules_of_fields_hold_for_changes_too() -> anyhow::Result<()> {
    type Break = fn(&mut ListingUpdate);
    let rules: [(Reason, Break); 7] = [
        (Reason::ListingTitleLength, |u| {
            u.title = Some(String::new())
        }),
        (Reason::ListingDescriptionLength, |u| {
            u.description = Some("а".repeat(8001))
        }),
        (Reason::ListingPartNumberLength, |u| {
            u.part_number = Some("1".repeat(65))
        }),
        (Reason::ListingBrandKnown, |u| u.brand = Some(BrandId(-1))),
        (Reason::ListingPlaceKnown, |u| u.place = Some(PlaceId(-1))),
        (Reason::ListingContactLength, |u| {
            u.contact_phone = Some("1".repeat(33))
        }),
        (Reason::ListingAttributesAreObject, |u| {
            u.attributes = Some(json!(1))
        }),
    ];
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    for (expected, break_it) in rules {
        let mut wish = change(scene.seller, listing);
        break_it(&mut wish);
        assert_eq!(
            reason(market::listing_update(&*scene.api, &wish).await),
            expected
        );
    }
    let half = ListingUpdate {
        subcategory: Some(scene.category("oil-filters").await?),
        ..change(scene.seller, listing)
    };
    assert_eq!(
        reason(market::listing_update(&*scene.api, &half).await),
        Reason::ListingCategoryPair
    );
    let whole = ListingUpdate {
        category: Some(scene.category("filters").await?),
        ..half
    };
    market::listing_update(&*scene.api, &whole).await?;
    let cars = ListingUpdate {
        category: Some(scene.category("passenger-cars").await?),
        subcategory: Some(scene.category("cars-damaged").await?),
        ..change(scene.seller, listing)
    };
    assert_eq!(
        reason(market::listing_update(&*scene.api, &cars).await),
        Reason::ListingCategoryOfKind
    );
    Ok(())
}
