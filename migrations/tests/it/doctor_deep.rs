//! Each finding of the deep look, made by doing it wrong, and mended by the command that the finding names.

use std::time::Duration;

use kardan_migrations::{Depth, Finding, Level, deep};
use kardan_testdb::{Database, Session};

use crate::support::eventually;

async fn findings(session: &mut Session, check: &str) -> Vec<Finding> {
    // Whatever a test's table wastes is told, and whatever transaction is open.
    let depth = Depth {
        long_transaction: Duration::ZERO,
        least_waste: 1 << 16,
    };
    let all = deep(session, depth).await.unwrap();
    let found: Vec<_> = all
        .into_iter()
        .filter(|finding| finding.check == check)
        .collect();
    assert!(!found.is_empty(), "{check} is not looked at");
    found
}

/// The finding that names this thing; none when all is well with it.
async fn about(session: &mut Session, check: &str, thing: &str) -> Option<Finding> {
    findings(session, check)
        .await
        .into_iter()
        .find(|f| f.level != Level::Ok && f.found.contains(thing))
}

/// It is found, what it says to do is done, and it is found no more.
async fn is_mended_by_what_it_says(session: &mut Session, check: &str, thing: &str) {
    let finding = about(session, check, thing)
        .await
        .unwrap_or_else(|| panic!("{check}: {thing}"));
    // A remark may follow the statement.
    let end = ["; ", ", when", " (locks"]
        .iter()
        .filter_map(|mark| finding.next.find(mark))
        .min();
    let statement = &finding.next[..end.unwrap_or(finding.next.len())];
    session
        .batch_execute(statement)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    session
        .batch_execute("select pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        .await
        .unwrap();
    assert_eq!(about(session, check, thing).await, None, "{statement}");
}

async fn session() -> (Database, Session) {
    let database = Database::create().await.unwrap();
    let session = database.superuser().await.unwrap();
    session
        .batch_execute("create schema it; set search_path = it")
        .await
        .unwrap();
    (database, session)
}

#[tokio::test]
async fn a_fresh_database_has_nothing_to_mend_but_the_settings_of_the_test_server() {
    let database = Database::create().await.unwrap();
    for role in ["postgres", "kardan_migrator"] {
        let mut session = database.as_role(role).await.unwrap();
        for finding in deep(&mut session, Depth::default()).await.unwrap() {
            if finding.check != "setting" {
                assert_eq!(finding.level, Level::Ok, "{role}: {finding:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_index_that_nobody_uses_is_told_once_its_table_is_busy() {
    let (_database, mut session) = session().await;
    session
        .batch_execute(
            "create table busy (id int primary key, v text);
             insert into busy select n, md5(n::text) from generate_series(1, 5000) as n;
             create index busy_v_idx on busy (v);
             analyze busy;",
        )
        .await
        .unwrap();
    assert_eq!(
        about(&mut session, "unused index", "busy_v_idx").await,
        None,
        "nobody has searched the table yet"
    );
    session
        .batch_execute(
            "do $$ begin for n in 1 .. 1100 loop perform from it.busy as b where b.id = n; end loop; end $$;
             select pg_stat_force_next_flush(), pg_stat_clear_snapshot()",
        )
        .await
        .unwrap();
    assert_eq!(about(&mut session, "unused index", "busy_pkey").await, None);
    is_mended_by_what_it_says(&mut session, "unused index", "busy_v_idx").await;
}

#[tokio::test]
async fn broken_double_and_absent_indexes_are_told() {
    let (_database, mut session) = session().await;
    session
        .batch_execute(
            "create table parent (id int primary key);
             insert into parent select generate_series(1, 3);
             create table child (parent_id int references parent (id), v int);
             insert into child select n % 3 + 1, n from generate_series(1, 2000) as n;
             create index child_v_idx on child (v);
             create index child_v_again_idx on child (v);
             analyze child",
        )
        .await
        .unwrap();
    // Two rows are alike, so the build of a unique index fails and leaves it behind.
    session
        .batch_execute("insert into child values (1, 1)")
        .await
        .unwrap();
    session
        .batch_execute("create unique index concurrently child_twice_idx on child (v)")
        .await
        .unwrap_err();
    session
        .batch_execute("delete from child where v = 1")
        .await
        .unwrap();
    is_mended_by_what_it_says(&mut session, "invalid index", "child_twice_idx").await;
    is_mended_by_what_it_says(&mut session, "double index", "child_v_again_idx").await;
    is_mended_by_what_it_says(&mut session, "foreign key", "child_parent_id_fkey").await;
}

#[tokio::test]
async fn an_emptied_table_that_keeps_its_pages_is_bloated() {
    let (_database, mut session) = session().await;
    session
        .batch_execute(
            "create table fat (id int, v text);
             insert into fat select n, repeat('x', 200) from generate_series(1, 5000) as n;
             analyze fat",
        )
        .await
        .unwrap();
    assert_eq!(
        about(&mut session, "bloat", "fat").await,
        None,
        "it is full"
    );
    session
        .batch_execute("delete from fat where id % 20 <> 0")
        .await
        .unwrap();
    session.batch_execute("vacuum (analyze) fat").await.unwrap();
    is_mended_by_what_it_says(&mut session, "bloat", "fat").await;
}

#[tokio::test]
async fn a_table_without_statistics_and_a_full_sequence_are_told() {
    let (_database, mut session) = session().await;
    session
        .batch_execute(
            "create table unknown (id int generated always as identity);
             insert into unknown (id) overriding system value select generate_series(1, 2000);
             select setval('unknown_id_seq', 2100000000);
             select pg_stat_force_next_flush(), pg_stat_clear_snapshot()",
        )
        .await
        .unwrap();
    let full = about(&mut session, "sequence", "unknown_id_seq")
        .await
        .unwrap();
    assert_eq!(full.level, Level::Failure, "98 % are gone");
    is_mended_by_what_it_says(&mut session, "statistics", "unknown").await;
    // An identity takes its column's type.
    session
        .batch_execute("alter table unknown alter column id type bigint")
        .await
        .unwrap();
    session
        .batch_execute("alter sequence unknown_id_seq as bigint maxvalue 9223372036854775807")
        .await
        .unwrap();
    assert_eq!(
        about(&mut session, "sequence", "unknown_id_seq").await,
        None
    );
}

#[tokio::test]
async fn a_long_transaction_is_told_and_ended() {
    let (database, mut session) = session().await;
    let mut idle = database.superuser().await.unwrap();
    let pid: i32 = idle
        .query_one("select pg_backend_pid()", &[])
        .await
        .unwrap()
        .get(0);
    let open = idle.transaction().await.unwrap();
    open.query("select 1", &[]).await.unwrap();
    let finding = about(&mut session, "long transaction", &pid.to_string())
        .await
        .unwrap();
    assert!(finding.found.contains("does nothing"), "{finding:?}");
    session.query(&finding.next, &[]).await.unwrap();
    let watcher = database.superuser().await.unwrap();
    let gone = format!("select not exists (select from pg_stat_activity as a where a.pid = {pid})");
    eventually(&watcher, "the end of the transaction", &gone).await;
    assert_eq!(
        about(&mut session, "long transaction", &pid.to_string()).await,
        None
    );
}

#[tokio::test]
async fn a_partitioned_table_that_nobody_keeps_is_told() {
    let (_database, mut session) = session().await;
    session
        .batch_execute(
            "create table ops_data.loose (at timestamptz not null, v int) partition by range (at)",
        )
        .await
        .unwrap();
    is_mended_by_what_it_says(&mut session, "partitioned table", "ops_data.loose").await;
}

#[tokio::test]
async fn settings_that_lose_data_are_failures_and_slow_ones_warnings() {
    let (_database, mut session) = session().await;
    let told = about(&mut session, "setting", "fsync = off").await.unwrap();
    assert_eq!(told.level, Level::Failure);
    assert!(
        told.next
            .contains("alter system set fsync = on; select pg_reload_conf()"),
        "{told:?}"
    );
    session
        .batch_execute("set random_page_cost = 4; set work_mem = '4MB'")
        .await
        .unwrap();
    for name in ["random_page_cost = 4", "work_mem = 4MB"] {
        assert_eq!(
            about(&mut session, "setting", name).await.unwrap().level,
            Level::Warning
        );
    }
    session
        .batch_execute("set random_page_cost = 1.1; set work_mem = '16MB'")
        .await
        .unwrap();
    for name in ["random_page_cost", "work_mem"] {
        assert_eq!(about(&mut session, "setting", name).await, None);
    }
}

#[tokio::test]
async fn a_big_table_that_is_read_whole_is_told_without_hypopg() {
    let (_database, mut session) = session().await;
    session
        .batch_execute(
            "create table read_whole (id int, v text);
             insert into read_whole select n, 'x' from generate_series(1, 2000) as n;
             analyze read_whole;
             do $$ begin for n in 1 .. 120 loop perform from it.read_whole as r where r.id = n; end loop; end $$;
             select pg_stat_force_next_flush(), pg_stat_clear_snapshot()",
        )
        .await
        .unwrap();
    let told = about(&mut session, "missing index", "read_whole")
        .await
        .unwrap();
    assert!(told.next.contains("create extension hypopg"), "{told:?}");
}
