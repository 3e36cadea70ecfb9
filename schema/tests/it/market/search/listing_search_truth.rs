//! On a filled market a search gives what reading every listing would give: no window, walk or band leaves one out.

use std::collections::BTreeSet;

use kardan_schema::market::{ListingFacets, ListingSearch, listing_facets, listing_search};
use kardan_schema::{BrandId, CategoryId, Condition, Kind, ListingId, PlaceId, Sort};
use kardan_testdb::Session;
use tokio_postgres::Client;

use super::listing_search_plans::filled;
use super::{ANY, words};

/// What a search asks for, in plain SQL over the listings.
fn plainly(search: &ListingSearch) -> String {
    let mut conditions = vec![
        "l.status = 'published'".to_owned(),
        "not exists (select from people.blocked as b where b.user_id = l.owner_user_id)".to_owned(),
    ];
    if let Some(kind) = search.kind {
        conditions.push(format!("l.kind = '{kind}'"));
    }
    if let Some(category) = search.category {
        conditions.push(format!("l.category_id = {category}"));
    }
    if let Some(subcategory) = search.subcategory {
        conditions.push(format!("l.subcategory_id = {subcategory}"));
    }
    if let Some(brand) = search.brand {
        conditions.push(format!("l.brand_id = {brand}"));
    }
    if let Some(place) = search.place {
        conditions.push(format!("l.place_id = {place}"));
    }
    if let Some(condition) = search.condition {
        conditions.push(format!("l.condition = '{condition}'"));
    }
    if let Some(least) = search.price_min {
        conditions.push(format!("l.price_minor >= {least}"));
    }
    if let Some(most) = search.price_max {
        conditions.push(format!("l.price_minor <= {most}"));
    }
    let by_price = matches!(search.sort, Some(Sort::PriceUp | Sort::PriceDown));
    if by_price || search.price_min.or(search.price_max).is_some() {
        conditions.push("l.currency = 'RUB'".to_owned());
    }
    if let Some(query) = &search.query {
        conditions.push(format!(
            "l.search @@ websearch_to_tsquery('pg_catalog.russian', '{query}')"
        ));
    }
    let order = match search.sort {
        Some(Sort::PriceUp) => "l.price_minor, l.id",
        Some(Sort::PriceDown) => "l.price_minor desc, l.id desc",
        _ => "l.published_at desc, l.id desc",
    };
    format!(
        "select l.id from market_data.listings as l where {} order by {order}",
        conditions.join(" and ")
    )
}

/// Pages of 7 until so many rows are read, or none is left.
async fn pages(
    api: &Client,
    search: &ListingSearch,
    rows: usize,
) -> anyhow::Result<Vec<ListingId>> {
    let mut search = ListingSearch {
        limit: Some(7),
        ..search.clone()
    };
    let mut found = Vec::new();
    while found.len() < rows {
        let page = listing_search(api, &search).await?;
        let Some(last) = page.last() else { break };
        search.after_key = Some(last.page_key);
        search.after_id = Some(last.listing_id);
        found.extend(page.iter().map(|row| row.listing_id));
    }
    found.truncate(rows);
    Ok(found)
}

async fn truth(
    owner: &Session,
    search: &ListingSearch,
    rows: usize,
) -> anyhow::Result<Vec<ListingId>> {
    let all = owner.query(plainly(search).as_str(), &[]).await?;
    Ok(all.iter().take(rows).map(|row| row.get(0)).collect())
}

/// Common and rare filters, alone and together.
async fn searches(owner: &Session) -> anyhow::Result<Vec<ListingSearch>> {
    let mut found = vec![
        ANY,
        ListingSearch {
            kind: Some(Kind::Part),
            ..ANY
        },
        ListingSearch {
            kind: Some(Kind::Service),
            condition: Some(Condition::New),
            ..ANY
        },
        ListingSearch {
            price_min: Some(100_000),
            price_max: Some(110_000),
            ..ANY
        },
        ListingSearch {
            kind: Some(Kind::Part),
            price_max: Some(20_000),
            ..ANY
        },
        words("турбина"),
        words("колодки тормозные"),
        words("фара -левый"),
        words("стартер or генератор"),
    ];
    let rows = owner
        .query(
            "select l.category_id, l.subcategory_id, l.brand_id, l.place_id, l.price_minor
             from market_data.listings as l
             where l.status = 'published' and l.kind = 'part' and l.brand_id is not null and l.id % 997 = 3
             order by l.id limit 12",
            &[],
        )
        .await?;
    for (row, at) in rows.iter().zip(0..) {
        let (category, subcategory): (CategoryId, CategoryId) = (row.get(0), row.get(1));
        let (brand, place): (BrandId, PlaceId) = (row.get(2), row.get(3));
        found.push(match at % 4 {
            0 => ListingSearch {
                category: Some(category),
                subcategory: Some(subcategory),
                ..ANY
            },
            1 => ListingSearch {
                brand: Some(brand),
                price_max: Some(row.get(4)),
                ..ANY
            },
            2 => ListingSearch {
                kind: Some(Kind::Part),
                place: Some(place),
                condition: Some(Condition::Used),
                ..ANY
            },
            _ => ListingSearch {
                category: Some(category),
                brand: Some(brand),
                place: Some(place),
                ..ANY
            },
        });
    }
    Ok(found)
}

#[tokio::test]
async fn pages_in_every_order_are_what_reading_everything_gives() -> anyhow::Result<()> {
    let db = filled().await?;
    let (owner, api) = (db.superuser().await?, db.as_role("kardan_api").await?);
    for search in searches(&owner).await? {
        for sort in [Sort::New, Sort::PriceUp, Sort::PriceDown] {
            let search = ListingSearch {
                sort: Some(sort),
                ..search.clone()
            };
            let expected = truth(&owner, &search, 30).await?;
            assert_eq!(pages(&api, &search, 30).await?, expected, "{search:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_words_find_by_relevance_is_everything_that_has_them() -> anyhow::Result<()> {
    let db = filled().await?;
    let (owner, api) = (db.superuser().await?, db.as_role("kardan_api").await?);
    for query in ["турбина", "колодки тормозные", "фара левый", "катализатор"]
    {
        let search = words(query);
        let expected: BTreeSet<_> = truth(&owner, &search, usize::MAX)
            .await?
            .into_iter()
            .collect();
        let found = pages(&api, &search, usize::MAX).await?;
        let distinct: BTreeSet<_> = found.iter().copied().collect();
        assert_eq!(found.len(), distinct.len(), "{query}: twice");
        assert!(expected.len() >= 5, "{query}: {}", expected.len());
        assert_eq!(distinct, expected, "{query}");
    }
    Ok(())
}

/// How many listings of a search have each value of a column, in plain SQL; the column's own filter is off.
async fn counted(
    owner: &Session,
    search: &ListingSearch,
    facet: &str,
) -> anyhow::Result<BTreeSet<(String, i64)>> {
    let mut search = ListingSearch {
        sort: None,
        ..search.clone()
    };
    match facet {
        "kind" => search.kind = None,
        "category" => search.category = None,
        "brand" => search.brand = None,
        "place" => search.place = None,
        _ => search.condition = None,
    }
    if facet == "kind" {
        search.category = None;
    }
    if facet == "category" || facet == "kind" {
        search.subcategory = None;
    }
    let column = match facet {
        "kind" | "condition" => facet.to_owned(),
        _ => format!("{facet}_id"),
    };
    let plain = plainly(&search);
    let rows = owner
        .query(
            &format!(
                "select l.{column}::text, count(*) from market_data.listings as l
                 where l.id in ({plain}) and l.{column} is not null
                 group by 1 order by count(*) desc, l.{column}::text limit 50"
            ),
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test]
async fn facets_count_what_reading_everything_counts_and_leave_no_facet_out() -> anyhow::Result<()>
{
    let db = filled().await?;
    let (owner, api) = (db.superuser().await?, db.as_role("kardan_api").await?);
    let mut exact = 0;
    for search in searches(&owner).await? {
        let rows = listing_facets(
            &*api,
            &ListingFacets {
                query: search.query.clone(),
                kind: search.kind,
                category: search.category,
                subcategory: search.subcategory,
                brand: search.brand,
                place: search.place,
                condition: search.condition,
                price_min: search.price_min,
                price_max: search.price_max,
                currency: search.currency.clone(),
                in_stock: search.in_stock,
                generation: search.generation,
                year: search.year,
                attributes: search.attributes.clone(),
                min_rating: search.min_rating,
            },
        )
        .await?;
        for facet in ["kind", "category", "brand", "place", "condition"] {
            let expected = counted(&owner, &search, facet).await?;
            let found: BTreeSet<_> = rows
                .iter()
                .filter(|row| row.facet == facet)
                .map(|row| (row.value.clone(), row.count))
                .collect();
            if rows.iter().all(|row| row.is_exact) {
                assert_eq!(found, expected, "{facet} of {search:?}");
                exact += 1;
            } else {
                // A part of the listings is counted, and of each facet.
                let all: i64 = expected.iter().map(|(_, count)| count).sum();
                let some: i64 = found.iter().map(|(_, count)| count).sum();
                assert!(some <= all, "{facet} of {search:?}: {some} of {all}");
                assert!(some * 2000 >= all, "{facet} of {search:?}: {some} of {all}");
            }
        }
    }
    assert!(exact >= 20, "{exact}");
    Ok(())
}
