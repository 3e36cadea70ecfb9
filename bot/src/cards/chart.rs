//! Figures as a picture beneath which they are told.

use chrono::Utc;
use kardan_schema::ListingId;
use kardan_schema::market;
use serde_json::json;

use super::Card;
use crate::chart::{self, Day, Words};
use crate::error::Failure;
use crate::talk::Room;
use crate::updates::Answer;

/// The days of a picture.
pub const DAYS: u8 = 30;

/// What a listing came to, for its people.
pub async fn listing(room: &Room<'_>, listing: ListingId) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let days = market::listing_figures(room.db, actor, listing, Some(DAYS.into())).await?;
    let Some(it) = market::listing_view(room.db, actor, listing).await? else {
        return Ok(Answer::plain(room.say("contact.gone", ())?));
    };
    let place = market::listing_place(room.db, actor, listing).await?;
    let told: Vec<_> = days
        .iter()
        .map(|one| Day {
            day: one.day.date_naive(),
            views: one.views.into(),
            contacts: one.clicks.into(),
        })
        .collect();
    let data = json!({
        "it": it, "place": place, "days": DAYS,
        "views": days.iter().map(|one| i64::from(one.views)).sum::<i64>(),
        "clicks": days.iter().map(|one| i64::from(one.clicks)).sum::<i64>(),
        "requested": days.iter().map(|one| i64::from(one.deals_requested)).sum::<i64>(),
        "completed": days.iter().map(|one| i64::from(one.deals_completed)).sum::<i64>(),
    });
    let mut card = Card::new(room.say("chart.listing", data)?);
    card.row(room, "talk.back", format!("my:card:{listing}"))?;
    let mut answer = card.done();
    answer.chart = picture(room, &told)?;
    Ok(answer)
}

/// A picture of these days, unless nothing happened on any.
pub fn picture(room: &Room<'_>, told: &[Day]) -> Result<Option<Vec<u8>>, Failure> {
    if told.iter().all(|day| day.views == 0 && day.contacts == 0) {
        return Ok(None);
    }
    let words = Words {
        views: room.say("chart.views", ())?,
        contacts: room.say("chart.contacts", ())?,
        months: room.say("chart.months", ())?,
    };
    let days = chart::fill(told, Utc::now().date_naive(), DAYS.into());
    Ok(Some(chart::png(&days, &words)?))
}
