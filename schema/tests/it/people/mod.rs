//! People: accounts, identities, bans, tokens.

mod user_block;
