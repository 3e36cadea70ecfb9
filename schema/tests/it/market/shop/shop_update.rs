//! What a shop says of itself.

use kardan_schema::market::{self, ShopUpdate};
use kardan_schema::{PlaceId, Reason, Role, ShopId, ShopRole, UserId};
use kardan_testdb::Database;

use super::{block, join, named, open, somebody_waits};
use crate::support::reason;

fn unchanged(actor: UserId, shop: ShopId) -> ShopUpdate {
    ShopUpdate {
        actor,
        shop,
        name: None,
        description: None,
        place: None,
        version: None,
    }
}

#[tokio::test]
async fn an_owner_and_a_manager_change_what_they_name_and_nothing_else() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?;
    let manager = join(&db, &api, owner, shop.shop_id, ShopRole::Manager).await?;

    db.shift_clock("1 hour").await?;
    let first = ShopUpdate {
        name: Some(" New  name ".to_owned()),
        place: Some(PlaceId(1)),
        version: Some(1),
        ..unchanged(owner, shop.shop_id)
    };
    let renamed = market::shop_update(&*api, &first).await?;
    assert_eq!(
        (renamed.name.as_str(), renamed.description.as_str()),
        ("New name", "")
    );
    assert_eq!((renamed.place_id, renamed.version), (Some(PlaceId(1)), 2));
    assert_eq!(renamed.my_role, ShopRole::Owner);
    assert_eq!(renamed.created_at, shop.created_at);
    assert!(renamed.updated_at > shop.updated_at);

    let second = ShopUpdate {
        description: Some("Brakes".to_owned()),
        place: Some(PlaceId(0)),
        version: Some(2),
        ..unchanged(manager, shop.shop_id)
    };
    let told = market::shop_update(&*api, &second).await?;
    assert_eq!(
        (told.name.as_str(), told.description.as_str()),
        ("New name", "Brakes")
    );
    assert_eq!((told.place_id, told.version), (None, 3));
    assert_eq!(told.my_role, ShopRole::Manager);
    Ok(())
}

#[tokio::test]
async fn asking_for_what_already_is_leaves_the_version() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?;
    let same = ShopUpdate {
        name: Some(shop.name.clone()),
        description: Some(String::new()),
        ..unchanged(owner, shop.shop_id)
    };
    db.shift_clock("1 hour").await?;
    assert_eq!(market::shop_update(&*api, &same).await?, shop);
    Ok(())
}

#[tokio::test]
async fn a_change_on_an_older_version_is_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?;
    let change = |text: &str| ShopUpdate {
        description: Some(text.to_owned()),
        version: Some(1),
        ..unchanged(owner, shop.shop_id)
    };
    market::shop_update(&*api, &change("one")).await?;
    assert_eq!(
        reason(market::shop_update(&*api, &change("two")).await),
        Reason::VersionStale
    );
    Ok(())
}

#[tokio::test]
async fn of_two_changes_at_once_on_one_version_one_wins() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut first, second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&first, owner).await?;
    let change = |text: &str| ShopUpdate {
        description: Some(text.to_owned()),
        version: Some(1),
        ..unchanged(owner, shop.shop_id)
    };
    let (one, two) = (change("one"), change("two"));
    let tx = first.transaction().await?;
    market::shop_update(&tx, &one).await?;
    let (late, early) = tokio::join!(market::shop_update(&*second, &two), async {
        somebody_waits(&db).await?;
        Ok::<_, anyhow::Error>(tx.commit().await?)
    });
    early?;
    assert_eq!(reason(late), Reason::VersionStale);
    let seen = market::shop_get(&*second, shop.shop_id).await?.unwrap();
    assert_eq!(seen.description, "one");
    Ok(())
}

#[tokio::test]
async fn a_seller_a_stranger_and_a_blocked_owner_change_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    // The platform's own roles open no shop.
    let stranger = db.person(Role::Admin).await?;
    for (actor, of, expected) in [
        (seller, shop, Reason::ShopRoleRequired),
        (stranger, shop, Reason::ShopRoleRequired),
        (owner, ShopId(-1), Reason::ShopUnknown),
        (UserId(-1), shop, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(market::shop_update(&*api, &unchanged(actor, of)).await),
            expected
        );
    }
    block(&db, &api, owner).await?;
    assert_eq!(
        reason(market::shop_update(&*api, &unchanged(owner, shop)).await),
        Reason::ActorBlocked
    );
    Ok(())
}

#[tokio::test]
async fn a_change_keeps_the_rules_that_a_new_shop_has() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    market::shop_create(&*api, &named(owner, "Taken")).await?;
    let shop = open(&api, owner).await?.shop_id;
    let same = || unchanged(owner, shop);
    for (wrong, expected) in [
        (
            ShopUpdate {
                name: Some("taken".to_owned()),
                ..same()
            },
            Reason::ShopNameTaken,
        ),
        (
            ShopUpdate {
                name: Some(" ".to_owned()),
                ..same()
            },
            Reason::ShopNameLength,
        ),
        (
            ShopUpdate {
                description: Some("x".repeat(4001)),
                ..same()
            },
            Reason::ShopDescriptionLength,
        ),
        (
            ShopUpdate {
                place: Some(PlaceId(-1)),
                ..same()
            },
            Reason::ShopPlaceKnown,
        ),
    ] {
        assert_eq!(reason(market::shop_update(&*api, &wrong).await), expected);
    }
    Ok(())
}
