//! People made at the command line.

use kardan_schema::people::{self, OperatorCreate};
use kardan_schema::{Language, Reason, Role};
use kardan_testdb::Database;

use super::{behind, count, is_forbidden};
use crate::support::reason;

fn boss() -> OperatorCreate {
    OperatorCreate {
        subject: "boss".to_owned(),
        display_name: " The  boss ".to_owned(),
        role: Role::Admin,
        language: Language::Ru,
    }
}

#[tokio::test]
async fn an_operator_makes_a_person_once_for_each_subject() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (one, two) = (
        db.as_role("kardan_admin").await?,
        db.as_role("kardan_admin").await?,
    );
    one.batch_execute("begin").await?;
    let first = people::operator_create(&*one, &boss()).await?;
    let other = OperatorCreate {
        display_name: "Somebody else".to_owned(),
        role: Role::User,
        ..boss()
    };
    let second = behind(&db, &one, people::operator_create(&*two, &other)).await??;
    assert_eq!(
        (first.is_new, second.is_new, second.user_id),
        (true, false, first.user_id)
    );
    let api = db.as_role("kardan_api").await?;
    let account = people::user_get(&*api, first.user_id).await?;
    assert_eq!(account.display_name, "The boss");
    assert_eq!(
        (account.role, account.language),
        (Role::Admin, Language::Ru)
    );
    assert_eq!(account.telegram_username, None);
    let audited = "select count(*) from ops_data.audit as a where a.action = 'user.create'";
    assert_eq!(count(&db, audited).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_person_needs_a_subject_and_a_name_and_only_an_operator_makes_one() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let admin = db.as_role("kardan_admin").await?;
    #[rustfmt::skip]
    let cases = [
        (OperatorCreate { subject: String::new(), ..boss() }, Reason::IdentitySubjectLength),
        (OperatorCreate { subject: "x".repeat(601), ..boss() }, Reason::IdentitySubjectLength),
        (OperatorCreate { display_name: " ".to_owned(), ..boss() }, Reason::UserNameLength),
        (OperatorCreate { display_name: "x".repeat(129), ..boss() }, Reason::UserNameLength),
    ];
    for (wrong, expected) in cases {
        assert_eq!(
            reason(people::operator_create(&*admin, &wrong).await),
            expected
        );
    }
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        assert!(
            is_forbidden(people::operator_create(&*session, &boss()).await),
            "{role}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn words_that_are_not_on_the_list_are_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.as_role("kardan_admin").await?;
    for (role, language, expected) in [
        ("owner", "ru", Reason::UserRoleKnown),
        ("user", "de", Reason::UserLanguageKnown),
    ] {
        let answer = admin
            .query(
                "select o.user_id from people.operator_create('x', 'X', $1, $2) as o",
                &[&role, &language],
            )
            .await
            .map_err(kardan_schema::Error::from);
        assert_eq!(reason(answer), expected);
    }
    Ok(())
}
