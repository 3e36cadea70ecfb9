//! Data for a first look. Everything goes through the product's own functions, as the people whom it belongs to: what the demo
//! shows is what the functions do.

pub mod demo;
mod drawing;
mod file;

pub use demo::Error;
