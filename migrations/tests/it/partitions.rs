//! Partitions through the one adapter to pg_partman: made ahead, kept ahead, and what to do when they were not.

use kardan_migrations::{Level, doctor};
use kardan_testdb::{Database, Session};

use crate::support::{value, values};

const TABLES: [&str; 2] = ["market_data.listing_events", "ops_data.audit"];

/// As the monitor sees it: future partitions, and whether the default one holds rows.
async fn listed(database: &Database, table: &str) -> (i32, bool) {
    let monitor = database.as_role("kardan_monitor").await.unwrap();
    let row = monitor
        .query_one(
            "select p.future_count, p.default_has_rows from ops.partition_list() as p where p.table_name = $1",
            &[&table],
        )
        .await
        .unwrap();
    (row.get(0), row.get(1))
}

/// What doctor says of a table's partitions.
async fn finding(session: &mut Session, table: &str) -> (Level, String, String) {
    let findings = doctor(session).await.unwrap();
    let found = findings
        .into_iter()
        .find(|f| f.check == "partitions" && f.found.starts_with(table))
        .unwrap();
    (found.level, found.found, found.next)
}

/// Time cannot be moved for pg_partman; with the partitions of the months to come gone, it stands where it would stand
/// after months without maintenance.
async fn lose_the_future(session: &Session) {
    let future = values(
        session,
        "select format('drop table %s', c.oid::regclass)
         from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
         where i.inhparent = 'ops_data.audit'::regclass
             and substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \\(''([^'']+)''\\)')::timestamptz > now()",
    )
    .await;
    assert!(future.len() >= 4, "{future:?}");
    session.batch_execute(&future.join(";")).await.unwrap();
}

#[tokio::test]
async fn the_adapter_makes_months_ahead_and_an_empty_default() {
    let database = Database::create().await.unwrap();
    for table in TABLES {
        assert_eq!(listed(&database, table).await, (4, false), "{table}");
    }
    let session = database.superuser().await.unwrap();
    let months = values(
        &session,
        "select distinct (substring(b.bound from 'TO \\(''([^'']+)''\\)')::timestamptz
             - substring(b.bound from 'FROM \\(''([^'']+)''\\)')::timestamptz between '28 days' and '31 days')::text
         from pg_inherits as i
         join pg_class as c on c.oid = i.inhrelid
         cross join lateral (select pg_get_expr(c.relpartbound, c.oid)) as b (bound)
         where i.inhparent in ('ops_data.audit'::regclass, 'market_data.listing_events'::regclass)
             and b.bound <> 'DEFAULT'",
    )
    .await;
    assert_eq!(months, ["true"], "each is a month");
    session
        .batch_execute("insert into ops_data.audit (at, action, object_type, object_id) values (now(), 'a', 'b', 'c')")
        .await
        .unwrap();
    assert_eq!(
        listed(&database, "ops_data.audit").await,
        (4, false),
        "today has a partition"
    );
}

#[tokio::test]
async fn maintenance_makes_the_months_that_are_wanting() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    lose_the_future(&session).await;
    assert_eq!(listed(&database, "ops_data.audit").await.0, 0);
    let (level, found, next) = finding(&mut session, "ops_data.audit").await;
    assert_eq!(
        (level, found.as_str()),
        (
            Level::Failure,
            "ops_data.audit: 0 partitions ahead, 3 or more are wanted"
        )
    );
    assert_eq!(next, "select ops.job_run('partitions_maintain')");

    let maintenance = database.as_role("kardan_maintenance").await.unwrap();
    let outcome: String = value(
        &maintenance,
        "select r.outcome from ops.job_run('partitions_maintain') as r",
    )
    .await;
    assert_eq!(outcome, "done");
    let (ahead, has_rows) = listed(&database, "ops_data.audit").await;
    assert!(ahead >= 4 && !has_rows, "{ahead}");
    assert_eq!(finding(&mut session, "ops_data.audit").await.0, Level::Ok);
    let owners = values(
        &session,
        "select distinct c.relowner::regrole::text from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
         where i.inhparent = 'ops_data.audit'::regclass",
    )
    .await;
    assert_eq!(owners, ["kardan_owner"]);
}

#[tokio::test]
async fn a_partition_past_its_retention_is_dropped() {
    let database = Database::create().await.unwrap();
    let session = database.superuser().await.unwrap();
    let past = "select count(*) from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
        where i.inhparent = 'ops_data.audit'::regclass
            and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz < now()";
    let before: i64 = value(&session, past).await;
    assert!(
        before > 2,
        "pg_partman makes months of the past too: {before}"
    );
    let maintain = "select ops.partitions_maintain()";
    session.batch_execute(maintain).await.unwrap();
    assert_eq!(
        value::<i64>(&session, past).await,
        before,
        "kept for ever unless a retention says otherwise"
    );
    session
        .batch_execute(&format!(
            "update partman.part_config as c set retention = '2 months' where c.parent_table = 'ops_data.audit'; {maintain}"
        ))
        .await
        .unwrap();
    let after: i64 = value(&session, past).await;
    assert!((1..=2).contains(&after), "{after} of {before} are left");
}

/// The recovery that migrations/README.md gives is run as it stands there.
#[tokio::test]
async fn rows_in_a_default_partition_are_seen_and_the_readme_moves_them() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "insert into ops_data.audit (at, action, object_type, object_id)
             select now() + make_interval(days => 300 + i), 'a', 'b', i::text from generate_series(1, 60) as i",
        )
        .await
        .unwrap();
    for table in TABLES {
        assert_eq!(
            listed(&database, table).await.1,
            table == "ops_data.audit",
            "{table}"
        );
    }
    let (level, found, next) = finding(&mut session, "ops_data.audit").await;
    assert_eq!(
        (level, found.as_str()),
        (
            Level::Failure,
            "ops_data.audit: rows in the default partition"
        )
    );
    let readme = include_str!("../../README.md");
    let heading = next.split('"').nth(1).unwrap();
    let section = readme
        .split_once(&format!("## {heading}"))
        .expect("the section that doctor names")
        .1;
    let sql = section
        .split_once("```sql\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;

    let migrator = database.as_role("kardan_migrator").await.unwrap();
    migrator.batch_execute(sql).await.unwrap();
    assert!(!listed(&database, "ops_data.audit").await.1);
    assert_eq!(finding(&mut session, "ops_data.audit").await.0, Level::Ok);
    assert_eq!(
        value::<i64>(&session, "select count(*) from ops_data.audit").await,
        60
    );
    let error = session
        .batch_execute("delete from ops_data.audit as a where true")
        .await
        .unwrap_err();
    assert_eq!(
        error.as_db_error().unwrap().constraint(),
        Some("history_is_append_only"),
        "the guard is back"
    );
    // No hole between the months that were and those of the moved rows.
    session
        .batch_execute(
            "insert into ops_data.audit (at, action, object_type, object_id)
             select now() + make_interval(days => i), 'a', 'b', i::text from generate_series(1, 360, 10) as i",
        )
        .await
        .unwrap();
    assert!(!listed(&database, "ops_data.audit").await.1);
}

/// A row of the table in the manual for each set of partitions.
const MANUAL: &str = include_str!("../../../docs/src/partitions-and-jobs.md");

#[tokio::test]
async fn the_manual_names_every_set_of_partitions_as_it_is() {
    let database = Database::create().await.unwrap();
    let session = database.superuser().await.unwrap();
    let sets = values(
        &session,
        "select format('| `%s` | `%s` | %s | %s | %s |', c.parent_table, c.control,
             case c.partition_interval::interval
                 when '7 days' then '1 week'
                 else replace(c.partition_interval::interval::text, 'mon', 'month') end,
             c.premake,
             coalesce(replace(c.retention::interval::text, 'mons', 'months'), 'for ever'))
         from partman.part_config as c order by c.parent_table",
    )
    .await;
    let told: Vec<&str> = MANUAL
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains("_data."))
        .collect();
    assert_eq!(told, sets);
}
