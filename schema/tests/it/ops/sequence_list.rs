//! Sequences that come near their end.

use kardan_schema::ops;
use kardan_testdb::Database;

#[tokio::test]
async fn the_fullest_comes_first_and_one_that_begins_anew_has_no_end() -> anyhow::Result<()> {
    let db = Database::create().await?;
    db.superuser()
        .await?
        .batch_execute(
            "set role kardan_owner;
             create sequence ops_data.near as integer;
             select setval('ops_data.near', 2000000000);
             create sequence ops_data.down increment by -1 minvalue -100 maxvalue -1;
             select setval('ops_data.down', -60);
             create sequence ops_data.round maxvalue 10 cycle;
             select setval('ops_data.round', 10);
             create sequence ops_data.unused",
        )
        .await?;
    let monitor = db.as_role("kardan_monitor").await?;
    let told = ops::sequence_list(&*monitor).await?;
    let named = |name: &str| told.iter().find(|s| s.sequence_name == name);
    assert_eq!(told[0].sequence_name, "near", "{:?}", told[0]);
    assert!((told[0].used_ratio - 0.931).abs() < 0.001, "{:?}", told[0]);
    assert!((named("down").unwrap().used_ratio - 59.0 / 99.0).abs() < 1e-9);
    assert!(named("round").is_none() && named("unused").is_none());
    Ok(())
}
