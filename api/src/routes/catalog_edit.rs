//! What moderators and administrators change in the catalogue.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::catalog::{
    self, AttributeChanged, AttributeSet, BrandCreate, BrandCreated, PartCross, PartCrossAdd,
    PartCrossAdded, PartCrossList, PartCrossRemoved,
};
use kardan_schema::{
    AttributeId, BrandId, BrandKind, CategoryId, Kind, PartRelation, UserId, ValueType,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{Administer, Moderate};
use crate::extract::{Ask, At, Body, IfMatch, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        brand_create => "catalog.brand_create";
        part_cross_add => "catalog.part_cross_add";
        part_cross_list => "catalog.part_cross_list";
        part_cross_remove => "catalog.part_cross_remove";
        attribute_set => "catalog.attribute_set";
        attribute_archive => "catalog.attribute_archive";
    );
}

/// A brand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BrandWish {
    /// Its name in addresses; a repeat is known by it.
    slug: String,
    /// Its own name.
    name: String,
    /// ISO 3166 code of its country, if known.
    country: Option<String>,
    /// What it makes.
    kind: BrandKind,
    /// Other spellings.
    #[serde(default)]
    synonyms: Vec<String>,
}

/// Add a brand, or new spellings to one that is there. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/catalog/brands", tag = "catalog",
    responses((status = 200, description = "The brand.", body = BrandCreated)))]
async fn brand_create(
    State(app): State<App>,
    Moderate(me): Moderate,
    Body(wish): Body<BrandWish>,
) -> Result<Json<BrandCreated>> {
    let BrandWish {
        slug,
        name,
        country,
        kind,
        synonyms,
    } = wish;
    let wish = BrandCreate {
        actor: me.user,
        slug,
        name,
        country,
        kind,
        synonyms,
    };
    Ok(Json(
        catalog::brand_create(&app.write().await?, &wish).await?,
    ))
}

/// A cross reference of two part numbers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CrossWish {
    /// Brand of the first number.
    from_brand_id: BrandId,
    /// The first number.
    from_number: String,
    /// Brand of the second number.
    to_brand_id: BrandId,
    /// The second number.
    to_number: String,
    /// How they belong together.
    relation: PartRelation,
    /// Where it is known from.
    source: String,
    /// How sure it is, above 0 to 1.
    confidence: f64,
}

impl CrossWish {
    fn of(self, actor: UserId) -> PartCrossAdd {
        PartCrossAdd {
            actor,
            from_brand_id: self.from_brand_id,
            from_number: self.from_number,
            to_brand_id: self.to_brand_id,
            to_number: self.to_number,
            relation: self.relation,
            source: self.source,
            confidence: self.confidence,
        }
    }
}

/// Add a cross reference, or change how sure it is. Doing it again changes nothing.
#[utoipa::path(post, path = "/v1/catalog/crosses", tag = "catalog",
    responses((status = 200, description = "The cross reference.", body = PartCrossAdded)))]
async fn part_cross_add(
    State(app): State<App>,
    Moderate(me): Moderate,
    Body(wish): Body<CrossWish>,
) -> Result<Json<PartCrossAdded>> {
    let wish = wish.of(me.user);
    Ok(Json(
        catalog::part_cross_add(&app.write().await?, &wish).await?,
    ))
}

/// Which cross references.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CrossAsk {
    /// A part number in any spelling; without it, all.
    number: Option<String>,
    /// The brand that has the number; without it, any.
    brand_id: Option<BrandId>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// Cross references as each source gives them, the newest first.
#[utoipa::path(get, path = "/v1/catalog/crosses", tag = "catalog",
    responses((status = 200, description = "A part of the list.", body = Page<PartCross>)))]
async fn part_cross_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<CrossAsk>,
) -> Result<Page<PartCross>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = PartCrossList {
        actor: me.user,
        brand_id: ask.brand_id,
        number: ask.number,
        limit: Some(limit),
        after,
    };
    let rows = catalog::part_cross_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.part_cross_id))
}

/// Take a cross reference away; what other sources say stays.
#[utoipa::path(delete, path = "/v1/catalog/crosses/{part_cross_id}", tag = "catalog",
    responses((status = 200, description = "The one that is gone.", body = PartCrossRemoved)))]
async fn part_cross_remove(
    State(app): State<App>,
    Moderate(me): Moderate,
    At(cross): At<i64>,
) -> Result<Json<PartCrossRemoved>> {
    Ok(Json(
        catalog::part_cross_remove(&app.write().await?, me.user, cross).await?,
    ))
}

/// An extra field.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AttributeWish {
    /// The kind of listing that has it.
    kind: Kind,
    /// The category that has it; without it, the whole kind.
    category_id: Option<CategoryId>,
    /// The version that was read; none for a new field.
    version: Option<i32>,
    /// What it holds; stays what it was made with.
    value_type: ValueType,
    /// The unit of a number, such as `mm`.
    unit: Option<String>,
    /// Its Russian label.
    label_ru: String,
    /// Its English label.
    label_en: String,
    /// A Russian hint.
    hint_ru: Option<String>,
    /// An English hint.
    hint_en: Option<String>,
    /// Whether a listing must have it.
    #[serde(default)]
    required: bool,
    /// The least number.
    minimum: Option<f64>,
    /// The greatest number.
    maximum: Option<f64>,
    /// The longest text, in characters.
    max_length: Option<i32>,
    /// Its place among the fields of its category.
    #[serde(default)]
    ordinal: i32,
    /// Whether a search offers it as a filter.
    #[serde(default)]
    filterable: bool,
    /// The choices; none unless it is a choice.
    #[serde(default)]
    choices: Vec<Choice>,
}

/// A choice of an extra field.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Choice {
    /// As listings hold it.
    value: String,
    /// Its Russian label.
    label_ru: String,
    /// Its English label.
    label_en: String,
}

impl AttributeWish {
    fn of(self, actor: UserId, key: String) -> AttributeSet {
        let column =
            |field: fn(&Choice) -> &String| self.choices.iter().map(field).cloned().collect();
        AttributeSet {
            actor,
            key,
            choice_values: column(|choice| &choice.value),
            choice_labels_ru: column(|choice| &choice.label_ru),
            choice_labels_en: column(|choice| &choice.label_en),
            kind: self.kind,
            category_id: self.category_id,
            version: self.version,
            value_type: self.value_type,
            unit: self.unit,
            label_ru: self.label_ru,
            label_en: self.label_en,
            hint_ru: self.hint_ru,
            hint_en: self.hint_en,
            required: self.required,
            minimum: self.minimum,
            maximum: self.maximum,
            max_length: self.max_length,
            ordinal: self.ordinal,
            filterable: self.filterable,
        }
    }
}

/// Make an extra field, change it, or bring it back into use. The version stands in the body, for a field is known by
/// kind, category and key together and may not be there yet.
#[utoipa::path(put, path = "/v1/catalog/attributes/by-key/{key}", tag = "catalog",
    responses((status = 200, description = "What became of it.", body = AttributeChanged)))]
async fn attribute_set(
    State(app): State<App>,
    Administer(me): Administer,
    At(key): At<String>,
    Body(wish): Body<AttributeWish>,
) -> Result<Response> {
    let wish = wish.of(me.user, key);
    let row = catalog::attribute_set(&app.write().await?, &wish).await?;
    Ok(versioned(row.version, &row))
}

/// Take an extra field out of use; listings keep their values.
#[utoipa::path(delete, path = "/v1/catalog/attributes/{attribute_id}", tag = "catalog",
    responses((status = 200, description = "What became of it.", body = AttributeChanged)))]
async fn attribute_archive(
    State(app): State<App>,
    Administer(me): Administer,
    At(attribute): At<AttributeId>,
    IfMatch(version): IfMatch,
) -> Result<Response> {
    let db = app.write().await?;
    let row = catalog::attribute_archive(&db, me.user, attribute, version).await?;
    Ok(versioned(row.version, &row))
}
