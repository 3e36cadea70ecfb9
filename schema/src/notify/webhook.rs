//! What happens in a shop, told to programs of the shop.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{ShopId, UserId};

row! {
    /// An address of a program of a shop.
    pub struct Webhook {
        /// Its number.
        pub webhook_id: i64,
        /// The shop.
        pub shop_id: ShopId,
        /// Where to.
        pub url: String,
        /// The kinds of events that it hears; empty: all.
        pub types: Vec<String>,
        /// Until when what is sent is signed with the former secret too.
        pub former_until: Option<DateTime<Utc>>,
        /// Since when nothing reaches it.
        pub failing_since: Option<DateTime<Utc>>,
        /// Since when it hears nothing any more.
        pub disabled_at: Option<DateTime<Utc>>,
        /// Why: `asked`, `gone` (it answered 410) or `failing` (for five days).
        pub disabled_why: Option<String>,
        /// Who made it.
        pub created_by: UserId,
        /// When it was made.
        pub created_at: DateTime<Utc>,
    }

    /// Something that was sent, or is to be.
    pub struct WebhookDelivery {
        /// Its number; the last one's is where the next page goes on.
        pub delivery_id: i64,
        /// What kind of thing happened.
        pub event_type: String,
        /// When it was written into the log.
        pub event_at: DateTime<Utc>,
        /// `behind` (something about the same thing is first), `waiting`, `leased` (under way), `done` or `dead` (given up).
        pub state: String,
        /// How often it was tried.
        pub attempts: i32,
        /// When it is tried next.
        pub due_at: DateTime<Utc>,
        /// When it came to an end.
        pub done_at: Option<DateTime<Utc>>,
        /// The status of the last answer.
        pub status: Option<i32>,
        /// The beginning of the last answer, or why there was none.
        pub answer: Option<String>,
        /// When it was queued.
        pub created_at: DateTime<Utc>,
    }

    /// How much was queued.
    pub struct WebhooksQueued {
        /// Deliveries.
        pub queued: i32,
        /// Whether there may be more.
        pub is_more: bool,
    }

    /// A delivery that a worker has for a while.
    pub struct WebhookClaim {
        /// Its number.
        pub delivery_id: i64,
        /// When it was queued.
        pub created_at: DateTime<Utc>,
        /// The lease.
        pub lease: Uuid,
        /// The address.
        pub webhook_id: i64,
        /// Where to.
        pub url: String,
        /// What it is signed with.
        pub secret: String,
        /// What it is signed with too.
        pub former_secret: Option<String>,
        /// Under which it is told, the same however often it is sent.
        pub message_id: String,
        /// What kind of thing happened.
        pub event_type: String,
        /// When it was written into the log.
        pub event_at: DateTime<Utc>,
        /// What it is about; null when the log has forgotten it.
        pub data: Option<Value>,
    }

    /// How much was sent again.
    pub struct WebhookRedelivered {
        /// Deliveries that wait again.
        pub redelivered: i32,
        /// Where to go on; none: that was all.
        pub next_after: Option<i64>,
    }

    /// What is open in a state.
    pub struct WebhooksOpen {
        /// `behind`, `waiting` or `leased`.
        pub state: String,
        /// Deliveries.
        pub delivery_count: i64,
        /// Seconds since the oldest event happened.
        pub oldest_seconds: f64,
    }

    /// What became of a delivery.
    pub struct WebhookOutcome {
        /// `done`, `waiting` or `dead`.
        pub state: String,
    }
}

entries! {
    "notify";

    /// Has the events of a shop told to an address.
    fn webhook_create[WebhookCreate](
        /// A manager of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// Where to, `https://…`.
        url: String,
        /// The kinds of events; empty: all.
        types: Vec<String>,
        /// `whsec_` and base64 of 24 to 64 bytes.
        secret: String,
    ) -> one<Webhook>;

    /// The addresses of a shop.
    fn webhook_list(actor: UserId, shop: ShopId) -> many<Webhook>;

    /// Changes an address; none leaves as it is.
    fn webhook_update[WebhookUpdate](
        /// A manager of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The address.
        webhook: i64,
        /// Where to.
        url: Option<String>,
        /// The kinds of events; empty: all.
        types: Option<Vec<String>>,
        /// Whether it hears anything.
        is_on: Option<bool>,
    ) -> one<Webhook>;

    /// Gives an address a new secret.
    fn webhook_rotate(actor: UserId, shop: ShopId, webhook: i64, secret: String) -> one<Webhook>;

    /// Takes an address away.
    fn webhook_delete(actor: UserId, shop: ShopId, webhook: i64) -> none;

    /// Deliveries to an address, the latest first.
    fn webhook_delivery_list[WebhookDeliveryList](
        /// A manager of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The address.
        webhook: i64,
        /// 1 to 100; none: 20.
        limit: Option<i32>,
        /// After this one.
        after: Option<i64>,
    ) -> many<WebhookDelivery>;

    /// Has a delivery sent again.
    fn webhook_redeliver(actor: UserId, shop: ShopId, webhook: i64, delivery: i64) -> none;

    /// Has everything since a time sent again, a thousand at once.
    fn webhook_redeliver_since[WebhookRedeliverSince](
        /// A manager of the shop.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// The address.
        webhook: i64,
        /// Within the last seven days.
        since: DateTime<Utc>,
        /// Only what was given up.
        is_dead_only: bool,
        /// Behind this delivery.
        after: Option<i64>,
    ) -> one<WebhookRedelivered>;

    /// A delivery to an address.
    fn webhook_delivery_get(actor: UserId, shop: ShopId, webhook: i64, delivery: i64) -> one<WebhookDelivery>;

    /// Has an address called to see whether it answers.
    fn webhook_ping(actor: UserId, shop: ShopId, webhook: i64) -> one<WebhookDelivery>;

    /// How much is open.
    fn webhooks_stats() -> many<WebhooksOpen>;

    /// Queues what is new for addresses of shops.
    fn webhooks_advance(limit: Option<i32>) -> one<WebhooksQueued>;

    /// Takes deliveries that are due, for so many seconds.
    fn webhook_claim(limit: Option<i32>, seconds: i32) -> many<WebhookClaim>;

    /// Tells what came of a delivery; none when the lease was lost.
    fn webhook_finish[WebhookFinish](
        /// The delivery.
        delivery: i64,
        /// When it was queued.
        created_at: DateTime<Utc>,
        /// The lease.
        lease: Uuid,
        /// Whether the program has it.
        is_done: bool,
        /// The status of the answer.
        status: Option<i32>,
        /// The beginning of the answer, or why there was none.
        answer: Option<String>,
    ) -> opt<WebhookOutcome>;
}
