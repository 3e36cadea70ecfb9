//! Pages: nothing twice, nothing left out, whatever arrives meanwhile.

use std::collections::BTreeSet;

use kardan_schema::Sort;
use kardan_schema::market::ListingSearch;

use super::{ANY, Market, ids, words};

fn searches() -> Vec<ListingSearch> {
    let mut searches = Vec::new();
    for query in [
        None,
        Some("колодки"),
        Some("калодки"),
        Some("W 914/2"),
        Some("W91"),
    ] {
        for sort in [
            None,
            Some(Sort::New),
            Some(Sort::PriceUp),
            Some(Sort::PriceDown),
        ] {
            searches.push(ListingSearch {
                query: query.map(str::to_owned),
                sort,
                ..ANY
            });
        }
    }
    searches
}

async fn stocked() -> anyhow::Result<Market> {
    let market = Market::open().await?;
    for i in 0..4 {
        market.priced("Колодки тормозные", 100).await?;
        market.priced("Колодки W9142", 100 + i).await?;
        market.part("Фильтр", "W 914/2").await?;
        market.part("Фильтр", "2108-1012005").await?;
        market.part("Фильтр", "W 914/28").await?;
    }
    Ok(market)
}

#[tokio::test]
async fn pages_of_any_size_give_the_same_rows_and_none_is_empty() -> anyhow::Result<()> {
    let market = stocked().await?;
    for search in searches() {
        let whole = market
            .found(&ListingSearch {
                limit: Some(100),
                ..search.clone()
            })
            .await?;
        assert!(!whole.is_empty(), "{search:?}");
        for limit in [1, 3, 7] {
            let pages = market.walk(&search, limit).await?;
            assert_eq!(pages.concat(), whole, "{search:?} by {limit}");
            let full = pages
                .iter()
                .rev()
                .skip(1)
                .all(|page| page.len() == limit as usize);
            assert!(full, "{search:?} by {limit}: {pages:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_arrives_between_two_pages_disturbs_neither() -> anyhow::Result<()> {
    let market = stocked().await?;
    for search in searches() {
        let before = market
            .found(&ListingSearch {
                limit: Some(100),
                ..search.clone()
            })
            .await?;
        let mut next = ListingSearch {
            limit: Some(3),
            ..search.clone()
        };
        let mut seen = Vec::new();
        loop {
            let rows = market.search(&next).await?;
            let Some(last) = rows.last() else { break };
            next.after_key = Some(last.page_key);
            next.after_id = Some(last.listing_id);
            seen.extend(ids(&rows));
            if seen.len() < 10 {
                market.priced("Колодки тормозные новые", 100).await?;
                market.part("Фильтр", "W 914/2").await?;
            }
            anyhow::ensure!(seen.len() < 200, "the walk does not end: {search:?}");
        }
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "twice: {search:?}");
        let old: Vec<_> = seen
            .iter()
            .filter(|id| before.contains(id))
            .copied()
            .collect();
        assert_eq!(old, before, "{search:?}");
    }
    Ok(())
}

#[tokio::test]
async fn more_matches_than_are_ranked_are_all_reached() -> anyhow::Result<()> {
    let market = Market::open().await?;
    market
        .arrange(&format!(
            "insert into market_data.listings (kind, status, owner_user_id, created_by, changed_by, title, category_id,
                 subcategory_id, condition, place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select 'part', 'published', {0}, {0}, {0}, case when i % 3 = 0 then 'Фара левая фара' else 'Фара' end,
                 c.parent_id, c.id, 'new', (select min(p.id) from catalog_data.places as p), 100, 1,
                 ops.clock_now(), ops.clock_now(), ops.clock_now() - i * interval '1 minute'
             from generate_series(1, 700) as i
             cross join (select c.id, c.parent_id from catalog_data.categories as c
                 where c.kind = 'part' and c.parent_id is not null order by c.id limit 1) as c",
            market.seller
        ))
        .await?;
    let pages = market.walk(&words("фара"), 90).await?;
    let distinct: BTreeSet<_> = pages.concat().into_iter().collect();
    assert_eq!((pages.concat().len(), distinct.len()), (700, 700));
    Ok(())
}

#[tokio::test]
async fn a_page_has_a_ceiling_and_a_sensible_size_without_one() -> anyhow::Result<()> {
    let market = Market::open().await?;
    for i in 0..105 {
        market.priced("Фара", i).await?;
    }
    for (limit, rows) in [
        (None, 20),
        (Some(1000), 100),
        (Some(0), 1),
        (Some(-5), 1),
        (Some(100), 100),
    ] {
        let search = ListingSearch { limit, ..ANY };
        assert_eq!(market.search(&search).await?.len(), rows, "{limit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_no_page_gave_is_answered() -> anyhow::Result<()> {
    let market = stocked().await?;
    for search in searches() {
        for key in [0, 1, -1, i64::MAX, i64::MIN, 1 << 62, 7 << 59, 1 << 50] {
            let search = ListingSearch {
                after_key: Some(key),
                after_id: Some(kardan_schema::ListingId(5)),
                ..search.clone()
            };
            let answer = market.search(&search).await;
            assert!(answer.is_ok(), "{search:?}: {answer:?}");
        }
    }
    Ok(())
}
