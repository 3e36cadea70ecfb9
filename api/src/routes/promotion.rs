//! Advertising inside the marketplace: orders of sellers, and what is shown where.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::market::{self, Promotion, PromotionCreate, PromotionDay, PromotionShown};
use kardan_schema::{ListingId, ShopId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, done, json};
use crate::app::App;
use crate::auth::{Anybody, Read, Write};
use crate::extract::{Ask, At, Body, Once, page};
use crate::money::Priced;
use crate::problem::Problem;
use crate::table::{Table, add};
use crate::views::Seen;

pub fn add(table: &mut Table) {
    add!(table;
        promotion_create => "market.promotion_create", "ops.idempotency_begin", "ops.idempotency_finish";
        promotion_list_mine => "market.promotion_list_mine";
        promotion_cancel => "market.promotion_cancel";
        promotion_pause => "market.promotion_pause";
        promotion_resume => "market.promotion_resume";
        promotion_figures => "market.promotion_figures";
        listing_promotion_show => "market.listing_promotion_show";
        promotion_record => "market.promotion_record";
    );
}

/// What is ordered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromotionWish {
    /// `insertion`: in the slots of other listings; `post`: into the channels that the listing matches.
    kind: String,
    /// 1 to 300 characters.
    text: String,
    /// Categories of the first or second level in whose listings alone an insertion is shown; without any, in all.
    #[serde(default)]
    wanted_categories: Vec<i64>,
    /// Categories in whose listings it is not shown, wanted or not.
    #[serde(default)]
    excluded_categories: Vec<i64>,
    /// From when on it is to run.
    begins_at: DateTime<Utc>,
    /// Until when, 366 days later at most.
    ends_at: DateTime<Utc>,
    /// How often it is to be shown; without it, until the end.
    impressions: Option<i32>,
}

/// Order an advertisement for a listing of mine, or of my shop. A moderator decides, and it runs when it is paid.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/promotions", tag = "promotions",
    responses((status = 201, description = "Ordered.", body = Promotion)))]
async fn promotion_create(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    wish: Once<PromotionWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let wish = PromotionCreate {
        actor: me.user,
        listing,
        kind: wish.kind,
        text: wish.text,
        wanted_categories: wish.wanted_categories,
        excluded_categories: wish.excluded_categories,
        begins_at: wish.begins_at,
        ends_at: wish.ends_at,
        impressions: wish.impressions,
    };
    repeat
        .created(
            &app,
            me.user,
            move |tx| {
                Box::pin(async move { market::promotion_create(tx, &wish).await.map(Priced) })
            },
            |_| None,
        )
        .await
}

/// Whose orders.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MineAsk {
    /// Of this shop; without it, for my own listings.
    shop_id: Option<ShopId>,
    /// At most so many rows, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i32>,
    /// Where the list goes on: the field `next` of the part before.
    cursor: Option<String>,
}

/// My orders, or those of a shop of mine, the latest first.
#[utoipa::path(get, path = "/v1/promotions", tag = "promotions",
    responses((status = 200, description = "A part of the list.", body = Page<Promotion>)))]
async fn promotion_list_mine(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<MineAsk>,
) -> Result<Page<Promotion>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let (db, most) = (app.write().await?, Some(limit));
    let rows = market::promotion_list_mine(&db, me.user, ask.shop_id, most, after).await?;
    Ok(Page::part(rows, limit, |row| row.promotion_id))
}

/// End an order before its time, at once.
#[utoipa::path(post, path = "/v1/promotions/{promotion_id}/cancel", tag = "promotions",
    responses((status = 200, description = "Ended.", body = Promotion)))]
async fn promotion_cancel(
    State(app): State<App>,
    Write(me): Write,
    At(promotion): At<i64>,
) -> Result {
    let row = market::promotion_cancel(&app.write().await?, me.user, promotion).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// Stop an order for now, at once. Its time goes on.
#[utoipa::path(post, path = "/v1/promotions/{promotion_id}/pause", tag = "promotions",
    responses((status = 200, description = "Paused.", body = Promotion)))]
async fn promotion_pause(
    State(app): State<App>,
    Write(me): Write,
    At(promotion): At<i64>,
) -> Result {
    let row = market::promotion_pause(&app.write().await?, me.user, promotion).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// Let an order run again, as long as its time is not over and no moderator holds it.
#[utoipa::path(post, path = "/v1/promotions/{promotion_id}/resume", tag = "promotions",
    responses((status = 200, description = "Not paused.", body = Promotion)))]
async fn promotion_resume(
    State(app): State<App>,
    Write(me): Write,
    At(promotion): At<i64>,
) -> Result {
    let row = market::promotion_resume(&app.write().await?, me.user, promotion).await?;
    Ok(json(StatusCode::OK, &Priced(row)))
}

/// How often an advertisement of mine was shown and followed on each day.
#[utoipa::path(get, path = "/v1/promotions/{promotion_id}/figures", tag = "promotions",
    responses((status = 200, description = "All days with figures.", body = Page<PromotionDay>)))]
async fn promotion_figures(
    State(app): State<App>,
    Read(me): Read,
    At(promotion): At<i64>,
) -> Result<Json<Page<PromotionDay>>> {
    Ok(Page::whole(
        market::promotion_figures(&app.write().await?, me.user, promotion).await?,
    ))
}

/// The advertisement for the slot of a listing, another one each time; 204 when there is none. Who shows it tells so.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/promotion", tag = "promotions",
    responses((status = 200, description = "What the slot shows.", body = PromotionShown),
        (status = 204, description = "Nothing.")))]
async fn listing_promotion_show(State(app): State<App>, At(listing): At<ListingId>) -> Result {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| Problem::internal(&error))?;
    let seed = i64::from_le_bytes(seed);
    let shown = market::listing_promotion_show(&app.look_up().await?, listing, seed).await?;
    Ok(shown.map_or_else(done, |shown| json(StatusCode::OK, &Priced(shown))))
}

/// What happened with an advertisement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Mark {
    /// In the slot of this listing.
    listing_id: ListingId,
    /// Whether it was followed; otherwise it was shown.
    #[serde(default)]
    is_click: bool,
}

/// Say that an advertisement was shown, or followed. It is counted a second later, once a day and viewer.
#[utoipa::path(post, path = "/v1/promotions/{promotion_id}/marks", tag = "promotions",
    responses((status = 204, description = "It will be counted, if there is such an order.")))]
async fn promotion_record(
    State(app): State<App>,
    who: Anybody,
    At(promotion): At<i64>,
    Body(mark): Body<Mark>,
) -> Result<Response> {
    let seen = Seen::Promotion {
        promotion,
        listing: mark.listing_id,
        is_click: mark.is_click,
    };
    app.views().note(seen, who);
    Ok(done())
}
