//! Tokens of programs of a shop: making, listing and ending them, and whom they open what for.

use chrono::TimeDelta;
use kardan_schema::market::{self, ShopMemberRoleSet, ShopTokenCreate, ShopTokenList};
use kardan_schema::people::{self, TokenCreate};
use kardan_schema::{Error, Reason, Role, Scope, ShopId, ShopRole, ShopScope, UserId};
use kardan_testdb::{Database, Session};

use super::{block, hash, join, open, recorded, somebody_waits};
use crate::support::reason;

fn wish(actor: UserId, shop: ShopId, token: &str) -> ShopTokenCreate {
    ShopTokenCreate {
        actor,
        bearer: None,
        shop,
        name: "Bookkeeping".to_owned(),
        scopes: vec![ShopScope::GoodsWrite],
        token_hash: hash(token),
        ttl_seconds: 3600,
    }
}

fn all(actor: UserId, shop: ShopId) -> ShopTokenList {
    ShopTokenList {
        actor,
        shop,
        limit: None,
        after: None,
    }
}

async fn opens(api: &Session, token: &str) -> Result<bool, Error> {
    let found = market::shop_token_authenticate(&**api, &hash(token)).await?;
    Ok(found.is_some())
}

#[tokio::test]
async fn a_token_opens_its_shop_as_the_member_who_made_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let asked = ShopTokenCreate {
        name: "  Price   list ".to_owned(),
        scopes: vec![
            ShopScope::StockWrite,
            ShopScope::GoodsRead,
            ShopScope::StockWrite,
        ],
        ..wish(manager, shop, "one")
    };
    let made = market::shop_token_create(&*api, &asked).await?;
    assert_eq!((made.shop_id, made.name.as_str()), (shop, "Price list"));
    assert_eq!(made.expires_at - made.created_at, TimeDelta::hours(1));
    let found = market::shop_token_authenticate(&*api, &hash("one")).await?;
    let found = found.ok_or_else(|| anyhow::anyhow!("the token opens nothing"))?;
    assert_eq!(
        (found.token_id, found.shop_id, found.user_id),
        (made.token_id, shop, manager)
    );
    assert_eq!(found.scopes, [ShopScope::GoodsRead, ShopScope::StockWrite]);
    // It is no token of the person, and opens nothing else.
    assert_eq!(people::token_authenticate(&*api, &hash("one")).await?, None);
    assert_eq!(recorded(&db, shop, "shop.token_create").await?, 1);
    db.shift_clock("1 hour").await?;
    assert!(!opens(&api, "one").await?);
    Ok(())
}

#[tokio::test]
async fn whoever_leaves_is_removed_or_becomes_a_seller_takes_the_tokens_along() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let mut members = Vec::new();
    for token in ["left", "removed", "demoted", "stayed"] {
        let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
        market::shop_token_create(&*api, &wish(manager, shop, token)).await?;
        assert!(opens(&api, token).await?);
        members.push(manager);
    }
    market::shop_leave(&*api, members[0], shop).await?;
    market::shop_member_remove(&*api, owner, shop, members[1]).await?;
    let role = |user, role| ShopMemberRoleSet {
        actor: owner,
        shop,
        user,
        role,
    };
    market::shop_member_role_set(&*api, &role(members[2], ShopRole::Seller)).await?;
    // Nor do they come back with a new rank.
    market::shop_member_role_set(&*api, &role(members[2], ShopRole::Manager)).await?;
    market::shop_member_role_set(&*api, &role(members[3], ShopRole::Owner)).await?;
    for token in ["left", "removed", "demoted"] {
        assert!(!opens(&api, token).await?, "{token}");
    }
    assert!(opens(&api, "stayed").await?);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_token_of_a_shop_is_named() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let blocked = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    block(&db, &api, blocked).await?;
    market::shop_token_create(&*api, &wish(owner, shop, "taken")).await?;
    #[rustfmt::skip]
    let cases = [
        (ShopTokenCreate { name: " ".to_owned(), ..wish(owner, shop, "1") }, Reason::TokenNameLength),
        (ShopTokenCreate { scopes: vec![], ..wish(owner, shop, "1") }, Reason::ShopTokenScopesKnown),
        (ShopTokenCreate { token_hash: vec![], ..wish(owner, shop, "1") }, Reason::TokenHashSize),
        (ShopTokenCreate { ttl_seconds: 0, ..wish(owner, shop, "1") }, Reason::TokenLifetimeLimits),
        (wish(owner, shop, "taken"), Reason::ShopTokenHashUnique),
        (wish(seller, shop, "1"), Reason::ShopRoleRequired),
        (wish(blocked, shop, "1"), Reason::ActorBlocked),
        (wish(owner, ShopId(-1), "1"), Reason::ShopUnknown),
    ];
    for (wrong, expected) in cases {
        assert_eq!(
            reason(market::shop_token_create(&*api, &wrong).await),
            expected
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_personal_token_makes_one_for_a_shop_only_when_it_reads_and_writes() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let personal = |scopes: &[Scope], token: &str| TokenCreate {
        actor: owner,
        bearer: None,
        name: "mine".to_owned(),
        scopes: scopes.to_vec(),
        token_hash: hash(token),
        ttl_seconds: 3600,
    };
    let narrow = people::token_create(&*api, &personal(&[Scope::Write], "narrow")).await?;
    let wide = people::token_create(&*api, &personal(&[Scope::Read, Scope::Write], "wide")).await?;
    let with = |bearer| ShopTokenCreate {
        bearer: Some(bearer),
        ..wish(owner, shop, "made")
    };
    assert_eq!(
        reason(market::shop_token_create(&*api, &with(narrow.token_id)).await),
        Reason::TokenScopesExceeded
    );
    market::shop_token_create(&*api, &with(wide.token_id)).await?;
    Ok(())
}

#[tokio::test]
async fn a_shop_has_at_most_20_live_tokens_even_when_two_are_asked_for_at_once()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let (mut one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let owner = db.person(Role::User).await?;
    let shop = open(&one, owner).await?.shop_id;
    for number in 1..20 {
        market::shop_token_create(&*one, &wish(owner, shop, &number.to_string())).await?;
    }
    let tx = one.transaction().await?;
    market::shop_token_create(&tx, &wish(owner, shop, "20")).await?;
    let wanted = wish(owner, shop, "21");
    let (late, early) = tokio::join!(market::shop_token_create(&*two, &wanted), async {
        somebody_waits(&db).await?;
        Ok::<_, anyhow::Error>(tx.commit().await?)
    });
    early?;
    assert_eq!(reason(late), Reason::ShopTokenLimit);
    // One that ended makes room, and goes a month later.
    let tokens = market::shop_token_list(&*two, &all(owner, shop)).await?;
    market::shop_token_revoke(&*two, owner, shop, tokens[0].token_id).await?;
    market::shop_token_create(&*two, &wish(owner, shop, "21")).await?;
    db.shift_clock("31 days").await?;
    market::shop_token_create(&*two, &wish(owner, shop, "22")).await?;
    let rows = db
        .superuser()
        .await?
        .query_one("select count(*) from market_data.shop_tokens", &[])
        .await?;
    assert_eq!(rows.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn owners_and_managers_see_the_tokens_with_their_last_use_and_end_any() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let other = open(&api, db.person(Role::User).await?).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let first = market::shop_token_create(&*api, &wish(manager, shop, "first")).await?;
    db.shift_clock("1 minute").await?;
    let second = market::shop_token_create(&*api, &wish(owner, shop, "second")).await?;
    market::shop_token_used(&*api, first.token_id).await?;

    let seen = market::shop_token_list(&*api, &all(owner, shop)).await?;
    let ids: Vec<_> = seen.iter().map(|token| token.token_id).collect();
    assert_eq!(ids, [second.token_id, first.token_id]);
    assert_eq!((seen[0].last_used_at, seen[1].created_by), (None, manager));
    assert!(seen[1].last_used_at.is_some());
    let rest = ShopTokenList {
        after: Some(second.token_id),
        ..all(owner, shop)
    };
    assert_eq!(market::shop_token_list(&*api, &rest).await?, seen[1..]);

    assert_eq!(
        reason(market::shop_token_revoke(&*api, owner, other, first.token_id).await),
        Reason::ShopRoleRequired
    );
    let ended = market::shop_token_revoke(&*api, owner, shop, first.token_id).await?;
    assert!(!opens(&api, "first").await?);
    db.shift_clock("2 minutes").await?;
    let again = market::shop_token_revoke(&*api, manager, shop, first.token_id).await?;
    assert_eq!(again, ended);
    assert_eq!(recorded(&db, shop, "shop.token_revoke").await?, 1);
    assert_eq!(
        reason(market::shop_token_revoke(&*api, owner, shop, uuid::Uuid::nil()).await),
        Reason::TokenUnknown
    );
    Ok(())
}
