//! What a shop itself calls its listings: by this code its price lists name them.

use axum::extract::State;
use kardan_schema::ListingId;
use kardan_schema::market::{self, ListingCode, ListingCodeSet};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Result, versioned};
use crate::app::App;
use crate::auth::{ReadInside, Write};
use crate::extract::{At, Body, IfMatch, IfNoneMatch};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_code_get => "market.listing_code_get";
        listing_code_set => "market.listing_code_set";
    );
}

/// The shop's own code of a listing, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/inside/code", tag = "listings",
    responses((status = 200, description = "The code.", body = ListingCode)))]
async fn listing_code_get(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    seen: IfNoneMatch,
) -> Result {
    let row = market::listing_code_get(&app.write().await?, me.user, listing).await?;
    Ok(seen.answer(row.version, &row))
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeChange {
    /// 1 to 64 characters; null takes it away.
    code: Option<String>,
}

/// Say under which code the shop keeps a listing.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/inside/code", tag = "listings",
    responses((status = 200, description = "The code as it is now.", body = ListingCode)))]
async fn listing_code_set(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
    Body(change): Body<CodeChange>,
) -> Result {
    let change = ListingCodeSet {
        actor: me.user,
        listing,
        version,
        code: change.code,
    };
    let row = market::listing_code_set(&app.write().await?, &change).await?;
    Ok(versioned(row.version, &row))
}
