//! Steps outside a transaction: interrupted, repeated, recorded, missed.

use kardan_migrations::{migrate_only, plan, up};
use kardan_testdb::{Database, Session};

use crate::support::{eventually, value};

const STEP: &str = "0001_listings_attributes_idx";
const VALID: &str = "select exists (
    select from pg_index as i
    where i.indexrelid = to_regclass('market_data.listings_attributes_idx') and i.indisvalid and i.indisready)";

async fn oid(session: &Session) -> u32 {
    value(
        session,
        "select 'market_data.listings_attributes_idx'::regclass::oid",
    )
    .await
}

/// A build waits for an older transaction of the database; ended there, it leaves an index that is not valid.
#[tokio::test]
async fn an_interrupted_build_is_dropped_and_built_again() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    migrate_only(&mut session).await.unwrap();
    let mut other = database.superuser().await.unwrap();
    let older = other.transaction().await.unwrap();
    older
        .batch_execute("lock table market_data.listings in row exclusive mode")
        .await
        .unwrap();

    let mut victim = database.superuser().await.unwrap();
    let pid: i32 = value(&victim, "select pg_backend_pid()").await;
    let killed = tokio::spawn(async move { up(&mut victim, "killed").await });
    eventually(
        &session,
        "the build's wait",
        &format!(
            "select exists (select from pg_stat_activity as a where a.pid = {pid} and a.wait_event_type = 'Lock')
                 and to_regclass('market_data.listings_attributes_idx') is not null"
        ),
    )
    .await;
    assert!(value::<bool>(&session, &format!("select pg_terminate_backend({pid})")).await);
    let error = killed.await.unwrap().unwrap_err();
    assert!(error.to_string().contains(STEP), "{error}");
    older.rollback().await.unwrap();
    let broken = oid(&session).await;
    assert!(
        !value::<bool>(&session, VALID).await,
        "the half of a build is there"
    );
    // It stopped the steps behind it, too.
    let planned = plan(&mut session).await.unwrap().online;
    assert_eq!(planned.first().map(String::as_str), Some(STEP));

    let done = up(&mut session, "next").await.unwrap();
    assert_eq!(done.online, planned);
    assert!(value::<bool>(&session, VALID).await);
    assert_ne!(oid(&session).await, broken, "it was built anew");
    assert_eq!(
        value::<i64>(&session, "select count(*) from ops_data.online_steps").await,
        planned.len() as i64
    );
}

#[tokio::test]
async fn an_index_that_is_lost_later_is_built_again() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    assert!(value::<bool>(&session, VALID).await);
    assert!(plan(&mut session).await.unwrap().online.is_empty());
    session
        .batch_execute("drop index market_data.listings_attributes_idx")
        .await
        .unwrap();
    assert_eq!(plan(&mut session).await.unwrap().online, [STEP]);
    assert_eq!(up(&mut session, "r").await.unwrap().online, [STEP]);
    assert!(value::<bool>(&session, VALID).await);
    assert!(plan(&mut session).await.unwrap().is_empty());
}

/// A build blocks nobody, so it may wait longer than a migration for the lock on its table.
#[tokio::test]
async fn a_build_waits_for_a_writer_and_then_succeeds() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    migrate_only(&mut session).await.unwrap();
    let mut other = database.superuser().await.unwrap();
    let writer = other.transaction().await.unwrap();
    writer
        .batch_execute("lock table market_data.listings in row exclusive mode")
        .await
        .unwrap();
    let mut builder = database.superuser().await.unwrap();
    let pid: i32 = value(&builder, "select pg_backend_pid()").await;
    let building = tokio::spawn(async move { up(&mut builder, "r").await });
    eventually(
        &session,
        "the build's wait",
        &format!("select exists (select from pg_stat_activity as a where a.pid = {pid} and a.wait_event_type = 'Lock')"),
    )
    .await;
    writer.commit().await.unwrap();
    let done = building.await.unwrap().unwrap();
    assert_eq!(done.online.first().copied(), Some(STEP));
}
