//! Signing in by an issuer of OpenID Connect: the authorization code flow with PKCE, for pages and apps that keep no
//! secret but the one of their own visit. <https://openid.net/specs/openid-connect-core-1_0.html>
//!
//! Nothing is kept here between the two requests of a sign-in: what belongs together is made of one secret of the page
//! (`flow.rs`). Whether a proof is used for the first time is for the database to say.

mod claims;
mod config;
mod flow;
mod issuer;

pub use claims::Identity;
pub use config::Config;
pub use issuer::{Issuer, Trouble};
