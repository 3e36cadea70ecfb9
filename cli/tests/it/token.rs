//! `kardan token`.

use kardan_schema::{Role, people};
use kardan_testdb::Database;
use sha2::{Digest as _, Sha256};

use crate::process::{kardan, run};

#[tokio::test]
async fn a_token_is_printed_once_and_only_its_hash_is_kept() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let url = db.url_as("kardan_admin");
    let create = |user: &str| {
        run(kardan().args([
            "token",
            "create",
            "--user",
            user,
            "--role",
            "moderator",
            "--scope",
            "moderate",
            "--database-url",
            &url,
        ]))
    };
    let (code, out, err) = create("ci");
    assert_eq!(code, 0, "{err}");
    let token = out.trim();
    let api = db.as_role("kardan_api").await?;
    let bearer = people::token_authenticate(&*api, &Sha256::digest(token))
        .await?
        .expect("the token is good");
    assert_eq!(bearer.role, Role::Moderator);
    let kept: i64 = db
        .superuser()
        .await?
        .query_one(
            "select count(*) from people_data.tokens as t where t::text like '%' || $1 || '%'",
            &[&token],
        )
        .await?
        .get(0);
    assert_eq!(kept, 0);

    // The same name is the same person, and a number is that person too.
    let (_, _, err) = create("ci");
    assert!(err.contains(&format!("user {}", bearer.user_id)), "{err}");
    assert_eq!(create(&bearer.user_id.to_string()).0, 0);
    Ok(())
}

#[tokio::test]
async fn nobodys_number_and_an_unknown_scope_are_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let url = db.url_as("kardan_admin");
    let create = |user: &str, scope: &str| {
        run(kardan().args([
            "token",
            "create",
            "--user",
            user,
            "--scope",
            scope,
            "--database-url",
            &url,
        ]))
    };
    let (code, _, err) = create("999999", "read");
    assert_eq!(code, 1);
    assert!(err.contains("There is no such person"), "{err}");
    let (code, _, err) = create("ci", "everything");
    assert_eq!(code, 2);
    assert!(err.contains("read, write, moderate, administer"), "{err}");
    Ok(())
}
