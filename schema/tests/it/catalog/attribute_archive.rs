//! Taking an extra field out of use.

use kardan_schema::catalog;
use kardan_schema::{AttributeId, Kind, Reason, Role, UserId};
use kardan_testdb::Database;

use super::{acts, gap};
use crate::support::reason;

#[tokio::test]
async fn an_archived_field_is_no_longer_offered_and_archiving_it_again_changes_nothing()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let made = catalog::attribute_set(&*api, &gap(admin)).await?;
    let gone = catalog::attribute_archive(&*api, admin, made.attribute_id, Some(1)).await?;
    assert_eq!(
        (gone.attribute_id, gone.version, gone.changed),
        (made.attribute_id, 2, true)
    );
    let fields = catalog::attribute_list(&*api, Kind::Part, None).await?;
    assert!(fields.iter().all(|field| field.key != "gap_mm"));
    for version in [None, Some(1), Some(2)] {
        let again = catalog::attribute_archive(&*api, admin, made.attribute_id, version).await?;
        assert_eq!((again.version, again.changed), (2, false));
    }
    assert_eq!(acts(&db, "attribute.archive").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_field_that_changed_meanwhile_is_not_archived() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let made = catalog::attribute_set(&*api, &gap(admin)).await?;
    assert_eq!(
        reason(catalog::attribute_archive(&*api, admin, made.attribute_id, Some(2)).await),
        Reason::VersionStale
    );
    let fields = catalog::attribute_list(&*api, Kind::Part, None).await?;
    assert!(fields.iter().any(|field| field.key == "gap_mm"));
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_archives_and_only_what_there_is() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        let made = catalog::attribute_set(&*session, &gap(admin)).await?;
        for person in [Role::User, Role::Moderator] {
            let actor = db.person(person).await?;
            assert_eq!(
                reason(catalog::attribute_archive(&*session, actor, made.attribute_id, None).await),
                Reason::RoleRequired
            );
        }
        assert_eq!(
            reason(
                catalog::attribute_archive(&*session, UserId(-1), made.attribute_id, None).await
            ),
            Reason::ActorUnknown
        );
        assert_eq!(
            reason(catalog::attribute_archive(&*session, admin, AttributeId(-1), None).await),
            Reason::AttributeNotFound
        );
    }
    Ok(())
}
