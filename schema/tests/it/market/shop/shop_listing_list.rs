//! The goods of a shop for its members.

use kardan_schema::market::{self, ShopListingList};
use kardan_schema::{Reason, Role, ShopId, ShopRole, Status, UserId};
use kardan_testdb::Database;

use super::{join, listing, open};
use crate::support::reason;

fn all(actor: UserId, shop: ShopId) -> ShopListingList {
    ShopListingList {
        actor,
        shop,
        status: None,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn members_see_goods_in_every_state_the_newest_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = open(&api, db.person(Role::User).await?).await?.shop_id;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let mut expected = Vec::new();
    for status in Status::ALL {
        expected.insert(0, (listing(&db, shop, seller, *status).await?, *status));
        listing(&db, other, owner, *status).await?;
    }
    let goods = market::shop_listing_list(&*api, &all(seller, shop)).await?;
    let seen: Vec<_> = goods.iter().map(|l| (l.listing_id, l.status)).collect();
    assert_eq!(seen, expected);
    assert!(goods.iter().all(|l| l.owner_shop_id == Some(shop)));
    assert_eq!(goods[0].price_minor, 250_000);

    let rejected = ShopListingList {
        status: Some(Status::Rejected),
        ..all(owner, shop)
    };
    let rejected = market::shop_listing_list(&*api, &rejected).await?;
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].rejection_reason.as_deref(), Some("other"));

    let second_page = ShopListingList {
        limit: Some(2),
        after: Some(expected[1].0),
        ..all(owner, shop)
    };
    let page: Vec<_> = market::shop_listing_list(&*api, &second_page)
        .await?
        .iter()
        .map(|l| (l.listing_id, l.status))
        .collect();
    assert_eq!(page, expected[2..4]);
    Ok(())
}

#[tokio::test]
async fn strangers_do_not_see_the_goods_from_inside() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let shop = open(&api, db.person(Role::User).await?).await?.shop_id;
    let stranger = db.person(Role::Moderator).await?;
    for (actor, of, expected) in [
        (stranger, shop, Reason::ShopRoleRequired),
        (stranger, ShopId(-1), Reason::ShopUnknown),
        (UserId(-1), shop, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(market::shop_listing_list(&*api, &all(actor, of)).await),
            expected
        );
    }
    Ok(())
}
