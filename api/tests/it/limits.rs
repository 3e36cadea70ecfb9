//! How many requests a caller may make.

use kardan_schema::Role;
use reqwest::{Method, StatusCode};

use crate::support::{Server, problem};

#[tokio::test]
async fn an_address_without_a_token_has_its_burst_and_then_waits() -> anyhow::Result<()> {
    let server = Server::with(&["--rate-anonymous", "1"]).await?;
    for _ in 0..5 {
        assert_eq!(
            server.get("/v1/catalog/makes").await?.status(),
            StatusCode::OK
        );
    }
    let refused = server.get("/v1/catalog/makes").await?;
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.headers()["ratelimit-policy"], "\"default\";q=5;w=5");
    assert!(
        refused.headers()["ratelimit"]
            .to_str()?
            .starts_with("\"default\";r=0;t=")
    );
    problem(refused, 429, "too_many_requests").await?;
    assert_eq!(server.get("/health/live").await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn each_token_has_a_bucket_of_its_own() -> anyhow::Result<()> {
    let server = Server::with(&["--rate-token", "1"]).await?;
    let (anna, ivan) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let mut last = anna.get("/v1/me").await?;
    for _ in 0..5 {
        last = anna.get("/v1/me").await?;
    }
    problem(last, 429, "too_many_requests").await?;
    assert_eq!(ivan.get("/v1/me").await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn guessed_tokens_are_paid_by_the_address() -> anyhow::Result<()> {
    let server = Server::with(&["--rate-anonymous", "1"]).await?;
    let guess = |n: usize| {
        server
            .ask(Method::GET, "/v1/me")
            .bearer_auth(format!("kdn_s_{n}"))
            .send()
    };
    for n in 0..5 {
        problem(guess(n).await?, 401, "credentials_invalid").await?;
    }
    problem(guess(5).await?, 429, "too_many_requests").await?;
    Ok(())
}
