//! What moderators change in a listing: its fields, the vehicles that it fits, its advertising slot.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, AddedFitment, Edited, ListingAd, ModerationAdPlace, ModerationEdit, ModerationFitmentAdd,
    RemovedAd,
};
use kardan_schema::{BrandId, CategoryId, Condition, GenerationId, ListingId, ModerationItemId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::{Json, Result, versioned};
use crate::app::App;
use crate::auth::Moderate;
use crate::extract::{At, Body, IfMatch, Once};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        moderation_edit => "market.moderation_edit";
        moderation_fitment_add => "market.moderation_fitment_add", "ops.idempotency_begin", "ops.idempotency_finish";
        moderation_ad_place => "market.moderation_ad_place";
        moderation_ad_remove => "market.moderation_ad_remove";
    );
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListingEdit {
    /// The title.
    title: Option<String>,
    /// The description.
    description: Option<String>,
    /// The category.
    category_id: Option<CategoryId>,
    /// The subcategory.
    subcategory_id: Option<CategoryId>,
    /// The brand; 0 clears it.
    brand_id: Option<BrandId>,
    /// The part number.
    part_number: Option<String>,
    /// New, used or rebuilt.
    condition: Option<Condition>,
    /// All extra fields.
    attributes: Option<Value>,
}

/// Edit a listing that I hold; its author sees what changed.
#[utoipa::path(patch, path = "/v1/moderation/items/{item_id}/listing", tag = "moderation",
    responses((status = 200, description = "The changes of this check.", body = Edited)))]
async fn moderation_edit(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
    IfMatch(version): IfMatch,
    Body(edit): Body<ListingEdit>,
) -> Result {
    let edit = edit.of(me.user, item, version);
    let row = market::moderation_edit(&app.write().await?, &edit).await?;
    Ok(versioned(row.version, &row))
}

impl ListingEdit {
    fn of(
        self,
        actor: kardan_schema::UserId,
        item: ModerationItemId,
        version: Option<i32>,
    ) -> ModerationEdit {
        ModerationEdit {
            actor,
            item,
            version,
            title: self.title,
            description: self.description,
            category: self.category_id,
            subcategory: self.subcategory_id,
            brand: self.brand_id,
            part_number: self.part_number,
            condition: self.condition,
            attributes: self.attributes,
        }
    }
}

/// A vehicle that a listing fits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FitmentWish {
    /// The generation of the vehicle.
    generation_id: GenerationId,
    /// First year; without it, the generation's first.
    year_from: Option<i32>,
    /// Last year; without it, the generation's last.
    year_to: Option<i32>,
    /// What else is to be known.
    note: Option<String>,
}

/// Add a vehicle that a listing which I hold fits.
#[utoipa::path(post, path = "/v1/moderation/items/{item_id}/fitments", tag = "moderation",
    responses((status = 201, description = "The vehicle.", body = AddedFitment)))]
async fn moderation_fitment_add(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(item): At<ModerationItemId>,
    wish: Once<FitmentWish>,
) -> Result {
    let (
        FitmentWish {
            generation_id: generation,
            year_from,
            year_to,
            note,
        },
        repeat,
    ) = wish.split();
    let wish = ModerationFitmentAdd {
        actor: me.user,
        item,
        generation,
        year_from,
        year_to,
        note,
    };
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::moderation_fitment_add(tx, &wish).await }),
            |_| None,
        )
        .await
}

/// An advertisement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdWish {
    /// What it says.
    text: String,
    /// Where it leads: an address with `https://`.
    url: String,
    /// From when it shows.
    begins_at: DateTime<Utc>,
    /// Until when it shows.
    ends_at: DateTime<Utc>,
}

/// Put an advertisement into a listing's slot, in the place of what was there.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/ad", tag = "moderation",
    responses((status = 200, description = "The advertisement.", body = ListingAd)))]
async fn moderation_ad_place(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(listing): At<ListingId>,
    Body(AdWish {
        text,
        url,
        begins_at,
        ends_at,
    }): Body<AdWish>,
) -> Result<Json<ListingAd>> {
    let ad = ModerationAdPlace {
        actor: me.user,
        listing,
        text,
        url,
        begins_at,
        ends_at,
    };
    Ok(Json(
        market::moderation_ad_place(&app.write().await?, &ad).await?,
    ))
}

/// Empty a listing's slot.
#[utoipa::path(delete, path = "/v1/listings/{listing_id}/ad", tag = "moderation",
    responses((status = 200, description = "The slot is empty.", body = RemovedAd)))]
async fn moderation_ad_remove(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(listing): At<ListingId>,
) -> Result<Json<RemovedAd>> {
    Ok(Json(
        market::moderation_ad_remove(&app.write().await?, me.user, listing).await?,
    ))
}
