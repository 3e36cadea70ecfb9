//! Moderation.

entries! {
    "market";
}
