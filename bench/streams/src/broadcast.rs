//! The reference: axum and a broadcast channel, with the same headers and as many bytes. No database, nobody signs in,
//! nobody is told what they missed.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use futures_util::stream;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

type Channel = broadcast::Sender<Bytes>;

/// What is said to all.
#[derive(Deserialize)]
struct Say {
    /// So many messages.
    count: usize,
    /// Of about so many bytes.
    bytes: usize,
}

/// Serves until it is killed.
pub async fn run(address: SocketAddr) -> anyhow::Result<()> {
    let channel = Channel::new(1024);
    let router = Router::new()
        .route("/health/ready", get(async || "ok"))
        .route("/v1/events", get(events))
        .route("/say", post(say))
        .with_state(channel);
    let listener = TcpListener::bind(address).await?.tap_io(|stream| {
        // A message is one write.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

async fn events(State(channel): State<Channel>) -> Response {
    let first = Some(Bytes::from_static(b"event: ready\ndata: {}\n\n"));
    let body = stream::unfold((first, channel.subscribe()), |(first, mut queue)| async {
        let bytes = match first {
            Some(first) => first,
            None => queue.recv().await.ok()?,
        };
        Some((Ok::<_, Infallible>(bytes), (None, queue)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

async fn say(State(channel): State<Channel>, Query(say): Query<Say>) -> String {
    for n in 0..say.count {
        let sent = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let head = format!(
            "id: {n}\ndata: {{\"data\":{{\"sent_us\":{}}},\"rest\":\"",
            sent.as_micros()
        );
        let rest = "x".repeat(say.bytes.saturating_sub(head.len() + 4));
        let _ = channel.send(Bytes::from(format!("{head}{rest}\"}}\n\n")));
    }
    channel.receiver_count().to_string()
}
