//! The vehicles of a person, and what fits them.

use kardan_schema::market;
use teloxide_core::types::InlineKeyboardButton;

use super::{Card, titled};
use crate::error::Failure;
use crate::talk::{Room, Seek, Talk, Visit};
use crate::updates::Answer;

/// What a tap asks for: `word:vehicle`.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (word, number) = data.split_once(':').unwrap_or((data, ""));
    let Ok(vehicle) = number.parse::<i64>() else {
        return Ok(None);
    };
    match word {
        "add" => {
            visit
                .begin(async |_| Ok(Some(Talk::Vehicle(Default::default()))))
                .await
        }
        "seek" => {
            visit
                .begin(async |room| Seek::fitting(room, vehicle).await)
                .await
        }
        "drop" => {
            visit
                .act(async |room| {
                    market::garage_remove(room.db, room.person.user_id, vehicle).await?;
                    list(room).await
                })
                .await
        }
        _ => visit.act(list).await,
    }
}

/// All of them: a garage has few places.
pub async fn list(room: &Room<'_>) -> Result<Answer, Failure> {
    let all = market::garage_list(room.db, room.person.user_id).await?;
    let name = if all.is_empty() {
        "garage.none"
    } else {
        "garage.list"
    };
    let mut card = Card::new(room.say(name, ())?);
    for one in all {
        let vehicle = one.vehicle_id;
        card.push(vec![
            titled(&format!("🚗 {}", one.name), format!("car:seek:{vehicle}")),
            InlineKeyboardButton::callback("✖", format!("car:drop:{vehicle}")),
        ]);
    }
    card.row(room, "garage.add", "car:add:0".to_owned())?;
    Ok(card.done())
}
