//! Payments in Stars for administrators: what came, what it pays for, and giving it back.

use kardan_schema::market;

use super::{Card, asked, data, page};
use crate::error::Failure;
use crate::talk::{Room, Visit};
use crate::updates::Answer;

/// What a tap asks for: `word:payment`.
pub async fn tapped(visit: Visit<'_>, data: &str) -> Result<Option<Answer>, Failure> {
    let (word, number) = data.split_once(':').unwrap_or((data, ""));
    let Ok(payment) = number.parse::<i64>() else {
        return Ok(None);
    };
    visit
        .act(async |room| match word {
            "list" => list(room, Some(payment)).await,
            "back" => {
                market::star_payment_refund(room.db, room.person.user_id, payment).await?;
                card(room, payment).await
            }
            _ => card(room, payment).await,
        })
        .await
}

/// The latest ones, or those before one.
pub async fn list(room: &Room<'_>, after: Option<i64>) -> Result<Answer, Failure> {
    let found = market::star_payment_list(room.db, room.person.user_id, asked(), after).await?;
    let (shown, last) = page(&found);
    let name = if shown.is_empty() {
        "payments.none"
    } else {
        "payments.list"
    };
    let mut card = Card::new(room.say(name, ())?);
    for one in shown {
        let open = format!("pay:card:{}", one.payment_id);
        card.push(vec![room.entry("payments.line", data(one), open)?]);
    }
    if let Some(last) = last {
        card.row(room, "find.more", format!("pay:list:{}", last.payment_id))?;
    }
    Ok(card.done())
}

/// One of them.
async fn card(room: &Room<'_>, payment: i64) -> Result<Answer, Failure> {
    let actor = room.person.user_id;
    // The first of the page that begins with it.
    let found = market::star_payment_list(room.db, actor, Some(1), payment.checked_add(1)).await?;
    let Some(it) = found.into_iter().find(|one| one.payment_id == payment) else {
        return Ok(Answer::plain(room.say("payments.none", ())?));
    };
    let mut card = Card::new(room.say("payments.card", data(&it))?);
    if ["applied", "stray"].contains(&it.state.as_str()) {
        card.row(room, "payments.back", format!("pay:back:{payment}"))?;
    }
    let list = payment.saturating_add(1);
    card.row(room, "payments.all", format!("pay:list:{list}"))?;
    Ok(card.done())
}
