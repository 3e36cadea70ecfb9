//! Flags: what people say is wrong with a listing.

use axum::extract::State;
use kardan_schema::market::{
    self, ListingFlag, ListingFlagged, ModerationFlag, ModerationFlagList,
};
use kardan_schema::{FlagReason, ListingId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::{Moderate, Write};
use crate::extract::{Ask, At, Body, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_flag => "market.listing_flag";
        moderation_flag_list => "market.moderation_flag_list";
    );
}

/// What is wrong with a listing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FlagWish {
    /// What is wrong.
    reason: FlagReason,
    /// In my own words, at most 1000 characters.
    note: Option<String>,
}

/// Say what is wrong with somebody else's listing. Doing it again changes what I said.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/flag", tag = "listings",
    responses((status = 200, description = "My flag.", body = ListingFlagged)))]
async fn listing_flag(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    Body(FlagWish { reason, note }): Body<FlagWish>,
) -> Result<Json<ListingFlagged>> {
    let flag = ListingFlag {
        actor: me.user,
        listing,
        reason,
        note,
    };
    Ok(Json(
        market::listing_flag(&app.write().await?, &flag).await?,
    ))
}

/// Which flags to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct FlagAsk {
    /// Only those of this listing.
    listing_id: Option<ListingId>,
    /// True: only what nobody decided on.
    is_open: Option<bool>,
    /// At most so many, 1 to 100.
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What people flagged, the newest first.
#[utoipa::path(get, path = "/v1/moderation/flags", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<ModerationFlag>)))]
async fn moderation_flag_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<FlagAsk>,
) -> Result<Page<ModerationFlag>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = ModerationFlagList {
        actor: me.user,
        listing: ask.listing_id,
        is_open: ask.is_open,
        limit: Some(limit),
        after,
    };
    let rows = market::moderation_flag_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.flag_id))
}
