//! Bindings of the domain `catalog`: categories, extra fields, brands, part numbers, vehicles, VINs, places.

mod attribute;
mod brand;
mod category;
mod part;
mod place;
mod vehicle;
mod vin;

use crate::Call;

/// Every binding of the domain.
pub(crate) const CALLS: &[&[&Call]] = &[
    attribute::CALLS,
    brand::CALLS,
    category::CALLS,
    part::CALLS,
    place::CALLS,
    vehicle::CALLS,
    vin::CALLS,
];

pub use attribute::*;
pub use brand::*;
pub use category::*;
pub use part::*;
pub use place::*;
pub use vehicle::*;
pub use vin::*;
