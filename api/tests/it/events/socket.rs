//! The same events over a WebSocket, and tickets for those who can send no header.

use futures_util::{SinkExt as _, StreamExt as _};
use kardan_schema::{Role, Scope};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Listener, PATIENCE, QUICK};
use crate::support::{Person, Server, expect, problem};

/// A client of a WebSocket.
pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects with these headers; the status when it is refused.
    async fn try_open(
        server: &Server,
        query: &str,
        headers: &[(&'static str, String)],
    ) -> anyhow::Result<Result<Self, u16>> {
        let mut ask = format!("ws://{}/v1/socket{query}", server.address).into_client_request()?;
        for (name, value) in headers {
            ask.headers_mut().insert(*name, value.parse()?);
        }
        match connect_async(ask).await {
            Ok((socket, _)) => Ok(Ok(Self(socket))),
            Err(Error::Http(answer)) => Ok(Err(answer.status().as_u16())),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn open(server: &Server, person: &Person<'_>, query: &str) -> anyhow::Result<Self> {
        let headers = [("authorization", format!("Bearer {}", person.token))];
        let opened = Self::try_open(server, query, &headers).await?;
        opened.map_err(|status| anyhow::anyhow!("refused with {status}"))
    }

    async fn say(&mut self, what: &Value) -> anyhow::Result<()> {
        Ok(self.0.send(Message::text(what.to_string())).await?)
    }

    /// The next JSON that is no sign of life; none at the end.
    async fn next(&mut self) -> anyhow::Result<Option<Value>> {
        loop {
            match timeout(PATIENCE, self.0.next()).await? {
                Some(Ok(Message::Text(text))) => {
                    let value: Value = serde_json::from_str(&text)?;
                    if value["stream"] != "quiet" {
                        return Ok(Some(value));
                    }
                }
                Some(Ok(Message::Close(_))) | None => return Ok(None),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    pub async fn expect(&mut self, word: &str) -> anyhow::Result<Value> {
        let value = self.next().await?.unwrap_or_default();
        anyhow::ensure!(value["stream"] == word, "{value} instead of {word}");
        Ok(value)
    }

    pub async fn number(&mut self) -> anyhow::Result<i64> {
        let value = self.next().await?.unwrap_or_default();
        value["data"]["n"]
            .as_i64()
            .ok_or_else(|| anyhow::anyhow!("{value}"))
    }
}

#[tokio::test]
async fn a_socket_hears_what_a_stream_hears_and_each_goes_on_where_the_other_was()
-> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut socket = Socket::open(&server, &anna, "").await?;
    let ready = socket.expect("ready").await?;
    for n in 1..=3 {
        server.say(n, &[anna.user.0]).await?;
    }
    let first = socket.next().await?.unwrap();
    assert_eq!(
        (&first["type"], &first["data"]["n"]),
        (&json!("test.thing"), &json!(1))
    );
    drop(socket);
    let mut stream = Listener::open(&anna, first["id"].as_str(), "").await?;
    assert_eq!(stream.happening().await?.number(), 2);
    let last = stream.happening().await?;
    let mut socket = Socket::open(&server, &anna, &format!("?last_event_id={}", last.id)).await?;
    socket.expect("ready").await?;
    let from_start = format!("?last_event_id={}", ready["id"].as_str().unwrap());
    let mut again = Socket::open(&server, &anna, &from_start).await?;
    assert_eq!(
        [
            again.number().await?,
            again.number().await?,
            again.number().await?
        ],
        [1, 2, 3]
    );
    server.say(4, &[anna.user.0]).await?;
    assert_eq!(socket.number().await?, 4);
    Ok(())
}

#[tokio::test]
async fn a_client_watches_and_leaves_listings_while_it_listens() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let (seller, watcher) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let one = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?
        .0;
    let two = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?
        .0;
    let root = server.superuser().await?;
    let say = async |listing: i64, n: i64| {
        root.execute(
            "select notify.announce_listing('test.thing', $1, ops.clock_now(), jsonb_build_object('n', $2::bigint))",
            &[&listing, &n],
        )
        .await
    };
    let mut socket = Socket::open(&server, &watcher, &format!("?listings={one}")).await?;
    socket.expect("ready").await?;
    socket
        .say(&json!({ "unwatch": [one], "watch": [two, two] }))
        .await?;
    assert_eq!(socket.expect("watching").await?["listings"], json!([two]));
    say(one, 1).await?;
    say(two, 2).await?;
    assert_eq!(socket.number().await?, 2);
    let many: Vec<_> = (1..=101).collect();
    for (said, why) in [
        (json!({ "watch": many }), "many"),
        (json!({ "watch": "all" }), "unknown"),
        (json!({ "delete": [1] }), "unknown"),
    ] {
        socket.say(&said).await?;
        assert_eq!(socket.expect("error").await?["why"], why);
    }
    socket.say(&json!({ "ping": "here" })).await?;
    assert_eq!(socket.expect("pong").await?["ping"], "here");
    say(two, 3).await?;
    assert_eq!(socket.number().await?, 3);
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_too_long_ends_the_connection() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut socket = Socket::open(&server, &anna, "").await?;
    socket.expect("ready").await?;
    socket.say(&json!({ "ping": "x".repeat(10_000) })).await?;
    let ended = async { while let Ok(Some(_)) = socket.next().await {} };
    timeout(PATIENCE, ended).await?;
    Ok(())
}

#[tokio::test]
async fn only_pages_of_this_server_and_of_the_list_may_open_a_socket() -> anyhow::Result<()> {
    let mut arguments = QUICK.to_vec();
    arguments.extend(["--origins", "https://kardan.example,https://shop.example"]);
    let server = Server::with(&arguments).await?;
    let anna = server.person(Role::User).await?;
    for (origin, refused) in [
        (format!("http://{}", server.address), None),
        ("https://shop.example".to_owned(), None),
        ("https://evil.example".to_owned(), Some(403)),
        ("null".to_owned(), Some(403)),
    ] {
        let headers = [
            ("authorization", format!("Bearer {}", anna.token)),
            ("origin", origin),
        ];
        let opened = Socket::try_open(&server, "", &headers).await?;
        assert_eq!(opened.err(), refused, "{headers:?}");
    }
    let opened = Socket::try_open(&server, "", &[]).await?;
    assert_eq!(opened.err(), Some(401));
    let plain = anna.get("/v1/socket").await?;
    assert_eq!(plain.headers()["upgrade"], "websocket");
    problem(plain, 426, "upgrade_required").await?;
    Ok(())
}

#[tokio::test]
async fn a_ticket_opens_one_stream_as_its_token_would_and_no_other() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let ticket = async |person: &Person<'_>| -> anyhow::Result<String> {
        let made = person
            .ask(Method::POST, "/v1/events/tickets")
            .send()
            .await?;
        Ok(expect(made, 201).await?["ticket"]
            .as_str()
            .unwrap()
            .to_owned())
    };
    let path = format!("/v1/events?ticket={}", ticket(&anna).await?);
    let mut stream = Listener::of(server.get(&path).await?);
    stream.expect("ready").await?;
    problem(server.get(&path).await?, 401, "credentials_invalid").await?;
    let query = format!("?ticket={}", ticket(&anna).await?);
    let mut socket = Socket::try_open(&server, &query, &[])
        .await?
        .unwrap_or_else(|no| panic!("{no}"));
    socket.expect("ready").await?;
    assert_eq!(
        Socket::try_open(&server, &query, &[]).await?.err(),
        Some(401)
    );
    server.say(1, &[anna.user.0]).await?;
    assert_eq!(
        (stream.happening().await?.number(), socket.number().await?),
        (1, 1)
    );
    // What ends the token ends what was opened with its ticket, and its tickets.
    let unused = ticket(&anna).await?;
    let out = anna
        .ask(Method::DELETE, "/v1/sessions/current")
        .send()
        .await?;
    assert_eq!(out.status(), 204);
    assert_eq!(socket.expect("end").await?["why"], "signed_out");
    assert_eq!(stream.expect("end").await?.json()["why"], "signed_out");
    let late = server.get(&format!("/v1/events?ticket={unused}")).await?;
    problem(late, 401, "credentials_invalid").await?;
    // A ticket reaches no further than its token.
    let boris = server.person(Role::User).await?;
    let token = server.token(boris.user, &[Scope::Write]).await?;
    let writer = server.back(boris.user, token);
    let refused = writer
        .ask(Method::POST, "/v1/events/tickets")
        .send()
        .await?;
    problem(refused, 403, "scope_required").await?;
    Ok(())
}

#[tokio::test]
async fn a_server_that_stops_says_so_to_every_socket() -> anyhow::Result<()> {
    let server = Server::with(QUICK).await?;
    let anna = server.person(Role::User).await?;
    let mut socket = Socket::open(&server, &anna, "").await?;
    socket.expect("ready").await?;
    server.stop.cancel();
    assert_eq!(socket.expect("end").await?["why"], "restart");
    assert_eq!(socket.next().await?, None);
    let Server { running, .. } = server;
    timeout(PATIENCE, running).await???;
    Ok(())
}
