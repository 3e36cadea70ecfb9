//! Who takes part and what there is: people with tokens, listings, and who sells what.

use std::sync::Arc;

use crate::Error;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their number.
    pub user: i64,
    /// Their token, as it goes into the header.
    pub token: Arc<str>,
}

/// A listing that anybody may see.
pub type Good = kardan_bulk::draw::Drawn;

/// A listing of which pieces can be bought, and who sells them.
#[derive(Debug, Clone)]
pub struct Stall {
    /// The listing.
    pub listing: i64,
    /// Who sells it.
    pub seller: Person,
}

/// Everybody and everything.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// People who look, buy and sell.
    pub people: Vec<Person>,
    /// People who moderate.
    pub moderators: Vec<Person>,
    /// What they look at, the most popular first.
    pub goods: Vec<Good>,
    /// What they buy.
    pub stalls: Vec<Stall>,
}

impl Cast {
    /// Whether there is somebody and something of each kind.
    ///
    /// # Errors
    /// When there is not.
    pub fn require(&self) -> Result<(), Error> {
        for (is_missing, what) in [
            (self.people.is_empty(), "people who are not blocked"),
            (self.moderators.is_empty(), "moderators"),
            (self.goods.is_empty(), "listings that anybody may see"),
            (self.stalls.is_empty(), "listings with pieces to sell"),
        ] {
            if is_missing {
                return Err(Error::Empty(what));
            }
        }
        Ok(())
    }
}
