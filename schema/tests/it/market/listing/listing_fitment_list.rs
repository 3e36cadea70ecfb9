//! Which vehicles a listing fits: `listing_fitment_list` for anybody, `listing_fitment_view` for its people and moderators.

use kardan_schema::market;
use kardan_schema::{Reason, Role, Status, UserId};

use super::Scene;
use super::listing_fitment_add::{fits, generation};
use crate::support::reason;

#[tokio::test]
async fn vehicles_are_named_to_anybody_for_what_is_shown_and_to_its_people_for_the_rest()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (generation, _, _) = generation(&scene).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    let stranger = scene.db.person(Role::User).await?;
    for (status, is_shown) in [(Status::Draft, false), (Status::Published, true)] {
        let listing = scene.listing(status).await?;
        let wish = fits(scene.seller, listing, generation);
        let added = market::listing_fitment_add(&*scene.api, &wish).await?;
        let public = market::listing_fitment_list(&*scene.api, listing).await?;
        assert_eq!(public.len(), usize::from(is_shown), "{status}");
        let view = market::listing_fitment_view(&*scene.api, moderator, listing).await?;
        assert_eq!(
            (view[0].fitment_id, view[0].generation_id),
            (added.fitment_id, generation)
        );
        assert!(!view[0].make_name.is_empty() && !view[0].model_name.is_empty());
        assert!(
            market::listing_fitment_view(&*scene.api, stranger, listing)
                .await?
                .is_empty()
        );
        assert_eq!(
            reason(market::listing_fitment_view(&*scene.api, UserId(-1), listing).await),
            Reason::ActorUnknown
        );
    }
    Ok(())
}
