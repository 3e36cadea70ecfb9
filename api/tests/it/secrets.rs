//! Creating requests that show a secret once: repeated they show it again, and the database does not know it.

use kardan_schema::{Role, Scope};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Person, Server, expect, problem};

async fn make(
    person: &Person<'_>,
    path: &str,
    key: Option<&str>,
    body: &Value,
) -> anyhow::Result<Response> {
    let mut request = person.ask(Method::POST, path);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    Ok(request.json(body).send().await?)
}

/// What makes secrets: its path and two bodies.
async fn makers(person: &Person<'_>) -> anyhow::Result<[(String, Value, Value); 2]> {
    let shop = person
        .send(
            Method::POST,
            "/v1/shops",
            &json!({ "name": "Anna's parts" }),
            201,
        )
        .await?;
    Ok([
        (
            "/v1/me/tokens".to_owned(),
            json!({ "name": "one", "scopes": ["read"], "ttl_seconds": 3600 }),
            json!({ "name": "two", "scopes": ["read"], "ttl_seconds": 3600 }),
        ),
        (
            format!("/v1/shops/{}/invitations", shop["shop_id"]),
            json!({ "role": "seller", "ttl_seconds": 3600 }),
            json!({ "role": "manager", "ttl_seconds": 3600 }),
        ),
    ])
}

/// Everything in a table, as text.
async fn written(server: &Server, table: &str) -> anyhow::Result<String> {
    let row = server
        .superuser()
        .await?
        .query_one(
            &format!(
                "select coalesce(string_agg(t::text || case when '{table}' = 'ops_data.idempotency_keys' then
                     convert_from((to_jsonb(t) ->> 'body')::bytea, 'UTF8') else '' end, ' '), '') from {table} as t"
            ),
            &[],
        )
        .await?;
    Ok(row.get(0))
}

#[tokio::test]
async fn a_repeated_request_gets_the_secret_again_and_makes_nothing() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    for (path, body, other) in makers(&anna).await? {
        let first = expect(make(&anna, &path, Some("k1"), &body).await?, 201).await?;
        let again = make(&anna, &path, Some("k1"), &body).await?;
        assert_eq!(again.headers()["idempotent-replayed"], "true");
        assert_eq!(expect(again, 201).await?, first, "{path}");
        problem(
            make(&anna, &path, Some("k1"), &other).await?,
            422,
            "idempotency_key_reused",
        )
        .await?;
        // Another key, and none: other secrets each time.
        let mut seen = vec![first["token"].clone()];
        for key in [Some("k2"), None, None] {
            let next = expect(make(&anna, &path, key, &body).await?, 201).await?;
            assert!(!seen.contains(&next["token"]), "{path}");
            seen.push(next["token"].clone());
        }
        let list = expect(anna.get(&path).await?, 200).await?;
        let ours = |one: &&Value| one["name"] == "one" || one["role"] == "seller";
        let count = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(ours)
            .count();
        assert_eq!(count, 4, "{path}: {list}");
        // The key is free for the next path.
        server
            .superuser()
            .await?
            .execute("delete from ops_data.idempotency_keys", &[])
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_secret_that_is_shown_twice_opens_what_it_should() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let [(tokens, wish, _), (links, link, _)] = makers(&anna).await?;
    make(&anna, &tokens, Some("k1"), &wish).await?;
    let made = expect(make(&anna, &tokens, Some("k1"), &wish).await?, 201).await?;
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("kdn_p_") && token.len() == 49, "{token}");
    let me = server.ask(Method::GET, "/v1/me").bearer_auth(token);
    assert_eq!(expect(me.send().await?, 200).await?["user_id"], anna.user.0);

    make(&anna, &links, Some("k2"), &link).await?;
    let made = expect(make(&anna, &links, Some("k2"), &link).await?, 201).await?;
    let ivan = server.person(Role::User).await?;
    let shop = ivan
        .send(
            Method::POST,
            "/v1/invitations/accept",
            &json!({ "token": made["token"] }),
            200,
        )
        .await?;
    assert_eq!(shop["role"], "seller");
    Ok(())
}

#[tokio::test]
async fn the_database_keeps_no_secret_and_nothing_that_gives_one_without_the_token()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let mut shown = vec![anna.token.clone()];
    for (path, body, _) in makers(&anna).await? {
        let made = expect(make(&anna, &path, Some(&path), &body).await?, 201).await?;
        shown.push(made["token"].as_str().unwrap().to_owned());
    }
    let kept = written(&server, "ops_data.idempotency_keys").await?;
    assert!(kept.contains("token_id") && kept.contains("seed"), "{kept}");
    for table in [
        "ops_data.idempotency_keys",
        "ops_data.audit",
        "people_data.tokens",
        "market_data.shop_invitations",
    ] {
        let kept = written(&server, table).await?;
        assert!(!kept.is_empty(), "{table}");
        for secret in &shown {
            assert!(!kept.contains(&secret[6..]), "{table} holds a secret");
        }
    }

    Ok(())
}

#[tokio::test]
async fn another_token_of_the_same_person_repeats_the_request_and_does_not_see_the_secret()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    for (path, body, _) in makers(&anna).await? {
        expect(make(&anna, &path, Some(&path), &body).await?, 201).await?;
        let again = server
            .ask(Method::POST, &path)
            .bearer_auth(server.token(anna.user, Scope::ALL).await?)
            .header("idempotency-key", &path)
            .json(&body);
        problem(again.send().await?, 409, "secret_sealed").await?;
    }
    Ok(())
}
