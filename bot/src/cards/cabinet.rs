//! A person's cabinet: who they are here, and what a month has brought.

use kardan_schema::market;
use kardan_schema::people;
use serde_json::json;

use super::Card;
use crate::error::Failure;
use crate::talk::Room;
use crate::updates::Answer;

/// The days that are summed up.
const DAYS: i32 = 30;
/// Signs from nothing to the most, for a line of days.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

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
            "bars": bars(days.iter().map(|day| day.views)), "turnover": sums,
        }),
    )?;
    let mut card = Card::new(text);
    card.push(vec![
        room.button("mine.back", "my:list:0")?,
        room.button("deals.sold", "deal:sold:")?,
    ]);
    Ok(card.done())
}

/// A day a sign, the highest as high as the greatest number; nothing at all is no line.
fn bars(days: impl Iterator<Item = i64> + Clone) -> String {
    let most = days.clone().max().unwrap_or_default();
    if most == 0 {
        return String::new();
    }
    let top = i64::try_from(BARS.len() - 1).unwrap_or_default();
    days.map(|day| {
        let height = (day * top + most - 1) / most;
        let height = usize::try_from(height).unwrap_or_default();
        BARS.get(height).copied().unwrap_or('█')
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::bars;

    #[test]
    fn a_line_of_days_shows_the_greatest_as_the_highest_and_one_look_as_more_than_none() {
        assert_eq!(bars([0, 100, 1, 50].into_iter()), "▁█▂▅");
        assert_eq!(bars([0, 0].into_iter()), "");
        assert_eq!(bars(std::iter::empty()), "");
    }
}
