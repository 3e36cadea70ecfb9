//! Who somebody is of whom the bot only hears.

use kardan_schema::people;
use kardan_schema::{Language, Role};
use kardan_testdb::Database;

use super::{count, is_forbidden, start};

#[tokio::test]
async fn who_is_asked_about_is_found_and_no_account_is_made() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let anna = people::user_start(&*bot, &start(42)).await?;
    let found = people::telegram_user_get(&*bot, 42).await?.unwrap();
    assert_eq!(
        (found.user_id, found.language, found.role),
        (anna.user_id, Language::En, Role::User)
    );
    assert!(found.is_reachable);
    assert_eq!(people::telegram_user_get(&*bot, 43).await?, None);
    assert_eq!(
        count(&db, "select count(*) from people_data.users").await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn somebody_whom_the_bot_cannot_reach_stays_so_until_they_start_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    people::user_start(&*bot, &start(42)).await?;
    db.superuser()
        .await?
        .batch_execute("update people_data.identities set unreachable_at = ops.clock_now()")
        .await?;
    for _ in 0..2 {
        let found = people::telegram_user_get(&*bot, 42).await?.unwrap();
        assert!(!found.is_reachable);
    }
    Ok(())
}

#[tokio::test]
async fn only_the_bot_asks() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    assert!(is_forbidden(people::telegram_user_get(&*api, 42).await));
    Ok(())
}
