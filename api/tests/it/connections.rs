//! Connections that die.

use crate::support::Server;

#[tokio::test]
async fn killed_connections_fail_one_request_at_most() -> anyhow::Result<()> {
    let server = Server::start().await?;
    assert_eq!(server.get("/v1/catalog/makes").await?.status(), 200);
    let admin = server.superuser().await?;
    for _ in 0..3 {
        admin
            .batch_execute(
                "select pg_terminate_backend(a.pid) from pg_stat_activity as a
                 where a.application_name = 'kardan-api' and a.datname = current_database()",
            )
            .await?;
        let mut failed = 0;
        for _ in 0..8 {
            failed += usize::from(server.get("/v1/catalog/makes").await?.status() != 200);
        }
        assert!(failed <= 1, "{failed} requests failed");
    }
    Ok(())
}

#[tokio::test]
async fn without_prepared_statements_the_same_requests_work() -> anyhow::Result<()> {
    let server = Server::with(&["--pooler", "transaction"]).await?;
    let anna = server.person(kardan_schema::Role::User).await?;
    for _ in 0..3 {
        assert_eq!(
            server.get("/v1/catalog/brands?query=bosch").await?.status(),
            200
        );
        assert_eq!(anna.get("/v1/me/listings").await?.status(), 200);
    }
    let name = serde_json::json!({ "name": "Anna's parts" });
    anna.send(reqwest::Method::POST, "/v1/shops", &name, 201)
        .await?;
    Ok(())
}

#[tokio::test]
async fn when_every_connection_is_taken_a_request_waits_a_little_and_is_told_to_come_back()
-> anyhow::Result<()> {
    let server = Server::with(&["--pool-wait", "0.2"]).await?;
    let admin = server.superuser().await?;
    admin
        .batch_execute("begin; lock table catalog_data.makes in access exclusive mode")
        .await?;
    let answers = futures_util::future::join_all((0..5).map(|_| server.get("/v1/catalog/makes")));
    let release = async {
        server.wait_for_locks(4).await?;
        // A fifth request finds no connection; it gives up while the others still wait.
        let answer = server.get("/v1/catalog/makes").await?;
        assert_eq!(answer.headers()["retry-after"], "1");
        crate::support::problem(answer, 503, "overloaded").await?;
        admin.batch_execute("rollback").await?;
        anyhow::Ok(())
    };
    let (answers, released) = tokio::join!(answers, release);
    released?;
    let served = answers
        .into_iter()
        .filter(|one| one.as_ref().is_ok_and(|one| one.status() == 200));
    assert_eq!(served.count(), 4);
    Ok(())
}

#[tokio::test]
async fn reads_of_one_row_share_a_connection_and_keep_no_other_request_waiting()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let admin = server.superuser().await?;
    admin
        .batch_execute("begin; lock table market_data.listings in access exclusive mode")
        .await?;
    let answers = futures_util::future::join_all((0..20).map(|_| server.get("/v1/listings/1")));
    let meanwhile = async {
        server.wait_for_locks(1).await?;
        assert_eq!(server.get("/v1/catalog/makes").await?.status(), 200);
        let watcher = server.superuser().await?;
        let waiting = "select count(*) from pg_stat_activity as a
             where a.datname = current_database() and a.wait_event_type = 'Lock'";
        assert_eq!(watcher.query_one(waiting, &[]).await?.get::<_, i64>(0), 1);
        admin.batch_execute("rollback").await?;
        anyhow::Ok(())
    };
    let (answers, done) = tokio::join!(answers, meanwhile);
    done?;
    for answer in answers {
        assert_eq!(answer?.status(), 404);
    }
    Ok(())
}

#[tokio::test]
async fn a_read_that_nobody_waits_for_any_more_disturbs_none_on_its_connection()
-> anyhow::Result<()> {
    let server = Server::with(&["--request-timeout", "0.3"]).await?;
    assert_eq!(server.get("/v1/listings/1").await?.status(), 404);
    let admin = server.superuser().await?;
    admin
        .batch_execute("begin; lock table market_data.listings in access exclusive mode")
        .await?;
    assert_eq!(server.get("/v1/listings/1").await?.status(), 504);
    admin.batch_execute("rollback").await?;
    for _ in 0..8 {
        assert_eq!(server.get("/v1/listings/1").await?.status(), 404);
    }
    Ok(())
}

#[tokio::test]
async fn a_killed_shared_connection_fails_one_request_at_most() -> anyhow::Result<()> {
    let server = Server::start().await?;
    assert_eq!(server.get("/v1/listings/1").await?.status(), 404);
    let admin = server.superuser().await?;
    for _ in 0..3 {
        admin
            .batch_execute(
                "select pg_terminate_backend(a.pid) from pg_stat_activity as a
                 where a.application_name = 'kardan-api' and a.datname = current_database()",
            )
            .await?;
        let mut failed = 0;
        for _ in 0..8 {
            failed += usize::from(server.get("/v1/listings/1").await?.status() != 404);
        }
        assert!(failed <= 1, "{failed} requests failed");
    }
    Ok(())
}

#[tokio::test]
async fn an_abandoned_call_gives_its_connection_back_when_it_ends() -> anyhow::Result<()> {
    let server = Server::with(&["--request-timeout", "0.3", "--pool-size", "1"]).await?;
    assert_eq!(server.get("/v1/catalog/makes").await?.status(), 200);
    let admin = server.superuser().await?;
    let session = "select a.pid from pg_stat_activity as a
         where a.datname = current_database() and a.application_name = 'kardan-api'
             and a.query like '%make_list%'";
    let before: i32 = admin.query_one(session, &[]).await?.get(0);
    admin
        .batch_execute("begin; lock table catalog_data.makes in access exclusive mode")
        .await?;
    assert_eq!(server.get("/v1/catalog/makes").await?.status(), 504);
    admin.batch_execute("rollback").await?;
    assert_eq!(server.get("/v1/catalog/makes").await?.status(), 200);
    let after: i32 = admin.query_one(session, &[]).await?.get(0);
    assert_eq!(before, after);
    Ok(())
}
