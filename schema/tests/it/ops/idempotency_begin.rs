//! The head of a request that may be repeated.

use kardan_schema::ops::{self, IdempotencyBegin, IdempotencyFinish};
use kardan_schema::{Error, Reason, Role, UserId};
use kardan_testdb::{Database, Session};
use serde_json::json;

use crate::support::reason;

/// A request of this person with the key `k`.
pub(super) fn begin(actor: UserId) -> IdempotencyBegin {
    IdempotencyBegin {
        actor,
        key: "k".to_owned(),
        route: "POST /v1/shops".to_owned(),
        request_hash: vec![7; 32],
    }
}

/// Its answer.
pub(super) fn finish(actor: UserId) -> IdempotencyFinish {
    IdempotencyFinish {
        actor,
        key: "k".to_owned(),
        status: 201,
        headers: json!({"location": "/v1/shops/1"}),
        body: br#"{"shop_id":1}"#.to_vec(),
    }
}

/// A whole request with its answer, in one transaction.
pub(super) async fn answered(session: &mut Session, actor: UserId) -> anyhow::Result<()> {
    let tx = session.transaction().await?;
    let known = ops::idempotency_begin(&tx, &begin(actor)).await?;
    assert!(!known.is_stored);
    ops::idempotency_finish(&tx, &finish(actor)).await?;
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_new_key_is_claimed_and_nothing_is_stored_for_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    let known = ops::idempotency_begin(&*api, &begin(person)).await?;
    assert!(!known.is_stored);
    assert_eq!(
        (known.status, known.headers, known.body),
        (None, None, None)
    );
    Ok(())
}

#[tokio::test]
async fn the_same_request_again_gets_the_stored_answer() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let mut api = db.as_role("kardan_api").await?;
    answered(&mut api, person).await?;
    for _ in 0..2 {
        let known = ops::idempotency_begin(&*api, &begin(person)).await?;
        let told = finish(person);
        assert!(known.is_stored);
        assert_eq!(
            (known.status, known.headers, known.body),
            (Some(told.status), Some(told.headers), Some(told.body))
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_key_does_not_serve_another_body_or_another_route() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let mut api = db.as_role("kardan_api").await?;
    answered(&mut api, person).await?;
    let body = IdempotencyBegin {
        request_hash: vec![8; 32],
        ..begin(person)
    };
    let route = IdempotencyBegin {
        route: "POST /v1/listings".to_owned(),
        ..begin(person)
    };
    for other in [body, route] {
        assert_eq!(
            reason(ops::idempotency_begin(&*api, &other).await),
            Reason::IdempotencyKeyReused
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_same_key_of_another_person_is_another_key() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (person, other) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let mut api = db.as_role("kardan_api").await?;
    answered(&mut api, person).await?;
    answered(&mut api, other).await?;
    Ok(())
}

#[tokio::test]
async fn a_repetition_that_comes_too_early_is_refused_at_once() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (person, other) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let (mut first, mut second) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let tx = first.transaction().await?;
    ops::idempotency_begin(&tx, &begin(person)).await?;
    let answer = ops::idempotency_begin(&*second, &begin(person)).await;
    let Err(Error::Conflict(fault)) = &answer else {
        panic!("was not refused as a conflict: {answer:?}");
    };
    assert_eq!(fault.reason, Reason::IdempotencyInFlight);
    // Another person's request does not wait for it.
    answered(&mut second, other).await?;

    ops::idempotency_finish(&tx, &finish(person)).await?;
    tx.commit().await?;
    let known = ops::idempotency_begin(&*second, &begin(person)).await?;
    assert!(known.is_stored);
    Ok(())
}

#[tokio::test]
async fn a_request_that_failed_leaves_nothing_behind() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let mut api = db.as_role("kardan_api").await?;
    let tx = api.transaction().await?;
    ops::idempotency_begin(&tx, &begin(person)).await?;
    ops::idempotency_finish(&tx, &finish(person)).await?;
    tx.rollback().await?;
    // Neither the key nor its body: another request may take it.
    let other = IdempotencyBegin {
        request_hash: vec![8; 32],
        ..begin(person)
    };
    let known = ops::idempotency_begin(&*api, &other).await?;
    assert!(!known.is_stored);
    Ok(())
}

#[tokio::test]
async fn after_24_hours_the_key_is_a_new_one() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let mut api = db.as_role("kardan_api").await?;
    answered(&mut api, person).await?;
    for (shift, is_stored) in [("23 hours 59 minutes", true), ("24 hours", false)] {
        db.shift_clock(shift).await?;
        let known = ops::idempotency_begin(&*api, &begin(person)).await?;
        assert_eq!(known.is_stored, is_stored, "{shift}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_has_1_to_255_characters_and_a_hash_32_bytes() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    for key in [String::new(), "k".repeat(256)] {
        let odd = IdempotencyBegin {
            key,
            ..begin(person)
        };
        assert_eq!(
            reason(ops::idempotency_begin(&*api, &odd).await),
            Reason::IdempotencyKeyLength
        );
    }
    let longest = IdempotencyBegin {
        key: "ключ ".repeat(51),
        ..begin(person)
    };
    let known = ops::idempotency_begin(&*api, &longest).await?;
    assert!(!known.is_stored);
    let short = IdempotencyBegin {
        request_hash: vec![7; 31],
        ..begin(person)
    };
    assert_eq!(
        reason(ops::idempotency_begin(&*api, &short).await),
        Reason::IdempotencyRequestHashSize
    );
    Ok(())
}
