//! Events of shops for programs of shops.

use std::time::{Duration, Instant};

use kardan_schema::market::{self, ShopCreate};
use kardan_schema::notify::{
    self, WebhookClaim, WebhookCreate, WebhookDeliveryList, WebhookFinish, WebhookUpdate,
};
use kardan_schema::{Error, Reason, Role, ShopId, UserId};
use kardan_testdb::{Database, Session};

use crate::support::reason;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

pub(super) struct Shop {
    pub db: Database,
    pub api: Session,
    pub worker: Session,
    pub owner: UserId,
    pub shop: ShopId,
}

impl Shop {
    pub async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let (api, worker) = (
            db.as_role("kardan_api").await?,
            db.as_role("kardan_worker").await?,
        );
        let owner = db.person(Role::User).await?;
        let wish = ShopCreate {
            actor: owner,
            name: "Brakes and more".to_owned(),
            description: String::new(),
            place: None,
        };
        let shop = market::shop_create(&*api, &wish).await?.shop_id;
        Ok(Self {
            db,
            api,
            worker,
            owner,
            shop,
        })
    }

    pub async fn hook(&self, types: &[&str]) -> Result<i64, Error> {
        let wish = WebhookCreate {
            actor: self.owner,
            shop: self.shop,
            url: "https://example.org/hook".to_owned(),
            types: types.iter().map(|&kind| kind.to_owned()).collect(),
            secret: SECRET.to_owned(),
        };
        Ok(notify::webhook_create(&*self.api, &wish).await?.webhook_id)
    }

    /// Something happens with a listing of the shop.
    pub async fn happens(&self, kind: &str, listing: i64) -> anyhow::Result<()> {
        let session = self.db.superuser().await?;
        happens(&session, kind, self.shop, listing).await
    }

    pub async fn advance(&self) -> Result<i32, Error> {
        Ok(notify::webhooks_advance(&*self.worker, None).await?.queued)
    }

    /// Goes on until so many are queued: transactions of other tests on this server hold the log up, too.
    pub async fn advance_by(&self, wanted: i32) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut queued = 0;
        while queued < wanted {
            queued += self.advance().await?;
            anyhow::ensure!(Instant::now() < deadline, "{queued} of {wanted} are queued");
        }
        anyhow::ensure!(queued == wanted, "{queued} instead of {wanted}");
        Ok(())
    }

    pub async fn claim(&self) -> Result<Vec<WebhookClaim>, Error> {
        notify::webhook_claim(&*self.worker, None, 30).await
    }

    pub async fn finish(&self, claim: &WebhookClaim, status: i32) -> Result<Option<String>, Error> {
        let finish = WebhookFinish {
            delivery: claim.delivery_id,
            created_at: claim.created_at,
            lease: claim.lease,
            is_done: status == 200,
            status: Some(status),
            answer: Some("said".to_owned()),
        };
        let outcome = notify::webhook_finish(&*self.worker, &finish).await?;
        Ok(outcome.map(|outcome| outcome.state))
    }

    pub async fn states(&self, webhook: i64) -> Result<Vec<String>, Error> {
        let ask = WebhookDeliveryList {
            actor: self.owner,
            shop: self.shop,
            webhook,
            limit: None,
            after: None,
        };
        let listed = notify::webhook_delivery_list(&*self.api, &ask).await?;
        Ok(listed.into_iter().map(|delivery| delivery.state).collect())
    }
}

async fn happens(session: &Session, kind: &str, shop: ShopId, listing: i64) -> anyhow::Result<()> {
    session
        .execute(
            "select notify.announce($1, null, $2, ops.clock_now(), jsonb_build_object('listing_id', $3::bigint))",
            &[&kind, &shop, &listing],
        )
        .await?;
    Ok(())
}

pub(super) fn types(claims: &[WebhookClaim]) -> Vec<&str> {
    claims
        .iter()
        .map(|claim| claim.event_type.as_str())
        .collect()
}

#[tokio::test]
async fn an_event_is_queued_once_for_each_address_that_wants_it_from_then_on() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    shop.happens("deal.requested", 1).await?;
    let all = shop.hook(&[]).await?;
    let some = shop.hook(&["deal.confirmed"]).await?;
    shop.happens("deal.confirmed", 1).await?;
    shop.happens("deal.cancelled", 2).await?;
    shop.advance_by(3).await?;
    assert_eq!(shop.advance().await?, 0, "again");
    assert_eq!(
        (
            shop.states(all).await?.len(),
            shop.states(some).await?.len()
        ),
        (2, 1)
    );
    Ok(())
}

#[tokio::test]
async fn an_event_of_a_transaction_that_commits_late_is_not_passed_over() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.hook(&[]).await?;
    let slow = shop.db.superuser().await?;
    slow.batch_execute("begin").await?;
    happens(&slow, "deal.requested", shop.shop, 1).await?;
    shop.happens("deal.confirmed", 2).await?;
    assert_eq!(shop.advance().await?, 0, "what is later waits for it");
    slow.batch_execute("commit").await?;
    shop.advance_by(2).await?;
    assert_eq!(
        types(&shop.claim().await?),
        ["deal.requested", "deal.confirmed"]
    );
    Ok(())
}

#[tokio::test]
async fn what_is_about_one_thing_goes_in_order_and_holds_up_nothing_else() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    for (kind, listing) in [("a.one", 1), ("a.two", 1), ("a.other", 2)] {
        shop.happens(kind, listing).await?;
    }
    shop.advance_by(3).await?;
    let first = shop.claim().await?;
    assert_eq!(types(&first), ["a.one", "a.other"]);
    assert!(shop.claim().await?.is_empty(), "under way");
    assert_eq!(
        shop.finish(&first[0], 500).await?.as_deref(),
        Some("waiting")
    );
    assert_eq!(shop.finish(&first[1], 200).await?.as_deref(), Some("done"));
    assert!(
        shop.claim().await?.is_empty(),
        "the second waits for the first"
    );
    shop.db.shift_clock("1 minute").await?;
    let again = shop.claim().await?;
    assert_eq!(types(&again), ["a.one"]);
    shop.finish(&again[0], 200).await?;
    assert_eq!(types(&shop.claim().await?), ["a.two"]);
    assert_eq!(shop.states(hook).await?, ["done", "leased", "done"]);
    Ok(())
}

#[tokio::test]
async fn a_lost_lease_changes_nothing_and_what_was_not_finished_is_due_again() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    shop.hook(&[]).await?;
    shop.happens("a.one", 1).await?;
    shop.advance_by(1).await?;
    let lost = shop.claim().await?.remove(0);
    shop.db.shift_clock("31 seconds").await?;
    let mine = shop.claim().await?.remove(0);
    assert_eq!(mine.message_id, lost.message_id);
    assert_eq!(shop.finish(&lost, 200).await?, None);
    assert_eq!(shop.finish(&mine, 200).await?.as_deref(), Some("done"));
    assert_eq!(shop.finish(&mine, 200).await?, None, "told twice");
    Ok(())
}

#[tokio::test]
async fn two_workers_at_once_get_different_deliveries() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    for _ in 0..5 {
        shop.hook(&[]).await?;
    }
    for listing in 0..4 {
        shop.happens("a.one", listing).await?;
    }
    let other = shop.db.as_role("kardan_worker").await?;
    let (one, two) = tokio::join!(
        notify::webhooks_advance(&*shop.worker, None),
        notify::webhooks_advance(&*other, None)
    );
    shop.advance_by(20 - one?.queued - two?.queued).await?;
    let (one, two) = tokio::join!(
        notify::webhook_claim(&*shop.worker, Some(20), 30),
        notify::webhook_claim(&*other, Some(20), 30)
    );
    let mut claimed: Vec<i64> = one?
        .iter()
        .chain(&two?)
        .map(|claim| claim.delivery_id)
        .collect();
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), 20);
    Ok(())
}

#[tokio::test]
async fn an_address_has_few_calls_under_way_and_the_others_go_on() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let slow = shop.hook(&["a.slow"]).await?;
    let quick = shop.hook(&["a.quick"]).await?;
    for listing in 0..10 {
        shop.happens("a.slow", listing).await?;
    }
    shop.happens("a.quick", 1).await?;
    shop.advance_by(11).await?;
    let first = shop.claim().await?;
    let of = |webhook| {
        first
            .iter()
            .filter(move |claim| claim.webhook_id == webhook)
    };
    assert_eq!((of(slow).count(), of(quick).count()), (4, 1));
    assert!(shop.claim().await?.is_empty(), "four are under way");
    shop.finish(&first[0], 200).await?;
    assert_eq!(types(&shop.claim().await?), ["a.slow"]);
    // A worker that was killed leaves calls that are none.
    shop.db.shift_clock("31 seconds").await?;
    assert_eq!(
        types(&shop.claim().await?),
        ["a.slow", "a.slow", "a.slow", "a.slow", "a.quick"]
    );
    Ok(())
}

#[tokio::test]
async fn it_is_tried_for_about_three_days_then_given_up_and_can_be_sent_again() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    shop.happens("a.one", 1).await?;
    shop.advance_by(1).await?;
    let (mut attempts, mut passed) = (0_u32, 0);
    while let Some(claim) = shop.claim().await?.into_iter().next() {
        shop.finish(&claim, 503).await?;
        // Five seconds, three times as long each time, half a day at most, and more than the quarter of it that is chance.
        passed += 43_200.min(5 * 3_i64.pow(attempts.min(10))) * 4 / 3 + 1;
        attempts += 1;
        shop.db.shift_clock(&format!("{passed} seconds")).await?;
    }
    assert_eq!(
        (attempts, shop.states(hook).await?),
        (14, vec!["dead".to_owned()])
    );
    assert!((200_000..400_000).contains(&passed), "{passed} s");
    shop.db.shift_clock("6 days").await?;
    shop.happens("a.two", 1).await?;
    shop.advance_by(1).await?;
    shop.finish(&shop.claim().await?[0], 503).await?;
    let told = shop.db.superuser().await?;
    let told = told
        .query(
            "select data ->> 'why' from notify_data.outbox where kind = 'webhook.disabled'",
            &[],
        )
        .await?;
    assert_eq!(told.len(), 1, "it failed for five days");
    assert_eq!(told[0].get::<_, String>(0), "failing");
    let on = WebhookUpdate {
        actor: shop.owner,
        shop: shop.shop,
        webhook: hook,
        url: None,
        types: None,
        is_on: Some(true),
    };
    assert_eq!(
        notify::webhook_update(&*shop.api, &on).await?.disabled_at,
        None
    );
    let delivery = {
        let ask = WebhookDeliveryList {
            actor: shop.owner,
            shop: shop.shop,
            webhook: hook,
            limit: None,
            after: None,
        };
        notify::webhook_delivery_list(&*shop.api, &ask).await?[1].delivery_id
    };
    notify::webhook_redeliver(&*shop.api, shop.owner, shop.shop, hook, delivery).await?;
    let again = shop.claim().await?;
    assert_eq!((again.len(), again[0].delivery_id), (1, delivery));
    Ok(())
}

#[tokio::test]
async fn what_the_log_has_forgotten_is_given_up_and_holds_nothing_up() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    for kind in ["a.one", "a.two"] {
        shop.happens(kind, 1).await?;
    }
    shop.advance_by(2).await?;
    let session = shop.db.superuser().await?;
    session
        .batch_execute(
            "update notify_data.webhook_deliveries set event_at = event_at - interval '8 days' where type = 'a.one'",
        )
        .await?;
    assert_eq!(types(&shop.claim().await?), ["a.two"]);
    assert_eq!(shop.states(hook).await?, ["leased", "dead"]);
    let listed = notify::webhook_list(&*shop.api, shop.owner, shop.shop).await?;
    assert_eq!(
        listed[0].failing_since, None,
        "the address did nothing wrong"
    );
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_gone_hears_nothing_more_and_its_maker_hears_that() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    shop.happens("a.one", 1).await?;
    shop.advance_by(1).await?;
    shop.finish(&shop.claim().await?[0], 410).await?;
    let listed = notify::webhook_list(&*shop.api, shop.owner, shop.shop).await?;
    assert_eq!(listed[0].disabled_why.as_deref(), Some("gone"));
    shop.happens("a.two", 1).await?;
    assert_eq!(shop.advance().await?, 0);
    notify::webhook_delete(&*shop.api, shop.owner, shop.shop, hook).await?;
    assert!(
        notify::webhook_list(&*shop.api, shop.owner, shop.shop)
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_former_one_for_a_day() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    let fresh = format!("whsec_{}", "B".repeat(32));
    notify::webhook_rotate(&*shop.api, shop.owner, shop.shop, hook, fresh.clone()).await?;
    for listing in [1, 2] {
        shop.happens("a.one", listing).await?;
    }
    shop.advance_by(2).await?;
    let claim = notify::webhook_claim(&*shop.worker, Some(1), 5)
        .await?
        .remove(0);
    assert_eq!(
        (claim.secret, claim.former_secret.as_deref()),
        (fresh, Some(SECRET))
    );
    shop.db.shift_clock("24 hours").await?;
    assert_eq!(shop.claim().await?[0].former_secret, None);
    Ok(())
}

#[tokio::test]
async fn strangers_reach_no_address_and_bad_ones_are_named() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    let stranger = shop.db.person(Role::User).await?;
    let listed = notify::webhook_list(&*shop.api, stranger, shop.shop).await;
    assert_eq!(reason(listed), Reason::ShopRoleRequired);
    let foreign = notify::webhook_redeliver(&*shop.api, shop.owner, shop.shop, hook, 99).await;
    assert_eq!(reason(foreign), Reason::WebhookDeliveryUnknown);
    let wish = |url: &str, secret: &str| WebhookCreate {
        actor: shop.owner,
        shop: shop.shop,
        url: url.to_owned(),
        types: Vec::new(),
        secret: secret.to_owned(),
    };
    for misspelt in [
        "requested",
        "deal.requested,deal.confirmed,",
        "",
        "Deal.requested",
    ] {
        assert_eq!(
            reason(shop.hook(&[misspelt]).await),
            Reason::WebhookTypesShape
        );
    }
    for (bad, why) in [
        (wish("ftp://example.org", SECRET), Reason::WebhookUrlShape),
        (
            wish("https://example.org/hook", "secret"),
            Reason::WebhookSecretShape,
        ),
    ] {
        assert_eq!(reason(notify::webhook_create(&*shop.api, &bad).await), why);
    }
    for _ in 0..9 {
        shop.hook(&[]).await?;
    }
    assert_eq!(reason(shop.hook(&[]).await), Reason::WebhookLimit);
    Ok(())
}

#[tokio::test]
async fn what_is_done_costs_nothing_to_whoever_claims_or_lists() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    let session = shop.db.superuser().await?;
    session
        .batch_execute(&format!(
            "insert into notify_data.webhook_deliveries (
                 created_at, webhook_id, event_id, event_at, type, object_key, state, due_at, done_at)
             select ops.clock_now() - interval '1 minute' * (n % 2000), {hook} + n % 50, n, ops.clock_now(), 'a.b', 'listing ' || n,
                 case when n <= 3 then 'waiting' else 'done' end, ops.clock_now() - interval '1 second', ops.clock_now()
             from generate_series(1, 20000) as n;
             update notify_data.webhook_deliveries set webhook_id = {hook}, done_at = null where state = 'waiting';
             update notify_data.webhooks set next_at = ops.clock_now();
             analyze notify_data.webhook_deliveries;
             begin"
        ))
        .await?;
    let claimed = session
        .query("select * from notify.webhook_claim(16, 30)", &[])
        .await?;
    assert_eq!(claimed.len(), 3);
    let list = format!(
        "select * from notify.webhook_delivery_list({}, {}, {hook}, 20, null)",
        shop.owner, shop.shop
    );
    assert_eq!(session.query(&list, &[]).await?.len(), 20);
    let read: i64 = session
        .query_one(
            "select sum(coalesce(s.seq_tup_read, 0))::bigint from pg_stat_xact_user_tables as s
             where s.relname like 'webhook_deliveries%'",
            &[],
        )
        .await?
        .get(0);
    assert!(read < 500, "{read} rows were read one after the other");
    Ok(())
}
