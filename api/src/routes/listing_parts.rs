//! What hangs on a listing: the order of its photos, vehicles that it fits, its history. Adding a photo is in `photo`.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, ListingEvent, ListingEventList, ListingFitment, ListingFitmentAdd, ListingFitmentAdded,
    ListingFitmentSuggestion, ListingPhoto, ListingPhotoOrder, ListingPrice, ListingPriceList,
    ListingPriceState, ListingState,
};
use kardan_schema::{GenerationId, ListingId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{ReadInside, Write, WriteInside};
use crate::extract::{Ask, At, Body, IfMatch, Once, PageAsk};
use crate::money::Priced;
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_photo_list => "market.listing_photo_list";
        listing_photo_view => "market.listing_photo_view";
        listing_photo_order => "market.listing_photo_order";
        listing_photo_remove => "market.listing_photo_remove";
        listing_fitment_list => "market.listing_fitment_list";
        listing_fitment_view => "market.listing_fitment_view";
        listing_fitment_add => "market.listing_fitment_add", "ops.idempotency_begin", "ops.idempotency_finish";
        listing_fitment_suggest => "market.listing_fitment_suggest";
        listing_fitment_remove => "market.listing_fitment_remove";
        listing_event_list => "market.listing_event_list";
        listing_price_list => "market.listing_price_list";
        listing_price_get => "market.listing_price_get";
    );
}

/// The photos of a listing in their order; the first is the cover.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/photos", tag = "listings",
    responses((status = 200, description = "All of them.", body = Page<ListingPhoto>)))]
async fn listing_photo_list(
    State(app): State<App>,
    At(listing): At<ListingId>,
) -> Result<Json<Page<Priced<ListingPhoto>>>> {
    let rows = market::listing_photo_list(&app.read().await?, listing).await?;
    Ok(Page::whole(rows.into_iter().map(Priced).collect()))
}

/// The photos of a listing in any state, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/inside/photos", tag = "listings",
    responses((status = 200, description = "All of them.", body = Page<ListingPhoto>)))]
async fn listing_photo_view(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Page<Priced<ListingPhoto>>>> {
    let rows = market::listing_photo_view(&app.write().await?, me.user, listing).await?;
    Ok(Page::whole(rows.into_iter().map(Priced).collect()))
}

/// An order of photos.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhotoOrder {
    /// Every photo of the listing once.
    photos: Vec<Uuid>,
}

/// Put the photos in an order.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/photos", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingState)))]
async fn listing_photo_order(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
    Body(PhotoOrder { photos }): Body<PhotoOrder>,
) -> Result<Response> {
    let order = ListingPhotoOrder {
        actor: me.user,
        listing,
        version,
        photos,
    };
    let row = market::listing_photo_order(&app.write().await?, &order).await?;
    Ok(versioned(row.version, &row))
}

/// Take a photo away.
#[utoipa::path(delete, path = "/v1/photos/{photo_id}", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingState)))]
async fn listing_photo_remove(
    State(app): State<App>,
    Write(me): Write,
    At(photo): At<Uuid>,
) -> Result<Json<ListingState>> {
    Ok(Json(
        market::listing_photo_remove(&app.write().await?, me.user, photo).await?,
    ))
}

/// The vehicles that a listing fits.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/fitments", tag = "listings",
    responses((status = 200, description = "All of them.", body = Page<ListingFitment>)))]
async fn listing_fitment_list(
    State(app): State<App>,
    At(listing): At<ListingId>,
) -> Result<Json<Page<ListingFitment>>> {
    Ok(Page::whole(
        market::listing_fitment_list(&app.read().await?, listing).await?,
    ))
}

/// The vehicles that a listing in any state fits, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/inside/fitments", tag = "listings",
    responses((status = 200, description = "All of them.", body = Page<ListingFitment>)))]
async fn listing_fitment_view(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Page<ListingFitment>>> {
    let db = app.write().await?;
    Ok(Page::whole(
        market::listing_fitment_view(&db, me.user, listing).await?,
    ))
}

/// Vehicles that a listing may fit, by what other sellers of the same part say; for its people and moderators. None is
/// published before it is added.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/inside/fitments/suggestions", tag = "listings",
    responses((status = 200, description = "At most 50, the most often said first.", body = Page<ListingFitmentSuggestion>)))]
async fn listing_fitment_suggest(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Page<ListingFitmentSuggestion>>> {
    let db = app.write().await?;
    Ok(Page::whole(
        market::listing_fitment_suggest(&db, me.user, listing).await?,
    ))
}

/// A vehicle that a listing fits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListingFitmentWish {
    /// The generation of a model.
    generation_id: GenerationId,
    /// The first year; without it, the generation's first.
    year_from: Option<i32>,
    /// The last year; without it, the generation's last.
    year_to: Option<i32>,
    /// What to mind, at most 300 characters.
    #[serde(default)]
    note: String,
}

/// Say that a listing fits vehicles.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/fitments", tag = "listings",
    responses((status = 201, description = "The statement.", body = ListingFitmentAdded)))]
async fn listing_fitment_add(
    State(app): State<App>,
    WriteInside(me): WriteInside,
    At(listing): At<ListingId>,
    wish: Once<ListingFitmentWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let ListingFitmentWish {
        generation_id: generation,
        year_from,
        year_to,
        note,
    } = wish;
    let wish = ListingFitmentAdd {
        actor: me.user,
        listing,
        generation,
        year_from,
        year_to,
        note,
    };
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::listing_fitment_add(tx, &wish).await }),
            |_| None,
        )
        .await
}

/// Take a statement of fitment back.
#[utoipa::path(delete, path = "/v1/fitments/{fitment_id}", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingState)))]
async fn listing_fitment_remove(
    State(app): State<App>,
    WriteInside(me): WriteInside,
    At(fitment): At<i64>,
) -> Result<Json<ListingState>> {
    Ok(Json(
        market::listing_fitment_remove(&app.write().await?, me.user, fitment).await?,
    ))
}

/// The steps in the life of a listing, latest first, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/events", tag = "listings",
    responses((status = 200, description = "A part of the list.", body = Page<ListingEvent>)))]
async fn listing_event_list(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ListingEvent>> {
    let (limit, after) = ask.read::<(DateTime<Utc>, i64)>()?;
    let (after_at, after_id) = (after.map(|key| key.0), after.map(|key| key.1));
    let list = ListingEventList {
        actor: me.user,
        listing,
        limit: Some(limit),
        after_at,
        after_id,
    };
    let rows = market::listing_event_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.at, row.event_id)))
}

/// The prices of a listing, latest first, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/prices", tag = "listings",
    responses((status = 200, description = "A part of the list.", body = Page<ListingPrice>)))]
async fn listing_price_list(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Response> {
    let (limit, after) = ask.read::<i64>()?;
    let list = ListingPriceList {
        actor: me.user,
        listing,
        limit: Some(limit),
        after,
    };
    let rows = market::listing_price_list(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.price_id))
}

/// The prices of a listing: as they are, and as its posts in channels show them. A change of price alone edits no post.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/price", tag = "listings",
    responses((status = 200, description = "The prices.", body = ListingPriceState)))]
async fn listing_price_get(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Priced<ListingPriceState>>> {
    let row = market::listing_price_get(&app.write().await?, me.user, listing).await?;
    Ok(Json(Priced(row)))
}
