//! Reviews of people and shops, and what they add up to.

use axum::extract::State;
use kardan_schema::market::{
    self, ModerationReviewList, PublicReview, Rating, Review, ReviewAsked, ReviewList, ReviewWrite,
};
use kardan_schema::{ShopId, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Moderate, Read, Write};
use crate::extract::{Ask, At, Body, PageAsk, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        deal_review_ask => "market.deal_review_ask";
        review_write => "market.review_write";
        review_list_of_deal => "market.review_list_of_deal";
        review_answer => "market.review_answer";
        user_review_list => "market.review_list";
        shop_review_list => "market.review_list";
        user_rating => "market.rating_get";
        shop_rating => "market.rating_get";
        moderation_review_list => "market.moderation_review_list";
        moderation_review_hide => "market.moderation_review_hide";
        moderation_review_unhide => "market.moderation_review_unhide";
    );
}

/// Ask the buyer for a review, once a deal; seller. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/deals/{deal_id}/review-request", tag = "deals",
    responses((status = 200, description = "When the buyer was asked.", body = ReviewAsked)))]
async fn deal_review_ask(
    State(app): State<App>,
    Write(me): Write,
    At(deal): At<Uuid>,
) -> Result<Json<ReviewAsked>> {
    Ok(Json(
        market::deal_review_ask(&app.write().await?, me.user, deal).await?,
    ))
}

/// What the other side of a deal was like.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewWish {
    /// 1 to 5.
    stars: i32,
    /// At most 2000 characters, without contacts.
    #[serde(default)]
    text: String,
}

/// Say what the other side of a completed deal was like; doing it again changes what I said.
#[utoipa::path(put, path = "/v1/deals/{deal_id}/review", tag = "deals",
    responses((status = 200, description = "My review.", body = Review)))]
async fn review_write(
    State(app): State<App>,
    Write(me): Write,
    At(deal): At<Uuid>,
    Body(ReviewWish { stars, text }): Body<ReviewWish>,
) -> Result<Json<Review>> {
    let review = ReviewWrite {
        actor: me.user,
        deal,
        stars,
        text,
    };
    Ok(Json(
        market::review_write(&app.write().await?, &review).await?,
    ))
}

/// What the two sides of a deal of mine said of each other.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/reviews", tag = "deals",
    responses((status = 200, description = "One or two, or none yet.", body = Page<Review>)))]
async fn review_list_of_deal(
    State(app): State<App>,
    Read(me): Read,
    At(deal): At<Uuid>,
) -> Result<Json<Page<Review>>> {
    let rows = market::review_list_of_deal(&app.write().await?, me.user, deal).await?;
    Ok(Page::whole(rows))
}

/// An answer to a review.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewAnswer {
    /// 1 to 1000 characters, without contacts.
    text: String,
}

/// Answer a review of me or of my shop, once.
#[utoipa::path(put, path = "/v1/reviews/{review_id}/answer", tag = "deals",
    responses((status = 200, description = "The review.", body = Review)))]
async fn review_answer(
    State(app): State<App>,
    Write(me): Write,
    At(review): At<i64>,
    Body(ReviewAnswer { text }): Body<ReviewAnswer>,
) -> Result<Json<Review>> {
    Ok(Json(
        market::review_answer(&app.write().await?, me.user, review, text).await?,
    ))
}

/// What others say of a person, newest first.
#[utoipa::path(get, path = "/v1/users/{user_id}/reviews", tag = "reviews",
    responses((status = 200, description = "A part of the list.", body = Page<PublicReview>)))]
async fn user_review_list(
    State(app): State<App>,
    At(user): At<UserId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<PublicReview>> {
    let (limit, after) = ask.read::<i64>()?;
    let list = ReviewList {
        user: Some(user),
        shop: None,
        limit: Some(limit),
        after,
    };
    let rows = market::review_list(&app.read().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.review_id))
}

/// What others say of a shop, newest first.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/reviews", tag = "reviews",
    responses((status = 200, description = "A part of the list.", body = Page<PublicReview>)))]
async fn shop_review_list(
    State(app): State<App>,
    At(shop): At<ShopId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<PublicReview>> {
    let (limit, after) = ask.read::<i64>()?;
    let list = ReviewList {
        user: None,
        shop: Some(shop),
        limit: Some(limit),
        after,
    };
    let rows = market::review_list(&app.read().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.review_id))
}

/// What the reviews of a person add up to.
#[utoipa::path(get, path = "/v1/users/{user_id}/rating", tag = "reviews",
    responses((status = 200, description = "The rating; zeros without reviews.", body = Rating)))]
async fn user_rating(State(app): State<App>, At(user): At<UserId>) -> Result<Json<Rating>> {
    Ok(Json(
        market::rating_get(&app.read().await?, Some(user), None).await?,
    ))
}

/// What the reviews of a shop add up to.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/rating", tag = "reviews",
    responses((status = 200, description = "The rating; zeros without reviews.", body = Rating)))]
async fn shop_rating(State(app): State<App>, At(shop): At<ShopId>) -> Result<Json<Rating>> {
    Ok(Json(
        market::rating_get(&app.read().await?, None, Some(shop)).await?,
    ))
}

/// Which reviews to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReviewAsk {
    /// True: only what is hidden.
    is_hidden: Option<bool>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// Reviews, newest first.
#[utoipa::path(get, path = "/v1/moderation/reviews", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<Review>)))]
async fn moderation_review_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<ReviewAsk>,
) -> Result<Page<Review>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = ModerationReviewList {
        actor: me.user,
        hidden: ask.is_hidden,
        limit: Some(limit),
        after,
    };
    let rows = market::moderation_review_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.review_id))
}

/// Why a review is hidden.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewHide {
    /// 3 to 500 characters that its author reads.
    reason: String,
}

/// Hide a review: it is neither shown nor counted. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/moderation/reviews/{review_id}/hide", tag = "moderation",
    responses((status = 200, description = "The review.", body = Review)))]
async fn moderation_review_hide(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(review): At<i64>,
    Body(ReviewHide { reason }): Body<ReviewHide>,
) -> Result<Json<Review>> {
    Ok(Json(
        market::moderation_review_hide(&app.write().await?, me.user, review, reason).await?,
    ))
}

/// Show a hidden review again. Doing it again answers the same.
#[utoipa::path(post, path = "/v1/moderation/reviews/{review_id}/unhide", tag = "moderation",
    responses((status = 200, description = "The review.", body = Review)))]
async fn moderation_review_unhide(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(review): At<i64>,
) -> Result<Json<Review>> {
    Ok(Json(
        market::moderation_review_unhide(&app.write().await?, me.user, review).await?,
    ))
}
