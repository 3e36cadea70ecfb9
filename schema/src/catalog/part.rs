//! The graph of part numbers that fit the same place.

use chrono::{DateTime, Utc};

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

    /// A cross reference as one source gives it.
    pub struct PartCross {
        /// Its number.
        pub part_cross_id: i64,
        /// Brand of the first number.
        pub from_brand_id: BrandId,
        /// That brand's name.
        pub from_brand_name: String,
        /// The first number.
        pub from_number: String,
        /// Brand of the second number.
        pub to_brand_id: BrandId,
        /// That brand's name.
        pub to_brand_name: String,
        /// The second number.
        pub to_number: String,
        /// How they belong together.
        pub relation: PartRelation,
        /// Where it is known from.
        pub source: String,
        /// How sure this source is, above 0 to 1.
        pub confidence: f64,
        /// When it was added.
        pub created_at: DateTime<Utc>,
    }

    /// A cross reference that is gone.
    pub struct PartCrossRemoved {
        /// Its number.
        pub part_cross_id: i64,
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

    /// The cross references of a number in any spelling, the newest first; without a number all.
    fn part_cross_list[PartCrossList](
        /// The acting moderator.
        actor: UserId,
        /// The brand that has the number; none: any.
        brand_id: Option<BrandId>,
        /// The number; none: all cross references.
        number: Option<String>,
        /// How many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The last cross reference of the part before.
        after: Option<i64>,
    ) -> many<PartCross>;

    /// Takes a cross reference away.
    fn part_cross_remove(actor: UserId, part_cross: i64) -> one<PartCrossRemoved>;

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
