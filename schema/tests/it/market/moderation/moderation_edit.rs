//! A moderator's edits.

use kardan_schema::market::{self, ModerationEdit};
use kardan_schema::{BrandId, CategoryId, Condition, Kind, ModerationItemId, Reason, UserId};

use super::Desk;
use crate::support::reason;

fn untouched(actor: UserId, item: ModerationItemId) -> ModerationEdit {
    ModerationEdit {
        actor,
        item,
        version: None,
        title: None,
        description: None,
        category: None,
        subcategory: None,
        brand: None,
        part_number: None,
        condition: None,
        attributes: None,
    }
}

/// A category and subcategory of this kind, not the one of the fixture.
async fn pair(desk: &Desk, kind: Kind) -> anyhow::Result<(CategoryId, CategoryId)> {
    let row = desk
        .db
        .superuser()
        .await?
        .query_one(
            "select c.parent_id, c.id from catalog_data.categories as c
             where c.kind = $1 and c.parent_id is not null order by c.id desc limit 1",
            &[&kind],
        )
        .await?;
    Ok((row.get(0), row.get(1)))
}

#[tokio::test]
async fn the_author_sees_from_what_to_what_the_moderator_changed_the_listing() -> anyhow::Result<()>
{
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let (category, subcategory) = pair(&desk, Kind::Part).await?;
    let brand: BrandId = desk
        .db
        .superuser()
        .await?
        .query_one(
            "select b.id from catalog_data.brands as b where b.slug = 'bosch'",
            &[],
        )
        .await?
        .get(0);
    let edit = ModerationEdit {
        version: Some(1),
        title: Some("Колодки передние".to_owned()),
        category: Some(category),
        subcategory: Some(subcategory),
        brand: Some(brand),
        condition: Some(Condition::Used),
        ..untouched(desk.moderator, item)
    };
    let edited = market::moderation_edit(&*desk.api, &edit).await?;
    assert_eq!(
        (edited.item_id, edited.listing_id, edited.version),
        (item, listing, 2)
    );
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!(card.title, "Колодки передние");
    assert_eq!(
        (card.category_id, card.subcategory_id),
        (category, subcategory)
    );
    assert_eq!(
        (card.brand_id, card.brand_label.as_str()),
        (Some(brand), "Bosch")
    );
    assert_eq!(
        (card.condition, card.part_number.as_str()),
        (Condition::Used, "06D 115-562")
    );
    assert_eq!(card.edits, edited.edits);
    assert_eq!(edited.edits["title"]["from"], "Колодки тормозные передние");
    assert_eq!(edited.edits["title"]["to"], "Колодки передние");
    assert_eq!(edited.edits["brand_id"]["from"], serde_json::Value::Null);
    assert_eq!(edited.edits["brand_id"]["to"], brand.0);
    assert!(
        edited.edits.get("part_number").is_none(),
        "{}",
        edited.edits
    );

    // The second edit goes on from the first, and what is back at the author's words is told no more.
    let back = ModerationEdit {
        version: Some(2),
        title: Some("Колодки тормозные передние".to_owned()),
        brand: Some(BrandId(0)),
        condition: Some(Condition::Rebuilt),
        ..untouched(desk.moderator, item)
    };
    let edited = market::moderation_edit(&*desk.api, &back).await?;
    assert!(edited.edits.get("title").is_none() && edited.edits.get("brand_id").is_none());
    assert_eq!(edited.edits["condition"]["from"], "new");
    assert_eq!(edited.edits["condition"]["to"], "rebuilt");
    let card = market::moderation_card(&*desk.api, desk.moderator, item).await?;
    assert_eq!((card.brand_id, card.brand_label.as_str()), (None, ""));
    assert_eq!(
        desk.audited(listing).await?,
        ["moderation.edit", "moderation.edit"]
    );
    Ok(())
}

#[tokio::test]
async fn an_edit_that_is_so_already_changes_nothing_whatever_version_is_given() -> anyhow::Result<()>
{
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let edit = ModerationEdit {
        version: Some(1),
        description: Some("Новые, в упаковке".to_owned()),
        ..untouched(desk.moderator, item)
    };
    let first = market::moderation_edit(&*desk.api, &edit).await?;
    assert_eq!(market::moderation_edit(&*desk.api, &edit).await?, first);
    assert_eq!(desk.audited(listing).await?, ["moderation.edit"]);
    let stale = ModerationEdit {
        description: Some("Иначе".to_owned()),
        ..edit
    };
    assert_eq!(
        reason(market::moderation_edit(&*desk.api, &stale).await),
        Reason::VersionStale
    );
    Ok(())
}

#[tokio::test]
async fn an_edit_obeys_the_rules_of_listings() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    let base = || untouched(desk.moderator, item);
    let (car, car_kind) = pair(&desk, Kind::Car).await?;
    let (_, other) = pair(&desk, Kind::Part).await?;
    let wrong = [
        (
            ModerationEdit {
                title: Some("ab".to_owned()),
                ..base()
            },
            Reason::ListingTitleLength,
        ),
        (
            ModerationEdit {
                description: Some("x".repeat(8001)),
                ..base()
            },
            Reason::ListingDescriptionLength,
        ),
        (
            ModerationEdit {
                part_number: Some("1".repeat(65)),
                ..base()
            },
            Reason::ListingPartNumberLength,
        ),
        (
            ModerationEdit {
                brand: Some(BrandId(-1)),
                ..base()
            },
            Reason::ListingBrandKnown,
        ),
        (
            ModerationEdit {
                subcategory: Some(other),
                ..base()
            },
            Reason::ListingCategoryPair,
        ),
        (
            ModerationEdit {
                category: Some(car),
                subcategory: Some(car_kind),
                ..base()
            },
            Reason::ListingCategoryOfKind,
        ),
        (
            ModerationEdit {
                attributes: Some(serde_json::json!({"nonsense": 1})),
                ..base()
            },
            Reason::AttributeUnknown,
        ),
        (
            ModerationEdit {
                attributes: Some(serde_json::json!([])),
                ..base()
            },
            Reason::AttributesNotObject,
        ),
    ];
    for (edit, expected) in wrong {
        let answer = market::moderation_edit(&*desk.api, &edit).await;
        assert_eq!(reason(answer), expected, "{edit:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_edit_moves_nothing_into_a_category_out_of_use() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (_, item) = desk.claimed().await?;
    let (category, subcategory) = pair(&desk, Kind::Part).await?;
    desk.db
        .superuser()
        .await?
        .execute(
            "update catalog_data.categories set archived_at = ops.clock_now() where id = $1",
            &[&subcategory],
        )
        .await?;
    let edit = ModerationEdit {
        category: Some(category),
        subcategory: Some(subcategory),
        ..untouched(desk.moderator, item)
    };
    let answer = market::moderation_edit(&*desk.api, &edit).await;
    assert_eq!(reason(answer), Reason::ListingCategoryClosed);
    Ok(())
}

#[tokio::test]
async fn an_edit_needs_a_moderator_with_a_live_claim_who_does_not_own_it() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.submitted().await?;
    let titled = |actor| ModerationEdit {
        title: Some("Другое название".to_owned()),
        ..untouched(actor, item)
    };
    let stranger = market::moderation_edit(&*desk.api, &titled(desk.author)).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let unclaimed = market::moderation_edit(&*desk.api, &titled(desk.moderator)).await;
    assert_eq!(reason(unclaimed), Reason::ClaimRequired);
    market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    market::moderation_edit(&*desk.api, &titled(desk.moderator)).await?;
    market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    let late = market::moderation_edit(&*desk.api, &titled(desk.moderator)).await;
    assert_eq!(reason(late), Reason::ModerationDecided);
    desk.to_shop_of(listing, desk.moderator).await?;
    let own = market::moderation_edit(&*desk.api, &titled(desk.moderator)).await;
    assert_eq!(reason(own), Reason::ModerationOwnListing);
    Ok(())
}

#[tokio::test]
async fn every_field_that_a_moderator_can_change_is_told_to_the_author() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    let (category, subcategory) = pair(&desk, Kind::Part).await?;
    let before = market::listing_view(&*desk.api, desk.author, listing)
        .await?
        .unwrap();
    let edit = ModerationEdit {
        actor: desk.moderator,
        item,
        version: None,
        title: Some("Колодки передние".to_owned()),
        description: Some("Новые, в упаковке".to_owned()),
        category: Some(category),
        subcategory: Some(subcategory),
        brand: Some(BrandId(1)),
        part_number: Some("04465-33471".to_owned()),
        condition: Some(Condition::Used),
        attributes: Some(serde_json::json!({"side": "left"})),
    };
    market::moderation_edit(&*desk.api, &edit).await?;
    let told = |from: serde_json::Value, to: serde_json::Value| serde_json::json!({"from": from, "to": to});
    let expected = serde_json::json!({
        "title": told(before.title.into(), "Колодки передние".into()),
        "description": told(before.description.into(), "Новые, в упаковке".into()),
        "category_id": told(before.category_id.0.into(), category.0.into()),
        "subcategory_id": told(before.subcategory_id.0.into(), subcategory.0.into()),
        "brand_id": told(serde_json::Value::Null, 1.into()),
        "part_number": told(before.part_number.into(), "04465-33471".into()),
        "condition": told("new".into(), "used".into()),
        "attributes": told(before.attributes, serde_json::json!({"side": "left"})),
    });
    let inside = market::listing_view(&*desk.api, desk.author, listing)
        .await?
        .unwrap();
    assert_eq!(inside.moderator_edits, Some(expected.clone()));
    // The decision does not take it away.
    market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    let inside = market::listing_view(&*desk.api, desk.author, listing)
        .await?
        .unwrap();
    assert_eq!(inside.moderator_edits, Some(expected));
    Ok(())
}
