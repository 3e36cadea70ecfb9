//! The seller writes to those who were shown the contacts: each once, not too often, and nobody who does not want it.

use kardan_schema::market::{self, listing_contacts_notify};
use kardan_schema::{Error, Reason, Role, Status, UserId, WordForm};
use kardan_testdb::ListingFixture;
use serde_json::json;

use super::{Stall, click};
use crate::locks::{backend, until_blocked};
use crate::support::reason;

const KIND: &str = "contact.notice";

#[tokio::test]
async fn everybody_who_clicked_is_told_once_and_nobody_else() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(4).await?;
    for person in &people[..3] {
        stall.show(*person).await?;
    }
    // Once more and elsewhere makes nobody two people.
    stall.db.shift_clock("2 hours").await?;
    stall.show(people[0]).await?;
    let another = stall.another().await?;
    market::listing_contacts_show(&*stall.api, &click(people[3], another)).await?;

    let sent = listing_contacts_notify(
        &*stall.api,
        stall.seller,
        stall.listing,
        " Скидка до пятницы ".to_owned(),
    )
    .await?;
    assert_eq!((sent.people, sent.told), (3, 3));
    assert_eq!(sent.text, "Скидка до пятницы");
    for person in &people[..3] {
        assert_eq!(
            stall.told(*person, KIND).await?,
            [json!({
                "listing_id": stall.listing, "shop_id": null, "user_id": stall.seller,
                "title": "Колодки тормозные передние", "text": "Скидка до пятницы",
            })]
        );
    }
    assert_eq!(stall.reached(KIND).await?, (3, 3));
    let audited = stall
        .admin
        .query_one(
            "select a.actor_id, a.details from ops_data.audit as a
             where a.action = 'contacts.notify' and a.object_id = $1",
            &[&stall.listing.to_string()],
        )
        .await?;
    assert_eq!(audited.get::<_, UserId>(0), stall.seller);
    assert_eq!(
        audited.get::<_, serde_json::Value>(1),
        json!({ "notice_id": sent.notice_id, "people": 3 })
    );
    Ok(())
}

#[tokio::test]
async fn who_has_muted_it_and_who_sells_it_by_now_is_not_told() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(5).await?;
    for person in &people {
        stall.show(*person).await?;
    }
    stall.to_shop_of(&people[..1]).await?;
    stall
        .run(&format!(
            "insert into notify_data.mutes values ({}, 'contacts', ops.clock_now());
             insert into notify_data.object_mutes (user_id, object_type, object_id, created_at)
             select {}, 'listing', {}, ops.clock_now()
             union all
             select {}, 'shop', l.owner_shop_id, ops.clock_now() from market_data.listings as l where l.id = {}",
            people[1], people[2], stall.listing, people[3], stall.listing
        ))
        .await?;
    let sent =
        listing_contacts_notify(&*stall.api, people[0], stall.listing, "Торг".to_owned()).await?;
    assert_eq!((sent.people, sent.told), (4, 1));
    assert_eq!(stall.told(people[4], KIND).await?.len(), 1);
    assert_eq!(stall.reached(KIND).await?, (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_second_message_within_a_day_is_refused_with_the_time_left() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    stall.show(stall.person().await?).await?;
    let send =
        || listing_contacts_notify(&*stall.api, stall.seller, stall.listing, "Торг".to_owned());
    send().await?;
    for (shift, left) in [("0 hours", 86_400), ("23 hours", 3_600)] {
        stall.db.shift_clock(shift).await?;
        let refusal = send().await;
        let Err(Error::Limited(fault, wait)) = refusal else {
            panic!("was not limited: {refusal:?}");
        };
        assert_eq!(fault.reason, Reason::ContactNoticeSoon);
        assert!((left - 60..=left).contains(&wait.as_secs()), "{wait:?}");
    }
    // Of another listing it is another message.
    let another = stall.another().await?;
    let buyer = stall.person().await?;
    market::listing_contacts_show(&*stall.api, &click(buyer, another)).await?;
    listing_contacts_notify(&*stall.api, stall.seller, another, "Торг".to_owned()).await?;
    stall.db.shift_clock("24 hours 1 second").await?;
    send().await?;
    Ok(())
}

#[tokio::test]
async fn two_members_who_write_at_one_moment_send_one_message() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let people = stall.people(3).await?;
    stall.show(people[2]).await?;
    stall.to_shop_of(&people[..2]).await?;
    let mut first = stall.db.as_role("kardan_api").await?;
    let second = stall.db.as_role("kardan_api").await?;
    let process = backend(&second).await?;
    let (listing, other) = (stall.listing, people[1]);
    let tx = first.transaction().await?;
    listing_contacts_notify(&tx, people[0], listing, "Торг".to_owned()).await?;
    let waiting = tokio::spawn(async move {
        listing_contacts_notify(&*second, other, listing, "Скидка".to_owned()).await
    });
    until_blocked(&stall.db, process).await?;
    tx.commit().await?;
    assert_eq!(reason(waiting.await?), Reason::ContactNoticeSoon);
    assert_eq!(stall.reached(KIND).await?, (1, 1));
    Ok(())
}

#[tokio::test]
async fn many_are_told_in_batches_and_who_clicks_meanwhile_is_not_meant() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let (first, last) = stall.crowd(2_500).await?;
    stall
        .run(&format!(
            "insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
             select {}, n, ops.clock_now() - interval '1 day', ops.clock_now(), 1
             from generate_series({first}, {}) as n",
            stall.listing,
            last - 1
        ))
        .await?;
    let sent = listing_contacts_notify(&*stall.api, stall.seller, stall.listing, "Торг".to_owned())
        .await?;
    assert_eq!((sent.people, sent.told), (2_499, 1_000));
    stall.show(UserId(last)).await?;
    // A second runner leaves alone what the first one is at, and waits for nothing.
    let mut runner = stall.db.as_role("kardan_maintenance").await?;
    let tx = runner.transaction().await?;
    market::contact_notices_run(&tx).await?;
    market::contact_notices_run(&*stall.jobs).await?;
    assert_eq!(stall.reached(KIND).await?, (1_000, 1_000));
    tx.commit().await?;
    market::contact_notices_run(&*stall.jobs).await?;
    assert_eq!(stall.reached(KIND).await?, (2_499, 2_499));
    assert!(stall.told(UserId(last), KIND).await?.is_empty());
    let finished = "select count(*) from market_data.contact_notices as n where n.told = 2499 and n.finished_at is not null";
    assert_eq!(stall.number(finished).await?, 1);
    Ok(())
}

#[tokio::test]
async fn texts_that_may_not_be_sent_are_refused() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    stall.show(stall.person().await?).await?;
    let send =
        |text: String| listing_contacts_notify(&*stall.api, stall.seller, stall.listing, text);
    let admin = stall.db.person(Role::Admin).await?;
    market::forbidden_word_add(&*stall.api, admin, "плохо", WordForm::Stem).await?;
    let refusal = send("Всё пл0х0й товар".to_owned()).await.unwrap_err();
    let fault = refusal.fault().unwrap();
    assert_eq!(fault.reason, Reason::ContactNoticeForbidden);
    assert_eq!(fault.detail.as_deref(), Some("пл0х0й"));
    for text in [" ".to_owned(), "х".repeat(501)] {
        assert_eq!(reason(send(text).await), Reason::ContactNoticeTextLength);
    }
    send("х".repeat(500)).await?;
    Ok(())
}

#[tokio::test]
async fn only_who_sells_it_writes_and_only_to_somebody() -> anyhow::Result<()> {
    let stall = Stall::open().await?;
    let buyer = stall.person().await?;
    let send =
        |actor| listing_contacts_notify(&*stall.api, actor, stall.listing, "Торг".to_owned());
    assert_eq!(
        reason(send(stall.seller).await),
        Reason::ContactNoticeNobody
    );
    stall.show(buyer).await?;
    let moderator = stall.db.person(Role::Moderator).await?;
    for stranger in [buyer, moderator] {
        assert_eq!(reason(send(stranger).await), Reason::ListingNotYours);
    }
    for status in Status::ALL {
        let fixture = ListingFixture {
            status: *status,
            ..ListingFixture::default()
        };
        let listing = stall.db.listing(stall.seller, &fixture).await?;
        stall
            .run(&format!(
                "insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
                 values ({listing}, {buyer}, ops.clock_now(), ops.clock_now(), 1)"
            ))
            .await?;
        let answer =
            listing_contacts_notify(&*stall.api, stall.seller, listing, "Торг".to_owned()).await;
        if matches!(status, Status::Published | Status::Reserved | Status::Sold) {
            assert_eq!(answer?.told, 1, "{status}");
        } else {
            assert_eq!(reason(answer), Reason::ContactNoticeState, "{status}");
        }
    }
    stall.block(stall.seller).await?;
    assert_eq!(reason(send(stall.seller).await), Reason::ActorBlocked);
    Ok(())
}
