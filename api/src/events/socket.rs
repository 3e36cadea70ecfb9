//! A stream as messages of a WebSocket (RFC 6455): the same events, and a few words of the client. Each message is JSON.
//! What is said of the stream itself has `stream`.

use std::collections::HashSet;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::WATCHED;
use super::hub::End;
use super::stream::{Item, Stream};

/// What a client may say, in one message.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Said {
    /// Listings to watch, too.
    watch: Vec<i64>,
    /// Listings to watch no longer.
    unwatch: Vec<i64>,
    /// Comes back as it is.
    ping: Option<Value>,
}

/// How long the other end may take to say that it has heard the end.
const FAREWELL: Duration = Duration::from_secs(2);

/// Tells what happens until one of both ends it.
pub async fn talk(mut socket: WebSocket, mut stream: Stream) {
    loop {
        let message = tokio::select! {
            item = stream.next() => match item {
                Some(Item::End(end)) => return close(socket, end).await,
                Some(item) => written(item),
                None => return,
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Text(text))) => heard(&text, &mut stream),
                Some(Ok(Message::Binary(_))) => refused("unknown"),
                // Pings are answered beneath.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// Says why it ends, and waits a moment for the other end to close: what it still sends would cut off the last words.
async fn close(mut socket: WebSocket, end: End) {
    let words = control(&json!({ "stream": "end", "why": end.word() }));
    let frame = CloseFrame {
        code: match end {
            End::Signed => close_code::POLICY,
            End::Restart => close_code::RESTART,
            End::Slow | End::Unavailable => close_code::AGAIN,
        },
        reason: Utf8Bytes::from_static(end.word()),
    };
    for message in [words, Message::Close(Some(frame))] {
        if socket.send(message).await.is_err() {
            return;
        }
    }
    let heard = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(FAREWELL, heard).await;
}

/// Does what a client says, and tells what came of it.
fn heard(text: &str, stream: &mut Stream) -> Message {
    let Ok(said) = serde_json::from_str::<Said>(text) else {
        return refused("unknown");
    };
    if let Some(ping) = said.ping {
        return control(&json!({ "stream": "pong", "ping": ping }));
    }
    let mut listings: HashSet<_> = stream.listings().collect();
    listings.extend(said.watch);
    for listing in &said.unwatch {
        listings.remove(listing);
    }
    if listings.len() > WATCHED {
        return refused("many");
    }
    stream.watch(&listings);
    let mut listings: Vec<_> = listings.into_iter().collect();
    listings.sort_unstable();
    control(&json!({ "stream": "watching", "listings": listings }))
}

fn written(item: Item) -> Message {
    let (word, place) = match item {
        Item::Event(frame) => return Message::Text(frame.json.clone()),
        Item::Ready(place) => ("ready", place),
        Item::Quiet(place) => ("quiet", place),
        Item::Reset(place, why) => {
            let id = place.to_string();
            return control(&json!({ "stream": "reset", "id": id, "why": why }));
        }
        Item::End(end) => return control(&json!({ "stream": "end", "why": end.word() })),
    };
    control(&json!({ "stream": word, "id": place.to_string() }))
}

fn refused(why: &str) -> Message {
    control(&json!({ "stream": "error", "why": why }))
}

fn control(value: &Value) -> Message {
    Message::Text(Utf8Bytes::from(value.to_string()))
}
