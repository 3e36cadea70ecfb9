//! One deal, for those whom it concerns.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, Role, UserId};
use uuid::Uuid;

use super::{deal_in, to_shop};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn the_two_sides_and_moderators_see_a_deal_and_nobody_else() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let (shop, member) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Confirmed).await?;
    stall.block(stall.buyer).await?;
    for person in [stall.buyer, stall.seller, member] {
        let seen = market::deal_get(&*stall.api, person, deal).await?.unwrap();
        assert_eq!((seen.deal_id, seen.state), (deal, DealState::Confirmed));
        assert_eq!(
            (seen.seller_shop_id, seen.seller_user_id),
            (Some(shop), None)
        );
        assert!(seen.seller_name.starts_with("Shop of"));
        assert_eq!(seen.buyer_name, "User of the test");
    }
    let moderator = stall.db.person(Role::Moderator).await?;
    for person in [stall.db.person(Role::User).await?, moderator] {
        assert_eq!(market::deal_get(&*stall.api, person, deal).await?, None);
        let refused = market::moderation_deal_get(&*stall.api, person, deal).await;
        assert_eq!(refused.is_ok(), person == moderator);
    }
    let seen = market::moderation_deal_get(&*stall.api, moderator, deal)
        .await?
        .unwrap();
    assert_eq!(seen.deal_id, deal);
    assert_eq!(
        market::moderation_deal_get(&*stall.api, moderator, Uuid::nil()).await?,
        None
    );
    assert_eq!(
        market::deal_get(&*stall.api, stall.buyer, Uuid::nil()).await?,
        None
    );
    let nobody = market::deal_get(&*stall.api, UserId(-1), deal).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}
