//! Shops, members, invitations: a file for each function, and the few words that they share.

mod shop_create;
mod shop_get;
mod shop_invitation_accept;
mod shop_invitation_create;
mod shop_invitation_list;
mod shop_invitation_revoke;
mod shop_leave;
mod shop_list_mine;
mod shop_listing_list;
mod shop_member_list;
mod shop_member_remove;
mod shop_member_require;
mod shop_member_role_set;
mod shop_token;
mod shop_update;

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use kardan_schema::market::{self, NewShopInvitation, Shop, ShopCreate, ShopInvitationCreate};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Error, ListingId, Role, ShopId, ShopRole, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session};
use sha2::{Digest as _, Sha256};

/// SHA-256 of a token, as the API makes it.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

fn named(actor: UserId, name: &str) -> ShopCreate {
    ShopCreate {
        actor,
        name: name.to_owned(),
        description: String::new(),
        place: None,
    }
}

/// A shop of this owner.
async fn open(api: &Session, owner: UserId) -> anyhow::Result<Shop> {
    Ok(market::shop_create(&**api, &named(owner, &format!("Shop of {owner}"))).await?)
}

/// A link that gives this role for an hour; the token is the text.
async fn invite(
    api: &Session,
    owner: UserId,
    shop: ShopId,
    role: ShopRole,
    token: &str,
) -> Result<NewShopInvitation, Error> {
    let link = ShopInvitationCreate {
        actor: owner,
        shop,
        role,
        token_hash: hash(token),
        ttl_seconds: 3600,
    };
    market::shop_invitation_create(&**api, &link).await
}

/// Another person, brought into the shop by a link of the owner.
async fn join(
    db: &Database,
    api: &Session,
    owner: UserId,
    shop: ShopId,
    role: ShopRole,
) -> anyhow::Result<UserId> {
    let user = db.person(Role::User).await?;
    let token = format!("for {user}");
    invite(api, owner, shop, role, &token).await?;
    market::shop_invitation_accept(&**api, user, hash(&token)).await?;
    Ok(user)
}

async fn block(db: &Database, api: &Session, user: UserId) -> anyhow::Result<()> {
    let ban = UserBlock {
        actor: db.person(Role::Admin).await?,
        user,
        until: Some(Utc::now() + TimeDelta::days(1)),
        reason: "Spam".to_owned(),
    };
    people::user_block(&**api, &ban).await?;
    Ok(())
}

/// A listing of the shop that this member wrote.
async fn listing(
    db: &Database,
    shop: ShopId,
    member: UserId,
    status: Status,
) -> anyhow::Result<ListingId> {
    let fixture = ListingFixture {
        status,
        ..ListingFixture::default()
    };
    let listing = db.listing(member, &fixture).await?;
    db.superuser()
        .await?
        .execute(
            "update market_data.listings set owner_user_id = null, owner_shop_id = $2 where id = $1",
            &[&listing, &shop],
        )
        .await?;
    Ok(listing)
}

/// How often this was recorded for the shop.
async fn recorded(db: &Database, shop: ShopId, action: &str) -> anyhow::Result<i64> {
    let row = db
        .superuser()
        .await?
        .query_one(
            "select count(*) from ops_data.audit as a
             where a.object_type = 'shop' and a.object_id = $1::text and a.action = $2",
            &[&shop.to_string(), &action],
        )
        .await?;
    Ok(row.get(0))
}

/// Returns when a session of this database waits for a lock.
async fn somebody_waits(db: &Database) -> anyhow::Result<()> {
    let watcher = db.superuser().await?;
    let deadline = Instant::now() + Duration::from_secs(4);
    while Instant::now() < deadline {
        let row = watcher
            .query_one(
                "select exists (
                     select from pg_stat_activity as a
                     where a.datname = current_database() and a.wait_event_type = 'Lock')",
                &[],
            )
            .await?;
        if row.get(0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    anyhow::bail!("nobody waits for a lock")
}
