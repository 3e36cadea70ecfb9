//! Loading the program: what changes, what goes, what is refused.

use kardan_schema::contract;
use kardan_schema::load::{FILES, File, LoadError, Loaded, load, load_files};
use kardan_testdb::{Database, Session};

use crate::support::{eventually, value, values};

/// The program with these files added, or put in place of those of the same path; an empty text takes a file away.
fn with(changes: &[(&'static str, &'static str)]) -> Vec<File> {
    let mut files: Vec<File> = FILES
        .iter()
        .filter(|file| changes.iter().all(|(path, _)| *path != file.path))
        .copied()
        .collect();
    files.extend(
        changes
            .iter()
            .filter(|(_, sql)| !sql.is_empty())
            .map(|(path, sql)| File { path, sql }),
    );
    files.sort_by_key(|file| file.path);
    files
}

/// Applies the program with changes and tells what was swept.
async fn change(session: &mut Session, changes: &[(&'static str, &'static str)]) -> Vec<String> {
    match load_files(session, &with(changes), "changed")
        .await
        .unwrap()
    {
        Loaded::Replaced { swept, .. } => swept,
        Loaded::Unchanged => panic!("nothing was loaded"),
    }
}

async fn refused(session: &mut Session, changes: &[(&'static str, &'static str)]) -> LoadError {
    load_files(session, &with(changes), "refused")
        .await
        .expect_err("it must be refused")
}

/// Everything about the functions and views of all our schemas: a load that fails leaves it as it was.
async fn state(session: &Session) -> Vec<String> {
    values(
        session,
        "select format('%s %s %s %s', p.oid, p.xmin, p.oid::regprocedure, p.proacl)
         from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
         where n.nspname ~ '^(DOMAINS)(_data)?$'
         union all
         select format('%s %s %s %s', c.oid, c.xmin, c.oid::regclass, c.relacl)
         from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where n.nspname ~ '^(DOMAINS)$'
         union all
         select format('%s %s', c.id, c.hash) from ops_data.contract_applied as c
         union all
         select format('%s %s', j.name, j.schedule) from ops_data.jobs as j
         order by 1",
    )
    .await
}

#[tokio::test]
async fn an_unchanged_program_is_left_alone() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let before = state(&session).await;
    assert_eq!(
        load(&mut session, "again").await.unwrap(),
        Loaded::Unchanged
    );
    assert_eq!(state(&session).await, before);
    change(
        &mut session,
        &[(
            "ops/probe",
            "create function ops.probe() returns integer language sql return 1;",
        )],
    )
    .await;
    assert_ne!(
        state(&session).await,
        before,
        "a change is seen by the same question"
    );
}

#[tokio::test]
async fn what_no_file_defines_is_swept_and_reported() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "set role kardan_owner;
             create view market.orphan_view as select 1 as one;
             create function market.orphan(p_a integer) returns setof market.orphan_view language sql begin atomic
                 select o.one from market.orphan_view as o; end;
             create procedure ops.orphan_procedure() language sql as 'select 1';
             reset role;
             create function ops.of_superuser() returns integer language sql return 1;
             delete from ops_data.contract_applied",
        )
        .await
        .unwrap();
    let Loaded::Replaced { files, mut swept } = load(&mut session, "r").await.unwrap() else {
        panic!("nothing was loaded");
    };
    swept.sort();
    assert_eq!(files, FILES.len());
    assert_eq!(
        swept,
        [
            "market.orphan(integer)",
            "market.orphan_view",
            "ops.of_superuser()",
            "ops.orphan_procedure()"
        ]
    );
    let left: i64 = value(
        &session,
        "select count(*) from pg_proc as p where p.proname like 'orphan%'",
    )
    .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn changed_arguments_leave_no_overload_behind() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let head = "create or replace function ops.probe";
    let one =
        "create or replace function ops.probe(p_a integer) returns integer language sql return p_a;
        grant execute on function ops.probe(integer) to kardan_api;";
    let user = "create or replace function ops.probe_user() returns integer language sql return ops.probe(p_a => 1);";
    let view = "create or replace view ops.probe_view as select ops.probe_user() as probe;";
    let two = "create or replace function ops.probe(p_a integer, p_b integer default 1) returns integer language sql return p_a + p_b;";
    assert!(one.starts_with(head) && two.starts_with(head));
    let bound = [("ops/probe_user", user), ("ops/probe_view", view)];
    change(&mut session, &[&[("ops/probe", one)], &bound[..]].concat()).await;
    let swept = change(&mut session, &[&[("ops/probe", two)], &bound[..]].concat()).await;
    assert_eq!(swept, ["ops.probe(integer)"]);
    let found = values(
        &session,
        "select p.oid::regprocedure::text from pg_proc as p where p.proname = 'probe'",
    )
    .await;
    assert_eq!(found, ["ops.probe(integer,integer)"]);
    // Those whose bodies were bound to the old one are bound to the new one.
    assert_eq!(
        value::<i32>(&session, "select v.probe from ops.probe_view as v").await,
        2
    );
}

#[tokio::test]
async fn a_changed_result_parameter_name_or_column_is_replaced_with_all_that_is_bound_to_it() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let reader = ("ops/a_reader", "create or replace function ops.a_reader() returns text language sql stable security definer begin atomic
        select string_agg(to_jsonb(v) #>> '{}', ',') from ops.probe_view as v; end;
        grant execute on function ops.a_reader() to kardan_api;");
    change(
        &mut session,
        &[
            ("ops/probe", "create or replace function ops.probe(p_a integer) returns integer language sql return p_a;"),
            ("ops/probe_view", "create or replace view ops.probe_view as select ops.probe(7) as number;"),
            reader,
        ],
    )
    .await;
    let swept = change(
        &mut session,
        &[
            ("ops/probe", "create or replace function ops.probe(p_b integer) returns text language sql return 'n' || p_b;"),
            ("ops/probe_view", "create or replace view ops.probe_view as select 1 as first, ops.probe(7) as word;"),
            reader,
        ],
    )
    .await;
    assert_eq!(swept, Vec::<String>::new());
    assert_eq!(
        value::<String>(&session, "select ops.a_reader()").await,
        r#"{"word": "n7", "first": 1}"#
    );
    let api = database.as_role("kardan_api").await.unwrap();
    assert!(
        !value::<String>(&api, "select ops.a_reader()")
            .await
            .is_empty(),
        "its grant came back with it"
    );

    // And a function in place of a view.
    change(
        &mut session,
        &[(
            "ops/probe_view",
            "create or replace function ops.probe_view() returns integer language sql return 3;",
        )],
    )
    .await;
    assert_eq!(value::<i32>(&session, "select ops.probe_view()").await, 3);
}

#[tokio::test]
async fn what_data_depends_on_is_never_dropped_and_nothing_is_changed() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    change(
        &mut session,
        &[("ops/probe", "create or replace function ops.probe(p_a integer) returns integer language sql immutable return p_a * 2;")],
    )
    .await;
    session
        .batch_execute(
            "create table market_data.doubled (
                 a integer, b integer generated always as (ops.probe(a)) stored);
             insert into market_data.doubled (a) values (21)",
        )
        .await
        .unwrap();
    let before = state(&session).await;
    let gone = refused(&mut session, &[]).await;
    assert!(
        matches!(&gone, LoadError::Sweep { object, .. } if object == "ops.probe(integer)"),
        "{gone:?}"
    );
    let changed: [&'static str; 2] = [
        "create or replace function ops.probe(p_a integer, p_b integer) returns integer language sql immutable return p_a;",
        "create or replace function ops.probe(p_a integer) returns text language sql immutable return p_a;",
    ];
    for sql in changed {
        let error = refused(&mut session, &[("ops/probe", sql)]).await;
        assert!(matches!(error, LoadError::Sweep { .. }), "{error:?}");
    }
    assert_eq!(state(&session).await, before);
    assert_eq!(
        value::<i32>(&session, "select d.b from market_data.doubled as d").await,
        42
    );
}

#[tokio::test]
async fn a_broken_file_is_named_and_leaves_everything_as_it_was() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let before = state(&session).await;
    let cases: [(&'static str, &'static str, &str); 5] = [
        (
            "ops/broken",
            "create function ops.broken( returns",
            "schema/sql/ops/broken.sql failed",
        ),
        (
            "ops/lost",
            "create view ops.lost as select 1 as one from ops.nowhere;",
            "schema/sql/ops/lost.sql failed",
        ),
        (
            "ops/empty",
            "select 1;",
            "schema/sql/ops/empty.sql must define exactly",
        ),
        (
            "ops/pair",
            "create function ops.pair() returns integer language sql return 1;
            create function ops.pair(p_a integer) returns integer language sql return 1;",
            "schema/sql/ops/pair.sql must define exactly",
        ),
        (
            "ops/two",
            "create function ops.two() returns integer language sql return 1;
            create function ops.stray() returns integer language sql return 1;",
            "ops.stray() was made by a file",
        ),
    ];
    for (path, sql, expected) in cases {
        let error = refused(&mut session, &[(path, sql)]).await.to_string();
        assert!(error.contains(expected), "{path}: {error}");
        assert_eq!(state(&session).await, before, "{path}");
    }
}

#[tokio::test]
async fn a_grant_by_hand_goes_with_the_next_load() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let before = contract::lines_of(&session).await.unwrap();
    session
        .batch_execute(
            "grant execute on function ops.audit_write(bigint, text, text, text, jsonb) to public;
             grant execute on function ops.setting_integer(text, integer) to pg_monitor;
             grant execute on function ops.job_run(text) to kardan_api with grant option;
             grant create on schema ops to kardan_api;
             set role kardan_owner; create view ops.probe as select 1 as one; reset role;
             grant select (one), update (one) on ops.probe to kardan_bot;
             delete from ops_data.contract_applied",
        )
        .await
        .unwrap();
    let api = database.as_role("kardan_api").await.unwrap();
    api.batch_execute("grant execute on function ops.job_run(text) to kardan_bot")
        .await
        .unwrap();
    assert_ne!(contract::lines_of(&session).await.unwrap(), before);
    change(
        &mut session,
        &[(
            "ops/probe",
            "create or replace view ops.probe as select 1 as one;",
        )],
    )
    .await;
    assert_eq!(contract::lines_of(&session).await.unwrap(), before);
    let left: bool = value(
        &session,
        "select has_schema_privilege('kardan_api', 'ops', 'create')
             or has_any_column_privilege('kardan_bot', 'ops.probe', 'select, update')",
    )
    .await;
    assert!(!left);
}

#[tokio::test]
async fn a_reader_who_holds_a_view_makes_the_load_try_again() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let first = [(
        "ops/probe",
        "create or replace view ops.probe as select 1 as one;",
    )];
    change(&mut session, &first).await;
    let mut other = database.superuser().await.unwrap();
    let reader = other.transaction().await.unwrap();
    reader
        .query("select p.one from ops.probe as p", &[])
        .await
        .unwrap();

    let mut loader = database.superuser().await.unwrap();
    let pid: i32 = value(&loader, "select pg_backend_pid()").await;
    let loading = tokio::spawn(async move {
        load_files(
            &mut loader,
            &with(&[(
                "ops/probe",
                "create or replace view ops.probe as select 2 as one;",
            )]),
            "r",
        )
        .await
    });
    let waits = format!(
        "select exists (select from pg_stat_activity as a where a.pid = {pid} and a.wait_event_type = 'Lock')"
    );
    eventually(&session, "the loader's wait", &waits).await;
    // It gives up, so that readers behind it go on, and begins anew.
    eventually(
        &session,
        "the end of the wait",
        &format!("select not ({waits})"),
    )
    .await;
    eventually(&session, "the second attempt", &waits).await;
    reader.commit().await.unwrap();
    loading.await.unwrap().unwrap();
    assert_eq!(
        value::<i32>(&session, "select p.one from ops.probe as p").await,
        2
    );
}
