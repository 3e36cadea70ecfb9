//! Advertising inside the marketplace: what moderators and administrators decide about orders.

use axum::extract::State;
use axum::http::StatusCode;
use kardan_schema::market::{self, Promotion};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Page, Result, json};
use crate::app::App;
use crate::auth::{Administer, Moderate};
use crate::extract::{Ask, At, Body, PageAsk};
use crate::money::{Money, Priced};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        moderation_promotion_list => "market.moderation_promotion_list";
        moderation_promotion_current => "market.moderation_promotion_current";
        moderation_promotion_hold => "market.moderation_promotion_hold";
        moderation_promotion_release => "market.moderation_promotion_release";
        moderation_promotion_approve => "market.moderation_promotion_approve";
        moderation_promotion_reject => "market.moderation_promotion_reject";
        promotion_pay => "market.promotion_pay";
        promotion_refund => "market.promotion_refund";
    );
}

/// The orders that wait for a moderator, the oldest first.
#[utoipa::path(get, path = "/v1/moderation/promotions", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<Promotion>)))]
async fn moderation_promotion_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<Promotion>> {
    let (limit, after) = ask.read::<i64>()?;
    let (db, most) = (app.write().await?, Some(limit));
    let rows = market::moderation_promotion_list(&db, me.user, most, after).await?;
    Ok(Page::part(rows, limit, |row| row.promotion_id))
}

/// The approved orders that are not over, the oldest first: what may be held or released.
#[utoipa::path(get, path = "/v1/moderation/promotions/current", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<Promotion>)))]
async fn moderation_promotion_current(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<Promotion>> {
    let (limit, after) = ask.read::<i64>()?;
    let (db, most) = (app.write().await?, Some(limit));
    let rows = market::moderation_promotion_current(&db, me.user, most, after).await?;
    Ok(Page::part(rows, limit, |row| row.promotion_id))
}

/// What it costs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Approval {
    /// The price of the whole order.
    price: Money,
}

/// Approve an order. It runs when it is paid.
#[utoipa::path(post, path = "/v1/moderation/promotions/{promotion_id}/approve", tag = "moderation",
    responses((status = 200, description = "Approved.", body = Promotion)))]
async fn moderation_promotion_approve(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(promotion): At<i64>,
    Body(Approval { price }): Body<Approval>,
) -> Result {
    let db = app.write().await?;
    let (minor, currency) = (price.amount_minor, price.currency);
    let row = market::moderation_promotion_approve(&db, me.user, promotion, minor, &currency);
    Ok(json(StatusCode::OK, &Priced(row.await?)))
}

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refusal {
    /// 3 to 500 characters, which the seller reads.
    reason: String,
}

/// Refuse an order.
#[utoipa::path(post, path = "/v1/moderation/promotions/{promotion_id}/reject", tag = "moderation",
    responses((status = 200, description = "Refused.", body = Promotion)))]
async fn moderation_promotion_reject(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(promotion): At<i64>,
    Body(Refusal { reason }): Body<Refusal>,
) -> Result {
    let db = app.write().await?;
    let row = market::moderation_promotion_reject(&db, me.user, promotion, &reason).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// Stop an order for now, at once. Its people are told why, and cannot let it run again.
#[utoipa::path(post, path = "/v1/moderation/promotions/{promotion_id}/hold", tag = "moderation",
    responses((status = 200, description = "Held.", body = Promotion)))]
async fn moderation_promotion_hold(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(promotion): At<i64>,
    Body(Refusal { reason }): Body<Refusal>,
) -> Result {
    let db = app.write().await?;
    let row = market::moderation_promotion_hold(&db, me.user, promotion, &reason).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// Let an order run again that was held. Its people are told; if they have paused it, it stays paused.
#[utoipa::path(post, path = "/v1/moderation/promotions/{promotion_id}/release", tag = "moderation",
    responses((status = 200, description = "Not held.", body = Promotion)))]
async fn moderation_promotion_release(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(promotion): At<i64>,
) -> Result {
    let row = market::moderation_promotion_release(&app.write().await?, me.user, promotion).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// A payment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Payment {
    /// Its number where it was made; it pays for one order.
    reference: String,
}

/// Record that an order is paid. Doing it again with the same reference changes nothing.
#[utoipa::path(post, path = "/v1/promotions/{promotion_id}/payment", tag = "promotions",
    responses((status = 200, description = "Paid.", body = Promotion)))]
async fn promotion_pay(
    State(app): State<App>,
    Administer(me): Administer,
    At(promotion): At<i64>,
    Body(Payment { reference }): Body<Payment>,
) -> Result {
    let row = market::promotion_pay(&app.write().await?, me.user, promotion, &reference).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// Record that the money for an order went back. It is not shown any more.
#[utoipa::path(delete, path = "/v1/promotions/{promotion_id}/payment", tag = "promotions",
    responses((status = 200, description = "Refunded.", body = Promotion)))]
async fn promotion_refund(
    State(app): State<App>,
    Administer(me): Administer,
    At(promotion): At<i64>,
) -> Result {
    let row = market::promotion_refund(&app.write().await?, me.user, promotion).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}
