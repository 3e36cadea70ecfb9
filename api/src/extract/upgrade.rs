//! A request that becomes a WebSocket.

use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

use super::{Declared, Demand};
use crate::app::App;
use crate::problem::{Own, Problem};

/// Bytes of a message that a client sends.
const MESSAGE: usize = 8 * 1024;

/// Bytes that wait to be written while the other end takes none.
const WAITING: usize = 1024 * 1024;

/// The wish to become a WebSocket, of a page that may have it.
pub struct Upgrade(pub WebSocketUpgrade);

impl FromRequestParts<App> for Upgrade {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if !is_at_home(&parts.headers, app.origins()) {
            return Err(Own::OriginRefused.into());
        }
        let upgrade = WebSocketUpgrade::from_request_parts(parts, app).await;
        let upgrade = upgrade.map_err(|_| {
            let websocket = HeaderValue::from_static("websocket");
            Problem::from(Own::UpgradeRequired).header(header::UPGRADE, websocket)
        })?;
        // Thousands of these are open, and each says little: no room is kept for more.
        Ok(Self(
            upgrade
                .read_buffer_size(1024)
                .write_buffer_size(0)
                .max_write_buffer_size(WAITING)
                .max_message_size(MESSAGE)
                .max_frame_size(MESSAGE),
        ))
    }
}

impl Declared for Upgrade {
    fn declare(demand: &mut Demand) {
        demand.is_socket = true;
    }
}

/// A browser names the page that asks; everybody else names none. Pages of this very server may, and those of the list.
fn is_at_home(headers: &HeaderMap, origins: &[String]) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN) else {
        return true;
    };
    let Some(origin) = origin else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    let own = text(header::HOST).flatten();
    let is_own = host.is_some_and(|host| own.is_some_and(|own| own.eq_ignore_ascii_case(host)));
    is_own || origins.iter().any(|one| one.eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::HOST,
            HeaderValue::from_static("kardan.example:8080"),
        );
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    #[test]
    fn pages_of_this_server_and_of_the_list_may_and_no_others() {
        let list = ["https://shop.example".to_owned()];
        for (origin, is_let_in) in [
            (None, true),
            (Some("https://kardan.example:8080"), true),
            (Some("https://SHOP.example"), true),
            (Some("http://shop.example"), false),
            (Some("https://kardan.example"), false),
            (Some("https://kardan.example:8080.evil.example"), false),
            (Some("null"), false),
            (Some(""), false),
        ] {
            assert_eq!(is_at_home(&headers(origin), &list), is_let_in, "{origin:?}");
        }
    }
}
