//! Part numbers in a search: any spelling, with the brand in any spelling, and analogues.

use kardan_schema::catalog::{self, PartCrossAdd};
use kardan_schema::{PartRelation, Role};

use super::{Market, words};

/// Makes a listing one of this brand, as its seller would choose it.
async fn of_brand(
    market: &Market,
    title: &str,
    number: &str,
    brand: &str,
) -> anyhow::Result<kardan_schema::ListingId> {
    let listing = market.part(title, number).await?;
    market
        .arrange(&format!(
            "update market_data.listings as l set brand_id = b.id, brand_label = b.name
             from catalog_data.brands as b where b.name = '{brand}' and l.id = {listing}"
        ))
        .await?;
    Ok(listing)
}

#[tokio::test]
async fn a_number_is_found_in_any_spelling_with_its_brand_in_any_spelling() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let filter = of_brand(&market, "Фильтр масляный", "W 712/95", "MANN-FILTER").await?;
    let short = of_brand(&market, "Фильтр", "W 75/3", "MANN-FILTER").await?;
    market.part("Фильтр салона", "CU 2939").await?;
    for query in [
        "W 712/95",
        "w712/95",
        "W-712.95",
        "W\u{a0}712\u{2011}95",
        "Манн W 712/95",
        "манн w71295",
        "mann filter w712/95",
        "MANN-FILTER W 712/95",
        "W 712/95 манн",
        "w 712 95 Mann Filter",
    ] {
        assert_eq!(market.found(&words(query)).await?, [filter], "{query}");
    }
    for query in ["W 75/3", "Манн W 75/3", "w753 mann", "Mann-Filter w75/3"] {
        assert_eq!(market.found(&words(query)).await?, [short], "{query}");
    }
    // The brand alone, and with words, in letters that its box does not have.
    let mut both = market.found(&words("манн")).await?;
    both.sort();
    assert_eq!(both, [filter, short]);
    assert_eq!(market.found(&words("Манн масляный")).await?, [filter]);
    Ok(())
}

#[tokio::test]
async fn look_alike_letters_and_analogues_find_a_listing_and_the_exact_number_comes_first()
-> anyhow::Result<()> {
    let market = Market::open().await?;
    let moderator = market.db.person(Role::Moderator).await?;
    let admin = market.db.superuser().await?;
    let brand = |name: &'static str| {
        let admin = &admin;
        async move {
            let row = admin
                .query_one("select catalog.brand_resolve($1)", &[&name])
                .await?;
            anyhow::Ok(row.get(0))
        }
    };
    let analogue = of_brand(&market, "Фильтр", "ОС 9771", "MAHLE").await?;
    let exact = of_brand(&market, "Фильтр", "ZQ-77 А", "VAG").await?;
    let wish = PartCrossAdd {
        actor: moderator,
        from_brand_id: brand("vag").await?,
        from_number: "ZQ 77A".to_owned(),
        to_brand_id: brand("mahle").await?,
        to_number: "OC 977/1".to_owned(),
        relation: PartRelation::Oem,
        source: "test".to_owned(),
        confidence: 0.9,
    };
    assert_eq!(market.found(&words("ZQ77A")).await?, [exact]);
    catalog::part_cross_add(&*market.api, &wish).await?;
    // Cyrillic А and О, С.
    for query in ["ZQ77A", "zq 77а", "VAG ZQ-77/A"] {
        assert_eq!(
            market.found(&words(query)).await?,
            [exact, analogue],
            "{query}"
        );
    }
    for query in ["OC 977/1", "ос9771", "Mahle ОС 977-1"] {
        assert_eq!(
            market.found(&words(query)).await?,
            [analogue, exact],
            "{query}"
        );
    }
    Ok(())
}
