//! Whether the server says that it can serve.

use crate::support::{Server, expect};

async fn ready(server: &Server, status: u16) -> anyhow::Result<serde_json::Value> {
    expect(server.get("/health/ready").await?, status).await
}

#[tokio::test]
async fn the_server_is_ready_on_its_own_schema_and_on_a_richer_one() -> anyhow::Result<()> {
    let server = Server::start().await?;
    ready(&server, 200).await?;
    server
        .superuser()
        .await?
        .batch_execute(
            "insert into ops_data.contract_applied (hash, revision, functions, applied_at)
             select repeat('0', 64), 'newer', array_append(c.functions, 'market.more() returns void -- kardan_api'), clock_timestamp()
             from ops_data.contract_applied as c order by c.id desc limit 1",
        )
        .await?;
    ready(&server, 200).await?;
    Ok(())
}

#[tokio::test]
async fn the_server_is_not_ready_when_a_function_is_missing() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let mut lines = kardan_schema::contract::COMMITTED.lines();
    let line = lines
        .find(|line| line.contains("kardan_api") && line.contains('('))
        .unwrap();
    let name = line.split('(').next().unwrap();
    server
        .superuser()
        .await?
        .batch_execute(&format!(
            "insert into ops_data.contract_applied (hash, revision, functions, applied_at)
             select repeat('0', 64), 'older', array(
                 select f from unnest(c.functions) as f where f not like '{name}(%'), clock_timestamp()
             from ops_data.contract_applied as c order by c.id desc limit 1",
        ))
        .await?;
    let body = ready(&server, 503).await?;
    assert_eq!(
        body["missing"],
        serde_json::json!([line.rsplit_once(" -- ").unwrap().0])
    );
    Ok(())
}

#[tokio::test]
async fn the_server_is_not_ready_without_a_database_and_ready_again_with_it() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let name = server.db.name();
    let admin =
        kardan_testdb::Session::open(&kardan_testdb::server().url("postgres", "postgres")).await?;
    admin
        .batch_execute(&format!(
            "alter database {name} allow_connections false;
             select pg_terminate_backend(a.pid) from pg_stat_activity as a where a.datname = '{name}'"
        ))
        .await?;
    assert_eq!(ready(&server, 503).await?["reason"], "no database");
    let answer = server.get("/v1/catalog/makes").await?;
    assert_eq!(answer.headers()["retry-after"], "2");
    crate::support::problem(answer, 503, "database_unavailable").await?;
    expect(server.get("/health/live").await?, 200).await?;
    admin
        .batch_execute(&format!("alter database {name} allow_connections true"))
        .await?;
    ready(&server, 200).await?;
    Ok(())
}

#[tokio::test]
async fn the_figures_tell_routes_functions_and_pools() -> anyhow::Result<()> {
    let server = Server::start().await?;
    server.get("/v1/catalog/makes").await?;
    server.get("/v1/listings/77").await?;
    let text = server.get("/metrics").await?.text().await?;
    for line in [
        "kardan_api_request_seconds_count{route=\"/v1/catalog/makes\",method=\"GET\",status=\"200\"} 1",
        "kardan_api_request_seconds_count{route=\"/v1/listings/{listing_id}\",method=\"GET\",status=\"404\"} 1",
        "kardan_api_function_seconds_count{function=\"catalog.make_list\"} 1",
        "kardan_api_pool_connections{pool=\"writer\",state=\"most\"} 4",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    Ok(())
}
