//! What a query finds and in which order: words, part numbers, typos.

use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;

use super::{ANY, Market, words};

#[tokio::test]
async fn words_are_found_in_any_form_in_both_languages() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let pads = market.part("Тормозные колодки передние Lucas", "").await?;
    let pumps = market.part("Water pumps for Volvo", "").await?;
    for query in [
        "тормозная колодка",
        "КОЛОДКАМИ",
        "lucas колодки",
        "передних колодок",
    ] {
        assert_eq!(market.found(&words(query)).await?, [pads], "{query}");
    }
    for query in ["water pump", "VOLVO pumping"] {
        assert_eq!(market.found(&words(query)).await?, [pumps], "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn quotes_minus_and_or_mean_what_they_mean_elsewhere() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let front = market.part("Диск тормозной передний", "").await?;
    let rear = market.part("Диск задний тормозной", "").await?;
    assert_eq!(market.found(&words("диск -задний")).await?, [front]);
    assert_eq!(market.found(&words("\"диск задний\"")).await?, [rear]);
    assert_eq!(
        market.found(&words("передний or задний")).await?,
        [rear, front]
    );
    Ok(())
}

#[tokio::test]
async fn a_match_in_the_title_stands_before_one_in_the_description() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let titled = market.part("Стартер", "").await?;
    let told = market.part("Двигатель", "").await?;
    market
        .arrange(&format!(
            "update market_data.listings set description = 'Есть стартер' where id = {told}"
        ))
        .await?;
    assert_eq!(market.found(&words("стартер")).await?, [titled, told]);
    Ok(())
}

#[tokio::test]
async fn the_brand_is_found_although_the_title_does_not_name_it() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Амортизатор", "").await?;
    market
        .arrange(&format!(
            "update market_data.listings set brand_label = 'Bilstein' where id = {listing}"
        ))
        .await?;
    assert_eq!(
        market.found(&words("амортизаторы bilstein")).await?,
        [listing]
    );
    Ok(())
}

#[tokio::test]
async fn a_part_number_is_found_in_any_spelling() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Помпа", "06D 115-562.A").await?;
    let cyrillic = market.part("Крышка", "АВС 123 Х").await?;
    for query in [
        "06D115562A",
        "06d-115/562 a",
        "06 D 115 562 A",
        " 06D.115.562.А ",
    ] {
        assert_eq!(market.found(&words(query)).await?, [listing], "{query}");
    }
    for query in ["ABC123X", "авс-123-х", "AВC 123X"] {
        assert_eq!(market.found(&words(query)).await?, [cyrillic], "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn a_part_number_is_found_among_other_words() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let listing = market.part("Колодки", "GDB 1550").await?;
    for query in [
        "trw gdb 1550",
        "GDB-1550 передние",
        "колодки gdb 1550 на гольф",
    ] {
        assert_eq!(market.found(&words(query)).await?, [listing], "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn the_exact_number_comes_first_then_analogues_then_prefixes_then_words() -> anyhow::Result<()>
{
    let market = Market::open().await?;
    let told = market.part("Аналог W 914/2 подходит", "").await?;
    let longer = market.part("Фильтр", "W 914/28").await?;
    let analogue = market.part("Фильтр", "2108-1012005").await?;
    let exact = market.part("Фильтр", "w914-2").await?;
    assert_eq!(
        market.found(&words("W 914/2")).await?,
        [exact, analogue, longer, told]
    );
    Ok(())
}

#[tokio::test]
async fn a_typo_is_forgiven_where_few_listings_match() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let pads = market.part("Колодки тормозные Brembo", "").await?;
    market.part("Стекло лобовое", "").await?;
    for query in [
        "колотки",
        "тормазные калодки",
        "brenbo",
        "колодкии тормозныее",
    ] {
        assert_eq!(market.found(&words(query)).await?, [pads], "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_spelt_as_asked_stands_before_what_looks_like_it() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let misspelt = market.part("Колотки недорого", "").await?;
    let right = market.part("Колодки тормозные", "").await?;
    assert_eq!(market.found(&words("колотки")).await?, [misspelt, right]);
    Ok(())
}

#[tokio::test]
async fn nothing_is_guessed_where_enough_listings_match() -> anyhow::Result<()> {
    let market = Market::open().await?;
    market.part("Колонки акустические", "").await?;
    for _ in 0..5 {
        market.part("Колодки тормозные", "").await?;
    }
    assert_eq!(market.found(&words("колодки")).await?.len(), 5);
    Ok(())
}

#[tokio::test]
async fn only_what_is_published_and_whose_seller_is_not_blocked_is_found() -> anyhow::Result<()> {
    let market = Market::open().await?;
    for status in Status::ALL {
        let fixture = ListingFixture {
            status: *status,
            ..ListingFixture::default()
        };
        market.db.listing(market.seller, &fixture).await?;
    }
    let blocked = market.db.person(Role::User).await?;
    market
        .db
        .listing(blocked, &ListingFixture::default())
        .await?;
    market
        .arrange(&format!(
            "insert into people_data.bans (user_id, reason, until, created_at)
             values ({blocked}, 'Spam', ops.clock_now() + interval '1 day', ops.clock_now())"
        ))
        .await?;
    for search in [
        ANY,
        words("колодки"),
        words("06D115562"),
        words("калодки"),
        words("06D11"),
    ] {
        let rows = market.search(&search).await?;
        assert_eq!(rows.len(), 1, "{search:?}");
        assert_eq!(rows[0].status, Status::Published);
    }
    // A block that has run out hides nothing.
    market.db.shift_clock("25 hours").await?;
    assert_eq!(market.found(&ANY).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn without_a_query_the_newest_come_first() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let old = market.part("Первое", "").await?;
    let new = market.part("Второе", "").await?;
    assert_eq!(market.found(&ANY).await?, [new, old]);
    market
        .arrange(&format!(
            "update market_data.listings set published_at = published_at + interval '1 second' where id = {old}"
        ))
        .await?;
    assert_eq!(market.found(&ANY).await?, [old, new]);
    Ok(())
}
