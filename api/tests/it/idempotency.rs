//! Creating requests that are repeated.

use kardan_schema::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, Server, expect, problem};

async fn open(person: &Person<'_>, key: &str, name: &str) -> anyhow::Result<reqwest::Response> {
    let request = person
        .ask(Method::POST, "/v1/shops")
        .header("idempotency-key", key);
    Ok(request.json(&json!({ "name": name })).send().await?)
}

async fn shops(person: &Person<'_>) -> anyhow::Result<usize> {
    let list = expect(person.get("/v1/me/shops").await?, 200).await?;
    Ok(list["items"].as_array().map_or(0, Vec::len))
}

#[tokio::test]
async fn the_same_request_with_the_same_key_is_done_once_and_answered_twice() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let first = open(&anna, "k1", "Anna's parts").await?;
    assert!(first.headers().get("idempotent-replayed").is_none());
    let place = first.headers()["location"].clone();
    let first = expect(first, 201).await?;
    let second = open(&anna, "k1", "Anna's parts").await?;
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(second.headers()["location"], place);
    assert_eq!(expect(second, 201).await?, first);
    assert_eq!(shops(&anna).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_key_belongs_to_one_body_and_to_one_person() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (anna, ivan) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    expect(open(&anna, "k1", "Anna's parts").await?, 201).await?;
    problem(
        open(&anna, "k1", "Other parts").await?,
        422,
        "idempotency_key_reused",
    )
    .await?;
    expect(open(&ivan, "k1", "Ivan's parts").await?, 201).await?;
    Ok(())
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    assert_eq!(open(&anna, "k1", "x").await?.status(), 422);
    expect(open(&anna, "k1", "Anna's parts").await?, 201).await?;
    Ok(())
}

#[tokio::test]
async fn requests_at_the_same_moment_with_the_same_key_make_one_thing() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let answers =
        futures_util::future::join_all((0..8).map(|_| open(&anna, "k1", "Anna's parts"))).await;
    let mut made = Vec::<Value>::new();
    for answer in answers {
        let answer = answer?;
        if answer.status() == 409 {
            problem(answer, 409, "idempotency_in_flight").await?;
        } else {
            made.push(expect(answer, 201).await?);
        }
    }
    assert!(
        !made.is_empty() && made.iter().all(|one| *one == made[0]),
        "{made:?}"
    );
    assert_eq!(shops(&anna).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_key_without_a_character_is_refused() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    problem(
        open(&anna, "", "Anna's parts").await?,
        400,
        "header_malformed",
    )
    .await?;
    problem(
        open(&anna, &"k".repeat(256), "Anna's parts").await?,
        400,
        "header_malformed",
    )
    .await?;
    Ok(())
}
