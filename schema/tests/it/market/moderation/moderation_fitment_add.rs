//! Vehicles that a moderator adds.

use kardan_schema::market::{self, ModerationFitmentAdd};
use kardan_schema::{GenerationId, ModerationItemId, Reason, UserId};

use super::Desk;
use crate::support::reason;

fn whole(actor: UserId, item: ModerationItemId, generation: GenerationId) -> ModerationFitmentAdd {
    ModerationFitmentAdd {
        actor,
        item,
        generation,
        year_from: None,
        year_to: None,
        note: None,
    }
}

/// A generation that is made no more, with its years.
async fn generation(desk: &Desk) -> anyhow::Result<(GenerationId, i32, i32)> {
    let row = desk
        .db
        .superuser()
        .await?
        .query_one(
            "select g.id, g.year_from::integer, g.year_to::integer from catalog_data.generations as g
             where g.year_to > g.year_from order by g.id limit 1",
            &[],
        )
        .await?;
    Ok((row.get(0), row.get(1), row.get(2)))
}

#[tokio::test]
async fn the_vehicle_is_added_once_and_the_author_sees_it() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let (generation, from, to) = generation(&desk).await?;
    let add = ModerationFitmentAdd {
        year_from: Some(from),
        year_to: Some(to),
        note: Some("diesel only".to_owned()),
        ..whole(desk.moderator, item, generation)
    };
    let added = market::moderation_fitment_add(&*desk.api, &add).await?;
    assert_eq!(
        (added.listing_id, added.generation_id),
        (listing, generation)
    );
    assert_eq!((added.year_from, added.year_to), (Some(from), Some(to)));
    assert_eq!(added.note, "diesel only");
    assert_eq!(
        market::moderation_fitment_add(&*desk.api, &add).await?,
        added
    );
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!(card.fitments.len(), 1);
    assert!(
        card.fitments[0].ends_with(&format!(" {from}–{to} diesel only")),
        "{:?}",
        card.fitments
    );
    assert_eq!(card.edits["fitments"]["from"], serde_json::json!([]));
    assert_eq!(
        card.edits["fitments"]["to"],
        serde_json::json!(card.fitments)
    );
    assert_eq!(desk.audited(listing).await?, ["moderation.fitment_add"]);
    // The whole generation is another vehicle than some years of it.
    let all = market::moderation_fitment_add(&*desk.api, &whole(desk.moderator, item, generation))
        .await?;
    assert_ne!(all.fitment_id, added.fitment_id);
    Ok(())
}

#[tokio::test]
async fn the_vehicle_exists_and_was_made_in_these_years() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    let (generation, from, to) = generation(&desk).await?;
    let of = |year_from, year_to| ModerationFitmentAdd {
        year_from,
        year_to,
        ..whole(desk.moderator, item, generation)
    };
    for (first, last) in [
        (Some(from - 1), None),
        (None, Some(to + 1)),
        (Some(to + 1), None),
    ] {
        let answer = market::moderation_fitment_add(&*desk.api, &of(first, last)).await;
        assert_eq!(
            reason(answer),
            Reason::ListingFitmentOutsideGeneration,
            "{first:?} {last:?}"
        );
    }
    let backwards = market::moderation_fitment_add(&*desk.api, &of(Some(to), Some(from))).await;
    assert_eq!(reason(backwards), Reason::ListingFitmentYears);
    let unknown = whole(desk.moderator, item, GenerationId(-1));
    let answer = market::moderation_fitment_add(&*desk.api, &unknown).await;
    assert_eq!(reason(answer), Reason::ListingFitmentGenerationKnown);
    let long = ModerationFitmentAdd {
        note: Some("x".repeat(301)),
        ..of(None, None)
    };
    let answer = market::moderation_fitment_add(&*desk.api, &long).await;
    assert_eq!(reason(answer), Reason::ListingFitmentNoteLength);
    Ok(())
}

#[tokio::test]
async fn a_vehicle_is_added_by_a_moderator_with_a_live_claim_who_does_not_own_the_listing()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.submitted().await?;
    let (generation, ..) = generation(&desk).await?;
    let by = |actor| whole(actor, item, generation);
    let stranger = market::moderation_fitment_add(&*desk.api, &by(desk.author)).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let unclaimed = market::moderation_fitment_add(&*desk.api, &by(desk.moderator)).await;
    assert_eq!(reason(unclaimed), Reason::ClaimRequired);
    market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    desk.to_shop_of(listing, desk.moderator).await?;
    let own = market::moderation_fitment_add(&*desk.api, &by(desk.moderator)).await;
    assert_eq!(reason(own), Reason::ModerationOwnListing);
    Ok(())
}
