//! The end of an account.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::people::{self, ErasureObstacle};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result, done};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::Body;
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        erasure_get => "people.erasure_get";
        user_erase => "people.user_erase";
    );
}

/// What keeps me from being erased: an empty list, when nothing does.
#[utoipa::path(get, path = "/v1/me/erasure", tag = "me",
    responses((status = 200, description = "All of it, up to a hundred things.", body = Page<ErasureObstacle>)))]
async fn erasure_get(
    State(app): State<App>,
    Read(me): Read,
) -> Result<Json<Page<ErasureObstacle>>> {
    Ok(Page::whole(
        people::erasure_get(&app.write().await?, me.user).await?,
    ))
}

/// The confirmation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Erasure {
    /// My name, as my account shows it.
    name: String,
}

/// Erase me, for good.
///
/// My listings go, what I wrote and what is known of me; deals and stars stay countable, under a number without a name.
/// Every token of mine ends at once. Nobody can undo it: save the export before.
#[utoipa::path(post, path = "/v1/me/erasure", tag = "me",
    responses((status = 204, description = "Erased.")))]
async fn user_erase(
    State(app): State<App>,
    Write(me): Write,
    Body(Erasure { name }): Body<Erasure>,
) -> Result<Response> {
    people::user_erase(&app.write().await?, me.user, &name).await?;
    Ok(done())
}
