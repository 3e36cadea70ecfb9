//! Deals: asking for pieces, and every step until the buyer has them.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::ListingId;
use kardan_schema::market::{
    self, Deal, DealEvent, DealEventList, DealStep, ModerationDealEventList,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Moderate, Read, Write};
use crate::extract::{Ask, At, Body, Once, PageAsk};
use crate::money::Priced;
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        deal_request => "market.deal_request", "ops.idempotency_begin", "ops.idempotency_finish";
        deal_get => "market.deal_get";
        deal_event_list => "market.deal_event_list";
        deal_confirm => "market.deal_confirm";
        deal_hand_over => "market.deal_hand_over";
        deal_complete => "market.deal_complete";
        deal_cancel => "market.deal_cancel";
        moderation_deal_get => "market.moderation_deal_get";
        moderation_deal_event_list => "market.moderation_deal_event_list";
    );
}

/// Pieces to buy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DealWish {
    /// How many.
    quantity: i32,
}

/// Ask the seller of a listing for pieces at the price of this moment.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/deals", tag = "deals",
    responses((status = 201, description = "The deal.", body = Deal)))]
async fn deal_request(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    wish: Once<DealWish>,
) -> Result {
    let (DealWish { quantity }, repeat) = wish.split();
    let (actor, place) = (me.user, |deal: &Priced<Deal>| {
        Some(format!("/v1/deals/{}", deal.0.deal_id))
    });
    repeat
        .created(
            &app,
            actor,
            move |tx| {
                Box::pin(async move {
                    market::deal_request(tx, actor, listing, quantity)
                        .await
                        .map(Priced)
                })
            },
            place,
        )
        .await
}

/// A deal of mine.
#[utoipa::path(get, path = "/v1/deals/{deal_id}", tag = "deals",
    responses((status = 200, description = "The deal.", body = Deal)))]
async fn deal_get(
    State(app): State<App>,
    Read(me): Read,
    At(deal): At<Uuid>,
) -> Result<Json<Priced<Deal>>> {
    let row = market::deal_get(&app.write().await?, me.user, deal).await?;
    let row = row.ok_or(Problem::from(Own::ThingUnknown))?;
    Ok(Json(Priced(row)))
}

/// What happened to a deal of mine, latest first.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/events", tag = "deals",
    responses((status = 200, description = "A part of the list.", body = Page<DealEvent>)))]
async fn deal_event_list(
    State(app): State<App>,
    Read(me): Read,
    At(deal): At<Uuid>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<DealEvent>> {
    let (limit, after) = ask.read::<(DateTime<Utc>, i64)>()?;
    let list = DealEventList {
        actor: me.user,
        deal,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| key.1),
    };
    let rows = market::deal_event_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.at, row.event_id)))
}

/// Accept a request and put the pieces aside; seller. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/confirm", tag = "deals",
    responses((status = 200, description = "Where the deal is now.", body = DealStep)))]
async fn deal_confirm(
    State(app): State<App>,
    Write(me): Write,
    At(deal): At<Uuid>,
) -> Result<Json<DealStep>> {
    Ok(Json(
        market::deal_confirm(&app.write().await?, me.user, deal).await?,
    ))
}

/// Say that the buyer has the pieces; seller. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/hand-over", tag = "deals",
    responses((status = 200, description = "Where the deal is now.", body = DealStep)))]
async fn deal_hand_over(
    State(app): State<App>,
    Write(me): Write,
    At(deal): At<Uuid>,
) -> Result<Json<DealStep>> {
    Ok(Json(
        market::deal_hand_over(&app.write().await?, me.user, deal).await?,
    ))
}

/// Say that I have the pieces; buyer. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/complete", tag = "deals",
    responses((status = 200, description = "Where the deal is now.", body = DealStep)))]
async fn deal_complete(
    State(app): State<App>,
    Write(me): Write,
    At(deal): At<Uuid>,
) -> Result<Json<DealStep>> {
    Ok(Json(
        market::deal_complete(&app.write().await?, me.user, deal).await?,
    ))
}

/// Why a deal is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DealEnd {
    /// 3 to 500 characters that the other side reads.
    reason: String,
}

/// Cancel a deal before it is completed; buyer or seller. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/cancel", tag = "deals",
    responses((status = 200, description = "Where the deal is now.", body = DealStep)))]
async fn deal_cancel(
    State(app): State<App>,
    Write(me): Write,
    At(deal): At<Uuid>,
    Body(DealEnd { reason }): Body<DealEnd>,
) -> Result<Json<DealStep>> {
    Ok(Json(
        market::deal_cancel(&app.write().await?, me.user, deal, reason).await?,
    ))
}

/// Any deal.
#[utoipa::path(get, path = "/v1/moderation/deals/{deal_id}", tag = "moderation",
    responses((status = 200, description = "The deal.", body = Deal)))]
async fn moderation_deal_get(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(deal): At<Uuid>,
) -> Result<Json<Priced<Deal>>> {
    let row = market::moderation_deal_get(&app.write().await?, me.user, deal).await?;
    let row = row.ok_or(Problem::from(Own::ThingUnknown))?;
    Ok(Json(Priced(row)))
}

/// What happened to any deal, latest first.
#[utoipa::path(get, path = "/v1/moderation/deals/{deal_id}/events", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<DealEvent>)))]
async fn moderation_deal_event_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(deal): At<Uuid>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<DealEvent>> {
    let (limit, after) = ask.read::<(DateTime<Utc>, i64)>()?;
    let list = ModerationDealEventList {
        actor: me.user,
        deal,
        limit: Some(limit),
        after_at: after.map(|key| key.0),
        after_id: after.map(|key| key.1),
    };
    let rows = market::moderation_deal_event_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.at, row.event_id)))
}
