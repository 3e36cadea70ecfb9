//! What a vehicle identification number tells.

use crate::MakeId;

row! {
    /// One thing that a VIN tells: a hint with its reason, never a fact.
    pub struct VinHint {
        /// The VIN in its one spelling.
        pub vin: String,
        /// `region`, `country`, `maker`, `make`, `check_digit` or `model_year`; a model year may come twice.
        pub field: String,
        /// The value; none when it is not known. A country is its ISO 3166 code.
        pub value: Option<String>,
        /// `high`, `medium` or `low`.
        pub certainty: String,
        /// The code of the reason.
        pub reason: String,
        /// The reason in English.
        pub reason_en: String,
        /// The reason in Russian.
        pub reason_ru: String,
        /// The make of the catalogue; none for other fields.
        pub make_id: Option<MakeId>,
    }
}

entries! {
    "catalog";

    /// What a VIN in any spelling tells.
    fn vin_decode(vin: &str) -> many<VinHint>;
}
