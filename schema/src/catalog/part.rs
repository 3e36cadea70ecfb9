//! The graph of part numbers that fit the same place.

use crate::{BrandId, PartRelation, UserId};

row! {
    /// A number that stands for another.
    pub struct PartAnalogue {
        /// Its brand.
        pub brand_id: BrandId,
        /// The brand's name in addresses.
        pub brand_slug: String,
        /// The brand's name.
        pub brand_name: String,
        /// The number as its maker writes it.
        pub number: String,
        /// The number in the one spelling that numbers are compared in.
        pub number_norm: String,
        /// Cross references between the two, 1 to 3.
        pub hops: i32,
        /// How sure it is, above 0 to 1: the product along the way.
        pub confidence: f64,
    }

    /// What became of the wish for a cross reference.
    pub struct PartCrossAdded {
        /// Its number.
        pub part_cross_id: i64,
        /// Whether it is new; false when it was there already.
        pub created: bool,
    }
}

entries! {
    "catalog";

    /// Analogues of a number in any spelling, the surest first; no brand means any that has the number. `limit` is 1 to
    /// 100, none means 20.
    fn part_analogues(brand_id: Option<BrandId>, number: &str, limit: Option<i32>) -> many<PartAnalogue>;

    /// Adds a cross reference, or changes how sure it is.
    fn part_cross_add[PartCrossAdd](
        /// The acting moderator.
        actor: UserId,
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
        /// How sure it is, above 0 to 1, kept to three digits.
        confidence: f64,
    ) -> one<PartCrossAdded>;
}
