//! Searches without an answer: remembered once, bounded, shown to moderators.

use kardan_schema::market::{
    SearchMissList, SearchMissRecord, search_miss_list, search_miss_record,
};
use kardan_schema::{Kind, Reason, Role};

use super::Market;
use crate::support::reason;

fn miss(query: &str) -> SearchMissRecord {
    SearchMissRecord {
        query: Some(query.to_owned()),
        kind: Some(Kind::Part),
        category: None,
        subcategory: None,
        brand: None,
        place: None,
        condition: None,
        price_min: None,
        price_max: None,
        currency: None,
        in_stock: None,
        generation: None,
        year: None,
        attributes: None,
    }
}

#[tokio::test]
async fn a_miss_is_remembered_in_one_spelling_and_once_in_ten_minutes() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let moderator = market.db.person(Role::Moderator).await?;
    for query in ["Крыло  Ёлки", "крыло елки", " КРЫЛО ЕЛКИ "] {
        search_miss_record(&*market.api, &miss(query)).await?;
    }
    search_miss_record(&*market.api, &miss("дверь")).await?;
    search_miss_record(&*market.api, &miss("   ")).await?;
    market.db.shift_clock("11 minutes").await?;
    search_miss_record(&*market.api, &miss("крыло елки")).await?;
    let list = SearchMissList {
        actor: moderator,
        from: None,
        to: None,
        limit: None,
    };
    let rows = search_miss_list(&*market.api, &list).await?;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.query.as_str(), row.count))
        .collect();
    assert_eq!(told, [("крыло елки", 2), ("дверь", 1)]);
    assert_eq!(rows[0].filters, serde_json::json!({ "kind": "part" }));
    let past = SearchMissList {
        to: Some(rows[0].first_at),
        ..list.clone()
    };
    assert_eq!(search_miss_list(&*market.api, &past).await?, []);
    let user = SearchMissList {
        actor: market.seller,
        ..list
    };
    assert_eq!(
        reason(search_miss_list(&*market.api, &user).await),
        Reason::RoleRequired
    );
    Ok(())
}

#[tokio::test]
async fn nobody_fills_the_log_by_asking() -> anyhow::Result<()> {
    let market = Market::open().await?;
    market
        .arrange(
            "select market.search_miss_record('слово ' || i, null, null, null, null, null, null, null, null, null,
                 null, null, null, null)
             from generate_series(1, 700) as i",
        )
        .await?;
    assert_eq!(
        market
            .number("select count(*) from market_data.search_misses")
            .await?,
        600
    );
    let wrong = SearchMissRecord {
        price_min: Some(-1),
        ..miss("x")
    };
    assert_eq!(
        reason(search_miss_record(&*market.api, &wrong).await),
        Reason::SearchPriceRange
    );
    Ok(())
}
