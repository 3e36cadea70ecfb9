//! What people say of the platform.

use kardan_schema::market::{self, PlatformReviewList};
use kardan_schema::{Reason, Role, UserId};
use kardan_testdb::Database;

use super::{recount, sum};
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn a_person_has_one_current_review_and_the_former_ones_are_kept() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let (anna, ivan) = (db.person(Role::User).await?, db.person(Role::User).await?);
    assert_eq!(market::platform_review_get(&*api, anna).await?, None);
    market::platform_review_set(&*api, anna, 2, "Slow".to_owned()).await?;
    market::platform_review_set(&*api, ivan, 5, String::new()).await?;
    let now = market::platform_review_set(&*api, anna, 4, " Better ".to_owned()).await?;
    assert_eq!((now.stars, now.text.as_str()), (4, "Better"));
    let again = market::platform_review_set(&*api, anna, 4, "Better".to_owned()).await?;
    assert_eq!(again, now);
    assert_eq!(market::platform_review_get(&*api, anna).await?, Some(now));
    let rating = market::platform_rating_get(&*api).await?;
    assert_eq!((sum(&rating), rating.average), ((2, 9), Some(4.5)));
    let kept: i64 = db
        .superuser()
        .await?
        .query_one("select count(*) from market_data.platform_reviews", &[])
        .await?
        .get(0);
    assert_eq!(kept, 3);
    recount(&db).await?;

    for stars in [0, 6] {
        let answer = market::platform_review_set(&*api, anna, stars, String::new()).await;
        assert_eq!(reason(answer), Reason::ReviewStarsRange);
    }
    let long = market::platform_review_set(&*api, anna, 4, "x".repeat(2001)).await;
    assert_eq!(reason(long), Reason::PlatformReviewTextLength);
    let nobody = market::platform_review_get(&*api, UserId(-1)).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn two_reviews_of_a_person_at_one_moment_come_one_after_the_other() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let anna = db.person(Role::User).await?;
    let mut first = db.as_role("kardan_api").await?;
    let writing = first.transaction().await?;
    market::platform_review_set(&writing, anna, 1, String::new()).await?;
    let api = db.as_role("kardan_api").await?;
    let waiting = backend(&api).await?;
    let second =
        tokio::spawn(
            async move { market::platform_review_set(&*api, anna, 5, String::new()).await },
        );
    until_blocked(&db, waiting).await?;
    writing.commit().await?;
    assert_eq!(second.await??.stars, 5);
    let api = db.as_role("kardan_api").await?;
    assert_eq!(sum(&market::platform_rating_get(&*api).await?), (1, 5));
    recount(&db).await?;
    Ok(())
}

#[tokio::test]
async fn administrators_list_what_people_say_now_the_newest_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let admin = db.person(Role::Admin).await?;
    let mut people = Vec::new();
    for stars in [1, 3, 3, 5] {
        let person = db.person(Role::User).await?;
        market::platform_review_set(&*api, person, stars, format!("{stars} of 5")).await?;
        people.insert(0, person);
    }
    market::platform_review_set(&*api, people[3], 2, "Two".to_owned()).await?;
    let list = |stars, limit, after| PlatformReviewList {
        actor: admin,
        stars,
        limit,
        after,
    };
    let all = market::platform_review_list(&*api, &list(None, None, None)).await?;
    let authors: Vec<_> = all.iter().map(|row| row.user_id).collect();
    assert_eq!(authors, [people[3], people[0], people[1], people[2]]);
    assert_eq!((all[0].stars, all[0].text.as_str()), (2, "Two"));
    let threes = market::platform_review_list(&*api, &list(Some(3), None, None)).await?;
    assert_eq!(threes.len(), 2);
    let page =
        market::platform_review_list(&*api, &list(None, Some(0), Some(all[0].review_id))).await?;
    assert_eq!(page, [all[1].clone()]);
    for role in [Role::User, Role::Moderator] {
        let actor = db.person(role).await?;
        let refused = PlatformReviewList {
            actor,
            ..list(None, None, None)
        };
        let refused = market::platform_review_list(&*api, &refused).await;
        assert_eq!(reason(refused), Reason::RoleRequired);
    }
    Ok(())
}
