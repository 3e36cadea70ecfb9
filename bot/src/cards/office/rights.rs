//! Who may delete what others wrote: rights that administrators give a person and take back.

use chrono::{Duration, Utc};
use kardan_schema::market::{self, ChatRightGrant, ChatRightList};
use kardan_schema::{ListingId, UserId};
use serde_json::json;

use crate::cards::{Card, data};
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;

/// What a tap asks for: `word:person` and perhaps days or a right.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|text| text.parse::<i64>().ok());
    let Some(user) = number().map(UserId) else {
        return Ok(None);
    };
    let more = number();
    match (word, more) {
        ("here", _) => visit.fill_in(Task::Right { user }).await,
        ("all", days) => {
            visit
                .act(async |room| grant(room, user, None, days).await)
                .await
        }
        ("drop", Some(right)) => {
            visit
                .act(async |room| {
                    market::chat_right_revoke(room.db, room.person.user_id, right).await?;
                    list(room, user).await
                })
                .await
        }
        _ => visit.act(async |room| list(room, user).await).await,
    }
}

/// The rights of a person; a tap takes one back.
async fn list(room: &Room<'_>, user: UserId) -> Result<Answer, Failure> {
    let wish = ChatRightList {
        actor: room.person.user_id,
        user: Some(user),
        limit: Some(50),
        after: None,
    };
    let rights = market::chat_right_list(room.db, &wish).await?;
    let count = json!({ "count": rights.len() });
    let mut card = Card::new(room.say("right.list", count)?);
    for right in rights {
        let drop = format!("o:right:drop:{user}:{}", right.right_id);
        card.push(vec![room.entry("right.line", data(&right), drop)?]);
    }
    card.row(room, "right.here", format!("o:right:here:{user}"))?;
    card.push(vec![
        room.button("right.all_month", format!("o:right:all:{user}:30"))?,
        room.button("right.all", format!("o:right:all:{user}"))?,
    ]);
    card.row(room, "talk.back", format!("user:card:{user}"))?;
    Ok(card.done())
}

/// Gives a right: beneath one listing or everywhere, for so many days or until it is taken back.
pub async fn grant(
    room: &Room<'_>,
    user: UserId,
    listing: Option<i64>,
    days: Option<i64>,
) -> Result<Answer, Failure> {
    let wish = ChatRightGrant {
        actor: room.person.user_id,
        user,
        listing: listing.map(ListingId),
        until: days.map(|days| Utc::now() + Duration::days(days)),
    };
    market::chat_right_grant(room.db, &wish).await?;
    list(room, user).await
}
