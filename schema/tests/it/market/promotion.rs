//! Advertising inside the marketplace.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use kardan_schema::market::{self, ModerationAdPlace, PromotionCreate, PromotionRecord};
use kardan_schema::{Error, ListingId, Reason, Role, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session};

use crate::support::reason;

/// A street of sellers with a listing each, and those who decide.
pub(super) struct Street {
    pub db: Database,
    pub api: Session,
    pub moderator: UserId,
    pub admin: UserId,
    pub sellers: Vec<(UserId, ListingId)>,
}

impl Street {
    pub async fn of(sellers: usize) -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let mut street = Self {
            api: db.as_role("kardan_api").await?,
            moderator: db.person(Role::Moderator).await?,
            admin: db.person(Role::Admin).await?,
            sellers: Vec::new(),
            db,
        };
        for _ in 0..sellers {
            let seller = street.db.person(Role::User).await?;
            let listing = street
                .db
                .listing(seller, &ListingFixture::default())
                .await?;
            street.sellers.push((seller, listing));
        }
        Ok(street)
    }

    pub fn wish(&self, seller: usize) -> PromotionCreate {
        let (actor, listing) = self.sellers[seller];
        PromotionCreate {
            actor,
            listing,
            kind: "insertion".to_owned(),
            text: format!("Parts of {actor}"),
            wanted_categories: Vec::new(),
            excluded_categories: Vec::new(),
            begins_at: Utc::now() - TimeDelta::hours(1),
            ends_at: Utc::now() + TimeDelta::hours(1),
            impressions: None,
        }
    }

    /// An order that runs.
    pub async fn run(&self, wish: &PromotionCreate) -> anyhow::Result<i64> {
        let order = market::promotion_create(&*self.api, wish)
            .await?
            .promotion_id;
        market::moderation_promotion_approve(&*self.api, self.moderator, order, 50_000, "RUB")
            .await?;
        let reference = format!("payment {order}");
        market::promotion_pay(&*self.api, self.admin, order, &reference).await?;
        Ok(order)
    }

    /// What the slot of a seller's listing shows for each of these numbers, and how often.
    pub async fn shown(&self, seller: usize) -> Result<BTreeMap<Option<i64>, usize>, Error> {
        let mut shown = BTreeMap::new();
        for seed in 0..120 {
            let ad =
                market::listing_promotion_show(&*self.api, self.sellers[seller].1, seed).await?;
            if let Some(ad) = ad {
                *shown.entry(ad.promotion_id).or_default() += 1;
            }
        }
        Ok(shown)
    }

    pub async fn count(&self, marks: &[(i64, usize, UserId, &str, bool)]) -> Result<i32, Error> {
        let batch = PromotionRecord {
            promotions: marks.iter().map(|mark| mark.0).collect(),
            listings: marks.iter().map(|mark| self.sellers[mark.1].1.0).collect(),
            users: marks.iter().map(|mark| mark.2.0).collect(),
            visitors: marks.iter().map(|mark| mark.3.to_owned()).collect(),
            times: marks.iter().map(|_| Utc::now()).collect(),
            clicks: marks.iter().map(|mark| mark.4).collect(),
        };
        Ok(market::promotion_record(&*self.api, &batch).await?.recorded)
    }
}

#[tokio::test]
async fn an_order_runs_when_it_is_approved_and_paid_and_only_in_its_time() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let order = market::promotion_create(&*street.api, &street.wish(0))
        .await?
        .promotion_id;
    assert!(street.shown(1).await?.is_empty(), "before it is approved");
    let waiting =
        market::moderation_promotion_list(&*street.api, street.moderator, None, None).await?;
    assert_eq!(waiting.len(), 1);
    market::moderation_promotion_approve(&*street.api, street.moderator, order, 100, "RUB").await?;
    assert!(street.shown(1).await?.is_empty(), "before it is paid");
    for _ in 0..2 {
        market::promotion_pay(&*street.api, street.admin, order, "7").await?;
    }
    assert_eq!(street.shown(1).await?, BTreeMap::from([(Some(order), 120)]));
    street.db.shift_clock("61 minutes").await?;
    assert!(
        street.shown(1).await?.is_empty(),
        "after its end, without any job"
    );
    Ok(())
}

#[tokio::test]
async fn each_that_may_is_shown_about_as_often_and_never_the_advertisers_own() -> anyhow::Result<()>
{
    let street = Street::of(4).await?;
    for seller in 0..3 {
        street.run(&street.wish(seller)).await?;
    }
    let everywhere = street.shown(3).await?;
    assert_eq!(everywhere.len(), 3);
    // 40 each is expected; outside of 20 and 60 it would be one of a million such lotteries.
    assert!(
        everywhere.values().all(|times| (20..=60).contains(times)),
        "{everywhere:?}"
    );
    assert_eq!(street.shown(0).await?.len(), 2, "not in their own");
    Ok(())
}

#[tokio::test]
async fn it_is_not_shown_where_it_is_not_wanted_nor_too_often_nor_when_its_listing_is_gone()
-> anyhow::Result<()> {
    let street = Street::of(3).await?;
    let superuser = street.db.superuser().await?;
    let category: i64 = superuser
        .query_one(
            "select category_id from market_data.listings where id = $1",
            &[&street.sellers[2].1],
        )
        .await?
        .get(0);
    let picky = PromotionCreate {
        excluded_categories: vec![category],
        ..street.wish(0)
    };
    street.run(&picky).await?;
    assert!(street.shown(2).await?.is_empty(), "an excluded category");

    let few = PromotionCreate {
        impressions: Some(2),
        ..street.wish(1)
    };
    let few = street.run(&few).await?;
    assert_eq!(street.shown(2).await?.len(), 1);
    let nobody = UserId(0);
    street
        .count(&[(few, 2, nobody, "a", false), (few, 2, nobody, "b", false)])
        .await?;
    assert!(
        street.shown(2).await?.is_empty(),
        "it was shown as often as wanted"
    );

    let more = street.run(&street.wish(1)).await?;
    assert_eq!(street.shown(2).await?, BTreeMap::from([(Some(more), 120)]));
    let (seller, listing) = street.sellers[1];
    market::listing_withdraw(&*street.api, seller, listing, None).await?;
    assert!(street.shown(2).await?.is_empty(), "its listing is gone");
    Ok(())
}

#[tokio::test]
async fn what_a_moderator_puts_there_goes_before_and_is_audited() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    street.run(&street.wish(0)).await?;
    let place = ModerationAdPlace {
        actor: street.moderator,
        listing: street.sellers[1].1,
        text: "Tyres".to_owned(),
        url: "https://example.org/tyres".to_owned(),
        begins_at: Utc::now() - TimeDelta::hours(1),
        ends_at: Utc::now() + TimeDelta::hours(1),
    };
    market::moderation_ad_place(&*street.api, &place).await?;
    assert_eq!(street.shown(1).await?, BTreeMap::from([(None, 120)]));
    let audited: i64 = street
        .db
        .superuser()
        .await?
        .query_one(
            "select count(*) from ops_data.audit as a
             where a.action in ('moderation.ad_place', 'moderation.promotion_approved', 'promotion.pay')",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(audited, 3);
    Ok(())
}

#[tokio::test]
async fn views_and_clicks_count_once_a_day_and_viewer_and_not_of_the_sellers_own()
-> anyhow::Result<()> {
    let street = Street::of(3).await?;
    let order = street.run(&street.wish(0)).await?;
    let (seller, stranger, nobody) = (street.sellers[0].0, street.sellers[2].0, UserId(0));
    let marks = [
        (order, 1, stranger, "", false),
        (order, 1, stranger, "", false),
        (order, 2, stranger, "", false),
        (order, 1, nobody, "somebody", false),
        (order, 1, stranger, "", true),
        (order, 1, seller, "", true),
        (order + 1000, 1, stranger, "", true),
    ];
    assert_eq!(street.count(&marks).await?, 3);
    assert_eq!(street.count(&marks).await?, 0, "brought again");
    let days = market::promotion_figures(&*street.api, seller, order).await?;
    assert_eq!(
        (days.len(), days[0].shown, days[0].clicked, days[0].people),
        (1, 2, 1, 2)
    );
    let mine = market::promotion_list_mine(&*street.api, seller, None, None, None).await?;
    assert_eq!((mine[0].shown, mine[0].clicked), (2, 1));
    Ok(())
}

#[tokio::test]
async fn nobody_uses_up_what_somebody_paid_for_by_leafing_or_by_making_listings_up()
-> anyhow::Result<()> {
    let street = Street::of(4).await?;
    let order = street.run(&street.wish(0)).await?;
    let nobody = UserId(0);
    let marks: Vec<_> = (1..4)
        .map(|slot| (order, slot, nobody, "one", false))
        .collect();
    assert_eq!(
        street.count(&marks).await?,
        1,
        "one viewer in three listings"
    );
    let invented = PromotionRecord {
        promotions: vec![order; 50],
        listings: (900_000..900_050).collect(),
        users: vec![0; 50],
        visitors: (0..50).map(|n| format!("visitor {n}")).collect(),
        times: vec![Utc::now(); 50],
        clicks: vec![false; 50],
    };
    let recorded = market::promotion_record(&*street.api, &invented)
        .await?
        .recorded;
    assert_eq!(recorded, 0, "listings that there are not");
    let unpaid = market::promotion_create(&*street.api, &street.wish(1))
        .await?
        .promotion_id;
    assert_eq!(
        street.count(&[(unpaid, 2, nobody, "two", true)]).await?,
        0,
        "it does not run"
    );
    Ok(())
}

#[tokio::test]
async fn a_shop_and_its_members_are_no_slots_for_each_other() -> anyhow::Result<()> {
    let street = Street::of(3).await?;
    // The first seller is a member of the shop that the second one's listing belongs to now.
    let session = street.db.superuser().await?;
    session
        .batch_execute(&format!(
            "insert into market_data.shops (id, name, created_by, created_at, updated_at)
             values (77, 'Shop of two', {one}, ops.clock_now(), ops.clock_now());
             insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             values (77, {one}, 'owner', ops.clock_now());
             update market_data.listings set owner_user_id = null, owner_shop_id = 77 where id = {listing}",
            one = street.sellers[0].0,
            listing = street.sellers[1].1,
        ))
        .await?;
    let mine = street.run(&street.wish(0)).await?;
    let of_shop = PromotionCreate {
        actor: street.sellers[0].0,
        ..street.wish(1)
    };
    let of_shop = street.run(&of_shop).await?;
    assert!(
        street.shown(0).await?.is_empty(),
        "the shop's in a member's listing"
    );
    assert!(
        street.shown(1).await?.is_empty(),
        "a member's in the shop's listing"
    );
    let elsewhere = street.shown(2).await?;
    assert!(elsewhere.contains_key(&Some(mine)) && elsewhere.contains_key(&Some(of_shop)));
    Ok(())
}

#[tokio::test]
async fn moves_that_are_not_legal_and_a_payment_for_two_are_refused() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let api = &*street.api;
    let (one, two) = (
        street.run(&street.wish(0)).await?,
        market::promotion_create(api, &street.wish(1))
            .await?
            .promotion_id,
    );
    let (moderator, admin) = (street.moderator, street.admin);
    let early = market::promotion_pay(api, admin, two, "x").await;
    assert_eq!(reason(early), Reason::PromotionNotPayable);
    let late = market::moderation_promotion_reject(api, moderator, one, "Too late").await;
    assert_eq!(reason(late), Reason::PromotionMoveIllegal);
    market::moderation_promotion_approve(api, moderator, two, 100, "RUB").await?;
    let twice = market::promotion_pay(api, admin, two, &format!("payment {one}")).await;
    assert_eq!(reason(twice), Reason::PromotionPaymentOnce);
    assert_eq!(
        reason(market::promotion_refund(api, admin, two).await),
        Reason::PromotionNotPaid
    );
    market::promotion_refund(api, admin, one).await?;
    assert!(
        street.shown(1).await?.is_empty(),
        "after the money went back"
    );
    let (seller, _) = street.sellers[1];
    for _ in 0..2 {
        assert_eq!(
            market::promotion_cancel(api, seller, two).await?.state,
            "cancelled"
        );
    }
    Ok(())
}

#[tokio::test]
async fn bad_orders_are_named() -> anyhow::Result<()> {
    let street = Street::of(1).await?;
    let good = || street.wish(0);
    let over = Utc::now() - TimeDelta::minutes(1);
    for (wish, why) in [
        (
            PromotionCreate {
                text: " ".to_owned(),
                ..good()
            },
            Reason::PromotionTextLength,
        ),
        (
            PromotionCreate {
                kind: "banner".to_owned(),
                ..good()
            },
            Reason::PromotionKindKnown,
        ),
        (
            PromotionCreate {
                ends_at: over,
                ..good()
            },
            Reason::PromotionOver,
        ),
        (
            PromotionCreate {
                begins_at: Utc::now() + TimeDelta::days(1),
                ..good()
            },
            Reason::PromotionTime,
        ),
        (
            PromotionCreate {
                impressions: Some(0),
                ..good()
            },
            Reason::PromotionImpressionsRange,
        ),
    ] {
        assert_eq!(
            reason(market::promotion_create(&*street.api, &wish).await),
            why
        );
    }
    let draft = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let hidden = PromotionCreate {
        listing: street.db.listing(street.sellers[0].0, &draft).await?,
        ..good()
    };
    let refused = market::promotion_create(&*street.api, &hidden).await;
    assert_eq!(reason(refused), Reason::PromotionListingHidden);
    Ok(())
}

#[tokio::test]
async fn a_paid_post_goes_to_the_channels_of_its_listing_once() -> anyhow::Result<()> {
    let street = Street::of(1).await?;
    let superuser = street.db.superuser().await?;
    superuser
        .batch_execute(
            "insert into market_data.channels (id, chat_id, title, language, is_enabled, created_by, created_at, updated_at)
             select n, -1000 - n, 'Parts ' || n, 'en', n = 1, (select min(id) from people_data.users), ops.clock_now(), ops.clock_now()
             from generate_series(1, 2) as n;
             insert into market_data.channel_rules (channel_id) select n from generate_series(1, 2) as n",
        )
        .await?;
    let post = PromotionCreate {
        kind: "post".to_owned(),
        ..street.wish(0)
    };
    street.run(&post).await?;
    let maintenance = street.db.as_role("kardan_maintenance").await?;
    for _ in 0..2 {
        market::promotions_advance(&*maintenance).await?;
    }
    let posts = superuser
        .query("select chat_id, data ->> 'text' from notify_data.outbox where kind = 'channel.promotion'", &[])
        .await?;
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].get::<_, i64>(0), -1001);
    Ok(())
}

#[tokio::test]
async fn what_has_ended_costs_nothing_to_whoever_looks() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let superuser = street.db.superuser().await?;
    superuser
        .batch_execute(
            "insert into market_data.promotions (
                 kind, listing_id, created_by, text, begins_at, ends_at, state, currency, price_minor, payment,
                 payment_reference, paid_at, decided_by, created_at, updated_at)
             select 'insertion', (select min(id) from market_data.listings), (select min(id) from people_data.users), 'x',
                 ops.clock_now() - interval '9 days', ops.clock_now() - interval '1 day', 'approved', 'RUB', 1, 'paid',
                 'old ' || n, ops.clock_now(), (select min(id) from people_data.users), ops.clock_now(), ops.clock_now()
             from generate_series(1, 20000) as n;
             analyze market_data.promotions",
        )
        .await?;
    street.run(&street.wish(0)).await?;
    let call = format!(
        "select * from market.listing_promotion_show({}, 1)",
        street.sellers[1].1
    );
    superuser.batch_execute("begin").await?;
    assert_eq!(superuser.query(&call, &[]).await?.len(), 1);
    let read: i64 = superuser
        .query_one(
            "select coalesce(s.seq_tup_read, 0) + coalesce(s.idx_tup_fetch, 0) from pg_stat_xact_user_tables as s
             where s.relid = 'market_data.promotions'::regclass",
            &[],
        )
        .await?
        .get(0);
    assert!(read < 10, "{read} orders were read");
    Ok(())
}
