//! Showing contacts: who counts, who does not, and who is stopped.

use kardan_schema::market::{self, ListingContactsShow};
use kardan_schema::{ContactSource, Error, ListingId, Reason, UserId};

use super::{Stall, click, visit};
use crate::locks::{backend, until_blocked};
use crate::support::reason;

const CLICKS: &str = "select count(*) from market_data.contact_clicks";

#[tokio::test]
async fn the_contacts_are_shown_and_it_is_noted_who_when_and_from_where() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    let shown = stall.show(buyer).await?;
    assert_eq!(shown.listing_id, stall.listing);
    assert_eq!(shown.contact_phone, "+7 900 000-00-00");
    assert!(shown.is_counted);
    let row = stall
        .admin
        .query_one(
            "select c.listing_id, c.clicker, c.source, c.at > ops.clock_now() - interval '1 minute'
             from market_data.contact_clicks as c",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, ListingId>(0), stall.listing);
    assert_eq!(row.get::<_, UserId>(1), buyer);
    assert_eq!(row.get::<_, &str>(2), "web");
    assert!(row.get::<_, bool>(3));
    Ok(())
}

#[tokio::test]
async fn the_same_person_counts_once_an_hour_and_is_one_person_for_ever() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    assert!(stall.show(buyer).await?.is_counted);
    let again = stall.show(buyer).await?;
    assert_eq!(
        (again.is_counted, again.contact_phone.as_str()),
        (false, "+7 900 000-00-00")
    );
    stall.db.shift_clock("59 minutes").await?;
    assert!(!stall.show(buyer).await?.is_counted);
    stall.db.shift_clock("61 minutes").await?;
    assert!(stall.show(buyer).await?.is_counted);
    assert_eq!(stall.number(CLICKS).await?, 2);
    let row = stall
        .admin
        .query_one(
            "select k.user_id, k.clicks, k.last_at - k.first_at > interval '1 hour'
             from market_data.contact_people as k where k.listing_id = $1",
            &[&stall.listing],
        )
        .await?;
    assert_eq!((row.get::<_, UserId>(0), row.get::<_, i32>(1)), (buyer, 2));
    assert!(row.get::<_, bool>(2));
    Ok(())
}

#[tokio::test]
async fn the_seller_and_the_members_of_the_shop_see_them_and_do_not_count() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (member, buyer) = (stall.person().await?, stall.person().await?);
    let own = stall.show(stall.seller).await?;
    assert_eq!(
        (own.is_counted, own.contact_phone.as_str()),
        (false, "+7 900 000-00-00")
    );
    stall.to_shop_of(&[member]).await?;
    assert!(!stall.show(member).await?.is_counted);
    assert_eq!(stall.number(CLICKS).await?, 0);
    assert!(stall.show(buyer).await?.is_counted);
    Ok(())
}

#[tokio::test]
async fn a_visitor_counts_under_a_number_that_means_nothing_the_next_day() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (one, other) = (
        visit("192.0.2.1 Firefox", stall.listing),
        visit("192.0.2.2 Firefox", stall.listing),
    );
    for (visitor, is_counted) in [(&one, true), (&one, false), (&other, true)] {
        let shown = market::listing_contacts_show(&*stall.api, visitor).await?;
        assert_eq!(shown.is_counted, is_counted);
    }
    stall.db.shift_clock("1 day").await?;
    assert!(
        market::listing_contacts_show(&*stall.api, &one)
            .await?
            .is_counted
    );
    let different =
        "select count(distinct c.clicker) from market_data.contact_clicks as c where c.clicker < 0";
    assert_eq!(stall.number(different).await?, 3);
    assert_eq!(
        stall
            .number("select count(*) from market_data.contact_people")
            .await?,
        0
    );
    // Two days later nobody can work the numbers out any more.
    stall.db.shift_clock("3 days").await?;
    market::listing_contacts_show(&*stall.api, &one).await?;
    let left = "select count(*) from market_data.visitor_salts";
    assert_eq!(stall.number(left).await?, 1);
    Ok(())
}

#[tokio::test]
async fn whoever_collects_contacts_is_stopped_and_told_how_long() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    stall.setting("contacts.hourly_count", "2").await?;
    let buyer = stall.person().await?;
    let (second, third) = (stall.another().await?, stall.another().await?);
    for who in [
        click(buyer, stall.listing),
        visit("192.0.2.1", stall.listing),
    ] {
        let at = |listing| ListingContactsShow {
            listing,
            ..who.clone()
        };
        market::listing_contacts_show(&*stall.api, &at(stall.listing)).await?;
        market::listing_contacts_show(&*stall.api, &at(second)).await?;
        let refusal = market::listing_contacts_show(&*stall.api, &at(third)).await;
        let Err(Error::Limited(fault, wait)) = refusal else {
            panic!("was not limited: {refusal:?}");
        };
        assert_eq!(fault.reason, Reason::ContactLimit);
        assert!((3_500..=3_600).contains(&wait.as_secs()), "{wait:?}");
        // What was shown already is shown again.
        let again = market::listing_contacts_show(&*stall.api, &at(second)).await?;
        assert!(!again.is_counted);
    }
    // Nobody pays for somebody else.
    let other = click(stall.person().await?, third);
    market::listing_contacts_show(&*stall.api, &other).await?;
    stall.db.shift_clock("61 minutes").await?;
    market::listing_contacts_show(&*stall.api, &click(buyer, third)).await?;
    Ok(())
}

#[tokio::test]
async fn two_taps_at_one_moment_are_one_click_and_do_not_pass_the_limit() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    stall.setting("contacts.hourly_count", "1").await?;
    let buyer = stall.person().await?;
    let another = stall.another().await?;
    for (who, elsewhere) in [
        (click(buyer, stall.listing), click(buyer, another)),
        (
            visit("192.0.2.1", stall.listing),
            visit("192.0.2.1", another),
        ),
    ] {
        let mut first = stall.db.as_role("kardan_api").await?;
        let (second, third) = (
            stall.db.as_role("kardan_api").await?,
            stall.db.as_role("kardan_api").await?,
        );
        let processes = [backend(&second).await?, backend(&third).await?];
        let tx = first.transaction().await?;
        assert!(market::listing_contacts_show(&tx, &who).await?.is_counted);
        let again =
            tokio::spawn(async move { market::listing_contacts_show(&*second, &who).await });
        let more =
            tokio::spawn(async move { market::listing_contacts_show(&*third, &elsewhere).await });
        for process in processes {
            until_blocked(&stall.db, process).await?;
        }
        tx.commit().await?;
        assert!(!again.await??.is_counted);
        assert_eq!(reason(more.await?), Reason::ContactLimit);
    }
    assert_eq!(stall.number(CLICKS).await?, 2);
    Ok(())
}

#[tokio::test]
async fn what_nobody_sees_and_who_may_not_ask_is_refused() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    let nobody = ListingContactsShow {
        actor: None,
        ..click(buyer, stall.listing)
    };
    let empty = visit("", stall.listing);
    for visitor in [nobody, empty] {
        let answer = market::listing_contacts_show(&*stall.api, &visitor).await;
        assert_eq!(reason(answer), Reason::VisitorRequired);
    }
    assert_eq!(reason(stall.show(UserId(-1)).await), Reason::ActorUnknown);
    let unknown = market::listing_contacts_show(&*stall.api, &click(buyer, ListingId(-1))).await;
    assert_eq!(reason(unknown), Reason::ListingUnknown);

    let blocked = stall.person().await?;
    stall.block(blocked).await?;
    assert_eq!(reason(stall.show(blocked).await), Reason::ActorBlocked);
    stall.block(stall.seller).await?;
    assert_eq!(reason(stall.show(buyer).await), Reason::ListingUnknown);
    assert_eq!(stall.number(CLICKS).await?, 0);
    Ok(())
}

#[tokio::test]
async fn an_unknown_source_is_refused() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    for source in ["'fax'", "null"] {
        let call = format!(
            "select market.listing_contacts_show({buyer}, null, {}, {source})",
            stall.listing
        );
        let error = stall.api.batch_execute(&call).await.unwrap_err();
        assert_eq!(
            error.as_db_error().unwrap().constraint(),
            Some("contact_click_source_known")
        );
    }
    for source in ContactSource::ALL {
        let other = stall.person().await?;
        let from = ListingContactsShow {
            source: *source,
            ..click(other, stall.listing)
        };
        assert!(
            market::listing_contacts_show(&*stall.api, &from)
                .await?
                .is_counted
        );
    }
    Ok(())
}
