//! What a stream looks like, and who hears what.

use kardan_schema::{Role, Scope};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::json;

use super::{Listener, QUICK};
use crate::support::{Server, problem};

#[tokio::test]
async fn a_stream_is_never_kept_and_begins_with_where_it_is() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let answer = anna.get("/v1/events").await?;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-accel-buffering"), "no");
    let mut stream = Listener::of(answer);
    let ready = stream.expect("ready").await?;
    assert_eq!(ready.json()["id"], ready.id);
    server.say(1, &[anna.user.0]).await?;
    let event = stream.expect("").await?;
    assert_eq!(event.json()["type"], "test.thing");
    assert_eq!(event.json()["id"], event.id);
    assert_eq!(event.number(), 1);
    Ok(())
}

#[tokio::test]
async fn a_person_hears_what_is_theirs_and_nothing_of_others() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let (anna, boris) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let mut hers = Listener::open(&anna, None, "").await?;
    let mut his = Listener::open(&boris, None, "").await?;
    server.say(1, &[anna.user.0]).await?;
    server.say(2, &[boris.user.0]).await?;
    server.say(3, &[anna.user.0, boris.user.0]).await?;
    hers.expect("ready").await?;
    his.expect("ready").await?;
    assert_eq!(
        [
            hers.expect("").await?.number(),
            hers.expect("").await?.number()
        ],
        [1, 3]
    );
    assert_eq!(
        [
            his.expect("").await?.number(),
            his.expect("").await?.number()
        ],
        [2, 3]
    );
    Ok(())
}

#[tokio::test]
async fn who_watches_a_listing_hears_what_is_said_beneath_it_and_deleted_there()
-> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let (seller, buyer) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let watcher = server.person(Role::User).await?;
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let mut watching = Listener::open(&watcher, None, &format!("?listings={listing},77")).await?;
    watching.expect("ready").await?;
    let text = json!({ "text": "Есть?" });
    let path = format!("/v1/listings/{listing}/messages");
    let said = buyer.send(Method::POST, &path, &text, 201).await?;
    let heard = watching.expect("").await?.json();
    assert_eq!(heard["type"], "listing.message");
    assert_eq!(heard["listing_id"], listing.0);
    assert_eq!(heard["data"]["message_id"], said["message_id"]);
    assert!(!heard.to_string().contains("Есть"), "{heard}");
    let message = said["message_id"].as_str().unwrap();
    let gone = buyer
        .ask(Method::DELETE, &format!("/v1/messages/{message}"))
        .send()
        .await?;
    assert!(gone.status().is_success(), "{}", gone.text().await?);
    let heard = watching.expect("").await?.json();
    assert_eq!(heard["type"], "listing.message_gone");
    assert_eq!(heard["data"]["message_id"], said["message_id"]);
    Ok(())
}

#[tokio::test]
async fn a_member_of_a_shop_hears_its_events_until_removed() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let (owner, seller) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let name = json!({ "name": "Parts" });
    let shop = owner.send(Method::POST, "/v1/shops", &name, 201).await?["shop_id"]
        .as_i64()
        .unwrap();
    let root = server.superuser().await?;
    root.execute(
        "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
         values ($1, $2, 'seller', ops.clock_now())",
        &[&shop, &seller.user],
    )
    .await?;
    let mut hers = Listener::open(&owner, None, "").await?;
    let mut his = Listener::open(&seller, None, "").await?;
    hers.expect("ready").await?;
    his.expect("ready").await?;
    let say = async |n: i64| {
        root.execute(
            "select notify.announce('test.thing', null, $1, ops.clock_now(), jsonb_build_object('n', $2::bigint))",
            &[&shop, &n],
        )
        .await
    };
    say(1).await?;
    assert_eq!(hers.expect("").await?.json()["shop_id"], shop);
    assert_eq!(his.expect("").await?.number(), 1);
    let path = format!("/v1/shops/{shop}/members/{}", seller.user);
    let removed = owner.ask(Method::DELETE, &path).send().await?;
    assert!(removed.status().is_success(), "{}", removed.text().await?);
    say(2).await?;
    server.say(3, &[seller.user.0]).await?;
    assert_eq!(hers.expect("").await?.number(), 2);
    assert_eq!(his.expect("").await?.number(), 3);
    Ok(())
}

#[tokio::test]
async fn a_wrong_wish_is_refused_and_names_the_parameter() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let many = (1..=101)
        .map(|n| n.to_string())
        .collect::<Vec<_>>()
        .join(",");
    for listings in ["x", "1,,2", "1;2", &many] {
        let answer = anna.get(&format!("/v1/events?listings={listings}")).await?;
        let body = problem(answer, 422, "parameter_invalid").await?;
        assert_eq!(body["errors"][0]["pointer"], "/listings");
    }
    problem(server.get("/v1/events").await?, 401, "credentials_required").await?;
    let token = server.token(anna.user, &[Scope::Write]).await?;
    let answer = server
        .ask(Method::GET, "/v1/events")
        .bearer_auth(token)
        .send()
        .await?;
    problem(answer, 403, "scope_required").await?;
    Ok(())
}

#[tokio::test]
async fn the_figures_of_streams_are_told() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    stream.expect("ready").await?;
    server.say(1, &[anna.user.0]).await?;
    stream.expect("").await?;
    let text = server.get("/metrics").await?.text().await?;
    assert!(text.contains("kardan_api_event_streams 1"), "{text}");
    assert!(text.contains("kardan_api_events_sent_total 1"), "{text}");
    assert!(
        text.contains("kardan_api_event_read_age_seconds "),
        "{text}"
    );
    Ok(())
}
