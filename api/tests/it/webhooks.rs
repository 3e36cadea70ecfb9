//! Addresses of programs that hear what happens in a shop.

use kardan_schema::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_manager_keeps_addresses_and_sees_each_secret_once() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (owner, stranger) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let shop = json!({ "name": "Brakes and more", "description": "" });
    let asked = owner
        .ask(Method::POST, "/v1/shops")
        .header("idempotency-key", "shop-1");
    let shop = expect(asked.json(&shop).send().await?, 201).await?;
    let hooks = format!("/v1/shops/{}/webhooks", shop["shop_id"]);
    let wish = json!({ "url": "https://example.org/hook", "types": ["deal.requested"] });
    problem(
        stranger
            .ask(Method::POST, &hooks)
            .json(&wish)
            .send()
            .await?,
        403,
        "shop_role_required",
    )
    .await?;
    let bad = json!({ "url": "example.org" });
    let bad = problem(
        owner.ask(Method::POST, &hooks).json(&bad).send().await?,
        422,
        "webhook_url_shape",
    )
    .await?;
    assert_eq!(bad["errors"][0]["pointer"], "/url");
    let made = expect(
        owner.ask(Method::POST, &hooks).json(&wish).send().await?,
        201,
    )
    .await?;
    let secret = made["secret"].as_str().unwrap_or_default();
    assert!(secret.starts_with("whsec_"), "{made}");
    let listed = expect(owner.ask(Method::GET, &hooks).send().await?, 200).await?;
    assert!(!listed.to_string().contains(secret), "{listed}");

    let hook = format!("{hooks}/{}", made["webhook_id"]);
    let off = json!({ "is_on": false });
    let changed = expect(
        owner.ask(Method::PATCH, &hook).json(&off).send().await?,
        200,
    )
    .await?;
    assert_eq!(changed["disabled_why"], "asked");
    let fresh = expect(
        owner
            .ask(Method::POST, &format!("{hook}/secret"))
            .send()
            .await?,
        201,
    )
    .await?;
    assert_ne!(fresh["secret"], made["secret"]);
    assert!(fresh["former_until"].is_string());
    let deliveries = expect(
        owner
            .ask(Method::GET, &format!("{hook}/deliveries"))
            .send()
            .await?,
        200,
    )
    .await?;
    assert_eq!(deliveries["items"], json!([]));
    let again = owner
        .ask(Method::POST, &format!("{hook}/redeliveries"))
        .json(&json!({ "delivery_id": 1 }));
    problem(again.send().await?, 404, "webhook_delivery_unknown").await?;
    for _ in 0..2 {
        assert_eq!(owner.ask(Method::DELETE, &hook).send().await?.status(), 204);
    }
    Ok(())
}

#[tokio::test]
async fn an_address_is_made_and_its_secret_changed_once_by_a_key_and_it_is_called_to_try_it()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let owner = server.person(Role::User).await?;
    let shop = json!({ "name": "Brakes and more", "description": "" });
    let shop = owner.send(Method::POST, "/v1/shops", &shop, 201).await?;
    let hooks = format!("/v1/shops/{}/webhooks", shop["shop_id"]);
    let plain = json!({ "url": "http://example.org/hook" });
    let refused = owner.ask(Method::POST, &hooks).json(&plain).send().await?;
    let refused = problem(refused, 422, "webhook_url_https").await?;
    assert_eq!(refused["errors"][0]["pointer"], "/url");

    let wish = json!({ "url": "https://example.org/hook" });
    let twice = async |path: String, key: &str, body: Option<&serde_json::Value>| {
        let mut answers = Vec::new();
        for _ in 0..2 {
            let mut asked = owner.ask(Method::POST, &path);
            asked = asked.header("idempotency-key", key);
            if let Some(body) = body {
                asked = asked.json(body);
            }
            answers.push(expect(asked.send().await?, 201).await?);
        }
        assert_eq!(answers[0], answers[1]);
        anyhow::Ok(answers.remove(0))
    };
    let made = twice(hooks.clone(), "k1", Some(&wish)).await?;
    let hook = format!("{hooks}/{}", made["webhook_id"]);
    let fresh = twice(format!("{hook}/secret"), "k2", None).await?;
    assert_ne!(made["secret"], fresh["secret"]);
    let session = server.superuser().await?;
    let kept: (String, String) = {
        let row = session
            .query_one(
                "select w.secret, w.former_secret from notify_data.webhooks as w",
                &[],
            )
            .await?;
        (row.get(0), row.get(1))
    };
    assert_eq!(
        (json!(kept.0), json!(kept.1)),
        (fresh["secret"].clone(), made["secret"].clone()),
        "the first secret is the former one, although the change was asked for twice"
    );
    let stored: i64 = session
        .query_one(
            "select count(*) from ops_data.idempotency_keys as k
             where position($1 in convert_from(k.body, 'UTF8')) > 0",
            &[&kept.0],
        )
        .await?
        .get(0);
    assert_eq!(stored, 0, "no secret is kept with an answer");

    let ping = owner
        .send(Method::POST, &format!("{hook}/ping"), &json!(null), 202)
        .await?;
    let delivery = format!("{hook}/deliveries/{}", ping["delivery_id"]);
    let shown = expect(owner.ask(Method::GET, &delivery).send().await?, 200).await?;
    assert_eq!(
        (&shown["event_type"], &shown["state"]),
        (&json!("webhook.ping"), &json!("waiting"))
    );
    let again = format!("{hook}/redeliveries/since");
    let since = json!({ "since": chrono::Utc::now() - chrono::TimeDelta::hours(1) });
    let done = owner.send(Method::POST, &again, &since, 200).await?;
    assert_eq!(
        (&done["redelivered"], &done["next_after"]),
        (&json!(0), &json!(null))
    );
    let old = json!({ "since": "2020-01-01T00:00:00Z" });
    let old = owner.ask(Method::POST, &again).json(&old).send().await?;
    let old = problem(old, 422, "webhook_since_range").await?;
    assert_eq!(old["errors"][0]["pointer"], "/since");
    Ok(())
}
