//! Other people: what everybody sees of them, and what moderators and administrators do.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::people::{
    self, Block, Unblocked, UserBlock, UserCard, UserEntry, UserList, UserRole, UserRoleSet,
};
use kardan_schema::{Role, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{Administer, Moderate};
use crate::extract::{Ask, At, Body, IfMatch, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        user_list => "people.user_list";
        user_card => "people.user_card";
        user_role_set => "people.user_role_set";
        user_block => "people.user_block";
        user_unblock => "people.user_unblock";
    );
}

/// Whom to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct UserAsk {
    /// A part of the name or username, or a number of ours or of Telegram.
    query: Option<String>,
    /// Only people with this role.
    role: Option<Role>,
    /// Only people who are blocked, or only people who are not.
    blocked: Option<bool>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// People, newest first.
#[utoipa::path(get, path = "/v1/users", tag = "users",
    responses((status = 200, description = "A part of the list.", body = Page<UserEntry>)))]
async fn user_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<UserAsk>,
) -> Result<Page<UserEntry>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let UserAsk {
        query,
        role,
        blocked,
        ..
    } = ask;
    let (limit_, after) = (Some(limit), after.map(UserId));
    let list = UserList {
        actor: me.user,
        query,
        role,
        blocked,
        limit: limit_,
        after,
    };
    let rows = people::user_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.user_id.0))
}

/// A person as everybody sees them.
#[utoipa::path(get, path = "/v1/users/{user_id}", tag = "users",
    responses((status = 200, description = "The person.", body = UserCard)))]
async fn user_card(State(app): State<App>, At(user): At<UserId>) -> Result<Json<UserCard>> {
    Ok(Json(people::user_card(&app.look_up().await?, user).await?))
}

/// A role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleChange {
    /// The role from now on.
    role: Role,
}

/// Give a person a role.
#[utoipa::path(put, path = "/v1/users/{user_id}/role", tag = "users",
    responses((status = 200, description = "The role as it is now.", body = UserRole)))]
async fn user_role_set(
    State(app): State<App>,
    Administer(me): Administer,
    At(user): At<UserId>,
    IfMatch(version): IfMatch,
    Body(change): Body<RoleChange>,
) -> Result {
    let change = UserRoleSet {
        actor: me.user,
        user,
        role: change.role,
        version,
    };
    let role = people::user_role_set(&app.write().await?, &change).await?;
    Ok(versioned(role.version, &role))
}

/// A block.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BlockWish {
    /// When it ends; without it, when it is lifted.
    until: Option<DateTime<Utc>>,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// Block a person, or block them anew.
#[utoipa::path(put, path = "/v1/users/{user_id}/block", tag = "users",
    responses((status = 200, description = "The block.", body = Block)))]
async fn user_block(
    State(app): State<App>,
    Administer(me): Administer,
    At(user): At<UserId>,
    Body(wish): Body<BlockWish>,
) -> Result<Json<Block>> {
    let block = UserBlock {
        actor: me.user,
        user,
        until: wish.until,
        reason: wish.reason,
    };
    Ok(Json(people::user_block(&app.write().await?, &block).await?))
}

/// Why a block is lifted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct UnblockAsk {
    /// A note for the history.
    note: Option<String>,
}

/// Lift the block of a person.
#[utoipa::path(delete, path = "/v1/users/{user_id}/block", tag = "users",
    responses((status = 200, description = "The person is not blocked.", body = Unblocked)))]
async fn user_unblock(
    State(app): State<App>,
    Administer(me): Administer,
    At(user): At<UserId>,
    Ask(ask): Ask<UnblockAsk>,
) -> Result<Json<Unblocked>> {
    let db = app.write().await?;
    Ok(Json(
        people::user_unblock(&db, me.user, user, ask.note.as_deref()).await?,
    ))
}
