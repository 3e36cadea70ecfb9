//! Taking a listing back. Which states allow it is in `life`.

use kardan_schema::market;
use kardan_schema::{Reason, Status};

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn a_waiting_listing_leaves_the_queue_even_while_a_moderator_checks_it() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Pending).await?;
    scene.claim(listing).await?;
    let state = market::listing_withdraw(&*scene.api, scene.seller, listing, Some(1)).await?;
    assert_eq!((state.status, state.version), (Status::Draft, 2));
    let row = scene
        .admin
        .query_one(
            "select i.decision, i.decided_by is null from market_data.moderation_items as i
             where i.listing_id = $1 and i.closed_at is not null",
            &[&listing],
        )
        .await?;
    assert_eq!(
        (row.get::<_, String>(0).as_str(), row.get::<_, bool>(1)),
        ("withdrawn", true)
    );
    // It may be submitted again: the queue has room for it.
    market::listing_submit(&*scene.api, scene.seller, listing, None).await?;
    assert_eq!(scene.waiting(listing).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_repeated_request_does_not_go_on_to_the_archive() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Pending).await?;
    let first = market::listing_withdraw(&*scene.api, scene.seller, listing, Some(1)).await?;
    let again = market::listing_withdraw(&*scene.api, scene.seller, listing, Some(1)).await?;
    assert_eq!((again.status, &again), (Status::Draft, &first));
    // Whoever has read the draft and takes it back means the archive; and that repeats as well.
    let archived = market::listing_withdraw(&*scene.api, scene.seller, listing, Some(2)).await?;
    assert_eq!(archived.status, Status::Archived);
    let again = market::listing_withdraw(&*scene.api, scene.seller, listing, Some(2)).await?;
    assert_eq!(again, archived);
    Ok(())
}

#[tokio::test]
async fn an_old_version_of_anything_else_is_refused() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for status in [Status::Draft, Status::Pending, Status::Published] {
        let listing = scene.listing(status).await?;
        assert_eq!(
            reason(market::listing_withdraw(&*scene.api, scene.seller, listing, Some(0)).await),
            Reason::VersionStale
        );
    }
    Ok(())
}

#[tokio::test]
async fn while_pieces_are_held_for_a_buyer_the_listing_stays() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene.hold(listing).await?;
    assert_eq!(
        reason(market::listing_withdraw(&*scene.api, scene.seller, listing, None).await),
        Reason::ListingHasReservations
    );
    scene
        .admin
        .execute(
            "update market_data.reservations set state = 'released', closed_at = ops.clock_now()
             where listing_id = $1",
            &[&listing],
        )
        .await?;
    let state = market::listing_withdraw(&*scene.api, scene.seller, listing, None).await?;
    assert_eq!(state.status, Status::Archived);
    assert_eq!(market::listing_get(&*scene.api, listing).await?, None);
    Ok(())
}
