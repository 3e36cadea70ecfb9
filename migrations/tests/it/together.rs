//! Many instances at once, and one that is killed in the middle.

use kardan_migrations::up;
use kardan_schema::load::Loaded;
use kardan_testdb::Database;

use crate::snapshot::{difference, dump};
use crate::support::{eventually, migrate_to, migrations, value};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_instances_migrate_an_empty_database_once() {
    let database = Database::empty().await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..8 {
        let url = database.url_as("postgres");
        tasks.push(tokio::spawn(async move {
            let mut session = kardan_testdb::Session::open(&url).await.unwrap();
            up(&mut session, &format!("instance {number}")).await
        }));
    }
    let mut migrated = Vec::new();
    let (mut loaded, mut built) = (0, 0);
    for task in tasks {
        let done = task.await.unwrap().unwrap();
        migrated.extend(done.migrations);
        built += done.online.len();
        loaded += usize::from(done.program != Loaded::Unchanged);
    }
    let names: Vec<String> = migrations().iter().map(ToString::to_string).collect();
    assert_eq!(migrated, names, "each once, by one of the eight");
    let steps = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/online")).unwrap();
    assert_eq!((loaded, built), (1, steps.count()));
    let session = database.superuser().await.unwrap();
    assert_eq!(
        value::<i64>(&session, "select count(*) from ops_data.contract_applied").await,
        1
    );
    assert_eq!(
        value::<i64>(&session, "select count(*) from ops_data.schema_history").await,
        names.len() as i64
    );
}

#[tokio::test]
async fn an_instance_killed_in_the_middle_leaves_what_the_next_one_finishes() {
    let database = Database::empty().await.unwrap();
    let session = migrate_to(&database, 8).await;
    let mut other = database.superuser().await.unwrap();
    let holder = other.transaction().await.unwrap();
    holder
        .batch_execute("lock table catalog_data.categories in access exclusive mode")
        .await
        .unwrap();

    let mut victim = database.superuser().await.unwrap();
    let pid: i32 = value(&victim, "select pg_backend_pid()").await;
    let killed = tokio::spawn(async move { up(&mut victim, "killed").await });
    eventually(
        &session,
        "the victim's wait in the middle of V11",
        &format!("select exists (select from pg_stat_activity as a where a.pid = {pid} and a.wait_event_type = 'Lock')"),
    )
    .await;
    let history = "select max(h.version) from ops_data.schema_history as h";
    assert_eq!(
        value::<i32>(&session, history).await,
        10,
        "V10 is done, V11 under way"
    );
    assert!(value::<bool>(&session, &format!("select pg_terminate_backend({pid})")).await);
    let error = killed.await.unwrap().unwrap_err();
    assert!(
        matches!(error, kardan_migrations::Error::Migration(_)),
        "the cause is told: {error:?}"
    );
    holder.rollback().await.unwrap();
    assert_eq!(
        value::<i32>(&session, history).await,
        10,
        "the half of V11 is rolled back"
    );

    let mut next = database.superuser().await.unwrap();
    let done = up(&mut next, "next").await.unwrap();
    assert_eq!(
        done.migrations.first().map(String::as_str),
        Some("V11__listings")
    );
    let fresh = dump(&Database::create().await.unwrap()).await;
    assert_eq!(difference(&fresh, &dump(&database).await), None);
}
