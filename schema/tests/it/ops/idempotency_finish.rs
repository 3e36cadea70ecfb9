//! The tail of a request that may be repeated.

use kardan_schema::Role;
use kardan_schema::ops::{self, IdempotencyFinish};
use kardan_testdb::Database;
use serde_json::json;

use super::idempotency_begin::{answered, begin, finish};

#[tokio::test]
async fn an_answer_without_a_claimed_key_is_not_kept() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    ops::idempotency_finish(&*api, &finish(person)).await?;
    let known = ops::idempotency_begin(&*api, &begin(person)).await?;
    assert!(!known.is_stored);
    Ok(())
}

#[tokio::test]
async fn an_answer_that_was_told_is_not_replaced() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let mut api = db.as_role("kardan_api").await?;
    answered(&mut api, person).await?;
    let other = IdempotencyFinish {
        status: 500,
        headers: json!({}),
        body: Vec::new(),
        ..finish(person)
    };
    ops::idempotency_finish(&*api, &other).await?;
    let known = ops::idempotency_begin(&*api, &begin(person)).await?;
    assert_eq!(known.status, Some(201));
    Ok(())
}

#[tokio::test]
async fn bytes_come_back_as_they_were_sent() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let person = db.person(Role::User).await?;
    let mut api = db.as_role("kardan_api").await?;
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let tx = api.transaction().await?;
    ops::idempotency_begin(&tx, &begin(person)).await?;
    let answer = IdempotencyFinish {
        body: bytes.clone(),
        ..finish(person)
    };
    ops::idempotency_finish(&tx, &answer).await?;
    tx.commit().await?;
    let known = ops::idempotency_begin(&*api, &begin(person)).await?;
    assert_eq!(known.body, Some(bytes));
    Ok(())
}
