//! What everybody sells is described by: categories, extra fields, brands, part numbers, vehicles, places.

mod attribute_archive;
mod attribute_list;
mod attribute_set;
mod attributes_check;
mod brand_create;
mod brand_resolve;
mod brand_search;
mod category_list;
mod engine_list;
mod generation_list;
mod make_list;
mod model_list;
mod part_analogues;
mod part_cross_add;
mod part_cross_list;
mod part_number_expand;
mod part_number_normalise;
mod place_list;
mod starting_data;
mod vin_decode;

use kardan_schema::catalog::{self, AttributeSet, BrandCreate, PartCrossAdd};
use kardan_schema::{
    BrandId, BrandKind, CategoryId, Db, Kind, MakeId, PartRelation, UserId, ValueType,
};
use kardan_testdb::{Database, Session};

/// A category of the starting catalogue.
async fn category(db: &impl Db, kind: Kind, slug: &str) -> anyhow::Result<CategoryId> {
    let listed = catalog::category_list(db, kind).await?;
    Ok(listed
        .iter()
        .find(|category| category.slug == slug)
        .unwrap()
        .category_id)
}

/// A make of the starting catalogue.
async fn make(db: &impl Db, slug: &str) -> anyhow::Result<MakeId> {
    let listed = catalog::make_list(db).await?;
    Ok(listed
        .iter()
        .find(|make| make.slug == slug)
        .unwrap()
        .make_id)
}

/// A brand that only this test knows.
async fn brand(db: &impl Db, moderator: UserId, name: &str) -> anyhow::Result<BrandId> {
    let wish = BrandCreate {
        actor: moderator,
        slug: name.to_lowercase(),
        name: name.to_owned(),
        country: None,
        kind: BrandKind::Part,
        synonyms: Vec::new(),
    };
    Ok(catalog::brand_create(db, &wish).await?.brand_id)
}

/// An analogue: a part number of one brand and one of another.
fn cross(
    moderator: UserId,
    from: (BrandId, &str),
    to: (BrandId, &str),
    confidence: f64,
) -> PartCrossAdd {
    PartCrossAdd {
        actor: moderator,
        from_brand_id: from.0,
        from_number: from.1.to_owned(),
        to_brand_id: to.0,
        to_number: to.1.to_owned(),
        relation: PartRelation::Aftermarket,
        source: "test".to_owned(),
        confidence,
    }
}

/// A new field of parts, a number of millimetres.
fn gap(admin: UserId) -> AttributeSet {
    AttributeSet {
        actor: admin,
        kind: Kind::Part,
        category_id: None,
        key: "gap_mm".to_owned(),
        version: None,
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
        choice_values: Vec::new(),
        choice_labels_ru: Vec::new(),
        choice_labels_en: Vec::new(),
    }
}

/// The same words as owned ones.
fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// How many acts of this name are recorded.
async fn acts(db: &Database, action: &str) -> anyhow::Result<i64> {
    let session: Session = db.superuser().await?;
    let row = session
        .query_one(
            "select count(*) from ops_data.audit as a where a.action = $1",
            &[&action],
        )
        .await?;
    Ok(row.get(0))
}
