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
