//! Reservations.

entries! {
    "market";
}
