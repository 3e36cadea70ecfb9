//! The helper by which the program reads a setting.

use kardan_schema::{Role, ops};
use kardan_testdb::Database;
use serde_json::json;

#[tokio::test]
async fn the_program_reads_what_an_administrator_set_and_its_own_default_otherwise()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    ops::setting_set(&*api, admin, "moderation.lease_seconds", &json!(61)).await?;
    let row = db
        .superuser()
        .await?
        .query_one(
            "select ops.setting_integer('moderation.lease_seconds', 5), ops.setting_integer('no.such', 5)",
            &[],
        )
        .await?;
    assert_eq!((row.get::<_, i32>(0), row.get::<_, i32>(1)), (61, 5));
    Ok(())
}
