//! user
pub fn add(_: &mut crate::table::Table) {}
