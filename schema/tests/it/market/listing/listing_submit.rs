//! Asking for a listing to be checked and published. Which states allow it is in `life`.

use kardan_schema::market::{self, ListingCreate};
use kardan_schema::{Kind, Reason, Status};
use serde_json::json;

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn a_submitted_draft_waits_in_the_queue_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let made = market::listing_create(&*scene.api, &scene.draft().await?).await?;
    let first = market::listing_submit(&*scene.api, scene.seller, made.listing_id, Some(1)).await?;
    assert_eq!((first.status, first.version), (Status::Pending, 2));
    let again = market::listing_submit(&*scene.api, scene.seller, made.listing_id, Some(1)).await?;
    assert_eq!(again, first);
    assert_eq!(scene.waiting(made.listing_id).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_rejected_listing_that_is_submitted_again_forgets_the_objection() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Rejected).await?;
    assert_eq!(
        scene.inside(listing).await?.rejection_reason.as_deref(),
        Some("other")
    );
    market::listing_submit(&*scene.api, scene.seller, listing, None).await?;
    assert_eq!(scene.inside(listing).await?.rejection_reason, None);
    Ok(())
}

#[tokio::test]
async fn what_is_missing_is_named_and_the_draft_stays_a_draft() -> anyhow::Result<()> {
    type Break = fn(&mut ListingCreate);
    let lacks: [(Reason, Break); 5] = [
        (Reason::ListingContactRequired, |d| {
            d.contact_phone = "  ".to_owned()
        }),
        (Reason::ListingStockRequired, |d| d.stock_quantity = 0),
        (Reason::AttributeUnknown, |d| {
            d.attributes = json!({"wings": 2})
        }),
        (Reason::AttributeType, |d| {
            d.attributes = json!({"oem": "yes"})
        }),
        (Reason::AttributeChoice, |d| {
            d.attributes = json!({"side": "middle of nowhere"})
        }),
    ];
    let scene = Scene::new().await?;
    for (expected, break_it) in lacks {
        let mut wish = scene.draft().await?;
        break_it(&mut wish);
        let listing = market::listing_create(&*scene.api, &wish).await?.listing_id;
        let refusal = market::listing_submit(&*scene.api, scene.seller, listing, None).await;
        assert_eq!(reason(refusal), expected);
        assert_eq!(scene.inside(listing).await?.status, Status::Draft);
        assert_eq!(scene.waiting(listing).await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_car_needs_its_year_and_mileage_and_the_error_names_the_field() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let wish = ListingCreate {
        kind: Kind::Car,
        category: scene.category("passenger-cars").await?,
        subcategory: scene.category("cars-damaged").await?,
        attributes: json!({"mileage_km": 120_000, "damage": "front"}),
        ..scene.draft().await?
    };
    let listing = market::listing_create(&*scene.api, &wish).await?.listing_id;
    let refusal = market::listing_submit(&*scene.api, scene.seller, listing, None)
        .await
        .unwrap_err();
    let fault = refusal.fault().unwrap();
    assert_eq!(
        (fault.reason, fault.field.as_deref()),
        (Reason::AttributeRequired, Some("year"))
    );
    Ok(())
}

#[tokio::test]
async fn nothing_is_submitted_into_a_category_that_was_put_away() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let wish = scene.draft().await?;
    let listing = market::listing_create(&*scene.api, &wish).await?.listing_id;
    scene
        .admin
        .execute(
            "update catalog_data.categories set archived_at = ops.clock_now() where id = $1",
            &[&wish.subcategory],
        )
        .await?;
    assert_eq!(
        reason(market::listing_submit(&*scene.api, scene.seller, listing, None).await),
        Reason::ListingCategoryClosed
    );
    Ok(())
}

#[tokio::test]
async fn an_old_version_is_not_submitted() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    assert_eq!(
        reason(market::listing_submit(&*scene.api, scene.seller, listing, Some(0)).await),
        Reason::VersionStale
    );
    Ok(())
}
