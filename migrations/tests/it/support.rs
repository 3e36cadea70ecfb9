//! What the tests share: migrating to a chosen version, waiting for a condition, reading one value.

use std::time::{Duration, Instant};

use kardan_migrations::{BOOTSTRAP_SQL, HISTORY_TABLE};
use kardan_testdb::{Database, Session, of_domains};
use tokio_postgres::types::FromSqlOwned;

mod embedded {
    refinery::embed_migrations!("versions");
}

/// The migrations of today, in order.
pub fn migrations() -> Vec<refinery::Migration> {
    let mut all = embedded::migrations::runner().get_migrations().clone();
    all.sort();
    all
}

/// Migrates as the product does, but stops after this version.
pub async fn migrate_to(database: &Database, version: i32) -> Session {
    let mut session = database.superuser().await.unwrap();
    session.batch_execute(BOOTSTRAP_SQL).await.unwrap();
    session
        .batch_execute("set role kardan_owner; set search_path = pg_catalog, pg_temp")
        .await
        .unwrap();
    let mut runner = embedded::migrations::runner().set_target(refinery::Target::Version(version));
    runner.set_migration_table_name(HISTORY_TABLE);
    runner.run_async(&mut *session).await.unwrap();
    session
        .batch_execute("reset role; reset search_path")
        .await
        .unwrap();
    session
}

/// One value.
pub async fn value<T: FromSqlOwned>(session: &Session, sql: &str) -> T {
    let row = session.query_one(sql, &[]).await;
    row.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
        .get(0)
}

/// The values of the first column; `DOMAINS` stands for the domains.
pub async fn values(session: &Session, sql: &str) -> Vec<String> {
    let rows = session.query(&of_domains(sql), &[]).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}

/// Asks until the answer is true, at most 30 seconds.
pub async fn eventually(session: &Session, what: &str, sql: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !value::<bool>(session, sql).await {
        assert!(Instant::now() < deadline, "{what} did not happen in 30 s");
        tokio::task::yield_now().await;
    }
}

/// The SQLSTATE of an error, wherever in the chain it is.
pub fn sqlstate(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(code) = error
            .downcast_ref::<tokio_postgres::Error>()
            .and_then(tokio_postgres::Error::code)
        {
            return Some(code.code().to_owned());
        }
        cause = error.source();
    }
    None
}
