//! A shop as anybody may see it.

use kardan_schema::{Role, ShopId, Status, market};
use kardan_testdb::Database;

use super::{listing, open};

#[tokio::test]
async fn anybody_sees_a_shop_and_how_much_of_its_goods_can_be_seen() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?;
    for status in Status::ALL {
        listing(&db, shop.shop_id, owner, *status).await?;
    }
    let seen = market::shop_get(&*api, shop.shop_id).await?.unwrap();
    assert_eq!(
        (seen.shop_id, seen.name, seen.version),
        (shop.shop_id, shop.name, shop.version)
    );
    // One that is published and one that is reserved.
    assert_eq!(seen.listing_count, 2);
    Ok(())
}

#[tokio::test]
async fn a_shop_that_does_not_exist_is_no_row() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(market::shop_get(&*api, ShopId(-1)).await?, None);
    Ok(())
}

#[tokio::test]
async fn the_public_page_of_a_shop_inlines_into_its_caller() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let plan: Vec<String> = api
        .query(
            "explain (costs off) select r.name from market.shop_get(p_shop => 1) as r",
            &[],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let plan = plan.join("\n");
    assert!(plan.contains("shops"), "{plan}");
    assert!(!plan.contains("Function Scan"), "{plan}");
    // Nobody asked for the count.
    assert!(!plan.contains("listings"), "{plan}");
    Ok(())
}
