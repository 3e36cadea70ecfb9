//! A person's own account, and what others see of it.

use chrono::{DateTime, Utc};

use crate::{Language, Role, UserId};

row! {
    /// The answer to a start of the bot.
    pub struct Started {
        /// Who it was.
        pub user_id: UserId,
        /// Whether this start made the account.
        pub is_new: bool,
        /// The language that the person is spoken to in.
        pub language: Language,
        /// What the person may do.
        pub role: Role,
    }

    /// An account that the bot hears of without being written to.
    pub struct TelegramUser {
        /// Who it is.
        pub user_id: UserId,
        /// The language that the person is spoken to in.
        pub language: Language,
        /// What the person may do.
        pub role: Role,
        /// Whether, as far as is known, the bot may write to them.
        pub is_reachable: bool,
    }

    /// An account as its owner sees it.
    pub struct Account {
        /// Whose it is.
        pub user_id: UserId,
        /// What the person may do.
        pub role: Role,
        /// The name that others see, 1 to 128 characters.
        pub display_name: String,
        /// The language that the person is spoken to in.
        pub language: Language,
        /// When the account was made.
        pub created_at: DateTime<Utc>,
        /// Its version, for changes.
        pub version: i32,
        /// Whether the person is blocked now.
        pub is_blocked: bool,
        /// When the block ends; null means until it is lifted, or that there is none.
        pub blocked_until: Option<DateTime<Utc>>,
        /// Why the person is blocked.
        pub blocked_reason: Option<String>,
        /// The username in Telegram, without the at sign.
        pub telegram_username: Option<String>,
    }

    /// A person as everybody sees them.
    pub struct UserCard {
        /// Who.
        pub user_id: UserId,
        /// The name.
        pub display_name: String,
        /// Since when the person is here.
        pub created_at: DateTime<Utc>,
    }
}

entries! {
    "people";

    /// The account of a person who starts the bot, made at the first start.
    fn user_start[UserStart](
        /// The number of the person in Telegram, 64 bits.
        telegram_id: i64,
        /// The username, without the at sign.
        username: Option<String>,
        /// The first name.
        first_name: String,
        /// The last name.
        last_name: Option<String>,
        /// Where the photo is.
        photo_url: Option<String>,
        /// The language of the person's Telegram, an IETF tag.
        language_code: Option<String>,
    ) -> one<Started>;

    /// The account behind somebody in Telegram, without making one.
    fn telegram_user_get(telegram_id: i64) -> opt<TelegramUser>;

    /// The acting person's account.
    fn user_get(actor: UserId) -> one<Account>;

    /// Changes the acting person's name or language.
    fn user_update[UserUpdate](
        /// The acting person.
        actor: UserId,
        /// The new name; none leaves it.
        display_name: Option<String>,
        /// The new language; none leaves it.
        language: Option<Language>,
        /// The version that was read; none means that any will do.
        version: Option<i32>,
    ) -> one<Account>;

    /// A person as everybody sees them.
    fn user_card(user: UserId) -> one<UserCard>;
}
