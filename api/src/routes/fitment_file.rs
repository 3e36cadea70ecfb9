//! Fitments as files in CSV, of one listing and of a shop.

use axum::Extension;
use axum::extract::State;
use kardan_schema::{ListingId, ShopId};

use crate::answer::{Json, Result};
use crate::app::App;
use crate::auth::{Read, ReadInside, Write, WriteInside};
use crate::context::Context;
use crate::extract::{Ask, At, CsvAsk, CsvBody};
use crate::fitment_file::{Import, ImportReport, Target, export, import};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_fitment_export => "market.listing_fitment_export";
        shop_fitment_export => "market.listing_fitment_export";
        listing_fitment_import => "market.listing_fitment_import";
        shop_fitment_import => "market.listing_fitment_import";
    );
}

/// What a listing says it fits, as a file, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/fitments.csv", tag = "listings",
    responses((status = 200, description = "The file.", content_type = "text/csv", body = String)))]
async fn listing_fitment_export(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(ask): Ask<CsvAsk>,
) -> Result {
    export(&app, me.user, Target::Listing(listing), ask.separator()).await
}

/// What the listings of a shop say they fit, as a file, for its members.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/fitments.csv", tag = "shops",
    responses((status = 200, description = "The file.", content_type = "text/csv", body = String)))]
async fn shop_fitment_export(
    State(app): State<App>,
    Read(me): Read,
    At(shop): At<ShopId>,
    Ask(ask): Ask<CsvAsk>,
) -> Result {
    export(&app, me.user, Target::Shop(shop), ask.separator()).await
}

/// Take a file over into a listing: at most 10 MB and 20000 rows in UTF-8, by commas or semicolons, with the columns
/// make, model and generation, and if you like listing_id, year_from, year_to and note. Good rows are taken over,
/// refused ones reported.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/fitments.csv", tag = "listings",
    responses((status = 200, description = "What became of each row.", body = ImportReport)))]
async fn listing_fitment_import(
    State(app): State<App>,
    WriteInside(me): WriteInside,
    At(listing): At<ListingId>,
    Ask(how): Ask<Import>,
    Extension(context): Extension<Context>,
    CsvBody(file): CsvBody,
) -> Result<Json<ImportReport>> {
    let target = Target::Listing(listing);
    let report = import(&app, me.user, target, how, context.language(), file).await?;
    Ok(Json(report))
}

/// Take a file over into the listings of a shop, which the column listing_id names; otherwise as for one listing.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/fitments.csv", tag = "shops",
    responses((status = 200, description = "What became of each row.", body = ImportReport)))]
async fn shop_fitment_import(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
    Ask(how): Ask<Import>,
    Extension(context): Extension<Context>,
    CsvBody(file): CsvBody,
) -> Result<Json<ImportReport>> {
    let target = Target::Shop(shop);
    let report = import(&app, me.user, target, how, context.language(), file).await?;
    Ok(Json(report))
}
