//! A person as everybody sees them.

use kardan_schema::people;
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use super::block;
use crate::support::reason;

#[tokio::test]
async fn a_card_shows_the_name_of_anybody_blocked_or_not() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, user) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    let card = people::user_card(&*api, user).await?;
    assert_eq!(
        (card.user_id, card.display_name.as_str()),
        (user, "User of the test")
    );
    block(&*api, admin, user).await?;
    assert_eq!(people::user_card(&*api, user).await?, card);
    assert_eq!(
        reason(people::user_card(&*api, UserId(-1)).await),
        Reason::UserUnknown
    );
    Ok(())
}
