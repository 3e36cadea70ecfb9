//! Lists of deals: what I buy, what I sell, what my shop sells.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{self, Deal, DealListBought, DealListOfShop, DealListSold};
use kardan_schema::{DealState, ShopId};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::answer::{Page, Result};
use crate::app::App;
use crate::auth::Read;
use crate::extract::{Ask, At, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        deal_list_bought => "market.deal_list_bought";
        deal_list_sold => "market.deal_list_sold";
        deal_list_of_shop => "market.deal_list_of_shop";
    );
}

/// Which deals to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DealAsk {
    /// Only those in this state.
    state: Option<DealState>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// What I buy and bought, newest first.
#[utoipa::path(get, path = "/v1/me/purchases", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<Deal>)))]
async fn deal_list_bought(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<DealAsk>,
) -> Result<Response> {
    let (limit, after) = page::<Uuid>(ask.limit, ask.cursor.as_deref())?;
    let list = DealListBought {
        actor: me.user,
        state: ask.state,
        limit: Some(limit),
        after,
    };
    let rows = market::deal_list_bought(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.deal_id))
}

/// What I sell and sold in my own name, newest first.
#[utoipa::path(get, path = "/v1/me/sales", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<Deal>)))]
async fn deal_list_sold(
    State(app): State<App>,
    Read(me): Read,
    Ask(ask): Ask<DealAsk>,
) -> Result<Response> {
    let (limit, after) = page::<Uuid>(ask.limit, ask.cursor.as_deref())?;
    let list = DealListSold {
        actor: me.user,
        state: ask.state,
        limit: Some(limit),
        after,
    };
    let rows = market::deal_list_sold(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.deal_id))
}

/// What a shop of mine sells and sold, newest first.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/deals", tag = "shops",
    responses((status = 200, description = "A part of the list.", body = Page<Deal>)))]
async fn deal_list_of_shop(
    State(app): State<App>,
    Read(me): Read,
    At(shop): At<ShopId>,
    Ask(ask): Ask<DealAsk>,
) -> Result<Response> {
    let (limit, after) = page::<Uuid>(ask.limit, ask.cursor.as_deref())?;
    let list = DealListOfShop {
        actor: me.user,
        shop,
        state: ask.state,
        limit: Some(limit),
        after,
    };
    let rows = market::deal_list_of_shop(&app.write().await?, &list).await?;
    Ok(Page::priced(rows, limit, |row| row.deal_id))
}
