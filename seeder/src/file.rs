//! The text of the demo, `demo.toml`, as Rust sees it.

use kardan_schema::{Condition, Role};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub people: Vec<Person>,
    pub shops: Vec<Shop>,
    pub listings: Vec<Listing>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub subject: String,
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    pub name: String,
    pub owner: String,
    pub member: String,
    pub place: String,
    pub description: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    pub person: Option<String>,
    pub shop: Option<String>,
    pub subcategory: String,
    pub title: String,
    pub description: String,
    pub brand: Option<String>,
    #[serde(default)]
    pub part_number: String,
    pub condition: Condition,
    pub place: String,
    /// In roubles.
    pub price: i64,
    /// In roubles, and from how many pieces on.
    pub wholesale: Option<(i64, i32)>,
    pub stock: i32,
    #[serde(default)]
    pub photos: i32,
    #[serde(default)]
    pub attributes: serde_json::Value,
    #[serde(default)]
    pub state: State,
    /// Why it is rejected.
    pub reason: Option<String>,
}

/// How far a listing of the demo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Draft,
    Pending,
    Rejected,
    #[default]
    Published,
}

/// Reads the file that is part of the program.
pub fn read() -> Result<Demo, toml::de::Error> {
    toml::from_str(include_str!("../demo.toml"))
}
