//! What administrators read and set: settings and the record of acts.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::ops::{self, AuditEntry, AuditList, Setting};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::auth::Administer;
use crate::extract::{Ask, At, Body, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        setting_list => "ops.setting_list";
        setting_set => "ops.setting_set";
        audit_list => "ops.audit_list";
    );
}

/// Every setting.
#[utoipa::path(get, path = "/v1/settings", tag = "administration",
    responses((status = 200, description = "All of them.", body = Page<Setting>)))]
async fn setting_list(
    State(app): State<App>,
    Administer(me): Administer,
) -> Result<Json<Page<Setting>>> {
    Ok(Page::whole(
        ops::setting_list(&app.write().await?, me.user).await?,
    ))
}

/// A setting's value.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingChange {
    /// The value from now on.
    value: Value,
}

/// Change a setting.
#[utoipa::path(put, path = "/v1/settings/{key}", tag = "administration",
    responses((status = 200, description = "The setting.", body = Setting)))]
async fn setting_set(
    State(app): State<App>,
    Administer(me): Administer,
    At(key): At<String>,
    Body(change): Body<SettingChange>,
) -> Result<Json<Setting>> {
    let db = app.write().await?;
    Ok(Json(
        ops::setting_set(&db, me.user, &key, &change.value).await?,
    ))
}

/// Which acts to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AuditAsk {
    /// Not before; without it, the last 90 days.
    from: Option<DateTime<Utc>>,
    /// Not after; without it, now.
    to: Option<DateTime<Utc>>,
    /// Only this kind of thing.
    object_type: Option<String>,
    /// Only this thing.
    object_id: Option<String>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// Recorded acts, newest first.
#[utoipa::path(get, path = "/v1/audit", tag = "administration",
    responses((status = 200, description = "A part of the list.", body = Page<AuditEntry>)))]
async fn audit_list(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(ask): Ask<AuditAsk>,
) -> Result<Page<AuditEntry>> {
    let (limit, after) = page::<(DateTime<Utc>, i64)>(ask.limit, ask.cursor.as_deref())?;
    let AuditAsk {
        from,
        to,
        object_type,
        object_id,
        ..
    } = ask;
    let (after_at, after_id, limit_) =
        (after.map(|key| key.0), after.map(|key| key.1), Some(limit));
    let actor = me.user;
    let list = AuditList {
        actor,
        from,
        to,
        object_type,
        object_id,
        limit: limit_,
        after_at,
        after_id,
    };
    let rows = ops::audit_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| (row.at, row.audit_id)))
}
