//! Towns where things are sold.

use crate::PlaceId;

row! {
    /// A town.
    pub struct Place {
        /// Its number.
        pub place_id: PlaceId,
        /// Its name in addresses.
        pub slug: String,
        /// Its Russian name.
        pub name_ru: String,
        /// Its English name.
        pub name_en: String,
        /// The Russian name of its region.
        pub region_ru: String,
        /// The English name of its region.
        pub region_en: String,
        /// People, rounded.
        pub population: i32,
    }
}

entries! {
    "catalog";

    /// Towns by the beginning of a name in either language; without a query the largest. `limit` is 1 to 100, none
    /// means 20.
    fn place_list(query: Option<&str>, limit: Option<i32>) -> many<Place>;
}
