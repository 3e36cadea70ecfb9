//! What each route asks of a token: the table says it, and the server does it.

use std::collections::BTreeSet;

use kardan_schema::{Role, Scope, Status};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

/// A path with numbers in it.
pub fn filled(path: &str) -> String {
    let part = |part: &str| match part.trim_matches(['{', '}']) {
        name if name == part => part.to_owned(),
        "token_id" | "reservation_id" | "deal_id" | "invitation_id" | "photo_id" | "message_id" => {
            uuid::Uuid::nil().to_string()
        }
        _ => "1".to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_that_needs_a_scope_refuses_no_token_and_a_token_without_it()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let admin = server.db.person(Role::Admin).await?;
    let mut checked = 0;
    for fact in kardan_api::facts() {
        let Some(scope) = fact.scope else { continue };
        let others: Vec<_> = Scope::ALL
            .iter()
            .copied()
            .filter(|one| *one != scope)
            .collect();
        let token = server.token(admin, &others).await?;
        let method = Method::from_bytes(fact.method.as_bytes())?;
        let path = filled(&fact.path);
        let bare = server.ask(method.clone(), &path).send().await?;
        assert_eq!(bare.headers()["www-authenticate"], "Bearer");
        problem(bare, 401, "credentials_required").await?;
        let wrong = server.ask(method, &path).bearer_auth(&token).send().await?;
        let body = problem(wrong, 403, "scope_required").await?;
        assert_eq!(body["detail"], format!("scope: {scope}"));
        checked += 1;
        server
            .superuser()
            .await?
            .execute("delete from people_data.tokens", &[])
            .await?;
    }
    assert!(checked > 40, "{checked}");
    Ok(())
}

#[tokio::test]
async fn the_scope_is_not_enough_without_the_role() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    problem(anna.get("/v1/settings").await?, 403, "role_required").await?;
    problem(
        anna.get("/v1/moderation/queue").await?,
        403,
        "role_required",
    )
    .await?;
    Ok(())
}

/// Functions that ask for a role, by what their comments say they raise.
async fn asking_for_a_role(server: &Server) -> anyhow::Result<BTreeSet<String>> {
    let rows = server
        .superuser()
        .await?
        .query(
            r"select n.nspname || '.' || p.proname from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             where obj_description(p.oid, 'pg_proc') ~ '\mrole_required\M'",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

#[tokio::test]
async fn whatever_asks_for_a_role_asks_for_the_scope_of_one() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let asking = asking_for_a_role(&server).await?;
    assert!(asking.contains("people.user_block"), "{asking:?}");
    for fact in kardan_api::facts() {
        let is_of_a_role = matches!(
            fact.scope,
            Some(Scope::Moderate | Scope::Administer | Scope::Alert)
        );
        let asks = fact.functions.iter().any(|name| asking.contains(*name));
        assert_eq!(asks, is_of_a_role, "{} {}", fact.method, fact.path);
    }
    Ok(())
}

#[tokio::test]
async fn a_moderator_reads_the_inside_of_anothers_listing_only_with_the_scope_to_moderate()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let (owner, moderator) = (
        server.db.person(Role::User).await?,
        server.db.person(Role::Moderator).await?,
    );
    let draft = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let (theirs, own) = (
        server.db.listing(owner, &draft).await?,
        server.db.listing(moderator, &draft).await?,
    );
    let plain = server
        .token(moderator, &[Scope::Read, Scope::Write])
        .await?;
    let whole = server
        .token(moderator, &[Scope::Read, Scope::Moderate])
        .await?;
    let mut seen = 0;
    for fact in kardan_api::facts() {
        if fact.method != "GET"
            || fact.scope != Some(Scope::Read)
            || !fact.path.contains("{listing_id}")
        {
            continue;
        }
        let path = |id| fact.path.replace("{listing_id}", &format!("{id}"));
        let ask = |token: &str, id| server.ask(Method::GET, &path(id)).bearer_auth(token).send();
        let with = ask(&whole, theirs).await?.status();
        let without = ask(&plain, theirs).await?;
        assert!(!without.status().is_success(), "{}", fact.path);
        if with.is_success() {
            problem(without, 403, "moderate_scope_required").await?;
            assert_eq!(ask(&plain, own).await?.status(), 200, "{}", fact.path);
            seen += 1;
        }
        // Nothing there is nothing there, with any token.
        let none = kardan_schema::ListingId(9_999_999);
        assert_eq!(
            ask(&plain, none).await?.status(),
            ask(&whole, none).await?.status()
        );
    }
    assert!(seen >= 10, "{seen}");
    Ok(())
}

#[tokio::test]
async fn a_moderator_says_what_anothers_listing_fits_only_with_the_scope_to_moderate()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let (owner, moderator) = (
        server.db.person(Role::User).await?,
        server.db.person(Role::Moderator).await?,
    );
    let listing = server.db.listing(owner, &ListingFixture::default()).await?;
    let generation: i64 = server
        .superuser()
        .await?
        .query_one("select min(g.id) from catalog_data.generations as g", &[])
        .await?
        .get(0);
    let plain = server
        .token(moderator, &[Scope::Read, Scope::Write])
        .await?;
    let whole = server
        .token(moderator, &[Scope::Write, Scope::Moderate])
        .await?;
    let path = format!("/v1/listings/{listing}/fitments");
    let add = |token: &str| {
        let request = server.ask(Method::POST, &path).bearer_auth(token);
        request.json(&json!({ "generation_id": generation })).send()
    };
    problem(add(&plain).await?, 403, "moderate_scope_required").await?;
    let made = expect(add(&whole).await?, 201).await?;

    let import = |token: &str| {
        let request = server.ask(Method::POST, &format!("{path}.csv"));
        let request = request
            .bearer_auth(token)
            .header("content-type", "text/csv");
        request.body("make,model,generation\nLada,Vesta,I\n").send()
    };
    problem(import(&plain).await?, 403, "moderate_scope_required").await?;
    expect(import(&whole).await?, 200).await?;

    let gone = format!("/v1/fitments/{}", made["fitment_id"]);
    let remove = |token: &str| server.ask(Method::DELETE, &gone).bearer_auth(token).send();
    problem(remove(&plain).await?, 403, "moderate_scope_required").await?;
    expect(remove(&whole).await?, 200).await?;
    Ok(())
}
