//! `ETag`, `If-None-Match`, `If-Match`.

use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_version_that_the_caller_has_is_not_sent_again() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let owner = server.db.person(Role::User).await?;
    let listing = server.db.listing(owner, &ListingFixture::default()).await?;
    let path = format!("/v1/listings/{listing}");
    let first = server.get(&path).await?;
    let tag = first.headers()["etag"].clone();
    let body = expect(first, 200).await?;
    let begins = format!("\"{}.", body["version"]);
    assert!(tag.to_str()?.starts_with(&begins), "{tag:?}");
    assert_eq!(
        body["price"],
        json!({ "amount_minor": 250_000, "currency": "RUB" })
    );
    let again = server
        .ask(Method::GET, &path)
        .header("if-none-match", &tag)
        .send()
        .await?;
    assert_eq!(
        (again.status().as_u16(), again.headers()["etag"].clone()),
        (304, tag)
    );
    assert_eq!(again.bytes().await?.len(), 0);
    let other = server
        .ask(Method::GET, &path)
        .header("if-none-match", "\"999\"")
        .send()
        .await?;
    assert_eq!(other.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_change_names_the_version_that_it_was_made_on() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let rename = |tag: Option<&'static str>| {
        let request = anna
            .ask(Method::PATCH, "/v1/me")
            .json(&json!({ "display_name": "Anna" }));
        match tag {
            Some(tag) => request.header("if-match", tag).send(),
            None => request.send(),
        }
    };
    problem(rename(None).await?, 428, "precondition_required").await?;
    problem(rename(Some("\"999\"")).await?, 412, "version_stale").await?;
    problem(rename(Some("999")).await?, 400, "header_malformed").await?;
    let tag = anna.get("/v1/me").await?.headers()["etag"].clone();
    let change = anna
        .ask(Method::PATCH, "/v1/me")
        .json(&json!({ "display_name": "Anna" }));
    let changed = change.header("if-match", &tag).send().await?;
    assert_ne!(changed.headers()["etag"], tag);
    expect(changed, 200).await?;
    expect(rename(Some("*")).await?, 200).await?;
    Ok(())
}
