//! Filters: each alone, together, and those that do not suit.

use kardan_schema::market::ListingSearch;
use kardan_schema::{BrandId, CategoryId, Condition, GenerationId, Kind, PlaceId, Reason, Sort};
use serde_json::json;

use super::{ANY, Market, words};
use crate::support::reason;

#[tokio::test]
async fn each_filter_keeps_what_suits_it() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let other = market.part("Колодки тормозные", "").await?;
    let wanted = market.part("Колодки тормозные", "").await?;
    market
        .arrange(&format!(
            "update market_data.listings as l
             set kind = c.kind, category_id = c.parent_id, subcategory_id = c.id, condition = 'rebuilt',
                 brand_id = (select max(b.id) from catalog_data.brands as b),
                 place_id = (select max(p.id) from catalog_data.places as p),
                 currency = 'KZT', price_minor = 777, attributes = '{{\"side\": \"left\", \"oem\": true}}'
             from (select * from catalog_data.categories as c where c.kind = 'service' and c.parent_id is not null limit 1) as c
             where l.id = {wanted};
             update market_data.listings set stock_quantity = 0 where id = {other}"
        ))
        .await?;
    let column = async |name: &str| {
        market
            .number(&format!(
                "select {name} from market_data.listings where id = {wanted}"
            ))
            .await
    };
    let filters = [
        ListingSearch {
            kind: Some(Kind::Service),
            ..ANY
        },
        ListingSearch {
            category: Some(CategoryId(column("category_id").await?)),
            ..ANY
        },
        ListingSearch {
            subcategory: Some(CategoryId(column("subcategory_id").await?)),
            ..ANY
        },
        ListingSearch {
            brand: Some(BrandId(column("brand_id").await?)),
            ..ANY
        },
        ListingSearch {
            place: Some(PlaceId(column("place_id").await?)),
            ..ANY
        },
        ListingSearch {
            condition: Some(Condition::Rebuilt),
            ..ANY
        },
        ListingSearch {
            currency: Some("KZT".to_owned()),
            ..ANY
        },
        ListingSearch {
            price_min: Some(777),
            price_max: Some(777),
            currency: Some("KZT".to_owned()),
            ..ANY
        },
        ListingSearch {
            in_stock: Some(true),
            ..ANY
        },
        ListingSearch {
            attributes: Some(json!({"side": "left"})),
            ..ANY
        },
        ListingSearch {
            attributes: Some(json!({"oem": true, "side": "left"})),
            ..ANY
        },
    ];
    for filter in &filters {
        for query in [None, Some("колодки"), Some("калодки")] {
            for sort in [None, Some(Sort::New), Some(Sort::PriceDown)] {
                let currency = filter
                    .currency
                    .clone()
                    .or(Some("KZT".to_owned()))
                    .filter(|_| sort == Some(Sort::PriceDown));
                let search = ListingSearch {
                    query: query.map(str::to_owned),
                    sort,
                    currency: currency.or(filter.currency.clone()),
                    ..filter.clone()
                };
                assert_eq!(market.found(&search).await?, [wanted], "{search:?}");
            }
        }
    }
    assert_eq!(
        market
            .found(&ListingSearch {
                in_stock: Some(false),
                ..ANY
            })
            .await?
            .len(),
        2
    );
    assert_eq!(
        market
            .found(&ListingSearch {
                attributes: Some(json!({})),
                ..ANY
            })
            .await?
            .len(),
        2
    );
    for none in [
        ListingSearch {
            attributes: Some(json!({"side": null})),
            ..ANY
        },
        ListingSearch {
            attributes: Some(json!({"side": "right"})),
            ..ANY
        },
        ListingSearch {
            category: Some(CategoryId(-1)),
            ..ANY
        },
        ListingSearch {
            kind: Some(Kind::Car),
            ..words("колодки")
        },
    ] {
        assert_eq!(market.found(&none).await?, [], "{none:?}");
    }
    Ok(())
}

#[tokio::test]
async fn prices_are_compared_within_one_currency_roubles_unless_another_is_named()
-> anyhow::Result<()> {
    let market = Market::open().await?;
    let cheap = market.priced("Фара", 100).await?;
    let dear = market.priced("Фара", 300).await?;
    let dollars = market.priced("Фара", 200).await?;
    market
        .arrange(&format!(
            "update market_data.listings set currency = 'USD' where id = {dollars}"
        ))
        .await?;
    let by = |sort| ListingSearch {
        sort: Some(sort),
        ..ANY
    };
    assert_eq!(market.found(&by(Sort::PriceUp)).await?, [cheap, dear]);
    assert_eq!(market.found(&by(Sort::PriceDown)).await?, [dear, cheap]);
    let in_dollars = ListingSearch {
        currency: Some("USD".to_owned()),
        ..by(Sort::PriceUp)
    };
    assert_eq!(market.found(&in_dollars).await?, [dollars]);
    let range = ListingSearch {
        price_min: Some(100),
        price_max: Some(299),
        ..ANY
    };
    assert_eq!(market.found(&range).await?, [cheap]);
    Ok(())
}

#[tokio::test]
async fn a_vehicle_is_fitted_by_its_generation_and_year() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let whole = market.part("Фара", "").await?;
    let some_years = market.part("Фара", "").await?;
    market.part("Фара", "").await?;
    let generation = market
        .number("select min(g.id) from catalog_data.generations as g")
        .await?;
    market
        .arrange(&format!(
            "insert into market_data.listing_fitments (listing_id, generation_id, year_from, year_to, added_by, created_at)
             values ({whole}, {generation}, null, null, {0}, ops.clock_now()),
                    ({some_years}, {generation}, 2010, 2012, {0}, ops.clock_now()),
                    ({some_years}, {generation}, 2014, null, {0}, ops.clock_now())",
            market.seller
        ))
        .await?;
    let fits = |year| ListingSearch {
        generation: Some(GenerationId(generation)),
        year,
        ..words("фара")
    };
    assert_eq!(market.found(&fits(None)).await?, [some_years, whole]);
    for year in [2010, 2012, 2014, 2020] {
        assert_eq!(
            market.found(&fits(Some(year))).await?,
            [some_years, whole],
            "{year}"
        );
    }
    for year in [2009, 2013] {
        assert_eq!(market.found(&fits(Some(year))).await?, [whole], "{year}");
    }
    let another = ListingSearch {
        generation: Some(GenerationId(generation + 1)),
        ..ANY
    };
    assert_eq!(market.found(&another).await?, []);
    Ok(())
}

#[tokio::test]
async fn filters_that_do_not_suit_are_refused_by_field() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let cases = [
        (
            ListingSearch {
                currency: Some("XXX".to_owned()),
                ..ANY
            },
            Reason::SearchCurrencyUnknown,
            "currency",
        ),
        (
            ListingSearch {
                price_min: Some(2),
                price_max: Some(1),
                ..ANY
            },
            Reason::SearchPriceRange,
            "price_min",
        ),
        (
            ListingSearch {
                price_min: Some(-1),
                ..ANY
            },
            Reason::SearchPriceRange,
            "price_min",
        ),
        (
            ListingSearch {
                price_max: Some(-1),
                ..ANY
            },
            Reason::SearchPriceRange,
            "price_max",
        ),
        (
            ListingSearch {
                year: Some(2010),
                ..ANY
            },
            Reason::SearchYearNeedsGeneration,
            "year",
        ),
        (
            ListingSearch {
                attributes: Some(json!([1])),
                ..ANY
            },
            Reason::SearchAttributesShape,
            "attributes",
        ),
        (
            ListingSearch {
                attributes: Some(json!({"a": "ж".repeat(3000)})),
                ..ANY
            },
            Reason::SearchAttributesShape,
            "attributes",
        ),
        (
            ListingSearch {
                min_rating: Some(0),
                ..ANY
            },
            Reason::SearchRatingRange,
            "min_rating",
        ),
        (
            ListingSearch {
                min_rating: Some(6),
                ..ANY
            },
            Reason::SearchRatingRange,
            "min_rating",
        ),
        (
            ListingSearch {
                after_key: Some(1),
                ..ANY
            },
            Reason::SearchCursorIncomplete,
            "after_id",
        ),
        (
            ListingSearch {
                after_id: Some(kardan_schema::ListingId(1)),
                ..ANY
            },
            Reason::SearchCursorIncomplete,
            "after_key",
        ),
    ];
    for (search, expected, field) in cases {
        let answer = market.search(&search).await;
        let named = answer
            .as_ref()
            .err()
            .and_then(|e| e.fault())
            .and_then(|f| f.field.clone());
        assert_eq!(named.as_deref(), Some(field), "{search:?}");
        assert_eq!(reason(answer), expected, "{search:?}");
    }
    // Words that the binding cannot even say are refused by the database too.
    for (name, word, expected) in [
        ("kind", "boat", "kind_unknown"),
        ("condition", "broken", "search_condition_unknown"),
        ("sort", "cheap", "search_sort_unknown"),
    ] {
        let sql = kardan_schema::calls()
            .iter()
            .find(|call| call.name == "listing_search")
            .map(|call| {
                call.arguments
                    .iter()
                    .map(|a| {
                        if a.name == format!("p_{name}") {
                            format!("{} => '{word}'", a.name)
                        } else {
                            format!("{} => null", a.name)
                        }
                    })
                    .collect::<Vec<_>>()
                    .join(", ")
            })
            .unwrap_or_default();
        let error = market
            .api
            .batch_execute(&format!("select market.listing_search({sql})"))
            .await
            .unwrap_err();
        let error = error.as_db_error().map(|e| {
            (
                e.code().code().to_owned(),
                e.constraint().map(str::to_owned),
                e.column().map(str::to_owned),
            )
        });
        assert_eq!(
            error,
            Some((
                "ZINVL".to_owned(),
                Some(expected.to_owned()),
                Some(name.to_owned())
            ))
        );
    }
    Ok(())
}
