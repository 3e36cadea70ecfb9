//! What a superuser must do once, and what is said when it was not done.

use kardan_migrations::{BOOTSTRAP_SQL, Error, up};
use kardan_schema::load::Loaded;
use kardan_testdb::{Database, Session};

use crate::support::{migrations, values};

async fn refused(session: &mut Session) -> Error {
    up(session, "r").await.expect_err("it must be refused")
}

/// The login exists on the test server already; its database was not prepared.
#[tokio::test]
async fn an_ordinary_login_is_told_what_is_missing_and_what_to_do() {
    // So that the roles of the cluster are there, whichever test runs first.
    Database::create().await.unwrap();
    let database = Database::empty().await.unwrap();
    let mut migrator = database.as_role("kardan_migrator").await.unwrap();
    let error = refused(&mut migrator).await;
    assert!(matches!(error, Error::NotBootstrapped { .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("the extension pg_trgm") && text.contains("kardan_migrator"),
        "{text}"
    );
    assert!(text.contains("kardan migrate bootstrap"), "{text}");

    let superuser = database.superuser().await.unwrap();
    superuser.batch_execute(BOOTSTRAP_SQL).await.unwrap();
    superuser
        .batch_execute("drop extension pg_partman cascade")
        .await
        .unwrap();
    assert!(
        refused(&mut migrator)
            .await
            .to_string()
            .contains("the extension pg_partman")
    );
    superuser.batch_execute(BOOTSTRAP_SQL).await.unwrap();
    superuser
        .batch_execute("drop schema ops_data")
        .await
        .unwrap();
    assert!(
        refused(&mut migrator)
            .await
            .to_string()
            .contains("the schema ops_data")
    );
    superuser.batch_execute(BOOTSTRAP_SQL).await.unwrap();
    superuser
        .batch_execute(&format!(
            "revoke create on database {} from kardan_owner",
            database.name()
        ))
        .await
        .unwrap();
    assert!(
        refused(&mut migrator)
            .await
            .to_string()
            .contains("the right of kardan_owner to create")
    );
}

#[tokio::test]
async fn an_application_role_may_not_migrate() {
    let database = Database::create().await.unwrap();
    let mut api = database.as_role("kardan_api").await.unwrap();
    let error = refused(&mut api).await;
    assert!(matches!(error, Error::NotMigrator { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains("kardan_api may not migrate; connect as kardan_migrator"),
        "{error}"
    );
}

#[tokio::test]
async fn after_the_superusers_part_the_migrator_does_all_the_rest() {
    let database = Database::empty().await.unwrap();
    let superuser = database.superuser().await.unwrap();
    superuser.batch_execute(BOOTSTRAP_SQL).await.unwrap();
    superuser
        .batch_execute(BOOTSTRAP_SQL)
        .await
        .expect("it may run again");

    let mut migrator = database.as_role("kardan_migrator").await.unwrap();
    let done = up(&mut migrator, "r").await.unwrap();
    assert_eq!(done.migrations.len(), migrations().len());
    let steps = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/online")).unwrap();
    assert_eq!(done.online.len(), steps.count());
    assert!(matches!(done.program, Loaded::Replaced { .. }));

    superuser
        .batch_execute("delete from ops_data.contract_applied")
        .await
        .unwrap();
    let again = up(&mut migrator, "r").await.unwrap();
    assert!(
        matches!(again.program, Loaded::Replaced { .. }),
        "it may also replace the program"
    );
}

#[tokio::test]
async fn everything_belongs_to_the_owner() {
    let database = Database::create().await.unwrap();
    let session = database.superuser().await.unwrap();
    let others = values(
        &session,
        "with ours as (
             select n.oid, n.nspowner, n.nspname from pg_namespace as n
             where n.nspname ~ '^(DOMAINS)(_data)?$')
         select o.nspname::text from ours as o where o.nspowner <> 'kardan_owner'::regrole
         union all
         select c.oid::regclass::text from pg_class as c join ours as o on o.oid = c.relnamespace
         where c.relowner <> 'kardan_owner'::regrole
         union all
         select p.oid::regprocedure::text from pg_proc as p join ours as o on o.oid = p.pronamespace
         where p.proowner <> 'kardan_owner'::regrole
         union all
         select t.oid::regtype::text from pg_type as t join ours as o on o.oid = t.typnamespace
         where t.typowner <> 'kardan_owner'::regrole",
    )
    .await;
    assert_eq!(others, Vec::<String>::new());
}
