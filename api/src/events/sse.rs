//! A stream as `text/event-stream`: the standard of HTML, section "Server-sent events".
//!
//! A message that has no data is not shown to the page, but its id is kept: so a quiet stream moves on where it would be
//! taken up again.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use serde_json::json;

use super::jitter;
use super::stream::{Item, Stream};

/// A client whose stream broke off comes back after this time at the earliest, and after five times as long at the latest.
const RETRY: Duration = Duration::from_secs(1);

/// The answer that goes on for as long as somebody listens.
pub fn response(stream: Stream) -> Response {
    let retry = RETRY.mul_f64(1.0 + 4.0 * jitter()).as_millis();
    let first = Some(Bytes::from(format!("retry: {retry}\n\n")));
    let body = stream::unfold((first, stream), |(first, mut stream)| async move {
        let bytes = match first {
            Some(first) => first,
            None => written(stream.next().await?),
        };
        Some((Ok::<_, Infallible>(bytes), (None, stream)))
    });
    let mut response = Response::new(Body::from_stream(body));
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects an answer before it gives it on would give on nothing.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

fn written(item: Item) -> Bytes {
    let text = match item {
        Item::Event(frame) => return frame.message.clone(),
        Item::Quiet(place) => format!("id: {place}\n\n"),
        Item::Ready(place) => {
            let data = json!({ "id": place.to_string() });
            format!("event: ready\nid: {place}\ndata: {data}\n\n")
        }
        Item::Reset(place, why) => {
            let data = json!({ "id": place.to_string(), "why": why });
            format!("event: reset\nid: {place}\ndata: {data}\n\n")
        }
        Item::End(end) => {
            let data = json!({ "why": end.word() });
            format!("event: end\ndata: {data}\n\n")
        }
    };
    text.into()
}
