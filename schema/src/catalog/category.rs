//! What is sold is sorted by: categories of two levels.

use crate::{CategoryId, Kind};

row! {
    /// A category or subcategory.
    pub struct Category {
        /// Its number.
        pub category_id: CategoryId,
        /// The category that it is in; none for the first level.
        pub parent_id: Option<CategoryId>,
        /// What is sold in it.
        pub kind: Kind,
        /// Its name in addresses.
        pub slug: String,
        /// Its Russian name.
        pub name_ru: String,
        /// Its English name.
        pub name_en: String,
    }
}

entries! {
    "catalog";

    /// Categories of a kind in use, each before its subcategories.
    fn category_list(kind: Kind) -> many<Category>;
}
