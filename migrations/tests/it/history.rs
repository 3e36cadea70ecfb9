//! What the record of applied migrations forbids.

use kardan_migrations::{Error, migrate_only, plan, status, up};
use kardan_schema::load::Loaded;
use kardan_testdb::Database;

use crate::support::{migrate_to, migrations, sqlstate, value, values};

#[tokio::test]
async fn a_second_run_finds_nothing_to_do() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    let planned = plan(&mut session).await.unwrap();
    let done = up(&mut session, "first").await.unwrap();
    assert_eq!(done.migrations, planned.migrations);
    assert_eq!(done.online, planned.online);
    assert!(planned.program && matches!(done.program, Loaded::Replaced { .. }));

    assert!(plan(&mut session).await.unwrap().is_empty());
    let again = up(&mut session, "second").await.unwrap();
    assert!(again.migrations.is_empty() && again.online.is_empty());
    assert_eq!(again.program, Loaded::Unchanged);
    let status = status(&mut session).await.unwrap();
    assert_eq!(status.migrations.len(), migrations().len());
    assert_eq!(status.program, Some(status.binary));
    assert_eq!(status.revision.as_deref(), Some("first"));
}

#[tokio::test]
async fn an_edited_migration_is_named_and_nothing_is_touched() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "update ops_data.schema_history as h set checksum = '1' where h.version = 2;
                        delete from ops_data.contract_applied",
        )
        .await
        .unwrap();
    for error in [
        up(&mut session, "r").await.unwrap_err(),
        plan(&mut session).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::ChecksumChanged { .. }), "{error:?}");
        assert!(error.to_string().contains("V2__people"), "{error}");
    }
    assert_eq!(
        value::<i64>(&session, "select count(*) from ops_data.contract_applied").await,
        0
    );
}

#[tokio::test]
async fn an_edited_online_step_is_named() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute("update ops_data.online_steps as s set hash = 'other'")
        .await
        .unwrap();
    let error = up(&mut session, "r").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("online/0001_listings_attributes_idx.sql"),
        "{error}"
    );
}

#[tokio::test]
async fn a_database_ahead_of_the_binary_is_left_alone() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "insert into ops_data.schema_history (version, name, applied_on, checksum)
             values (9999, 'of_tomorrow', '2100-01-01T00:00:00Z', '1');
             insert into ops_data.contract_applied (hash, revision, functions, applied_at)
             values ('of tomorrow', 'tomorrow', '{}', '2100-01-01');
             create function ops.of_tomorrow() returns integer language sql return 1",
        )
        .await
        .unwrap();
    assert!(plan(&mut session).await.unwrap().is_newer);
    let done = up(&mut session, "today").await.unwrap();
    assert!(done.is_newer);
    assert_eq!(done.program, Loaded::Unchanged);
    let revisions = values(
        &session,
        "select c.revision from ops_data.contract_applied as c order by c.id",
    )
    .await;
    assert_eq!(revisions.last().map(String::as_str), Some("tomorrow"));
    assert!(
        value::<bool>(
            &session,
            "select to_regprocedure('ops.of_tomorrow()') is not null"
        )
        .await
    );
}

#[tokio::test]
async fn a_file_that_comes_before_an_applied_one_is_out_of_order() {
    let database = Database::create().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute("delete from ops_data.schema_history as h where h.version = 3")
        .await
        .unwrap();
    for error in [
        up(&mut session, "r").await.unwrap_err(),
        plan(&mut session).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::OutOfOrder(_)), "{error:?}");
        assert!(error.to_string().contains("V3__catalog"), "{error}");
    }
}

/// An event trigger writes down under which limits each statement of the migrations runs.
#[tokio::test]
async fn locks_and_statements_are_limited_while_migrating() {
    let database = Database::empty().await.unwrap();
    let mut session = database.superuser().await.unwrap();
    session
        .batch_execute(
            "create schema watch;
             create table watch.seen (tag text, lock_limit text, statement_limit text, who text);
             create function watch.look() returns event_trigger language plpgsql security definer as $$
             declare v_who text := current_setting('role');
             begin
                 insert into watch.seen values (tg_tag, current_setting('lock_timeout'),
                     current_setting('statement_timeout'), v_who);
             end $$;
             create event trigger look on ddl_command_end execute function watch.look()",
        )
        .await
        .unwrap();
    up(&mut session, "r").await.unwrap();
    let seen = values(
        &session,
        "select distinct concat_ws(' ', s.lock_limit, s.statement_limit)
         from watch.seen as s where s.who = 'kardan_owner' and s.tag <> 'CREATE INDEX' order by 1",
    )
    .await;
    assert_eq!(
        seen,
        ["2s 1min", "5s 10min"],
        "the loader's and the migrations'"
    );
    for (setting, default) in [
        ("lock_timeout", "0"),
        ("statement_timeout", "0"),
        ("role", "none"),
    ] {
        assert_eq!(
            value::<String>(&session, &format!("show {setting}")).await,
            default
        );
    }
}

#[tokio::test]
async fn a_migration_that_meets_a_held_lock_gives_up_and_says_so() {
    let database = Database::empty().await.unwrap();
    let mut session = migrate_to(&database, 8).await;
    let mut other = database.superuser().await.unwrap();
    let holder = other.transaction().await.unwrap();
    holder
        .batch_execute("lock table catalog_data.categories in access exclusive mode")
        .await
        .unwrap();
    let error = migrate_only(&mut session).await.unwrap_err();
    assert!(matches!(error, Error::Migration(_)), "{error:?}");
    assert_eq!(sqlstate(&error).as_deref(), Some("55P03"), "{error:?}");
    holder.rollback().await.unwrap();
    let rest = migrate_only(&mut session).await.unwrap();
    assert_eq!(rest.first().map(String::as_str), Some("V11__listings"));
}
