//! Listings: reading, writing, changing what they say.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{
    self, ListingCreate, ListingCreated, ListingInside, ListingListMine, ListingMine, ListingPage,
    ListingUpdate, ListingUpdated,
};
use kardan_schema::{
    BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, ShopId, Status, UserId,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Page, Result, versioned};
use crate::app::App;
use crate::auth::{Read, ReadInside, Write};
use crate::extract::{Ask, At, Body, IfMatch, IfNoneMatch, Once, page};
use crate::money::{Amount, Money, Priced};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_create => "market.listing_create", "ops.idempotency_begin", "ops.idempotency_finish";
        listing_get => "market.listing_get";
        listing_update => "market.listing_update";
        listing_view => "market.listing_view";
        listing_list_mine => "market.listing_list_mine";
    );
}

/// A listing to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListingWish {
    /// The shop whose listing it is; without it, it is mine.
    shop_id: Option<ShopId>,
    /// What is for sale.
    kind: Kind,
    /// 3 to 150 characters.
    title: String,
    /// At most 8000 characters.
    #[serde(default)]
    description: String,
    /// A category of the kind.
    category_id: CategoryId,
    /// A subcategory of the category.
    subcategory_id: CategoryId,
    /// A known brand.
    brand_id: Option<BrandId>,
    /// As the maker writes it.
    #[serde(default)]
    part_number: String,
    /// Its state of repair.
    condition: Condition,
    /// Where it is sold.
    place_id: PlaceId,
    /// The extra fields of the kind and category.
    #[serde(default)]
    #[schema(value_type = Object)]
    attributes: serde_json::Map<String, Value>,
    /// The price of a piece.
    price: Money,
    /// The price of a piece in wholesale, in the same currency.
    wholesale_price: Option<Amount>,
    /// Pieces from which wholesale begins.
    wholesale_min_quantity: Option<i32>,
    /// Pieces for sale.
    stock_quantity: i32,
    /// Whom to ask for.
    #[serde(default)]
    contact_name: String,
    /// A phone.
    #[serde(default)]
    contact_phone: String,
    /// A Telegram name.
    #[serde(default)]
    contact_telegram: String,
}

impl ListingWish {
    fn of(self, actor: UserId) -> ListingCreate {
        ListingCreate {
            actor,
            shop: self.shop_id,
            kind: self.kind,
            title: self.title,
            description: self.description,
            category: self.category_id,
            subcategory: self.subcategory_id,
            brand: self.brand_id,
            part_number: self.part_number,
            condition: self.condition,
            place: self.place_id,
            attributes: Value::Object(self.attributes),
            currency: self.price.currency,
            price_minor: self.price.amount_minor,
            wholesale_price_minor: self.wholesale_price.map(|price| price.amount_minor),
            wholesale_min_quantity: self.wholesale_min_quantity,
            stock_quantity: self.stock_quantity,
            contact_name: self.contact_name,
            contact_phone: self.contact_phone,
            contact_telegram: self.contact_telegram,
        }
    }
}

/// Write a listing: a draft that only I see.
#[utoipa::path(post, path = "/v1/listings", tag = "listings",
    responses((status = 201, description = "The draft.", body = ListingCreated)))]
async fn listing_create(
    State(app): State<App>,
    Write(me): Write,
    wish: Once<ListingWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let wish = wish.of(me.user);
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::listing_create(tx, &wish).await }),
            |made| Some(format!("/v1/listings/{}", made.listing_id)),
        )
        .await
}

/// A listing as everybody sees it.
#[utoipa::path(get, path = "/v1/listings/{listing_id}", tag = "listings",
    responses((status = 200, description = "The listing.", body = ListingPage)))]
async fn listing_get(
    State(app): State<App>,
    At(listing): At<ListingId>,
    seen: IfNoneMatch,
) -> Result {
    let row = market::listing_get(&app.look_up().await?, listing).await?;
    let row = row.ok_or(Problem::from(Own::ThingUnknown))?;
    Ok(seen.answer(row.version, &Priced(row)))
}

/// The whole listing in any state, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/inside", tag = "listings",
    responses((status = 200, description = "The listing.", body = ListingInside)))]
async fn listing_view(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    seen: IfNoneMatch,
) -> Result<Response> {
    let row = market::listing_view(&app.write().await?, me.user, listing).await?;
    let row = row.ok_or(Problem::from(Own::ThingUnknown))?;
    Ok(seen.answer(row.version, &Priced(row)))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListingChange {
    /// 3 to 150 characters.
    title: Option<String>,
    /// At most 8000 characters.
    description: Option<String>,
    /// A category of the listing's kind.
    category_id: Option<CategoryId>,
    /// A subcategory of the category.
    subcategory_id: Option<CategoryId>,
    /// A known brand; 0 takes the brand away.
    brand_id: Option<BrandId>,
    /// As the maker writes it; empty takes it away.
    part_number: Option<String>,
    /// Its state of repair.
    condition: Option<Condition>,
    /// Where it is sold.
    place_id: Option<PlaceId>,
    /// All extra fields.
    #[schema(value_type = Option<Object>)]
    attributes: Option<serde_json::Map<String, Value>>,
    /// Whom to ask for.
    contact_name: Option<String>,
    /// A phone.
    contact_phone: Option<String>,
    /// A Telegram name.
    contact_telegram: Option<String>,
}

impl ListingChange {
    fn of(self, actor: UserId, listing: ListingId, version: Option<i32>) -> ListingUpdate {
        ListingUpdate {
            actor,
            listing,
            version,
            title: self.title,
            description: self.description,
            category: self.category_id,
            subcategory: self.subcategory_id,
            brand: self.brand_id,
            part_number: self.part_number,
            condition: self.condition,
            place: self.place_id,
            attributes: self.attributes.map(Value::Object),
            contact_name: self.contact_name,
            contact_phone: self.contact_phone,
            contact_telegram: self.contact_telegram,
        }
    }
}

/// Change what a listing says. A published one goes back to the moderators.
#[utoipa::path(patch, path = "/v1/listings/{listing_id}", tag = "listings",
    responses((status = 200, description = "Where the listing is now.", body = ListingUpdated)))]
async fn listing_update(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
    Body(change): Body<ListingChange>,
) -> Result<Response> {
    let change = change.of(me.user, listing, version);
    let row = market::listing_update(&app.write().await?, &change).await?;
    Ok(versioned(row.version, &row))
}

/// Which of my listings.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MineAsk {
    /// Only those in this state.
    status: Option<Status>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// My own listings, newest first. Those of a shop are with the shop.
#[utoipa::path(get, path = "/v1/me/listings", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<ListingMine>)))]
async fn listing_list_mine(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<MineAsk>,
) -> Result<Response> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let (most, after) = (Some(limit), after.map(ListingId));
    let list = ListingListMine {
        actor: me.user,
        status: ask.status,
        limit: most,
        after,
    };
    let rows = market::listing_list_mine(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.listing_id.0))
}
