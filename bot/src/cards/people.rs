//! People, for moderators and administrators: found by a name or a number, blocked, let in again, given a role.

use chrono::{Duration, Utc};
use kardan_schema::people::{self, UserEntry, UserList, UserRoleSet};
use kardan_schema::{Role, UserId};

use super::Card;
use crate::error::Failure;
use crate::talk::{Room, Visit, Words};
use crate::updates::Answer;

/// What a tap asks for: `word:person` and perhaps days or a role.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let mut parts = data.split(':');
    let word = parts.next().unwrap_or_default();
    let Some(user) = parts.next().and_then(|text| text.parse().ok()).map(UserId) else {
        return Ok(None);
    };
    let more = parts.next().unwrap_or_default();
    if word == "block" {
        let until = more
            .parse()
            .ok()
            .map(|days| Utc::now() + Duration::days(days));
        return visit.ask_for(Words::Block { user, until }).await;
    }
    visit
        .act(async |room| {
            let actor = room.person.user_id;
            match (word, more.parse::<Role>()) {
                ("unblock", _) => {
                    people::user_unblock(room.db, actor, user, None).await?;
                }
                ("role", Ok(role)) => {
                    let wish = UserRoleSet {
                        actor,
                        user,
                        role,
                        version: None,
                    };
                    people::user_role_set(room.db, &wish).await?;
                }
                _ => {}
            }
            card(room, user).await
        })
        .await
}

async fn search(room: &Room<'_>, query: &str) -> Result<Vec<UserEntry>, Failure> {
    let wish = UserList {
        actor: room.person.user_id,
        query: Some(query.trim_start_matches('@').to_owned()).filter(|text| !text.is_empty()),
        role: None,
        blocked: None,
        limit: Some(20),
        after: None,
    };
    Ok(people::user_list(room.db, &wish).await?)
}

/// Those whose name has these letters, or whose number it is.
pub async fn find(room: &Room<'_>, query: &str) -> Result<Answer, Failure> {
    let found = search(room, query).await?;
    let name = if found.is_empty() {
        "people.none"
    } else {
        "people.list"
    };
    let mut card = Card::new(room.say(name, ())?);
    for one in found {
        let open = format!("user:card:{}", one.user_id);
        card.push(vec![room.entry("people.line", super::data(&one), open)?]);
    }
    Ok(card.done())
}

/// A person with what can be done.
pub async fn card(room: &Room<'_>, user: UserId) -> Result<Answer, Failure> {
    let found = search(room, &user.to_string()).await?;
    let Some(it) = found.into_iter().find(|one| one.user_id == user) else {
        return Ok(Answer::plain(room.say("people.none", ())?));
    };
    let mut card = Card::new(room.say("people.card", super::data(&it))?);
    if it.is_blocked {
        card.row(room, "people.unblock", format!("user:unblock:{user}"))?;
    } else {
        card.push(vec![
            room.button("people.block_day", format!("user:block:{user}:1"))?,
            room.button("people.block_month", format!("user:block:{user}:30"))?,
            room.button("people.block", format!("user:block:{user}:"))?,
        ]);
    }
    for role in Role::ALL.iter().filter(|role| **role != it.role) {
        card.row(
            room,
            &format!("people.{role}"),
            format!("user:role:{user}:{role}"),
        )?;
    }
    card.row(room, "right.of", format!("o:right:list:{user}"))?;
    Ok(card.done())
}
