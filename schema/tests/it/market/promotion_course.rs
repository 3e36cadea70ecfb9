//! Orders of advertisements while they run: stopped, limited to categories, and told of.

use kardan_schema::market::{self, PromotionCreate};
use kardan_schema::{Error, Reason, UserId};

use super::promotion::Street;
use crate::plans::{Explained, Mode};
use crate::support::reason;

impl Street {
    /// What the first seller was told of orders, in its order.
    async fn told(&self) -> anyhow::Result<Vec<String>> {
        let rows = self
            .db
            .superuser()
            .await?
            .query(
                "select o.kind from notify_data.outbox as o
                 where o.user_id = $1 and o.kind like 'promotion.%' order by o.id",
                &[&self.sellers[0].0],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn audited(&self, order: i64) -> anyhow::Result<Vec<String>> {
        let rows = self
            .db
            .superuser()
            .await?
            .query(
                "select a.action from ops_data.audit as a
                 where a.object_type = 'promotion' and a.object_id = $1 order by a.id",
                &[&order.to_string()],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn categories(&self, seller: usize) -> anyhow::Result<(i64, i64)> {
        let row = self
            .db
            .superuser()
            .await?
            .query_one(
                "select category_id, subcategory_id from market_data.listings where id = $1",
                &[&self.sellers[seller].1],
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    }

    async fn tick(&self) -> anyhow::Result<()> {
        let maintenance = self.db.as_role("kardan_maintenance").await?;
        Ok(market::promotions_advance(&*maintenance).await?)
    }
}

#[tokio::test]
async fn its_people_pause_an_order_and_let_it_run_again_as_often_as_they_like() -> anyhow::Result<()>
{
    let street = Street::of(2).await?;
    let (api, seller) = (&*street.api, street.sellers[0].0);
    let order = street.run(&street.wish(0)).await?;
    for _ in 0..2 {
        let paused = market::promotion_pause(api, seller, order).await?;
        assert!(paused.paused_at.is_some());
        assert!(street.shown(1).await?.is_empty(), "while it is paused");
        market::promotion_pause(api, seller, order).await?;
        let resumed = market::promotion_resume(api, seller, order).await?;
        assert_eq!(resumed.paused_at, None);
        assert_eq!(street.shown(1).await?.len(), 1);
    }
    market::promotion_cancel(api, seller, order).await?;
    market::promotion_cancel(api, seller, order).await?;
    let stopped = ["promotion.pause", "promotion.resume"];
    assert_eq!(
        street.audited(order).await?[2..],
        [&stopped[..], &stopped[..], &["promotion.cancel"]].concat(),
        "once each, behind approval and payment"
    );
    let late = market::promotion_resume(api, seller, order).await;
    assert_eq!(reason(late), Reason::PromotionMoveIllegal);
    let foreign = market::promotion_pause(api, street.sellers[1].0, order).await;
    assert_eq!(reason(foreign), Reason::PromotionUnknown);
    Ok(())
}

#[tokio::test]
async fn what_a_moderator_holds_its_people_cannot_let_run() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let (api, seller, moderator) = (&*street.api, street.sellers[0].0, street.moderator);
    let order = street.run(&street.wish(0)).await?;
    market::promotion_pause(api, seller, order).await?;
    for _ in 0..2 {
        let held =
            market::moderation_promotion_hold(api, moderator, order, "A complaint came").await?;
        assert_eq!(held.hold_reason.as_deref(), Some("A complaint came"));
    }
    market::promotion_resume(api, seller, order).await?;
    assert!(street.shown(1).await?.is_empty(), "while it is held");
    let current = market::moderation_promotion_current(api, moderator, None, None).await?;
    assert_eq!(current[0].promotion_id, order);
    market::promotion_pause(api, seller, order).await?;
    market::moderation_promotion_release(api, moderator, order).await?;
    assert!(street.shown(1).await?.is_empty(), "its people stopped it");
    market::promotion_resume(api, seller, order).await?;
    assert_eq!(street.shown(1).await?.len(), 1);
    let told = street.told().await?;
    assert_eq!(told[2..], ["promotion.held", "promotion.released"]);
    let short = market::moderation_promotion_hold(api, moderator, order, "no").await;
    assert_eq!(reason(short), Reason::PromotionHoldReasonLength);
    Ok(())
}

#[tokio::test]
async fn views_of_an_order_count_until_it_was_stopped_and_an_hour_on() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let order = street.run(&street.wish(0)).await?;
    market::promotion_pause(&*street.api, street.sellers[0].0, order).await?;
    let nobody = UserId(0);
    assert_eq!(
        street.count(&[(order, 1, nobody, "a", false)]).await?,
        1,
        "it was shown before"
    );
    street
        .db
        .superuser()
        .await?
        .batch_execute(
            "update market_data.promotions set paused_at = paused_at - interval '2 hours'",
        )
        .await?;
    assert_eq!(street.count(&[(order, 1, nobody, "b", false)]).await?, 0);
    Ok(())
}

#[tokio::test]
async fn an_order_for_some_categories_is_shown_there_alone() -> anyhow::Result<()> {
    let street = Street::of(3).await?;
    let (category, subcategory) = street.categories(2).await?;
    let other: i64 = street
        .db
        .superuser()
        .await?
        .query_one(
            "select c.id from catalog_data.categories as c where c.id not in ($1, $2) limit 1",
            &[&category, &subcategory],
        )
        .await?
        .get(0);
    let wanting = |categories: Vec<i64>| PromotionCreate {
        wanted_categories: categories,
        ..street.wish(0)
    };
    street.run(&wanting(vec![other])).await?;
    assert!(street.shown(2).await?.is_empty(), "another category");
    let by_first = street.run(&wanting(vec![category])).await?;
    let by_second = street.run(&wanting(vec![other, subcategory])).await?;
    let shown = street.shown(2).await?;
    assert_eq!(
        shown.keys().copied().collect::<Vec<_>>(),
        [Some(by_first), Some(by_second)]
    );

    let api = &*street.api;
    let excluded = PromotionCreate {
        excluded_categories: vec![subcategory],
        ..wanting(vec![category])
    };
    let refused: [(PromotionCreate, Reason); 3] = [
        (wanting(vec![-1]), Reason::PromotionCategoryUnknown),
        (wanting(vec![category; 101]), Reason::PromotionWantedFew),
        (
            PromotionCreate {
                kind: "post".to_owned(),
                ..wanting(vec![category])
            },
            Reason::PromotionWantedOfInsertion,
        ),
    ];
    for (wish, why) in refused {
        assert_eq!(reason(market::promotion_create(api, &wish).await), why);
    }
    let never = street.run(&excluded).await?;
    assert!(
        !street.shown(2).await?.contains_key(&Some(never)),
        "what is excluded goes before what is wanted"
    );
    Ok(())
}

#[tokio::test]
async fn its_people_are_told_once_of_each_step_from_approval_to_the_end() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let order = street.run(&street.wish(0)).await?;
    assert_eq!(
        street.told().await?,
        ["promotion.approved", "promotion.paid"]
    );
    let (api, seller) = (&*street.api, street.sellers[0].0);
    market::promotion_pause(api, seller, order).await?;
    street.tick().await?;
    assert_eq!(street.told().await?.len(), 2, "nothing runs");
    market::promotion_resume(api, seller, order).await?;
    for _ in 0..2 {
        street.tick().await?;
    }
    street.db.shift_clock("61 minutes").await?;
    for _ in 0..2 {
        street.tick().await?;
    }
    assert_eq!(
        street.told().await?[2..],
        ["promotion.started", "promotion.ended"]
    );
    let mine = market::promotion_list_mine(api, seller, None, None, None).await?;
    assert!(mine[0].started_at < mine[0].ended_at);
    let current = market::moderation_promotion_current(api, street.moderator, None, None).await?;
    assert!(current.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_order_that_nobody_paid_ends_without_a_word() -> anyhow::Result<()> {
    let street = Street::of(1).await?;
    let (api, moderator) = (&*street.api, street.moderator);
    let order = market::promotion_create(api, &street.wish(0)).await?;
    let order = order.promotion_id;
    market::moderation_promotion_approve(api, moderator, order, 100, "RUB").await?;
    let current = async || market::moderation_promotion_current(api, moderator, None, None).await;
    street.tick().await?;
    assert_eq!(current().await?.len(), 1);
    street.db.shift_clock("61 minutes").await?;
    street.tick().await?;
    assert!(current().await?.is_empty());
    assert_eq!(street.told().await?, ["promotion.approved"]);
    Ok(())
}

#[tokio::test]
async fn an_order_that_was_shown_as_often_as_wanted_is_told_to_be_over() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let few = PromotionCreate {
        impressions: Some(1),
        ..street.wish(0)
    };
    let order = street.run(&few).await?;
    street.count(&[(order, 1, UserId(0), "a", false)]).await?;
    street.tick().await?;
    let row = street
        .db
        .superuser()
        .await?
        .query_one(
            "select o.kind, (o.data ->> 'shown')::bigint from notify_data.outbox as o
             where o.kind like 'promotion.%' order by o.id desc limit 1",
            &[],
        )
        .await?;
    assert_eq!(
        (row.get::<_, &str>(0), row.get::<_, i64>(1)),
        ("promotion.ended", 1)
    );
    Ok(())
}

#[tokio::test]
async fn a_post_that_is_stopped_goes_to_no_channel_until_it_is_let_run() -> anyhow::Result<()> {
    let street = Street::of(1).await?;
    let superuser = street.db.superuser().await?;
    superuser
        .batch_execute(
            "insert into market_data.channels (id, chat_id, title, language, is_enabled, created_by, created_at, updated_at)
             select 1, -1001, 'Parts', 'en', true, (select min(id) from people_data.users), ops.clock_now(), ops.clock_now();
             insert into market_data.channel_rules (channel_id) values (1)",
        )
        .await?;
    let post = PromotionCreate {
        kind: "post".to_owned(),
        ..street.wish(0)
    };
    let order = street.run(&post).await?;
    let posted = async || -> Result<bool, Error> {
        let mine = market::promotion_list_mine(&*street.api, street.sellers[0].0, None, None, None);
        Ok(mine.await?[0].posted_at.is_some())
    };
    market::moderation_promotion_hold(&*street.api, street.moderator, order, "Wait").await?;
    street.tick().await?;
    assert!(!posted().await?);
    market::moderation_promotion_release(&*street.api, street.moderator, order).await?;
    street.tick().await?;
    assert!(posted().await?);
    let told = street.told().await?;
    let started = told.iter().filter(|kind| *kind == "promotion.started");
    assert_eq!(started.count(), 1, "{told:?}");
    Ok(())
}

#[tokio::test]
async fn figures_of_an_order_read_the_days_of_the_order_by_its_key() -> anyhow::Result<()> {
    let street = Street::of(2).await?;
    let order = street.run(&street.wish(0)).await?;
    street
        .db
        .superuser()
        .await?
        .batch_execute(&format!(
            "insert into market_data.promotion_marks (day, promotion_id, is_click, listing_id, viewer)
             select (ops.clock_now() at time zone 'UTC')::date - d, {order} + n % 500, false, 1, n
             from generate_series(0, 3) as d, generate_series(1, 20000) as n;
             analyze market_data.promotion_marks"
        ))
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let seller = street.sellers[0].0;
        let call = format!("select from market.promotion_figures({seller}, {order})");
        let plans = Explained::run(&street.db, mode, &call).await?;
        let days = plans.partitions("promotion_marks").len();
        // An hour before and an hour behind now: two where one of them is another day.
        assert!((1..=2).contains(&days), "{days} days:\n{plans}");
        assert!(
            !plans.to_string().contains("Seq Scan on promotion_marks_"),
            "{plans}"
        );
    }
    Ok(())
}
