//! Parameters in the path and after the question mark.

use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, MatchedPath, Path};
use axum::http::request::Parts;
use kardan_schema::{
    AttributeId, BrandId, BroadcastId, CategoryId, ChannelId, GenerationId, ListingId, MakeId,
    ModelId, ModerationItemId, MuteType, NoticeId, PlaceId, SavedSearchId, ShopId, UserId,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use super::body::pointer;
use super::{Declared, Demand};
use crate::app::App;
use crate::cursor::{self, ListKey};
use crate::problem::{Own, Problem};

/// The parameters of the path.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, app).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => {
                let kind = error.into_kind();
                let message = kind.to_string();
                let name = match kind {
                    ErrorKind::ParseErrorAtKey { key, .. }
                    | ErrorKind::DeserializeError { key, .. }
                    | ErrorKind::InvalidUtf8InPathParam { key } => key,
                    ErrorKind::ParseErrorAtIndex { index, .. } => name_of(parts, index),
                    _ => name_of(parts, 0),
                };
                Err(Problem::from(Own::ParameterInvalid).at(format!("/{name}"), Some(message)))
            }
            Err(_) => Err(Own::RouteUnknown.into()),
        }
    }
}

/// The name of a parameter by its place in the route's template.
fn name_of(parts: &Parts, index: usize) -> String {
    let route = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let mut names = route
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.nth(index).unwrap_or_default().to_owned()
}

/// Something that may stand between two slashes.
pub trait Segment {
    /// Its schema.
    fn schema() -> RefOr<Schema>;
}

macro_rules! segments {
    ($($ty:ty => $kind:ident, $format:expr;)*) => {
        $(impl Segment for $ty {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::$kind).format($format).into()
            }
        }

        impl Declared for At<$ty> {
            fn declare(demand: &mut Demand) {
                demand.segments.push(<$ty as Segment>::schema());
            }
        })*
    };
}

segments! {
    i64 => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    String => String, None;
    Uuid => String, Some(SchemaFormat::KnownFormat(KnownFormat::Uuid));
    AttributeId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    MakeId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    ModelId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    UserId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    ShopId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    ListingId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    CategoryId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    BrandId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    PlaceId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    GenerationId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    ModerationItemId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    SavedSearchId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    NoticeId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    ChannelId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    BroadcastId => Integer, Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
}

impl Segment for MuteType {
    fn schema() -> RefOr<Schema> {
        let words = Self::ALL.iter().map(|one| one.word());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words))
            .into()
    }
}

impl<A: Segment, B: Segment> Declared for At<(A, B)> {
    fn declare(demand: &mut Demand) {
        demand.segments.extend([A::schema(), B::schema()]);
    }
}

impl<A: Segment, B: Segment, C: Segment> Declared for At<(A, B, C)> {
    fn declare(demand: &mut Demand) {
        demand
            .segments
            .extend([A::schema(), B::schema(), C::schema()]);
    }
}

/// The parameters after the question mark.
pub struct Ask<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Ask<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let read = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(read)
            .map(Self)
            .map_err(|error| {
                let (pointer, message) = (pointer(error.path()), error.inner().to_string());
                Problem::from(Own::ParameterInvalid).at(pointer, Some(message))
            })
    }
}

impl<T: IntoParams> Declared for Ask<T> {
    fn declare(demand: &mut Demand) {
        demand
            .query
            .extend(T::into_params(|| Some(ParameterIn::Query)));
    }
}

/// How much of a list is asked for, and where it goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageAsk {
    /// At most so many rows, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on: the field `next` of the part before.
    cursor: Option<String>,
}

/// How many rows a list gives when nobody says.
const USUAL: i32 = 20;

/// The greatest number of rows.
const MOST: i32 = 100;

/// The number of rows that is asked for, and the key after which the list goes on.
pub fn page<K: ListKey>(
    limit: Option<i32>,
    cursor: Option<&str>,
) -> Result<(i32, Option<K>), Problem> {
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        let message = format!("expected 1 to {MOST}");
        return Err(Problem::from(Own::ParameterInvalid).at("/limit", Some(message)));
    }
    Ok((limit, cursor.map(cursor::decode).transpose()?))
}

impl PageAsk {
    /// The number of rows and the key after which the list goes on.
    pub fn read<K: ListKey>(&self) -> Result<(i32, Option<K>), Problem> {
        page(self.limit, self.cursor.as_deref())
    }
}
