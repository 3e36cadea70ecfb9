//! Vehicles: makes, their models with generations, their engines.

use crate::{GenerationId, MakeId, ModelId};

row! {
    /// A make.
    pub struct Make {
        /// Its number.
        pub make_id: MakeId,
        /// Its name in addresses.
        pub slug: String,
        /// Its own name.
        pub name: String,
        /// Its name as Russians write it.
        pub name_ru: String,
        /// ISO 3166 code of its country.
        pub country: String,
    }

    /// A model with the years in which any of its generations was made.
    pub struct Model {
        /// Its number.
        pub model_id: ModelId,
        /// Its name in addresses, unique within the make.
        pub slug: String,
        /// Its own name.
        pub name: String,
        /// Its name as Russians write it.
        pub name_ru: String,
        /// The first year; none when no generation is known.
        pub year_from: Option<i32>,
        /// The last year; none while it is made.
        pub year_to: Option<i32>,
    }

    /// A generation of a model.
    pub struct Generation {
        /// Its number.
        pub generation_id: GenerationId,
        /// Its name in addresses, unique within the model.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// The first year.
        pub year_from: i32,
        /// The last year; none while it is made.
        pub year_to: Option<i32>,
        /// The body that most of them have, such as `sedan`.
        pub body: String,
    }

    /// An engine.
    pub struct Engine {
        /// Its number.
        pub engine_id: i64,
        /// The maker's code.
        pub code: String,
        /// Cubic centimetres; none for an electric motor.
        pub displacement_cc: Option<i32>,
        /// `petrol`, `diesel`, `hybrid`, `electric` or `gas`.
        pub fuel: String,
        /// Kilowatts of the commonest version.
        pub power_kw: i32,
    }
}

entries! {
    "catalog";

    /// Makes by name.
    fn make_list() -> many<Make>;

    /// Models of a make by name.
    fn model_list(make_id: MakeId) -> many<Model>;

    /// Generations of a model, the oldest first.
    fn generation_list(model_id: ModelId) -> many<Generation>;

    /// Engines of a make by code.
    fn engine_list(make_id: MakeId) -> many<Engine>;
}
