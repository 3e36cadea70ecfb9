//! Versions in headers: `If-Match` on changes, `If-None-Match` on reads.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::{Declared, Demand};
use crate::answer::versioned;
use crate::app::App;
use crate::problem::{Own, Problem};

/// The version that the caller has seen and wants to change; none for `*`, which means any.
pub struct IfMatch(pub Option<i32>);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let Some(value) = text(&parts.headers, &header::IF_MATCH) else {
            return Err(Own::PreconditionRequired.into());
        };
        if value == "*" {
            return Ok(Self(None));
        }
        let version = version(value).ok_or_else(|| {
            Problem::from(Own::HeaderMalformed).detail("If-Match takes one ETag, for example \"3\"")
        })?;
        Ok(Self(Some(version)))
    }
}

impl Declared for IfMatch {
    fn declare(demand: &mut Demand) {
        demand.has_if_match = true;
    }
}

/// The versions that the caller has already.
pub struct IfNoneMatch(Option<HeaderValue>);

impl FromRequestParts<App> for IfNoneMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

impl Declared for IfNoneMatch {
    fn declare(demand: &mut Demand) {
        demand.has_if_none_match = true;
    }
}

impl IfNoneMatch {
    /// The row, or 304 when the caller has this version.
    pub fn answer(&self, version: i32, row: &impl Serialize) -> Response {
        let mut response = versioned(version, row);
        if response
            .headers()
            .get(header::ETAG)
            .is_some_and(|tag| self.has(tag))
        {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        response
    }

    /// Whether the caller has what bears this tag.
    pub fn has(&self, current: &HeaderValue) -> bool {
        let given = self.0.as_ref().and_then(|value| value.to_str().ok());
        let (Some(given), Ok(current)) = (given, current.to_str()) else {
            return false;
        };
        given
            .split(',')
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == current)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap_or_default().trim())
}

/// The version stands before the dot; what follows tells bodies of one version apart. A proxy that compresses makes a tag
/// weak; the version in it is the same.
fn version(tag: &str) -> Option<i32> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
    tag.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_strong_and_weak_tags_and_from_nothing_else() {
        assert_eq!(version("\"3\""), Some(3));
        assert_eq!(version("W/\"3.0a1b2c3d\""), Some(3));
        for tag in ["3", "\"3", "\"x\"", "", "\"\""] {
            assert_eq!(version(tag), None, "{tag}");
        }
    }

    #[test]
    fn any_of_several_tags_is_enough() {
        let seen = IfNoneMatch(Some(HeaderValue::from_static("\"1\", W/\"2\"")));
        let tag = HeaderValue::from_static;
        assert!(seen.has(&tag("\"2\"")) && !seen.has(&tag("\"3\"")) && !seen.has(&tag("\"2.1\"")));
        assert!(IfNoneMatch(Some(tag("*"))).has(&tag("\"9\"")));
        assert!(!IfNoneMatch(None).has(&tag("\"1\"")));
    }
}
