//! Saying which vehicles a listing fits.

use kardan_schema::market::{self, ListingFitmentAdd};
use kardan_schema::{GenerationId, ListingId, Reason, Role, Status, UserId};

use super::Scene;
use crate::support::reason;

/// A generation that is no longer made, with its first and last year.
pub async fn generation(scene: &Scene) -> anyhow::Result<(GenerationId, i32, i32)> {
    let row = scene
        .admin
        .query_one(
            "select g.id, g.year_from::integer, g.year_to::integer from catalog_data.generations as g
             where g.year_to > g.year_from + 2
             order by g.id limit 1",
            &[],
        )
        .await?;
    Ok((row.get(0), row.get(1), row.get(2)))
}

/// The whole generation, without a note.
pub fn fits(actor: UserId, listing: ListingId, generation: GenerationId) -> ListingFitmentAdd {
    ListingFitmentAdd {
        actor,
        listing,
        generation,
        year_from: None,
        year_to: None,
        note: String::new(),
    }
}

#[tokio::test]
async fn a_seller_names_a_generation_or_years_of_it_and_twice_is_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (generation, from, to) = generation(&scene).await?;
    let listing = scene.listing(Status::Draft).await?;
    let whole = fits(scene.seller, listing, generation);
    let added = market::listing_fitment_add(&*scene.api, &whole).await?;
    assert_eq!(
        (added.year_from, added.year_to, added.version),
        (None, None, 2)
    );
    assert_eq!(
        market::listing_fitment_add(&*scene.api, &whole).await?,
        added
    );
    let part = ListingFitmentAdd {
        year_from: Some(from),
        year_to: Some(to),
        note: " кроме GT ".to_owned(),
        ..whole.clone()
    };
    let other = market::listing_fitment_add(&*scene.api, &part).await?;
    assert_ne!(other.fitment_id, added.fitment_id);
    assert_eq!(
        (other.year_from, other.note.as_str()),
        (Some(from), "кроме GT")
    );
    Ok(())
}

#[tokio::test]
async fn impossible_vehicles_are_refused() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (generation, from, to) = generation(&scene).await?;
    let listing = scene.listing(Status::Draft).await?;
    let wish = fits(scene.seller, listing, generation);
    let outside = Reason::ListingFitmentOutsideGeneration;
    for (year_from, year_to, expected) in [
        (Some(from - 1), Some(to), outside),
        (Some(from), Some(to + 1), outside),
        (Some(from - 1), None, outside),
        (None, Some(to + 1), outside),
        (Some(to), Some(from), Reason::ListingFitmentYears),
    ] {
        let wish = ListingFitmentAdd {
            year_from,
            year_to,
            ..wish.clone()
        };
        assert_eq!(
            reason(market::listing_fitment_add(&*scene.api, &wish).await),
            expected,
            "{year_from:?} to {year_to:?}"
        );
    }
    let unknown = fits(scene.seller, listing, GenerationId(-1));
    assert_eq!(
        reason(market::listing_fitment_add(&*scene.api, &unknown).await),
        Reason::ListingFitmentGenerationKnown
    );
    let long = ListingFitmentAdd {
        note: "а".repeat(301),
        ..wish
    };
    assert_eq!(
        reason(market::listing_fitment_add(&*scene.api, &long).await),
        Reason::ListingFitmentNoteLength
    );
    Ok(())
}

#[tokio::test]
async fn a_listing_names_at_most_a_hundred_vehicles() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    scene
        .admin
        .execute(
            "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             select $1, g.id, $2, ops.clock_now()
             from (select g.id from catalog_data.generations as g order by g.id desc limit 100) as g",
            &[&listing, &scene.seller],
        )
        .await?;
    let (generation, _, _) = generation(&scene).await?;
    assert_eq!(
        reason(
            market::listing_fitment_add(&*scene.api, &fits(scene.seller, listing, generation))
                .await
        ),
        Reason::ListingFitmentLimit
    );
    assert_eq!(
        market::listing_fitment_view(&*scene.api, scene.seller, listing)
            .await?
            .len(),
        100
    );
    Ok(())
}

#[tokio::test]
async fn of_a_published_listing_only_a_note_is_checked_again() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (generation, from, _) = generation(&scene).await?;
    let listing = scene.listing(Status::Published).await?;
    let plain = fits(scene.seller, listing, generation);
    let added = market::listing_fitment_add(&*scene.api, &plain).await?;
    assert_eq!(
        (added.status, scene.waiting(listing).await?),
        (Status::Published, 0)
    );
    let noted = ListingFitmentAdd {
        year_from: Some(from),
        note: "звоните".to_owned(),
        ..plain
    };
    let added = market::listing_fitment_add(&*scene.api, &noted).await?;
    assert_eq!(
        (added.status, scene.waiting(listing).await?),
        (Status::Pending, 1)
    );
    Ok(())
}

#[tokio::test]
async fn a_moderator_adds_to_anybodys_listing_which_is_recorded_and_changes_no_version()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (generation, _, _) = generation(&scene).await?;
    let listing = scene.listing(Status::Pending).await?;
    scene.claim(listing).await?;
    assert_eq!(
        reason(
            market::listing_fitment_add(&*scene.api, &fits(scene.seller, listing, generation))
                .await
        ),
        Reason::ListingUnderReview
    );
    let moderator = scene.db.person(Role::Moderator).await?;
    let added =
        market::listing_fitment_add(&*scene.api, &fits(moderator, listing, generation)).await?;
    assert_eq!((added.status, added.version), (Status::Pending, 1));
    let audit: i64 = scene
        .admin
        .query_one(
            "select count(*) from ops_data.audit as a
             where a.action = 'listing.fitment_add' and a.actor_id = $1 and a.object_id = $2",
            &[&moderator, &listing.to_string()],
        )
        .await?
        .get(0);
    assert_eq!(audit, 1);
    let stranger = scene.db.person(Role::User).await?;
    let shown = scene.listing(Status::Published).await?;
    for (actor, listing, expected) in [
        (stranger, listing, Reason::ListingUnknown),
        (stranger, shown, Reason::ListingNotYours),
        (moderator, ListingId(-1), Reason::ListingUnknown),
    ] {
        let refusal =
            market::listing_fitment_add(&*scene.api, &fits(actor, listing, generation)).await;
        assert_eq!(reason(refusal), expected);
    }
    Ok(())
}
