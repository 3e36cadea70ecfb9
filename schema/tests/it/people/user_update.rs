//! Changing the own account.

use kardan_schema::people::{self, UserUpdate};
use kardan_schema::{Language, Reason, Role, UserId};
use kardan_testdb::Database;

use super::{behind, block};
use crate::support::reason;

fn rename(actor: UserId, name: &str, version: Option<i32>) -> UserUpdate {
    UserUpdate {
        actor,
        display_name: Some(name.to_owned()),
        language: None,
        version,
    }
}

#[tokio::test]
async fn a_person_changes_name_and_language_one_at_a_time() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    let named = people::user_update(&*api, &rename(user, " Олег \u{202e} Второй", Some(1))).await?;
    assert_eq!(named.display_name, "Олег Второй");
    assert_eq!((named.language, named.version), (Language::En, 2));
    let speaks = UserUpdate {
        actor: user,
        display_name: None,
        language: Some(Language::Ru),
        version: Some(2),
    };
    let changed = people::user_update(&*api, &speaks).await?;
    assert_eq!(changed.display_name, "Олег Второй");
    assert_eq!((changed.language, changed.version), (Language::Ru, 3));
    assert_eq!(people::user_get(&*api, user).await?, changed);
    // The same request again, with the version that it had: nothing is left to change.
    assert_eq!(people::user_update(&*api, &speaks).await?, changed);
    Ok(())
}

#[tokio::test]
async fn a_change_of_an_old_version_is_refused_also_when_both_come_at_once() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let (one, two) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    one.batch_execute("begin").await?;
    people::user_update(&*one, &rename(user, "First", Some(1))).await?;
    let late = rename(user, "Second", Some(1));
    let second = behind(&db, &one, people::user_update(&*two, &late)).await?;
    assert_eq!(reason(second), Reason::VersionStale);
    assert_eq!(people::user_get(&*one, user).await?.display_name, "First");
    people::user_update(&*two, &rename(user, "Any version", None)).await?;
    Ok(())
}

#[tokio::test]
async fn a_name_is_visible_and_at_most_128_characters_long() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    for wrong in ["", "  ", "\u{200b}\u{feff}", &"ё".repeat(129)] {
        assert_eq!(
            reason(people::user_update(&*api, &rename(user, wrong, None)).await),
            Reason::UserNameLength,
            "{wrong:?}"
        );
    }
    people::user_update(&*api, &rename(user, &"ё".repeat(128), None)).await?;
    let answer = api
        .query(
            "select u.version from people.user_update($1, null, 'de', null) as u",
            &[&user],
        )
        .await
        .map_err(kardan_schema::Error::from);
    assert_eq!(reason(answer), Reason::UserLanguageKnown);
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_and_a_stranger_change_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, user).await?;
    assert_eq!(
        reason(people::user_update(&*api, &rename(user, "X", None)).await),
        Reason::ActorBlocked
    );
    assert_eq!(
        reason(people::user_update(&*api, &rename(UserId(-1), "X", None)).await),
        Reason::ActorUnknown
    );
    Ok(())
}
