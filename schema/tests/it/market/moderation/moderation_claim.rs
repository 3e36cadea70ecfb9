//! Claims: what one moderator holds, another one never gets.

use std::collections::BTreeSet;

use kardan_schema::market;
use kardan_schema::{Reason, Role};

use super::Desk;
use crate::support::reason;

#[tokio::test]
async fn two_moderators_who_claim_at_once_never_get_the_same_item() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::Moderator).await?;
    for _ in 0..6 {
        desk.submitted().await?;
    }
    let mut slow = desk.db.as_role("kardan_api").await?;
    let claiming = slow.transaction().await?;
    let first = market::moderation_claim(&claiming, desk.moderator, Some(3)).await?;
    // The first claim is not committed: the second passes it over and waits for nobody.
    let second = market::moderation_claim(&*desk.api, other, Some(6)).await?;
    claiming.commit().await?;
    assert_eq!((first.len(), second.len()), (3, 3));
    let all: BTreeSet<_> = first
        .iter()
        .chain(&second)
        .map(|one| one.item_id.0)
        .collect();
    assert_eq!(all.len(), 6, "an item is held by two: {first:?} {second:?}");
    Ok(())
}

#[tokio::test]
async fn many_moderators_share_the_queue_without_a_remainder() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    for _ in 0..24 {
        desk.submitted().await?;
    }
    let mut claims = Vec::new();
    for _ in 0..8 {
        let moderator = desk.db.person(Role::Moderator).await?;
        let api = desk.db.as_role("kardan_api").await?;
        claims.push(tokio::spawn(async move {
            let mut held = Vec::new();
            for _ in 0..4 {
                let limit = i32::try_from(held.len()).unwrap() + 1;
                held = market::moderation_claim(&*api, moderator, Some(limit)).await?;
            }
            anyhow::Ok(held)
        }));
    }
    let mut held = Vec::new();
    for claim in claims {
        held.extend(claim.await??.into_iter().map(|one| one.item_id.0));
    }
    let different: BTreeSet<_> = held.iter().copied().collect();
    assert_eq!(
        different.len(),
        held.len(),
        "an item is held by two: {held:?}"
    );
    assert_eq!(
        held.len(),
        24,
        "somebody went without although items were free"
    );
    Ok(())
}

#[tokio::test]
async fn a_claim_again_renews_what_is_held_and_gives_it_first() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, oldest) = desk.submitted().await?;
    let first = market::moderation_claim(&*desk.api, desk.moderator, Some(1)).await?;
    assert_eq!(first[0].item_id, oldest);
    assert_eq!(first[0].claimed_by, Some(desk.moderator));
    // An older one comes late: what is held already still stands first.
    let (listing, older) = desk.submitted().await?;
    desk.arrange(
        "update market_data.moderation_items
         set submitted_at = ops.clock_now() - interval '1 day' where listing_id = $1",
        listing,
    )
    .await?;
    desk.db.shift_clock("10 minutes").await?;
    let second = market::moderation_claim(&*desk.api, desk.moderator, Some(2)).await?;
    assert_eq!(
        second.iter().map(|one| one.item_id).collect::<Vec<_>>(),
        [oldest, older]
    );
    assert!(second[0].claimed_until > first[0].claimed_until);
    let lease = second[0].claimed_until.unwrap() - first[0].claimed_until.unwrap();
    assert!((600..660).contains(&lease.num_seconds()), "{lease}");
    Ok(())
}

#[tokio::test]
async fn a_lease_that_ran_out_frees_the_item_and_its_holder_decides_no_more() -> anyhow::Result<()>
{
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::Moderator).await?;
    let (_, item) = desk.claimed().await?;
    assert_eq!(market::moderation_claim(&*desk.api, other, None).await?, []);
    desk.db.shift_clock("15 minutes 1 second").await?;
    // Nobody has taken it yet, but the claim is over.
    let late = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(late), Reason::ClaimRequired);
    let taken = market::moderation_claim(&*desk.api, other, None).await?;
    assert_eq!((taken[0].item_id, taken[0].claimed_by), (item, Some(other)));
    let late = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(late), Reason::ClaimRequired);
    market::moderation_approve(&*desk.api, other, item, None).await?;
    Ok(())
}

#[tokio::test]
async fn the_lease_lasts_as_long_as_the_setting_says() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.db
        .superuser()
        .await?
        .batch_execute(
            "insert into ops_data.settings (key, value, description, updated_at)
             values ('moderation.lease_seconds', '60', 'A short lease', ops.clock_now())
             on conflict (key) do update set value = excluded.value",
        )
        .await?;
    let (_, item) = desk.claimed().await?;
    desk.db.shift_clock("61 seconds").await?;
    let late = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(late), Reason::ClaimRequired);
    Ok(())
}

#[tokio::test]
async fn nobody_claims_a_listing_of_their_own_or_of_their_shop() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.submitted_by(desk.moderator).await?;
    let (of_shop, item) = desk.submitted().await?;
    desk.to_shop_of(of_shop, desk.moderator).await?;
    assert_eq!(
        market::moderation_claim(&*desk.api, desk.moderator, None).await?,
        []
    );
    let other = desk.db.person(Role::Admin).await?;
    let claimed = market::moderation_claim(&*desk.api, other, None).await?;
    assert_eq!(claimed.len(), 2);
    assert!(claimed.iter().any(|one| one.item_id == item));
    Ok(())
}

#[tokio::test]
async fn a_claim_takes_one_to_a_hundred_items_and_only_for_moderators() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    for _ in 0..2 {
        desk.submitted().await?;
    }
    assert_eq!(
        market::moderation_claim(&*desk.api, desk.moderator, Some(-5))
            .await?
            .len(),
        1
    );
    let answer = market::moderation_claim(&*desk.api, desk.author, None).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn who_wrote_a_listing_does_not_check_it_after_leaving_the_shop() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.submitted().await?;
    // As if the moderator had been a member when the listing was made, and had left since.
    let session = desk.db.superuser().await?;
    session
        .execute(
            "update market_data.moderation_items as i set submitted_by = $1 where i.listing_id = $2",
            &[&desk.moderator, &listing],
        )
        .await?;
    assert_eq!(
        market::moderation_claim(&*desk.api, desk.moderator, None).await?,
        []
    );
    let approved = market::moderation_approve(&*desk.api, desk.moderator, item, None).await;
    assert_eq!(reason(approved), Reason::ModerationOwnListing);
    Ok(())
}
