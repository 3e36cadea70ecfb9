//! Shops, members, invitations.
