//! Addresses of programs in trouble: what waits for them costs nobody else anything, test calls, everything once more, and
//! what becomes of it after a restore.

use chrono::{TimeDelta, Utc};
use kardan_schema::notify::{self, EventOpen, EventPosition, WebhookRedeliverSince, WebhookUpdate};
use kardan_schema::{Error, Reason};

use super::webhook::{Shop, types};
use crate::support::reason;

impl Shop {
    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.db.superuser().await?.batch_execute(sql).await?)
    }

    async fn again(&self, webhook: i64, hours: i64, is_dead_only: bool) -> Result<i32, Error> {
        let wish = WebhookRedeliverSince {
            actor: self.owner,
            shop: self.shop,
            webhook,
            since: Utc::now() - TimeDelta::hours(hours),
            is_dead_only,
            after: None,
        };
        let done = notify::webhook_redeliver_since(&*self.api, &wish).await?;
        Ok(done.redelivered)
    }

    fn url(&self, webhook: i64, url: &str) -> WebhookUpdate {
        WebhookUpdate {
            actor: self.owner,
            shop: self.shop,
            webhook,
            url: Some(url.to_owned()),
            types: None,
            is_on: None,
        }
    }
}

#[tokio::test]
async fn an_address_without_tls_is_refused_when_it_is_given_unless_the_operator_allows_it()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    for plain in ["http://example.org/hook", "HTTP://example.org/hook"] {
        let refused = notify::webhook_update(&*shop.api, &shop.url(hook, plain)).await;
        assert_eq!(reason(refused), Reason::WebhookUrlHttps);
    }
    shop.run("update ops_data.settings set value = '1' where key = 'webhooks.http'")
        .await?;
    let plain = shop.url(hook, "http://example.org/hook");
    let changed = notify::webhook_update(&*shop.api, &plain).await?;
    assert_eq!(changed.url, "http://example.org/hook");
    Ok(())
}

#[tokio::test]
async fn everything_since_a_time_is_sent_again_in_its_order_and_under_its_ids() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    for kind in ["a.one", "a.two", "a.three"] {
        shop.happens(kind, 1).await?;
    }
    shop.advance_by(3).await?;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let claim = shop.claim().await?.remove(0);
        shop.finish(&claim, 200).await?;
        ids.push(claim.message_id);
    }
    // The third is under way while the first two go again: it stays where it is.
    let third = shop.claim().await?.remove(0);
    assert_eq!(shop.again(hook, 1, true).await?, 0, "nothing was given up");
    assert_eq!(shop.again(hook, 1, false).await?, 2);
    assert_eq!(shop.again(hook, 1, false).await?, 0, "they wait already");
    assert!(shop.claim().await?.is_empty(), "one about it is under way");
    shop.finish(&third, 500).await?;
    shop.db.shift_clock("1 minute").await?;
    let mut again = Vec::new();
    while let Some(claim) = shop.claim().await?.into_iter().next() {
        shop.finish(&claim, 200).await?;
        again.push(claim.message_id);
    }
    ids.push(third.message_id);
    assert_eq!(again, ids, "what failed meanwhile comes behind them");
    let old = shop.again(hook, 24 * 8, false).await;
    assert_eq!(reason(old), Reason::WebhookSinceRange);
    Ok(())
}

#[tokio::test]
async fn what_was_given_up_goes_again_and_what_is_later_waits_for_it() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    for kind in ["a.one", "a.two"] {
        shop.happens(kind, 1).await?;
    }
    shop.advance_by(2).await?;
    let first = shop.claim().await?.remove(0);
    shop.run("update notify_data.webhook_deliveries set attempts = 14 where type = 'a.one'")
        .await?;
    assert_eq!(shop.finish(&first, 500).await?.as_deref(), Some("dead"));
    assert_eq!(shop.again(hook, 1, true).await?, 1);
    assert_eq!(shop.states(hook).await?, ["behind", "waiting"]);
    assert_eq!(types(&shop.claim().await?), ["a.one"]);
    Ok(())
}

#[tokio::test]
async fn a_test_call_goes_before_what_waits_is_made_once_and_says_nothing_of_the_address()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&["deal.confirmed"]).await?;
    for listing in 0..9 {
        shop.happens("deal.confirmed", listing).await?;
    }
    shop.advance_by(9).await?;
    let ping = notify::webhook_ping(&*shop.api, shop.owner, shop.shop, hook).await?;
    let same = notify::webhook_ping(&*shop.api, shop.owner, shop.shop, hook).await?;
    assert_eq!(ping.delivery_id, same.delivery_id, "one is on its way");
    let claims = shop.claim().await?;
    let call = claims
        .iter()
        .find(|claim| claim.event_type == "webhook.ping");
    let call = call.expect("it goes before what waits");
    assert_eq!(
        call.data.as_ref().map(|data| &data["webhook_id"]),
        Some(&hook.into())
    );
    assert_eq!(shop.finish(call, 410).await?.as_deref(), Some("dead"));
    let shown =
        notify::webhook_delivery_get(&*shop.api, shop.owner, shop.shop, hook, ping.delivery_id)
            .await?;
    assert_eq!((shown.state.as_str(), shown.status), ("dead", Some(410)));
    let listed = notify::webhook_list(&*shop.api, shop.owner, shop.shop).await?;
    assert_eq!(
        (listed[0].failing_since, listed[0].disabled_at),
        (None, None)
    );

    let off = WebhookUpdate {
        url: None,
        is_on: Some(false),
        ..shop.url(hook, "")
    };
    notify::webhook_update(&*shop.api, &off).await?;
    let refused = notify::webhook_ping(&*shop.api, shop.owner, shop.shop, hook).await;
    assert_eq!(reason(refused), Reason::WebhookOff);
    let unknown = notify::webhook_delivery_get(&*shop.api, shop.owner, shop.shop, hook, 99).await;
    assert_eq!(reason(unknown), Reason::WebhookDeliveryUnknown);
    Ok(())
}

#[tokio::test]
async fn whoever_claims_does_not_read_what_waits_for_an_address_that_may_not_be_called()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (busy, off, quick) = (
        shop.hook(&["a.busy"]).await?,
        shop.hook(&["a.off"]).await?,
        shop.hook(&["a.quick"]).await?,
    );
    shop.run(&format!(
        "insert into notify_data.webhook_deliveries (
             created_at, webhook_id, event_id, event_at, type, object_key, state, due_at, lease)
         select ops.clock_now(), h.id, n, ops.clock_now(), 'a.b', 'listing ' || case when n % 2 = 0 then n else 1 end,
             case when n in (2, 4, 6, 8) and h.id = {busy} then 'leased' when n % 2 = 0 then 'waiting' else 'behind' end,
             ops.clock_now() + case when n in (2, 4, 6, 8) and h.id = {busy} then interval '1 minute' else interval '-1 second' end,
             case when n in (2, 4, 6, 8) and h.id = {busy} then gen_random_uuid() end
         from generate_series(1, 20000) as n
         cross join (values ({busy}), ({off})) as h (id);
         update notify_data.webhooks set next_at = ops.clock_now() - interval '1 minute';
         update notify_data.webhooks set disabled_at = ops.clock_now(), disabled_why = 'asked' where id = {off};
         analyze notify_data.webhook_deliveries"
    ))
    .await?;
    shop.happens("a.quick", 1).await?;
    shop.advance_by(1).await?;
    let session = shop.db.superuser().await?;
    session.batch_execute("begin").await?;
    let claimed = session
        .query("select webhook_id from notify.webhook_claim(16, 30)", &[])
        .await?;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].get::<_, i64>(0), quick);
    let read: i64 = session
        .query_one(
            "select sum(coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0))::bigint
             from pg_stat_xact_user_tables as s where s.relname like 'webhook_deliveries%'",
            &[],
        )
        .await?
        .get(0);
    assert!(read < 50, "{read} deliveries were read to take one");
    Ok(())
}

#[tokio::test]
async fn reading_on_writes_no_address_for_which_nothing_is_new() -> anyhow::Result<()> {
    let (shop, session) = {
        let shop = Shop::open().await?;
        let session = shop.db.superuser().await?;
        (shop, session)
    };
    let idle = shop.hook(&[]).await?;
    shop.run(&format!(
        "insert into market_data.shops (id, name, created_by, created_at, updated_at)
         values (77, 'Another shop', {owner}, ops.clock_now(), ops.clock_now());
         update notify_data.webhooks set shop_id = 77 where id = {idle}",
        owner = shop.owner
    ))
    .await?;
    let hook = shop.hook(&[]).await?;
    let written = async || -> anyhow::Result<Vec<String>> {
        let rows = session
            .query(
                "select w.xmin::text from notify_data.webhooks as w where w.id in ($1, $2) order by w.id",
                &[&idle, &hook],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    };
    shop.happens("a.first", 1).await?;
    shop.advance_by(1).await?;
    while session
        .query_one("select bool_or(is_behind) from notify_data.webhooks", &[])
        .await?
        .get(0)
    {
        shop.advance().await?;
    }
    let before = written().await?;
    shop.happens("a.second", 1).await?;
    shop.advance_by(1).await?;
    shop.advance().await?;
    let after = written().await?;
    assert_eq!(before[0], after[0], "nothing happened in its shop");
    assert_ne!(before[1], after[1]);
    Ok(())
}

#[tokio::test]
async fn an_address_that_was_off_hears_what_it_missed_when_nothing_more_happens()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hook = shop.hook(&[]).await?;
    let switch = |is_on| WebhookUpdate {
        url: None,
        is_on: Some(is_on),
        ..shop.url(hook, "")
    };
    notify::webhook_update(&*shop.api, &switch(false)).await?;
    shop.happens("a.one", 1).await?;
    assert_eq!(shop.advance().await?, 0);
    notify::webhook_update(&*shop.api, &switch(true)).await?;
    shop.advance_by(1).await?;
    assert_eq!(types(&shop.claim().await?), ["a.one"]);
    Ok(())
}

#[tokio::test]
async fn what_is_open_is_counted_by_state_with_its_age() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.hook(&[]).await?;
    for (kind, listing) in [("a.one", 1), ("a.two", 1), ("a.three", 1), ("a.other", 2)] {
        shop.happens(kind, listing).await?;
    }
    shop.advance_by(4).await?;
    notify::webhook_claim(&*shop.worker, Some(1), 30).await?;
    shop.db.shift_clock("1 hour").await?;
    let open = notify::webhooks_stats(&*shop.worker).await?;
    let count = |state: &str| {
        let found = open.iter().find(|row| row.state == state);
        found.map(|row| (row.delivery_count, row.oldest_seconds >= 3600.0))
    };
    assert_eq!(count("behind"), Some((2, true)));
    assert_eq!(count("waiting"), Some((1, true)));
    assert_eq!(count("leased"), Some((1, true)));
    Ok(())
}

#[tokio::test]
async fn two_restores_of_one_backup_are_two_epochs_and_ids_of_the_lost_future_come_to_nobody_again()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.hook(&[]).await?;
    shop.advance().await?;
    let position = async || notify::event_position(&*shop.api).await;
    let EventPosition { epoch, next_xid } = position().await?;
    let mut epochs = vec![epoch];
    let mut ids = Vec::new();
    for _ in 0..2 {
        // What a restore does: the same rows on a timeline that they do not know.
        shop.run(
            "update notify_data.event_lines set line = split_part(line, ' ', 1) || ' FFFFFFFF 1';
             alter sequence notify_data.events_id_seq restart with 900000",
        )
        .await?;
        shop.happens("a.one", 1).await?;
        shop.advance_by(1).await?;
        let claim = shop.claim().await?.remove(0);
        shop.finish(&claim, 200).await?;
        ids.push(claim.message_id);
        epochs.push(position().await?.epoch);
        let place = EventOpen {
            actor: shop.owner,
            epoch: Some(epochs[0].clone()),
            xid: Some(next_xid),
            at: Some(Utc::now()),
        };
        let lost = notify::event_open(&*shop.api, &place).await?;
        assert_eq!(
            lost.why.as_deref(),
            Some("epoch"),
            "although its number is past"
        );
    }
    let mut different = epochs.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 3, "{epochs:?}");
    assert_ne!(ids[0], ids[1], "one number, two happenings");
    assert!(ids[1].contains(&epochs[2]), "{ids:?}");
    Ok(())
}

#[tokio::test]
async fn after_a_dump_came_to_another_server_what_was_queued_goes_and_what_happens_then_is_heard()
-> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.hook(&[]).await?;
    shop.happens("a.queued", 1).await?;
    shop.advance_by(1).await?;
    shop.happens("a.before", 2).await?;
    // On a server whose transactions are far behind those of the former one.
    shop.run(
        "alter table notify_data.events disable trigger events_are_append_only;
         update notify_data.events set written_by = '900000000000';
         alter table notify_data.events enable trigger events_are_append_only;
         update notify_data.webhooks set told_xid = 900000000000;
         update notify_data.webhook_reading set told_xid = 900000000000;
         update notify_data.event_lines set system_id = '1', line = '1 00000001 1'",
    )
    .await?;
    let maintenance = shop.db.as_role("kardan_maintenance").await?;
    notify::event_line_begin(&*maintenance).await?;
    shop.happens("a.after", 3).await?;
    shop.advance_by(1).await?;
    assert_eq!(types(&shop.claim().await?), ["a.queued", "a.after"]);
    Ok(())
}
