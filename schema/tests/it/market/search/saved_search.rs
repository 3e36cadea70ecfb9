//! Saved searches: made once, at most fifty, nobody else's.

use kardan_schema::market::{
    SavedSearchCreate, SavedSearchUpdate, saved_search_create, saved_search_delete,
    saved_search_list, saved_search_update,
};
use kardan_schema::{CategoryId, Condition, Frequency, Kind, Reason, Role, SavedSearchId, UserId};
use serde_json::json;

use super::Market;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

/// A saved search for these words by this person, at once.
pub fn wish(actor: UserId, query: &str) -> SavedSearchCreate {
    SavedSearchCreate {
        actor,
        name: None,
        frequency: Some(Frequency::AtOnce),
        query: Some(query.to_owned()),
        kind: None,
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
        vehicle: None,
    }
}

fn change(actor: UserId, saved_search: SavedSearchId) -> SavedSearchUpdate {
    SavedSearchUpdate {
        actor,
        saved_search,
        version: None,
        name: None,
        frequency: None,
    }
}

#[tokio::test]
async fn a_search_is_saved_with_what_was_asked_for_and_once() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let wanted = SavedSearchCreate {
        kind: Some(Kind::Part),
        category: Some(CategoryId(1)),
        condition: Some(Condition::Used),
        price_max: Some(500),
        in_stock: Some(true),
        attributes: Some(json!({ "side": "left" })),
        frequency: None,
        ..wish(market.seller, "  фара   левая ")
    };
    let saved = saved_search_create(&*market.api, &wanted).await?;
    assert_eq!(
        (saved.name.as_str(), saved.query.as_str()),
        ("фара левая", "фара левая")
    );
    assert_eq!(saved.frequency, Frequency::Daily);
    assert_eq!(
        (
            saved.kind,
            saved.category_id,
            saved.condition,
            saved.price_min,
            saved.price_max
        ),
        (
            Some(Kind::Part),
            Some(CategoryId(1)),
            Some(Condition::Used),
            None,
            Some(500)
        )
    );
    assert_eq!(saved.currency.as_deref(), Some("RUB"));
    assert_eq!(saved.attributes, Some(json!({ "side": "left" })));
    let again = SavedSearchCreate {
        name: Some("Другое имя".to_owned()),
        ..wanted
    };
    assert_eq!(saved_search_create(&*market.api, &again).await?, saved);
    assert_eq!(
        saved_search_list(&*market.api, market.seller).await?,
        [saved]
    );
    Ok(())
}

#[tokio::test]
async fn name_and_frequency_change_and_a_stranger_changes_nothing() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let stranger = market.db.person(Role::Admin).await?;
    let saved = saved_search_create(&*market.api, &wish(market.seller, "фара")).await?;
    let id = saved.saved_search_id;
    let to = SavedSearchUpdate {
        name: Some("Мои фары".to_owned()),
        frequency: Some(Frequency::Hourly),
        version: Some(saved.version),
        ..change(market.seller, id)
    };
    let changed = saved_search_update(&*market.api, &to).await?;
    assert_eq!(
        (changed.name.as_str(), changed.frequency),
        ("Мои фары", Frequency::Hourly)
    );
    assert_eq!(
        reason(saved_search_update(&*market.api, &to).await),
        Reason::VersionStale
    );
    let same = SavedSearchUpdate {
        version: None,
        ..to.clone()
    };
    assert_eq!(saved_search_update(&*market.api, &same).await?, changed);
    let theirs = change(stranger, id);
    assert_eq!(
        reason(saved_search_update(&*market.api, &theirs).await),
        Reason::SavedSearchUnknown
    );
    saved_search_delete(&*market.api, stranger, id).await?;
    assert_eq!(
        saved_search_list(&*market.api, market.seller).await?.len(),
        1
    );
    assert_eq!(saved_search_list(&*market.api, stranger).await?, []);
    saved_search_delete(&*market.api, market.seller, id).await?;
    saved_search_delete(&*market.api, market.seller, id).await?;
    assert_eq!(saved_search_list(&*market.api, market.seller).await?, []);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_saved_is_refused_by_its_reason() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let me = market.seller;
    let cases = [
        (wish(me, ""), Reason::SavedSearchEmpty),
        (wish(me, "и на the"), Reason::SavedSearchEmpty),
        (wish(me, &"ж".repeat(201)), Reason::SavedSearchQueryLength),
        (
            SavedSearchCreate {
                name: Some("ж".repeat(101)),
                ..wish(me, "фара")
            },
            Reason::SavedSearchNameLength,
        ),
        (
            SavedSearchCreate {
                price_min: Some(-1),
                ..wish(me, "фара")
            },
            Reason::SearchPriceRange,
        ),
    ];
    for (search, expected) in cases {
        let answer = saved_search_create(&*market.api, &search).await;
        assert_eq!(reason(answer), expected, "{search:?}");
    }
    let unknown = market
        .api
        .batch_execute(&format!(
            "select market.saved_search_create({me}, null, 'weekly', 'фара', null, null, null, null, null, null, null,
                 null, null, null, null, null, null, null)"
        ))
        .await
        .unwrap_err();
    assert_eq!(
        unknown.as_db_error().and_then(|e| e.constraint()),
        Some("saved_search_frequency_known")
    );
    Ok(())
}

#[tokio::test]
async fn the_fifty_first_is_refused_even_when_two_are_saved_at_once() -> anyhow::Result<()> {
    let market = Market::open().await?;
    for i in 0..49 {
        saved_search_create(&*market.api, &wish(market.seller, &format!("фара{i}"))).await?;
    }
    let other = market.db.as_role("kardan_api").await?;
    let waits = backend(&other).await?;
    market.api.batch_execute("begin").await?;
    saved_search_create(&*market.api, &wish(market.seller, "бампер")).await?;
    let late_wish = wish(market.seller, "капот");
    let late = async { saved_search_create(&*other, &late_wish).await };
    let first = async {
        until_blocked(&market.db, waits).await?;
        market.api.batch_execute("commit").await?;
        anyhow::Ok(())
    };
    let (late, first) = tokio::join!(late, first);
    first?;
    assert_eq!(reason(late), Reason::SavedSearchLimit);
    // What is saved already is no new one.
    saved_search_create(&*market.api, &wish(market.seller, "бампер")).await?;
    assert_eq!(
        saved_search_list(&*market.api, market.seller).await?.len(),
        50
    );
    Ok(())
}

#[tokio::test]
async fn a_search_by_an_extra_field_that_there_is_not_cannot_be_saved() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let wanted = SavedSearchCreate {
        attributes: Some(json!({ "no_such_field": 1 })),
        ..wish(market.seller, "фара")
    };
    let answer = saved_search_create(&*market.api, &wanted).await;
    assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
    Ok(())
}
