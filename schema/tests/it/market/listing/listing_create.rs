//! Making a draft.

use kardan_schema::market::{self, ListingCreate};
use kardan_schema::{BrandId, CategoryId, Kind, PlaceId, Reason, Role, ShopId, Status, UserId};
use serde_json::json;

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn a_person_makes_a_draft_of_their_own_and_nobody_else_sees_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let brand: BrandId = scene
        .admin
        .query_one(
            "select b.id from catalog_data.brands as b where b.name = 'Bosch'",
            &[],
        )
        .await?
        .get(0);
    let wish = ListingCreate {
        title: "  Колодки  ".to_owned(),
        brand: Some(brand),
        wholesale_price_minor: Some(200_000),
        wholesale_min_quantity: Some(4),
        attributes: json!({"side": "left"}),
        ..scene.draft().await?
    };
    let made = market::listing_create(&*scene.api, &wish).await?;
    assert_eq!((made.status, made.version), (Status::Draft, 1));

    let inside = scene.inside(made.listing_id).await?;
    assert_eq!(
        (inside.title.as_str(), inside.brand_label.as_str()),
        ("Колодки", "Bosch")
    );
    assert_eq!(
        (inside.seller_user_id, inside.seller_shop_id),
        (Some(scene.seller), None)
    );
    assert_eq!(inside.seller_name, "User of the test");
    assert_eq!(inside.attributes, json!({"side": "left"}));
    assert_eq!(
        (inside.created_at, inside.published_at),
        (made.created_at, None)
    );
    assert_eq!(
        market::listing_get(&*scene.api, made.listing_id).await?,
        None
    );
    let stranger = scene.db.person(Role::User).await?;
    assert_eq!(
        market::listing_view(&*scene.api, stranger, made.listing_id).await?,
        None
    );
    Ok(())
}

#[tokio::test]
async fn a_draft_of_a_shop_is_the_shops_alone_and_only_its_members_make_one() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let (shop, _, _) = scene.shop().await?;
    let wish = ListingCreate {
        shop: Some(shop),
        ..scene.draft().await?
    };
    let made = market::listing_create(&*scene.api, &wish).await?;
    let inside = scene.inside(made.listing_id).await?;
    assert_eq!(
        (inside.seller_user_id, inside.seller_shop_id),
        (None, Some(shop))
    );
    assert_eq!(inside.seller_name, "Разборка 24");

    let stranger = ListingCreate {
        actor: scene.db.person(Role::Admin).await?,
        ..wish.clone()
    };
    assert_eq!(
        reason(market::listing_create(&*scene.api, &stranger).await),
        Reason::ShopRoleRequired
    );
    let nowhere = ListingCreate {
        shop: Some(ShopId(-1)),
        ..wish
    };
    assert_eq!(
        reason(market::listing_create(&*scene.api, &nowhere).await),
        Reason::ShopUnknown
    );
    // Whoever writes past the functions meets the constraint.
    for both in [
        format!("owner_user_id = {}", scene.seller),
        "owner_shop_id = null".to_owned(),
    ] {
        let sql = format!(
            "update market_data.listings set {both} where id = {}",
            made.listing_id
        );
        let error = scene.admin.batch_execute(&sql).await.unwrap_err();
        assert_eq!(
            error.as_db_error().unwrap().constraint(),
            Some("listing_owner_is_user_or_shop"),
            "{both}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_member_who_is_being_removed_leaves_no_listing_behind() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, owner, _) = scene.shop().await?;
    let wish = ListingCreate {
        shop: Some(shop),
        ..scene.draft().await?
    };
    let mut other = scene.db.as_role("kardan_api").await?;
    let removal = other.transaction().await?;
    market::shop_member_remove(&removal, owner, shop, scene.seller).await?;
    let attempt = market::listing_create(&*scene.api, &wish);
    let end = async {
        scene.somebody_waits().await?;
        removal.commit().await?;
        anyhow::Ok(())
    };
    let (attempt, end) = tokio::join!(attempt, end);
    end?;
    assert_eq!(reason(attempt), Reason::ShopRoleRequired);
    Ok(())
}

#[tokio::test]
async fn every_rule_of_a_field_is_named_when_it_is_broken() -> anyhow::Result<()> {
    type Break = fn(&mut ListingCreate);
    let rules: [(Reason, Break); 22] = [
        (Reason::ListingTitleLength, |d| {
            d.title = "  а   ".to_owned()
        }),
        (Reason::ListingTitleLength, |d| d.title = "а".repeat(151)),
        (Reason::ListingDescriptionLength, |d| {
            d.description = "а".repeat(8001)
        }),
        (Reason::ListingPartNumberLength, |d| {
            d.part_number = "1".repeat(65)
        }),
        (Reason::ListingBrandKnown, |d| d.brand = Some(BrandId(-1))),
        (Reason::ListingPlaceKnown, |d| d.place = PlaceId(-1)),
        (Reason::ListingCurrencyKnown, |d| {
            d.currency = "BTC".to_owned()
        }),
        (Reason::ListingPriceRange, |d| d.price_minor = -1),
        (Reason::ListingPriceRange, |d| {
            d.price_minor = 1_000_000_000_001
        }),
        (Reason::ListingWholesaleWhole, |d| {
            d.wholesale_price_minor = Some(1)
        }),
        (Reason::ListingWholesaleWhole, |d| {
            d.wholesale_min_quantity = Some(2)
        }),
        (Reason::ListingWholesaleNotAbovePrice, |d| {
            d.wholesale_price_minor = Some(d.price_minor + 1);
            d.wholesale_min_quantity = Some(2);
        }),
        (Reason::ListingWholesaleNotAbovePrice, |d| {
            d.wholesale_price_minor = Some(-1);
            d.wholesale_min_quantity = Some(2);
        }),
        (Reason::ListingWholesaleQuantityRange, |d| {
            d.wholesale_price_minor = Some(1);
            d.wholesale_min_quantity = Some(1);
        }),
        (Reason::ListingStockRange, |d| d.stock_quantity = -1),
        (Reason::ListingStockRange, |d| d.stock_quantity = 1_000_001),
        (Reason::ListingContactLength, |d| {
            d.contact_name = "а".repeat(101)
        }),
        (Reason::ListingContactLength, |d| {
            d.contact_phone = "1".repeat(33)
        }),
        (Reason::ListingContactLength, |d| {
            d.contact_telegram = "a".repeat(65)
        }),
        (Reason::ListingAttributesAreObject, |d| {
            d.attributes = json!([])
        }),
        (Reason::ListingAttributesSize, |d| {
            d.attributes = json!({"note": "x".repeat(9000)})
        }),
        (Reason::ListingCategoryOfKind, |d| {
            d.category = CategoryId(-1)
        }),
    ];
    let scene = Scene::new().await?;
    for (expected, break_it) in rules {
        let mut wish = scene.draft().await?;
        break_it(&mut wish);
        assert_eq!(
            reason(market::listing_create(&*scene.api, &wish).await),
            expected
        );
    }
    // The bounds themselves are fine.
    let wish = ListingCreate {
        title: "а".repeat(150),
        price_minor: 1_000_000_000_000,
        wholesale_price_minor: Some(1_000_000_000_000),
        wholesale_min_quantity: Some(2),
        stock_quantity: 1_000_000,
        ..scene.draft().await?
    };
    market::listing_create(&*scene.api, &wish).await?;
    Ok(())
}

#[tokio::test]
async fn subcategory_category_and_kind_match_and_are_in_use() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let wish = scene.draft().await?;
    let other_branch = ListingCreate {
        subcategory: scene.category("oil-filters").await?,
        ..wish.clone()
    };
    let top_as_sub = ListingCreate {
        subcategory: wish.category,
        ..wish.clone()
    };
    for mismatch in [other_branch, top_as_sub] {
        assert_eq!(
            reason(market::listing_create(&*scene.api, &mismatch).await),
            Reason::ListingCategoryPair
        );
    }
    let car = ListingCreate {
        kind: Kind::Car,
        ..wish.clone()
    };
    assert_eq!(
        reason(market::listing_create(&*scene.api, &car).await),
        Reason::ListingCategoryOfKind
    );
    scene
        .admin
        .execute(
            "update catalog_data.categories set archived_at = ops.clock_now() where id = $1",
            &[&wish.category],
        )
        .await?;
    assert_eq!(
        reason(market::listing_create(&*scene.api, &wish).await),
        Reason::ListingCategoryClosed
    );
    Ok(())
}

#[tokio::test]
async fn whoever_is_blocked_or_unknown_makes_nothing() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let wish = scene.draft().await?;
    let nobody = ListingCreate {
        actor: UserId(-1),
        ..wish.clone()
    };
    assert_eq!(
        reason(market::listing_create(&*scene.api, &nobody).await),
        Reason::ActorUnknown
    );
    scene.block(scene.seller).await?;
    assert_eq!(
        reason(market::listing_create(&*scene.api, &wish).await),
        Reason::ActorBlocked
    );
    Ok(())
}
