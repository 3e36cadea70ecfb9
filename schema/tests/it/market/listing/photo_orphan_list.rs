//! Keys of the store that no photo has: `photo_orphan_list`, and whose turn it is to ask: `photo_sweep_claim`.

use kardan_schema::market;
use kardan_schema::{Reason, Status};

use super::Scene;
use super::listing_photo_add::photo;
use crate::plans::{Explained, Mode};
use crate::support::reason;

async fn orphans(scene: &Scene, keys: &[&str]) -> anyhow::Result<Vec<String>> {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    let rows = market::photo_orphan_list(&*scene.api, keys).await?;
    let mut found: Vec<String> = rows.into_iter().map(|row| row.storage_key).collect();
    found.sort();
    Ok(found)
}

#[tokio::test]
async fn a_key_is_an_orphan_when_no_listing_in_any_state_has_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (one, other) = (
        scene.listing(Status::Draft).await?,
        scene.listing(Status::Draft).await?,
    );
    market::listing_photo_add(&*scene.api, &photo(scene.seller, one, "a")).await?;
    let twice = market::listing_photo_add(&*scene.api, &photo(scene.seller, one, "b")).await?;
    market::listing_photo_add(&*scene.api, &photo(scene.seller, other, "b")).await?;
    assert_eq!(orphans(&scene, &["a", "b", "c", "c"]).await?, ["c"]);
    assert_eq!(orphans(&scene, &[]).await?, [""; 0]);

    // One of two listings lets go of it: the other one still shows it.
    market::listing_photo_remove(&*scene.api, scene.seller, twice.photo_id).await?;
    assert_eq!(orphans(&scene, &["b"]).await?, [""; 0]);
    scene.set(other, "status = 'archived'").await?;
    assert_eq!(orphans(&scene, &["b"]).await?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_thousand_keys_are_asked_about_at_once_and_no_more() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let keys = |count| (0..count).map(|n| format!("k{n}")).collect();
    let found = market::photo_orphan_list(&*scene.api, keys(1000)).await?;
    assert_eq!(found.len(), 1000);
    assert_eq!(
        reason(market::photo_orphan_list(&*scene.api, keys(1001)).await),
        Reason::PhotoKeyCount
    );
    Ok(())
}

#[tokio::test]
async fn keys_are_looked_up_by_the_index_alone() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene
        .admin
        .batch_execute(
            "set session_replication_role = replica;
             insert into market_data.listing_photos (
                 id, listing_id, position, storage_key, content_type, width, height, size_bytes,
                 created_at)
             select gen_random_uuid(), 1000000 + i, 1, 'x/' || i, 'image/webp', 1280, 960, 1,
                 ops.clock_now()
             from generate_series(1, 30000) as i;
             set session_replication_role = origin;
             analyze market_data.listing_photos",
        )
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let call = "select o.storage_key from market.photo_orphan_list(array['x/7', 'y']) as o";
        let plan = Explained::run(&scene.db, mode, call).await?;
        plan.assert_index("listing_photos_storage_key_idx");
        plan.assert_no_full_scan("listing_photos");
    }
    Ok(())
}

#[tokio::test]
async fn of_all_servers_one_is_told_to_sweep_and_the_next_one_20_hours_later() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let is_mine = async || {
        let turn = market::photo_sweep_claim(&*scene.api).await?;
        anyhow::Ok(turn.is_mine)
    };
    assert!(is_mine().await?);
    assert!(!is_mine().await?);
    scene.db.shift_clock("19 hours 59 minutes").await?;
    assert!(!is_mine().await?);
    scene.db.shift_clock("20 hours 1 minute").await?;
    assert!(is_mine().await?);
    assert!(!is_mine().await?);
    Ok(())
}

#[tokio::test]
async fn of_two_servers_that_ask_at_once_one_is_told() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut other = scene.db.as_role("kardan_api").await?;
    let first = other.transaction().await?;
    assert!(market::photo_sweep_claim(&first).await?.is_mine);
    let second = market::photo_sweep_claim(&*scene.api);
    let end = async {
        scene.somebody_waits().await?;
        first.commit().await?;
        anyhow::Ok(())
    };
    let (second, end) = tokio::join!(second, end);
    end?;
    assert!(!second?.is_mine);
    Ok(())
}
