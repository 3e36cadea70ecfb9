//! What a token that may not moderate asks before the inside of a listing.

use kardan_schema::{Error, ListingId, Reason, Role, Status, UserId, market};

use super::Scene;
use crate::support::reason;

async fn asked(
    scene: &Scene,
    actor: UserId,
    listing: Option<ListingId>,
    fitment: Option<i64>,
) -> Result<(), Error> {
    market::listing_moderating_refuse(&*scene.api, actor, listing, fitment).await
}

#[tokio::test]
async fn a_moderator_is_refused_where_they_are_only_a_moderator() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let fitment: i64 = scene
        .db
        .superuser()
        .await?
        .query_one(
            "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             select $1, min(g.id), $2, ops.clock_now() from catalog_data.generations as g returning id",
            &[&listing, &scene.seller],
        )
        .await?
        .get(0);
    for role in [Role::Moderator, Role::Admin] {
        let actor = scene.db.person(role).await?;
        for (listing, fitment) in [(Some(listing), None), (None, Some(fitment))] {
            assert_eq!(
                reason(asked(&scene, actor, listing, fitment).await),
                Reason::ModerateScopeRequired
            );
        }
        // Whatever is not there is refused by whoever is called next.
        asked(&scene, actor, Some(ListingId(-1)), None).await?;
        asked(&scene, actor, None, Some(-1)).await?;
        asked(&scene, actor, None, None).await?;
    }
    Ok(())
}

#[tokio::test]
async fn whoever_reaches_it_otherwise_or_not_at_all_passes() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let stranger = scene.db.person(Role::User).await?;
    asked(&scene, scene.seller, Some(listing), None).await?;
    asked(&scene, stranger, Some(listing), None).await?;
    // A moderator on what is theirs.
    let session = scene.db.superuser().await?;
    session
        .execute(
            "update people_data.users set role = 'moderator' where id = $1",
            &[&scene.seller],
        )
        .await?;
    asked(&scene, scene.seller, Some(listing), None).await?;
    assert_eq!(
        reason(asked(&scene, UserId(-1), Some(listing), None).await),
        Reason::ActorUnknown
    );
    Ok(())
}
