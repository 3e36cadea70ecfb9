//! What was found is kept while its listing lives and some time after; then it is forgotten.

use kardan_schema::market::search_alerts_purge;

use super::saved_search::wish;
use super::search_alert::Alerts;

impl Alerts {
    async fn purge(&self) -> anyhow::Result<i64> {
        let maintenance = self.market.db.as_role("kardan_maintenance").await?;
        search_alerts_purge(&*maintenance).await?;
        search_alerts_purge(&*maintenance).await?;
        self.market
            .number("select count(*) from market_data.search_alerts")
            .await
    }
}

#[tokio::test]
async fn alerts_are_forgotten_ninety_days_after_their_listing_has_ended() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let live = it.market.part("Фара левая", "").await?;
    let waits = it.market.part("Фара правая", "").await?;
    let sold = it.market.part("Фара задняя", "").await?;
    let untold = it.market.part("Фара", "").await?;
    it.compare().await?;
    it.set(waits, "status = 'pending'").await?;
    it.set(untold, "status = 'archived'").await?;
    assert_eq!(it.told().await?, [live, sold]);
    it.set(sold, "status = 'sold'").await?;
    it.market.db.shift_clock("89 days").await?;
    assert_eq!(it.purge().await?, 4);
    it.market.db.shift_clock("91 days").await?;
    assert_eq!(it.purge().await?, 2);
    let left = it
        .market
        .number("select sum(a.listing_id)::bigint from market_data.search_alerts as a")
        .await?;
    assert_eq!(left, live.0 + waits.0);
    Ok(())
}

#[tokio::test]
async fn a_match_is_told_once_as_long_as_its_listing_can_come_back_without_a_moderator()
-> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фара")).await?;
    let listing = it.market.part("Фара левая", "").await?;
    assert_eq!(it.told().await?, [listing]);
    // However short the setting: an expired listing may be renewed within thirty days.
    it.market
        .arrange("update ops_data.settings set value = '1' where key = 'search.alert_days'")
        .await?;
    it.set(listing, "status = 'archived'").await?;
    it.market.db.shift_clock("29 days").await?;
    assert_eq!(it.purge().await?, 1);
    it.set(listing, "status = 'published'").await?;
    assert_eq!(it.taken().await?, []);
    Ok(())
}

#[tokio::test]
async fn news_that_nobody_asked_for_in_ninety_days_are_gone() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let hidden = it.market.part("Фара левая", "").await?;
    it.set(hidden, "status = 'archived'").await?;
    it.compare().await?;
    let news = "select count(*) from market_data.search_news";
    assert_eq!(it.market.number(news).await?, 1);
    it.market.db.shift_clock("91 days").await?;
    it.purge().await?;
    assert_eq!(it.market.number(news).await?, 0);
    Ok(())
}
