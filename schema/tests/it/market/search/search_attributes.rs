//! By which extra fields a search may filter: those that are in use and meant for filters, at this moment.

use kardan_schema::catalog::{self, AttributeSet};
use kardan_schema::market::{
    FoundListing, ListingFacets, ListingSearch, SavedSearchCreate, listing_facets,
    saved_search_create,
};
use kardan_schema::{CategoryId, Error, Kind, Reason, Role, UserId, ValueType};
use serde_json::json;

use super::saved_search::wish;
use super::{ANY, Market};
use crate::support::reason;

/// A field of two choices, of a whole kind or of one category.
fn field(actor: UserId, category_id: Option<CategoryId>, filterable: bool) -> AttributeSet {
    let words = |words: [&str; 2]| words.map(str::to_owned).to_vec();
    AttributeSet {
        actor,
        kind: Kind::Part,
        category_id,
        key: "finish".to_owned(),
        version: None,
        value_type: ValueType::Choice,
        unit: None,
        label_ru: "Покрытие".to_owned(),
        label_en: "Finish".to_owned(),
        hint_ru: None,
        hint_en: None,
        required: false,
        minimum: None,
        maximum: None,
        max_length: None,
        ordinal: 900,
        filterable,
        choice_values: words(["matt", "gloss"]),
        choice_labels_ru: words(["Матовое", "Глянцевое"]),
        choice_labels_en: words(["Matt", "Gloss"]),
    }
}

struct Shelf {
    market: Market,
    admin: UserId,
    subcategory: CategoryId,
}

impl Shelf {
    /// A listing whose field says matt.
    async fn open() -> anyhow::Result<Self> {
        let market = Market::open().await?;
        market.part("Колодки", "").await?;
        market
            .arrange("update market_data.listings set attributes = '{\"finish\": \"matt\"}'")
            .await?;
        let subcategory = market
            .number("select l.subcategory_id from market_data.listings as l")
            .await?;
        Ok(Self {
            admin: market.db.person(Role::Admin).await?,
            subcategory: CategoryId(subcategory),
            market,
        })
    }

    async fn set(&self, category: Option<CategoryId>, filterable: bool) -> anyhow::Result<()> {
        catalog::attribute_set(&*self.market.api, &field(self.admin, category, filterable)).await?;
        Ok(())
    }

    fn wanted(&self, subcategory: Option<CategoryId>) -> ListingSearch {
        ListingSearch {
            subcategory,
            attributes: Some(json!({ "finish": "matt" })),
            ..ANY
        }
    }

    async fn search(&self, subcategory: Option<CategoryId>) -> Result<Vec<FoundListing>, Error> {
        self.market.search(&self.wanted(subcategory)).await
    }

    /// The values of the facet of this field.
    async fn facet(&self) -> anyhow::Result<Vec<String>> {
        let facets = ListingFacets {
            subcategory: Some(self.subcategory),
            ..none()
        };
        let rows = listing_facets(&*self.market.api, &facets).await?;
        Ok(rows
            .into_iter()
            .filter(|row| row.attribute.as_deref() == Some("finish"))
            .map(|row| row.value)
            .collect())
    }
}

fn none() -> ListingFacets {
    ListingFacets {
        query: None,
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
        min_rating: None,
    }
}

#[tokio::test]
async fn a_field_that_is_no_filter_is_refused_like_an_unknown_one_and_the_change_shows_at_once()
-> anyhow::Result<()> {
    let shelf = Shelf::open().await?;
    let (market, here) = (&shelf.market, Some(shelf.subcategory));
    assert_eq!(
        reason(shelf.search(None).await),
        Reason::SearchAttributeUnknown
    );
    for _ in 0..2 {
        shelf.set(None, true).await?;
        assert_eq!(shelf.search(None).await?.len(), 1);
        assert_eq!(shelf.search(here).await?.len(), 1);
        assert_eq!(shelf.facet().await?, ["matt"]);

        shelf.set(None, false).await?;
        for place in [None, here] {
            let error = shelf.search(place).await.unwrap_err();
            let fault = error.fault().unwrap();
            assert_eq!(
                (fault.reason, fault.detail.as_deref()),
                (Reason::SearchAttributeUnknown, Some("finish"))
            );
        }
        assert!(shelf.facet().await?.is_empty());
        let facets = ListingFacets {
            attributes: Some(json!({ "finish": "matt" })),
            ..none()
        };
        let answer = listing_facets(&*market.api, &facets).await;
        assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
        let saved = SavedSearchCreate {
            attributes: Some(json!({ "finish": "matt" })),
            ..wish(market.seller, "колодки")
        };
        let answer = saved_search_create(&*market.api, &saved).await;
        assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
    }
    Ok(())
}

#[tokio::test]
async fn a_category_decides_for_itself_whether_its_field_is_a_filter() -> anyhow::Result<()> {
    let shelf = Shelf::open().await?;
    let here = Some(shelf.subcategory);
    shelf.set(None, true).await?;
    shelf.set(here, false).await?;
    assert_eq!(
        reason(shelf.search(here).await),
        Reason::SearchAttributeUnknown
    );
    assert!(shelf.facet().await?.is_empty());
    // Elsewhere it is one, and a category that is not there finds nothing, as ever.
    assert_eq!(shelf.search(None).await?.len(), 1);
    assert_eq!(shelf.search(Some(CategoryId(-1))).await?, []);

    shelf.set(None, false).await?;
    shelf.set(here, true).await?;
    assert_eq!(shelf.search(here).await?.len(), 1);
    assert_eq!(shelf.search(None).await?.len(), 1);
    assert_eq!(shelf.facet().await?, ["matt"]);
    Ok(())
}

#[tokio::test]
async fn a_vin_is_nothing_to_search_by() -> anyhow::Result<()> {
    let market = Market::open().await?;
    let search = ListingSearch {
        kind: Some(Kind::Car),
        attributes: Some(json!({ "vin": "XTA210990Y2766389" })),
        ..ANY
    };
    assert_eq!(
        reason(market.search(&search).await),
        Reason::SearchAttributeUnknown
    );
    Ok(())
}
