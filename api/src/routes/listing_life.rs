//! The life of a listing: its steps, price and stock.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::ListingId;
use kardan_schema::market::{
    self, ListingPriceSet, ListingQuote, ListingState, ListingStock, ListingStockSet,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Result, versioned};
use crate::app::App;
use crate::auth::Write;
use crate::extract::{Ask, At, Body, IfMatch};
use crate::money::{Amount, Priced};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_submit => "market.listing_submit";
        listing_withdraw => "market.listing_withdraw";
        listing_restore => "market.listing_restore";
        listing_price_set => "market.listing_price_set";
        listing_stock_set => "market.listing_stock_set";
        listing_quote => "market.listing_quote";
    );
}

/// Ask for a draft or a rejected listing to be checked and published.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/submit", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingState)))]
async fn listing_submit(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let row = market::listing_submit(&app.write().await?, me.user, listing, version).await?;
    Ok(versioned(row.version, &row))
}

/// Take a listing back: from the queue to the drafts, from anywhere else to the archive.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/withdraw", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingState)))]
async fn listing_withdraw(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let row = market::listing_withdraw(&app.write().await?, me.user, listing, version).await?;
    Ok(versioned(row.version, &row))
}

/// Take a listing from the archive to the drafts.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/restore", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingState)))]
async fn listing_restore(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let row = market::listing_restore(&app.write().await?, me.user, listing, version).await?;
    Ok(versioned(row.version, &row))
}

/// Prices, in the listing's currency, which does not change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceChange {
    /// The price of a piece.
    price: Amount,
    /// The price of a piece in wholesale; without it there is no wholesale.
    wholesale_price: Option<Amount>,
    /// Pieces from which wholesale begins.
    wholesale_min_quantity: Option<i32>,
}

/// The prices of a listing, in its currency.
#[derive(Serialize, ToSchema)]
struct Prices {
    /// The listing.
    listing_id: ListingId,
    /// The version to name in the next change.
    version: i32,
    /// The price of a piece.
    price: Amount,
    /// The price of a piece in wholesale.
    wholesale_price: Option<Amount>,
    /// Pieces from which wholesale begins.
    wholesale_min_quantity: Option<i32>,
}

/// Set the prices of a listing; no moderator is needed.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/price", tag = "listings",
    responses((status = 200, description = "The prices.", body = Prices)))]
async fn listing_price_set(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
    Body(change): Body<PriceChange>,
) -> Result<Response> {
    let change = change.of(me.user, listing, version);
    let row = market::listing_price_set(&app.write().await?, &change).await?;
    Ok(versioned(row.version, &Prices::from(row)))
}

impl PriceChange {
    fn of(
        self,
        actor: kardan_schema::UserId,
        listing: ListingId,
        version: Option<i32>,
    ) -> ListingPriceSet {
        ListingPriceSet {
            actor,
            listing,
            version,
            price_minor: self.price.amount_minor,
            wholesale_price_minor: self.wholesale_price.map(|price| price.amount_minor),
            wholesale_min_quantity: self.wholesale_min_quantity,
        }
    }
}

impl From<market::ListingPrices> for Prices {
    fn from(row: market::ListingPrices) -> Self {
        Self {
            listing_id: row.listing_id,
            version: row.version,
            price: Amount {
                amount_minor: row.price_minor,
            },
            wholesale_price: row
                .wholesale_price_minor
                .map(|amount_minor| Amount { amount_minor }),
            wholesale_min_quantity: row.wholesale_min_quantity,
        }
    }
}

/// How many pieces there are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StockChange {
    /// Pieces for sale; those held for buyers are not counted.
    stock_quantity: i32,
}

/// Set how many pieces are for sale; with the last one gone the listing is sold.
#[utoipa::path(put, path = "/v1/listings/{listing_id}/stock", tag = "listings",
    responses((status = 200, description = "The stock.", body = ListingStock)))]
async fn listing_stock_set(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
    Body(StockChange { stock_quantity }): Body<StockChange>,
) -> Result<Response> {
    let change = ListingStockSet {
        actor: me.user,
        listing,
        version,
        stock_quantity,
    };
    let row = market::listing_stock_set(&app.write().await?, &change).await?;
    Ok(versioned(row.version, &row))
}

/// How many pieces.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct QuoteAsk {
    /// Pieces.
    quantity: i32,
}

/// What a quantity of a listing costs.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/quote", tag = "listings",
    responses((status = 200, description = "The price.", body = ListingQuote)))]
async fn listing_quote(
    State(app): State<App>,
    At(listing): At<ListingId>,
    Ask(ask): Ask<QuoteAsk>,
) -> Result<Json<Priced<ListingQuote>>> {
    let row = market::listing_quote(&app.look_up().await?, listing, ask.quantity).await?;
    Ok(Json(Priced(row.ok_or(Problem::from(Own::ThingUnknown))?)))
}
