//! Photos of a listing: how many, what their files are called, what they look like. The files themselves are not made.

use std::io::Write as _;

use crate::market::Market;

/// Photos of a listing at most.
pub const MOST: u64 = 10;

/// How many photos the listing with this number has: three on average.
#[must_use]
pub fn count(market: &Market, number: u64) -> u64 {
    let mut rng = market.key("photos@1").row(number);
    rng.pick(&[0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 6, 8])
        .copied()
        .unwrap_or(3)
}

/// What the names of a photo's files begin with, as the store would make it from their content.
pub fn key(market: &Market, number: u64, position: u64, text: &mut Vec<u8>) {
    let mut rng = market.key("photo.key@1").row(number * MOST + position);
    let first = rng.next();
    let _ = write!(
        text,
        "photos/{:02x}/{first:016x}{:016x}{:016x}{:016x}",
        first >> 56,
        rng.next(),
        rng.next(),
        rng.next()
    );
}
