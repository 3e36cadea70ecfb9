//! Deleting tokens that ended long ago.

use kardan_schema::Role;
use kardan_schema::people::{self, TokenCreate};
use kardan_testdb::Database;

use super::{count, is_forbidden, token};

#[tokio::test]
async fn a_token_is_deleted_30_days_after_it_ended_by_time_or_by_hand() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let user = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    // The second ends today by hand, the others by time: after an hour and after 300 days.
    people::token_create(&*api, &token(user, 1)).await?;
    for number in [2, 3] {
        let long = TokenCreate {
            ttl_seconds: 300 * 24 * 3600,
            ..token(user, number)
        };
        let made = people::token_create(&*api, &long).await?;
        if number == 2 {
            people::token_revoke(&*api, user, made.token_id).await?;
        }
    }
    let maintenance = db.as_role("kardan_maintenance").await?;
    let cases = [
        ("29 days", 3),
        ("30 days", 2),
        ("31 days", 1),
        ("329 days", 1),
        ("331 days", 0),
    ];
    for (shift, left) in cases {
        db.shift_clock(shift).await?;
        people::tokens_purge(&*maintenance).await?;
        let found = count(&db, "select count(*) from people_data.tokens").await?;
        assert_eq!(found, left, "{shift}");
    }
    assert!(is_forbidden(people::tokens_purge(&*api).await));
    Ok(())
}
