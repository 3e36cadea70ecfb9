//! What sellers wrote, for themselves and for moderators.

use kardan_schema::market::{self, ContactNoticeList, listing_contacts_notify};
use kardan_schema::{ListingId, Reason, Role, UserId};

use super::{Stall, click};
use crate::support::reason;

fn list(actor: UserId, listing: ListingId) -> ContactNoticeList {
    ContactNoticeList {
        actor,
        listing,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn a_listings_people_see_its_messages_and_moderators_all_of_them() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (buyer, another) = (stall.person().await?, stall.another().await?);
    let mut sent = Vec::new();
    for listing in [stall.listing, another] {
        market::listing_contacts_show(&*stall.api, &click(buyer, listing)).await?;
        let text = format!("Торг {listing}");
        sent.push(listing_contacts_notify(&*stall.api, stall.seller, listing, text).await?);
    }
    let mine = market::contact_notice_list(&*stall.api, &list(stall.seller, another)).await?;
    assert_eq!(mine.len(), 1);
    assert_eq!(
        (mine[0].notice_id, mine[0].listing_id),
        (sent[1].notice_id, another)
    );
    assert_eq!((mine[0].sent_by, mine[0].told), (stall.seller, 1));
    assert_eq!(
        (&mine[0].text, mine[0].finished_at),
        (&sent[1].text, Some(sent[1].sent_at))
    );

    let moderator = stall.db.person(Role::Moderator).await?;
    let all =
        |actor, after| market::moderation_contact_notice_list(&*stall.api, actor, Some(1), after);
    let first = all(moderator, None).await?;
    let second = all(moderator, Some(first[0].notice_id)).await?;
    assert_eq!(
        [first[0].notice_id, second[0].notice_id],
        [sent[1].notice_id, sent[0].notice_id]
    );
    market::contact_notice_list(&*stall.api, &list(moderator, stall.listing)).await?;

    for (actor, listing, expected) in [
        (buyer, stall.listing, Reason::ListingNotYours),
        (stall.seller, ListingId(-1), Reason::ListingUnknown),
    ] {
        let answer = market::contact_notice_list(&*stall.api, &list(actor, listing)).await;
        assert_eq!(reason(answer), expected);
    }
    assert_eq!(reason(all(buyer, None).await), Reason::RoleRequired);
    stall.block(moderator).await?;
    assert_eq!(reason(all(moderator, None).await), Reason::ActorBlocked);
    Ok(())
}
