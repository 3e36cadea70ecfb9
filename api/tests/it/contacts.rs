//! Contacts, views, messages to those who looked, favourites.

use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::{Method, header};
use serde_json::json;

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn contacts_are_shown_to_people_and_visitors_and_the_seller_sees_how_many()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer, listing) = server.sale().await?;
    let path = format!("/v1/listings/{listing}/contacts");
    let show = || server.ask(Method::POST, &path);
    for (asked, is_counted) in [
        (buyer.ask(Method::POST, &path), true),
        (buyer.ask(Method::POST, &path), false),
        (seller.ask(Method::POST, &path), false),
        (show(), true),
        (show(), false),
        (show().header(header::USER_AGENT, "Firefox"), true),
    ] {
        let shown = expect(asked.send().await?, 200).await?;
        assert_eq!(shown["contact_phone"], "+7 900 000-00-00");
        assert_eq!(shown["is_counted"], is_counted);
    }
    let stats = format!("{path}/stats?days=1");
    let told = expect(seller.get(&stats).await?, 200).await?;
    assert_eq!(
        (&told["clicks"], &told["api_clicks"]),
        (&json!(3), &json!(3))
    );
    assert_eq!((&told["people"], &told["visitors"]), (&json!(1), &json!(2)));
    problem(buyer.get(&stats).await?, 403, "listing_not_yours").await?;

    let bad = show().bearer_auth("kdn_s_unknown").send().await?;
    problem(bad, 401, "credentials_invalid").await?;
    let blind = server
        .token(buyer.user, &[kardan_schema::Scope::Write])
        .await?;
    let blind = show().bearer_auth(blind).send().await?;
    problem(blind, 403, "scope_required").await?;
    let unknown = server.ask(Method::POST, "/v1/listings/0/contacts");
    problem(unknown.send().await?, 404, "listing_unknown").await?;
    Ok(())
}

#[tokio::test]
async fn a_flood_is_answered_with_the_seconds_to_wait() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    server
        .superuser()
        .await?
        .execute(
            "update ops_data.settings set value = '1' where key = 'contacts.hourly_count'",
            &[],
        )
        .await?;
    let mut last = None;
    for _ in 0..2 {
        let listing = server
            .db
            .listing(seller.user, &ListingFixture::default())
            .await?;
        let path = format!("/v1/listings/{listing}/contacts");
        last = Some(buyer.ask(Method::POST, &path).send().await?);
    }
    let refused = last.unwrap();
    let wait: u64 = refused.headers()["retry-after"].to_str()?.parse()?;
    assert!((3_500..=3_600).contains(&wait), "{wait}");
    problem(refused, 429, "contact_limit").await?;
    Ok(())
}

#[tokio::test]
async fn views_are_counted_together_a_moment_later_and_when_the_server_stops() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let (seller, buyer, listing) = server.sale().await?;
    let path = format!("/v1/listings/{listing}/views");
    for asked in [
        buyer.ask(Method::POST, &path),
        buyer.ask(Method::POST, &path),
        seller.ask(Method::POST, &path),
        server.ask(Method::POST, &path),
    ] {
        expect(asked.send().await?, 204).await?;
    }
    let session = server.superuser().await?;
    let counted = "select count(*) from market_data.listing_views";
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while session.query_one(counted, &[]).await?.get::<_, i64>(0) < 2 {
        assert!(
            tokio::time::Instant::now() < deadline,
            "views were never counted"
        );
    }
    let late = server
        .ask(Method::POST, &path)
        .header(header::USER_AGENT, "Firefox");
    expect(late.send().await?, 204).await?;
    server.stop.cancel();
    server.running.await??;
    assert_eq!(session.query_one(counted, &[]).await?.get::<_, i64>(0), 3);
    Ok(())
}

#[tokio::test]
async fn a_seller_writes_to_those_who_looked_once_a_day() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let moderator = server.person(Role::Moderator).await?;
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let contacts = format!("/v1/listings/{listing}/contacts");
    expect(buyer.ask(Method::POST, &contacts).send().await?, 200).await?;
    let path = format!("{contacts}/notices");
    let text = json!({ "text": "Скидка до пятницы" });
    let send = || {
        seller
            .ask(Method::POST, &path)
            .header("idempotency-key", "one")
            .json(&text)
    };
    let sent = expect(send().send().await?, 201).await?;
    assert_eq!((&sent["people"], &sent["told"]), (&json!(1), &json!(1)));
    // The same request again is the same message; another one comes too soon.
    assert_eq!(expect(send().send().await?, 201).await?, sent);
    let soon = seller.ask(Method::POST, &path).json(&text).send().await?;
    let wait: u64 = soon.headers()["retry-after"].to_str()?.parse()?;
    assert!((86_000..=86_400).contains(&wait), "{wait}");
    problem(soon, 429, "contact_notice_soon").await?;
    let strange = buyer.ask(Method::POST, &path).json(&text).send().await?;
    problem(strange, 403, "listing_not_yours").await?;

    let mine = expect(seller.get(&path).await?, 200).await?;
    assert_eq!(mine["items"][0]["text"], "Скидка до пятницы");
    let all = "/v1/moderation/contact-notices";
    for path in [all, &path] {
        let listed = expect(moderator.get(path).await?, 200).await?;
        assert_eq!(listed["items"][0], mine["items"][0]);
    }
    problem(seller.get(all).await?, 403, "role_required").await?;
    Ok(())
}

#[tokio::test]
async fn favourites_are_put_listed_in_pages_and_taken_away() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let mut listings = Vec::new();
    for _ in 0..3 {
        let fixture = ListingFixture::default();
        let listing = server.db.listing(seller.user, &fixture).await?;
        let path = format!("/v1/me/favourites/{listing}");
        let put = expect(buyer.ask(Method::PUT, &path).send().await?, 200).await?;
        let again = expect(buyer.ask(Method::PUT, &path).send().await?, 200).await?;
        assert_eq!(put, again);
        let own = seller.ask(Method::PUT, &path).send().await?;
        problem(own, 403, "favourite_own_listing").await?;
        listings.push(listing);
    }
    let first = expect(buyer.get("/v1/me/favourites?limit=2").await?, 200).await?;
    assert_eq!(first["items"][0]["listing_id"], listings[2].0);
    assert_eq!(first["items"][0]["state"], "published");
    assert_eq!(
        first["items"][0]["price"],
        json!({ "amount_minor": 250_000, "currency": "RUB" })
    );
    let next = first["next"].as_str().unwrap();
    let next = format!("/v1/me/favourites?limit=2&cursor={next}");
    let rest = expect(buyer.get(&next).await?, 200).await?;
    assert_eq!(rest["items"][0]["listing_id"], listings[0].0);
    assert_eq!(rest["next"], json!(null));

    let path = format!("/v1/me/favourites/{}", listings[0]);
    for _ in 0..2 {
        let gone = buyer.ask(Method::DELETE, &path).send().await?;
        assert_eq!(gone.status(), 204);
    }
    server
        .superuser()
        .await?
        .execute("update market_data.listings set status = 'archived'", &[])
        .await?;
    let left = expect(buyer.get("/v1/me/favourites").await?, 200).await?;
    assert_eq!(left["items"].as_array().unwrap().len(), 2);
    assert_eq!(left["items"][0]["state"], "withdrawn");
    assert_eq!(left["items"][0]["price"], json!(null));
    Ok(())
}

#[tokio::test]
async fn a_seller_sees_the_price_of_now_and_the_one_in_the_posts() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let seller = server.person(Role::User).await?;
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/price");
    let price = json!({ "price": { "amount_minor": 200_000 } });
    seller
        .change(Method::PUT, &path, 1, Some(&price), 200)
        .await?;
    let told = expect(seller.get(&path).await?, 200).await?;
    let rubles = |amount_minor: i64| json!({ "amount_minor": amount_minor, "currency": "RUB" });
    assert_eq!(told["price"], rubles(200_000));
    assert_eq!(told["published_price"], rubles(250_000));
    assert!(told["differs_since"].is_string());
    let stranger = server.person(Role::User).await?;
    problem(stranger.get(&path).await?, 403, "listing_not_yours").await?;
    Ok(())
}
