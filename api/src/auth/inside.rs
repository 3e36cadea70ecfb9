//! The inside of a listing: its people reach it as such, and moderators reach everybody's, which takes the scope
//! `moderate`. A moderator whose token lacks it is one who buys and sells.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use kardan_schema::people::Bearer;
use kardan_schema::{ListingId, Role, Scope, market};

use super::{Caller, holder};
use crate::app::App;
use crate::extract::{Declared, Demand};
use crate::problem::Problem;

macro_rules! inside {
    ($($(#[$meta:meta])* $name:ident, $scope:ident;)*) => {$(
        $(#[$meta])*
        pub struct $name(pub Caller);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let holder = holder(parts, app, Scope::$scope).await?;
                if holder.role != Role::User && !holder.scopes.contains(&Scope::Moderate) {
                    refuse_moderating(parts, app, &holder).await?;
                }
                Ok(Self(Caller::from(&holder)))
            }
        }

        impl Declared for $name {
            fn declare(demand: &mut Demand) {
                demand.scope = Some(Scope::$scope);
            }
        }
    )*};
}

inside! {
    /// Somebody whose token may read the listing of the path.
    ReadInside, Read;
    /// Somebody whose token may change the listing of the path.
    WriteInside, Write;
}

async fn refuse_moderating(parts: &mut Parts, app: &App, holder: &Bearer) -> Result<(), Problem> {
    // A path that cannot be read is refused by the extractor of its numbers.
    let path = RawPathParams::from_request_parts(parts, app).await.ok();
    let number = |name| {
        let found = path.as_ref()?.iter().find(|(key, _)| *key == name);
        found.and_then(|(_, text)| text.parse::<i64>().ok())
    };
    let (listing, fitment) = (number("listing_id").map(ListingId), number("fitment_id"));
    let db = app.check().await?;
    Ok(market::listing_moderating_refuse(&db, holder.user_id, listing, fitment).await?)
}
