//! Changing a setting.

use kardan_schema::ops::{self, AuditList};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;
use serde_json::json;

use crate::support::reason;

const LEASE: &str = "moderation.lease_seconds";

fn acts_on_lease(actor: UserId) -> AuditList {
    AuditList {
        actor,
        from: None,
        to: None,
        object_type: Some("setting".to_owned()),
        object_id: Some(LEASE.to_owned()),
        limit: None,
        after_at: None,
        after_id: None,
    }
}

#[tokio::test]
async fn an_administrator_changes_a_setting_and_it_is_recorded() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let set = ops::setting_set(&*api, admin, LEASE, &json!(600)).await?;
    assert_eq!((&set.value, set.updated_by), (&json!(600), Some(admin)));
    let listed = ops::setting_list(&*api, admin).await?;
    assert!(listed.contains(&set));
    let acts = ops::audit_list(&*api, &acts_on_lease(admin)).await?;
    assert_eq!(acts.len(), 1);
    assert_eq!(
        (acts[0].actor_id, acts[0].action.as_str(), &acts[0].details),
        (Some(admin), "setting.set", &json!({"from": 900, "to": 600}))
    );
    Ok(())
}

#[tokio::test]
async fn setting_what_is_set_already_records_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, other) = (db.person(Role::Admin).await?, db.person(Role::Admin).await?);
    let api = db.as_role("kardan_api").await?;
    let set = ops::setting_set(&*api, admin, LEASE, &json!(600)).await?;
    let again = ops::setting_set(&*api, other, LEASE, &json!(600)).await?;
    assert_eq!(again, set);
    let acts = ops::audit_list(&*api, &acts_on_lease(admin)).await?;
    assert_eq!(acts.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_setting_keeps_its_type_and_a_whole_number_stays_one_that_the_program_can_read()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    for other in [
        json!("600"),
        json!(true),
        json!(null),
        json!([600]),
        json!({}),
    ] {
        assert_eq!(
            reason(ops::setting_set(&*api, admin, LEASE, &other).await),
            Reason::SettingType,
            "{other}"
        );
    }
    for odd in [
        json!(1.5),
        json!(-1),
        json!(2_147_483_648_i64),
        json!(1e300),
    ] {
        assert_eq!(
            reason(ops::setting_set(&*api, admin, LEASE, &odd).await),
            Reason::SettingWholeNumber,
            "{odd}"
        );
    }
    for good in [json!(0), json!(i32::MAX)] {
        let set = ops::setting_set(&*api, admin, LEASE, &good).await?;
        assert_eq!(set.value, good);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_setting_is_not_made() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(ops::setting_set(&*api, admin, "no.such", &json!(1)).await),
        Reason::SettingUnknown
    );
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_changes_settings() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for role in [Role::User, Role::Moderator] {
        let person = db.person(role).await?;
        assert_eq!(
            reason(ops::setting_set(&*api, person, LEASE, &json!(1)).await),
            Reason::RoleRequired
        );
    }
    assert_eq!(
        reason(ops::setting_set(&*api, UserId(-1), LEASE, &json!(1)).await),
        Reason::ActorUnknown
    );
    Ok(())
}
