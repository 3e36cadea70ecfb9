//! Reservations: pieces put aside, given back, sold.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{
    self, BuyerReservation, Reservation, ReservationListOfListing, SellerReservation,
};
use kardan_schema::{ListingId, ReservationState};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Once, PageAsk, page};
use crate::money::Priced;
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_reserve => "market.listing_reserve", "ops.idempotency_begin", "ops.idempotency_finish";
        reservation_list_of_listing => "market.reservation_list_of_listing";
        reservation_list_mine => "market.reservation_list_mine";
        reservation_release => "market.reservation_release";
        reservation_sell => "market.reservation_sell";
    );
}

/// Pieces to put aside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReservationWish {
    /// How many.
    quantity: i32,
}

/// Put pieces of a listing aside for me at the price of this moment.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/reservations", tag = "reservations",
    responses((status = 201, description = "The reservation.", body = Reservation)))]
async fn listing_reserve(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    wish: Once<ReservationWish>,
) -> Result {
    let (ReservationWish { quantity }, repeat) = wish.split();
    let (actor, place) = (me.user, |_: &_| Some("/v1/me/reservations".to_owned()));
    repeat
        .created(
            &app,
            actor,
            move |tx| {
                Box::pin(async move {
                    market::listing_reserve(tx, actor, listing, quantity)
                        .await
                        .map(Priced)
                })
            },
            place,
        )
        .await
}

/// Which reservations to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReservationAsk {
    /// Only these.
    state: Option<ReservationState>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// The reservations of a listing of mine, newest first.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/reservations", tag = "reservations",
    responses((status = 200, description = "A part of the list.", body = Page<SellerReservation>)))]
async fn reservation_list_of_listing(
    State(app): State<App>,
    Read(me): Read,
    At(listing): At<ListingId>,
    Ask(ask): Ask<ReservationAsk>,
) -> Result<Response> {
    let (limit, after) = page::<Uuid>(ask.limit, ask.cursor.as_deref())?;
    let most = Some(limit);
    let list = ReservationListOfListing {
        actor: me.user,
        listing,
        state: ask.state,
        limit: most,
        after,
    };
    let rows = market::reservation_list_of_listing(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.reservation_id))
}

/// What I have put aside, newest first.
#[utoipa::path(get, path = "/v1/me/reservations", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<BuyerReservation>)))]
async fn reservation_list_mine(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Response> {
    let (limit, after) = ask.read::<Uuid>()?;
    let rows =
        market::reservation_list_mine(&app.write().await?, me.user, Some(limit), after).await?;
    Ok(Page::priced(rows, limit, |row| row.reservation_id))
}

/// Give the pieces back; buyer or seller. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/reservations/{reservation_id}/release", tag = "reservations",
    responses((status = 200, description = "The reservation.", body = Reservation)))]
async fn reservation_release(
    State(app): State<App>,
    Write(me): Write,
    At(reservation): At<Uuid>,
) -> Result<Json<Priced<Reservation>>> {
    let row = market::reservation_release(&app.write().await?, me.user, reservation).await?;
    Ok(Json(Priced(row)))
}

/// Say that the buyer took the pieces; seller. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/reservations/{reservation_id}/sell", tag = "reservations",
    responses((status = 200, description = "The reservation.", body = Reservation)))]
async fn reservation_sell(
    State(app): State<App>,
    Write(me): Write,
    At(reservation): At<Uuid>,
) -> Result<Json<Priced<Reservation>>> {
    let row = market::reservation_sell(&app.write().await?, me.user, reservation).await?;
    Ok(Json(Priced(row)))
}
