//! The helper that knows a brand by any of its spellings.

use kardan_schema::BrandId;
use kardan_testdb::{Database, Session};

async fn resolve(session: &Session, name: Option<&str>) -> anyhow::Result<Option<BrandId>> {
    Ok(session
        .query_one("select catalog.brand_resolve($1)", &[&name])
        .await?
        .get(0))
}

#[tokio::test]
async fn every_spelling_means_the_same_brand() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    for (name, spellings) in [
        (
            "MANN-FILTER",
            [
                "mann filter",
                "MANN\u{2011}FILTER",
                "Mann\u{a0}Filter",
                "  манн ",
                "Mann-Hummel",
            ],
        ),
        (
            "Lemförder",
            [
                "LEMFÖRDER",
                "lemforder",
                "Lemforder!",
                "Лемфёрдер",
                "лемфердер",
            ],
        ),
        ("VAG", ["vw", "Volkswagen", "ВАГ", "фольксваген", "(VAG)"]),
    ] {
        let id = resolve(&session, Some(name)).await?;
        assert!(id.is_some(), "{name}");
        for spelling in spellings {
            assert_eq!(resolve(&session, Some(spelling)).await?, id, "{spelling}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_name_that_nobody_has_means_no_brand() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    for name in [Some("Nobody & Sons"), Some("mann filte"), Some(""), None] {
        assert_eq!(resolve(&session, name).await?, None, "{name:?}");
    }
    Ok(())
}
