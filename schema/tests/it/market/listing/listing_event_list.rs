//! What happened to a listing.

use kardan_schema::market::{self, ListingEventList};
use kardan_schema::{ListingId, Reason, Role, Status, UserId};

use super::Scene;
use crate::plans::{Explained, Mode};
use crate::support::reason;

fn first_page(actor: UserId, listing: ListingId) -> ListingEventList {
    ListingEventList {
        actor,
        listing,
        limit: None,
        after_at: None,
        after_id: None,
    }
}

#[tokio::test]
async fn every_step_is_told_with_its_actor_the_latest_first_in_pages() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (api, seller) = (&*scene.api, scene.seller);
    let listing = market::listing_create(api, &scene.draft().await?)
        .await?
        .listing_id;
    market::listing_submit(api, seller, listing, None).await?;
    market::listing_withdraw(api, seller, listing, None).await?;
    market::listing_withdraw(api, seller, listing, None).await?;
    market::listing_restore(api, seller, listing, None).await?;

    let mut told = Vec::new();
    let mut page = ListingEventList {
        limit: Some(2),
        ..first_page(seller, listing)
    };
    loop {
        let events = market::listing_event_list(api, &page).await?;
        assert!(events.len() <= 2);
        let Some(last) = events.last() else { break };
        (page.after_at, page.after_id) = (Some(last.at), Some(last.event_id));
        told.extend(
            events
                .into_iter()
                .map(|e| (e.event, e.from_status, e.to_status, e.actor_id)),
        );
    }
    let step = |event: &str, from, to| (event.to_owned(), from, to, Some(seller));
    assert_eq!(
        told,
        [
            step("restored", Some(Status::Archived), Status::Draft),
            step("archived", Some(Status::Draft), Status::Archived),
            step("withdrawn", Some(Status::Pending), Status::Draft),
            step("submitted", Some(Status::Draft), Status::Pending),
            step("created", None, Status::Draft),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_shop_member_appears_as_the_actor_of_what_they_did() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (_, owner, listing) = scene.shop().await?;
    market::listing_withdraw(&*scene.api, owner, listing, None).await?;
    let events =
        market::listing_event_list(&*scene.api, &first_page(scene.seller, listing)).await?;
    assert_eq!(
        (events[0].event.as_str(), events[0].actor_id),
        ("archived", Some(owner))
    );
    Ok(())
}

#[tokio::test]
async fn strangers_are_refused_and_moderators_are_not() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let published = scene.listing(Status::Published).await?;
    let draft = scene.listing(Status::Draft).await?;
    let stranger = scene.db.person(Role::User).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    for (actor, listing, expected) in [
        (stranger, published, Reason::ListingNotYours),
        (stranger, draft, Reason::ListingUnknown),
        (moderator, ListingId(-1), Reason::ListingUnknown),
        (UserId(-1), published, Reason::ActorUnknown),
    ] {
        let refusal = market::listing_event_list(&*scene.api, &first_page(actor, listing)).await;
        assert_eq!(reason(refusal), expected);
    }
    assert_eq!(
        market::listing_event_list(&*scene.api, &first_page(moderator, draft))
            .await?
            .len(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn what_is_recorded_cannot_be_changed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.listing(Status::Draft).await?;
    for write in [
        "update market_data.listing_events set actor_id = null",
        "delete from market_data.listing_events",
    ] {
        let error = scene.admin.batch_execute(write).await.unwrap_err();
        assert_eq!(
            error.as_db_error().unwrap().constraint(),
            Some("history_is_append_only"),
            "{write}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn only_the_partitions_from_the_birth_of_the_listing_until_now_are_read() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    // Partitions in all, and those which may hold something from its birth until now.
    let row = scene
        .admin
        .query_one(
            "select count(*), count(*) filter (
                 where b.bound <> 'DEFAULT' and split_part(b.bound, '''', 4)::timestamptz > l.created_at
                     and split_part(b.bound, '''', 2)::timestamptz <= now() + interval '1 minute')
             from pg_inherits as i
             join pg_class as c on c.oid = i.inhrelid
             cross join lateral pg_get_expr(c.relpartbound, c.oid) as b (bound)
             join market_data.listings as l on l.id = $1
             where i.inhparent = 'market_data.listing_events'::regclass",
            &[&listing],
        )
        .await?;
    let (all, since): (i64, i64) = (row.get(0), row.get(1));
    assert!(
        since < all,
        "there is no partition of the past to leave out"
    );
    let call = format!(
        "select from market.listing_event_list({}, {listing}, 20, null, null)",
        scene.seller
    );
    let explained = Explained::run(&scene.db, Mode::Custom, &call).await?;
    let read = explained.partitions("listing_events");
    assert_eq!(i64::try_from(read.len())?, since, "{read:?}");
    Ok(())
}
