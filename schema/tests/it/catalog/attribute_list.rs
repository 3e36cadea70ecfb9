//! Reading the extra fields.

use kardan_schema::catalog::{self, AttributeSet};
use kardan_schema::{CategoryId, Kind, Reason, Role, ValueType};
use kardan_testdb::Database;

use super::{category, gap};
use crate::support::reason;

#[tokio::test]
async fn a_subcategory_has_its_own_fields_first_then_its_categorys_then_the_kinds()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        let oils = category(&*session, Kind::Part, "engine-oils").await?;
        let fields = catalog::attribute_list(&*session, Kind::Part, Some(oils)).await?;
        let keys: Vec<_> = fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "viscosity",
                "oil_base",
                "approvals",
                "volume_l",
                "side",
                "position",
                "oem",
                "warranty_days",
                "donor_vin"
            ]
        );
        assert_eq!(fields[0].category_id, Some(oils));
        assert_ne!(fields[3].category_id, Some(oils));
        assert_eq!(fields[8].category_id, None);
        assert_eq!(
            (fields[3].value_type, fields[3].required, fields[3].minimum),
            (ValueType::Number, true, Some(0.01))
        );
    }
    Ok(())
}

#[tokio::test]
async fn choices_come_in_their_order_with_both_labels_and_other_fields_have_none()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let fields = catalog::attribute_list(&*api, Kind::Part, None).await?;
    let side = fields.iter().find(|field| field.key == "side").unwrap();
    assert_eq!(side.choice_values, ["left", "right", "both"]);
    assert_eq!(side.choice_labels_ru, ["Левая", "Правая", "Обе"]);
    assert_eq!(side.choice_labels_en, ["Left", "Right", "Both"]);
    for field in fields {
        assert_eq!(
            field.choice_values.is_empty(),
            field.value_type != ValueType::Choice,
            "{}",
            field.key
        );
        assert_eq!(field.category_id, None);
    }
    Ok(())
}

#[tokio::test]
async fn the_field_of_a_narrower_category_stands_in_for_the_wider_one() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let discs = category(&*api, Kind::Part, "brake-discs").await?;
    catalog::attribute_set(&*api, &gap(admin)).await?;
    let own = AttributeSet {
        category_id: Some(discs),
        label_en: "Own gap".to_owned(),
        ..gap(admin)
    };
    catalog::attribute_set(&*api, &own).await?;
    for (category_id, label) in [(None, "Gap"), (Some(discs), "Own gap")] {
        let fields = catalog::attribute_list(&*api, Kind::Part, category_id).await?;
        let labels: Vec<_> = fields
            .iter()
            .filter(|field| field.key == "gap_mm")
            .map(|field| field.label_en.as_str())
            .collect();
        assert_eq!(labels, [label]);
    }
    Ok(())
}

#[tokio::test]
async fn a_category_of_another_kind_or_none_at_all_is_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let discs = category(&*api, Kind::Part, "brake-discs").await?;
    for (kind, id) in [(Kind::Car, discs), (Kind::Part, CategoryId(-1))] {
        assert_eq!(
            reason(catalog::attribute_list(&*api, kind, Some(id)).await),
            Reason::CategoryUnknown
        );
    }
    Ok(())
}
