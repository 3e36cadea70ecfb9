//! When a stream ends.

use std::time::Duration;

use kardan_schema::Role;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Listener, PATIENCE, QUICK};
use crate::support::{Server, problem};

#[tokio::test]
async fn a_stream_ends_when_its_token_is_revoked_and_no_other() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut other = Listener::open(&anna, None, "").await?;
    other.expect("ready").await?;
    let token = server.token(anna.user, kardan_schema::Scope::ALL).await?;
    let mine = server.back(anna.user, token);
    let mut stream = Listener::open(&mine, None, "").await?;
    stream.expect("ready").await?;
    let out = mine
        .ask(Method::DELETE, "/v1/sessions/current")
        .send()
        .await?;
    assert_eq!(out.status(), 204);
    assert_eq!(stream.expect("end").await?.json()["why"], "signed_out");
    assert_eq!(stream.next().await?, None);
    problem(mine.get("/v1/events").await?, 401, "credentials_invalid").await?;
    server.say(1, &[anna.user.0]).await?;
    assert_eq!(other.expect("").await?.number(), 1);
    Ok(())
}

#[tokio::test]
async fn a_stream_ends_when_its_person_is_blocked_and_hears_nothing_from_then_on()
-> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let (anna, admin) = (
        server.person(Role::User).await?,
        server.person(Role::Admin).await?,
    );
    let mut stream = Listener::open(&anna, None, "").await?;
    stream.expect("ready").await?;
    let path = format!("/v1/users/{}/block", anna.user);
    let block = json!({ "reason": "spam" });
    admin.send(Method::PUT, &path, &block, 200).await?;
    server.say(1, &[anna.user.0]).await?;
    assert_eq!(stream.expect("end").await?.json()["why"], "signed_out");
    problem(anna.get("/v1/events").await?, 403, "actor_blocked").await?;
    Ok(())
}

#[tokio::test]
async fn who_does_not_take_events_is_let_go_and_keeps_nobody_waiting() -> anyhow::Result<()> {
    let mut arguments = QUICK.to_vec();
    arguments.extend(["--event-queue", "8"]);
    let server = Server::with(&arguments).await?;
    let (anna, boris) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let mut his = Listener::open(&boris, None, "").await?;
    his.expect("ready").await?;
    let mut slow = TcpStream::connect(server.address).await?;
    let ask = format!(
        "GET /v1/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {}\r\n\r\n",
        anna.token
    );
    slow.write_all(ask.as_bytes()).await?;
    let mut first = [0; 1024];
    let _ = slow.read(&mut first).await?;
    // More than the sockets of both sides hold, then what must not wait behind it.
    let root = server.superuser().await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut n = 0;
    loop {
        root.execute(
            "select notify.announce('test.thing', array[$1::bigint], null, ops.clock_now(),
                 jsonb_build_object('text', repeat('x', 200000)))
             from generate_series(1, 20)",
            &[&anna.user],
        )
        .await?;
        n += 1;
        server.say(n, &[boris.user.0]).await?;
        assert_eq!(his.expect("").await?.number(), n);
        let text = server.get("/metrics").await?.text().await?;
        if text.contains("kardan_api_event_streams_slow_total 1") {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{text}");
    }
    // What was sent is whole up to the end, and the last id leads on to the rest.
    let mut bytes = Vec::new();
    timeout(PATIENCE, slow.read_to_end(&mut bytes)).await??;
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.contains("\"why\":\"slow\""),
        "{}",
        &text[text.len() - 300..]
    );
    Ok(())
}

#[tokio::test]
async fn a_person_may_listen_so_often_and_no_more_until_one_ends() -> anyhow::Result<()> {
    let mut arguments = QUICK.to_vec();
    arguments.extend(["--event-streams-person", "2", "--event-streams", "3"]);
    let server = Server::with(&arguments).await?;
    let (anna, boris) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let mut first = Listener::open(&anna, None, "").await?;
    first.expect("ready").await?;
    let second = Listener::open(&anna, None, "").await?;
    let refused = anna.get("/v1/events").await?;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 429, "too_many_streams").await?;
    let his = Listener::open(&boris, None, "").await?;
    problem(boris.get("/v1/events").await?, 503, "overloaded").await?;
    drop((second, his));
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while anna.get("/v1/events").await?.status() != 200 {
        assert!(tokio::time::Instant::now() < deadline);
    }
    Ok(())
}

#[tokio::test]
async fn open_streams_keep_no_server_from_stopping() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut stream = Listener::open(&anna, None, "").await?;
    stream.expect("ready").await?;
    server.stop.cancel();
    assert_eq!(stream.expect("end").await?.json()["why"], "restart");
    drop(stream);
    let Server { running, .. } = server;
    timeout(Duration::from_secs(10), running).await???;
    Ok(())
}
