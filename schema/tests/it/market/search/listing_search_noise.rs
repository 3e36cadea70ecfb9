//! Queries that say nothing, or that would like to be more than a query.

use kardan_schema::Sort;
use kardan_schema::market::ListingSearch;

use super::{ANY, Market, words};

#[tokio::test]
async fn a_query_that_says_nothing_is_answered_with_the_newest() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Колодки тормозные", "06D 115-562").await?;
    for query in [
        "",
        "   ",
        "!!! ??? ...",
        "🚗🔧",
        "и на в",
        "the and of",
        "& | ! :* <-> ()",
        "-",
        "\"\"",
        "\\",
    ] {
        assert_eq!(market.found(&words(query)).await?, [listing], "{query:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_query_cannot_break_the_statement() -> anyhow::Result<()> {
    let market = Market::open().await?;
    market.part("Колодки тормозные", "06D 115-562").await?;
    let long = [
        "ж".repeat(10_000),
        "ab ".repeat(3_334),
        "1-".repeat(5_000),
        "%_\\".repeat(3_000),
        "-a ".repeat(3_000),
    ];
    let hostile = [
        "'; drop table market_data.listings; --",
        "') or true --",
        "$1 $2 || $$",
        "%",
        "06D%",
        "колодки & ! | тормоз:* <5> (",
        "\"незакрытая",
        "{}[]",
        "a'b\"c\\d",
        "\u{202e}\u{0}".trim_end_matches('\0'),
        "0",
        "1e308",
        "NaN",
    ];
    for query in long.iter().map(String::as_str).chain(hostile) {
        for sort in [
            None,
            Some(Sort::New),
            Some(Sort::PriceUp),
            Some(Sort::PriceDown),
        ] {
            let search = ListingSearch {
                sort,
                ..words(query)
            };
            let answer = market.search(&search).await;
            assert!(answer.is_ok(), "{:.40} {sort:?}: {answer:?}", query);
        }
    }
    assert_eq!(
        market
            .number("select count(*) from market_data.listings")
            .await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_per_cent_sign_is_a_sign_and_not_a_pattern() -> anyhow::Result<()> {
    let market = Market::open().await?;
    market.part("Помпа", "06D 115-562").await?;
    assert_eq!(market.found(&words("9%")).await?, []);
    assert_eq!(market.found(&words("_6D1")).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_null_byte_is_refused_and_the_session_goes_on() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Помпа", "").await?;
    assert!(market.search(&words("пом\0па")).await.is_err());
    assert_eq!(market.found(&ANY).await?, [listing]);
    Ok(())
}
