//! Extra fields of listings, by kind and category.

use crate::{AttributeId, CategoryId, Kind, UserId, ValueType};

row! {
    /// An extra field that a listing of a kind and category has.
    pub struct Attribute {
        /// Its number.
        pub attribute_id: AttributeId,
        /// The category that it is of; none for a field of the whole kind.
        pub category_id: Option<CategoryId>,
        /// The key under which a listing holds the value.
        pub key: String,
        /// What it holds.
        pub value_type: ValueType,
        /// The unit of a number, such as `mm`.
        pub unit: Option<String>,
        /// Its Russian label.
        pub label_ru: String,
        /// Its English label.
        pub label_en: String,
        /// A Russian hint.
        pub hint_ru: Option<String>,
        /// An English hint.
        pub hint_en: Option<String>,
        /// Whether a listing must have it.
        pub required: bool,
        /// The least number.
        pub minimum: Option<f64>,
        /// The greatest number.
        pub maximum: Option<f64>,
        /// The longest text, in characters; none means 500.
        pub max_length: Option<i32>,
        /// Its place among the fields of its category.
        pub ordinal: i32,
        /// Whether a search offers it as a filter.
        pub filterable: bool,
        /// The version to change it by.
        pub version: i32,
        /// The choices as listings hold them; empty unless it is a choice.
        pub choice_values: Vec<String>,
        /// Their Russian labels, in the same order.
        pub choice_labels_ru: Vec<String>,
        /// Their English labels, in the same order.
        pub choice_labels_en: Vec<String>,
    }

    /// What became of a change of an extra field.
    pub struct AttributeChanged {
        /// The field.
        pub attribute_id: AttributeId,
        /// Its version now.
        pub version: i32,
        /// False when it was so already.
        pub changed: bool,
    }
}

entries! {
    "catalog";

    /// Fields of a kind and category, those of the category first; no category means the kind alone.
    fn attribute_list(kind: Kind, category_id: Option<CategoryId>) -> many<Attribute>;

    /// Makes a field, changes it, or brings it back into use.
    fn attribute_set[AttributeSet](
        /// The acting administrator.
        actor: UserId,
        /// The kind of listing that has it.
        kind: Kind,
        /// The category that has it; none means the whole kind.
        category_id: Option<CategoryId>,
        /// The key under which a listing holds the value.
        key: String,
        /// The version that was read; none for a new field, or to compare nothing.
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
        required: bool,
        /// The least number.
        minimum: Option<f64>,
        /// The greatest number.
        maximum: Option<f64>,
        /// The longest text, in characters; none means 500.
        max_length: Option<i32>,
        /// Its place among the fields of its category.
        ordinal: i32,
        /// Whether a search offers it as a filter.
        filterable: bool,
        /// The choices as listings hold them; empty unless it is a choice.
        choice_values: Vec<String>,
        /// Their Russian labels, in the same order.
        choice_labels_ru: Vec<String>,
        /// Their English labels, in the same order.
        choice_labels_en: Vec<String>,
    ) -> one<AttributeChanged>;

    /// Takes a field out of use; listings keep their values.
    fn attribute_archive(actor: UserId, id: AttributeId, version: Option<i32>) -> one<AttributeChanged>;
}
