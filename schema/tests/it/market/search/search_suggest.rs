//! What was meant: typos, the other keyboard layout, beginnings of words; and that a search looks for it.

use kardan_schema::market::{search_complete, search_counts_refresh, search_suggest};

use super::{Market, words};

async fn stocked() -> anyhow::Result<Market> {
    let market = Market::open().await?;
    for title in [
        "Фара левая",
        "Колодки тормозные Brembo",
        "Колодки тормозные",
        "Бампер передний",
        "Шина Nokian",
    ] {
        market.part(title, "").await?;
    }
    Ok(market)
}

async fn understood(market: &Market, query: &str) -> anyhow::Result<Vec<(String, String)>> {
    let rows = search_suggest(&*market.api, query).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.understood, row.change))
        .collect())
}

#[tokio::test]
async fn each_word_says_what_it_is_understood_as() -> anyhow::Result<()> {
    let market = stocked().await?;
    for (query, expected) in [
        ("afhf", vec![("фара", "layout")]),
        ("rjkjlrb", vec![("колодки", "layout")]),
        (",fvgth", vec![("бампер", "layout")]),
        ("икуьищ", vec![("brembo", "layout")]),
        ("rjkjnrb", vec![("колодки", "layout_typo")]),
        (
            "колотки brenbo",
            vec![("колодки", "typo"), ("brembo", "typo")],
        ),
        (
            "фары левую GDB1550",
            vec![("фары", "same"), ("левую", "same"), ("GDB1550", "same")],
        ),
        ("the", vec![("the", "same")]),
        ("жъжъжъ", vec![("жъжъжъ", "unknown")]),
        ("", vec![]),
        ("  ", vec![]),
    ] {
        let found = understood(&market, query).await?;
        let found: Vec<_> = found
            .iter()
            .map(|(word, change)| (word.as_str(), change.as_str()))
            .collect();
        assert_eq!(found, expected, "{query}");
    }
    assert_eq!(understood(&market, &"фара ".repeat(50)).await?.len(), 8);
    Ok(())
}

#[tokio::test]
async fn a_search_finds_what_was_typed_in_the_other_layout() -> anyhow::Result<()> {
    let market = stocked().await?;
    let found = async |query: &str| market.found(&words(query)).await;
    for (query, right) in [
        ("afhf", "фара"),
        ("rjkjlrb njhvjpyst", "колодки тормозные"),
        ("rjkjnrb", "колодки"),
        ("колодки njhvjpyst", "колодки тормозные"),
        ("икуьищ", "brembo"),
        (",fvgth", "бампер"),
    ] {
        let expected = found(right).await?;
        assert!(!expected.is_empty(), "{right}");
        assert_eq!(found(query).await?, expected, "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn a_beginning_becomes_the_commonest_words() -> anyhow::Result<()> {
    let market = stocked().await?;
    let maintenance = market.db.as_role("kardan_maintenance").await?;
    search_counts_refresh(&*maintenance).await?;
    search_counts_refresh(&*maintenance).await?;
    let rows = search_complete(&*market.api, "передние ко", None).await?;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.word.as_str(), row.listings))
        .collect();
    assert_eq!(told, [("колодки", 2)]);
    for query in ["", "к", "колодки ", "ко%", "%"] {
        assert_eq!(
            search_complete(&*market.api, query, None).await?,
            [],
            "{query}"
        );
    }
    assert_eq!(search_complete(&*market.api, "бр", Some(0)).await?, []);
    Ok(())
}

#[tokio::test]
async fn the_server_knows_trigrams_of_cyrillic_letters() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let trigrams = market
        .number("select cardinality(extensions.show_trgm('фара'))::bigint")
        .await?;
    assert_eq!(trigrams, 5);
    Ok(())
}
