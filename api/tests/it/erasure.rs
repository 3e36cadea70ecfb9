//! The end of an account.

use kardan_schema::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

const PATH: &str = "/v1/me/erasure";

#[tokio::test]
async fn a_person_erases_themself_and_their_token_is_dead_at_once() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let kept = expect(anna.ask(Method::GET, PATH).send().await?, 200).await?;
    assert_eq!(kept["items"], json!([]));
    let erase = |name: &str| {
        anna.ask(Method::POST, PATH)
            .json(&json!({ "name": name }))
            .send()
    };
    problem(erase("Somebody").await?, 422, "erasure_not_confirmed").await?;
    let me = expect(anna.ask(Method::GET, "/v1/me").send().await?, 200).await?;
    let name = me["display_name"].as_str().unwrap_or_default();
    assert_eq!(erase(name).await?.status(), 204);
    problem(erase(name).await?, 401, "credentials_invalid").await?;
    Ok(())
}

#[tokio::test]
async fn somebody_of_the_platform_reads_what_keeps_them() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let moderator = server.person(Role::Moderator).await?;
    let kept = expect(moderator.ask(Method::GET, PATH).send().await?, 200).await?;
    assert_eq!(kept["items"][0]["reason"], "erasure_staff");
    Ok(())
}
