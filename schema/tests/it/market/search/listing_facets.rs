//! Facets: counts of the same listings that a search finds, each facet without its own filter.

use std::collections::BTreeMap;

use kardan_schema::market::{Facet, ListingFacets, ListingSearch, listing_facets};
use kardan_schema::{CategoryId, Condition, Kind, PlaceId, Reason, Role};
use kardan_testdb::ListingFixture;
use serde_json::json;

use super::{ANY, Market, words};
use crate::support::reason;

/// The facets of a search.
fn of(search: &ListingSearch) -> ListingFacets {
    let search = search.clone();
    ListingFacets {
        query: search.query,
        kind: search.kind,
        category: search.category,
        subcategory: search.subcategory,
        brand: search.brand,
        place: search.place,
        condition: search.condition,
        price_min: search.price_min,
        price_max: search.price_max,
        currency: search.currency,
        in_stock: search.in_stock,
        generation: search.generation,
        year: search.year,
        attributes: search.attributes,
        min_rating: search.min_rating,
    }
}

async fn facets(market: &Market, search: &ListingSearch) -> anyhow::Result<Vec<Facet>> {
    Ok(listing_facets(&*market.api, &of(search)).await?)
}

/// The values of one facet and their counts.
fn values(rows: &[Facet], facet: &str) -> BTreeMap<String, i64> {
    rows.iter()
        .filter(|row| row.facet == facet)
        .map(|row| (row.value.clone(), row.count))
        .collect()
}

fn map(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs
        .iter()
        .map(|(value, count)| ((*value).to_owned(), *count))
        .collect()
}

/// Four parts: new at 150 and used at 250, 250 and 600 kopecks; one of the used ones is not in stock.
async fn stocked() -> anyhow::Result<Market> {
    let market = Market::open().await?;
    market.priced("Фара левая", 150).await?;
    let mut used = Vec::new();
    for price in [250, 250, 600] {
        used.push(market.priced("Фара правая", price).await?);
    }
    market
        .arrange(&format!(
            "update market_data.listings set condition = 'used' where id >= {};
             update market_data.listings set stock_quantity = 0 where id = {}",
            used[0], used[1]
        ))
        .await?;
    Ok(market)
}

#[tokio::test]
async fn each_value_is_counted_and_those_that_nothing_has_are_not_there() -> anyhow::Result<()> {
    let market = stocked().await?;
    let rows = facets(&market, &ANY).await?;
    assert_eq!(values(&rows, "condition"), map(&[("new", 1), ("used", 3)]));
    assert_eq!(values(&rows, "kind"), map(&[("part", 4)]));
    assert_eq!(values(&rows, "in_stock"), map(&[("true", 3)]));
    assert_eq!(
        values(&rows, "price"),
        map(&[("100-199", 1), ("200-499", 2), ("500-999", 1)])
    );
    assert!(values(&rows, "brand").is_empty(), "{rows:?}");
    assert!(rows.iter().all(|row| row.is_exact && row.count > 0));
    // The most frequent value stands first.
    let first = rows.iter().find(|row| row.facet == "condition").unwrap();
    assert_eq!(first.value, "used");
    Ok(())
}

#[tokio::test]
async fn a_facet_counts_without_its_own_filter_and_with_all_others() -> anyhow::Result<()> {
    let market = stocked().await?;
    let search = ListingSearch {
        condition: Some(Condition::Used),
        in_stock: Some(true),
        ..words("фара")
    };
    let rows = facets(&market, &search).await?;
    assert_eq!(values(&rows, "condition"), map(&[("new", 1), ("used", 2)]));
    assert_eq!(values(&rows, "in_stock"), map(&[("true", 2)]));
    assert_eq!(
        values(&rows, "price"),
        map(&[("200-499", 1), ("500-999", 1)])
    );
    let search = ListingSearch {
        price_min: Some(200),
        price_max: Some(499),
        ..search
    };
    let rows = facets(&market, &search).await?;
    assert_eq!(values(&rows, "condition"), map(&[("used", 1)]));
    // The facet of prices still shows where else there is something.
    assert_eq!(
        values(&rows, "price"),
        map(&[("200-499", 1), ("500-999", 1)])
    );
    Ok(())
}

#[tokio::test]
async fn a_category_is_counted_without_its_subcategory_too() -> anyhow::Result<()> {
    let market = stocked().await?;
    let here = market
        .number("select min(subcategory_id) from market_data.listings")
        .await?;
    let category = market
        .number("select min(category_id) from market_data.listings")
        .await?;
    market
        .arrange(
            "update market_data.listings as l set category_id = c.parent_id, subcategory_id = c.id
             from catalog_data.categories as c
             where c.slug = 'headlights' and l.price_minor = 600",
        )
        .await?;
    let search = ListingSearch {
        kind: Some(Kind::Part),
        category: Some(CategoryId(category)),
        subcategory: Some(CategoryId(here)),
        ..ANY
    };
    let rows = facets(&market, &search).await?;
    assert_eq!(values(&rows, "category").values().sum::<i64>(), 4);
    assert_eq!(values(&rows, "category").len(), 2);
    assert_eq!(
        values(&rows, "subcategory"),
        map(&[(here.to_string().as_str(), 3)])
    );
    assert_eq!(values(&rows, "condition"), map(&[("new", 1), ("used", 2)]));
    Ok(())
}

#[tokio::test]
async fn extra_fields_are_counted_within_a_subcategory() -> anyhow::Result<()> {
    let market = stocked().await?;
    market
        .arrange(
            "update market_data.listings as l
             set category_id = c.parent_id, subcategory_id = c.id,
                 attributes = jsonb_build_object('side', case when l.price_minor = 250 then 'left' else 'right' end)
             from catalog_data.categories as c where c.slug = 'headlights'",
        )
        .await?;
    let subcategory = market
        .number("select min(subcategory_id) from market_data.listings")
        .await?;
    let has_side = market
        .number(&format!(
            "select count(*) from catalog.attribute_effective('part', {subcategory}) as e where e.key = 'side'"
        ))
        .await?;
    assert_eq!(has_side, 1, "the catalogue knows the side of a headlight");
    let search = ListingSearch {
        subcategory: Some(CategoryId(subcategory)),
        ..ANY
    };
    let sides = map(&[("left", 2), ("right", 2)]);
    let rows = facets(&market, &search).await?;
    assert_eq!(values(&rows, "attribute"), sides);
    assert_eq!(
        rows.iter()
            .find(|row| row.facet == "attribute")
            .unwrap()
            .attribute
            .as_deref(),
        Some("side")
    );
    let search = ListingSearch {
        attributes: Some(json!({ "side": "left" })),
        ..search
    };
    let rows = facets(&market, &search).await?;
    assert_eq!(values(&rows, "attribute"), sides);
    assert_eq!(values(&rows, "price"), map(&[("200-499", 2)]));
    assert_eq!(
        values(&facets(&market, &words("фара")).await?, "attribute"),
        map(&[])
    );
    Ok(())
}

#[tokio::test]
async fn what_a_search_does_not_find_is_not_counted() -> anyhow::Result<()> {
    let market = stocked().await?;
    let blocked = market.db.person(Role::User).await?;
    market
        .db
        .listing(blocked, &ListingFixture::default())
        .await?;
    market
        .arrange(&format!(
            "insert into people_data.bans (user_id, reason, until, created_at)
             values ({blocked}, 'Spam', 'infinity', ops.clock_now())"
        ))
        .await?;
    assert_eq!(
        values(&facets(&market, &ANY).await?, "kind"),
        map(&[("part", 4)])
    );
    let nothing = ListingSearch {
        place: Some(PlaceId(-1)),
        ..words("колодки")
    };
    assert_eq!(facets(&market, &nothing).await?, []);
    // A misspelt word is understood as a search understands it.
    assert_eq!(
        values(&facets(&market, &words("фааа")).await?, "kind").len(),
        usize::from(!market.found(&words("фааа")).await?.is_empty())
    );
    Ok(())
}

#[tokio::test]
async fn facets_agree_with_what_a_search_finds_value_by_value() -> anyhow::Result<()> {
    let market = stocked().await?;
    for search in [
        words("фара"),
        ListingSearch {
            in_stock: Some(true),
            ..ANY
        },
        ListingSearch {
            price_max: Some(300),
            ..words("фара")
        },
    ] {
        for row in facets(&market, &search).await? {
            let narrowed = match row.facet.as_str() {
                "condition" => ListingSearch {
                    condition: Some(row.value.parse().map_err(anyhow::Error::msg)?),
                    ..search.clone()
                },
                "price" => {
                    let (least, most) = row.value.split_once('-').unwrap();
                    ListingSearch {
                        price_min: Some(least.parse()?),
                        price_max: Some(most.parse()?),
                        ..search.clone()
                    }
                }
                "place" => ListingSearch {
                    place: Some(PlaceId(row.value.parse()?)),
                    ..search.clone()
                },
                _ => continue,
            };
            let found = market.found(&narrowed).await?.len();
            assert_eq!(found as i64, row.count, "{row:?} of {search:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn more_than_are_counted_is_said() -> anyhow::Result<()> {
    let market = Market::open().await?;
    market
        .arrange(&format!(
            "set session_replication_role = replica;
             insert into market_data.listings (kind, status, owner_user_id, created_by, changed_by, title, category_id,
                 subcategory_id, condition, place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select 'part', 'published', {0}, {0}, {0}, 'Фара', c.parent_id, c.id, 'new',
                 (select min(p.id) from catalog_data.places as p), 100, 1, ops.clock_now(), ops.clock_now(),
                 ops.clock_now() - i * interval '1 hour'
             from generate_series(1, 5000) as i
             cross join (select c.id, c.parent_id from catalog_data.categories as c
                 where c.kind = 'part' and c.parent_id is not null order by c.id limit 1) as c;
             select market_data.search_entries_store(0, 1000000)",
            market.seller
        ))
        .await?;
    let rows = facets(&market, &words("фара")).await?;
    assert!(rows.iter().all(|row| !row.is_exact), "{rows:?}");
    let counted = values(&rows, "condition")["new"];
    assert!((2000..=5000).contains(&counted), "{counted}");
    Ok(())
}

#[tokio::test]
async fn filters_that_do_not_suit_a_search_do_not_suit_facets() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let wrong = ListingSearch {
        price_min: Some(-1),
        ..ANY
    };
    let answer = listing_facets(&*market.api, &of(&wrong)).await;
    assert_eq!(reason(answer), Reason::SearchPriceRange);
    for query in ["'; drop table x", "%", "\"", "🚗", "- -", "a | b & !c"] {
        listing_facets(&*market.api, &of(&words(query))).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_extra_field_that_there_is_not_is_refused_as_in_a_search() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let search = ListingSearch {
        attributes: Some(json!({ "no_such_field": 1 })),
        ..ANY
    };
    let answer = listing_facets(&*market.api, &of(&search)).await;
    assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
    Ok(())
}
