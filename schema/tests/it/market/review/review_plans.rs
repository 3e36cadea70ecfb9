//! How reviews and ratings are read among many.

use kardan_schema::Role;

use crate::market::reservation::Stall;
use crate::plans::{Explained, Mode};

#[tokio::test]
async fn lists_and_ratings_are_read_through_their_indexes() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let (moderator, admin) = (
        stall.db.person(Role::Moderator).await?,
        stall.db.person(Role::Admin).await?,
    );
    let session = stall.db.superuser().await?;
    session
        .batch_execute(&format!(
            "insert into people_data.users (display_name, created_at, updated_at)
             select 'Somebody', ops.clock_now(), ops.clock_now() from generate_series(1, 3000);
             with made as (
                 insert into market_data.reservations (
                     id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at)
                 select gen_random_uuid(), {listing}, u.id, 1, 'RUB', 1, 'sold', ops.clock_now(), ops.clock_now()
                 from people_data.users as u
                 where u.display_name = 'Somebody'
                 returning id, buyer_id),
             done as (
                 insert into market_data.deals (
                     id, listing_id, buyer_id, seller_user_id, title, quantity, currency, unit_price_minor,
                     total_minor, state, reservation_id, created_at, changed_at)
                 select m.id, {listing}, m.buyer_id, {seller}, 'x', 1, 'RUB', 1, 1, 'completed', m.id,
                     ops.clock_now(), ops.clock_now()
                 from made as m
                 returning id, buyer_id)
             insert into market_data.reviews (
                 deal_id, direction, buyer_id, seller_key, author_id, stars, text, created_at, updated_at, hidden_at,
                 hidden_by, hidden_reason)
             select d.id, w.direction, d.buyer_id, {seller}, case w.direction when 'of_buyer' then {seller} else d.buyer_id end,
                 5, '', ops.clock_now(), ops.clock_now(),
                 case when d.buyer_id % 100 = 0 then ops.clock_now() end,
                 case when d.buyer_id % 100 = 0 then {moderator} end,
                 case when d.buyer_id % 100 = 0 then 'Rude' end
             from done as d, unnest(array['of_buyer', 'of_seller']) as w (direction);
             insert into market_data.ratings (subject, stars_5)
             select u.id, 1 from people_data.users as u;
             insert into market_data.platform_reviews (user_id, stars, text, created_at, replaced_at)
             select u.id, 5, '', ops.clock_now(), case when n > 1 then ops.clock_now() end
             from people_data.users as u, generate_series(1, 3) as n;
             analyze market_data.reviews, market_data.deals, market_data.ratings, market_data.platform_reviews,
                 people_data.users",
            listing = stall.listing,
            seller = stall.seller,
        ))
        .await?;
    let row = session
        .query_one(
            "select r.deal_id::text, r.buyer_id from market_data.reviews as r where r.hidden_at is null limit 1",
            &[],
        )
        .await?;
    let (deal, buyer): (String, i64) = (row.get(0), row.get(1));
    for mode in [Mode::Custom, Mode::Generic] {
        for (statement, index, table) in [
            (
                format!("select count(*) from market.review_list({buyer}, null, 20, null)"),
                "reviews_subject_id_idx",
                "reviews",
            ),
            (
                format!("select count(*) from market.review_list_of_deal({buyer}, '{deal}')"),
                "review_exists",
                "reviews",
            ),
            (
                format!(
                    "select count(*) from market.moderation_review_list({moderator}, true, 20, null)"
                ),
                "reviews_hidden_idx",
                "reviews",
            ),
            (
                format!(
                    "select count(*) from market.moderation_review_list({moderator}, null, 20, null)"
                ),
                "reviews_pkey",
                "reviews",
            ),
            (
                format!("select count(*) from market.rating_get({buyer}, null)"),
                "ratings_pkey",
                "ratings",
            ),
            (
                format!(
                    "select count(*) from market.platform_review_list({admin}, null, 20, null)"
                ),
                "platform_reviews_current_idx",
                "platform_reviews",
            ),
            (
                format!("select count(*) from market.platform_review_get({buyer})"),
                "platform_review_single",
                "platform_reviews",
            ),
        ] {
            let plans = Explained::run(&stall.db, mode, &statement).await?;
            plans.assert_index(index);
            plans.assert_no_full_scan(table);
        }
    }
    Ok(())
}
