//! The acting person's saved vehicles. Their VINs are personal: nobody else's route shows them, and no log line does.

use axum::extract::State;
use axum::response::Response;
use kardan_schema::market::{
    self, GarageAdd, GarageGenerationList, GarageRemoved, GarageUpdate, GarageVehicle,
    GenerationCandidate,
};
use kardan_schema::{GenerationId, MakeId, ModelId, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, versioned};
use crate::app::App;
use crate::auth::{Read, Write};
use crate::extract::{Ask, At, Body, IfMatch, Once, page};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        garage_list => "market.garage_list";
        garage_add => "market.garage_add", "ops.idempotency_begin", "ops.idempotency_finish";
        garage_update => "market.garage_update";
        garage_remove => "market.garage_remove";
        garage_generation_list => "market.garage_generation_list";
    );
}

/// My vehicles, the usual one first. Their `generation_id` and `year` suit the filters of `GET /v1/listings`.
#[utoipa::path(get, path = "/v1/me/garage", tag = "me",
    responses((status = 200, description = "All of them.", body = Page<GarageVehicle>)))]
async fn garage_list(State(app): State<App>, Read(me): Read) -> Result<Json<Page<GarageVehicle>>> {
    Ok(Page::whole(
        market::garage_list(&app.write().await?, me.user).await?,
    ))
}

/// A vehicle: by its VIN, by what is chosen of it, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GarageWish {
    /// What to call it, at most 60 characters; without it, a name is made up.
    name: Option<String>,
    /// Its VIN in any spelling; fills in make and model year where it tells them.
    vin: Option<String>,
    /// The make.
    make_id: Option<MakeId>,
    /// The model; brings its make.
    model_id: Option<ModelId>,
    /// The generation; brings its model.
    generation_id: Option<GenerationId>,
    /// The engine.
    engine_id: Option<i64>,
    /// The model year.
    year: Option<i32>,
    /// True makes it the usual one; the first is in any case.
    is_default: Option<bool>,
}

impl GarageWish {
    fn add(self, actor: UserId) -> GarageAdd {
        GarageAdd {
            actor,
            name: self.name,
            vin: self.vin,
            make: self.make_id,
            model: self.model_id,
            generation: self.generation_id,
            engine: self.engine_id,
            year: self.year,
            is_default: self.is_default,
        }
    }

    fn update(self, actor: UserId, vehicle: i64, version: Option<i32>) -> GarageUpdate {
        GarageUpdate {
            actor,
            vehicle,
            version,
            name: self.name,
            vin: self.vin,
            make: self.make_id,
            model: self.model_id,
            generation: self.generation_id,
            engine: self.engine_id,
            year: self.year,
            is_default: self.is_default,
        }
    }
}

/// Save a vehicle; a garage holds 20.
#[utoipa::path(post, path = "/v1/me/garage", tag = "me",
    responses((status = 201, description = "The vehicle.", body = GarageVehicle)))]
async fn garage_add(State(app): State<App>, Write(me): Write, wish: Once<GarageWish>) -> Result {
    let (wish, repeat) = wish.split();
    let wish = wish.add(me.user);
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::garage_add(tx, &wish).await }),
            |_| None,
        )
        .await
}

/// Describe a vehicle anew, as a whole: what is left out is none.
#[utoipa::path(put, path = "/v1/me/garage/{vehicle_id}", tag = "me",
    responses((status = 200, description = "The vehicle as it is now.", body = GarageVehicle)))]
async fn garage_update(
    State(app): State<App>,
    Write(me): Write,
    At(vehicle): At<i64>,
    IfMatch(version): IfMatch,
    Body(wish): Body<GarageWish>,
) -> Result<Response> {
    let wish = wish.update(me.user, vehicle, version);
    let row = market::garage_update(&app.write().await?, &wish).await?;
    Ok(versioned(row.version, &row))
}

/// Take a vehicle out.
#[utoipa::path(delete, path = "/v1/me/garage/{vehicle_id}", tag = "me",
    responses((status = 200, description = "What is left.", body = GarageRemoved)))]
async fn garage_remove(
    State(app): State<App>,
    Write(me): Write,
    At(vehicle): At<i64>,
) -> Result<Json<GarageRemoved>> {
    Ok(Json(
        market::garage_remove(&app.write().await?, me.user, vehicle).await?,
    ))
}

/// How much of a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CandidatesAsk {
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the list goes on.
    cursor: Option<String>,
}

/// The generations that a vehicle may be, by what was chosen of it and what its VIN hints: choose one, and what fits it
/// can be found.
#[utoipa::path(get, path = "/v1/me/garage/{vehicle_id}/generations", tag = "me",
    responses((status = 200, description = "A part of the list.", body = Page<GenerationCandidate>)))]
async fn garage_generation_list(
    State(app): State<App>,
    Read(me): Read,
    At(vehicle): At<i64>,
    Ask(ask): Ask<CandidatesAsk>,
) -> Result<Page<GenerationCandidate>> {
    let (limit, after) = page::<i64>(ask.limit, ask.cursor.as_deref())?;
    let list = GarageGenerationList {
        actor: me.user,
        vehicle,
        limit: Some(limit),
        after: after.map(GenerationId),
    };
    let rows = market::garage_generation_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.generation_id.0))
}
