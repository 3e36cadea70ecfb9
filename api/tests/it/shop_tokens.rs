//! Tokens of programs of a shop: what they open, and that they open nothing else.

use kardan_schema::market::{self, ShopCreate};
use kardan_schema::{Role, Scope, ShopId, ShopScope};
use reqwest::Method;
use serde_json::json;

use crate::scopes::filled;
use crate::support::{Person, Server, expect, problem};

/// A shop of this person.
pub async fn shop(server: &Server, owner: &Person<'_>) -> anyhow::Result<ShopId> {
    let wish = ShopCreate {
        actor: owner.user,
        name: format!("Shop of {}", owner.user),
        description: String::new(),
        place: None,
    };
    let api = server.db.as_role("kardan_api").await?;
    Ok(market::shop_create(&*api, &wish).await?.shop_id)
}

/// A token of the shop with these scopes.
pub async fn token(
    owner: &Person<'_>,
    shop: ShopId,
    scopes: &[ShopScope],
) -> anyhow::Result<String> {
    let path = format!("/v1/shops/{shop}/tokens");
    let wish = json!({ "name": "Bookkeeping", "scopes": scopes, "ttl_seconds": 3600 });
    let made = owner.send(Method::POST, &path, &wish, 201).await?;
    Ok(made["token"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_token_of_a_shop_opens_no_route_but_those_of_its_goods() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let owner = server.person(Role::Admin).await?;
    let shop_id = shop(&server, &owner).await?;
    let token = token(&owner, shop_id, ShopScope::ALL).await?;
    assert!(token.starts_with("kdn_g_"), "{token}");
    let mut refused = 0;
    for fact in kardan_api::facts() {
        if fact.scope.is_none() || fact.shop_scope.is_some() {
            continue;
        }
        let method = Method::from_bytes(fact.method.as_bytes())?;
        let request = server.ask(method, &filled(&fact.path)).bearer_auth(&token);
        problem(request.send().await?, 403, "shop_token_elsewhere").await?;
        refused += 1;
    }
    assert!(refused > 100, "{refused}");
    // Nor does it come as a person where a visitor may come.
    let path = "/v1/listings/1/contacts";
    let request = server.ask(Method::POST, path).bearer_auth(&token);
    problem(request.send().await?, 403, "shop_token_elsewhere").await?;
    Ok(())
}

#[tokio::test]
async fn a_token_of_a_shop_opens_the_goods_of_that_shop_with_the_scope_for_it() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let owner = server.person(Role::User).await?;
    let own = shop(&server, &owner).await?;
    let stranger = server.person(Role::User).await?;
    let other = shop(&server, &stranger).await?;
    let mut checked = 0;
    for fact in kardan_api::facts() {
        let Some(scope) = fact.shop_scope else {
            continue;
        };
        let method = Method::from_bytes(fact.method.as_bytes())?;
        let path = |shop: ShopId| fact.path.replace("{shop_id}", &shop.to_string());
        let ask = |shop, token: &str| {
            let request = server.ask(method.clone(), &path(shop));
            request.bearer_auth(token).send()
        };
        let right = token(&owner, own, &[scope]).await?;
        let others = ShopScope::ALL.iter().copied();
        let others: Vec<_> = others.filter(|one| *one != scope).collect();
        let wrong = token(&owner, own, &others).await?;
        let status = ask(own, &right).await?.status();
        assert!(status != 401 && status != 403, "{}: {status}", fact.path);
        problem(ask(other, &right).await?, 403, "shop_token_elsewhere").await?;
        let body = problem(ask(own, &wrong).await?, 403, "scope_required").await?;
        assert_eq!(body["detail"], format!("scope: {scope}"));
        checked += 1;
    }
    assert!(checked > 0);
    Ok(())
}

#[tokio::test]
async fn a_token_of_a_shop_ends_when_it_is_revoked_and_when_its_maker_leaves() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let owner = server.person(Role::User).await?;
    let shop_id = shop(&server, &owner).await?;
    let manager = server.person(Role::User).await?;
    server
        .superuser()
        .await?
        .execute(
            "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             values ($1, $2, 'manager', ops.clock_now())",
            &[&shop_id, &manager.user],
        )
        .await?;
    let goods = format!("/v1/shops/{shop_id}/listings");
    let first = token(&manager, shop_id, &[ShopScope::GoodsRead]).await?;
    let second = token(&manager, shop_id, &[ShopScope::GoodsRead]).await?;
    let ask = |token: &str| server.ask(Method::GET, &goods).bearer_auth(token).send();
    expect(ask(&first).await?, 200).await?;

    let tokens = format!("/v1/shops/{shop_id}/tokens");
    let listed = expect(owner.get(&tokens).await?, 200).await?;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    assert!(listed["items"][0].get("token").is_none());
    let first_id = &listed["items"][1]["token_id"];
    let path = format!("{tokens}/{}", first_id.as_str().unwrap_or_default());
    expect(owner.ask(Method::DELETE, &path).send().await?, 200).await?;
    problem(ask(&first).await?, 401, "credentials_invalid").await?;

    expect(ask(&second).await?, 200).await?;
    let gone = format!("/v1/shops/{shop_id}/members/{}", manager.user);
    expect(owner.ask(Method::DELETE, &gone).send().await?, 200).await?;
    problem(ask(&second).await?, 401, "credentials_invalid").await?;
    Ok(())
}

#[tokio::test]
async fn a_member_comes_to_the_goods_with_a_token_of_their_own_too() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let owner = server.person(Role::User).await?;
    let shop_id = shop(&server, &owner).await?;
    let reader = server.token(owner.user, &[Scope::Read]).await?;
    let path = format!("/v1/shops/{shop_id}/listings");
    let ask = server.ask(Method::GET, &path).bearer_auth(&reader);
    expect(ask.send().await?, 200).await?;
    Ok(())
}
