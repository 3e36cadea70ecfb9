//! A JSON body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::{Declared, Demand};
use crate::app::App;
use crate::problem::{Own, Problem};

/// The body of a request, read from JSON.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        parse(&bytes(request, app).await?).map(Self)
    }
}

impl<T: ToSchema> Declared for Body<T> {
    fn declare(demand: &mut Demand) {
        declare::<T>(demand);
    }
}

pub(super) fn declare<T: ToSchema>(demand: &mut Demand) {
    demand.schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(&mut demand.schemas);
    demand.body = Some(T::name().into_owned());
}

/// The bytes of a body that calls itself JSON.
pub(super) async fn bytes(request: Request, app: &App) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        return Err(Own::MediaTypeUnsupported.into());
    }
    Bytes::from_request(request, app)
        .await
        .map_err(|rejection| {
            let own = match rejection.status().as_u16() {
                413 => Own::BodyTooLarge,
                _ => Own::BadRequest,
            };
            own.into()
        })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
    else {
        return false;
    };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Reads a value; a failure names the field.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // The path to a field costs time, so it is looked for only when there is a fault.
    match serde_json::from_slice(bytes) {
        // serde also reads the fields of an object off a list, by their order.
        Ok(_) if bytes.trim_ascii_start().starts_with(b"[") => {
            Err(Problem::from(Own::BodyInvalid).at("", Some("expected an object".to_owned())))
        }
        Ok(value) => Ok(value),
        Err(error) if error.is_data() => {
            let read = &mut serde_json::Deserializer::from_slice(bytes);
            let (pointer, message) = match serde_path_to_error::deserialize::<_, T>(read) {
                Err(error) => (pointer(error.path()), error.inner().to_string()),
                Ok(_) => (String::new(), error.to_string()),
            };
            Err(Problem::from(Own::BodyInvalid).at(pointer, Some(message)))
        }
        Err(error) => Err(Problem::from(Own::BodyMalformed).detail(error.to_string())),
    }
}

/// The path as a JSON pointer (RFC 6901).
pub(super) fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        text.push('/');
        match segment {
            Segment::Seq { index } => text.push_str(&index.to_string()),
            Segment::Map { key } => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => text.push_str(variant),
            Segment::Unknown => text.push('?'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only how it is read matters")]
    struct Order {
        pieces: Vec<u8>,
    }

    fn shown(json: &str) -> String {
        format!("{:?}", parse::<Order>(json.as_bytes()).unwrap_err())
    }

    #[test]
    fn a_fault_in_a_body_is_shown_by_its_pointer() {
        assert!(shown(r#"{"pieces": [1, "x"]}"#).contains("\"/pieces/1\""));
        assert!(shown(r#"{"pieces": [], "size": 1}"#).contains("\"/size\""));
        assert!(shown("{").contains("BodyMalformed"));
        assert!(shown("{}").contains("BodyInvalid"));
        assert!(shown(" [[1]]").contains("expected an object"));
        assert!(shown("[[1]").contains("BodyMalformed"));
    }
}
