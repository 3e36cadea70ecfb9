//! What people say of the platform itself.

use axum::extract::State;
use kardan_schema::market::{self, PlatformReview, PlatformReviewLine, PlatformReviewList, Rating};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Administer, Read, Write};
use crate::extract::{Ask, Body, page};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        platform_review_set => "market.platform_review_set";
        platform_review_get => "market.platform_review_get";
        platform_rating_get => "market.platform_rating_get";
        platform_review_list => "market.platform_review_list";
    );
}

/// What the platform is like.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlatformWish {
    /// 1 to 5.
    stars: i32,
    /// At most 2000 characters.
    #[serde(default)]
    text: String,
}

/// Say what the platform is like; takes the place of what I said before.
#[utoipa::path(put, path = "/v1/me/platform-review", tag = "me",
    responses((status = 200, description = "My review.", body = PlatformReview)))]
async fn platform_review_set(
    State(app): State<App>,
    Write(me): Write,
    Body(PlatformWish { stars, text }): Body<PlatformWish>,
) -> Result<Json<PlatformReview>> {
    Ok(Json(
        market::platform_review_set(&app.write().await?, me.user, stars, text).await?,
    ))
}

/// What I say of the platform.
#[utoipa::path(get, path = "/v1/me/platform-review", tag = "me",
    responses((status = 200, description = "My review.", body = PlatformReview)))]
async fn platform_review_get(
    State(app): State<App>,
    Read(me): Read,
) -> Result<Json<PlatformReview>> {
    let row = market::platform_review_get(&app.write().await?, me.user).await?;
    Ok(Json(row.ok_or(Problem::from(Own::ThingUnknown))?))
}

/// What the reviews of the platform add up to.
#[utoipa::path(get, path = "/v1/platform/rating", tag = "reviews",
    responses((status = 200, description = "The rating; zeros without reviews.", body = Rating)))]
async fn platform_rating_get(State(app): State<App>) -> Result<Json<Rating>> {
    Ok(Json(market::platform_rating_get(&app.read().await?).await?))
}

/// Which reviews of the platform to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PlatformAsk {
    /// Only those with so many stars.
    stars: Option<i32>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What people say of the platform, newest first.
#[utoipa::path(get, path = "/v1/platform/reviews", tag = "reviews",
    responses((status = 200, description = "A part of the list.", body = Page<PlatformReviewLine>)))]
async fn platform_review_list(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(ask): Ask<PlatformAsk>,
) -> Result<Page<PlatformReviewLine>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = PlatformReviewList {
        actor: me.user,
        stars: ask.stars,
        limit: Some(limit),
        after,
    };
    let rows = market::platform_review_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.review_id))
}
