//! Taking a statement of fitment back.

use kardan_schema::market;
use kardan_schema::{Reason, Role, Status};

use super::Scene;
use super::listing_fitment_add::{fits, generation};
use crate::support::reason;

#[tokio::test]
async fn its_people_and_moderators_take_it_back_and_strangers_do_not() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (generation, _, _) = generation(&scene).await?;
    let listing = scene.listing(Status::Published).await?;
    let wish = fits(scene.seller, listing, generation);
    let added = market::listing_fitment_add(&*scene.api, &wish).await?;
    let stranger = scene.db.person(Role::User).await?;
    let refusal = market::listing_fitment_remove(&*scene.api, stranger, added.fitment_id).await;
    assert_eq!(reason(refusal), Reason::ListingNotYours);

    let state = market::listing_fitment_remove(&*scene.api, scene.seller, added.fitment_id).await?;
    assert_eq!(
        (state.status, state.version),
        (Status::Published, added.version + 1)
    );
    let again = market::listing_fitment_remove(&*scene.api, scene.seller, added.fitment_id).await;
    assert_eq!(reason(again), Reason::ListingFitmentUnknown);

    let added = market::listing_fitment_add(&*scene.api, &wish).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    let state = market::listing_fitment_remove(&*scene.api, moderator, added.fitment_id).await?;
    assert_eq!(state.version, added.version);
    assert!(
        market::listing_fitment_list(&*scene.api, listing)
            .await?
            .is_empty()
    );
    Ok(())
}
