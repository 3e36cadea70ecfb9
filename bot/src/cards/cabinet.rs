//! A person's cabinet: who they are here, and what a month has brought.

use kardan_schema::market;
use kardan_schema::people;
use serde_json::json;

use super::Card;
use super::chart::{DAYS as DRAWN, picture};
use crate::chart::Day;
use crate::error::Failure;
use crate::talk::Room;
use crate::updates::Answer;

/// The days that are summed up.
const DAYS: i32 = DRAWN as i32;

/// The account, its rating, and the figures of the last days.
pub async fn card(room: &Room<'_>) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    let account = people::user_get(room.db, actor).await?;
    let rating = market::rating_get(room.db, Some(actor), None).await?;
    let days = market::seller_figures(room.db, actor, None, Some(DAYS)).await?;
    let turnover = market::seller_turnover(room.db, actor, None, Some(DAYS)).await?;
    let mut sums: Vec<(String, i64)> = Vec::new();
    for day in &turnover {
        match sums
            .iter_mut()
            .find(|(currency, _)| *currency == day.currency)
        {
            Some((_, sum)) => *sum += day.total_minor,
            None => sums.push((day.currency.clone(), day.total_minor)),
        }
    }
    let text = room.say(
        "cabinet.card",
        json!({
            "account": account, "rating": rating, "days": DAYS,
            "views": days.iter().map(|day| day.views).sum::<i64>(),
            "clicks": days.iter().map(|day| day.clicks).sum::<i64>(),
            "requested": days.iter().map(|day| day.deals_requested).sum::<i64>(),
            "completed": days.iter().map(|day| day.deals_completed).sum::<i64>(),
            "turnover": sums,
        }),
    )?;
    let mut card = Card::new(text);
    card.push(vec![
        room.button("mine.back", "my:list:0")?,
        room.button("deals.sold", "deal:sold:")?,
    ]);
    let told: Vec<_> = days
        .iter()
        .map(|one| Day {
            day: one.day.date_naive(),
            views: one.views,
            contacts: one.clicks,
        })
        .collect();
    let mut answer = card.done();
    answer.chart = picture(room, &told)?;
    Ok(answer)
}
