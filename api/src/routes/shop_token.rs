//! Tokens of programs that act for a shop: bookkeeping, price lists.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, RevokedShopToken, ShopTokenCreate, ShopTokenEntry, ShopTokenList,
};
use kardan_schema::{ShopId, ShopScope};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Once, PageAsk};
use crate::table::{Table, add};
use crate::token::{self, TokenKind};

pub fn add(table: &mut Table) {
    add!(table;
        shop_token_list => "market.shop_token_list";
        shop_token_create => "market.shop_token_create", "ops.idempotency_begin", "ops.idempotency_finish";
        shop_token_revoke => "market.shop_token_revoke";
    );
}

/// The tokens of a shop, newest first; owners and managers.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/tokens", tag = "shops",
    responses((status = 200, description = "A part of the list.", body = Page<ShopTokenEntry>)))]
async fn shop_token_list(
    State(app): State<App>,
    Read(me): Read,
    At(shop): At<ShopId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ShopTokenEntry>> {
    let (limit, after) = ask.read::<Uuid>()?;
    let list = ShopTokenList {
        actor: me.user,
        shop,
        limit: Some(limit),
        after,
    };
    let rows = market::shop_token_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.token_id))
}

/// A token for a program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopTokenWish {
    /// What it is called.
    name: String,
    /// What it may be used for.
    scopes: Vec<ShopScope>,
    /// How long it lives, in seconds.
    ttl_seconds: i32,
}

/// A new token of a shop. The secret is shown only here.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the row of the binding with the secret in front, as the document shows it"
)]
struct MadeShopToken {
    /// The secret: send it as `Authorization: Bearer`.
    token: String,
    /// Its number.
    token_id: Uuid,
    /// The shop.
    shop_id: ShopId,
    /// What it is called.
    name: String,
    /// What it may be used for.
    scopes: Vec<ShopScope>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

/// Make a token for a program of the shop; owners and managers. It acts as me, and ends when I leave the shop.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/tokens", tag = "shops",
    responses((status = 201, description = "The token.", body = MadeShopToken)))]
async fn shop_token_create(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
    wish: Once<ShopTokenWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let mut wish = ShopTokenCreate {
        actor: me.user,
        bearer: Some(me.token),
        shop,
        name: wish.name,
        scopes: wish.scopes,
        token_hash: Vec::new(),
        ttl_seconds: wish.ttl_seconds,
    };
    repeat
        .created_with_secret(&app, me.user, TokenKind::Shop, |tx, secret| {
            wish.token_hash = token::hash(&secret);
            Box::pin(async move { market::shop_token_create(tx, &wish).await })
        })
        .await
}

/// End a token of the shop at once; owners and managers.
#[utoipa::path(delete, path = "/v1/shops/{shop_id}/tokens/{token_id}", tag = "shops",
    responses((status = 200, description = "It is over.", body = RevokedShopToken)))]
async fn shop_token_revoke(
    State(app): State<App>,
    Write(me): Write,
    At((shop, token)): At<(ShopId, Uuid)>,
) -> Result<Json<RevokedShopToken>> {
    Ok(Json(
        market::shop_token_revoke(&app.write().await?, me.user, shop, token).await?,
    ))
}
