//! Taking a member out of a shop.

use kardan_schema::market::{self, ShopListingList};
use kardan_schema::{Reason, Role, ShopId, ShopRole, Status, UserId};
use kardan_testdb::Database;

use super::shop_member_require::require;
use super::{block, hash, invite, join, listing, open, recorded, somebody_waits};
use crate::support::reason;

#[tokio::test]
async fn a_removed_member_touches_nothing_and_the_listings_stay_the_shops() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let written = listing(&db, shop, seller, Status::Published).await?;
    assert_eq!(require(&db, seller, shop, "seller").await?, "seller");

    let gone = market::shop_member_remove(&*api, owner, shop, seller).await?;
    assert_eq!((gone.shop_id, gone.user_id), (shop, seller));
    assert_eq!(
        reason(require(&db, seller, shop, "seller").await),
        Reason::ShopRoleRequired
    );
    let goods_of = |actor| ShopListingList {
        actor,
        shop,
        status: None,
        limit: None,
        after: None,
    };
    assert_eq!(
        reason(market::shop_listing_list(&*api, &goods_of(seller)).await),
        Reason::ShopRoleRequired
    );
    let goods = market::shop_listing_list(&*api, &goods_of(owner)).await?;
    assert_eq!(goods.len(), 1);
    assert_eq!(
        (goods[0].listing_id, goods[0].owner_shop_id, goods[0].status),
        (written, Some(shop), Status::Published)
    );
    // The link that once brought them in leads nowhere now.
    let way_back = hash(&format!("for {seller}"));
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, seller, way_back).await),
        Reason::InvitationUsed
    );
    Ok(())
}

#[tokio::test]
async fn removing_again_gives_the_same_answer_and_is_recorded_once() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let member = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let first = market::shop_member_remove(&*api, owner, shop, member).await?;
    assert_eq!(
        market::shop_member_remove(&*api, owner, shop, member).await?,
        first
    );
    assert_eq!(recorded(&db, shop, "shop.member_remove").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_removed_owner_cannot_come_back_through_a_link_of_their_own() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = join(&db, &api, owner, shop, ShopRole::Owner).await?;
    invite(&api, other, shop, ShopRole::Owner, "back door").await?;
    market::shop_member_remove(&*api, owner, shop, other).await?;
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, other, hash("back door")).await),
        Reason::InvitationUnknown
    );
    Ok(())
}

#[tokio::test]
async fn the_last_owner_is_not_removed() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    assert_eq!(
        reason(market::shop_member_remove(&*api, owner, shop, owner).await),
        Reason::ShopLastOwner
    );
    assert_eq!(require(&db, owner, shop, "owner").await?, "owner");
    Ok(())
}

#[tokio::test]
async fn of_two_owners_who_remove_each_other_at_once_one_stays() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut first, second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&first, owner).await?.shop_id;
    let other = join(&db, &first, owner, shop, ShopRole::Owner).await?;
    let tx = first.transaction().await?;
    market::shop_member_remove(&tx, owner, shop, other).await?;
    let (late, early) = tokio::join!(
        market::shop_member_remove(&*second, other, shop, owner),
        async {
            somebody_waits(&db).await?;
            Ok::<_, anyhow::Error>(tx.commit().await?)
        }
    );
    early?;
    assert_eq!(reason(late), Reason::ShopRoleRequired);
    assert_eq!(require(&db, owner, shop, "owner").await?, "owner");
    Ok(())
}

#[tokio::test]
async fn only_an_owner_who_may_act_removes() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let stranger = db.person(Role::Admin).await?;
    for (actor, of, expected) in [
        (manager, shop, Reason::ShopRoleRequired),
        (seller, shop, Reason::ShopRoleRequired),
        (stranger, shop, Reason::ShopRoleRequired),
        (owner, ShopId(-1), Reason::ShopUnknown),
        (UserId(-1), shop, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(market::shop_member_remove(&*api, actor, of, seller).await),
            expected
        );
    }
    block(&db, &api, owner).await?;
    assert_eq!(
        reason(market::shop_member_remove(&*api, owner, shop, seller).await),
        Reason::ActorBlocked
    );
    Ok(())
}
