//! Forgetting, and the numbers for operators.

use kardan_schema::notify::{self, Outcome};
use kardan_schema::{Lane, Role};

use super::Office;

#[tokio::test]
async fn leases_holds_and_old_dead_letters_are_forgotten_in_time_and_not_before()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    office.set("outbox.chat_milliseconds", 50_000).await?;
    office.tell(&office.people(2).await?, "a", "1 hour").await?;
    let (lease, taken) = office.claim(10).await?;
    office
        .finish(lease, &taken, |_| Outcome::Refused { error: "x".into() })
        .await?;
    let maintenance = office.db.as_role("kardan_maintenance").await?;
    let left = "select (select count(*) from notify_data.leases) * 100
             + (select count(*) from notify_data.holds) * 10 + (select count(*) from notify_data.queue)";
    for (shift, wanted) in [
        ("0 seconds", 132),
        ("1 minute", 112),
        ("25 hours", 12),
        ("83 days", 12),
        ("86 days", 10),
    ] {
        office.db.shift_clock(shift).await?;
        notify::outbox_purge(&*maintenance).await?;
        notify::outbox_purge(&*maintenance).await?;
        assert_eq!(office.count(left).await?, wanted, "after {shift}");
    }
    assert_eq!(office.outcomes("a").await?, ["purged", "purged"]);
    Ok(())
}

#[tokio::test]
async fn operators_see_every_lane_with_what_waits_and_for_how_long() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let people = office.people(3).await?;
    office.tell(&people, "a", "1 hour").await?;
    office
        .run("select notify.post(-1, 'raw', 'a', date_trunc('day', ops.clock_now()), null)")
        .await?;
    let (lease, taken) = office.claim(2).await?;
    office
        .finish(lease, &taken[..1], |_| Outcome::Refused {
            error: "x".into(),
        })
        .await?;
    office.db.shift_clock("90 seconds").await?;
    let monitor = office.db.as_role("kardan_monitor").await?;
    let stats = notify::outbox_stats(&*monitor).await?;
    assert_eq!(
        stats.iter().map(|one| one.lane).collect::<Vec<_>>(),
        Lane::ALL.to_vec()
    );
    let sum = |count: fn(&notify::LaneStats) -> i32| stats.iter().map(count).sum::<i32>();
    assert_eq!(
        (
            sum(|s| s.waiting_count),
            sum(|s| s.leased_count),
            sum(|s| s.dead_count)
        ),
        (2, 1, 1)
    );
    assert!(
        stats
            .iter()
            .any(|s| (90.0..120.0).contains(&s.oldest_seconds)),
        "{stats:?}"
    );
    assert_eq!(stats[0].oldest_seconds, 0.0);
    Ok(())
}

#[tokio::test]
async fn only_maintenance_forgets() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.db.person(Role::Admin).await?;
    let told = notify::outbox_purge(&*office.api).await;
    assert!(format!("{told:?}").contains("42501"), "{told:?}");
    Ok(())
}
