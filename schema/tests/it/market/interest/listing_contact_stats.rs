//! How much a listing is looked at.

use chrono::{Duration, Utc};
use kardan_schema::market::{
    self, ListingContactsShow, ListingViewRecord, favourite_add, listing_contacts_show,
};
use kardan_schema::{ContactSource, Reason, Role, UserId};

use super::{Stall, click, visit};
use crate::support::reason;

#[tokio::test]
async fn clicks_are_told_by_source_and_people_are_told_once() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(3).await?;
    for (person, source) in people.iter().zip(ContactSource::ALL) {
        let from = ListingContactsShow {
            source: *source,
            ..click(*person, stall.listing)
        };
        listing_contacts_show(&*stall.api, &from).await?;
    }
    listing_contacts_show(&*stall.api, &visit("192.0.2.1", stall.listing)).await?;
    // Somebody else's listing is somebody else's.
    let another = stall.another().await?;
    listing_contacts_show(&*stall.api, &click(people[0], another)).await?;
    stall.db.shift_clock("2 hours").await?;
    stall.show(people[0]).await?;
    stall.db.shift_clock("0 hours").await?;
    let seen = ListingViewRecord {
        listings: vec![stall.listing.0; 2],
        users: vec![people[0].0, 0],
        visitors: vec![String::new(), "192.0.2.1".to_owned()],
        times: vec![Utc::now(); 2],
    };
    market::listing_view_record(&*stall.api, &seen).await?;
    favourite_add(&*stall.api, people[1], stall.listing).await?;

    stall.db.shift_clock("2 hours").await?;
    let told =
        market::listing_contact_stats(&*stall.api, stall.seller, stall.listing, None).await?;
    assert_eq!(told.listing_id, stall.listing);
    assert_eq!(
        (
            told.clicks,
            told.bot_clicks,
            told.web_clicks,
            told.api_clicks
        ),
        (5, 1, 3, 1)
    );
    assert_eq!((told.people, told.visitors, told.people_ever), (3, 1, 3));
    assert_eq!((told.views, told.favourites), (2, 1));
    let days = Utc::now() + Duration::hours(2) - told.since_at;
    assert_eq!(days.num_days(), 29);
    Ok(())
}

#[tokio::test]
async fn only_the_days_that_are_asked_for_count() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    stall.show(buyer).await?;
    stall
        .run(&format!(
            "insert into market_data.contact_clicks (listing_id, at, clicker, source)
             select {listing}, ops.clock_now() - n * interval '1 day', {buyer}, 'bot' from generate_series(1, 3) as n;
             insert into market_data.listing_views (day, listing_id, viewer)
             select (ops.clock_now() at time zone 'UTC')::date - n, {listing}, {buyer} from generate_series(0, 3) as n",
            listing = stall.listing
        ))
        .await?;
    for (days, expected) in [
        (Some(1), 1),
        (Some(2), 2),
        (None, 4),
        (Some(0), 1),
        (Some(9999), 4),
    ] {
        let told =
            market::listing_contact_stats(&*stall.api, stall.seller, stall.listing, days).await?;
        assert_eq!(
            (told.clicks, told.views, told.people),
            (expected, expected, 1),
            "{days:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn its_people_and_moderators_see_them_and_nobody_else() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let member = stall.person().await?;
    let moderator = stall.db.person(Role::Moderator).await?;
    let stats = |actor| market::listing_contact_stats(&*stall.api, actor, stall.listing, None);
    stats(moderator).await?;
    assert_eq!(reason(stats(member).await), Reason::ListingNotYours);
    assert_eq!(reason(stats(UserId(-1)).await), Reason::ActorUnknown);
    stall.to_shop_of(&[member]).await?;
    stats(member).await?;
    assert_eq!(reason(stats(stall.seller).await), Reason::ListingNotYours);
    // A blocked member still sees what is theirs.
    stall.block(member).await?;
    stats(member).await?;
    Ok(())
}
