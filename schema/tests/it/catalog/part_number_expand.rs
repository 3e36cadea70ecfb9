//! The step by which a search finds analogues too.

use kardan_schema::Role;
use kardan_schema::catalog;
use kardan_testdb::{Database, Session};

use super::{brand, cross};

async fn expand(session: &Session, number: Option<&str>) -> anyhow::Result<Vec<String>> {
    Ok(session
        .query_one("select catalog.part_number_expand($1)", &[&number])
        .await?
        .get(0))
}

#[tokio::test]
async fn the_number_itself_comes_first_then_its_analogues_the_surest_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let session = db.superuser().await?;
    let (a, b) = (
        brand(&*session, moderator, "Aqv").await?,
        brand(&*session, moderator, "Bqv").await?,
    );
    for (from, to, confidence) in [
        ((a, "ZQ-1"), (b, "ZQ-2"), 0.6),
        ((a, "ZQ-1"), (b, "ZQ-3"), 0.9),
        // Sure enough through two steps, and not any more.
        ((b, "ZQ-2"), (a, "ZQ-4"), 0.5),
        ((b, "ZQ-2"), (a, "ZQ-5"), 0.49),
        ((a, "ZQ-1"), (b, "ZQ-6"), 0.29),
    ] {
        catalog::part_cross_add(&*session, &cross(moderator, from, to, confidence)).await?;
    }
    assert_eq!(
        expand(&session, Some("ZQ1")).await?,
        ["ZQ1", "ZQ3", "ZQ2", "ZQ4"]
    );
    Ok(())
}

#[tokio::test]
async fn a_number_without_analogues_is_alone_and_nothing_gives_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    assert_eq!(expand(&session, Some("ZQ404")).await?, ["ZQ404"]);
    assert_eq!(expand(&session, Some("")).await?, [""; 0]);
    assert_eq!(expand(&session, None).await?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn fifty_numbers_at_most_are_searched_for() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let session = db.superuser().await?;
    let (a, b) = (
        brand(&*session, moderator, "Aqv").await?,
        brand(&*session, moderator, "Bqv").await?,
    );
    session
        .execute(
            "insert into catalog_data.part_crosses (
                 from_brand_id, from_number, to_brand_id, to_number, relation, source, confidence, created_at)
             select $1, 'ZQ-0', $2, 'ZQ-' || n, 'aftermarket', 'test', n / 1000.0, ops.clock_now()
             from generate_series(301, 380) as n",
            &[&a, &b],
        )
        .await?;
    let numbers = expand(&session, Some("ZQ0")).await?;
    assert_eq!(numbers.len(), 50);
    assert_eq!(
        (
            numbers[0].as_str(),
            numbers[1].as_str(),
            numbers[49].as_str()
        ),
        ("ZQ0", "ZQ380", "ZQ332")
    );
    Ok(())
}
