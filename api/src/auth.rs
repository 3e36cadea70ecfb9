//! Who asks: the token of `Authorization: Bearer`, looked up for every request, so that a revoked one is dead at once.
//!
//! A handler names the scope that it needs by its extractor: [`Read`], [`Write`], [`Moderate`], [`Administer`] or [`Alert`]. Whether
//! the person may do the thing is decided by the function that is called. Where a function shows or does more for moderators
//! than for others, the extractor is [`ReadInside`] or [`WriteInside`]; where a visitor may do it too, it is [`Anybody`];
//! where a program of a shop may do it too, it is [`GoodsRead`], [`GoodsWrite`] or [`StockWrite`].

mod inside;
mod listen;
mod shop;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use kardan_schema::people::{self, Bearer};
use kardan_schema::{Scope, UserId};
use uuid::Uuid;

pub use self::inside::{ReadInside, WriteInside};
pub use self::listen::Listen;
pub use self::shop::{GoodsRead, GoodsWrite, StockWrite};
use crate::app::App;
use crate::context::Context;
use crate::extract::{Declared, Demand};
use crate::problem::{Own, Problem, chain};
use crate::token;

/// The person behind the token and the token itself.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub user: UserId,
    pub token: Uuid,
}

impl From<&Bearer> for Caller {
    fn from(holder: &Bearer) -> Self {
        Self {
            user: holder.user_id,
            token: holder.token_id,
        }
    }
}

macro_rules! scopes {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        pub struct $name(pub Caller);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                caller(parts, app, Scope::$name).await.map(Self)
            }
        }

        impl Declared for $name {
            fn declare(demand: &mut Demand) {
                demand.scope = Some(Scope::$name);
            }
        }
    )*};
}

scopes! {
    /// Somebody whose token may read.
    Read;
    /// Somebody whose token may change things.
    Write;
    /// Somebody whose token may moderate.
    Moderate;
    /// Somebody whose token may administer.
    Administer;
    /// A program whose token may report alerts.
    Alert;
}

/// Somebody whose token may read, or a visitor without a token.
pub enum Anybody {
    /// The person of the token, which must be a good one where there is one.
    Person(UserId),
    /// What tells one visitor from another: address and browser. Never to be kept or logged.
    Visitor(String),
}

impl Anybody {
    /// The person, and what a visitor is told by: one of them.
    pub fn split(self) -> (Option<UserId>, Option<String>) {
        match self {
            Self::Person(user) => (Some(user), None),
            Self::Visitor(visitor) => (None, Some(visitor)),
        }
    }
}

impl FromRequestParts<App> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            let me = caller(parts, app, Scope::Read).await?;
            return Ok(Self::Person(me.user));
        }
        let address = app.limits().client(&parts.headers, &parts.extensions);
        let browser = parts.headers.get(header::USER_AGENT);
        let browser = browser.and_then(|browser| browser.to_str().ok());
        Ok(Self::Visitor(format!(
            "{address} {}",
            browser.unwrap_or_default()
        )))
    }
}

impl Declared for Anybody {
    fn declare(demand: &mut Demand) {
        demand.may_sign_in = true;
    }
}

async fn caller(parts: &Parts, app: &App, scope: Scope) -> Result<Caller, Problem> {
    let holder = holder(parts, app, scope).await?;
    Ok(Caller::from(&holder))
}

/// The person behind the token of a request, which has this scope.
async fn holder(parts: &Parts, app: &App, scope: Scope) -> Result<Bearer, Problem> {
    let Some(token) = bearer(&parts.headers) else {
        app.limits().address(&parts.headers, &parts.extensions)?;
        return Err(challenge(Own::CredentialsRequired));
    };
    if token::is_of_shop(token) {
        shop::holder(parts, app, token).await?;
        return Err(Own::ShopTokenElsewhere.into());
    }
    let db = app.check().await?;
    let Some(holder) = people::token_authenticate(&db, &token::hash(token)).await? else {
        // A guess is paid by the address that made it.
        app.limits().address(&parts.headers, &parts.extensions)?;
        return Err(challenge(Own::CredentialsInvalid));
    };
    drop(db);
    admit(parts, app, &holder, scope)?;
    Ok(holder)
}

/// Lets somebody in whose token has this scope.
fn admit(parts: &Parts, app: &App, holder: &Bearer, scope: Scope) -> Result<(), Problem> {
    app.limits().token(holder.token_id)?;
    if let Some(context) = parts.extensions.get::<Context>() {
        context.speaks(holder.language);
    }
    if !holder.scopes.contains(&scope) {
        return Err(Problem::from(Own::ScopeRequired).detail(format!("scope: {scope}")));
    }
    touch(app, holder);
    Ok(())
}

/// The token that a request carries.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn challenge(own: Own) -> Problem {
    Problem::from(own).header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// Notes in the background that a token was used.
fn touch(app: &App, holder: &Bearer) {
    let token = holder.token_id;
    if !app.last_used().is_due(token) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        let Ok(db) = app.write().await else { return };
        if let Err(error) = people::token_used(&db, token).await {
            tracing::debug!(error = %chain(&error), "the use of a token was not noted");
        }
    });
}

/// When the use of a token was last noted, so that the database is not asked for each request.
#[derive(Default)]
pub struct LastUsed(Mutex<HashMap<Uuid, Instant>>);

/// The database notes a use at most once a minute; so do we.
const NOTED_EVERY: Duration = Duration::from_secs(60);

impl LastUsed {
    fn is_due(&self, token: Uuid) -> bool {
        let Ok(mut noted) = self.0.lock() else {
            return false;
        };
        let now = Instant::now();
        if noted
            .get(&token)
            .is_some_and(|at| now.duration_since(*at) < NOTED_EVERY)
        {
            return false;
        }
        noted.insert(token, now);
        true
    }

    /// Forgets tokens whose use is due again anyway.
    pub fn tidy(&self) {
        if let Ok(mut noted) = self.0.lock() {
            noted.retain(|_, at| at.elapsed() < NOTED_EVERY);
        }
    }
}
