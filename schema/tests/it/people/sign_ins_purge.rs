//! Forgetting used proofs.

use kardan_schema::people;
use kardan_testdb::Database;

use super::{count, is_forbidden, sign_in};

#[tokio::test]
async fn a_used_proof_is_forgotten_after_48_hours_and_not_before() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    people::session_create_telegram(&*api, &sign_in(42, 1)).await?;
    let maintenance = db.as_role("kardan_maintenance").await?;
    for (shift, left) in [("47 hours", 1), ("48 hours", 0), ("48 hours", 0)] {
        db.shift_clock(shift).await?;
        people::sign_ins_purge(&*maintenance).await?;
        let found = count(&db, "select count(*) from people_data.sign_ins").await?;
        assert_eq!(found, left, "{shift}");
    }
    assert!(is_forbidden(people::sign_ins_purge(&*api).await));
    Ok(())
}
