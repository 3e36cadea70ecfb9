//! People who look: around, for something, at something.

pub mod browse {
    //! Looks around in a category, goes on a page, opens what they see.

    use serde_json::Value;

    use super::super::{numbers, with};
    use crate::visit::{Ask, Ended, Walk};

    steps! { Browse;
        CATEGORIES = "categories", GET "/v1/catalog/categories", [];
        NEWEST = "newest", GET "/v1/listings", [];
        MORE = "next page", GET "/v1/listings", [];
        PAGE = "page", GET "/v1/listings/{listing_id}", ["thing_unknown"];
    }

    pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
        let kind = walk.visit.good.kind.clone();
        let path = with("/v1/catalog/categories", &[("kind", &kind)]);
        walk.call(&CATEGORIES, Ask::path(path)).await?;
        let category = walk.visit.good.category.to_string();
        let pairs = [
            ("kind", kind.as_str()),
            ("category_id", &category),
            ("sort", "new"),
        ];
        let answer = walk
            .call(&NEWEST, Ask::path(with("/v1/listings", &pairs)))
            .await?;
        let mut list = answer.json();
        let goes_on = walk.visit.rng.permille(400);
        if let (true, Some(cursor)) = (goes_on, list.get("next").and_then(Value::as_str)) {
            let pairs = [pairs.as_slice(), &[("cursor", cursor)]].concat();
            let path = with("/v1/listings", &pairs);
            list = walk.call(&MORE, Ask::path(path)).await?.json();
        }
        if let Some(id) = walk.visit.rng.pick(&numbers(&list, "listing_id")) {
            walk.call(&PAGE, Ask::path(format!("/v1/listings/{id}")))
                .await?;
        }
        Ok(())
    }
}

pub mod search {
    //! Types words, looks at what is found, narrows it down, opens something.

    use super::super::{numbers, with};
    use crate::visit::{Ask, Ended, Walk};
    use crate::words;

    steps! { Search;
        SUGGEST = "suggestions", GET "/v1/search/suggestions", [];
        FIND = "results", GET "/v1/listings", [];
        FACETS = "facets", GET "/v1/listings/facets", [];
        NARROW = "in a place", GET "/v1/listings", [];
        PAGE = "page", GET "/v1/listings/{listing_id}", ["thing_unknown"];
    }

    pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
        let query = walk.visit.query.clone();
        let typed = words::beginning(&mut walk.visit.rng, &query);
        let path = with("/v1/search/suggestions", &[("query", &typed)]);
        walk.call(&SUGGEST, Ask::path(path)).await?;
        let path = with("/v1/listings", &[("query", &query)]);
        let mut found = numbers(
            &walk.call(&FIND, Ask::path(path)).await?.json(),
            "listing_id",
        );
        if walk.visit.rng.permille(350) {
            let path = with("/v1/listings/facets", &[("query", &query)]);
            walk.call(&FACETS, Ask::path(path)).await?;
            let place = walk.visit.good.place.to_string();
            let path = with("/v1/listings", &[("query", &query), ("place_id", &place)]);
            let narrowed = walk.call(&NARROW, Ask::path(path)).await?.json();
            found.extend(numbers(&narrowed, "listing_id"));
        }
        // Most people open what stands first.
        let first = found.len().min(5);
        if let Some(id) = walk.visit.rng.pick(found.get(..first).unwrap_or_default()) {
            walk.call(&PAGE, Ask::path(format!("/v1/listings/{id}")))
                .await?;
        }
        Ok(())
    }
}

pub mod open {
    //! Opens a listing by its address and looks at everything that belongs to it.

    use serde_json::Value;

    use crate::visit::{Ask, Ended, Walk};

    steps! { Open;
        PAGE = "page", GET "/v1/listings/{listing_id}", ["thing_unknown"];
        VIEW = "seen", POST "/v1/listings/{listing_id}/views", [];
        PHOTOS = "photos", GET "/v1/listings/{listing_id}/photos", ["listing_unknown", "thing_unknown"];
        FITMENTS = "fits", GET "/v1/listings/{listing_id}/fitments", ["listing_unknown", "thing_unknown"];
        SHOP = "rating of the shop", GET "/v1/shops/{shop_id}/rating", [];
        SELLER = "rating of the seller", GET "/v1/users/{user_id}/rating", [];
    }

    pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
        let path = format!("/v1/listings/{}", walk.visit.good.id);
        let page = walk.call(&PAGE, Ask::path(&path)).await?.json();
        walk.call(&VIEW, Ask::path(format!("{path}/views"))).await?;
        walk.call(&PHOTOS, Ask::path(format!("{path}/photos")))
            .await?;
        walk.call(&FITMENTS, Ask::path(format!("{path}/fitments")))
            .await?;
        if let Some(shop) = page.get("seller_shop_id").and_then(Value::as_i64) {
            walk.call(&SHOP, Ask::path(format!("/v1/shops/{shop}/rating")))
                .await?;
        } else if let Some(seller) = page.get("seller_user_id").and_then(Value::as_i64) {
            walk.call(&SELLER, Ask::path(format!("/v1/users/{seller}/rating")))
                .await?;
        }
        Ok(())
    }
}
