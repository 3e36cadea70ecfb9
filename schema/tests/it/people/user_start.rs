//! The bot's /start.

use kardan_schema::people::{self, UserStart, UserUpdate};
use kardan_schema::{Language, Reason, Role};
use kardan_testdb::Database;

use super::{behind, block, count, is_forbidden, start};
use crate::support::reason;

#[tokio::test]
async fn the_first_start_makes_an_account_and_the_second_finds_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let first = people::user_start(&*bot, &start(42)).await?;
    assert!(first.is_new);
    assert_eq!((first.language, first.role), (Language::En, Role::User));
    let second = people::user_start(&*bot, &start(42)).await?;
    assert_eq!(
        (second.user_id, second.is_new, second.language, second.role),
        (first.user_id, false, Language::En, Role::User)
    );
    let account = people::user_get(&*bot, first.user_id).await?;
    assert_eq!(account.display_name, "Anna Petrova");
    assert_eq!(account.telegram_username.as_deref(), Some("anna_p"));
    assert_eq!(account.version, 1);
    assert_eq!(
        count(&db, "select count(*) from people_data.users").await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_second_start_refreshes_the_profile_and_changes_nothing_else() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let user = people::user_start(&*bot, &start(42)).await?.user_id;
    let chosen = UserUpdate {
        actor: user,
        display_name: Some("Anna of the garage".to_owned()),
        language: Some(Language::Ru),
        version: None,
    };
    people::user_update(&*bot, &chosen).await?;
    db.superuser()
        .await?
        .batch_execute("update people_data.users as u set role = 'moderator'")
        .await?;
    let before = people::user_get(&*bot, user).await?;
    db.shift_clock("1 day").await?;

    let renamed = UserStart {
        username: Some("anna_new".to_owned()),
        first_name: "Ann".to_owned(),
        last_name: None,
        photo_url: Some("https://example.org/anna.jpg".to_owned()),
        ..start(42)
    };
    let again = people::user_start(&*bot, &renamed).await?;
    assert_eq!(
        (again.language, again.role),
        (Language::Ru, Role::Moderator)
    );
    let after = people::user_get(&*bot, user).await?;
    assert_eq!(
        after,
        people::Account {
            telegram_username: Some("anna_new".to_owned()),
            ..before
        }
    );
    let seen = "select count(*) from people_data.identities as i
        where i.first_name = 'Ann' and i.last_name is null and i.photo_url like '%anna.jpg'
            and i.seen_at > i.linked_at + interval '23 hours'";
    assert_eq!(count(&db, seen).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_name_that_came_from_telegram_follows_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let user = people::user_start(&*bot, &start(42)).await?.user_id;
    let married = UserStart {
        last_name: Some("Orlova".to_owned()),
        ..start(42)
    };
    people::user_start(&*bot, &married).await?;
    let account = people::user_get(&*bot, user).await?;
    assert_eq!(
        (account.display_name.as_str(), account.version),
        ("Anna Orlova", 2)
    );
    // Nothing new: not even the version moves.
    people::user_start(&*bot, &married).await?;
    assert_eq!(people::user_get(&*bot, user).await?.version, 2);
    Ok(())
}

#[tokio::test]
async fn telegram_ids_keep_all_their_64_bits() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    // The last two are one number when they pass through a double.
    let ids = [1, 1 << 31, 1 << 32, i64::MAX, (1 << 53) + 1, 1 << 53];
    for id in ids {
        assert!(people::user_start(&*bot, &start(id)).await?.is_new, "{id}");
    }
    for id in ids {
        assert!(!people::user_start(&*bot, &start(id)).await?.is_new, "{id}");
    }
    for id in [0, -1, i64::MIN] {
        assert_eq!(
            reason(people::user_start(&*bot, &start(id)).await),
            Reason::IdentityTelegramSubjectIsNumber
        );
    }
    assert_eq!(
        count(&db, "select count(*) from people_data.users").await?,
        6
    );
    Ok(())
}

#[tokio::test]
async fn a_name_is_never_empty_never_longer_than_128_characters_and_always_visible()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let long = "ё".repeat(100);
    let cases = [
        (
            long.as_str(),
            Some(long.as_str()),
            Some("u"),
            format!("{long} {}", "ё".repeat(27)),
        ),
        (
            "  Иван \n",
            Some("\tПетров"),
            None,
            "Иван Петров".to_owned(),
        ),
        ("", None, Some("anna_p"), "anna_p".to_owned()),
        (
            "\u{200b}\u{3164}",
            Some("\u{200d}"),
            Some("anna_p"),
            "anna_p".to_owned(),
        ),
        ("", Some(""), None, "Telegram".to_owned()),
        (
            "\u{202e}nimda",
            Some("\u{2066}x\u{2069}"),
            None,
            "nimda x".to_owned(),
        ),
        ("👩\u{200d}🔧", None, None, "👩\u{200d}🔧".to_owned()),
    ];
    for (id, (first, last, username, expected)) in (1..).zip(cases) {
        let named = UserStart {
            first_name: first.to_owned(),
            last_name: last.map(str::to_owned),
            username: username.map(str::to_owned),
            ..start(id)
        };
        let user = people::user_start(&*bot, &named).await?.user_id;
        assert_eq!(people::user_card(&*bot, user).await?.display_name, expected);
    }
    Ok(())
}

#[tokio::test]
async fn the_language_is_russian_unless_telegram_speaks_another() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let cases = [
        (None, Language::Ru),
        (Some("ru"), Language::Ru),
        (Some("ru-RU"), Language::Ru),
        (Some("en-GB"), Language::En),
        (Some("de"), Language::En),
    ];
    for (id, (code, expected)) in (1..).zip(cases) {
        let speaker = UserStart {
            language_code: code.map(str::to_owned),
            ..start(id)
        };
        assert_eq!(
            people::user_start(&*bot, &speaker).await?.language,
            expected
        );
    }
    Ok(())
}

#[tokio::test]
async fn two_first_starts_at_once_make_one_account() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (one, two) = (
        db.as_role("kardan_bot").await?,
        db.as_role("kardan_bot").await?,
    );
    one.batch_execute("begin").await?;
    let first = people::user_start(&*one, &start(42)).await?;
    let second = behind(&db, &one, people::user_start(&*two, &start(42))).await??;
    assert_eq!(
        (first.is_new, second.is_new, second.user_id),
        (true, false, first.user_id)
    );
    assert_eq!(
        count(&db, "select count(*) from people_data.users").await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_may_start_and_only_the_bot_starts_people() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let bot = db.as_role("kardan_bot").await?;
    let user = people::user_start(&*bot, &start(42)).await?.user_id;
    block(&*bot, admin, user).await?;
    assert_eq!(people::user_start(&*bot, &start(42)).await?.user_id, user);
    let api = db.as_role("kardan_api").await?;
    assert!(is_forbidden(people::user_start(&*api, &start(43)).await));
    Ok(())
}
