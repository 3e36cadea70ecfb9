//! Taking a link back.

use kardan_schema::{Reason, Role, ShopRole, UserId, market};
use kardan_testdb::Database;
use uuid::Uuid;

use super::{block, hash, invite, join, open, recorded};
use crate::support::reason;

#[tokio::test]
async fn a_link_that_was_taken_back_opens_nothing_and_a_repeat_keeps_its_time() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = join(&db, &api, owner, shop, ShopRole::Owner).await?;
    let link = invite(&api, owner, shop, ShopRole::Seller, "link").await?;
    // Any owner may, not only the one who made it.
    let revoked = market::shop_invitation_revoke(&*api, other, link.invitation_id).await?;
    assert_eq!(revoked.invitation_id, link.invitation_id);
    db.shift_clock("10 minutes").await?;
    assert_eq!(
        market::shop_invitation_revoke(&*api, owner, link.invitation_id).await?,
        revoked
    );
    assert_eq!(recorded(&db, shop, "shop.invitation_revoke").await?, 1);
    let guest = db.person(Role::User).await?;
    assert_eq!(
        reason(market::shop_invitation_accept(&*api, guest, hash("link")).await),
        Reason::InvitationUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_link_that_was_used_is_not_taken_back() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let guest = db.person(Role::User).await?;
    let link = invite(&api, owner, shop, ShopRole::Seller, "link").await?;
    market::shop_invitation_accept(&*api, guest, hash("link")).await?;
    assert_eq!(
        reason(market::shop_invitation_revoke(&*api, owner, link.invitation_id).await),
        Reason::InvitationUsed
    );
    Ok(())
}

#[tokio::test]
async fn only_an_owner_who_may_act_takes_a_link_back() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let stranger = db.person(Role::Admin).await?;
    let link = invite(&api, owner, shop, ShopRole::Seller, "link")
        .await?
        .invitation_id;
    for (actor, invitation, expected) in [
        (manager, link, Reason::ShopRoleRequired),
        (stranger, link, Reason::InvitationUnknown),
        (owner, Uuid::nil(), Reason::InvitationUnknown),
        (UserId(-1), link, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(market::shop_invitation_revoke(&*api, actor, invitation).await),
            expected
        );
    }
    block(&db, &api, owner).await?;
    assert_eq!(
        reason(market::shop_invitation_revoke(&*api, owner, link).await),
        Reason::ActorBlocked
    );
    Ok(())
}
