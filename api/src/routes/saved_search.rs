//! Saved searches of the acting person, what they have found, and what nobody found.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, SavedSearch, SavedSearchCreate, SavedSearchUpdate, SearchAlert, SearchAlertList,
    SearchMiss, SearchMissList,
};
use kardan_schema::{
    BrandId, CategoryId, Condition, Frequency, GenerationId, Kind, PlaceId, SavedSearchId,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, done, versioned};
use crate::app::App;
use crate::auth::{Moderate, Read, Write};
use crate::extract::{Ask, At, Body, IfMatch, Once, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        saved_search_create => "market.saved_search_create", "ops.idempotency_begin", "ops.idempotency_finish";
        saved_search_list => "market.saved_search_list";
        saved_search_update => "market.saved_search_update";
        saved_search_delete => "market.saved_search_delete";
        search_alert_list => "market.search_alert_list";
        search_miss_list => "market.search_miss_list";
    );
}

/// A search to save: words, filters, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchWish {
    /// What to call it, 1 to 100 characters; the words when left out.
    name: Option<String>,
    /// When to tell new matches; daily when left out.
    frequency: Option<Frequency>,
    /// Words in Russian or English, or a part number in any spelling.
    query: Option<String>,
    /// What is for sale.
    kind: Option<Kind>,
    /// The category.
    category_id: Option<CategoryId>,
    /// The subcategory.
    subcategory_id: Option<CategoryId>,
    /// The brand.
    brand_id: Option<BrandId>,
    /// The place of sale.
    place_id: Option<PlaceId>,
    /// The state of the thing.
    condition: Option<Condition>,
    /// The least price of a piece in hundredths of the currency.
    price_min: Option<i64>,
    /// The highest price of a piece in hundredths of the currency.
    price_max: Option<i64>,
    /// The currency of these prices; without it, roubles.
    currency: Option<String>,
    /// True: only what can be bought now.
    in_stock: Option<bool>,
    /// The generation of vehicles that it must fit.
    generation_id: Option<GenerationId>,
    /// The year of that vehicle.
    year: Option<i32>,
    /// Extra fields and their values, an object.
    #[schema(value_type = Option<Object>)]
    attributes: Option<Value>,
    /// A vehicle of the garage that it must fit, now and as it changes, instead of generation and year.
    vehicle_id: Option<i64>,
}

/// Save a search; the same words and filters are one saved search.
#[utoipa::path(post, path = "/v1/me/searches", tag = "me",
    responses((status = 201, description = "The saved search.", body = SavedSearch)))]
async fn saved_search_create(
    State(app): State<App>,
    Write(me): Write,
    wish: Once<SearchWish>,
) -> Result<Response> {
    let (wish, repeat) = wish.split();
    let search = SavedSearchCreate {
        actor: me.user,
        name: wish.name,
        frequency: wish.frequency,
        query: wish.query,
        kind: wish.kind,
        category: wish.category_id,
        subcategory: wish.subcategory_id,
        brand: wish.brand_id,
        place: wish.place_id,
        condition: wish.condition,
        price_min: wish.price_min,
        price_max: wish.price_max,
        currency: wish.currency,
        in_stock: wish.in_stock,
        generation: wish.generation_id,
        year: wish.year,
        attributes: wish.attributes,
        vehicle: wish.vehicle_id,
    };
    repeat
        .created(
            &app,
            me.user,
            move |tx| Box::pin(async move { market::saved_search_create(tx, &search).await }),
            |_| None,
        )
        .await
}

/// My saved searches, all of them.
#[utoipa::path(get, path = "/v1/me/searches", tag = "me",
    responses((status = 200, description = "At most 50.", body = Page<SavedSearch>)))]
async fn saved_search_list(
    State(app): State<App>,
    Read(me): Read,
) -> Result<Json<Page<SavedSearch>>> {
    let rows = market::saved_search_list(&app.write().await?, me.user).await?;
    Ok(Page::whole(rows))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchChange {
    /// The new name.
    name: Option<String>,
    /// When to tell new matches.
    frequency: Option<Frequency>,
}

/// Change the name or the frequency of a saved search.
#[utoipa::path(patch, path = "/v1/me/searches/{saved_search_id}", tag = "me",
    responses((status = 200, description = "The saved search as it is now.", body = SavedSearch)))]
async fn saved_search_update(
    State(app): State<App>,
    Write(me): Write,
    At(saved_search): At<SavedSearchId>,
    IfMatch(version): IfMatch,
    Body(change): Body<SearchChange>,
) -> Result {
    let change = SavedSearchUpdate {
        actor: me.user,
        saved_search,
        version,
        name: change.name,
        frequency: change.frequency,
    };
    let saved = market::saved_search_update(&app.write().await?, &change).await?;
    Ok(versioned(saved.version, &saved))
}

/// Delete a saved search and what it has found.
#[utoipa::path(delete, path = "/v1/me/searches/{saved_search_id}", tag = "me",
    responses((status = 204, description = "There is no such saved search.")))]
async fn saved_search_delete(
    State(app): State<App>,
    Write(me): Write,
    At(saved_search): At<SavedSearchId>,
) -> Result {
    market::saved_search_delete(&app.write().await?, me.user, saved_search).await?;
    Ok(done())
}

/// Whose matches to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AlertsAsk {
    /// Only what this saved search has found.
    saved_search_id: Option<SavedSearchId>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What my saved searches have found and is still to be seen, the latest first.
#[utoipa::path(get, path = "/v1/me/search-alerts", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<SearchAlert>)))]
async fn search_alert_list(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<AlertsAsk>,
) -> Result<Response> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = SearchAlertList {
        actor: me.user,
        saved_search: ask.saved_search_id,
        limit: Some(limit),
        after,
    };
    let rows = market::search_alert_list(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.alert_id))
}

/// Which time to look at.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MissesAsk {
    /// From then on; a week before the end when left out.
    from: Option<DateTime<Utc>>,
    /// Before that; now when left out.
    to: Option<DateTime<Utc>>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
}

/// What was searched for most often and not found.
#[utoipa::path(get, path = "/v1/moderation/search-misses", tag = "moderation",
    responses((status = 200, description = "The commonest first.", body = Page<SearchMiss>)))]
async fn search_miss_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<MissesAsk>,
) -> Result<Json<Page<SearchMiss>>> {
    let (limit, _) = page::<i64>(ask.limit, None)?;
    let list = SearchMissList {
        actor: me.user,
        from: ask.from,
        to: ask.to,
        limit: Some(limit),
    };
    let rows = market::search_miss_list(&app.write().await?, &list).await?;
    Ok(Page::whole(rows))
}
