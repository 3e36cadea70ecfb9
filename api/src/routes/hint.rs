//! What the program notices in listings, the forbidden words that it looks for, and what is missing in them.

use axum::extract::State;
use kardan_schema::market::{
    self, ForbiddenWord, Hint, IncompleteListing, MissingField, RemovedWord,
};
use kardan_schema::{ListingId, ModerationItemId, WordForm};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Administer, Moderate, Read, ReadInside};
use crate::extract::{Ask, At, Body, PageAsk};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_hint_list => "market.listing_hint_list";
        listing_missing_list => "market.listing_missing_list";
        listing_incomplete_list => "market.listing_incomplete_list";
        moderation_hint_list => "market.moderation_hint_list";
        forbidden_word_list => "market.forbidden_word_list";
        forbidden_word_add => "market.forbidden_word_add";
        forbidden_word_remove => "market.forbidden_word_remove";
    );
}

/// What a moderator will be told of my listing: words, contacts, prices, copies.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/hints", tag = "listings",
    responses((status = 200, description = "All of them.", body = Page<Hint>)))]
async fn listing_hint_list(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Page<Hint>>> {
    Ok(Page::whole(
        market::listing_hint_list(&app.write().await?, me.user, listing).await?,
    ))
}

/// Extra fields that must be there by now and that my listing lacks.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/missing", tag = "listings",
    responses((status = 200, description = "All of them.", body = Page<MissingField>)))]
async fn listing_missing_list(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Page<MissingField>>> {
    Ok(Page::whole(
        market::listing_missing_list(&app.write().await?, me.user, listing).await?,
    ))
}

/// My listings, and those of my shops, that lack an extra field which must be there by now; the newest first.
#[utoipa::path(get, path = "/v1/me/incomplete-listings", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<IncompleteListing>)))]
async fn listing_incomplete_list(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<IncompleteListing>> {
    let (limit, after) = ask.read::<i64>()?;
    let (most, after) = (Some(limit), after.map(ListingId));
    let rows = market::listing_incomplete_list(&app.write().await?, me.user, most, after).await?;
    Ok(Page::part(rows, limit, |row| row.listing_id.0))
}

/// What the program noticed in the listing of an item.
#[utoipa::path(get, path = "/v1/moderation/items/{item_id}/hints", tag = "moderation",
    responses((status = 200, description = "All of them.", body = Page<Hint>)))]
async fn moderation_hint_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
) -> Result<Json<Page<Hint>>> {
    Ok(Page::whole(
        market::moderation_hint_list(&app.write().await?, me.user, item).await?,
    ))
}

/// The forbidden words in the order they were added.
#[utoipa::path(get, path = "/v1/moderation/words", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<ForbiddenWord>)))]
async fn forbidden_word_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ForbiddenWord>> {
    let (limit, after) = ask.read::<i64>()?;
    let rows =
        market::forbidden_word_list(&app.write().await?, me.user, Some(limit), after).await?;
    Ok(Page::part(rows, limit, |row| row.word_id))
}

/// A word to forbid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WordWish {
    /// 3 to 40 letters of one alphabet.
    word: String,
    /// Which of its forms are meant.
    form: WordForm,
}

/// Forbid a word. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/moderation/words", tag = "moderation",
    responses((status = 200, description = "The word.", body = ForbiddenWord)))]
async fn forbidden_word_add(
    State(app): State<App>,
    Administer(me): Administer,
    Body(WordWish { word, form }): Body<WordWish>,
) -> Result<Json<ForbiddenWord>> {
    Ok(Json(
        market::forbidden_word_add(&app.write().await?, me.user, &word, form).await?,
    ))
}

/// Allow a word again. Doing it again changes nothing.
#[utoipa::path(delete, path = "/v1/moderation/words/{word_id}", tag = "moderation",
    responses((status = 200, description = "It is not forbidden.", body = RemovedWord)))]
async fn forbidden_word_remove(
    State(app): State<App>,
    Administer(me): Administer,
    At(word): At<i64>,
) -> Result<Json<RemovedWord>> {
    Ok(Json(
        market::forbidden_word_remove(&app.write().await?, me.user, word).await?,
    ))
}
