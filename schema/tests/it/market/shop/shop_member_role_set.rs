//! Roles in a shop.

use kardan_schema::market::{self, ShopMemberRoleSet};
use kardan_schema::{Error, Reason, Role, ShopId, ShopRole, UserId};
use kardan_testdb::Database;

use super::{block, hash, invite, join, open, recorded, somebody_waits};
use crate::support::reason;

fn make(actor: UserId, shop: ShopId, user: UserId, role: ShopRole) -> ShopMemberRoleSet {
    ShopMemberRoleSet {
        actor,
        shop,
        user,
        role,
    }
}

#[tokio::test]
async fn an_owner_gives_a_member_another_role_and_a_repeat_changes_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let member = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let promote = make(owner, shop, member, ShopRole::Owner);
    let first = market::shop_member_role_set(&*api, &promote).await?;
    assert_eq!((first.user_id, first.role), (member, ShopRole::Owner));
    assert_eq!(first.invited_by, Some(owner));
    assert_eq!(market::shop_member_role_set(&*api, &promote).await?, first);
    assert_eq!(recorded(&db, shop, "shop.member_role_set").await?, 1);
    // Now the first owner can become less.
    let step_down = make(owner, shop, owner, ShopRole::Seller);
    assert_eq!(
        market::shop_member_role_set(&*api, &step_down).await?.role,
        ShopRole::Seller
    );
    assert_eq!(
        reason(market::shop_member_role_set(&*api, &promote).await),
        Reason::ShopRoleRequired
    );
    Ok(())
}

#[tokio::test]
async fn the_last_owner_stays_an_owner() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let step_down = make(owner, shop, owner, ShopRole::Manager);
    assert_eq!(
        reason(market::shop_member_role_set(&*api, &step_down).await),
        Reason::ShopLastOwner
    );
    let mine = market::shop_list_mine(&*api, owner, None, None).await?;
    assert_eq!(mine[0].my_role, ShopRole::Owner);
    Ok(())
}

#[tokio::test]
async fn of_two_owners_who_demote_each_other_at_once_one_stays() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut first, second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&first, owner).await?.shop_id;
    let other = join(&db, &first, owner, shop, ShopRole::Owner).await?;
    let (mine, theirs) = (
        make(owner, shop, other, ShopRole::Seller),
        make(other, shop, owner, ShopRole::Seller),
    );
    let tx = first.transaction().await?;
    market::shop_member_role_set(&tx, &mine).await?;
    let (late, early) = tokio::join!(market::shop_member_role_set(&*second, &theirs), async {
        somebody_waits(&db).await?;
        Ok::<_, anyhow::Error>(tx.commit().await?)
    });
    early?;
    assert_eq!(reason(late), Reason::ShopRoleRequired);
    Ok(())
}

#[tokio::test]
async fn links_of_a_former_owner_open_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = join(&db, &api, owner, shop, ShopRole::Owner).await?;
    invite(&api, other, shop, ShopRole::Owner, "theirs").await?;
    invite(&api, owner, shop, ShopRole::Seller, "mine").await?;
    market::shop_member_role_set(&*api, &make(owner, shop, other, ShopRole::Manager)).await?;
    let guest = db.person(Role::User).await?;
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, guest, hash("theirs")).await),
        Reason::InvitationUnknown
    );
    market::shop_invitation_accept(&*api, guest, hash("mine")).await?;
    Ok(())
}

#[tokio::test]
async fn only_an_owner_who_may_act_sets_roles_and_only_of_members() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let stranger = db.person(Role::Admin).await?;
    for (actor, of, user, expected) in [
        (manager, shop, manager, Reason::ShopRoleRequired),
        (stranger, shop, manager, Reason::ShopRoleRequired),
        (owner, ShopId(-1), manager, Reason::ShopUnknown),
        (owner, shop, stranger, Reason::ShopMemberUnknown),
        (UserId(-1), shop, manager, Reason::ActorUnknown),
    ] {
        let wrong = make(actor, of, user, ShopRole::Owner);
        assert_eq!(
            reason(market::shop_member_role_set(&*api, &wrong).await),
            expected
        );
    }
    let unheard_of = api
        .query(
            "select r.role from market.shop_member_role_set($1, $2, $3, 'king') as r",
            &[&owner, &shop, &manager],
        )
        .await;
    assert_eq!(
        reason(unheard_of.map_err(Error::from)),
        Reason::ShopMemberRoleKnown
    );
    block(&db, &api, owner).await?;
    let wrong = make(owner, shop, manager, ShopRole::Owner);
    assert_eq!(
        reason(market::shop_member_role_set(&*api, &wrong).await),
        Reason::ActorBlocked
    );
    Ok(())
}
