//! Stopping.

use std::time::Duration;

use tokio::time::timeout;

use crate::support::Server;

#[tokio::test]
async fn a_running_request_is_finished_before_the_server_ends() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let admin = server.superuser().await?;
    admin
        .batch_execute("begin; lock table catalog_data.makes in access exclusive mode")
        .await?;
    let running = server.get("/v1/catalog/makes");
    let stop = async {
        server.wait_for_locks(1).await?;
        server.stop.cancel();
        admin.batch_execute("rollback").await?;
        anyhow::Ok(())
    };
    let (answer, stopped) = tokio::join!(running, stop);
    stopped?;
    assert_eq!(answer?.status(), 200);
    let Server { running, .. } = server;
    timeout(Duration::from_secs(10), running).await???;
    Ok(())
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_off_after_the_grace() -> anyhow::Result<()> {
    let server = Server::with(&["--shutdown-grace", "0.2"]).await?;
    let admin = server.superuser().await?;
    admin
        .batch_execute("begin; lock table catalog_data.makes in access exclusive mode")
        .await?;
    let request = tokio::spawn(server.ask(reqwest::Method::GET, "/v1/catalog/makes").send());
    server.wait_for_locks(1).await?;
    server.stop.cancel();
    let Server { running, .. } = server;
    timeout(Duration::from_secs(5), running).await???;
    request.abort();
    Ok(())
}
