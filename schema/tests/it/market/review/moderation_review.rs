//! Moderators hide reviews and show them again.

use kardan_schema::market::{self, ModerationReviewList, ReviewList};
use kardan_schema::{Reason, Role, UserId};

use super::{rated, recount, sold, write};
use crate::locks::{backend, until_blocked};
use crate::market::deal::told;
use crate::support::reason;

fn list(actor: UserId, hidden: Option<bool>) -> ModerationReviewList {
    ModerationReviewList {
        actor,
        hidden,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn a_hidden_review_is_neither_shown_nor_counted_and_comes_back_as_it_was()
-> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let api = &*stall.api;
    let review = write(&stall.api, stall.buyer, deal, 2, "Late")
        .await?
        .review_id;
    let moderator = stall.db.person(Role::Moderator).await?;
    let why = || " Insults ".to_owned();
    let hidden = market::moderation_review_hide(api, moderator, review, why()).await?;
    assert_eq!(hidden.hidden_reason.as_deref(), Some("Insults"));
    let again =
        market::moderation_review_hide(api, moderator, review, "Another".to_owned()).await?;
    assert_eq!(again, hidden);
    assert_eq!(rated(&stall.api, stall.seller).await?, (0, 0));
    let public = ReviewList {
        user: Some(stall.seller),
        shop: None,
        limit: None,
        after: None,
    };
    assert_eq!(market::review_list(api, &public).await?, []);
    let seen = market::review_list_of_deal(api, stall.buyer, deal).await?;
    assert_eq!(seen[0].hidden_reason.as_deref(), Some("Insults"));
    recount(&stall.db).await?;
    // Changed while it is hidden, it still does not count.
    write(&stall.api, stall.buyer, deal, 1, "Late").await?;
    assert_eq!(rated(&stall.api, stall.seller).await?, (0, 0));

    for _ in 0..2 {
        let shown = market::moderation_review_unhide(api, moderator, review).await?;
        assert_eq!((shown.hidden_at, shown.hidden_reason), (None, None));
        assert_eq!(rated(&stall.api, stall.seller).await?, (1, 1));
    }
    recount(&stall.db).await?;
    let rows = stall
        .db
        .superuser()
        .await?
        .query(
            "select a.action, a.actor_id, a.details ->> 'reason' from ops_data.audit as a
             where a.object_type = 'review' and a.object_id = $1 order by a.id",
            &[&review.to_string()],
        )
        .await?;
    let audit: Vec<(String, UserId, Option<String>)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    assert_eq!(
        audit,
        [
            (
                "review.hide".to_owned(),
                moderator,
                Some("Insults".to_owned())
            ),
            ("review.unhide".to_owned(), moderator, None),
        ]
    );
    let heard = told(&stall.db).await?;
    assert_eq!(
        heard.iter().filter(|one| one.0 == "review.hidden").count(),
        1
    );
    assert!(heard.contains(&("review.hidden".to_owned(), stall.buyer)));
    Ok(())
}

#[tokio::test]
async fn only_moderators_who_have_no_part_in_the_deal_decide_and_they_say_why() -> anyhow::Result<()>
{
    let (stall, deal) = sold().await?;
    let api = &*stall.api;
    let review = write(&stall.api, stall.buyer, deal, 2, "Late")
        .await?
        .review_id;
    let why = || "Insults".to_owned();
    let plain = market::moderation_review_hide(api, stall.seller, review, why()).await;
    assert_eq!(reason(plain), Reason::RoleRequired);
    let plain = market::moderation_review_unhide(api, stall.seller, review).await;
    assert_eq!(reason(plain), Reason::RoleRequired);
    let plain = market::moderation_review_list(api, &list(stall.seller, None)).await;
    assert_eq!(reason(plain), Reason::RoleRequired);

    let moderator = stall.db.person(Role::Moderator).await?;
    let none = market::moderation_review_hide(api, moderator, -1, why()).await;
    assert_eq!(reason(none), Reason::ReviewUnknown);
    for text in [String::new(), " a ".to_owned(), "x".repeat(501)] {
        let answer = market::moderation_review_hide(api, moderator, review, text).await;
        assert_eq!(reason(answer), Reason::ReviewHiddenReasonLength);
    }
    stall
        .db
        .superuser()
        .await?
        .execute(
            "update people_data.users set role = 'moderator' where id = $1",
            &[&stall.seller],
        )
        .await?;
    let own = market::moderation_review_hide(api, stall.seller, review, why()).await;
    assert_eq!(reason(own), Reason::ReviewOwn);
    let own = market::moderation_review_unhide(api, stall.seller, review).await;
    assert_eq!(reason(own), Reason::ReviewOwn);
    Ok(())
}

#[tokio::test]
async fn moderators_list_all_reviews_or_the_hidden_ones_the_newest_first() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let api = &*stall.api;
    let first = write(&stall.api, stall.buyer, deal, 2, "Late")
        .await?
        .review_id;
    let second = write(&stall.api, stall.seller, deal, 5, "")
        .await?
        .review_id;
    let moderator = stall.db.person(Role::Moderator).await?;
    market::moderation_review_hide(api, moderator, first, "Insults".to_owned()).await?;
    let numbers = async |list: ModerationReviewList| -> anyhow::Result<Vec<i64>> {
        let rows = market::moderation_review_list(api, &list).await?;
        Ok(rows.iter().map(|row| row.review_id).collect())
    };
    assert_eq!(numbers(list(moderator, None)).await?, [second, first]);
    assert_eq!(
        numbers(list(moderator, Some(false))).await?,
        [second, first]
    );
    assert_eq!(numbers(list(moderator, Some(true))).await?, [first]);
    let next = ModerationReviewList {
        limit: Some(0),
        ..list(moderator, None)
    };
    assert_eq!(numbers(next).await?, [second]);
    let next = ModerationReviewList {
        after: Some(second),
        ..list(moderator, None)
    };
    assert_eq!(numbers(next).await?, [first]);
    Ok(())
}

#[tokio::test]
async fn an_edit_and_a_moderator_at_one_moment_leave_the_rating_right() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let review = write(&stall.api, stall.buyer, deal, 2, "Late")
        .await?
        .review_id;
    let moderator = stall.db.person(Role::Moderator).await?;
    let mut first = stall.db.as_role("kardan_api").await?;
    let hiding = first.transaction().await?;
    market::moderation_review_hide(&hiding, moderator, review, "Insults".to_owned()).await?;
    let api = stall.db.as_role("kardan_api").await?;
    let (buyer, waiting) = (stall.buyer, backend(&api).await?);
    let editing = tokio::spawn(async move { write(&api, buyer, deal, 5, "Late").await });
    until_blocked(&stall.db, waiting).await?;
    hiding.commit().await?;
    assert_eq!(editing.await??.stars, 5);
    assert_eq!(rated(&stall.api, stall.seller).await?, (0, 0));
    market::moderation_review_unhide(&*stall.api, moderator, review).await?;
    assert_eq!(rated(&stall.api, stall.seller).await?, (1, 5));
    recount(&stall.db).await?;
    Ok(())
}
