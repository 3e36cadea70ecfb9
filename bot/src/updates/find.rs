//! Whatever is no command is looked for: words, or a part number in any spelling.
//!
//! A page keeps what was asked in its first line, which Telegram gives back with a tap: nothing is stored, and a page of
//! last year goes on as well.

use kardan_schema::ListingId;
use kardan_schema::market::{self, ListingSearch, SearchMissRecord};
use kardan_schema::people::Started;
use serde_json::json;
use teloxide_core::types::InlineKeyboardButton;

use super::answer::{Answer, keyboard, plain, refused};
use crate::cards;
use crate::desk::Desk;
use crate::error::Failure;
use crate::talk::{Room, Seek};

/// How the first line of a page begins.
const MARK: &str = "🔎 ";

/// What was asked, out of the text of a page.
pub fn query_of(page: &str) -> Option<&str> {
    page.lines().next()?.strip_prefix(MARK)
}

/// The place in a list behind which a page begins, as a button carries it: `key:listing`.
pub fn place_of(data: &str) -> Option<(i64, ListingId)> {
    let (key, listing) = data.split_once(':')?;
    Some((key.parse().ok()?, ListingId(listing.parse().ok()?)))
}

/// A page of what is found, with a button when there is more.
pub async fn page(
    desk: &Desk,
    person: &Started,
    query: &str,
    after: Option<(i64, ListingId)>,
) -> Result<Answer, Failure> {
    let search = Seek::of(query, after).search();
    let query = search.query.clone().unwrap_or_default();
    let found = desk
        .ask(async |db| market::listing_search(db, &search).await)
        .await;
    let found = match found {
        Ok(found) => found,
        Err(failure) => return refused(person, failure),
    };
    if found.is_empty() {
        if after.is_none() {
            remember(desk, search).await;
        }
        let mut nothing = plain(desk, person, "find.nothing", json!({ "query": query }))?;
        let garage = desk.texts.say(person.language, "garage.open", ())?;
        let garage = InlineKeyboardButton::callback(garage, "car:list:0");
        nothing.more = keyboard([vec![garage]]);
        return Ok(nothing);
    }
    let (shown, last) = cards::page(&found);
    let shown: Vec<_> = shown
        .iter()
        .map(|one| {
            json!({
                "title": one.title, "price_minor": one.price_minor, "currency": one.currency,
                "link": desk.link(&format!("l_{}", one.listing_id)),
            })
        })
        .collect();
    let data = json!({ "mark": MARK, "query": query, "listings": shown });
    let mut answer = plain(desk, person, "find.page", data)?;
    let button = |name: &str, data: String| -> Result<_, Failure> {
        let text = desk.texts.say(person.language, name, ())?;
        Ok(InlineKeyboardButton::callback(text, data))
    };
    let mut row = vec![
        button("find.save", "save:".to_owned())?,
        button("seek.filters", "seek:".to_owned())?,
    ];
    if let Some(last) = last {
        let place = format!("more:{}:{}", last.page_key, last.listing_id);
        row.push(button("find.more", place)?);
    }
    answer.more = keyboard([row]);
    Ok(answer)
}

/// Keeps a search: what is published from now on and matches is told.
pub async fn save(room: &Room<'_>, query: &str) -> Result<Answer, Failure> {
    Seek::of(query, None).save(room).await?;
    Ok(Answer::alert(room.say("find.saved", ())?))
}

/// A search in vain is worth remembering, but not worth failing for.
async fn remember(desk: &Desk, search: ListingSearch) {
    let miss = SearchMissRecord::from(search);
    if let Err(error) = desk
        .ask(async |db| market::search_miss_record(db, &miss).await)
        .await
    {
        tracing::warn!(error = %kardan_schema::chain(&error), "a search without an answer was not remembered");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gives_back_what_was_asked_and_other_texts_nothing() {
        assert_eq!(query_of("🔎 w 712/95\n\n• …"), Some("w 712/95"));
        assert_eq!(query_of("w 712/95"), None);
        assert_eq!(place_of("12:7"), Some((12, ListingId(7))));
        for forged in ["", "12", "x:7", "12:", "1:2:3"] {
            assert_eq!(place_of(forged), None, "{forged}");
        }
    }
}
