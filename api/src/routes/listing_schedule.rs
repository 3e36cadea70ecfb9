//! How long a listing stands: its end, renewal and bumps, and the lifetimes of categories.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{
    self, ListingBumped, ListingLifetime, ListingLifetimeState, ListingRenewed, ListingSchedule,
};
use kardan_schema::{CategoryId, ListingId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{Administer, ReadInside, Write};
use crate::extract::{At, Body, IfMatch};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_schedule_get => "market.listing_schedule_get";
        listing_renew => "market.listing_renew";
        listing_bump => "market.listing_bump";
        listing_lifetime_list => "market.listing_lifetime_list";
        listing_lifetime_set => "market.listing_lifetime_set";
    );
}

/// When a listing of mine expires, may be renewed and bumped.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/schedule", tag = "listings",
    responses((status = 200, description = "The times.", body = ListingSchedule)))]
async fn listing_schedule_get(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<ListingSchedule>> {
    let row = market::listing_schedule_get(&app.write().await?, me.user, listing).await?;
    Ok(Json(row.ok_or(Problem::from(Own::ThingUnknown))?))
}

/// Prolong a listing shortly before its end, or bring it back shortly after. Too soon: 429 with the seconds to wait.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/renew", tag = "listings",
    responses((status = 200, description = "Until when it stands.", body = ListingRenewed)))]
async fn listing_renew(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let row = market::listing_renew(&app.write().await?, me.user, listing, version).await?;
    Ok(versioned(row.version, &row))
}

/// Put a published listing first again. Too soon: 429 with the seconds to wait.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/bump", tag = "listings",
    responses((status = 200, description = "Where it stands now.", body = ListingBumped)))]
async fn listing_bump(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let row = market::listing_bump(&app.write().await?, me.user, listing, version).await?;
    Ok(versioned(row.version, &row))
}

/// Categories whose listings stand for other days than the setting says.
#[utoipa::path(get, path = "/v1/catalog/lifetimes", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<ListingLifetime>)))]
async fn listing_lifetime_list(
    State(app): State<App>,
    Administer(me): Administer,
) -> Result<Json<Page<ListingLifetime>>> {
    Ok(Page::whole(
        market::listing_lifetime_list(&app.write().await?, me.user).await?,
    ))
}

/// How long listings of a category stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LifetimeChange {
    /// 1 to 3650 days; null: as the category above it or the setting says.
    days: Option<i32>,
}

/// Set how long listings of a category stand. Those that are published keep their end.
#[utoipa::path(put, path = "/v1/catalog/categories/{category_id}/lifetime", tag = "catalog",
    responses((status = 200, description = "The lifetime.", body = ListingLifetimeState)))]
async fn listing_lifetime_set(
    State(app): State<App>,
    Administer(me): Administer,
    At(category): At<CategoryId>,
    Body(LifetimeChange { days }): Body<LifetimeChange>,
) -> Result<Json<ListingLifetimeState>> {
    Ok(Json(
        market::listing_lifetime_set(&app.write().await?, me.user, category, days).await?,
    ))
}
