//! Saying what the other side was like.

use kardan_schema::market;
use kardan_schema::{DealState, Reason, ReviewDirection, Role, UserId, WordForm};
use uuid::Uuid;

use super::{rated, recount, sold, write};
use crate::locks::{backend, until_blocked};
use crate::market::deal::{deal_in, to_shop, told};
use crate::market::reservation::Stall;
use crate::support::reason;

#[tokio::test]
async fn each_side_reviews_the_other_once_and_both_are_told_and_rated() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let of_seller = write(&stall.api, stall.buyer, deal, 5, "  Quick and honest ").await?;
    assert_eq!(of_seller.direction, ReviewDirection::OfSeller);
    assert_eq!(
        (of_seller.stars, of_seller.text.as_str()),
        (5, "Quick and honest")
    );
    assert_eq!(
        (
            of_seller.subject_user_id,
            of_seller.subject_shop_id,
            of_seller.author_id
        ),
        (Some(stall.seller), None, stall.buyer)
    );
    let of_buyer = write(&stall.api, stall.seller, deal, 4, "").await?;
    assert_eq!(of_buyer.direction, ReviewDirection::OfBuyer);
    assert_eq!(of_buyer.subject_user_id, Some(stall.buyer));
    assert_eq!(rated(&stall.api, stall.seller).await?, (1, 5));
    assert_eq!(rated(&stall.api, stall.buyer).await?, (1, 4));

    for _ in 0..2 {
        let same = write(&stall.api, stall.buyer, deal, 5, "Quick and honest").await?;
        assert_eq!(same, of_seller);
    }
    assert_eq!(rated(&stall.api, stall.seller).await?, (1, 5));
    let reviews: Vec<_> = told(&stall.db)
        .await?
        .into_iter()
        .filter(|one| one.0.starts_with("review."))
        .collect();
    let received = |user| ("review.received".to_owned(), user);
    assert_eq!(reviews, [received(stall.seller), received(stall.buyer)]);
    recount(&stall.db).await?;
    Ok(())
}

#[tokio::test]
async fn a_review_needs_a_completed_deal() -> anyhow::Result<()> {
    for state in DealState::ALL
        .iter()
        .filter(|one| **one != DealState::Completed)
    {
        let stall = Stall::open(2).await?;
        let deal = deal_in(&stall, 1, *state).await?;
        for person in [stall.buyer, stall.seller] {
            let early = write(&stall.api, person, deal, 5, "").await;
            assert_eq!(reason(early), Reason::ReviewNeedsDeal, "{state}");
        }
        assert_eq!(rated(&stall.api, stall.seller).await?, (0, 0));
    }
    Ok(())
}

/// Not the function: the table itself, as its owner, who may do everything.
#[tokio::test]
async fn not_even_the_owner_of_the_table_stores_a_review_without_a_completed_deal_between_the_two()
-> anyhow::Result<()> {
    let (stall, done) = sold().await?;
    let waiting = deal_in(&stall, 1, DealState::HandedOver).await?;
    let other = stall.db.person(Role::User).await?;
    let session = stall.db.superuser().await?;
    let insert = "insert into market_data.reviews (
            deal_id, direction, buyer_id, seller_key, author_id, stars, text, created_at, updated_at)
        values ($1, $2, $3, $4, $5, 5, '', ops.clock_now(), ops.clock_now())";
    let (buyer, seller) = (stall.buyer, stall.seller);
    for (deal, direction, buyer, seller, author, constraint) in [
        (
            waiting,
            "of_seller",
            buyer,
            seller,
            buyer,
            "review_needs_deal",
        ),
        (
            Uuid::nil(),
            "of_seller",
            buyer,
            seller,
            buyer,
            "review_needs_deal",
        ),
        (done, "of_seller", other, seller, other, "review_needs_deal"),
        (done, "of_seller", buyer, other, buyer, "review_needs_deal"),
        (done, "of_buyer", buyer, other, other, "review_needs_deal"),
        (
            done,
            "of_seller",
            buyer,
            seller,
            other,
            "review_author_on_side",
        ),
        (
            done,
            "of_buyer",
            buyer,
            seller,
            buyer,
            "review_author_on_side",
        ),
    ] {
        let refused = session
            .execute(insert, &[&deal, &direction, &buyer, &seller, &author])
            .await;
        let found = refused.err().and_then(|error| {
            error
                .as_db_error()
                .and_then(|db| db.constraint().map(str::to_owned))
        });
        assert_eq!(found.as_deref(), Some(constraint), "{deal} {direction}");
    }
    let nulls = session
        .execute(insert, &[&done, &"of_seller", &buyer, &None::<i64>, &buyer])
        .await;
    assert!(nulls.is_err(), "a null is no way around the key");
    // And a deal that was reviewed stays completed.
    write(&stall.api, stall.buyer, done, 5, "").await?;
    let gone = session
        .execute("delete from market_data.deals where id = $1", &[&done])
        .await;
    assert!(gone.is_err(), "the review holds its deal");
    Ok(())
}

#[tokio::test]
async fn a_review_is_changed_within_its_hours_and_the_rating_with_it() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    write(&stall.api, stall.buyer, deal, 1, "Bad").await?;
    stall.db.shift_clock("71 hours").await?;
    let changed = write(&stall.api, stall.buyer, deal, 4, "Good after all").await?;
    assert_eq!(
        (changed.stars, changed.text.as_str()),
        (4, "Good after all")
    );
    assert!(changed.updated_at > changed.created_at);
    assert_eq!(rated(&stall.api, stall.seller).await?, (1, 4));
    stall.db.shift_clock("73 hours").await?;
    let late = write(&stall.api, stall.buyer, deal, 5, "Good after all").await;
    assert_eq!(reason(late), Reason::ReviewEditClosed);
    write(&stall.api, stall.buyer, deal, 4, "Good after all").await?;
    recount(&stall.db).await?;
    Ok(())
}

#[tokio::test]
async fn an_answered_review_stays_as_it_was_answered() -> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let review = write(&stall.api, stall.buyer, deal, 2, "Late").await?;
    market::review_answer(
        &*stall.api,
        stall.seller,
        review.review_id,
        "Snow".to_owned(),
    )
    .await?;
    let changed = write(&stall.api, stall.buyer, deal, 1, "Late").await;
    assert_eq!(reason(changed), Reason::ReviewEditClosed);
    Ok(())
}

#[tokio::test]
async fn stars_and_text_have_their_bounds_and_the_text_no_contacts_and_forbidden_words()
-> anyhow::Result<()> {
    let (stall, deal) = sold().await?;
    let admin = stall.db.person(Role::Admin).await?;
    market::forbidden_word_add(&*stall.api, admin, "негодяй", WordForm::Stem).await?;
    for stars in [0, 6, -1, i32::MAX] {
        let answer = write(&stall.api, stall.buyer, deal, stars, "").await;
        assert_eq!(reason(answer), Reason::ReviewStarsRange, "{stars}");
    }
    let long = write(&stall.api, stall.buyer, deal, 5, &"я".repeat(2001)).await;
    assert_eq!(reason(long), Reason::ReviewTextLength);
    let contact = write(&stall.api, stall.buyer, deal, 5, "Ask me: +7 900 123-45-67").await;
    assert_eq!(reason(contact), Reason::TextContact);
    let rude = write(&stall.api, stall.buyer, deal, 1, "Он н е г о д я й").await;
    assert_eq!(reason(rude), Reason::TextForbiddenWord);
    write(&stall.api, stall.buyer, deal, 5, &"я".repeat(2000)).await?;
    let contact = write(&stall.api, stall.buyer, deal, 5, "www.example.com").await;
    assert_eq!(reason(contact), Reason::TextContact);
    Ok(())
}

#[tokio::test]
async fn strangers_the_blocked_and_a_buyer_who_joined_the_shop_review_nothing() -> anyhow::Result<()>
{
    let stall = Stall::open(2).await?;
    let (shop, member) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Completed).await?;
    for person in [
        stall.db.person(Role::User).await?,
        stall.db.person(Role::Admin).await?,
    ] {
        let strange = write(&stall.api, person, deal, 5, "").await;
        assert_eq!(reason(strange), Reason::DealUnknown);
    }
    let none = write(&stall.api, stall.buyer, Uuid::nil(), 5, "").await;
    assert_eq!(reason(none), Reason::DealUnknown);
    let nobody = write(&stall.api, UserId(-1), deal, 5, "").await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);

    let first = write(&stall.api, stall.seller, deal, 3, "So so").await?;
    assert!(
        first.author_name.starts_with("Shop of"),
        "{}",
        first.author_name
    );
    let second = write(&stall.api, member, deal, 4, "Fine").await?;
    assert_eq!(
        (second.review_id, second.author_id),
        (first.review_id, member)
    );
    let of_shop = write(&stall.api, stall.buyer, deal, 5, "").await?;
    assert_eq!(
        (of_shop.subject_user_id, of_shop.subject_shop_id),
        (None, Some(shop))
    );
    let rating = market::rating_get(&*stall.api, None, Some(shop)).await?;
    assert_eq!((rating.review_count, rating.average), (1, Some(5.0)));

    stall
        .db
        .superuser()
        .await?
        .execute(
            "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             values ($1, $2, 'seller', ops.clock_now())",
            &[&shop, &stall.buyer],
        )
        .await?;
    let own = write(&stall.api, stall.buyer, deal, 5, "Best shop").await;
    assert_eq!(reason(own), Reason::ReviewOwn);
    stall.block(stall.seller).await?;
    let blocked = write(&stall.api, stall.seller, deal, 5, "").await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    Ok(())
}

#[tokio::test]
async fn two_members_of_a_shop_who_write_at_one_moment_make_one_review() -> anyhow::Result<()> {
    let stall = Stall::open(2).await?;
    let (_, member) = to_shop(&stall).await?;
    let deal = deal_in(&stall, 1, DealState::Completed).await?;
    let mut first = stall.db.as_role("kardan_api").await?;
    let writing = first.transaction().await?;
    let one = market::ReviewWrite {
        actor: stall.seller,
        deal,
        stars: 2,
        text: "One".to_owned(),
    };
    let one = market::review_write(&writing, &one).await?;
    let api = stall.db.as_role("kardan_api").await?;
    let waiting = backend(&api).await?;
    let second = tokio::spawn(async move { write(&api, member, deal, 5, "Two").await });
    until_blocked(&stall.db, waiting).await?;
    writing.commit().await?;
    let two = second.await??;
    assert_eq!((two.review_id, two.stars), (one.review_id, 5));
    assert_eq!(rated(&stall.api, stall.buyer).await?, (1, 5));
    Ok(())
}
