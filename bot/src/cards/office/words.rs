//! Words that no listing may hold: seen, forbidden, allowed again.

use kardan_schema::WordForm;
use kardan_schema::market;
use serde_json::json;

use crate::cards::{Card, asked_of, data, page_of};
use crate::error::Failure;
use crate::talk::{Room, Task, Visit};
use crate::updates::Answer;

/// Words of a page: each is a short button.
const PAGE: usize = 30;

/// What a tap asks for: `new`, `drop:word`, or a page behind a word.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (step, word) = data.split_once(':').unwrap_or((data, ""));
    match (step, word.parse().ok()) {
        ("new", _) => visit.fill_in(Task::Word {}).await,
        ("drop", Some(word)) => {
            visit
                .act(async |room| {
                    market::forbidden_word_remove(room.db, room.person.user_id, word).await?;
                    list(room, None).await
                })
                .await
        }
        (_, after) => visit.act(async |room| list(room, after).await).await,
    }
}

/// A page of words; a tap allows one again.
async fn list(room: &Room<'_>, after: Option<i64>) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let found = market::forbidden_word_list(room.db, actor, asked_of(PAGE), after).await?;
    let mut card = Card::new(room.say("word.list", json!({ "count": found.len() }))?);
    let (shown, last) = page_of(&found, PAGE);
    for row in shown.chunks(2) {
        let mut buttons = Vec::new();
        for word in row {
            let drop = format!("o:word:drop:{}", word.word_id);
            buttons.push(room.entry("word.line", data(word), drop)?);
        }
        card.push(buttons);
    }
    if let Some(last) = last {
        card.row(room, "find.more", format!("o:word:more:{}", last.word_id))?;
    }
    card.row(room, "word.new", "o:word:new".to_owned())?;
    card.row(room, "office.back", "o:menu:".to_owned())?;
    Ok(card.done())
}

/// Forbids a word, in every form or in this one only.
pub async fn add(room: &Room<'_>, word: &str, form: &str) -> Result<Answer, Failure> {
    let form = form.parse().unwrap_or(WordForm::Exact);
    let made = market::forbidden_word_add(room.db, room.person.user_id, word, form).await?;
    let mut card = Card::new(room.say("word.added", data(&made))?);
    card.push(vec![
        room.button("word.new", "o:word:new")?,
        room.button("office.words", "o:word:")?,
    ]);
    Ok(card.done())
}
