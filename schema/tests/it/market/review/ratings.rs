//! Ratings equal a recount at all times.

use kardan_schema::market;
use kardan_schema::{DealState, Role, UserId};

use super::{rated, recount, sold, sum, write};
use crate::market::deal::deal_in;
use crate::market::reservation::Stall;

/// What the reviews themselves say, past everything that the program keeps.
async fn counted(stall: &Stall, user: UserId) -> anyhow::Result<(i64, i64)> {
    let row = stall
        .db
        .superuser()
        .await?
        .query_one(
            "select count(*), coalesce(sum(r.stars), 0) from market_data.reviews as r
             where r.subject = $1 and r.hidden_at is null",
            &[&user],
        )
        .await?;
    Ok((row.get(0), row.get(1)))
}

#[tokio::test]
async fn writers_editors_and_moderators_at_once_leave_a_rating_that_equals_a_recount()
-> anyhow::Result<()> {
    let mut stall = Stall::open(60).await?;
    let first = stall.buyer;
    let mut deals = Vec::new();
    for _ in 0..24 {
        stall.buyer = stall.db.person(Role::User).await?;
        deals.push((stall.buyer, deal_in(&stall, 1, DealState::Completed).await?));
    }
    stall.buyer = first;
    let moderator = stall.db.person(Role::Moderator).await?;
    let watcher = stall.db.as_role("kardan_maintenance").await?;
    let mut running = Vec::new();
    for (number, (buyer, deal)) in deals.into_iter().enumerate() {
        let api = stall.db.as_role("kardan_api").await?;
        running.push(tokio::spawn(async move {
            let stars = i32::try_from(number % 5).unwrap() + 1;
            let review = write(&api, buyer, deal, stars, "First").await?.review_id;
            if number % 2 == 0 {
                write(&api, buyer, deal, 6 - stars, "Second").await?;
            }
            if number % 3 == 0 {
                market::moderation_review_hide(&*api, moderator, review, "Rude".to_owned()).await?;
            }
            if number % 6 == 0 {
                market::moderation_review_unhide(&*api, moderator, review).await?;
            }
            Ok::<_, kardan_schema::Error>(())
        }));
    }
    // In the midst of it the two agree as well.
    for _ in 0..20 {
        watcher
            .batch_execute("select market.ratings_check()")
            .await?;
    }
    for one in running {
        one.await??;
    }
    recount(&stall.db).await?;
    let kept = rated(&stall.api, stall.seller).await?;
    assert_eq!(kept, counted(&stall, stall.seller).await?);
    assert_eq!(kept.0, 20, "24 written, 8 hidden, 4 of them shown again");
    Ok(())
}

#[tokio::test]
async fn a_rating_tells_count_average_and_each_number_of_stars() -> anyhow::Result<()> {
    let (mut stall, deal) = sold().await?;
    let api = &*stall.api;
    let none = market::rating_get(api, Some(stall.seller), None).await?;
    assert_eq!((none.review_count, none.average), (0, None));
    assert_eq!(market::rating_get(api, None, None).await?, none);
    assert_eq!(market::rating_get(api, Some(UserId(-1)), None).await?, none);
    write(&stall.api, stall.buyer, deal, 5, "").await?;
    for stars in [5, 4] {
        stall.buyer = stall.db.person(Role::User).await?;
        let deal = deal_in(&stall, 1, DealState::Completed).await?;
        write(&stall.api, stall.buyer, deal, stars, "").await?;
    }
    let rating = market::rating_get(&*stall.api, Some(stall.seller), None).await?;
    assert_eq!(sum(&rating), (3, 14));
    assert_eq!(rating.average, Some(4.67));
    assert_eq!((rating.stars_4, rating.stars_5, rating.stars_1), (1, 2, 0));
    Ok(())
}

#[tokio::test]
async fn erased_words_leave_the_numbers_as_they_are() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let review = write(&stall.api, stall.buyer, deal, 3, "My name is Ivan")
        .await?
        .review_id;
    market::review_answer(
        &*stall.api,
        stall.seller,
        review,
        "Thank you, Ivan".to_owned(),
    )
    .await?;
    let other = deal_in(&stall, 1, DealState::Requested).await?;
    market::deal_cancel(&*stall.api, stall.buyer, other, "I am Ivan".to_owned()).await?;
    market::platform_review_set(&*stall.api, stall.buyer, 4, "Ivan".to_owned()).await?;
    let session = stall.db.superuser().await?;
    for _ in 0..2 {
        session
            .execute("select market.reviews_forget($1)", &[&stall.buyer])
            .await?;
    }
    let seen = market::review_list_of_deal(&*stall.api, stall.seller, deal).await?;
    assert_eq!((seen[0].text.as_str(), seen[0].stars), ("", 3));
    assert_eq!(seen[0].answer.as_deref(), Some("Thank you, Ivan"));
    let cancelled = market::deal_get(&*stall.api, stall.seller, other)
        .await?
        .unwrap();
    assert_eq!(cancelled.reason.as_deref(), Some("..."));
    session
        .execute("select market.reviews_forget($1)", &[&stall.seller])
        .await?;
    let seen = market::review_list_of_deal(&*stall.api, stall.seller, deal).await?;
    assert_eq!(seen[0].answer, None);
    assert!(
        seen[0].answered_at.is_some(),
        "it was answered all the same"
    );
    assert_eq!(rated(&stall.api, stall.seller).await?, (1, 3));
    let platform = market::platform_review_get(&*stall.api, stall.buyer)
        .await?
        .unwrap();
    assert_eq!((platform.text.as_str(), platform.stars), ("", 4));
    recount(&stall.db).await?;
    Ok(())
}

#[tokio::test]
async fn the_nightly_check_names_what_differs_and_the_failed_job_is_recorded() -> anyhow::Result<()>
{
    let (stall, deal) = sold().await?;
    write(&stall.api, stall.buyer, deal, 3, "").await?;
    recount(&stall.db).await?;
    let session = stall.db.superuser().await?;
    for (change, subject) in [
        (
            "update market_data.ratings set stars_5 = stars_5 + 1",
            stall.seller,
        ),
        ("delete from market_data.ratings", stall.seller),
    ] {
        session.batch_execute(change).await?;
        let error = recount(&stall.db).await.unwrap_err();
        let fault = error.as_db_error().unwrap();
        assert_eq!(fault.constraint(), Some("rating_differs"));
        assert!(
            fault.message().ends_with(&format!(": {subject}")),
            "{}",
            fault.message()
        );
    }
    let job = stall.db.as_role("kardan_maintenance").await?;
    job.execute("select from ops.job_run('ratings_check')", &[])
        .await?;
    let row = job
        .query_one(
            "select l.last_error from ops.job_list() as l where l.name = 'ratings_check'",
            &[],
        )
        .await?;
    let error: Option<String> = row.get(0);
    assert!(error.is_some_and(|text| text.contains("ratings differ")));
    Ok(())
}
