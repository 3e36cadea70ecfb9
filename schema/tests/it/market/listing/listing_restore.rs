//! Taking a listing from the archive. Which states allow it is in `life`.

use kardan_schema::market;
use kardan_schema::{Reason, Status};

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn what_comes_from_the_archive_is_a_draft_and_is_checked_anew() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Archived).await?;
    assert_eq!(
        reason(market::listing_restore(&*scene.api, scene.seller, listing, Some(0)).await),
        Reason::VersionStale
    );
    let state = market::listing_restore(&*scene.api, scene.seller, listing, Some(1)).await?;
    assert_eq!((state.status, state.version), (Status::Draft, 2));
    let again = market::listing_restore(&*scene.api, scene.seller, listing, Some(1)).await?;
    assert_eq!(again, state);
    assert_eq!(market::listing_get(&*scene.api, listing).await?, None);
    let state = market::listing_submit(&*scene.api, scene.seller, listing, Some(2)).await?;
    assert_eq!(state.status, Status::Pending);
    Ok(())
}
