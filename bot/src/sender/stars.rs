//! Stars that go back to who paid them.

use kardan_schema::market;
use kardan_schema::notify::{Outcome, Parcel};
use serde_json::{Value, json};

use super::outcome;
use crate::desk::Desk;
use crate::error::Failure;

/// Asks Telegram to give a payment back, and notes that it did. When that note fails, Telegram is asked again and says that it
/// has done it.
pub async fn give_back(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let charge = parcel.data.get("charge").and_then(Value::as_str);
    let charge = charge.unwrap_or_default();
    let params = json!({
        "user_id": parcel.data.get("telegram_id"), "telegram_payment_charge_id": charge,
    });
    match desk.telegram.call("refundStarPayment", &params).await {
        Err(refusal) if !refusal.says("charge_already_refunded") => {
            Ok(outcome::refused(parcel.chat_id, refusal))
        }
        _ => {
            desk.ask(async |db| market::star_payment_refunded(db, charge).await)
                .await?;
            Ok(Outcome::Sent {
                messages: Vec::new(),
            })
        }
    }
}
