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
