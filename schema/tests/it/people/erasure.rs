//! Erasing a person: who may, what keeps them, and what others see afterwards.

use kardan_schema::market;
use kardan_schema::people;
use kardan_schema::{Db, Error, Reason, Role, UserId};
use kardan_testdb::{Database, ListingFixture};

use super::export_plans::crowded;
use super::register::{PERSON, life};
use super::{behind, block, count, hash, start, token};
use crate::support::reason;

/// Why the person cannot be erased.
async fn obstacles(db: &impl Db, user: UserId) -> Result<Vec<String>, Error> {
    let found = people::erasure_get(db, user).await?;
    Ok(found.into_iter().map(|what| what.reason).collect())
}

#[tokio::test]
async fn a_person_confirms_with_their_name_and_comes_back_as_somebody_new() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (api, bot) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_bot").await?,
    );
    let anna = people::user_start(&*bot, &start(42)).await?.user_id;
    people::token_create(&*api, &token(anna, 1)).await?;
    for wrong in ["", "Anna", "anna petrova"] {
        let answer = people::user_erase(&*api, anna, wrong).await;
        assert_eq!(reason(answer), Reason::ErasureNotConfirmed, "{wrong}");
    }
    people::user_erase(&*api, anna, " Anna  Petrova").await?;

    assert!(people::token_authenticate(&*api, &hash(1)).await?.is_none());
    for answer in [
        people::user_get(&*api, anna).await.map(drop),
        people::user_erase(&*api, anna, "...").await,
        people::erasure_get(&*api, anna).await.map(drop),
        people::token_create(&*api, &token(anna, 2)).await.map(drop),
    ] {
        assert_eq!(reason(answer), Reason::ActorUnknown);
    }
    let again = people::user_start(&*bot, &start(42)).await?;
    assert!(again.is_new && again.user_id != anna);
    Ok(())
}

#[tokio::test]
async fn what_others_count_on_keeps_a_person_until_it_is_over() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let (seller, buyer) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let listing = db.listing(seller, &ListingFixture::default()).await?;
    let deal = market::deal_request(&*api, buyer, listing, 1)
        .await?
        .deal_id;
    assert!(
        obstacles(&*api, buyer).await?.is_empty(),
        "it may be called off"
    );
    market::deal_confirm(&*api, seller, deal).await?;
    assert_eq!(obstacles(&*api, buyer).await?, ["erasure_deal_open"]);
    assert_eq!(
        obstacles(&*api, seller).await?,
        ["erasure_deal_open", "erasure_pieces_held"]
    );
    let name = people::user_get(&*api, seller).await?.display_name;
    let refused = people::user_erase(&*api, seller, &name).await;
    assert_eq!(reason(refused), Reason::ErasureDealOpen);

    market::deal_hand_over(&*api, seller, deal).await?;
    market::deal_complete(&*api, buyer, deal).await?;
    people::user_erase(&*api, seller, &name).await?;
    let kept = market::deal_get(&*api, buyer, deal).await?.unwrap();
    assert_eq!((kept.title.as_str(), kept.quantity), ("...", 1));
    Ok(())
}

#[tokio::test]
async fn a_shop_with_others_keeps_its_last_owner_and_the_platform_its_people() -> anyhow::Result<()>
{
    let (db, admin) = life().await?;
    let api = db.as_role("kardan_api").await?;
    // In the life of the person, somebody else owns the shop with others in it.
    assert!(obstacles(&*api, PERSON).await?.is_empty());
    admin
        .batch_execute(
            "update market_data.shop_members set role = 'owner' where shop_id = 11 and user_id = 1;
             update market_data.shop_members set role = 'seller' where shop_id = 11 and user_id = 2;
             update people_data.users set role = 'moderator' where id = 1",
        )
        .await?;
    assert_eq!(
        obstacles(&*api, PERSON).await?,
        ["erasure_staff", "shop_last_owner"]
    );
    let operator = db.as_role("kardan_admin").await?;
    let seen = people::erasure_obstacles_list(&*operator, PERSON).await?;
    assert_eq!((seen.len(), seen[1].object_id.as_str()), (2, "11"));
    let refused = people::user_erase_by_operator(&*operator, PERSON).await;
    assert_eq!(reason(refused), Reason::ErasureStaff);
    let nobody = people::user_erase_by_operator(&*operator, UserId(i64::MAX)).await;
    assert_eq!(reason(nobody), Reason::UserUnknown);
    Ok(())
}

#[tokio::test]
async fn who_is_blocked_asks_an_operator() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let (admin, rude) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let name = people::user_get(&*api, rude).await?.display_name;
    block(&*api, admin, rude).await?;
    let refused = people::user_erase(&*api, rude, &name).await;
    assert_eq!(reason(refused), Reason::ActorBlocked);
    people::user_erase_by_operator(&*db.as_role("kardan_admin").await?, rude).await?;
    let words = "select count(*) from people_data.bans where reason <> '...'";
    assert_eq!(count(&db, words).await?, 0);
    Ok(())
}

#[tokio::test]
async fn deals_and_stars_add_up_as_before_and_the_listings_are_gone() -> anyhow::Result<()> {
    let (db, _admin) = life().await?;
    let figures = [
        "select count(*) from market_data.deals where state = 'completed'",
        "select sum(stars)::bigint from market_data.reviews",
        "select sum(total_minor)::bigint from market_data.deals",
        "select count(distinct user_id) from market_data.contact_people",
        "select count(distinct clicker) from market_data.contact_clicks",
        "select count(*) from market_data.contact_clicks",
    ];
    let mut before = Vec::new();
    for figure in figures {
        before.push(count(&db, figure).await?);
    }
    people::user_erase_by_operator(&*db.as_role("kardan_admin").await?, PERSON).await?;
    for (figure, before) in figures.into_iter().zip(before) {
        assert_eq!(count(&db, figure).await?, before, "{figure}");
    }
    for none in [
        "select count(*) from market_data.listings where owner_user_id = 1 and status <> 'archived'",
        "select count(*) from market_data.search_entries where listing_id in (1001, 1010)",
        "select count(*) from market_data.deals where state = 'requested'",
        "select count(*) from market_data.moderation_items where closed_at is null",
        "select count(*) from notify_data.queue where recipient = 1",
    ] {
        assert_eq!(count(&db, none).await?, 0, "{none}");
    }
    let due = "select count(*) from market_data.channel_posts where due_at is not null";
    assert_eq!(count(&db, due).await?, 1, "its post is to be marked");
    Ok(())
}

#[tokio::test]
async fn an_order_that_comes_in_between_is_called_off_or_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (api, other) = (
        db.as_role("kardan_api").await?,
        db.as_role("kardan_api").await?,
    );
    let (seller, buyer) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let listing = db.listing(seller, &ListingFixture::default()).await?;
    let name = people::user_get(&*api, seller).await?.display_name;
    api.batch_execute("begin").await?;
    market::deal_request(&*api, buyer, listing, 1).await?;
    behind(&db, &api, people::user_erase(&*other, seller, &name)).await??;
    let states = "select count(*) from market_data.deals where state = 'cancelled'";
    assert_eq!(count(&db, states).await?, 1);
    let late = market::deal_request(&*api, buyer, listing, 1).await;
    assert!(late.is_err());
    Ok(())
}

#[tokio::test]
async fn an_erasure_reads_nothing_whole_however_much_others_have() -> anyhow::Result<()> {
    let db = crowded().await?;
    let session = db.superuser().await?;
    session
        .batch_execute(
            "delete from market_data.reservations where state = 'held' and listing_id between 1001 and 1010;
             delete from market_data.deals where buyer_id > 1000 and listing_id between 1001 and 1010;
             begin;
             select people.user_erase_by_operator(1)",
        )
        .await?;
    let read = session
        .query(
            "select s.relname::text from pg_stat_xact_user_tables as s where s.seq_tup_read > 5000",
            &[],
        )
        .await?;
    let read: Vec<String> = read.iter().map(|row| row.get(0)).collect();
    assert!(read.is_empty(), "read whole: {read:?}");
    Ok(())
}

#[tokio::test]
async fn a_history_takes_no_other_change() -> anyhow::Result<()> {
    let (db, session) = life().await?;
    drop(db);
    for change in [
        "update ops_data.audit set details = '{}'",
        "set kardan.erasing = '1'; update ops_data.audit set details = '{}'",
        "delete from market_data.contact_clicks",
        "update market_data.deals set title = 'x'",
    ] {
        assert!(session.batch_execute(change).await.is_err(), "{change}");
    }
    Ok(())
}
