//! Roles.

use kardan_schema::people::{self, UserRoleSet};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use super::{behind, block, count};
use crate::support::reason;

fn give(actor: UserId, user: UserId, role: Role) -> UserRoleSet {
    UserRoleSet {
        actor,
        user,
        role,
        version: None,
    }
}

#[tokio::test]
async fn an_administrator_appoints_and_removes_and_each_change_is_audited_once()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    for (role, version) in [
        (Role::Moderator, 2),
        (Role::Moderator, 2),
        (Role::Admin, 3),
        (Role::User, 4),
    ] {
        let now = people::user_role_set(&*api, &give(admin, user, role)).await?;
        assert_eq!((now.user_id, now.role, now.version), (user, role, version));
    }
    let audited = "select count(*) from ops_data.audit as a where a.action = 'user.role'";
    assert_eq!(count(&db, audited).await?, 3);
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_gives_roles_and_only_to_somebody_who_is_there() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    for (actor, expected) in [
        (user, Reason::RoleRequired),
        (moderator, Reason::RoleRequired),
        (UserId(-1), Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(people::user_role_set(&*api, &give(actor, user, Role::Admin)).await),
            expected
        );
    }
    assert_eq!(
        reason(people::user_role_set(&*api, &give(admin, UserId(-1), Role::User)).await),
        Reason::UserUnknown
    );
    let stale = UserRoleSet {
        version: Some(7),
        ..give(admin, user, Role::Moderator)
    };
    assert_eq!(
        reason(people::user_role_set(&*api, &stale).await),
        Reason::VersionStale
    );
    let answer = api
        .query(
            "select u.role from people.user_role_set($1, $2, 'owner', null) as u",
            &[&admin, &user],
        )
        .await
        .map_err(kardan_schema::Error::from);
    assert_eq!(reason(answer), Reason::UserRoleKnown);
    Ok(())
}

#[tokio::test]
async fn whoever_is_blocked_is_not_appointed_but_may_be_removed() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, moderator).await?;
    assert_eq!(
        reason(people::user_role_set(&*api, &give(admin, moderator, Role::Admin)).await),
        Reason::BlockedNotAppointable
    );
    people::user_role_set(&*api, &give(admin, moderator, Role::User)).await?;
    assert_eq!(
        reason(people::user_role_set(&*api, &give(moderator, moderator, Role::Admin)).await),
        Reason::ActorBlocked
    );
    Ok(())
}

#[tokio::test]
async fn the_last_administrator_stays_one() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, other) = (db.person(Role::Admin).await?, db.person(Role::Admin).await?);
    let api = db.as_role("kardan_api").await?;
    people::user_role_set(&*api, &give(other, other, Role::User)).await?;
    for role in [Role::Moderator, Role::User] {
        assert_eq!(
            reason(people::user_role_set(&*api, &give(admin, admin, role)).await),
            Reason::LastAdmin
        );
    }
    // It is not a demotion.
    people::user_role_set(&*api, &give(admin, admin, Role::Admin)).await?;
    Ok(())
}

#[tokio::test]
async fn of_two_administrators_who_demote_each_other_at_once_one_is_refused() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let (lower, higher) = (db.person(Role::Admin).await?, db.person(Role::Admin).await?);
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    one.batch_execute("begin").await?;
    people::user_role_set(&*one, &give(higher, lower, Role::User)).await?;
    let back = give(lower, higher, Role::User);
    let second = behind(&db, &one, people::user_role_set(&*two, &back)).await?;
    assert_eq!(reason(second), Reason::RoleRequired);
    let admins = "select count(*) from people_data.users as u where u.role = 'admin'";
    assert_eq!(count(&db, admins).await?, 1);
    Ok(())
}

#[tokio::test]
async fn of_two_administrators_who_step_down_at_once_one_is_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (lower, higher) = (db.person(Role::Admin).await?, db.person(Role::Admin).await?);
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    one.batch_execute("begin").await?;
    people::user_role_set(&*one, &give(higher, higher, Role::User)).await?;
    let down = give(lower, lower, Role::User);
    let second = behind(&db, &one, people::user_role_set(&*two, &down)).await?;
    assert_eq!(reason(second), Reason::LastAdmin);
    Ok(())
}

#[tokio::test]
async fn an_appointment_and_a_block_at_once_take_turns() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    one.batch_execute("begin").await?;
    people::user_role_set(&*one, &give(admin, user, Role::Admin)).await?;
    let second = behind(&db, &one, block(&*two, admin, user)).await?;
    assert_eq!(reason(second), Reason::AdminNotBlockable);
    Ok(())
}
