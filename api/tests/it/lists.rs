//! Lists and their cursors.

use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, Server, expect, problem};

/// The numbers of a whole list, walked in parts of this size.
async fn walk(person: &Person<'_>, path: &str, size: usize) -> anyhow::Result<Vec<Value>> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let part = expect(
            person.get(&format!("{path}?limit={size}{cursor}")).await?,
            200,
        )
        .await?;
        let items = part["items"].as_array().unwrap();
        assert!(items.len() <= size);
        all.extend(items.iter().map(|one| one["listing_id"].clone()));
        match part["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(all),
        }
    }
}

#[tokio::test]
async fn a_list_walked_in_parts_is_the_whole_list_once() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    for number in 0..7 {
        let status = if number % 2 == 0 {
            Status::Draft
        } else {
            Status::Published
        };
        server
            .db
            .listing(
                anna.user,
                &ListingFixture {
                    status,
                    ..ListingFixture::default()
                },
            )
            .await?;
    }
    let whole = walk(&anna, "/v1/me/listings", 100).await?;
    assert_eq!(whole.len(), 7);
    for size in [1, 2, 3, 7] {
        assert_eq!(
            walk(&anna, "/v1/me/listings", size).await?,
            whole,
            "in parts of {size}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_search_walked_in_parts_is_the_whole_search_once() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    for price_minor in [30_000, 10_000, 20_000, 10_000, 10_000] {
        let fixture = ListingFixture {
            price_minor,
            ..ListingFixture::default()
        };
        server.db.listing(anna.user, &fixture).await?;
    }
    for sort in ["new", "price", "-price"] {
        let path = format!("/v1/listings?sort={sort}");
        let path = |size: usize, cursor: &str| format!("{path}&limit={size}{cursor}");
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let part = expect(server.get(&path(2, &cursor)).await?, 200).await?;
            all.extend(part["items"].as_array().unwrap().clone());
            match part["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let whole = expect(server.get(&path(100, "")).await?, 200).await?;
        assert_eq!(&all, whole["items"].as_array().unwrap(), "by {sort}");
        assert_eq!(all.len(), 5);
    }
    Ok(())
}

#[tokio::test]
async fn a_cursor_that_no_list_gave_is_refused() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    for cursor in ["x", "AQ", "AgAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = anna
            .get(&format!("/v1/me/listings?cursor={cursor}"))
            .await?;
        let body = problem(answer, 422, "cursor_invalid").await?;
        assert_eq!(body["errors"][0]["pointer"], "/cursor");
    }
    Ok(())
}

#[tokio::test]
async fn a_text_that_the_database_cannot_hold_is_the_askers_mistake() -> anyhow::Result<()> {
    let server = Server::start().await?;
    problem(
        server.get("/v1/listings?query=a%00b").await?,
        400,
        "bad_request",
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_claim_of_no_items_or_too_many_is_refused() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let moderator = server.person(Role::Moderator).await?;
    for limit in [0, 101] {
        let body = json!({ "limit": limit });
        let path = "/v1/moderation/claims";
        let refusal = moderator.send(Method::POST, path, &body, 422).await?;
        assert_eq!(refusal["errors"][0]["pointer"], "/limit");
    }
    Ok(())
}
