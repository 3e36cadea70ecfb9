//! PUBLIC has nothing, and an application role has its functions and nothing else.

use kardan_testdb::{Database, Session};

use crate::support::{value, values};

const APPLICATION: &[&str] = &[
    "kardan_api",
    "kardan_bot",
    "kardan_worker",
    "kardan_admin",
    "kardan_maintenance",
];

/// Everything in our schemas, and the database, that PUBLIC may use.
const OF_PUBLIC: &str = "
    with ours as (
        select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace as n
        where n.nspname ~ '^(DOMAINS)(_data)?$' or n.nspname in ('public', 'extensions', 'partman')),
    granted (what, acl) as (
        select 'database', coalesce(d.datacl, acldefault('d', d.datdba))
        from pg_database as d where d.datname = current_database()
        union all
        select 'schema ' || o.nspname, coalesce(o.nspacl, acldefault('n', o.nspowner)) from ours as o
        union all
        select 'function ' || p.oid::regprocedure, coalesce(p.proacl, acldefault('f', p.proowner))
        from pg_proc as p join ours as o on o.oid = p.pronamespace
        where o.nspname not in ('public', 'extensions', 'partman')
        union all
        select 'relation ' || c.oid::regclass, c.relacl
        from pg_class as c join ours as o on o.oid = c.relnamespace
        union all
        select 'type ' || t.oid::regtype, coalesce(t.typacl, acldefault('T', t.typowner))
        from pg_type as t join ours as o on o.oid = t.typnamespace
        where t.typtype in ('d', 'e', 'r'))
    select g.what || ' ' || a.privilege_type
    from granted as g cross join lateral aclexplode(g.acl) as a
    where a.grantee = 0 order by 1";

async fn code_of(session: &Session, sql: &str) -> String {
    match session.batch_execute(sql).await {
        Ok(()) => "done".to_owned(),
        Err(error) => error.code().expect("PostgreSQL's error").code().to_owned(),
    }
}

#[tokio::test]
async fn public_has_nothing() {
    let database = Database::create().await.unwrap();
    let session = database.superuser().await.unwrap();
    assert_eq!(values(&session, OF_PUBLIC).await, Vec::<String>::new());

    // The question sees what it asks for: a function that anybody else makes is executable by all at once.
    session
        .batch_execute("create function ops.open() returns integer language sql return 1; grant usage on schema market to public")
        .await
        .unwrap();
    assert_eq!(
        values(&session, OF_PUBLIC).await,
        ["function ops.open() EXECUTE", "schema market USAGE"]
    );
}

#[tokio::test]
async fn what_the_owner_makes_later_is_not_publics_either() {
    let database = Database::create().await.unwrap();
    let session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "set role kardan_owner;
             create function market_data.later() returns integer language sql return 1;
             create type market_data.mood as enum ('good');
             create domain market_data.amount as integer;
             create table market_data.later (id bigint);
             reset role",
        )
        .await
        .unwrap();
    assert_eq!(values(&session, OF_PUBLIC).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_application_role_reads_no_table_and_makes_nothing() {
    let database = Database::create().await.unwrap();
    for role in APPLICATION {
        let session = database.as_role(role).await.unwrap();
        let reachable = values(
            &session,
            "select c.oid::regclass::text from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname ~ '_data$|^partman$' and c.relkind in ('r', 'p', 'v', 'S')
                 and (has_schema_privilege(n.oid, 'usage')
                     or (c.relkind <> 'S' and has_any_column_privilege(c.oid, 'select, insert, update, references'))
                     or (c.relkind <> 'S' and has_table_privilege(c.oid, 'delete, truncate, trigger')))",
        )
        .await;
        assert_eq!(reachable, Vec::<String>::new(), "{role}");
        for sql in [
            "select 1 from people_data.users",
            "insert into ops_data.settings (key) values ('a.b')",
            "select 1 from ops_data.schema_history",
            "create table public.mine (id integer)",
            "create table market.mine (id integer)",
            "create temp table mine (id integer)",
            "create schema mine",
            "create function ops.mine() returns integer language sql return 1",
            "create extension hstore schema extensions",
            "set role kardan_owner",
            "set role kardan_migrator",
            "set role postgres",
            "select ops_data.uuid_v7('2026-01-01')",
            "select ops.audit_write(null, 'a', 'b', 'c', '{}')",
            "select partman.run_maintenance()",
            "copy (select 1) to program 'true'",
        ] {
            assert_eq!(code_of(&session, sql).await, "42501", "{role}: {sql}");
        }
    }
    // The same questions have another answer for who may.
    let migrator = database.as_role("kardan_migrator").await.unwrap();
    assert_eq!(code_of(&migrator, "set role kardan_owner").await, "done");
    assert_eq!(
        code_of(&migrator, "select 1 from people_data.users").await,
        "done"
    );
}

#[tokio::test]
async fn a_tests_database_has_the_privileges_and_limits_of_a_real_one() {
    let copied = Database::create().await.unwrap();
    let real = Database::empty().await.unwrap();
    let mut superuser = real.superuser().await.unwrap();
    kardan_migrations::up(&mut superuser, "r").await.unwrap();
    let sql = "
        select format('%s %s', coalesce(a.grantee::regrole::text, ''), a.privilege_type)
        from pg_database as d cross join lateral aclexplode(d.datacl) as a
        where d.datname = current_database()
        union all
        select format('%s %s', s.setrole::regrole, s.setconfig)
        from pg_db_role_setting as s join pg_database as d on d.oid = s.setdatabase
        where d.datname = current_database() order by 1";
    let expected = values(&superuser, sql).await;
    assert!(
        expected.contains(&"kardan_api CONNECT".to_owned()),
        "{expected:?}"
    );
    assert_eq!(
        values(&copied.superuser().await.unwrap(), sql).await,
        expected
    );

    let api = copied.as_role("kardan_api").await.unwrap();
    assert_eq!(value::<String>(&api, "show statement_timeout").await, "5s");
    assert_eq!(
        value::<String>(&api, "show idle_in_transaction_session_timeout").await,
        "10s"
    );
}

#[tokio::test]
async fn a_stranger_may_not_connect() {
    let database = Database::create().await.unwrap();
    let superuser = database.superuser().await.unwrap();
    let stranger = format!("stranger_{}", database.name());
    superuser
        .batch_execute(&format!("create role {stranger} login"))
        .await
        .unwrap();
    let refused = database.as_role(&stranger).await;
    superuser
        .batch_execute(&format!("drop role {stranger}"))
        .await
        .unwrap();
    let error = refused
        .expect_err("a role that nobody granted anything")
        .to_string();
    assert!(!error.is_empty());
}
