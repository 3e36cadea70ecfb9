//! What listings, sellers and the platform come to.

use kardan_schema::{Role, market};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_seller_reads_what_a_listing_came_to_and_an_administrator_everything()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, other) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let admin = server.person(Role::Admin).await?;
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let contacts = format!("/v1/listings/{listing}/contacts");
    expect(other.ask(Method::POST, &contacts).send().await?, 200).await?;
    server
        .superuser()
        .await?
        .batch_execute("update market_data.figures_state set rolled_until = ops.clock_now()")
        .await?;
    let job = server.db.as_role("kardan_maintenance").await?;
    market::figures_roll(&*job).await?;

    let figures = format!("/v1/listings/{listing}/figures?days=7");
    let days = expect(seller.ask(Method::GET, &figures).send().await?, 200).await?;
    assert_eq!(
        (&days["items"][0]["clicks"], &days["items"][0]["views"]),
        (&json!(1), &json!(0))
    );
    problem(
        other.ask(Method::GET, &figures).send().await?,
        403,
        "listing_not_yours",
    )
    .await?;
    let place = format!("/v1/listings/{listing}/place");
    let place = expect(seller.ask(Method::GET, &place).send().await?, 200).await?;
    assert_eq!(place["place"], 1);
    for path in ["/v1/me/figures", "/v1/me/turnover"] {
        expect(seller.ask(Method::GET, path).send().await?, 200).await?;
    }
    for path in ["/v1/platform/figures", "/v1/platform/turnover"] {
        expect(admin.ask(Method::GET, path).send().await?, 200).await?;
        problem(
            seller.ask(Method::GET, path).send().await?,
            403,
            "role_required",
        )
        .await?;
    }
    Ok(())
}
