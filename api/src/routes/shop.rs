//! shop
pub fn add(_: &mut crate::table::Table) {}
