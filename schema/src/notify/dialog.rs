//! What the bot and a person are at.

use serde_json::Value;

use crate::UserId;

row! {
    /// Where a dialog is.
    pub struct Dialog {
        /// Whether this update of Telegram was handled before.
        pub is_repeat: bool,
        /// Whether its answer was sent.
        pub is_answered: bool,
        /// What they are at; none when it is nothing.
        pub flow: Option<String>,
        /// What was said so far, an object.
        pub data: Value,
    }
}

entries! {
    "notify";

    /// What the bot and a person are at, locked until the transaction ends.
    fn dialog_take(actor: UserId, update: i64) -> one<Dialog>;

    /// The update was handled, and this is what they are at now.
    fn dialog_keep(actor: UserId, update: i64, flow: Option<&str>, data: Value) -> none;

    /// The answer to the update was sent.
    fn dialog_answered(actor: UserId, update: i64) -> none;

    /// A job: forgets dialogs of which nothing was heard for 30 days.
    fn dialogs_purge() -> none;
}
