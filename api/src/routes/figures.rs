//! What listings, sellers and the platform come to.

use axum::extract::State;
use kardan_schema::market::{self, ListingDay, ListingPlace, SellerDay, TurnoverDay};
use kardan_schema::{ListingId, ShopId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Administer, Read, ReadInside};
use crate::extract::{Ask, At};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_figures => "market.listing_figures";
        listing_place => "market.listing_place";
        seller_figures => "market.seller_figures";
        seller_turnover => "market.seller_turnover";
        platform_figures => "market.platform_figures";
        platform_turnover => "market.platform_turnover";
    );
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DaysAsk {
    /// So many days (UTC), today included, 1 to 366; 30 when left out.
    days: Option<i32>,
}

/// Whose days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SellerAsk {
    /// Of this shop; without it, of my own listings.
    shop_id: Option<ShopId>,
    /// So many days (UTC), today included, 1 to 366; 30 when left out.
    days: Option<i32>,
}

/// What a listing came to, day by day, for its people and moderators; today as far as it is counted, ten minutes back.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/figures", tag = "figures",
    responses((status = 200, description = "The days that have figures.", body = Page<ListingDay>)))]
async fn listing_figures(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(DaysAsk { days }): Ask<DaysAsk>,
) -> Result<Json<Page<ListingDay>>> {
    let rows = market::listing_figures(&app.write().await?, me.user, listing, days).await?;
    Ok(Page::whole(rows))
}

/// At which place a listing stands in its subcategory, the latest first, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/place", tag = "figures",
    responses((status = 200, description = "The place.", body = ListingPlace)))]
async fn listing_place(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<ListingPlace>> {
    let place = market::listing_place(&app.write().await?, me.user, listing).await?;
    Ok(Json(place))
}

/// What my listings, or those of a shop of mine, came to, day by day.
#[utoipa::path(get, path = "/v1/me/figures", tag = "figures",
    responses((status = 200, description = "The days that have figures.", body = Page<SellerDay>)))]
async fn seller_figures(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<SellerAsk>,
) -> Result<Json<Page<SellerDay>>> {
    let db = app.write().await?;
    let rows = market::seller_figures(&db, me.user, ask.shop_id, ask.days).await?;
    Ok(Page::whole(rows))
}

/// What my completed deals, or those of a shop of mine, came to, day by day and currency.
#[utoipa::path(get, path = "/v1/me/turnover", tag = "figures",
    responses((status = 200, description = "The days with deals.", body = Page<TurnoverDay>)))]
async fn seller_turnover(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<SellerAsk>,
) -> Result<Json<Page<TurnoverDay>>> {
    let db = app.write().await?;
    let rows = market::seller_turnover(&db, me.user, ask.shop_id, ask.days).await?;
    Ok(Page::whole(rows))
}

/// What the whole platform came to, day by day.
#[utoipa::path(get, path = "/v1/platform/figures", tag = "figures",
    responses((status = 200, description = "The days that have figures.", body = Page<SellerDay>)))]
async fn platform_figures(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(DaysAsk { days }): Ask<DaysAsk>,
) -> Result<Json<Page<SellerDay>>> {
    let rows = market::platform_figures(&app.write().await?, me.user, days).await?;
    Ok(Page::whole(rows))
}

/// What completed deals on the whole platform came to, day by day and currency.
#[utoipa::path(get, path = "/v1/platform/turnover", tag = "figures",
    responses((status = 200, description = "The days with deals.", body = Page<TurnoverDay>)))]
async fn platform_turnover(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(DaysAsk { days }): Ask<DaysAsk>,
) -> Result<Json<Page<TurnoverDay>>> {
    let rows = market::platform_turnover(&app.write().await?, me.user, days).await?;
    Ok(Page::whole(rows))
}
