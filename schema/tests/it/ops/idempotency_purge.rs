//! Forgetting old answers.

use kardan_schema::{Role, ops};
use kardan_testdb::Database;

use super::idempotency_begin::{answered, begin};

async fn keys(db: &Database) -> anyhow::Result<i64> {
    let row = db
        .superuser()
        .await?
        .query_one("select count(*) from ops_data.idempotency_keys", &[])
        .await?;
    Ok(row.get(0))
}

#[tokio::test]
async fn answers_are_forgotten_after_24_hours_and_not_before() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (person, other) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let mut api = db.as_role("kardan_api").await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    answered(&mut api, person).await?;
    db.shift_clock("12 hours").await?;
    answered(&mut api, other).await?;
    ops::idempotency_purge(&*maintenance).await?;
    assert_eq!(keys(&db).await?, 2);
    db.shift_clock("24 hours").await?;
    for _ in 0..2 {
        ops::idempotency_purge(&*maintenance).await?;
        assert_eq!(keys(&db).await?, 1);
    }
    let known = ops::idempotency_begin(&*api, &begin(other)).await?;
    assert!(known.is_stored);
    Ok(())
}

#[tokio::test]
async fn a_run_passes_by_what_another_session_holds_and_takes_ten_thousand_at_most()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let mut session = db.superuser().await?;
    session
        .execute(
            "insert into ops_data.idempotency_keys (actor_id, key, route, request_hash, created_at)
             select n, 'k', 'r', decode(repeat('07', 32), 'hex'), ops.clock_now() - interval '25 hours'
             from generate_series(1, 10002) as n",
            &[],
        )
        .await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    let tx = session.transaction().await?;
    tx.execute(
        "select from ops_data.idempotency_keys as k where k.actor_id = 1 for update",
        &[],
    )
    .await?;
    ops::idempotency_purge(&*maintenance).await?;
    assert_eq!(keys(&db).await?, 2);
    tx.rollback().await?;
    ops::idempotency_purge(&*maintenance).await?;
    assert_eq!(keys(&db).await?, 0);
    Ok(())
}
