//! The program that a database holds.

use kardan_schema::{load, ops};
use kardan_testdb::Database;

#[tokio::test]
async fn every_program_can_tell_which_contract_is_applied() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in [
        "kardan_api",
        "kardan_bot",
        "kardan_worker",
        "kardan_admin",
        "kardan_monitor",
        "kardan_maintenance",
    ] {
        let session = db.as_role(role).await?;
        let contract = ops::contract_get(&*session).await?.unwrap();
        assert_eq!(contract.hash, *load::HASH, "{role}");
        assert!(
            contract
                .functions
                .iter()
                .any(|line| line.starts_with("ops.contract_get()")),
            "{role}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_last_applied_contract_is_told_and_none_where_none_was() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let api = db.as_role("kardan_api").await?;
    session
        .execute(
            "insert into ops_data.contract_applied (hash, revision, functions, applied_at)
             values ('newer', 'r2', '{}', ops.clock_now())",
            &[],
        )
        .await?;
    let contract = ops::contract_get(&*api).await?.unwrap();
    assert_eq!(
        (contract.hash.as_str(), contract.revision.as_str()),
        ("newer", "r2")
    );
    session
        .execute("delete from ops_data.contract_applied", &[])
        .await?;
    assert_eq!(ops::contract_get(&*api).await?, None);
    Ok(())
}
