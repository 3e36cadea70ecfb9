//! Finding a brand.

use std::collections::HashSet;

use kardan_schema::catalog::{self, Brand};
use kardan_testdb::{Database, Session};

async fn first(session: &Session, query: &str) -> anyhow::Result<Brand> {
    let found = catalog::brand_search(&**session, Some(query), Some(5)).await?;
    Ok(found.into_iter().next().unwrap())
}

#[tokio::test]
async fn the_exact_spelling_comes_before_a_beginning_and_that_before_a_likeness()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        for (query, name, least) in [
            ("манн", "MANN-FILTER", 2.0),
            ("Mann–Hummel", "MANN-FILTER", 2.0),
            ("LEMFORDER", "Lemförder", 2.0),
            ("lemfo", "Lemförder", 1.0),
            ("lemfodrer", "Lemförder", 0.1),
        ] {
            let brand = first(&session, query).await?;
            assert_eq!(brand.name, name, "{query}");
            assert!(
                brand.score >= least && brand.score < least + 1.1,
                "{brand:?}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_brand_comes_once_with_the_spelling_that_was_nearest() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let found = catalog::brand_search(&*api, Some("ma"), Some(100)).await?;
    let ids: HashSet<_> = found.iter().map(|brand| brand.brand_id).collect();
    assert_eq!(ids.len(), found.len());
    assert!(found.is_sorted_by(|a, b| a.score >= b.score));
    assert_eq!(first(&api, "ман фильтр").await?.synonym, "Ман фильтр");
    Ok(())
}

#[tokio::test]
async fn without_letters_brands_come_by_name() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for query in [None, Some(""), Some("%")] {
        let found = catalog::brand_search(&*api, query, None).await?;
        assert_eq!(found.len(), 20);
        assert!(found.iter().all(|brand| brand.synonym == brand.name));
    }
    for (limit, expected) in [(Some(0), 1), (Some(100_000), 100)] {
        let found = catalog::brand_search(&*api, None, limit).await?;
        assert_eq!(found.len(), expected, "{limit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_is_called_finds_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let found = catalog::brand_search(&*api, Some("qxzwvq"), None).await?;
    assert_eq!(found, []);
    Ok(())
}
