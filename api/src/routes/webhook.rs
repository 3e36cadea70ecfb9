//! Addresses of programs that hear what happens in a shop.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kardan_schema::ShopId;
use kardan_schema::notify::{
    self, Webhook, WebhookCreate, WebhookDelivery, WebhookDeliveryList, WebhookRedeliverSince,
    WebhookRedelivered, WebhookUpdate,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result, done, json};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Body, Keyed, Once, PageAsk};
use crate::table::{Table, add};
use crate::token::TokenKind;

pub fn add(table: &mut Table) {
    add!(table;
        webhook_list => "notify.webhook_list";
        webhook_create => "notify.webhook_create", "ops.idempotency_begin", "ops.idempotency_finish";
        webhook_update => "notify.webhook_update";
        webhook_rotate => "notify.webhook_rotate", "ops.idempotency_begin", "ops.idempotency_finish";
        webhook_delete => "notify.webhook_delete";
        webhook_delivery_list => "notify.webhook_delivery_list";
        webhook_delivery_get => "notify.webhook_delivery_get";
        webhook_redeliver => "notify.webhook_redeliver";
        webhook_redeliver_since => "notify.webhook_redeliver_since";
        webhook_ping => "notify.webhook_ping";
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
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what the answer is made of")]
struct WebhookSecret {
    /// What is sent is signed with it: `whsec_…`, as Standard Webhooks has it.
    secret: String,
    #[serde(flatten)]
    webhook: Webhook,
}

/// Have what happens in the shop told to an address, from now on; owners and managers.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/webhooks", tag = "shops",
    responses((status = 201, description = "The address, with its secret.", body = WebhookSecret)))]
async fn webhook_create(
    State(app): State<App>,
    Write(me): Write,
    At(shop): At<ShopId>,
    wish: Once<WebhookWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let mut wish = WebhookCreate {
        actor: me.user,
        shop,
        url: wish.url,
        types: wish.types,
        secret: String::new(),
    };
    repeat
        .created_with_secret(&app, me.user, TokenKind::Webhook, |tx, secret| {
            wish.secret = secret;
            Box::pin(async move { notify::webhook_create(tx, &wish).await })
        })
        .await
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
    Keyed(repeat): Keyed,
) -> Result {
    let actor = me.user;
    repeat
        .created_with_secret(&app, actor, TokenKind::Webhook, move |tx, secret| {
            Box::pin(async move { notify::webhook_rotate(tx, actor, shop, webhook, secret).await })
        })
        .await
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

/// From when on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedeliverySince {
    /// What happened since then, within the last seven days.
    since: DateTime<Utc>,
    /// Only what was given up.
    #[serde(default)]
    is_dead_only: bool,
    /// Behind this delivery: `next_after` of the answer before.
    after: Option<i64>,
}

/// Have everything since a time sent again in its order, under the same `webhook-id`s; a thousand at once, then go on with `next_after`.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}/redeliveries/since", tag = "shops",
    responses((status = 200, description = "These wait to be sent.", body = WebhookRedelivered)))]
async fn webhook_redeliver_since(
    State(app): State<App>,
    Write(me): Write,
    At((shop, webhook)): At<(ShopId, i64)>,
    Body(wish): Body<RedeliverySince>,
) -> Result<Json<WebhookRedelivered>> {
    let wish = WebhookRedeliverSince {
        actor: me.user,
        shop,
        webhook,
        since: wish.since,
        is_dead_only: wish.is_dead_only,
        after: wish.after,
    };
    let db = app.write().await?;
    Ok(Json(notify::webhook_redeliver_since(&db, &wish).await?))
}

/// Call an address to see whether it answers: it is told `webhook.ping`, once. Ask for the delivery to see the outcome.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}/ping", tag = "shops",
    responses((status = 202, description = "It is on its way.", body = WebhookDelivery)))]
async fn webhook_ping(
    State(app): State<App>,
    Write(me): Write,
    At((shop, webhook)): At<(ShopId, i64)>,
) -> Result {
    let delivery = notify::webhook_ping(&app.write().await?, me.user, shop, webhook).await?;
    Ok(json(StatusCode::ACCEPTED, &delivery))
}

/// A delivery, with what came of it.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/webhooks/{webhook_id}/deliveries/{delivery_id}", tag = "shops",
    responses((status = 200, description = "The delivery.", body = WebhookDelivery)))]
async fn webhook_delivery_get(
    State(app): State<App>,
    Read(me): Read,
    At((shop, webhook, delivery)): At<(ShopId, i64, i64)>,
) -> Result<Json<WebhookDelivery>> {
    let db = app.write().await?;
    Ok(Json(
        notify::webhook_delivery_get(&db, me.user, shop, webhook, delivery).await?,
    ))
}
