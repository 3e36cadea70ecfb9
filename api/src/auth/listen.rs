//! Who listens to events: somebody with a token, or with a ticket that was made with one, for a browser cannot send a
//! header there, and a token has no place in an address.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kardan_schema::{Scope, people};

use super::{Caller, admit, challenge, holder};
use crate::app::App;
use crate::extract::{Declared, Demand};
use crate::problem::{Own, Problem};
use crate::token;

/// Somebody who may read, by their token or by a ticket in the address, which is used up.
pub struct Listen(pub Caller);

impl FromRequestParts<App> for Listen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let ticket = pairs.find(|(name, _)| name == "ticket");
        let Some((_, ticket)) = ticket else {
            let holder = holder(parts, app, Scope::Read).await?;
            return Ok(Self(Caller::from(&holder)));
        };
        let db = app.write().await?;
        let Some(holder) = people::ticket_use(&db, token::hash(&ticket)).await? else {
            app.limits().address(&parts.headers, &parts.extensions)?;
            return Err(challenge(Own::CredentialsInvalid));
        };
        drop(db);
        admit(parts, app, &holder, Scope::Read)?;
        Ok(Self(Caller::from(&holder)))
    }
}

impl Declared for Listen {
    fn declare(demand: &mut Demand) {
        demand.scope = Some(Scope::Read);
    }
}
