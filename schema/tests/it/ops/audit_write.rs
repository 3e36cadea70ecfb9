//! What was recorded stays as it was recorded.

use kardan_schema::{Error, Reason};
use kardan_testdb::Database;

use crate::support::reason;

#[tokio::test]
async fn a_recorded_act_is_neither_changed_nor_deleted() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session
        .execute(
            "select ops.audit_write(null, 'thing.move', 'thing', '1', '{}')",
            &[],
        )
        .await?;
    for attempt in [
        "update ops_data.audit set action = 'thing.stay'",
        "delete from ops_data.audit",
    ] {
        let answer = session.execute(attempt, &[]).await.map_err(Error::from);
        assert_eq!(reason(answer), Reason::HistoryIsAppendOnly, "{attempt}");
    }
    let row = session
        .query_one(
            "select count(*), min(a.action) from ops_data.audit as a",
            &[],
        )
        .await?;
    assert_eq!((row.get::<_, i64>(0), row.get(1)), (1, "thing.move"));
    Ok(())
}

#[tokio::test]
async fn an_application_cannot_write_into_the_audit_itself() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot", "kardan_worker", "kardan_admin"] {
        let session = db.as_role(role).await?;
        for attempt in [
            "select ops.audit_write(null, 'thing.move', 'thing', '1', '{}')",
            "insert into ops_data.audit (at, action, object_type, object_id)
             values (transaction_timestamp(), 'thing.move', 'thing', '1')",
        ] {
            let error = session.execute(attempt, &[]).await.unwrap_err();
            let code = error.code().map(|code| code.code());
            assert_eq!(code, Some("42501"), "{role}: {attempt}");
        }
    }
    Ok(())
}
