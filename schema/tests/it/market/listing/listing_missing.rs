//! Extra fields that became required: old listings stay valid, and their people and moderators see what is missing.

use kardan_schema::catalog::{self, AttributeSet};
use kardan_schema::market;
use kardan_schema::{Kind, Reason, Role, Status, ValueType};
use serde_json::json;

use super::{Scene, retitle, search};
use crate::support::reason;

impl Scene {
    /// An administrator makes this extra field of brake pads, required or not.
    async fn ask_for(&self, key: &str, required: bool) -> anyhow::Result<()> {
        let set = AttributeSet {
            actor: self.db.person(Role::Admin).await?,
            kind: Kind::Part,
            category_id: Some(self.category("brake-pads").await?),
            key: key.to_owned(),
            version: None,
            value_type: ValueType::Integer,
            unit: Some("mm".to_owned()),
            label_ru: "Толщина".to_owned(),
            label_en: "Thickness".to_owned(),
            hint_ru: None,
            hint_en: None,
            required,
            minimum: Some(1.0),
            maximum: Some(50.0),
            max_length: None,
            ordinal: 5,
            filterable: true,
            choice_values: Vec::new(),
            choice_labels_ru: Vec::new(),
            choice_labels_en: Vec::new(),
        };
        catalog::attribute_set(&*self.api, &set).await?;
        Ok(())
    }
}

#[tokio::test]
async fn an_old_listing_stays_published_and_is_told_to_lack_the_new_field() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let api = &*scene.api;
    assert_eq!(
        market::listing_missing_list(api, scene.seller, listing).await?,
        []
    );
    scene.ask_for("thickness_mm", true).await?;
    assert!(market::listing_get(api, listing).await?.is_some());
    let moderator = scene.db.person(Role::Moderator).await?;
    for reader in [scene.seller, moderator] {
        let missing = market::listing_missing_list(api, reader, listing).await?;
        assert_eq!(missing.len(), 1);
        assert_eq!(
            (missing[0].key.as_str(), missing[0].label_en.as_str()),
            ("thickness_mm", "Thickness")
        );
    }
    let stranger = scene.db.person(Role::User).await?;
    let answer = market::listing_missing_list(api, stranger, listing).await;
    assert_eq!(reason(answer), Reason::ListingNotYours);

    let incomplete = market::listing_incomplete_list(api, scene.seller, None, None).await?;
    assert_eq!(incomplete.len(), 1);
    assert_eq!(incomplete[0].listing_id, listing);
    assert_eq!(incomplete[0].missing_keys, ["thickness_mm"]);
    assert_eq!(
        market::listing_incomplete_list(api, stranger, None, None).await?,
        []
    );
    scene.ask_for("thickness_mm", false).await?;
    assert_eq!(
        market::listing_incomplete_list(api, scene.seller, None, None).await?,
        []
    );
    Ok(())
}

#[tokio::test]
async fn an_edit_of_an_old_listing_asks_for_the_new_field() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene.ask_for("thickness_mm", true).await?;
    let mut change = retitle(scene.seller, listing);
    let answer = market::listing_update(&*scene.api, &change).await;
    assert_eq!(reason(answer), Reason::AttributeRequired);
    change.attributes = Some(json!({"thickness_mm": 17}));
    market::listing_update(&*scene.api, &change).await?;
    assert_eq!(
        market::listing_incomplete_list(&*scene.api, scene.seller, None, None).await?,
        []
    );
    Ok(())
}

#[tokio::test]
async fn incomplete_listings_of_a_person_and_their_shops_come_in_pages() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (_, _, shops) = scene.shop().await?;
    let mut live = vec![shops];
    for status in [
        Status::Pending,
        Status::Published,
        Status::Reserved,
        Status::Draft,
        Status::Sold,
    ] {
        let listing = scene.listing(status).await?;
        if !matches!(status, Status::Draft | Status::Sold) {
            live.push(listing);
        }
    }
    scene.ask_for("thickness_mm", true).await?;
    live.reverse();
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page =
            market::listing_incomplete_list(&*scene.api, scene.seller, Some(3), after).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.listing_id);
        listed.extend(page.into_iter().map(|one| one.listing_id));
    }
    assert_eq!(listed, live);
    Ok(())
}

#[tokio::test]
async fn a_search_filters_only_by_fields_that_there_are_at_this_moment() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    scene
        .set(
            listing,
            "attributes = '{\"thickness_mm\": 17, \"warranty_days\": 30}'",
        )
        .await?;
    let by = |attributes| search(Some(attributes));
    let asked = json!({"thickness_mm": 17});
    let answer = market::listing_search(&*scene.api, &by(asked.clone())).await;
    assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
    scene.ask_for("thickness_mm", false).await?;
    let found = market::listing_search(&*scene.api, &by(asked.clone())).await?;
    assert_eq!(found.len(), 1);
    // In use, but not meant for filters.
    let answer = market::listing_search(&*scene.api, &by(json!({"warranty_days": 30}))).await;
    assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
    let both = json!({"thickness_mm": 17, "wings": 2});
    let error = market::listing_search(&*scene.api, &by(both))
        .await
        .unwrap_err();
    let fault = error.fault().unwrap();
    assert_eq!(
        (
            fault.reason,
            fault.field.as_deref(),
            fault.detail.as_deref()
        ),
        (
            Reason::SearchAttributeUnknown,
            Some("attributes"),
            Some("wings")
        )
    );
    scene
        .admin
        .execute(
            "update catalog_data.attribute_definitions set archived_at = ops.clock_now() where key = 'thickness_mm'",
            &[],
        )
        .await?;
    let answer = market::listing_search(&*scene.api, &by(asked)).await;
    assert_eq!(reason(answer), Reason::SearchAttributeUnknown);
    Ok(())
}
