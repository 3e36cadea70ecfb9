//! Search.

entries! {
    "market";
}
