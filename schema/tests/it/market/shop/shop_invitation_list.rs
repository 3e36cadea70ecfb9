//! The links into a shop as its owners see them.

use kardan_schema::market::{self, ShopInvitationList};
use kardan_schema::{Reason, Role, ShopId, ShopRole, UserId};
use kardan_testdb::Database;

use super::{hash, invite, join, open};
use crate::support::reason;

fn all(actor: UserId, shop: ShopId) -> ShopInvitationList {
    ShopInvitationList {
        actor,
        shop,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn owners_see_what_became_of_every_link_the_newest_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = open(&api, db.person(Role::User).await?).await?;
    let guest = db.person(Role::User).await?;

    let mut made = Vec::new();
    for (minutes, token) in ["expired", "used", "revoked"].into_iter().enumerate() {
        db.shift_clock(&format!("{minutes} minutes")).await?;
        let link = invite(&api, owner, shop, ShopRole::Seller, token).await?;
        made.insert(0, link.invitation_id);
    }
    market::shop_invitation_accept(&*api, guest, hash("used")).await?;
    market::shop_invitation_revoke(&*api, owner, made[0]).await?;
    db.shift_clock("60 minutes").await?;
    let link = invite(&api, owner, shop, ShopRole::Manager, "open").await?;
    made.insert(0, link.invitation_id);

    let links = market::shop_invitation_list(&*api, &all(owner, shop)).await?;
    let ids: Vec<_> = links.iter().map(|link| link.invitation_id).collect();
    assert_eq!(ids, made);
    let states: Vec<_> = links.iter().map(|link| link.state.as_str()).collect();
    assert_eq!(states, ["open", "revoked", "used", "expired"]);
    assert_eq!(links[0].role, ShopRole::Manager);
    assert_eq!(
        (links[0].created_by, links[0].expires_at),
        (owner, link.expires_at)
    );
    assert_eq!(links[2].used_by, Some(guest));
    assert!(links[1].revoked_at.is_some() && links[2].used_at.is_some());

    let second_page = ShopInvitationList {
        limit: Some(2),
        after: Some(made[0]),
        ..all(owner, shop)
    };
    let page: Vec<_> = market::shop_invitation_list(&*api, &second_page)
        .await?
        .iter()
        .map(|link| link.invitation_id)
        .collect();
    assert_eq!(page, made[1..3]);
    assert_eq!(
        reason(market::shop_invitation_list(&*api, &all(owner, other.shop_id)).await),
        Reason::ShopRoleRequired
    );
    Ok(())
}

#[tokio::test]
async fn links_are_for_owners_alone() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    for (actor, of, expected) in [
        (manager, shop, Reason::ShopRoleRequired),
        (owner, ShopId(-1), Reason::ShopUnknown),
        (UserId(-1), shop, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(market::shop_invitation_list(&*api, &all(actor, of)).await),
            expected
        );
    }
    Ok(())
}
