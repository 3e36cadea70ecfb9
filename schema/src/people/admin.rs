//! What moderators, administrators and operators do with people.

use chrono::{DateTime, Utc};

use crate::{Language, Role, UserId};

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

    /// A person who is not blocked any more.
    pub struct Unblocked {
        /// Who.
        pub user_id: UserId,
    }

    /// A person's role as it stands now.
    pub struct UserRole {
        /// Who.
        pub user_id: UserId,
        /// What they may do.
        pub role: Role,
        /// The version of the account.
        pub version: i32,
    }

    /// A person as moderators see them.
    pub struct UserEntry {
        /// Who; the last one's is where the next page goes on.
        pub user_id: UserId,
        /// The name.
        pub display_name: String,
        /// What they may do.
        pub role: Role,
        /// When the account was made.
        pub created_at: DateTime<Utc>,
        /// Whether the person is blocked now.
        pub is_blocked: bool,
        /// When the block ends; null means until it is lifted, or that there is none.
        pub blocked_until: Option<DateTime<Utc>>,
        /// The username in Telegram, without the at sign.
        pub telegram_username: Option<String>,
    }

    /// A person whom an operator made, or found.
    pub struct OperatorUser {
        /// Who.
        pub user_id: UserId,
        /// Whether this call made the account.
        pub is_new: bool,
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

    /// Lifts the block of a person, with a note for the history. Whoever is not blocked stays so.
    fn user_unblock(actor: UserId, user: UserId, note: Option<&str>) -> one<Unblocked>;

    /// Gives a person a role.
    fn user_role_set[UserRoleSet](
        /// The acting administrator.
        actor: UserId,
        /// Whose role.
        user: UserId,
        /// The role from now on.
        role: Role,
        /// The version of the account that was read; none means that any will do.
        version: Option<i32>,
    ) -> one<UserRole>;

    /// People, newest first.
    fn user_list[UserList](
        /// The acting moderator.
        actor: UserId,
        /// A part of the name or username, or a number of ours or of Telegram.
        query: Option<String>,
        /// Only people with this role.
        role: Option<Role>,
        /// Only people who are blocked, or only people who are not.
        blocked: Option<bool>,
        /// At most so many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The last person of the page before.
        after: Option<UserId>,
    ) -> many<UserEntry>;

    /// Makes a person at the command line, or finds the one of that subject unchanged.
    fn operator_create[OperatorCreate](
        /// The operator's own name for the person.
        subject: String,
        /// The name that people see.
        display_name: String,
        /// What the person may do.
        role: Role,
        /// The language that the person is spoken to in.
        language: Language,
    ) -> one<OperatorUser>;
}
