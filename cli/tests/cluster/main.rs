//! `kardan cluster` on the real thing: the containers of `./dev cluster up`. Run by `./dev cluster test`, a test after the
//! other, since there is one cluster.
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod agent;
mod backup;
mod bad_input;
mod clients;
mod cluster;
mod docker;
mod drill;
mod nodes;
mod reads;
mod switchover;
mod watch;
