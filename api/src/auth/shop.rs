//! Programs of a shop: a token of the shop opens the goods of that shop, as the member who made it, and nothing else.
//! Members come to the same routes with tokens of their own.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use kardan_schema::market::{self, ShopBearer};
use kardan_schema::{Scope, ShopId, ShopScope};

use super::{Caller, bearer, caller, challenge};
use crate::app::App;
use crate::context::Context;
use crate::extract::{Declared, Demand};
use crate::problem::{Own, Problem, chain};
use crate::token;

macro_rules! goods {
    ($($(#[$meta:meta])* $name:ident, $scope:ident;)*) => {$(
        $(#[$meta])*
        pub struct $name(pub Caller);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                match bearer(&parts.headers).filter(|token| token::is_of_shop(token)) {
                    Some(token) => {
                        let holder = holder(parts, app, token).await?;
                        admit(parts, app, holder, ShopScope::$name).await.map(Self)
                    }
                    None => caller(parts, app, Scope::$scope).await.map(Self),
                }
            }
        }

        impl Declared for $name {
            fn declare(demand: &mut Demand) {
                demand.scope = Some(Scope::$scope);
                demand.shop_scope = Some(ShopScope::$name);
            }
        }
    )*};
}

goods! {
    /// Somebody who may read the goods of the shop in the path.
    GoodsRead, Read;
    /// Somebody who may write the goods of the shop in the path.
    GoodsWrite, Write;
    /// Somebody who may say how many pieces the shop in the path has.
    StockWrite, Write;
}

/// The shop and the member behind a token of a shop.
pub async fn holder(parts: &Parts, app: &App, token: &str) -> Result<ShopBearer, Problem> {
    let db = app.check().await?;
    let Some(holder) = market::shop_token_authenticate(&db, &token::hash(token)).await? else {
        // A guess is paid by the address that made it.
        app.limits().address(&parts.headers, &parts.extensions)?;
        return Err(challenge(Own::CredentialsInvalid));
    };
    drop(db);
    app.limits().token(holder.token_id)?;
    if let Some(context) = parts.extensions.get::<Context>() {
        context.speaks(holder.language);
    }
    Ok(holder)
}

async fn admit(
    parts: &mut Parts,
    app: &App,
    holder: ShopBearer,
    scope: ShopScope,
) -> Result<Caller, Problem> {
    // A path that cannot be read is refused by the extractor of its numbers.
    let path = RawPathParams::from_request_parts(parts, app).await.ok();
    let shop = path.as_ref().and_then(|path| {
        let found = path.iter().find(|(name, _)| *name == "shop_id");
        found.and_then(|(_, text)| text.parse().ok())
    });
    if shop.is_some_and(|shop| ShopId(shop) != holder.shop_id) {
        return Err(Own::ShopTokenElsewhere.into());
    }
    if !holder.scopes.contains(&scope) {
        return Err(Problem::from(Own::ScopeRequired).detail(format!("scope: {scope}")));
    }
    touch(app, &holder);
    Ok(Caller {
        user: holder.user_id,
        token: holder.token_id,
    })
}

/// Notes in the background that a token was used.
fn touch(app: &App, holder: &ShopBearer) {
    let token = holder.token_id;
    if !app.last_used().is_due(token) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        let Ok(db) = app.write().await else { return };
        if let Err(error) = market::shop_token_used(&db, token).await {
            tracing::debug!(error = %chain(&error), "the use of a token was not noted");
        }
    });
}
