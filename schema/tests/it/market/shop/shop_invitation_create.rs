//! Making a link into a shop.

use chrono::TimeDelta;
use kardan_schema::market::{self, ShopInvitationCreate};
use kardan_schema::{Error, Reason, Role, ShopId, ShopRole, UserId};
use kardan_testdb::Database;

use super::{block, hash, invite, join, open, recorded};
use crate::support::reason;

#[tokio::test]
async fn an_owner_makes_a_link_and_only_its_hash_is_kept() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let link = invite(&api, owner, shop, ShopRole::Manager, "link").await?;
    assert_eq!((link.shop_id, link.role), (shop, ShopRole::Manager));
    let row = db
        .superuser()
        .await?
        .query_one(
            "select i.token_hash, i.created_at from market_data.shop_invitations as i where i.id = $1",
            &[&link.invitation_id],
        )
        .await?;
    assert_eq!(row.get::<_, Vec<u8>>(0), hash("link"));
    assert_eq!(
        link.expires_at,
        row.get::<_, chrono::DateTime<chrono::Utc>>(1) + TimeDelta::hours(1)
    );
    assert_eq!(recorded(&db, shop, "shop.invitation_create").await?, 1);
    // A repeat makes no second link.
    assert_eq!(
        reason(invite(&api, owner, shop, ShopRole::Manager, "link").await),
        Reason::ShopInvitationTokenUnique
    );
    Ok(())
}

#[tokio::test]
async fn a_link_lasts_a_minute_to_30_days_and_its_token_is_a_hash() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let lasting = |ttl_seconds: i32| ShopInvitationCreate {
        actor: owner,
        shop,
        role: ShopRole::Seller,
        token_hash: hash(&ttl_seconds.to_string()),
        ttl_seconds,
    };
    for right in [60, 30 * 24 * 3600] {
        market::shop_invitation_create(&*api, &lasting(right)).await?;
    }
    for wrong in [i32::MIN, 0, 59, 30 * 24 * 3600 + 1, i32::MAX] {
        assert_eq!(
            reason(market::shop_invitation_create(&*api, &lasting(wrong)).await),
            Reason::ShopInvitationLifetimeRange
        );
    }
    let bare = ShopInvitationCreate {
        token_hash: b"a token itself".to_vec(),
        ..lasting(60)
    };
    assert_eq!(
        reason(market::shop_invitation_create(&*api, &bare).await),
        Reason::ShopInvitationTokenSize
    );
    let unheard_of = api
        .query(
            "select r.role from market.shop_invitation_create($1, $2, 'king', $3, 60) as r",
            &[&owner, &shop, &hash("king")],
        )
        .await;
    assert_eq!(
        reason(unheard_of.map_err(Error::from)),
        Reason::ShopInvitationRoleKnown
    );
    Ok(())
}

#[tokio::test]
async fn fifty_links_may_be_open_at_once_and_ended_ones_do_not_count() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    for number in 0..50 {
        invite(&api, owner, shop, ShopRole::Seller, &number.to_string()).await?;
    }
    assert_eq!(
        reason(invite(&api, owner, shop, ShopRole::Seller, "one more").await),
        Reason::ShopInvitationLimit
    );
    db.shift_clock("1 hour").await?;
    invite(&api, owner, shop, ShopRole::Seller, "one more").await?;
    Ok(())
}

#[tokio::test]
async fn only_an_owner_who_may_act_invites() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let stranger = db.person(Role::Admin).await?;
    for (actor, into, expected) in [
        (manager, shop, Reason::ShopRoleRequired),
        (seller, shop, Reason::ShopRoleRequired),
        (stranger, shop, Reason::ShopRoleRequired),
        (owner, ShopId(-1), Reason::ShopUnknown),
        (UserId(-1), shop, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(invite(&api, actor, into, ShopRole::Seller, "link").await),
            expected
        );
    }
    block(&db, &api, owner).await?;
    assert_eq!(
        reason(invite(&api, owner, shop, ShopRole::Seller, "link").await),
        Reason::ActorBlocked
    );
    Ok(())
}
