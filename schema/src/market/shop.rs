//! Shops, members, invitations.

entries! {
    "market";
}
