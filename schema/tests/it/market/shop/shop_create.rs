//! Opening a shop.

use kardan_schema::market::{self, ShopCreate};
use kardan_schema::{PlaceId, Reason, Role, ShopRole, UserId};
use kardan_testdb::Database;

use super::{block, named};
use crate::support::reason;

#[tokio::test]
async fn whoever_opens_a_shop_is_its_owner() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let wanted = ShopCreate {
        description: "Everything for brakes".to_owned(),
        place: Some(PlaceId(1)),
        ..named(owner, "  Brakes \t and\u{a}more ")
    };
    let shop = market::shop_create(&*api, &wanted).await?;
    assert_eq!(shop.name, "Brakes and more");
    assert_eq!(shop.description, "Everything for brakes");
    assert_eq!(shop.place_id, Some(PlaceId(1)));
    assert_eq!((shop.version, shop.my_role), (1, ShopRole::Owner));
    assert_eq!(shop.created_at, shop.updated_at);
    assert_eq!(
        market::shop_list_mine(&*api, owner, None, None).await?,
        [shop]
    );
    Ok(())
}

#[tokio::test]
async fn a_name_has_one_shop_however_it_is_spelt() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    market::shop_create(&*api, &named(owner, "Лада Деталь")).await?;
    for same in ["Лада Деталь", "лада деталь", " ЛАДА  ДЕТАЛЬ "] {
        assert_eq!(
            reason(market::shop_create(&*api, &named(owner, same)).await),
            Reason::ShopNameTaken,
            "{same:?}"
        );
    }
    let row = db
        .superuser()
        .await?
        .query_one("select count(*) from market_data.shops as s", &[])
        .await?;
    assert_eq!(row.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn a_name_has_2_to_100_characters_and_a_description_at_most_4000() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    for long_enough in ["щи".to_owned(), "щ".repeat(100)] {
        market::shop_create(&*api, &named(owner, &long_enough)).await?;
    }
    for wrong in ["x".to_owned(), " x ".to_owned(), "щ".repeat(101)] {
        assert_eq!(
            reason(market::shop_create(&*api, &named(owner, &wrong)).await),
            Reason::ShopNameLength
        );
    }
    let told = |length| ShopCreate {
        description: "щ".repeat(length),
        ..named(owner, "A teller of tales")
    };
    assert_eq!(
        reason(market::shop_create(&*api, &told(4001)).await),
        Reason::ShopDescriptionLength
    );
    market::shop_create(&*api, &told(4000)).await?;
    Ok(())
}

#[tokio::test]
async fn a_shop_opens_in_a_town_that_exists_and_for_a_person_who_may_act() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let nowhere = ShopCreate {
        place: Some(PlaceId(-1)),
        ..named(owner, "Nowhere")
    };
    assert_eq!(
        reason(market::shop_create(&*api, &nowhere).await),
        Reason::ShopPlaceKnown
    );
    assert_eq!(
        reason(market::shop_create(&*api, &named(UserId(-1), "Nobody's")).await),
        Reason::ActorUnknown
    );
    block(&db, &api, owner).await?;
    assert_eq!(
        reason(market::shop_create(&*api, &named(owner, "Blocked")).await),
        Reason::ActorBlocked
    );
    Ok(())
}

#[tokio::test]
async fn the_table_itself_refuses_an_untidy_name() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let owner = db.person(Role::User).await?;
    let session = db.superuser().await?;
    for untidy in [" Shop", "Shop ", "A  shop", "A\nshop"] {
        let answer = session
            .execute(
                "insert into market_data.shops (name, created_by, created_at, updated_at)
                 values ($1, $2, ops.clock_now(), ops.clock_now())",
                &[&untidy, &owner],
            )
            .await;
        assert_eq!(
            reason(answer.map_err(kardan_schema::Error::from)),
            Reason::ShopNameTidy,
            "{untidy:?}"
        );
    }
    Ok(())
}
