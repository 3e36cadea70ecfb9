//! Bindings of the domain `catalog`: categories, extra fields, brands, part numbers, vehicles, places.

mod attribute;
mod brand;
mod category;
mod part;
mod place;
mod vehicle;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    attribute::CALLS,
    brand::CALLS,
    category::CALLS,
    part::CALLS,
    place::CALLS,
    vehicle::CALLS,
];

pub use attribute::*;
pub use brand::*;
pub use category::*;
pub use part::*;
pub use place::*;
pub use vehicle::*;
