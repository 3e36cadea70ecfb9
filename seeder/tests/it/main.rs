//! The demo and the seeded market on a real database.

mod export;
mod market;

use std::collections::BTreeMap;

use kardan_photos::{Config, Name, Store, WIDTHS};
use kardan_testdb::Database;

#[tokio::test]
async fn the_demo_shows_listings_in_every_state_that_matters_and_is_filled_in_once()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let mut session = db.superuser().await?;
    let folder = tempfile::tempdir()?;
    let store = Store::open(&Config::folder(folder.path()))?;
    assert!(kardan_seeder::demo::fill(&mut session, &store).await?);
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

    // Every photo can be seen, and no two listings show what looks the same.
    let photos = session
        .query(
            "select f.storage_key from market_data.listing_photos as f",
            &[],
        )
        .await?;
    assert!(photos.len() > 20);
    for row in &photos {
        for width in WIDTHS {
            let path = format!("{}-{width}.webp", row.get::<_, String>(0));
            let name = Name::of_path(&path).ok_or_else(|| anyhow::anyhow!("{path}"))?;
            assert!(store.get(&name).await?.is_some(), "{path}");
        }
    }
    let alike: i64 = session
        .query_one(
            "select count(*) from market_data.listings as l
             cross join lateral market.photo_lookalikes(l.id) as p",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(alike, 0);

    assert!(!kardan_seeder::demo::fill(&mut session, &store).await?);
    let again: BTreeMap<String, i64> = session
        .query(count, &[])
        .await?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(again, states);
    Ok(())
}
