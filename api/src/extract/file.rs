//! The name of a photo's file in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kardan_photos::Name;
use utoipa::PartialSchema as _;

use super::{Declared, Demand};
use crate::app::App;
use crate::problem::{Own, Problem};

/// A file of a photo; whatever is not named like one is not there.
pub struct PhotoFile(pub Name);

impl FromRequestParts<App> for PhotoFile {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let unknown = || Problem::from(Own::ThingUnknown);
        let Path((shard, file)) = Path::<(String, String)>::from_request_parts(parts, app)
            .await
            .map_err(|_| unknown())?;
        Name::of_parts(&shard, &file).map(Self).ok_or_else(unknown)
    }
}

impl Declared for PhotoFile {
    fn declare(demand: &mut Demand) {
        demand.segments.extend([String::schema(), String::schema()]);
        demand.is_file = true;
    }
}
