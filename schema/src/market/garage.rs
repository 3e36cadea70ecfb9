//! Vehicles that a person saved, and what fits them.

use chrono::{DateTime, Utc};

use serde_json::Value;

use super::FoundListing;
use crate::{
    BrandId, CategoryId, Condition, GenerationId, Kind, ListingId, MakeId, ModelId, PlaceId, Sort,
    UserId,
};

row! {
    /// A vehicle in a person's garage. `generation_id` and `year` suit the filters of a search.
    pub struct GarageVehicle {
        /// Its number.
        pub vehicle_id: i64,
        /// What its owner calls it.
        pub name: String,
        /// Its VIN; none when it was chosen without one.
        pub vin: Option<String>,
        /// The make; none when the VIN does not tell it.
        pub make_id: Option<MakeId>,
        /// The make's name.
        pub make_name: Option<String>,
        /// The model.
        pub model_id: Option<ModelId>,
        /// The model's name.
        pub model_name: Option<String>,
        /// The generation of the model.
        pub generation_id: Option<GenerationId>,
        /// The generation's name.
        pub generation_name: Option<String>,
        /// The engine.
        pub engine_id: Option<i64>,
        /// The engine's code.
        pub engine_code: Option<String>,
        /// The model year.
        pub year: Option<i32>,
        /// Whether it is the usual one; exactly one is.
        pub is_default: bool,
        /// When it was saved.
        pub created_at: DateTime<Utc>,
        /// When it last changed.
        pub updated_at: DateTime<Utc>,
        /// Its version, to name in the next change.
        pub version: i32,
    }

    /// A generation that a vehicle may be.
    pub struct GenerationCandidate {
        /// The generation.
        pub generation_id: GenerationId,
        /// The make's name.
        pub make_name: String,
        /// The model.
        pub model_id: ModelId,
        /// The model's name.
        pub model_name: String,
        /// The generation's name.
        pub generation_name: String,
        /// The first year in which it was made.
        pub year_from: i32,
        /// The last one; none while it is still made.
        pub year_to: Option<i32>,
        /// The body that most of them have, such as `sedan`.
        pub body: String,
    }

    /// What is left after a vehicle was taken out.
    pub struct GarageRemoved {
        /// The vehicle that is gone.
        pub vehicle_id: i64,
        /// The usual one now; none when the garage is empty.
        pub default_vehicle_id: Option<i64>,
    }
}

entries! {
    "market";

    /// Saves a vehicle, by its VIN or by what is chosen of it.
    fn garage_add[GarageAdd](
        /// The acting person.
        actor: UserId,
        /// What to call it, at most 60 characters; none: a name is made up.
        name: Option<String>,
        /// Its VIN in any spelling.
        vin: Option<String>,
        /// The make.
        make: Option<MakeId>,
        /// The model.
        model: Option<ModelId>,
        /// The generation of the model.
        generation: Option<GenerationId>,
        /// The engine.
        engine: Option<i64>,
        /// The model year.
        year: Option<i32>,
        /// Whether it becomes the usual one; the first does in any case.
        is_default: Option<bool>,
    ) -> one<GarageVehicle>;

    /// The person's vehicles, the usual one first.
    fn garage_list(actor: UserId) -> many<GarageVehicle>;

    /// Describes a vehicle anew, as a whole.
    fn garage_update[GarageUpdate](
        /// The acting person.
        actor: UserId,
        /// The vehicle.
        vehicle: i64,
        /// The version that was read; none compares nothing.
        version: Option<i32>,
        /// What to call it; none: a name is made up.
        name: Option<String>,
        /// Its VIN.
        vin: Option<String>,
        /// The make.
        make: Option<MakeId>,
        /// The model.
        model: Option<ModelId>,
        /// The generation of the model.
        generation: Option<GenerationId>,
        /// The engine.
        engine: Option<i64>,
        /// The model year.
        year: Option<i32>,
        /// True makes it the usual one; otherwise nothing changes.
        is_default: Option<bool>,
    ) -> one<GarageVehicle>;

    /// The generations that a vehicle may be, by what was chosen of it and what its VIN hints.
    fn garage_generation_list[GarageGenerationList](
        /// The acting person.
        actor: UserId,
        /// The vehicle.
        vehicle: i64,
        /// Rows of a page, at most 100; none means 20.
        limit: Option<i32>,
        /// `generation_id` of the last row before this page.
        after: Option<GenerationId>,
    ) -> many<GenerationCandidate>;

    /// Finds published listings that fit a vehicle of the garage; otherwise as `listing_search`.
    fn garage_search[GarageSearch](
        /// The acting person.
        actor: UserId,
        /// The vehicle; none: the usual one.
        vehicle: Option<i64>,
        /// Words in Russian or English, or a part number in any spelling.
        query: Option<String>,
        /// What is for sale.
        kind: Option<Kind>,
        /// The category.
        category: Option<CategoryId>,
        /// The subcategory.
        subcategory: Option<CategoryId>,
        /// The brand.
        brand: Option<BrandId>,
        /// The place of sale.
        place: Option<PlaceId>,
        /// The state of the thing.
        condition: Option<Condition>,
        /// The least price of a piece in hundredths of the currency.
        price_min: Option<i64>,
        /// The highest price of a piece in hundredths of the currency.
        price_max: Option<i64>,
        /// The currency; when prices are asked about and none is given, roubles.
        currency: Option<String>,
        /// True leaves out what cannot be bought now.
        in_stock: Option<bool>,
        /// Extra fields and their values.
        attributes: Option<Value>,
        /// The order; by relevance when none is given, which without a query is the newest first.
        sort: Option<Sort>,
        /// Rows of a page, at most 100; none means 20.
        limit: Option<i32>,
        /// `page_key` of the last row before this page.
        after_key: Option<i64>,
        /// `listing_id` of the last row before this page.
        after_id: Option<ListingId>,
    ) -> many<FoundListing>;

    /// Takes a vehicle out of the garage.
    fn garage_remove(actor: UserId, vehicle: i64) -> one<GarageRemoved>;
}
