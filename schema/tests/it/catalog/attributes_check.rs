//! The step that every listing's extra fields pass.

use kardan_schema::catalog::{self, AttributeSet};
use kardan_schema::{CategoryId, Error, Fault, Kind, Reason, Role, ValueType};
use kardan_testdb::{Database, Session};
use serde_json::{Value, json};

use super::{category, gap, words};

async fn check(
    session: &Session,
    kind: &str,
    category: Option<CategoryId>,
    attributes: Option<&Value>,
) -> Result<(), Error> {
    session
        .query(
            "select catalog.attributes_check($1, $2, $3)",
            &[&kind, &category, &attributes],
        )
        .await?;
    Ok(())
}

async fn fault(
    session: &Session,
    kind: Kind,
    category: Option<CategoryId>,
    attributes: Value,
) -> Fault {
    let answer = check(session, kind.word(), category, Some(&attributes)).await;
    match &answer {
        Err(error) => error.fault().cloned(),
        Ok(()) => None,
    }
    .unwrap_or_else(|| panic!("{attributes} was not refused: {answer:?}"))
}

#[tokio::test]
async fn what_suits_the_fields_passes_and_what_is_not_required_may_be_left_out()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let discs = category(&*session, Kind::Part, "brake-discs").await?;
    for attributes in [
        None,
        Some(json!({})),
        Some(json!({"side": "left", "oem": true, "diameter_mm": 280.5, "donor_vin": "X"})),
        Some(json!({"diameter_mm": 100, "warranty_days": 0})),
        Some(json!({"diameter_mm": 500, "warranty_days": 3650})),
        Some(json!({"donor_vin": "12345678901234567", "warranty_days": 14.0})),
    ] {
        check(&session, "part", Some(discs), attributes.as_ref()).await?;
    }
    check(
        &session,
        "car",
        None,
        Some(&json!({"year": 2012, "mileage_km": 180_000})),
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn each_offence_has_its_reason_and_names_its_field() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let discs = Some(category(&*session, Kind::Part, "brake-discs").await?);
    for (attributes, expected, key) in [
        (json!({"colour": "red"}), Reason::AttributeUnknown, "colour"),
        (json!({"ключ": 1}), Reason::AttributeUnknown, "ключ"),
        (json!({"side": 1}), Reason::AttributeType, "side"),
        (json!({"side": null}), Reason::AttributeType, "side"),
        (json!({"oem": "true"}), Reason::AttributeType, "oem"),
        (json!({"oem": 1}), Reason::AttributeType, "oem"),
        (
            json!({"warranty_days": 1.5}),
            Reason::AttributeType,
            "warranty_days",
        ),
        (
            json!({"warranty_days": "14"}),
            Reason::AttributeType,
            "warranty_days",
        ),
        (
            json!({"diameter_mm": [280]}),
            Reason::AttributeType,
            "diameter_mm",
        ),
        (json!({"donor_vin": 5}), Reason::AttributeType, "donor_vin"),
        (json!({"donor_vin": {}}), Reason::AttributeType, "donor_vin"),
        (
            json!({"warranty_days": -1}),
            Reason::AttributeRange,
            "warranty_days",
        ),
        (
            json!({"warranty_days": 3651}),
            Reason::AttributeRange,
            "warranty_days",
        ),
        (
            json!({"diameter_mm": 99.999}),
            Reason::AttributeRange,
            "diameter_mm",
        ),
        (
            json!({"diameter_mm": 1e300}),
            Reason::AttributeRange,
            "diameter_mm",
        ),
        (
            json!({"donor_vin": "  "}),
            Reason::AttributeRange,
            "donor_vin",
        ),
        (
            json!({"donor_vin": "123456789012345678"}),
            Reason::AttributeRange,
            "donor_vin",
        ),
        (json!({"side": "middle"}), Reason::AttributeChoice, "side"),
        (json!({"side": "Left"}), Reason::AttributeChoice, "side"),
        (json!({"side": ""}), Reason::AttributeChoice, "side"),
    ] {
        let fault = fault(&session, Kind::Part, discs, attributes.clone()).await;
        assert_eq!(fault.reason, expected, "{attributes}");
        assert_eq!(fault.field.as_deref(), Some(key), "{attributes}");
        assert_eq!(fault.detail.as_deref(), Some(key), "{attributes}");
    }
    let fault = fault(&session, Kind::Car, None, json!({"year": 2012})).await;
    assert_eq!(
        (fault.reason, fault.field.as_deref()),
        (Reason::AttributeRequired, Some("mileage_km"))
    );
    Ok(())
}

#[tokio::test]
async fn only_an_object_holds_fields_and_only_of_a_kind_that_exists() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    for attributes in [json!([]), json!("side"), json!(5), json!(null)] {
        let fault = fault(&session, Kind::Part, None, attributes).await;
        assert_eq!(fault.reason, Reason::AttributesNotObject);
    }
    let answer = check(&session, "boat", None, None).await.unwrap_err();
    assert_eq!(answer.reason(), Some(Reason::KindUnknown));
    Ok(())
}

#[tokio::test]
async fn a_subcategory_has_the_fields_of_its_category_and_the_narrower_ones_rule()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let oils = category(&*session, Kind::Part, "engine-oils").await?;
    let needed = fault(
        &session,
        Kind::Part,
        Some(oils),
        json!({"viscosity": "5w-30"}),
    )
    .await;
    assert_eq!(
        (needed.reason, needed.field.as_deref()),
        (Reason::AttributeRequired, Some("volume_l"))
    );
    // A motorcycle's body is of other choices than a car's.
    let motor = category(&*session, Kind::Car, "motor-vehicles").await?;
    let row = session
        .query_one(
            "select min(c.id) from catalog_data.categories as c where c.parent_id = $1",
            &[&motor],
        )
        .await?;
    let scooter: CategoryId = row.get(0);
    for (category, body, suits) in [
        (None, "sedan", true),
        (None, "chopper", false),
        (Some(motor), "sedan", false),
        (Some(motor), "chopper", true),
        (Some(scooter), "sedan", false),
        (Some(scooter), "chopper", true),
    ] {
        let attributes = json!({"year": 2012, "mileage_km": 0, "body": body});
        let answer = check(&session, "car", category, Some(&attributes)).await;
        assert_eq!(answer.is_ok(), suits, "{category:?} {body}: {answer:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_check_follows_what_administrators_change() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let session = db.superuser().await?;
    let empty = json!({});
    let known = json!({"gap_mm": 1});
    check(&session, "part", None, Some(&empty)).await?;
    let required = AttributeSet {
        required: true,
        ..gap(admin)
    };
    let made = catalog::attribute_set(&*session, &required).await?;
    check(&session, "part", None, Some(&known)).await?;
    let missing = fault(&session, Kind::Part, None, empty.clone()).await;
    assert_eq!(missing.reason, Reason::AttributeRequired);
    catalog::attribute_archive(&*session, admin, made.attribute_id, None).await?;
    check(&session, "part", None, Some(&empty)).await?;
    let unknown = fault(&session, Kind::Part, None, known).await;
    assert_eq!(unknown.reason, Reason::AttributeUnknown);
    Ok(())
}

#[tokio::test]
async fn a_field_without_bounds_still_has_the_widest_ones() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let session = db.superuser().await?;
    let number = AttributeSet {
        minimum: None,
        maximum: None,
        ..gap(admin)
    };
    catalog::attribute_set(&*session, &number).await?;
    let text = AttributeSet {
        key: "words".to_owned(),
        value_type: ValueType::Text,
        ..number.clone()
    };
    catalog::attribute_set(&*session, &text).await?;
    let choice = AttributeSet {
        key: "one_of".to_owned(),
        value_type: ValueType::Choice,
        choice_values: words(&["5w-30"]),
        choice_labels_ru: words(&["5W-30"]),
        choice_labels_en: words(&["5W-30"]),
        ..number
    };
    catalog::attribute_set(&*session, &choice).await?;
    let widest = json!({"gap_mm": -1e15, "words": "ж".repeat(500), "one_of": "5w-30"});
    check(&session, "part", None, Some(&widest)).await?;
    for odd in [json!({"gap_mm": 1.1e15}), json!({"words": "ж".repeat(501)})] {
        let fault = fault(&session, Kind::Part, None, odd).await;
        assert_eq!(fault.reason, Reason::AttributeRange);
    }
    Ok(())
}
