//! The life of a listing: every state against every state, and against every function that moves it.

use kardan_schema::market::{self, ListingStockSet};
use kardan_schema::{Error, ListingId, Reason, Status, UserId};
use kardan_testdb::Session;

use super::{Scene, retitle};
use Status::{Archived, Draft, Pending, Published, Rejected, Reserved, Sold};

/// Every legal step; what is not here is refused.
const STEPS: &[(Status, Status, &str)] = &[
    (Draft, Pending, "submitted"),
    (Draft, Archived, "archived"),
    (Pending, Published, "published"),
    (Pending, Rejected, "rejected"),
    (Pending, Draft, "withdrawn"),
    (Rejected, Pending, "submitted"),
    (Rejected, Archived, "archived"),
    (Published, Pending, "resubmitted"),
    (Published, Reserved, "reserved"),
    (Published, Sold, "sold"),
    (Published, Archived, "archived"),
    (Reserved, Published, "released"),
    (Reserved, Pending, "resubmitted"),
    (Reserved, Sold, "sold"),
    (Sold, Archived, "archived"),
    (Archived, Draft, "restored"),
    (Archived, Published, "renewed"),
];

type Recorded = (String, Option<Status>, Status, Option<UserId>);

async fn last_event(admin: &Session, listing: ListingId) -> anyhow::Result<Recorded> {
    let row = admin
        .query_one(
            "select e.event, e.from_status, e.to_status, e.actor_id
             from market_data.listing_events as e
             where e.listing_id = $1
             order by e.id desc limit 1",
            &[&listing],
        )
        .await?;
    Ok((row.get(0), row.get(1), row.get(2), row.get(3)))
}

#[tokio::test]
async fn the_database_itself_refuses_every_illegal_step_and_records_every_legal_one()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for from in Status::ALL {
        for to in Status::ALL.iter().filter(|to| *to != from) {
            let listing = scene.listing(*from).await?;
            // Not through any function: nothing but the trigger stands in the way.
            let moved = scene
                .admin
                .execute(
                    "update market_data.listings
                     set status = $2, published_at = ops.clock_now(), rejection_reason = 'other',
                         updated_at = ops.clock_now(), changed_by = $3
                     where id = $1",
                    &[&listing, to, &scene.seller],
                )
                .await;
            let step = STEPS.iter().find(|(f, t, _)| f == from && t == to);
            match (step, moved) {
                (Some((_, _, event)), Ok(_)) => assert_eq!(
                    last_event(&scene.admin, listing).await?,
                    ((*event).to_owned(), Some(*from), *to, Some(scene.seller))
                ),
                (None, Err(error)) => {
                    let error = error.as_db_error().unwrap();
                    assert_eq!(
                        (error.code().code(), error.constraint()),
                        ("ZCONF", Some("listing_move_illegal")),
                        "{from} to {to}"
                    );
                }
                (step, moved) => panic!("{from} to {to}: {step:?}, {moved:?}"),
            }
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Submit,
    Withdraw,
    Restore,
    Stock(i32),
    Retitle,
}

async fn act(scene: &Scene, act: Act, listing: ListingId) -> Result<(Status, i32), Error> {
    let (api, actor) = (&*scene.api, scene.seller);
    Ok(match act {
        Act::Submit => {
            let state = market::listing_submit(api, actor, listing, None).await?;
            (state.status, state.version)
        }
        Act::Withdraw => {
            let state = market::listing_withdraw(api, actor, listing, None).await?;
            (state.status, state.version)
        }
        Act::Restore => {
            let state = market::listing_restore(api, actor, listing, None).await?;
            (state.status, state.version)
        }
        Act::Stock(stock_quantity) => {
            let set = ListingStockSet {
                actor,
                listing,
                version: None,
                stock_quantity,
            };
            let stock = market::listing_stock_set(api, &set).await?;
            (stock.status, stock.version)
        }
        Act::Retitle => {
            let updated = market::listing_update(api, &retitle(actor, listing)).await?;
            (updated.status, updated.version)
        }
    })
}

/// What becomes of a listing: rows are [`Status::ALL`] in its order, the columns are `ACTS`.
const ACTS: [Act; 6] = [
    Act::Submit,
    Act::Withdraw,
    Act::Restore,
    Act::Stock(0),
    Act::Stock(5),
    Act::Retitle,
];

const ILLEGAL: Result<Status, Reason> = Err(Reason::ListingMoveIllegal);
const FIXED: Result<Status, Reason> = Err(Reason::ListingNotEditable);
const EMPTY: Result<Status, Reason> = Err(Reason::ListingStockRequired);

const MATRIX: [(Status, [Result<Status, Reason>; 6]); 7] = [
    (
        Draft,
        [
            Ok(Pending),
            Ok(Archived),
            Ok(Draft),
            Ok(Draft),
            Ok(Draft),
            Ok(Draft),
        ],
    ),
    (
        Pending,
        [
            Ok(Pending),
            Ok(Draft),
            ILLEGAL,
            EMPTY,
            Ok(Pending),
            Ok(Pending),
        ],
    ),
    (
        Published,
        [
            ILLEGAL,
            Ok(Archived),
            ILLEGAL,
            Ok(Sold),
            Ok(Published),
            Ok(Pending),
        ],
    ),
    (
        Rejected,
        [
            Ok(Pending),
            Ok(Archived),
            ILLEGAL,
            Ok(Rejected),
            Ok(Rejected),
            Ok(Rejected),
        ],
    ),
    (
        Reserved,
        [
            ILLEGAL,
            ILLEGAL,
            ILLEGAL,
            Ok(Reserved),
            Ok(Published),
            FIXED,
        ],
    ),
    (
        Sold,
        [ILLEGAL, Ok(Archived), ILLEGAL, Ok(Sold), FIXED, FIXED],
    ),
    (
        Archived,
        [ILLEGAL, Ok(Archived), Ok(Draft), FIXED, FIXED, FIXED],
    ),
];

#[tokio::test]
async fn every_function_moves_a_listing_from_every_state_as_the_matrix_says() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    for (from, outcomes) in MATRIX {
        for (what, expected) in ACTS.into_iter().zip(outcomes) {
            let listing = scene.listing(from).await?;
            let before = scene.version(listing).await?;
            let answer = act(&scene, what, listing).await;
            let after = scene.inside(listing).await?;
            match (&answer, expected) {
                (Ok((status, version)), Ok(to)) => {
                    assert_eq!(*status, to, "{what:?} of {from}");
                    assert_eq!(
                        (after.status, after.version),
                        (to, *version),
                        "{what:?} of {from}"
                    );
                    if to != from {
                        let (_, was, is, actor) = last_event(&scene.admin, listing).await?;
                        assert_eq!((was, is, actor), (Some(from), to, Some(scene.seller)));
                    }
                }
                (Err(error), Err(reason)) => {
                    assert_eq!(
                        error.reason(),
                        Some(reason),
                        "{what:?} of {from}: {error:?}"
                    );
                    assert_eq!(
                        (after.status, after.version),
                        (from, before),
                        "{what:?} of {from}"
                    );
                }
                _ => panic!("{what:?} of {from}: {answer:?} instead of {expected:?}"),
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn doing_it_again_gives_the_same_answer_and_records_nothing_more() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for (from, outcomes) in MATRIX {
        for (what, expected) in ACTS.into_iter().zip(outcomes) {
            // Without a version, taking back from the queue twice is two different wishes.
            if expected.is_err() || (from == Pending && matches!(what, Act::Withdraw)) {
                continue;
            }
            let listing = scene.listing(from).await?;
            let first = act(&scene, what, listing).await?;
            let again = act(&scene, what, listing).await?;
            assert_eq!(again, first, "{what:?} of {from}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_change_by_a_stranger_is_refused_and_says_no_more_than_they_may_know()
-> anyhow::Result<()> {
    let mut scene = Scene::new().await?;
    scene.seller = scene.db.person(kardan_schema::Role::User).await?;
    let stranger = scene.db.person(kardan_schema::Role::User).await?;
    for from in Status::ALL {
        let listing = scene.listing(*from).await?;
        let expected = match from {
            Published | Reserved => Reason::ListingNotYours,
            _ => Reason::ListingUnknown,
        };
        let before = scene.version(listing).await?;
        let seller = std::mem::replace(&mut scene.seller, stranger);
        for what in ACTS {
            let refusal = act(&scene, what, listing).await.unwrap_err();
            assert_eq!(refusal.reason(), Some(expected), "{what:?} of {from}");
            let refusal = act(&scene, what, ListingId(-1)).await.unwrap_err();
            assert_eq!(refusal.reason(), Some(Reason::ListingUnknown), "{what:?}");
        }
        scene.seller = seller;
        assert_eq!(scene.version(listing).await?, before);
    }
    // What its seller's block hides is hidden from a stranger here as well.
    let listing = scene.listing(Published).await?;
    scene.block(scene.seller).await?;
    let blocked = act(&scene, Act::Withdraw, listing).await.unwrap_err();
    assert_eq!(blocked.reason(), Some(Reason::ActorBlocked));
    scene.seller = stranger;
    let refusal = act(&scene, Act::Withdraw, listing).await.unwrap_err();
    assert_eq!(refusal.reason(), Some(Reason::ListingUnknown));
    scene.seller = UserId(-1);
    let refusal = act(&scene, Act::Withdraw, listing).await.unwrap_err();
    assert_eq!(refusal.reason(), Some(Reason::ActorUnknown));
    Ok(())
}
