//! An answer with metrics, compressed when the asker takes that.

use std::io::Write as _;

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::text::CONTENT_TYPE;

pub(super) fn text(text: String, headers: &HeaderMap) -> Response {
    let kind = (header::CONTENT_TYPE, CONTENT_TYPE);
    if takes_gzip(headers)
        && let Some(small) = gzip(&text)
    {
        let how = (header::CONTENT_ENCODING, "gzip");
        return ([kind, how, (header::VARY, "Accept-Encoding")], small).into_response();
    }
    ([kind, (header::VARY, "Accept-Encoding")], text).into_response()
}

/// The names repeat so much that the fastest level takes away all but a twelfth.
fn gzip(text: &str) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 10), Compression::fast());
    encoder.write_all(text.as_bytes()).ok()?;
    encoder.finish().ok()
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| {
            let mut words = part.split(';').map(str::trim);
            let name = words.next().unwrap_or_default();
            let weight = words.find_map(|word| word.strip_prefix("q=")?.parse::<f32>().ok());
            (name.eq_ignore_ascii_case("gzip") || name == "*") && weight.unwrap_or(1.0) > 0.0
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_those_who_take_it() {
        for (value, takes) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("deflate", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            assert_eq!(takes_gzip(&headers), takes, "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
