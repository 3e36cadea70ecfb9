//! The inside of a listing.

use kardan_schema::market;
use kardan_schema::{ListingId, Reason, Role, Status, UserId};
use serde_json::json;

use super::Scene;
use crate::support::reason;

#[tokio::test]
async fn its_people_and_moderators_see_the_inside_in_every_state_and_nobody_else()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    let stranger = scene.db.person(Role::User).await?;
    for status in Status::ALL {
        let listing = scene.listing(*status).await?;
        for reader in [scene.seller, moderator] {
            let inside = market::listing_view(&*scene.api, reader, listing)
                .await?
                .unwrap();
            assert_eq!(
                (inside.status, inside.contact_phone.as_str()),
                (*status, "+7 900 000-00-00")
            );
        }
        assert_eq!(
            market::listing_view(&*scene.api, stranger, listing).await?,
            None
        );
    }
    assert_eq!(
        market::listing_view(&*scene.api, moderator, ListingId(-1)).await?,
        None
    );
    assert_eq!(
        reason(market::listing_view(&*scene.api, UserId(-1), ListingId(1)).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn the_author_sees_the_objection_and_what_the_moderator_changed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Rejected).await?;
    scene
        .set(listing, "rejection_note = 'Добавьте фото'")
        .await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    scene
        .admin
        .execute(
            "insert into market_data.moderation_items (
                 listing_id, kind, submitted_at, submitted_by, closed_at, decision, decided_by, reason, edits)
             values
                 ($1, 'part', ops.clock_now(), $2, ops.clock_now(), 'rejected', $3, 'other', '{\"old\": {}}'),
                 ($1, 'part', ops.clock_now(), $2, ops.clock_now(), 'rejected', $3, 'other',
                     '{\"title\": {\"from\": \"а\", \"to\": \"б\"}}')",
            &[&listing, &scene.seller, &moderator],
        )
        .await?;
    let inside = scene.inside(listing).await?;
    assert_eq!(inside.rejection_reason.as_deref(), Some("other"));
    assert_eq!(inside.rejection_note.as_deref(), Some("Добавьте фото"));
    assert_eq!(
        inside.moderator_edits,
        Some(json!({"title": {"from": "а", "to": "б"}}))
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_seller_still_sees_their_own_and_a_blocked_moderator_nothing()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    scene.block(scene.seller).await?;
    scene.block(moderator).await?;
    assert!(
        market::listing_view(&*scene.api, scene.seller, listing)
            .await?
            .is_some()
    );
    assert_eq!(
        market::listing_view(&*scene.api, moderator, listing).await?,
        None
    );
    Ok(())
}
