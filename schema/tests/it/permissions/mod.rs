//! Who may do what: every granted function, as everybody, with their own things, with other people's and with none, and
//! with arguments of every shape. [`table`] says it; a function that is not in it fails, so nobody can be let in by
//! forgetting to think about it.

mod arguments;
mod catalogue;
mod functions;
mod objects;
mod roles;
mod scene;
mod table;
