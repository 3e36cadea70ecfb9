//! Events of shops reach real programs, in order, once more when something breaks, and never a private network.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kardan_schema::market::{self, ShopCreate};
use kardan_schema::notify::{self, WebhookCreate, WebhookDelivery, WebhookDeliveryList};
use kardan_schema::{Role, ShopId, UserId};
use kardan_testdb::Database;
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::support::{Running, config, until};

const KEY: &[u8] = b"thirty-two bytes of a shared key";

/// An answer that does not come.
const NEVER: u16 = 999;

/// A program of a shop: what it was told, and what it answers next.
#[derive(Clone, Default)]
struct Program {
    told: Arc<Mutex<Vec<(String, Value)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Program {
    /// Listens, and tells where.
    async fn listen(&self) -> anyhow::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/hook", post(hear))
            .with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok(format!("http://{address}/hook"))
    }

    fn told(&self) -> Vec<(String, Value)> {
        self.told.lock().unwrap().clone()
    }

    fn types(&self) -> Vec<String> {
        self.told()
            .iter()
            .map(|(_, body)| body["type"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn hear(State(program): State<Program>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name| headers[name].to_str().unwrap().to_owned();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&body);
    let signed = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    if header("webhook-signature") != signed {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    program
        .told
        .lock()
        .unwrap()
        .push((id, serde_json::from_slice(&body).unwrap()));
    let next = program.answers.lock().unwrap().pop();
    if next == Some(NEVER) {
        std::future::pending::<()>().await;
    }
    let status = StatusCode::from_u16(next.unwrap_or(200)).unwrap();
    // Back to itself: whoever follows a redirect is heard twice.
    (status, [(header::LOCATION, "/hook")]).into_response()
}

struct Shop {
    db: Database,
    owner: UserId,
    shop: ShopId,
    webhook: i64,
}

impl Shop {
    async fn with(url: &str) -> anyhow::Result<Self> {
        let db = Database::create().await?;
        db.superuser()
            .await?
            .batch_execute("update ops_data.settings set value = '1' where key = 'webhooks.http'")
            .await?;
        let api = db.as_role("kardan_api").await?;
        let owner = db.person(Role::User).await?;
        let wish = ShopCreate {
            actor: owner,
            name: "Brakes and more".to_owned(),
            description: String::new(),
            place: None,
        };
        let shop = market::shop_create(&*api, &wish).await?.shop_id;
        let hook = WebhookCreate {
            actor: owner,
            shop,
            url: url.to_owned(),
            types: Vec::new(),
            secret: format!("whsec_{}", BASE64_STANDARD.encode(KEY)),
        };
        let webhook = notify::webhook_create(&*api, &hook).await?.webhook_id;
        Ok(Self {
            db,
            owner,
            shop,
            webhook,
        })
    }

    async fn happens(&self, kind: &str, listing: i64) -> anyhow::Result<()> {
        self.db
            .superuser()
            .await?
            .execute(
                "select notify.announce($1, null, $2, ops.clock_now(), jsonb_build_object('listing_id', $3::bigint))",
                &[&kind, &self.shop, &listing],
            )
            .await?;
        Ok(())
    }

    async fn deliveries(&self) -> anyhow::Result<Vec<WebhookDelivery>> {
        let ask = WebhookDeliveryList {
            actor: self.owner,
            shop: self.shop,
            webhook: self.webhook,
            limit: None,
            after: None,
        };
        let api = self.db.as_role("kardan_api").await?;
        Ok(notify::webhook_delivery_list(&*api, &ask).await?)
    }

    async fn worker(&self, more: &[&str]) -> anyhow::Result<Running> {
        let folder = tempfile::tempdir()?;
        Running::start(config(&self.db, folder.path(), more)?).await
    }
}

const ONLY: &str = "--task=webhooks";
const PRIVATE: &str = "--webhooks-private";

#[tokio::test]
async fn a_program_hears_what_happens_signed_and_in_order_after_a_failure_too() -> anyhow::Result<()>
{
    let program = Program::default();
    *program.answers.lock().unwrap() = vec![500];
    let shop = Shop::with(&program.listen().await?).await?;
    for kind in ["deal.requested", "deal.confirmed"] {
        shop.happens(kind, 7).await?;
    }
    shop.happens("deal.requested", 8).await?;
    let worker = shop.worker(&[ONLY, PRIVATE]).await?;
    until("the first call", async || Ok(program.told().len() >= 2)).await?;
    shop.db.shift_clock("1 minute").await?;
    until("all of it", async || {
        Ok(shop
            .deliveries()
            .await?
            .iter()
            .all(|delivery| delivery.state == "done"))
    })
    .await?;
    worker.stop().await?;
    let of_seven: Vec<_> = program
        .told()
        .into_iter()
        .filter(|(_, body)| body["data"]["listing_id"] == 7)
        .map(|(id, body)| (id, body["type"].as_str().unwrap_or_default().to_owned()))
        .collect();
    let kinds: Vec<_> = of_seven.iter().map(|(_, kind)| kind.as_str()).collect();
    let failed_first = kinds == ["deal.requested", "deal.requested", "deal.confirmed"];
    assert!(
        failed_first || kinds == ["deal.requested", "deal.confirmed"],
        "{kinds:?}"
    );
    if failed_first {
        assert_eq!(of_seven[0].0, of_seven[1].0, "the same id");
    }
    Ok(())
}

#[tokio::test]
async fn a_program_that_never_answers_takes_the_time_of_no_other() -> anyhow::Result<()> {
    let (slow, quick) = (Program::default(), Program::default());
    *slow.answers.lock().unwrap() = vec![NEVER; 100];
    let shop = Shop::with(&slow.listen().await?).await?;
    let other = WebhookCreate {
        actor: shop.owner,
        shop: shop.shop,
        url: quick.listen().await?,
        types: vec!["deal.confirmed".to_owned()],
        secret: format!("whsec_{}", BASE64_STANDARD.encode(KEY)),
    };
    let api = shop.db.as_role("kardan_api").await?;
    notify::webhook_create(&*api, &other).await?;
    for listing in 0..100 {
        shop.happens("deal.requested", listing).await?;
    }
    let worker = shop.worker(&[ONLY, PRIVATE, "--shutdown-grace=1"]).await?;
    until("the slow one is asked", async || {
        Ok(!slow.told().is_empty())
    })
    .await?;
    for listing in 0..30 {
        shop.happens("deal.confirmed", listing).await?;
    }
    until("the quick one has heard all", async || {
        Ok(quick.told().len() == 30)
    })
    .await?;
    assert!(slow.told().len() <= 4, "few calls of one address at once");
    worker.stop().await
}

#[tokio::test]
async fn two_workers_tell_each_event_once() -> anyhow::Result<()> {
    let program = Program::default();
    let shop = Shop::with(&program.listen().await?).await?;
    for listing in 0..30 {
        shop.happens("deal.requested", listing).await?;
    }
    let (one, two) = (
        shop.worker(&[ONLY, PRIVATE]).await?,
        shop.worker(&[ONLY, PRIVATE]).await?,
    );
    until("all of it", async || {
        let all = shop.deliveries().await?;
        Ok(!all.is_empty() && all.iter().all(|delivery| delivery.state == "done"))
    })
    .await?;
    one.stop().await?;
    two.stop().await?;
    let mut ids: Vec<_> = program.told().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 30);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 30);
    assert_eq!(program.types().len(), 30);
    Ok(())
}

#[tokio::test]
async fn nobody_has_the_server_call_its_own_network() -> anyhow::Result<()> {
    let program = Program::default();
    let open = program.listen().await?;
    for (url, why) in [
        (open.clone(), "https"),
        (open.replace("http:", "https:"), "not public"),
        ("https://[::ffff:127.0.0.1]/hook".to_owned(), "not public"),
        ("https://169.254.169.254/latest".to_owned(), "not public"),
        ("https://localhost/hook".to_owned(), "no public address"),
    ] {
        let shop = Shop::with(&url).await?;
        shop.happens("deal.requested", 1).await?;
        let worker = shop.worker(&[ONLY]).await?;
        until("a refusal", async || {
            Ok(shop
                .deliveries()
                .await?
                .iter()
                .any(|delivery| delivery.answer.is_some()))
        })
        .await?;
        worker.stop().await?;
        let answer = shop
            .deliveries()
            .await?
            .remove(0)
            .answer
            .unwrap_or_default();
        assert!(answer.contains(why), "{url}: {answer}");
    }
    assert!(program.told().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_network_that_the_operator_trusts_is_called_and_no_other() -> anyhow::Result<()> {
    let program = Program::default();
    let shop = Shop::with(&program.listen().await?).await?;
    shop.happens("deal.requested", 1).await?;
    let refusal = async |allowed: &str, why: &str| {
        let worker = shop.worker(&[ONLY, allowed]).await?;
        until("a refusal", async || {
            let delivery = shop.deliveries().await?.into_iter().next();
            let answer = delivery.and_then(|delivery| delivery.answer);
            Ok(answer.is_some_and(|answer| answer.contains(why)))
        })
        .await?;
        worker.stop().await
    };
    refusal("--webhooks-allow=10.0.0.0/8", "not public").await?;
    assert!(program.told().is_empty());
    let worker = shop
        .worker(&[ONLY, "--webhooks-allow=10.0.0.0/8,127.0.0.0/8"])
        .await?;
    shop.db.shift_clock("1 minute").await?;
    until("the call", async || Ok(program.told().len() == 1)).await?;
    worker.stop().await
}

#[tokio::test]
async fn a_test_call_is_answered_at_once_and_metrics_tell_what_waits() -> anyhow::Result<()> {
    let program = Program::default();
    *program.answers.lock().unwrap() = vec![200, 503];
    let shop = Shop::with(&program.listen().await?).await?;
    for kind in ["deal.requested", "deal.confirmed"] {
        shop.happens(kind, 7).await?;
    }
    let worker = shop.worker(&[ONLY, PRIVATE]).await?;
    until("the first call fails", async || {
        let all = shop.deliveries().await?;
        Ok(all.iter().any(|one| one.status == Some(503)))
    })
    .await?;
    let (_, metrics) = worker.get("/metrics").await?;
    for line in [
        "kardan_worker_webhooks_open{state=\"behind\"} 1",
        "kardan_worker_webhooks_open{state=\"waiting\"} 1",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
    let api = shop.db.as_role("kardan_api").await?;
    let ping = notify::webhook_ping(&*api, shop.owner, shop.shop, shop.webhook).await?;
    until("the outcome of the test call", async || {
        let (owner, delivery) = (shop.owner, ping.delivery_id);
        let shown =
            notify::webhook_delivery_get(&*api, owner, shop.shop, shop.webhook, delivery).await?;
        Ok((shown.state.as_str(), shown.status) == ("done", Some(200)))
    })
    .await?;
    worker.stop().await?;
    assert_eq!(program.types(), ["deal.requested", "webhook.ping"]);
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_program_that_is_gone_is_left_alone() -> anyhow::Result<()>
{
    let program = Program::default();
    *program.answers.lock().unwrap() = vec![410, 307];
    let shop = Shop::with(&program.listen().await?).await?;
    shop.happens("deal.requested", 1).await?;
    shop.happens("deal.requested", 2).await?;
    let worker = shop.worker(&[ONLY, PRIVATE]).await?;
    until("both calls", async || Ok(program.told().len() == 2)).await?;
    let api = shop.db.as_role("kardan_api").await?;
    until("it is off", async || {
        let listed = notify::webhook_list(&*api, shop.owner, shop.shop).await?;
        Ok(listed[0].disabled_why.as_deref() == Some("gone"))
    })
    .await?;
    worker.stop().await?;
    let statuses: Vec<_> = shop
        .deliveries()
        .await?
        .iter()
        .map(|delivery| delivery.status)
        .collect();
    assert!(statuses.contains(&Some(307)), "{statuses:?}");
    Ok(())
}
