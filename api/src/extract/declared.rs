//! What the extractors of a handler demand of its callers, collected from the handler's type.

use axum::extract::State;
use axum::handler::Handler;
use kardan_schema::{Scope, ShopScope};
use utoipa::openapi::path::Parameter;
use utoipa::openapi::{RefOr, Schema};

use crate::app::App;
use crate::context::Context;

/// What a route demands.
#[derive(Default)]
pub struct Demand {
    /// The scope that the token must have; none for anybody.
    pub scope: Option<Scope>,
    /// The scope with which a token of the shop is taken too.
    pub shop_scope: Option<ShopScope>,
    /// Whether a token may be sent and need not be.
    pub may_sign_in: bool,
    /// The parameters in the path, in order.
    pub segments: Vec<RefOr<Schema>>,
    /// The parameters after the question mark.
    pub query: Vec<Parameter>,
    /// The name of the body's schema.
    pub body: Option<String>,
    /// Whether the body is a file in CSV.
    pub has_csv: bool,
    /// The types of the file that is the body; empty when it is none.
    pub files: &'static [&'static str],
    /// Schemas that the above refer to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
    /// Whether the version that is changed must be named.
    pub has_if_match: bool,
    /// Whether a known version is answered with 304.
    pub has_if_none_match: bool,
    /// Whether the request may be repeated with a key.
    pub has_key: bool,
    /// Whether the body is a form with a picture: long, and slow to come.
    pub is_upload: bool,
    /// Whether it becomes a WebSocket.
    pub is_socket: bool,
    /// Whether a file is answered with, of which a page needs many.
    pub is_file: bool,
}

/// An extractor that says what it demands.
pub trait Declared {
    /// Adds its demands.
    fn declare(demand: &mut Demand);
}

impl Declared for State<App> {
    fn declare(_: &mut Demand) {}
}

impl Declared for axum::Extension<Context> {
    fn declare(_: &mut Demand) {}
}

/// What this handler's extractors demand.
pub fn demand<H: Handler<T, App>, T: Extractors>(_: &H) -> Demand {
    let mut demand = Demand::default();
    T::declare_all(&mut demand);
    demand
}

/// The extractors of a handler, as axum names their types.
pub trait Extractors {
    /// Adds the demands of all.
    fn declare_all(demand: &mut Demand);
}

macro_rules! extractors {
    ($(($($part:ident),+);)*) => {$(
        impl<M, $($part: Declared),+> Extractors for (M, $($part,)+) {
            fn declare_all(demand: &mut Demand) {
                $($part::declare(demand);)+
            }
        }
    )*};
}

extractors! {
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
}

impl Declared for axum::http::HeaderMap {
    fn declare(_: &mut Demand) {}
}
