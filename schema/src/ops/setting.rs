//! What an administrator may change without a release.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::UserId;

row! {
    /// One setting.
    pub struct Setting {
        /// Its key, with dots.
        pub key: String,
        /// Its value.
        pub value: Value,
        /// What it does.
        pub description: String,
        /// When it was changed last.
        pub updated_at: DateTime<Utc>,
        /// By whom; none if it is as it came.
        pub updated_by: Option<UserId>,
    }
}

entries! {
    "ops";

    /// Every setting.
    fn setting_list(actor: UserId) -> many<Setting>;

    /// Changes one.
    fn setting_set(actor: UserId, key: &str, value: &Value) -> one<Setting>;
}
