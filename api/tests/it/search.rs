//! Search over HTTP: facets, what was meant, saved searches, and what was not found.

use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_search_has_facets_suggestions_and_a_memory_of_what_it_did_not_find() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let seller = server.person(Role::User).await?;
    let moderator = server.person(Role::Moderator).await?;
    let fixture = ListingFixture {
        status: Status::Published,
        ..ListingFixture::default()
    };
    server.db.listing(seller.user, &fixture).await?;

    let facets = expect(
        server
            .get("/v1/listings/facets?query=колодки&condition=used")
            .await?,
        200,
    )
    .await?;
    let condition = facets["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["facet"] == "condition")
        .unwrap();
    assert_eq!(
        (
            &condition["value"],
            &condition["count"],
            &condition["is_exact"]
        ),
        (&json!("new"), &json!(1), &json!(true))
    );
    problem(
        server.get("/v1/listings/facets?attributes=[").await?,
        422,
        "parameter_invalid",
    )
    .await?;

    let meant = expect(
        server.get("/v1/search/suggestions?query=rjkjlrb").await?,
        200,
    )
    .await?;
    assert_eq!(
        (
            &meant["items"][0]["understood"],
            &meant["items"][0]["change"]
        ),
        (&json!("колодки"), &json!("layout"))
    );
    let words = expect(server.get("/v1/search/completions?query=коло").await?, 200).await?;
    assert_eq!(words["items"][0]["word"], "колодки");

    let nothing = expect(server.get("/v1/listings?query=ъъъъъ&kind=car").await?, 200).await?;
    assert_eq!(nothing["items"], json!([]));
    let misses = expect(moderator.get("/v1/moderation/search-misses").await?, 200).await?;
    assert_eq!(
        (&misses["items"][0]["query"], &misses["items"][0]["filters"]),
        (&json!("ъъъъъ"), &json!({ "kind": "car" }))
    );
    Ok(())
}

#[tokio::test]
async fn a_search_is_saved_changed_listed_and_deleted() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (buyer, seller) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let wish = json!({ "query": "колодки", "kind": "part", "frequency": "at_once" });
    let saved = buyer
        .send(Method::POST, "/v1/me/searches", &wish, 201)
        .await?;
    let path = format!("/v1/me/searches/{}", saved["saved_search_id"]);
    let version = saved["version"].as_i64().unwrap();
    let change = json!({ "name": "Мои колодки" });
    let changed = buyer
        .change(Method::PATCH, &path, version, Some(&change), 200)
        .await?;
    assert_eq!(changed["name"], "Мои колодки");

    let fixture = ListingFixture::default();
    let listing = server.db.listing(seller.user, &fixture).await?;
    let session = server.superuser().await?;
    session
        .batch_execute("select market.search_news_run()")
        .await?;
    let alerts = expect(buyer.get("/v1/me/search-alerts").await?, 200).await?;
    assert_eq!(alerts["items"][0]["listing_id"], json!(listing));
    assert_eq!(
        alerts["items"][0]["price"],
        json!({ "amount_minor": 250_000, "currency": "RUB" })
    );

    let list = expect(buyer.get("/v1/me/searches").await?, 200).await?;
    assert_eq!(list["items"][0], changed);
    let answer = buyer.ask(Method::DELETE, &path).send().await?;
    assert_eq!(answer.status(), 204);
    let list = expect(buyer.get("/v1/me/searches").await?, 200).await?;
    assert_eq!(list["items"], json!([]));
    Ok(())
}
