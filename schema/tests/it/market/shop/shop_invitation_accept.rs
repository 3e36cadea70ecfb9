//! Coming into a shop through a link.

use kardan_schema::{Reason, Role, ShopRole, UserId, market};
use kardan_testdb::Database;

use super::shop_member_require::require;
use super::{block, hash, invite, join, open, recorded, somebody_waits};
use crate::support::reason;

#[tokio::test]
async fn a_link_brings_in_one_person_who_may_repeat_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?;
    let (guest, late) = (db.person(Role::User).await?, db.person(Role::User).await?);
    invite(&api, owner, shop.shop_id, ShopRole::Manager, "link").await?;
    let joined = market::shop_invitation_accept(&*api, guest, hash("link")).await?;
    assert_eq!(
        (joined.shop_id, &joined.name, joined.role),
        (shop.shop_id, &shop.name, ShopRole::Manager)
    );
    assert_eq!(
        require(&db, guest, shop.shop_id, "manager").await?,
        "manager"
    );
    // Also when the link has ended since.
    db.shift_clock("2 hours").await?;
    assert_eq!(
        market::shop_invitation_accept(&*api, guest, hash("link")).await?,
        joined
    );
    assert_eq!(
        recorded(&db, shop.shop_id, "shop.invitation_accept").await?,
        1
    );
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, late, hash("link")).await),
        Reason::InvitationUsed
    );
    Ok(())
}

#[tokio::test]
async fn of_two_people_who_accept_one_link_at_once_one_wins() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut first, second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&first, owner).await?.shop_id;
    let (one, two) = (db.person(Role::User).await?, db.person(Role::User).await?);
    invite(&first, owner, shop, ShopRole::Seller, "link").await?;
    let tx = first.transaction().await?;
    market::shop_invitation_accept(&tx, one, hash("link")).await?;
    let (late, early) = tokio::join!(
        market::shop_invitation_accept(&*second, two, hash("link")),
        async {
            somebody_waits(&db).await?;
            Ok::<_, anyhow::Error>(tx.commit().await?)
        }
    );
    early?;
    assert_eq!(reason(late), Reason::InvitationUsed);
    assert_eq!(require(&db, one, shop, "seller").await?, "seller");
    assert_eq!(
        reason(require(&db, two, shop, "seller").await),
        Reason::ShopRoleRequired
    );
    Ok(())
}

#[tokio::test]
async fn a_link_that_is_taken_back_while_somebody_accepts_it_opens_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut first, second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&first, owner).await?.shop_id;
    let guest = db.person(Role::User).await?;
    let link = invite(&first, owner, shop, ShopRole::Seller, "link").await?;
    let tx = first.transaction().await?;
    market::shop_invitation_revoke(&tx, owner, link.invitation_id).await?;
    let (late, early) = tokio::join!(
        market::shop_invitation_accept(&*second, guest, hash("link")),
        async {
            somebody_waits(&db).await?;
            Ok::<_, anyhow::Error>(tx.commit().await?)
        }
    );
    early?;
    assert_eq!(reason(late), Reason::InvitationUnknown);
    Ok(())
}

#[tokio::test]
async fn a_link_ends_at_its_time_and_an_unknown_one_opens_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let guest = db.person(Role::User).await?;
    for token in ["in time", "too late"] {
        invite(&api, owner, shop, ShopRole::Seller, token).await?;
    }
    db.shift_clock("59 minutes").await?;
    market::shop_invitation_accept(&*api, guest, hash("in time")).await?;
    db.shift_clock("60 minutes").await?;
    let late = db.person(Role::User).await?;
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, late, hash("too late")).await),
        Reason::InvitationExpired
    );
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, late, hash("guessed")).await),
        Reason::InvitationUnknown
    );
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, UserId(-1), hash("too late")).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_member_does_not_use_up_a_link_meant_for_somebody_else() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    invite(&api, owner, shop, ShopRole::Seller, "link").await?;
    for member in [owner, manager] {
        assert_eq!(
            reason(market::shop_invitation_accept(&*api, member, hash("link")).await),
            Reason::ShopMemberAlready
        );
    }
    assert_eq!(require(&db, manager, shop, "manager").await?, "manager");
    let guest = db.person(Role::User).await?;
    market::shop_invitation_accept(&*api, guest, hash("link")).await?;
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_does_not_come_in() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let guest = db.person(Role::User).await?;
    invite(&api, owner, shop, ShopRole::Seller, "link").await?;
    block(&db, &api, guest).await?;
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, guest, hash("link")).await),
        Reason::ActorBlocked
    );
    Ok(())
}
