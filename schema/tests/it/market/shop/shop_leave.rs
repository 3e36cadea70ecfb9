//! Leaving a shop.

use kardan_schema::{Reason, Role, ShopId, ShopRole, UserId, market};
use kardan_testdb::Database;

use super::shop_member_require::require;
use super::{block, hash, invite, join, open, recorded, somebody_waits};
use crate::support::reason;

#[tokio::test]
async fn a_member_leaves_and_leaving_again_gives_the_same_answer() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    // Even one who is blocked may go.
    block(&db, &api, seller).await?;
    let first = market::shop_leave(&*api, seller, shop).await?;
    assert_eq!((first.shop_id, first.user_id), (shop, seller));
    assert_eq!(market::shop_leave(&*api, seller, shop).await?, first);
    assert_eq!(recorded(&db, shop, "shop.leave").await?, 1);
    assert_eq!(
        reason(require(&db, seller, shop, "seller").await),
        Reason::ShopRoleRequired
    );
    Ok(())
}

#[tokio::test]
async fn the_last_owner_cannot_leave_however_many_others_there_are() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    join(&db, &api, owner, shop, ShopRole::Manager).await?;
    // An owner of another shop does not count.
    open(&api, db.person(Role::User).await?).await?;
    assert_eq!(
        reason(market::shop_leave(&*api, owner, shop).await),
        Reason::ShopLastOwner
    );
    assert_eq!(require(&db, owner, shop, "owner").await?, "owner");
    Ok(())
}

#[tokio::test]
async fn when_the_last_two_owners_leave_at_once_one_stays() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut first, second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&first, owner).await?.shop_id;
    let other = join(&db, &first, owner, shop, ShopRole::Owner).await?;
    let tx = first.transaction().await?;
    market::shop_leave(&tx, owner, shop).await?;
    let (late, early) = tokio::join!(market::shop_leave(&*second, other, shop), async {
        somebody_waits(&db).await?;
        Ok::<_, anyhow::Error>(tx.commit().await?)
    });
    early?;
    assert_eq!(reason(late), Reason::ShopLastOwner);
    assert_eq!(require(&db, other, shop, "owner").await?, "owner");
    Ok(())
}

#[tokio::test]
async fn an_owner_who_leaves_takes_their_open_links_along() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = join(&db, &api, owner, shop, ShopRole::Owner).await?;
    invite(&api, other, shop, ShopRole::Seller, "left behind").await?;
    market::shop_leave(&*api, other, shop).await?;
    let guest = db.person(Role::User).await?;
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, guest, hash("left behind")).await),
        Reason::InvitationUnknown
    );
    Ok(())
}

#[tokio::test]
async fn one_leaves_a_shop_that_exists_as_a_person_who_exists() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    assert_eq!(
        reason(market::shop_leave(&*api, owner, ShopId(-1)).await),
        Reason::ShopUnknown
    );
    assert_eq!(
        reason(market::shop_leave(&*api, UserId(-1), shop).await),
        Reason::ActorUnknown
    );
    Ok(())
}
