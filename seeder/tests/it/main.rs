//! The demo on a real database.

use std::collections::BTreeMap;

use kardan_testdb::Database;

#[tokio::test]
async fn the_demo_shows_listings_in_every_state_that_matters_and_is_filled_in_once()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let mut session = db.superuser().await?;
    assert!(kardan_seeder::demo::fill(&mut session).await?);
    let count = "select l.status, count(*) from market_data.listings as l group by l.status";
    let states: BTreeMap<String, i64> = session
        .query(count, &[])
        .await?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    for state in ["draft", "pending", "rejected", "published"] {
        assert!(states.contains_key(state), "{states:?}");
    }
    // What the demo did is what people would have done: every step is in the history.
    let unrecorded: i64 = session
        .query_one(
            "select count(*) from market_data.listings as l
             where not exists (
                 select from market_data.listing_events as e where e.listing_id = l.id and e.to_status = l.status)",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(unrecorded, 0);

    assert!(!kardan_seeder::demo::fill(&mut session).await?);
    let again: BTreeMap<String, i64> = session
        .query(count, &[])
        .await?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(again, states);
    Ok(())
}
