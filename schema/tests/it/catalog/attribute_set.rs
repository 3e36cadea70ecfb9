//! Making and changing an extra field.

use kardan_schema::catalog::{self, Attribute, AttributeSet};
use kardan_schema::{Db, Error, Kind, Reason, Role, UserId, ValueType};
use kardan_testdb::Database;

use super::{acts, category, gap, words};
use crate::locks::{backend, until_blocked};
use crate::support::reason;

async fn listed(db: &impl Db) -> anyhow::Result<Option<Attribute>> {
    let fields = catalog::attribute_list(db, Kind::Part, None).await?;
    Ok(fields.into_iter().find(|field| field.key == "gap_mm"))
}

fn labelled(admin: UserId, version: Option<i32>, label: &str) -> AttributeSet {
    AttributeSet {
        version,
        label_en: label.to_owned(),
        ..gap(admin)
    }
}

#[tokio::test]
async fn a_new_field_is_listed_as_it_was_asked_for() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let made = catalog::attribute_set(&*api, &gap(admin)).await?;
    assert_eq!((made.version, made.changed), (1, true));
    let field = listed(&*api).await?.unwrap();
    assert_eq!(
        field,
        Attribute {
            attribute_id: made.attribute_id,
            category_id: None,
            key: "gap_mm".to_owned(),
            value_type: ValueType::Number,
            unit: Some("mm".to_owned()),
            label_ru: "Зазор".to_owned(),
            label_en: "Gap".to_owned(),
            hint_ru: None,
            hint_en: None,
            required: false,
            minimum: Some(0.1),
            maximum: Some(2.5),
            max_length: None,
            ordinal: 900,
            filterable: true,
            version: 1,
            choice_values: Vec::new(),
            choice_labels_ru: Vec::new(),
            choice_labels_en: Vec::new(),
        }
    );
    assert_eq!(acts(&db, "attribute.set").await?, 1);
    Ok(())
}

#[tokio::test]
async fn asking_for_what_is_already_changes_nothing_whatever_the_version() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let made = catalog::attribute_set(&*api, &gap(admin)).await?;
    for version in [None, Some(1), Some(7)] {
        let again = catalog::attribute_set(&*api, &labelled(admin, version, "Gap")).await?;
        assert_eq!(
            (again.attribute_id, again.version, again.changed),
            (made.attribute_id, 1, false)
        );
    }
    assert_eq!(acts(&db, "attribute.set").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_change_counts_the_version_and_an_older_one_is_stale() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    catalog::attribute_set(&*api, &gap(admin)).await?;
    let changed = catalog::attribute_set(&*api, &labelled(admin, Some(1), "Wide gap")).await?;
    assert_eq!((changed.version, changed.changed), (2, true));
    for version in [1, 3] {
        let answer = catalog::attribute_set(&*api, &labelled(admin, Some(version), "No")).await;
        assert!(
            matches!(&answer, Err(Error::Stale(fault)) if fault.reason == Reason::VersionStale),
            "{answer:?}"
        );
    }
    let field = listed(&*api).await?.unwrap();
    assert_eq!((field.label_en.as_str(), field.version), ("Wide gap", 2));
    assert_eq!(acts(&db, "attribute.set").await?, 2);
    Ok(())
}

#[tokio::test]
async fn choices_are_replaced_by_exactly_the_given_ones() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let of = |values: &[&str]| AttributeSet {
        value_type: ValueType::Choice,
        unit: None,
        minimum: None,
        maximum: None,
        choice_values: words(values),
        choice_labels_ru: words(values),
        choice_labels_en: words(values),
        ..gap(admin)
    };
    for (version, values) in [
        (1, ["small", "middle", "large"].as_slice()),
        (2, &["large", "huge"]),
        (3, &["huge", "large"]),
    ] {
        let set = catalog::attribute_set(&*api, &of(values)).await?;
        assert_eq!((set.version, set.changed), (version, true));
        let field = listed(&*api).await?.unwrap();
        assert_eq!(field.choice_values, values);
        assert_eq!(field.choice_labels_ru, values);
    }
    let again = catalog::attribute_set(&*api, &of(&["huge", "large"])).await?;
    assert_eq!((again.version, again.changed), (3, false));
    Ok(())
}

#[tokio::test]
async fn an_archived_field_comes_back_with_its_next_version() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let made = catalog::attribute_set(&*api, &gap(admin)).await?;
    catalog::attribute_archive(&*api, admin, made.attribute_id, Some(1)).await?;
    assert_eq!(listed(&*api).await?, None);
    let back = catalog::attribute_set(&*api, &labelled(admin, Some(2), "Gap")).await?;
    assert_eq!(
        (back.attribute_id, back.version, back.changed),
        (made.attribute_id, 3, true)
    );
    assert!(listed(&*api).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_field_that_is_not_there_has_no_version_and_one_that_is_keeps_its_type()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(catalog::attribute_set(&*api, &labelled(admin, Some(1), "Gap")).await),
        Reason::AttributeNotFound
    );
    catalog::attribute_set(&*api, &gap(admin)).await?;
    let whole = AttributeSet {
        value_type: ValueType::Integer,
        ..gap(admin)
    };
    assert_eq!(
        reason(catalog::attribute_set(&*api, &whole).await),
        Reason::AttributeTypeFixed
    );
    Ok(())
}

#[tokio::test]
async fn what_a_field_is_made_of_has_a_shape() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    let wish = || gap(admin);
    let text = || AttributeSet {
        value_type: ValueType::Text,
        minimum: None,
        maximum: None,
        ..gap(admin)
    };
    let choice = |values: &[&str], ru: &[&str], en: &[&str]| AttributeSet {
        value_type: ValueType::Choice,
        choice_values: words(values),
        choice_labels_ru: words(ru),
        choice_labels_en: words(en),
        ..text()
    };
    let many: Vec<_> = (0..201).map(|n| format!("v{n}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let discs = category(&*api, Kind::Part, "brake-discs").await?;
    #[rustfmt::skip]
    let cases = [
        (Reason::AttributeCategoryOfKind, AttributeSet { kind: Kind::Car, category_id: Some(discs), ..wish() }),
        (Reason::AttributeKeyShape, AttributeSet { key: "Gap".to_owned(), ..wish() }),
        (Reason::AttributeKeyShape, AttributeSet { key: String::new(), ..wish() }),
        (Reason::AttributeKeyShape, AttributeSet { key: "g".repeat(41), ..wish() }),
        (Reason::AttributeLabelFilled, AttributeSet { label_ru: "  ".to_owned(), ..wish() }),
        (Reason::AttributeLabelFilled, AttributeSet { label_en: "g".repeat(81), ..wish() }),
        (Reason::AttributeHintShort, AttributeSet { hint_ru: Some("g".repeat(301)), ..wish() }),
        (Reason::AttributeUnitShort, AttributeSet { unit: Some("g".repeat(21)), ..wish() }),
        (Reason::AttributeBoundsOrdered, AttributeSet { minimum: Some(2.6), ..wish() }),
        (Reason::AttributeBoundsSensible, AttributeSet { maximum: Some(1e16), ..wish() }),
        (Reason::AttributeBoundsSensible, AttributeSet { maximum: Some(f64::NAN), ..wish() }),
        (Reason::AttributeBoundsSensible, AttributeSet { minimum: Some(f64::NEG_INFINITY), ..wish() }),
        (Reason::AttributeBoundsOfNumber, AttributeSet { minimum: Some(1.0), ..text() }),
        (Reason::AttributeLengthOfText, AttributeSet { max_length: Some(0), ..text() }),
        (Reason::AttributeLengthOfText, AttributeSet { max_length: Some(2001), ..text() }),
        (Reason::AttributeLengthOfText, AttributeSet { max_length: Some(10), ..wish() }),
        (Reason::AttributeChoicesUneven, choice(&[], &[], &[])),
        (Reason::AttributeChoicesUneven, choice(&["a", "b"], &["A"], &["A", "B"])),
        (Reason::AttributeChoicesUneven, choice(&["a", "b"], &["A", "B"], &["A"])),
        (Reason::AttributeChoicesUneven, choice(&["a", "a"], &["A", "B"], &["A", "B"])),
        (Reason::AttributeChoicesUneven, choice(&many, &many, &many)),
        (Reason::AttributeChoicesUneven, AttributeSet { value_type: ValueType::Text, ..choice(&["a"], &["A"], &["A"]) }),
        (Reason::AttributeChoicesUneven, AttributeSet { value_type: ValueType::Text, ..choice(&many, &many, &many) }),
        (Reason::AttributeChoiceValueShape, choice(&["A"], &["A"], &["A"])),
        (Reason::AttributeChoiceLabelFilled, choice(&["a"], &[" "], &["A"])),
    ];
    for (expected, odd) in cases {
        let answer = catalog::attribute_set(&*api, &odd).await;
        assert_eq!(reason(answer), expected, "{odd:?}");
    }
    // Nothing of a refused field stays, and the widest that is allowed passes.
    assert_eq!(listed(&*api).await?, None);
    catalog::attribute_set(&*api, &choice(&many[..200], &many[..200], &many[..200])).await?;
    Ok(())
}

#[tokio::test]
async fn words_that_no_program_of_ours_sends_are_refused_all_the_same() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let api = db.as_role("kardan_api").await?;
    for (kind, value_type, expected) in [
        ("boat", "text", Reason::KindUnknown),
        ("part", "colour", Reason::AttributeTypeKnown),
    ] {
        let answer = api
            .query(
                "select from catalog.attribute_set(
                     $1, $2, null, 'gap_mm', null, $3, null, 'Зазор', 'Gap', null, null, false,
                     null, null, null, 10, false, null, null, null)",
                &[&admin, &kind, &value_type],
            )
            .await
            .map_err(Error::from);
        assert_eq!(reason(answer), expected);
    }
    Ok(())
}

#[tokio::test]
async fn only_an_administrator_sets_fields() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        for person in [Role::User, Role::Moderator] {
            let actor = db.person(person).await?;
            assert_eq!(
                reason(catalog::attribute_set(&*session, &gap(actor)).await),
                Reason::RoleRequired
            );
        }
        assert_eq!(
            reason(catalog::attribute_set(&*session, &gap(UserId(-1))).await),
            Reason::ActorUnknown
        );
    }
    Ok(())
}

#[tokio::test]
async fn of_two_who_change_the_same_version_at_once_the_second_is_stale() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.person(Role::Admin).await?;
    let mut first = db.as_role("kardan_api").await?;
    let second = db.as_role("kardan_api").await?;
    catalog::attribute_set(&*first, &gap(admin)).await?;
    let waiting = backend(&second).await?;
    let tx = first.transaction().await?;
    catalog::attribute_set(&tx, &labelled(admin, Some(1), "First")).await?;
    let other = tokio::spawn(async move {
        catalog::attribute_set(&*second, &labelled(admin, Some(1), "Second")).await
    });
    until_blocked(&db, waiting).await?;
    tx.commit().await?;
    assert_eq!(reason(other.await?), Reason::VersionStale);
    let field = listed(&*first).await?.unwrap();
    assert_eq!((field.label_en.as_str(), field.version), ("First", 2));
    Ok(())
}

#[tokio::test]
async fn of_two_who_make_the_same_field_at_once_the_second_does_not_overwrite() -> anyhow::Result<()>
{
    for is_committed in [true, false] {
        let db = Database::create().await?;
        let admin = db.person(Role::Admin).await?;
        let mut first = db.as_role("kardan_api").await?;
        let second = db.as_role("kardan_api").await?;
        let waiting = backend(&second).await?;
        let tx = first.transaction().await?;
        catalog::attribute_set(&tx, &labelled(admin, None, "First")).await?;
        let other = tokio::spawn(async move {
            catalog::attribute_set(&*second, &labelled(admin, None, "Second")).await
        });
        until_blocked(&db, waiting).await?;
        let label = if is_committed {
            tx.commit().await?;
            assert_eq!(reason(other.await?), Reason::AttributeKeyTaken);
            "First"
        } else {
            tx.rollback().await?;
            assert_eq!(other.await??.version, 1);
            "Second"
        };
        assert_eq!(listed(&*first).await?.unwrap().label_en, label);
    }
    Ok(())
}
