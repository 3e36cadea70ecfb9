//! Reading the settings.

use kardan_schema::{Reason, Role, UserId, ops};
use kardan_testdb::Database;
use serde_json::json;

use crate::support::reason;

#[tokio::test]
async fn an_administrator_sees_every_setting_as_it_came() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let settings = ops::setting_list(&*api, admin).await?;
    let lease = settings
        .iter()
        .find(|setting| setting.key == "moderation.lease_seconds")
        .unwrap();
    assert_eq!((&lease.value, lease.updated_by), (&json!(900), None));
    assert!(settings.is_sorted_by_key(|setting| setting.key.clone()));
    assert!(
        settings
            .iter()
            .all(|setting| !setting.description.is_empty())
    );
    Ok(())
}

#[tokio::test]
async fn settings_are_shown_to_administrators_only() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for role in [Role::User, Role::Moderator] {
        let person = db.person(role).await?;
        assert_eq!(
            reason(ops::setting_list(&*api, person).await),
            Reason::RoleRequired
        );
    }
    assert_eq!(
        reason(ops::setting_list(&*api, UserId(-1)).await),
        Reason::ActorUnknown
    );
    Ok(())
}
