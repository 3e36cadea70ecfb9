//! Addresses of programs that hear what happens in a shop.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use kardan_schema::ShopId;
use kardan_schema::notify::{
    self, Webhook, WebhookCreate, WebhookDelivery, WebhookDeliveryList, WebhookUpdate,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result, done, json};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Body, PageAsk};
use crate::problem::Problem;
use crate::table::{Table, add};
use crate::token;

pub fn add(table: &mut Table) {
    add!(table;
        webhook_list => "notify.webhook_list";
        webhook_create => "notify.webhook_create";
        webhook_update => "notify.webhook_update";
        webhook_rotate => "notify.webhook_rotate";
        webhook_delete => "notify.webhook_delete";
        webhook_delivery_list => "notify.webhook_delivery_list";
        webhook_redeliver => "notify.webhook_redeliver";
    );
}

/// The addresses of a shop, for its owners and managers.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/webhooks", tag = "shops",
    responses((status = 200, description = "All of them.", body = Page<Webhook>)))]
async fn webhook_list(
    State(app): State<App>,
    Read(me): Read,
    At(shop): At<ShopId>,
) -> Result<Json<Page<Webhook>>> {
    Ok(Page::whole(
        notify::webhook_list(&app.write().await?, me.user, shop).await?,
    ))
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookWish {
    /// Where to: `https://…`, on the public internet.
    url: String,
    /// The kinds of events, for example `deal.requested`; without any, all.
    #[serde(default)]
    types: Vec<String>,
}

/// An address with its secret, which is shown only here.
#[derive(Serialize, ToSchema)]
struct WebhookSecret {
    /// What is sent is signed with it: `whsec_…`, as Standard Webhooks has it.
    secret: String,
    #[serde(flatten)]
    webhook: Webhook,
}

fn secret() -> std::result::Result<String, Problem> {
    let bytes = token::random().map_err(|error| Problem::internal(&error))?;
    Ok(format!("whsec_{}", BASE64_STANDARD.encode(bytes)))
}

/// Have what happens in the shop told to an address, from now on; owners and managers.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/webhooks", tag = "shops",
    responses((status = 201, description = "The address, with its secret.", body = WebhookSecret)))]
async fn webhook_create(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
    Body(wish): Body<WebhookWish>,
) -> Result {
    let secret = secret()?;
    let wish = WebhookCreate {
        actor: me.user,
        shop,
        url: wish.url,
        types: wish.types,
        secret: secret.clone(),
    };
    let webhook = notify::webhook_create(&app.write().await?, &wish).await?;
    Ok(json(
        StatusCode::CREATED,
        &WebhookSecret { secret, webhook },
    ))
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookChange {
    /// Where to.
    url: Option<String>,
    /// The kinds of events; an empty list: all.
    types: Option<Vec<String>>,
    /// Whether it hears anything. What it missed is told then, as far back as seven days.
    is_on: Option<bool>,
}

/// Change an address, or switch it on and off.
#[utoipa::path(patch, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}", tag = "shops",
    responses((status = 200, description = "The address.", body = Webhook)))]
async fn webhook_update(
    State(app): State<App>,
    Write(me): Write,
    At((shop, webhook)): At<(ShopId, i64)>,
    Body(change): Body<WebhookChange>,
) -> Result<Json<Webhook>> {
    let update = WebhookUpdate {
        actor: me.user,
        shop,
        webhook,
        url: change.url,
        types: change.types,
        is_on: change.is_on,
    };
    Ok(Json(
        notify::webhook_update(&app.write().await?, &update).await?,
    ))
}

/// Get a new secret. The former one signs beside it for 24 hours.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}/secret", tag = "shops",
    responses((status = 201, description = "The address, with its new secret.", body = WebhookSecret)))]
async fn webhook_rotate(
    State(app): State<App>,
    Write(me): Write,
    At((shop, webhook)): At<(ShopId, i64)>,
) -> Result {
    let secret = secret()?;
    let db = app.write().await?;
    let webhook = notify::webhook_rotate(&db, me.user, shop, webhook, secret.clone()).await?;
    Ok(json(
        StatusCode::CREATED,
        &WebhookSecret { secret, webhook },
    ))
}

/// Take an address away. Doing it again changes nothing.
#[utoipa::path(delete, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}", tag = "shops",
    responses((status = 204, description = "It is not there.")))]
async fn webhook_delete(
    State(app): State<App>,
    Write(me): Write,
    At((shop, webhook)): At<(ShopId, i64)>,
) -> Result<Response> {
    notify::webhook_delete(&app.write().await?, me.user, shop, webhook).await?;
    Ok(done())
}

/// What was sent to an address in the last 30 days and what is still to be, the latest first.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}/deliveries", tag = "shops",
    responses((status = 200, description = "A part of the list.", body = Page<WebhookDelivery>)))]
async fn webhook_delivery_list(
    State(app): State<App>,
    Read(me): Read,
    At((shop, webhook)): At<(ShopId, i64)>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<WebhookDelivery>> {
    let (limit, after) = ask.read::<i64>()?;
    let list = WebhookDeliveryList {
        actor: me.user,
        shop,
        webhook,
        limit: Some(limit),
        after,
    };
    let rows = notify::webhook_delivery_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.delivery_id))
}

/// Which delivery.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Redelivery {
    /// Its number.
    delivery_id: i64,
}

/// Have a delivery sent again, under the same `webhook-id`.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}/redeliveries", tag = "shops",
    responses((status = 204, description = "It waits to be sent.")))]
async fn webhook_redeliver(
    State(app): State<App>,
    Write(me): Write,
    At((shop, webhook)): At<(ShopId, i64)>,
    Body(Redelivery { delivery_id }): Body<Redelivery>,
) -> Result<Response> {
    let db = app.write().await?;
    notify::webhook_redeliver(&db, me.user, shop, webhook, delivery_id).await?;
    Ok(done())
}
