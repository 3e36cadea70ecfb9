//! Partitions of the past, for rows that are older than the first.

use kardan_testdb::{Database, Session};

const COVER: &str = "select ops.partitions_cover('market_data.listing_days', date_trunc('month', ops.clock_now(), 'UTC') - interval '9 months')";

async fn number(session: &Session, sql: &str) -> anyhow::Result<i64> {
    Ok(session.query_one(sql, &[]).await?.get(0))
}

async fn cover(session: &Session) -> anyhow::Result<i32> {
    Ok(session.query_one(COVER, &[]).await?.get(0))
}

/// Rows of the default partition that are so many months old.
async fn rest(session: &Session, months: i32) -> anyhow::Result<i64> {
    number(
        session,
        &format!(
            "select count(*) from market_data.listing_days_default
             where day = (date_trunc('month', ops.clock_now(), 'UTC') - interval '{months} months')::date"
        ),
    )
    .await
}

async fn old_row(session: &Session, months: i32) -> anyhow::Result<()> {
    session
        .batch_execute(&format!(
            "insert into market_data.listing_days (day, listing_id, views, clicks, people, deals_requested, deals_completed)
             values ((date_trunc('month', ops.clock_now(), 'UTC') - interval '{months} months')::date, 1, 1, 0, 0, 0, 0)"
        ))
        .await?;
    Ok(())
}

#[tokio::test]
async fn rows_of_the_past_find_a_partition_and_a_repeat_makes_none() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let made = cover(&session).await?;
    assert!((4..=9).contains(&made), "{made}");
    assert_eq!(cover(&session).await?, 0);
    old_row(&session, 9).await?;
    assert_eq!(rest(&session, 9).await?, 0);
    Ok(())
}

#[tokio::test]
async fn where_the_default_partition_holds_rows_they_stay_and_the_rest_of_the_time_is_covered()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    old_row(&session, 8).await?;
    assert_eq!(rest(&session, 8).await?, 1);
    assert!(cover(&session).await? > 2);
    old_row(&session, 9).await?;
    old_row(&session, 7).await?;
    assert_eq!(
        (
            rest(&session, 9).await?,
            rest(&session, 8).await?,
            rest(&session, 7).await?
        ),
        (0, 1, 0)
    );
    Ok(())
}
