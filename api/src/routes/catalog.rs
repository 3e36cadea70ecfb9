//! The catalogue as everybody reads it. It changes rarely, so a replica serves it.

use axum::extract::State;
use kardan_schema::catalog::{
    self, Attribute, Brand, Category, Engine, Generation, Make, Model, PartAnalogue, Place, VinHint,
};
use kardan_schema::{BrandId, CategoryId, Kind, MakeId, ModelId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::{Json, Page, Result};
use crate::app::App;
use crate::extract::{Ask, At, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        category_list => "catalog.category_list";
        attribute_list => "catalog.attribute_list";
        brand_search => "catalog.brand_search";
        make_list => "catalog.make_list";
        model_list => "catalog.model_list";
        generation_list => "catalog.generation_list";
        engine_list => "catalog.engine_list";
        place_list => "catalog.place_list";
        part_analogues => "catalog.part_analogues";
        vin_decode => "catalog.vin_decode";
    );
}

/// Which kind of listing.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct KindAsk {
    /// What is for sale.
    kind: Kind,
}

/// Categories and subcategories of a kind of listing, each category before its subcategories.
#[utoipa::path(get, path = "/v1/catalog/categories", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<Category>)))]
async fn category_list(
    State(app): State<App>,
    Ask(ask): Ask<KindAsk>,
) -> Result<Json<Page<Category>>> {
    Ok(Page::whole(
        catalog::category_list(&app.read().await?, ask.kind).await?,
    ))
}

/// Which extra fields.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AttributeAsk {
    /// What is for sale.
    kind: Kind,
    /// The category; without it, the fields of the kind alone.
    category_id: Option<CategoryId>,
}

/// Extra fields of a kind and category.
#[utoipa::path(get, path = "/v1/catalog/attributes", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<Attribute>)))]
async fn attribute_list(
    State(app): State<App>,
    Ask(AttributeAsk { kind, category_id }): Ask<AttributeAsk>,
) -> Result<Json<Page<Attribute>>> {
    let db = app.read().await?;
    Ok(Page::whole(
        catalog::attribute_list(&db, kind, category_id).await?,
    ))
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct NameAsk {
    /// A part of the name.
    query: Option<String>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
}

impl NameAsk {
    fn read(&self) -> Result<(Option<&str>, Option<i32>)> {
        let (limit, _) = page::<i64>(self.limit, None)?;
        Ok((self.query.as_deref(), Some(limit)))
    }
}

/// Brands by any of their spellings, the nearest first.
#[utoipa::path(get, path = "/v1/catalog/brands", tag = "catalog",
    responses((status = 200, description = "The nearest.", body = Page<Brand>)))]
async fn brand_search(State(app): State<App>, Ask(ask): Ask<NameAsk>) -> Result<Json<Page<Brand>>> {
    let (query, limit) = ask.read()?;
    Ok(Page::whole(
        catalog::brand_search(&app.read().await?, query, limit).await?,
    ))
}

/// Makes of vehicles by name.
#[utoipa::path(get, path = "/v1/catalog/makes", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<Make>)))]
async fn make_list(State(app): State<App>) -> Result<Json<Page<Make>>> {
    Ok(Page::whole(catalog::make_list(&app.read().await?).await?))
}

/// Models of a make by name.
#[utoipa::path(get, path = "/v1/catalog/makes/{make_id}/models", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<Model>)))]
async fn model_list(State(app): State<App>, At(make): At<MakeId>) -> Result<Json<Page<Model>>> {
    Ok(Page::whole(
        catalog::model_list(&app.read().await?, make).await?,
    ))
}

/// Generations of a model, the oldest first.
#[utoipa::path(get, path = "/v1/catalog/models/{model_id}/generations", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<Generation>)))]
async fn generation_list(
    State(app): State<App>,
    At(model): At<ModelId>,
) -> Result<Json<Page<Generation>>> {
    Ok(Page::whole(
        catalog::generation_list(&app.read().await?, model).await?,
    ))
}

/// Engines of a make by code.
#[utoipa::path(get, path = "/v1/catalog/makes/{make_id}/engines", tag = "catalog",
    responses((status = 200, description = "All of them.", body = Page<Engine>)))]
async fn engine_list(State(app): State<App>, At(make): At<MakeId>) -> Result<Json<Page<Engine>>> {
    Ok(Page::whole(
        catalog::engine_list(&app.read().await?, make).await?,
    ))
}

/// Towns by the beginning of a name in Russian or English, mistypings forgiven; without a query the largest.
#[utoipa::path(get, path = "/v1/catalog/places", tag = "catalog",
    responses((status = 200, description = "The nearest.", body = Page<Place>)))]
async fn place_list(State(app): State<App>, Ask(ask): Ask<NameAsk>) -> Result<Json<Page<Place>>> {
    let (query, limit) = ask.read()?;
    Ok(Page::whole(
        catalog::place_list(&app.read().await?, query, limit).await?,
    ))
}

/// Which part.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AnalogueAsk {
    /// Its number in any spelling.
    number: String,
    /// Its brand; without it, any that has the number.
    brand_id: Option<BrandId>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
}

/// Numbers that stand for a part number, the surest first.
#[utoipa::path(get, path = "/v1/catalog/analogues", tag = "catalog",
    responses((status = 200, description = "The surest.", body = Page<PartAnalogue>)))]
async fn part_analogues(
    State(app): State<App>,
    Ask(ask): Ask<AnalogueAsk>,
) -> Result<Json<Page<PartAnalogue>>> {
    let (limit, _) = page::<i64>(ask.limit, None)?;
    let db = app.read().await?;
    let rows = catalog::part_analogues(&db, ask.brand_id, &ask.number, Some(limit)).await?;
    Ok(Page::whole(rows))
}

/// What a VIN in any spelling tells. Every row is a hint with its reason; nothing is kept.
#[utoipa::path(get, path = "/v1/vins/{vin}", tag = "catalog",
    responses((status = 200, description = "The hints.", body = Page<VinHint>)))]
async fn vin_decode(State(app): State<App>, At(vin): At<String>) -> Result<Json<Page<VinHint>>> {
    Ok(Page::whole(
        catalog::vin_decode(&app.read().await?, &vin).await?,
    ))
}
