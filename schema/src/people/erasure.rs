//! Erasing a person, for good. What is left of whom, `schema/people.toml` says.

use crate::UserId;

row! {
    /// Something that keeps a person from being erased.
    pub struct ErasureObstacle {
        /// Why, as the refusal would say it.
        pub reason: String,
        /// `deal`, `listing`, `shop` or `user`.
        pub object_type: String,
        /// Which one.
        pub object_id: String,
    }
}

entries! {
    "people";

    /// What keeps the acting person from being erased.
    fn erasure_get(actor: UserId) -> many<ErasureObstacle>;

    /// The same for an operator, about anybody.
    fn erasure_obstacles_list(user: UserId) -> many<ErasureObstacle>;

    /// Erases the acting person, who confirms it with their name.
    fn user_erase(actor: UserId, name: &str) -> none;

    /// Erases anybody, from the command line.
    fn user_erase_by_operator(user: UserId) -> none;
}
