//! The version of the program that a database holds.

use chrono::{DateTime, Utc};

row! {
    /// The applied program.
    pub struct Contract {
        /// Hash of all its SQL.
        pub hash: String,
        /// The binary that loaded it.
        pub revision: String,
        /// One line for each granted function.
        pub functions: Vec<String>,
        /// When it was loaded.
        pub applied_at: DateTime<Utc>,
    }
}

entries! {
    "ops";

    /// The applied program; none in a database that never had one.
    fn contract_get() -> opt<Contract>;
}
