//! What the reviewed side says to a review.

use kardan_schema::market;
use kardan_schema::{Reason, Role};

use super::{sold, write};
use crate::market::deal::told;
use crate::support::reason;

#[tokio::test]
async fn the_reviewed_side_answers_once_and_the_author_is_told() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let review = write(&stall.api, stall.buyer, deal, 2, "Late")
        .await?
        .review_id;
    let answer = || " There was snow ".to_owned();
    let said = market::review_answer(&*stall.api, stall.seller, review, answer()).await?;
    assert_eq!(said.answer.as_deref(), Some("There was snow"));
    assert!(said.answered_at.is_some());
    let again = market::review_answer(&*stall.api, stall.seller, review, answer()).await?;
    assert_eq!(again, said);
    let other = market::review_answer(&*stall.api, stall.seller, review, "No".to_owned()).await;
    assert_eq!(reason(other), Reason::ReviewAnswered);
    let heard = told(&stall.db).await?;
    let count = heard
        .iter()
        .filter(|one| one.0 == "review.answered")
        .count();
    assert_eq!(count, 1);
    assert_eq!(
        heard.last(),
        Some(&("review.answered".to_owned(), stall.buyer))
    );
    Ok(())
}

#[tokio::test]
async fn only_the_reviewed_side_answers_with_words_that_everybody_may_read() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let review = write(&stall.api, stall.buyer, deal, 2, "Late")
        .await?
        .review_id;
    let say = |text: &str| text.to_owned();
    for person in [stall.buyer, stall.db.person(Role::Admin).await?] {
        let strange = market::review_answer(&*stall.api, person, review, say("Hm")).await;
        assert_eq!(reason(strange), Reason::ReviewSideRequired);
    }
    let none = market::review_answer(&*stall.api, stall.seller, -1, say("Hm")).await;
    assert_eq!(reason(none), Reason::ReviewUnknown);
    for text in [String::new(), "x".repeat(1001)] {
        let answer = market::review_answer(&*stall.api, stall.seller, review, text).await;
        assert_eq!(reason(answer), Reason::ReviewAnswerLength);
    }
    let contact = say("Write to me@example.com");
    let contact = market::review_answer(&*stall.api, stall.seller, review, contact).await;
    assert_eq!(reason(contact), Reason::TextContact);

    let moderator = stall.db.person(Role::Moderator).await?;
    market::moderation_review_hide(&*stall.api, moderator, review, say("Rude")).await?;
    let stranger = stall.db.person(Role::User).await?;
    let hidden = market::review_answer(&*stall.api, stranger, review, say("Hm")).await;
    assert_eq!(reason(hidden), Reason::ReviewUnknown);
    stall.block(stall.seller).await?;
    let blocked = market::review_answer(&*stall.api, stall.seller, review, say("Hm")).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    Ok(())
}
