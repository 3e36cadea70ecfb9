//! Favourites of the acting person.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::ListingId;
use kardan_schema::market::{self, Favourite, FavouriteAdded, FavouriteList};

use crate::answer::{Json, Page, Result, done};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, PageAsk};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        favourite_add => "market.favourite_add";
        favourite_remove => "market.favourite_remove";
        favourite_list => "market.favourite_list";
    );
}

/// Put a listing among my favourites: I am told when it becomes cheaper.
#[utoipa::path(put, path = "/v1/me/favourites/{listing_id}", tag = "me",
    responses((status = 200, description = "It is a favourite.", body = FavouriteAdded)))]
async fn favourite_add(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
) -> Result<Json<FavouriteAdded>> {
    Ok(Json(
        market::favourite_add(&app.write().await?, me.user, listing).await?,
    ))
}

/// Take a listing out of my favourites.
#[utoipa::path(delete, path = "/v1/me/favourites/{listing_id}", tag = "me",
    responses((status = 204, description = "It is no favourite.")))]
async fn favourite_remove(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
) -> Result {
    market::favourite_remove(&app.write().await?, me.user, listing).await?;
    Ok(done())
}

/// My favourites, the latest first. What was withdrawn stays, as withdrawn.
#[utoipa::path(get, path = "/v1/me/favourites", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<Favourite>)))]
async fn favourite_list(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Response> {
    let (limit, after) = ask.read::<(DateTime<Utc>, i64)>()?;
    let list = FavouriteList {
        actor: me.user,
        limit: Some(limit),
        after_at: after.map(|(at, _)| at),
        after_listing: after.map(|(_, listing)| ListingId(listing)),
    };
    let rows = market::favourite_list(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| {
        (row.added_at, row.listing_id.0)
    }))
}
