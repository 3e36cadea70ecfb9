//! What saved searches find: each match once, nothing old, own or hidden; delivery by one worker at a time.

use kardan_schema::market::{
    DueAlert, SavedSearchCreate, SearchAlertList, listing_bump, saved_search_create,
    saved_search_delete, search_alert_list, search_alert_take, search_alert_told, search_news_run,
};
use kardan_schema::{Frequency, ListingId, Role, UserId};
use kardan_testdb::{ListingFixture, Session};

use super::Market;
use super::saved_search::wish;

/// A market with somebody who waits for alerts, and the worker who delivers them.
pub(super) struct Alerts {
    pub(super) market: Market,
    pub(super) buyer: UserId,
    pub(super) worker: Session,
}

impl Alerts {
    pub(super) async fn open() -> anyhow::Result<Self> {
        let market = Market::open().await?;
        let buyer = market.db.person(Role::User).await?;
        let worker = market.db.as_role("kardan_worker").await?;
        Ok(Self {
            market,
            buyer,
            worker,
        })
    }

    pub(super) async fn save(&self, search: &SavedSearchCreate) -> anyhow::Result<()> {
        saved_search_create(&*self.market.api, search).await?;
        Ok(())
    }

    pub(super) async fn take(&self) -> anyhow::Result<Vec<DueAlert>> {
        Ok(search_alert_take(&*self.worker, None).await?)
    }

    pub(super) async fn taken(&self) -> anyhow::Result<Vec<ListingId>> {
        Ok(self
            .take()
            .await?
            .iter()
            .map(|alert| alert.listing_id)
            .collect())
    }

    /// What is taken now, and told.
    pub(super) async fn told(&self) -> anyhow::Result<Vec<ListingId>> {
        let alerts = self.take().await?;
        let ids = alerts.iter().map(|alert| alert.alert_id).collect();
        search_alert_told(&*self.worker, ids).await?;
        Ok(alerts.iter().map(|alert| alert.listing_id).collect())
    }

    /// Changes a listing behind the program.
    pub(super) async fn set(&self, listing: ListingId, assignments: &str) -> anyhow::Result<()> {
        self.market
            .arrange(&format!(
                "update market_data.listings set updated_at = ops.clock_now(), {assignments} where id = {listing}"
            ))
            .await
    }

    /// Compares all news with the saved searches.
    pub(super) async fn compare(&self) -> anyhow::Result<()> {
        let maintenance = self.market.db.as_role("kardan_maintenance").await?;
        Ok(search_news_run(&*maintenance).await?)
    }

    pub(super) async fn listed(&self, person: UserId) -> anyhow::Result<Vec<ListingId>> {
        let list = SearchAlertList {
            actor: person,
            saved_search: None,
            limit: None,
            after: None,
        };
        let rows = search_alert_list(&*self.market.api, &list).await?;
        Ok(rows.iter().map(|row| row.listing_id).collect())
    }
}

#[tokio::test]
async fn what_is_published_after_the_search_is_told_once() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.market.part("Фара левая", "").await?;
    it.save(&wish(it.buyer, "фары")).await?;
    let new = it.market.part("Фара правая", "").await?;
    it.market.part("Бампер", "").await?;
    let alerts = it.take().await?;
    assert_eq!(
        alerts
            .iter()
            .map(|a| (a.listing_id, a.user_id, a.title.as_str()))
            .collect::<Vec<_>>(),
        [(new, it.buyer, "Фара правая")]
    );
    // Claimed: nobody gets it now; not told of: it comes again.
    assert_eq!(it.taken().await?, []);
    it.market.db.shift_clock("6 minutes").await?;
    let again = it.take().await?;
    assert_eq!(again.len(), 1);
    search_alert_told(&*it.worker, vec![again[0].alert_id]).await?;
    search_alert_told(&*it.worker, vec![again[0].alert_id]).await?;
    it.market.db.shift_clock("12 minutes").await?;
    // Taken off, put back: the same match is no new one.
    for status in ["reserved", "published"] {
        it.market
            .arrange(&format!(
                "update market_data.listings set status = '{status}' where id = {new}"
            ))
            .await?;
    }
    assert_eq!(it.taken().await?, []);
    assert_eq!(it.listed(it.buyer).await?, [new]);
    assert_eq!(it.listed(it.market.seller).await?, []);
    Ok(())
}

#[tokio::test]
async fn what_was_published_before_the_search_is_no_news_when_it_is_bumped() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let old = it.market.part("Фара левая", "").await?;
    it.save(&wish(it.buyer, "фары")).await?;
    it.market.db.shift_clock("1 day").await?;
    listing_bump(&*it.market.api, it.market.seller, old, None).await?;
    for status in ["reserved", "published"] {
        it.market
            .arrange(&format!(
                "update market_data.listings set status = '{status}' where id = {old}"
            ))
            .await?;
    }
    assert_eq!(it.taken().await?, []);
    Ok(())
}

#[tokio::test]
async fn ones_own_and_ones_shops_listings_are_not_told() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.market.seller, "фара")).await?;
    it.save(&wish(it.buyer, "фара")).await?;
    it.market.part("Фара левая", "").await?;
    let of_shop = it.market.part("Фара правая", "").await?;
    it.market
        .arrange(&format!(
            "with made as (
                 insert into market_data.shops (name, created_by, created_at, updated_at)
                 values ('Test', {buyer}, ops.clock_now(), ops.clock_now()) returning id),
             joined as (
                 insert into market_data.shop_members (shop_id, user_id, role, joined_at)
                 select m.id, {buyer}, 'owner', ops.clock_now() from made as m)
             update market_data.listings set owner_user_id = null, owner_shop_id = (select m.id from made as m)
             where id = {of_shop}",
            buyer = it.buyer
        ))
        .await?;
    let alerts = it.take().await?;
    let told: Vec<_> = alerts
        .iter()
        .map(|a| (a.user_id, a.listing_id == of_shop))
        .collect();
    assert_eq!(told, [(it.market.seller, true), (it.buyer, false)]);
    Ok(())
}

#[tokio::test]
async fn what_is_hidden_by_the_time_of_telling_is_not_told() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let sold = it.market.part("Фара левая", "").await?;
    it.market.part("Фара правая", "").await?;
    let maintenance = it.market.db.as_role("kardan_maintenance").await?;
    search_news_run(&*maintenance).await?;
    search_news_run(&*maintenance).await?;
    assert_eq!(it.listed(it.buyer).await?.len(), 2);
    it.market
        .arrange(&format!(
            "update market_data.listings set status = 'sold' where id = {sold}"
        ))
        .await?;
    assert_eq!(it.listed(it.buyer).await?.len(), 1);
    assert_eq!(it.take().await?.len(), 1);
    // A blocked seller is not told of either.
    let fixture = ListingFixture {
        title: "Фара от спамера".to_owned(),
        ..ListingFixture::default()
    };
    let spammer = it.market.db.person(Role::User).await?;
    it.market.db.listing(spammer, &fixture).await?;
    it.market
        .arrange(&format!(
            "insert into people_data.bans (user_id, reason, until, created_at)
             values ({spammer}, 'Spam', 'infinity', ops.clock_now())"
        ))
        .await?;
    assert_eq!(it.taken().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_price_that_falls_into_the_range_is_told() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let dear = it.market.priced("Фара левая", 1000).await?;
    let cheap = it.market.priced("Фара правая", 400).await?;
    it.save(&SavedSearchCreate {
        price_max: Some(500),
        ..wish(it.buyer, "фара")
    })
    .await?;
    it.save(&wish(it.buyer, "левая")).await?;
    for (listing, price) in [(dear, 600), (cheap, 300)] {
        it.market
            .arrange(&format!(
                "update market_data.listings set price_minor = {price}, updated_at = ops.clock_now() where id = {listing}"
            ))
            .await?;
    }
    assert_eq!(it.taken().await?, []);
    it.market
        .arrange(&format!(
            "update market_data.listings set price_minor = 500, updated_at = ops.clock_now() where id = {dear}"
        ))
        .await?;
    assert_eq!(it.taken().await?, [dear]);
    Ok(())
}

#[tokio::test]
async fn a_frequency_says_when_matches_are_due() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    for (query, frequency) in [
        ("фара", Frequency::Hourly),
        ("левая", Frequency::Daily),
        ("левая фара", Frequency::Never),
        ("фары левые", Frequency::AtOnce),
    ] {
        it.save(&SavedSearchCreate {
            frequency: Some(frequency),
            ..wish(it.buyer, query)
        })
        .await?;
    }
    it.market.part("Фара левая", "").await?;
    let due = async |it: &Alerts| -> anyhow::Result<Vec<Frequency>> {
        let alerts = it.take().await?;
        let ids = alerts.iter().map(|a| a.alert_id).collect();
        search_alert_told(&*it.worker, ids).await?;
        Ok(alerts.iter().map(|a| a.frequency).collect())
    };
    assert_eq!(due(&it).await?, [Frequency::AtOnce]);
    it.market.db.shift_clock("1 hour").await?;
    assert!(due(&it).await?.contains(&Frequency::Hourly));
    it.market.db.shift_clock("25 hours").await?;
    due(&it).await?;
    let told = it
        .market
        .number("select count(*) from market_data.search_alerts where told_at is not null")
        .await?;
    assert_eq!(told, 3);
    let when = it
        .market
        .number(
            "select count(*) from market_data.search_alerts as a
             join market_data.saved_searches as s on s.id = a.saved_search_id
             where case s.frequency
                 when 'hourly' then date_trunc('hour', a.due_at, 'UTC') = a.due_at
                     and a.due_at - a.found_at between interval '0' and interval '1 hour'
                 when 'daily' then extract(hour from a.due_at at time zone 'UTC') = 6
                     and a.due_at - a.found_at between interval '0' and interval '1 day'
                 else a.due_at = a.found_at end",
        )
        .await?;
    assert_eq!(when, 3);
    Ok(())
}

#[tokio::test]
async fn two_workers_never_deliver_the_same_alert() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let first = it.market.part("Фара левая", "").await?;
    let second = it.market.part("Фара правая", "").await?;
    let maintenance = it.market.db.as_role("kardan_maintenance").await?;
    search_news_run(&*maintenance).await?;
    let other = it.market.db.as_role("kardan_worker").await?;
    it.worker.batch_execute("begin").await?;
    let here = search_alert_take(&*it.worker, Some(1)).await?;
    // The first is held by a transaction that has not ended, and is passed over without waiting.
    let there = search_alert_take(&*other, Some(10)).await?;
    it.worker.batch_execute("commit").await?;
    let both: Vec<_> = here.iter().chain(&there).map(|a| a.listing_id).collect();
    assert_eq!(both, [first, second]);
    Ok(())
}

#[tokio::test]
async fn two_sessions_that_compare_the_same_news_note_each_match_once() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    it.market.part("Фара левая", "").await?;
    let maintenance = it.market.db.as_role("kardan_maintenance").await?;
    let other = it.market.db.as_role("kardan_maintenance").await?;
    maintenance.batch_execute("begin").await?;
    search_news_run(&*maintenance).await?;
    search_news_run(&*other).await?;
    maintenance.batch_execute("commit").await?;
    let alerts = "select count(*) from market_data.search_alerts";
    assert_eq!(it.market.number(alerts).await?, 1);
    let news = "select count(*) from market_data.search_news";
    assert_eq!(it.market.number(news).await?, 0);
    Ok(())
}

#[tokio::test]
async fn every_kind_of_search_is_found_by_its_anchor() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let generation = it
        .market
        .number("select min(g.id) from catalog_data.generations as g")
        .await?;
    let brake_pads = it
        .market
        .number("select c.id from catalog_data.categories as c where c.slug = 'brake-pads'")
        .await?;
    let searches = [
        wish(it.buyer, "GDB-1550"),
        wish(it.buyer, "колодки -задние"),
        wish(it.buyer, "колодки or диски"),
        wish(it.buyer, "\"колодки тормозные\""),
        SavedSearchCreate {
            subcategory: Some(kardan_schema::CategoryId(brake_pads)),
            ..wish(it.buyer, "")
        },
        SavedSearchCreate {
            price_max: Some(300_000),
            ..wish(it.buyer, "")
        },
        SavedSearchCreate {
            price_min: Some(240_000),
            price_max: Some(260_000),
            ..wish(it.buyer, "колодки")
        },
        SavedSearchCreate {
            generation: Some(kardan_schema::GenerationId(generation)),
            ..wish(it.buyer, "колодки")
        },
        // These do not match.
        wish(it.buyer, "GDB-1551"),
        wish(it.buyer, "колодки -тормозные"),
        SavedSearchCreate {
            price_max: Some(100),
            ..wish(it.buyer, "колодки")
        },
    ];
    for search in &searches {
        it.save(search).await?;
    }
    let listing = it
        .market
        .part("Колодки тормозные передние", "gdb 1550")
        .await?;
    it.market
        .arrange(&format!(
            "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             values ({listing}, {generation}, {}, ops.clock_now())",
            it.market.seller
        ))
        .await?;
    let names: Vec<_> = it
        .take()
        .await?
        .into_iter()
        .map(|a| (a.search_name, a.listing_id))
        .collect();
    assert_eq!(names.len(), 8, "{names:?}");
    assert!(names.iter().all(|(name, _)| name != "GDB-1551"));
    Ok(())
}

#[tokio::test]
async fn a_deleted_search_tells_nothing_any_more() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let saved = saved_search_create(&*it.market.api, &wish(it.buyer, "фара")).await?;
    it.market.part("Фара левая", "").await?;
    let maintenance = it.market.db.as_role("kardan_maintenance").await?;
    search_news_run(&*maintenance).await?;
    saved_search_delete(&*it.market.api, it.buyer, saved.saved_search_id).await?;
    assert_eq!(it.taken().await?, []);
    assert_eq!(it.listed(it.buyer).await?, []);
    Ok(())
}
