//! Reviews and ratings: a file for each function or pair of them, and what all of them need.

mod deal_review_ask;
mod moderation_review;
mod platform_review;
mod ratings;
mod review_answer;
mod review_list;
mod review_plans;
mod review_write;

use kardan_schema::market::{self, Rating, Review, ReviewWrite};
use kardan_schema::{DealState, Error, UserId};
use kardan_testdb::{Database, Session};
use uuid::Uuid;

use super::deal::deal_in;
use super::reservation::Stall;

/// A stall whose buyer has bought a piece.
async fn sold() -> anyhow::Result<(Stall, Uuid)> {
    let stall = Stall::open(9).await?;
    let deal = deal_in(&stall, 1, DealState::Completed).await?;
    Ok((stall, deal))
}

async fn write(
    api: &Session,
    actor: UserId,
    deal: Uuid,
    stars: i32,
    text: &str,
) -> Result<Review, Error> {
    let review = ReviewWrite {
        actor,
        deal,
        stars,
        text: text.to_owned(),
    };
    market::review_write(&**api, &review).await
}

/// How many reviews a person has, and how many stars they are together.
async fn rated(api: &Session, user: UserId) -> anyhow::Result<(i64, i64)> {
    Ok(sum(&market::rating_get(&**api, Some(user), None).await?))
}

fn sum(rating: &Rating) -> (i64, i64) {
    let stars = rating.stars_1
        + 2 * rating.stars_2
        + 3 * rating.stars_3
        + 4 * rating.stars_4
        + 5 * rating.stars_5;
    (rating.review_count, stars)
}

/// The job that compares ratings with a recount; fails when they differ.
async fn recount(db: &Database) -> Result<(), tokio_postgres::Error> {
    let job = db.as_role("kardan_maintenance").await.unwrap();
    job.batch_execute("select market.ratings_check()").await
}
