//! What administrators do with people.

use chrono::{DateTime, Utc};

use crate::UserId;

row! {
    /// A block as it stands now.
    pub struct Block {
        /// Who is blocked.
        pub user_id: UserId,
        /// When the block ends; null means until it is lifted.
        pub until: Option<DateTime<Utc>>,
        /// Why.
        pub reason: String,
    }
}

entries! {
    "people";

    /// Blocks a person until a time, or until lifted.
    fn user_block[UserBlock](
        /// The acting administrator.
        actor: UserId,
        /// Who is to be blocked.
        user: UserId,
        /// When the block ends; none means until it is lifted.
        until: Option<DateTime<Utc>>,
        /// Why.
        reason: String,
    ) -> one<Block>;
}
