//! Shops: what everybody sees, what members do.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{
    self, PublicShop, Shop, ShopCreate, ShopLeaver, ShopListing, ShopListingList, ShopUpdate,
};
use kardan_schema::{ListingId, PlaceId, ShopId, Status};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{GoodsRead, Read, Write};
use crate::extract::{Ask, At, Body, IfMatch, IfNoneMatch, Once, PageAsk, page};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        shop_create => "market.shop_create", "ops.idempotency_begin", "ops.idempotency_finish";
        shop_get => "market.shop_get";
        shop_update => "market.shop_update";
        shop_list_mine => "market.shop_list_mine";
        shop_listing_list => "market.shop_listing_list";
        shop_leave => "market.shop_leave";
    );
}

/// A shop to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopWish {
    /// 2 to 100 characters; no other shop may have it.
    name: String,
    /// At most 4000 characters.
    #[serde(default)]
    description: String,
    /// The town where it is.
    place_id: Option<PlaceId>,
}

/// Open a shop; I am its owner.
#[utoipa::path(post, path = "/v1/shops", tag = "shops",
    responses((status = 201, description = "The shop.", body = Shop)))]
async fn shop_create(State(app): State<App>, Write(me): Write, wish: Once<ShopWish>) -> Result {
    let (
        ShopWish {
            name,
            description,
            place_id: place,
        },
        repeat,
    ) = wish.split();
    let shop = ShopCreate {
        actor: me.user,
        name,
        description,
        place,
    };
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::shop_create(tx, &shop).await }),
            |shop| Some(format!("/v1/shops/{}", shop.shop_id)),
        )
        .await
}

/// A shop as everybody sees it.
#[utoipa::path(get, path = "/v1/shops/{shop_id}", tag = "shops",
    responses((status = 200, description = "The shop.", body = PublicShop)))]
async fn shop_get(State(app): State<App>, At(shop): At<ShopId>, seen: IfNoneMatch) -> Result {
    let shop = market::shop_get(&app.look_up().await?, shop).await?;
    let shop = shop.ok_or(Problem::from(Own::ThingUnknown))?;
    Ok(seen.answer(shop.version, &shop))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopChange {
    /// The new name.
    name: Option<String>,
    /// The new description.
    description: Option<String>,
    /// The new town; 0 takes it away.
    place_id: Option<PlaceId>,
}

/// Change what a shop says of itself; owners and managers.
#[utoipa::path(patch, path = "/v1/shops/{shop_id}", tag = "shops",
    responses((status = 200, description = "The shop as it is now.", body = Shop)))]
async fn shop_update(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
    IfMatch(version): IfMatch,
    Body(change): Body<ShopChange>,
) -> Result {
    let ShopChange {
        name,
        description,
        place_id: place,
    } = change;
    let change = ShopUpdate {
        actor: me.user,
        shop,
        name,
        description,
        place,
        version,
    };
    let shop = market::shop_update(&app.write().await?, &change).await?;
    Ok(versioned(shop.version, &shop))
}

/// The shops that I belong to.
#[utoipa::path(get, path = "/v1/me/shops", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<Shop>)))]
async fn shop_list_mine(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<Shop>> {
    let (limit, after) = ask.read::<i64>()?;
    let db = app.write().await?;
    let rows = market::shop_list_mine(&db, me.user, Some(limit), after.map(ShopId)).await?;
    Ok(Page::part(rows, limit, |row| row.shop_id.0))
}

/// Which goods to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct GoodsAsk {
    /// Only listings in this state.
    status: Option<Status>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// The goods of a shop for its members, newest first.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/listings", tag = "shops",
    responses((status = 200, description = "A part of the list.", body = Page<ShopListing>)))]
async fn shop_listing_list(
    State(app): State<App>,
    GoodsRead(me): GoodsRead,
    At(shop): At<ShopId>,
    Ask(ask): Ask<GoodsAsk>,
) -> Result<Response> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let (most, after) = (Some(limit), after.map(ListingId));
    let list = ShopListingList {
        actor: me.user,
        shop,
        status: ask.status,
        limit: most,
        after,
    };
    let rows = market::shop_listing_list(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.listing_id.0))
}

/// Leave a shop; its last owner cannot.
#[utoipa::path(delete, path = "/v1/me/shops/{shop_id}", tag = "me",
    responses((status = 200, description = "I do not belong to it.", body = ShopLeaver)))]
async fn shop_leave(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
) -> Result<Json<ShopLeaver>> {
    Ok(Json(
        market::shop_leave(&app.write().await?, me.user, shop).await?,
    ))
}
