//! Signing in with a proof of Telegram.

use chrono::{TimeDelta, Utc};
use kardan_schema::people::{self, SessionCreateTelegram};
use kardan_schema::{Reason, Role, Scope};
use kardan_testdb::Database;

use super::{behind, block, count, hash, sign_in};
use crate::support::reason;

#[tokio::test]
async fn a_proof_becomes_a_session_and_the_first_one_an_account() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let first = people::session_create_telegram(&*api, &sign_in(i64::MAX, 1)).await?;
    assert!(first.is_new);
    let lifetime = first.expires_at - Utc::now();
    assert!(lifetime > TimeDelta::minutes(59) && lifetime <= TimeDelta::hours(1));
    let second = people::session_create_telegram(&*api, &sign_in(i64::MAX, 2)).await?;
    assert_eq!((second.user_id, second.is_new), (first.user_id, false));
    assert_ne!(second.token_id, first.token_id);

    let bearer = people::token_authenticate(&*api, &hash(1)).await?.unwrap();
    assert_eq!(
        (bearer.token_id, bearer.user_id, bearer.role),
        (first.token_id, first.user_id, Role::User)
    );
    assert_eq!(bearer.scopes, [Scope::Read, Scope::Write]);
    let listed = people::token_list(&*api, first.user_id, None, None).await?;
    assert_eq!(listed[0].name, "Telegram on Android");
    assert_eq!(listed[0].kind, "session");
    Ok(())
}

#[tokio::test]
async fn a_proof_that_was_used_is_refused_and_changes_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let user = people::session_create_telegram(&*api, &sign_in(42, 1))
        .await?
        .user_id;
    let replay = SessionCreateTelegram {
        proof_hash: hash(1),
        username: Some("mallory".to_owned()),
        first_name: "Mallory".to_owned(),
        ..sign_in(42, 2)
    };
    assert_eq!(
        reason(people::session_create_telegram(&*api, &replay).await),
        Reason::SignInReplayed
    );
    let account = people::user_get(&*api, user).await?;
    assert_eq!(account.display_name, "Anna Petrova");
    assert_eq!(account.telegram_username.as_deref(), Some("anna_p"));
    assert_eq!(
        count(&db, "select count(*) from people_data.tokens").await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn of_two_sessions_with_one_proof_exactly_one_signs_in() -> anyhow::Result<()> {
    // For a new account and for one that is there: the locks differ.
    for is_known in [false, true] {
        let db = Database::create().await?;
        let (one, two) = (
            db.as_role("kardan_api").await?,
            db.as_role("kardan_api").await?,
        );
        if is_known {
            people::session_create_telegram(&*one, &sign_in(42, 1)).await?;
        }
        let twin = SessionCreateTelegram {
            proof_hash: hash(2),
            ..sign_in(42, 3)
        };
        one.batch_execute("begin").await?;
        people::session_create_telegram(&*one, &sign_in(42, 2)).await?;
        let second = behind(&db, &one, people::session_create_telegram(&*two, &twin)).await?;
        assert_eq!(reason(second), Reason::SignInReplayed);
        let sessions = count(&db, "select count(*) from people_data.tokens").await?;
        assert_eq!(sessions, if is_known { 2 } else { 1 });
    }
    Ok(())
}

#[tokio::test]
async fn a_proof_is_good_for_a_day_and_five_minutes_of_another_clock() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let day = TimeDelta::hours(24);
    let cases = [
        (-day + TimeDelta::seconds(30), true),
        (-day - TimeDelta::seconds(1), false),
        (TimeDelta::minutes(4), true),
        (TimeDelta::minutes(6), false),
        (TimeDelta::days(-20_000), false),
    ];
    for (number, (age, is_good)) in (1..).zip(cases) {
        let signed = SessionCreateTelegram {
            auth_at: Utc::now() + age,
            ..sign_in(42, number)
        };
        let answer = people::session_create_telegram(&*api, &signed).await;
        if is_good {
            answer?;
        } else {
            assert_eq!(reason(answer), Reason::SignInStale, "{age}");
        }
    }
    db.shift_clock("25 hours").await?;
    assert_eq!(
        reason(people::session_create_telegram(&*api, &sign_in(42, 9)).await),
        Reason::SignInStale
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_may_sign_in_and_is_known_to_be_blocked() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let user = people::session_create_telegram(&*api, &sign_in(42, 1))
        .await?
        .user_id;
    block(&*api, admin, user).await?;
    people::session_create_telegram(&*api, &sign_in(42, 2)).await?;
    let bearer = people::token_authenticate(&*api, &hash(2)).await?.unwrap();
    assert!(bearer.is_blocked);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_session_is_named_and_leaves_no_account() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let good = || sign_in(42, 1);
    let years = 2 * 366 * 24 * 3600;
    #[rustfmt::skip]
    let cases = [
        (SessionCreateTelegram { proof_hash: vec![1; 31], ..good() }, Reason::SignInProofSize),
        (SessionCreateTelegram { token_hash: vec![1; 33], ..good() }, Reason::TokenHashSize),
        (SessionCreateTelegram { scopes: vec![], ..good() }, Reason::TokenScopesKnown),
        (SessionCreateTelegram { ttl_seconds: 0, ..good() }, Reason::TokenLifetimeLimits),
        (SessionCreateTelegram { ttl_seconds: years, ..good() }, Reason::TokenLifetimeLimits),
        (sign_in(-42, 1), Reason::IdentityTelegramSubjectIsNumber),
    ];
    for (wrong, expected) in cases {
        assert_eq!(
            reason(people::session_create_telegram(&*api, &wrong).await),
            expected
        );
    }
    assert_eq!(
        count(&db, "select count(*) from people_data.users").await?,
        0
    );
    people::session_create_telegram(&*api, &good()).await?;
    let stolen = SessionCreateTelegram {
        proof_hash: hash(2),
        ..sign_in(43, 1)
    };
    assert_eq!(
        reason(people::session_create_telegram(&*api, &stolen).await),
        Reason::TokenHashUnique
    );
    Ok(())
}

#[tokio::test]
async fn a_session_has_a_name_whatever_the_device_says() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let long = "x".repeat(300);
    let cases = [
        (None, "Telegram"),
        (Some(" \n"), "Telegram"),
        (Some(long.as_str()), &long[..100]),
    ];
    for (number, (device, expected)) in (1..).zip(cases) {
        let from = SessionCreateTelegram {
            device: device.map(str::to_owned),
            ..sign_in(42, number)
        };
        let user = people::session_create_telegram(&*api, &from).await?.user_id;
        let newest = people::token_list(&*api, user, Some(1), None).await?;
        assert_eq!(newest[0].name, expected);
    }
    Ok(())
}
