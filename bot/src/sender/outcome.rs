//! What Telegram's answer means for something that was to be sent.

use kardan_schema::notify::Outcome;
use serde_json::Value;

use crate::error::Failure;
use crate::telegram::{Refusal, messages};

/// People have positive numbers, groups and channels negative ones.
const fn is_person(chat: i64) -> bool {
    chat > 0
}

/// The outcome of a call that sends. That a group has moved is a failure: the database has to hear of it.
pub fn of(chat: i64, answer: Result<Value, Refusal>) -> Result<Outcome, Failure> {
    match answer {
        Ok(result) => Ok(Outcome::Sent {
            messages: messages(&result),
        }),
        Err(refusal @ Refusal::Moved { .. }) => Err(Failure::Telegram(refusal)),
        Err(refusal) => Ok(refused(chat, refusal)),
    }
}

/// The outcome of a call that Telegram refused.
pub fn refused(chat: i64, refusal: Refusal) -> Outcome {
    let error = refusal.to_string();
    let gone = [
        "chat not found",
        "user is deactivated",
        "bot can't initiate conversation",
        "peer_id_invalid",
    ];
    match refusal {
        Refusal::Later { seconds } => Outcome::Postponed { seconds },
        Refusal::Moved { .. } | Refusal::Unheard(_) => Outcome::Failed { error },
        // The token was taken back: nothing gets through, and an operator has to act.
        Refusal::Said {
            code: 401 | 404, ..
        } => {
            tracing::error!(error, "Telegram does not know this bot any more");
            Outcome::PostponedAll { seconds: 60 }
        }
        Refusal::Said { code: 403, .. } if is_person(chat) => Outcome::Unreachable,
        ref said @ Refusal::Said { .. }
            if is_person(chat) && gone.iter().any(|words| said.says(words)) =>
        {
            Outcome::Unreachable
        }
        Refusal::Said { .. } => Outcome::Refused { error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: u16, why: &str) -> Refusal {
        Refusal::Said {
            code,
            why: why.to_owned(),
        }
    }

    #[test]
    fn a_person_who_blocked_the_bot_is_unreachable_and_a_channel_is_a_dead_letter() {
        let blocked = || said(403, "Forbidden: bot was blocked by the user");
        assert!(matches!(refused(42, blocked()), Outcome::Unreachable));
        let kicked = said(403, "Forbidden: bot was kicked from the channel chat");
        assert!(matches!(refused(-100, kicked), Outcome::Refused { .. }));
        let absent = || said(400, "Bad Request: chat not found");
        assert!(matches!(refused(42, absent()), Outcome::Unreachable));
        assert!(matches!(refused(-100, absent()), Outcome::Refused { .. }));
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_telegram_wants_is_waited_for() {
        let late = Refusal::Later { seconds: 17 };
        assert!(matches!(
            refused(42, late),
            Outcome::Postponed { seconds: 17 }
        ));
        let lost = Refusal::Unheard("502".to_owned());
        assert!(matches!(refused(42, lost), Outcome::Failed { .. }));
        let token = said(401, "Unauthorized");
        assert!(matches!(refused(42, token), Outcome::PostponedAll { .. }));
    }
}
