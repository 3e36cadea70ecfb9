//! Makers of parts and vehicles by any of their spellings.

use crate::{BrandId, BrandKind, UserId};

row! {
    /// A brand that a search found.
    pub struct Brand {
        /// Its number.
        pub brand_id: BrandId,
        /// Its name in addresses.
        pub slug: String,
        /// Its own name.
        pub name: String,
        /// ISO 3166 code of its country; none when not known.
        pub country: Option<String>,
        /// What it makes.
        pub kind: BrandKind,
        /// The spelling by which it was found.
        pub synonym: String,
        /// How near the spelling is: 2 and more for an exact one, 1 and more for a beginning, below 1 for a likeness.
        pub score: f32,
    }

    /// What became of the wish for a brand.
    pub struct BrandCreated {
        /// Its number.
        pub brand_id: BrandId,
        /// Whether it is new; false when it was there already.
        pub created: bool,
    }
}

entries! {
    "catalog";

    /// The nearest brands; without a query by name. `limit` is 1 to 100, none means 20.
    fn brand_search(query: Option<&str>, limit: Option<i32>) -> many<Brand>;

    /// Adds a brand, or new spellings to one that is there.
    fn brand_create[BrandCreate](
        /// The acting moderator.
        actor: UserId,
        /// Its name in addresses; a repeat is known by it.
        slug: String,
        /// Its own name.
        name: String,
        /// ISO 3166 code of its country, if known.
        country: Option<String>,
        /// What it makes.
        kind: BrandKind,
        /// Other spellings; a spelling belongs to one brand.
        synonyms: Vec<String>,
    ) -> one<BrandCreated>;
}
