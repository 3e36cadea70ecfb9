//! Matches of saved searches become notices: one for each search, each match once.

use kardan_schema::UserId;
use kardan_schema::market::{self, ToldAlerts};
use kardan_schema::notify::{Notice, NoticeList, notice_list, topic_set};

use super::saved_search::wish;
use super::search_alert::Alerts;

const fn told(alert_count: i32, notice_count: i32) -> ToldAlerts {
    ToldAlerts {
        alert_count,
        notice_count,
    }
}

async fn feed(it: &Alerts, person: UserId) -> anyhow::Result<Vec<Notice>> {
    let list = NoticeList {
        actor: person,
        limit: None,
        after_at: None,
        after_id: None,
    };
    Ok(notice_list(&*it.market.api, &list).await?)
}

#[tokio::test]
async fn twelve_matches_of_one_search_are_one_notice_that_shows_ten() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фары")).await?;
    let mut listings = Vec::new();
    for number in 0..12 {
        listings.push(it.market.part(&format!("Фара {number}"), "").await?);
    }
    assert_eq!(
        market::search_alerts_tell(&*it.worker, None).await?,
        told(12, 1)
    );
    assert_eq!(
        market::search_alerts_tell(&*it.worker, None).await?,
        told(0, 0)
    );
    let feed = feed(&it, it.buyer).await?;
    assert_eq!(feed.len(), 1);
    let notice = &feed[0];
    assert_eq!(
        (notice.kind.as_str(), notice.topic.as_deref()),
        ("search.found", Some("searches"))
    );
    assert_eq!(notice.data["count"], 12);
    let shown: Vec<_> = notice.data["listings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["listing_id"].as_i64())
        .collect();
    let first: Vec<_> = listings.iter().take(10).map(|one| Some(one.0)).collect();
    assert_eq!(shown, first);
    assert_eq!(it.listed(it.buyer).await?.len(), 12);
    Ok(())
}

#[tokio::test]
async fn a_worker_that_dies_before_it_commits_has_told_nothing_and_the_next_one_tells_it_once()
-> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фары")).await?;
    it.market.part("Фара левая", "").await?;
    it.compare().await?;
    let mut other = it.market.db.as_role("kardan_worker").await?;
    let dying = other.transaction().await?;
    assert_eq!(market::search_alerts_tell(&dying, None).await?, told(1, 1));
    // While the first one holds it, the second one neither waits nor tells it.
    assert_eq!(
        market::search_alerts_tell(&*it.worker, None).await?,
        told(0, 0)
    );
    dying.rollback().await?;
    assert_eq!(feed(&it, it.buyer).await?.len(), 0);
    assert_eq!(
        market::search_alerts_tell(&*it.worker, None).await?,
        told(1, 1)
    );
    assert_eq!(feed(&it, it.buyer).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn who_has_switched_the_topic_off_hears_nothing_and_still_finds_it_in_the_list()
-> anyhow::Result<()> {
    let it = Alerts::open().await?;
    it.save(&wish(it.buyer, "фары")).await?;
    topic_set(&*it.market.api, it.buyer, "searches", false).await?;
    let new = it.market.part("Фара левая", "").await?;
    assert_eq!(
        market::search_alerts_tell(&*it.worker, None).await?,
        told(1, 0)
    );
    assert_eq!(feed(&it, it.buyer).await?.len(), 0);
    assert_eq!(it.listed(it.buyer).await?, [new]);
    Ok(())
}
