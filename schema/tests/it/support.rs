//! Short words that every test here uses.

use kardan_schema::{Error, Reason};

/// The reason of a refusal; panics with the whole answer when the call was not refused.
pub fn reason<T: std::fmt::Debug>(answer: Result<T, Error>) -> Reason {
    match answer {
        Err(error) => match error.reason() {
            Some(reason) => reason,
            None => panic!("failed without a reason: {error:?}"),
        },
        Ok(value) => panic!("was not refused: {value:?}"),
    }
}

#[tokio::test]
async fn the_fixture_makes_a_listing_in_every_state() -> anyhow::Result<()> {
    use kardan_schema::{Role, Status};
    use kardan_testdb::{Database, ListingFixture};
    let db = Database::create().await?;
    let owner = db.person(Role::User).await?;
    for status in Status::ALL {
        db.listing(
            owner,
            &ListingFixture {
                status: *status,
                ..ListingFixture::default()
            },
        )
        .await?;
    }
    Ok(())
}
