//! How long listings wait.

use chrono::{TimeDelta, Utc};
use kardan_schema::market;
use kardan_schema::{FlagReason, Reason, Role};

use super::Desk;
use crate::support::reason;

#[tokio::test]
async fn the_figures_count_decisions_of_the_period_and_the_time_from_submission()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (from, to) = (
        Utc::now() - TimeDelta::days(1),
        Utc::now() + TimeDelta::days(1),
    );
    let none = market::moderation_stats(&*desk.api, desk.moderator, from, to).await?;
    assert_eq!((none.open_count, none.oldest_waiting_seconds), (0, None));
    assert_eq!(
        (none.decided_count, none.median_seconds, none.p95_seconds),
        (0, None, None)
    );

    let (listing, _) = desk.submitted().await?;
    desk.arrange(
        "update market_data.moderation_items
         set submitted_at = ops.clock_now() - interval '1 hour' where listing_id = $1",
        listing,
    )
    .await?;
    // Decided after 10, 20, … 100 seconds, the last two as rejections; one withdrawn; one before the period.
    desk.arrange(
        "insert into market_data.moderation_items (
             listing_id, kind, submitted_at, submitted_by, closed_at, decision, decided_by, reason)
         select l.id, l.kind, s.closed_at - n * interval '10 seconds', l.created_by, s.closed_at, s.decision, l.created_by,
             case when s.decision = 'rejected' then 'other' end
         from market_data.listings as l
         cross join generate_series(1, 12) as n
         cross join lateral (
             select
                 ops.clock_now() - case when n = 12 then interval '2 days' else interval '1 minute' end as closed_at,
                 case when n in (9, 10) then 'rejected' when n = 11 then 'withdrawn' else 'approved' end as decision
         ) as s
         where l.id = $1",
        listing,
    )
    .await?;
    let some = market::moderation_stats(&*desk.api, desk.moderator, from, to).await?;
    assert_eq!(
        (some.decided_count, some.approved_count, some.rejected_count),
        (10, 8, 2)
    );
    assert_eq!(some.median_seconds, Some(55.0));
    let p95 = some.p95_seconds.unwrap();
    assert!((p95 - 95.5).abs() < 1e-6, "{p95}");
    assert_eq!(some.open_count, 1);
    let oldest = some.oldest_waiting_seconds.unwrap();
    assert!((3600..3700).contains(&oldest), "{oldest}");
    Ok(())
}

#[tokio::test]
async fn the_figures_are_for_moderators_and_for_at_most_a_year() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let now = Utc::now();
    let year = now - TimeDelta::days(366);
    market::moderation_stats(&*desk.api, desk.moderator, year, now).await?;
    for (from, to) in [(year - TimeDelta::seconds(1), now), (now, now), (now, year)] {
        let answer = market::moderation_stats(&*desk.api, desk.moderator, from, to).await;
        assert_eq!(reason(answer), Reason::ModerationPeriod);
    }
    let stranger = market::moderation_stats(&*desk.api, desk.author, year, now).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn what_flags_sent_back_waits_from_the_last_flag_on_and_is_counted() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk
        .db
        .listing(desk.author, &kardan_testdb::ListingFixture::default())
        .await?;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(desk.db.person(Role::User).await?);
    }
    desk.db.shift_clock("2 days").await?;
    for actor in people {
        let flag = market::ListingFlag {
            actor,
            listing,
            reason: FlagReason::Spam,
            note: None,
        };
        market::listing_flag(&*desk.api, &flag).await?;
    }
    desk.db.shift_clock("2 days 30 minutes").await?;
    let (from, to) = (Utc::now(), Utc::now() + TimeDelta::days(3));
    let waiting = market::moderation_stats(&*desk.api, desk.moderator, from, to).await?;
    assert_eq!((waiting.open_count, waiting.decided_count), (1, 0));
    let oldest = waiting.oldest_waiting_seconds.unwrap();
    assert!((1800..1860).contains(&oldest), "{oldest}");
    let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    market::moderation_approve(&*desk.api, desk.moderator, claimed[0].item_id, None).await?;
    let decided = market::moderation_stats(&*desk.api, desk.moderator, from, to).await?;
    assert_eq!((decided.open_count, decided.approved_count), (0, 1));
    let median = decided.median_seconds.unwrap();
    assert!((1800.0..1860.0).contains(&median), "{median}");
    Ok(())
}
