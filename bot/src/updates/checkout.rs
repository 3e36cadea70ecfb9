//! Payments in Stars: Telegram asks whether it may take them, says that it has, and that they went back.

use std::time::Duration;

use kardan_schema::market::{self, StarPaymentTake};
use serde_json::json;

use super::answer::{Answer, plain, refused};
use super::incoming::{Checkout, Paid};
use super::private::start;
use crate::cards::promotion::order_of;
use crate::desk::Desk;
use crate::error::Failure;
use crate::talk::Visit;

/// The currency of Stars.
const STARS: &str = "XTR";
/// Telegram gives a question up after 10 s, and the payment with it; what the database cannot say by then is a no.
const PATIENCE: Duration = Duration::from_secs(8);

/// Answers whether an invoice may be paid now, by this person, at this price.
pub async fn ask(desk: &Desk, checkout: &Checkout) -> Result<(), Failure> {
    let why = match tokio::time::timeout(PATIENCE, objection(desk, checkout)).await {
        Ok(Ok(why)) => why,
        // The person may pay a minute later; nobody may pay for nothing.
        Ok(Err(failure)) => {
            tracing::warn!(error = %kardan_schema::chain(&failure), "a payment is refused");
            Some(later(desk, checkout)?)
        }
        Err(_) => {
            tracing::warn!("a payment is refused: the database is slow");
            Some(later(desk, checkout)?)
        }
    };
    let mut params = json!({ "pre_checkout_query_id": checkout.id, "ok": why.is_none() });
    if let (Some(why), Some(all)) = (why, params.as_object_mut()) {
        all.insert("error_message".to_owned(), why.into());
    }
    let answered = desk.telegram.call("answerPreCheckoutQuery", &params).await;
    // An answer that is lost or late is a payment that was not made: the person taps again.
    if let Err(refusal) = answered {
        tracing::warn!(%refusal, "Telegram did not hear whether it may take Stars");
    }
    Ok(())
}

/// Why it may not be paid, in the person's words.
async fn objection(desk: &Desk, checkout: &Checkout) -> Result<Option<String>, Failure> {
    let person = start(desk, &checkout.from).await?;
    let unknown = || desk.texts.say(person.language, "promo.unknown", ());
    let Some(promotion) = order_of(&checkout.invoice_payload) else {
        return Ok(Some(unknown()?));
    };
    if checkout.currency != STARS {
        return Ok(Some(unknown()?));
    }
    let (actor, stars) = (person.user_id, Some(checkout.total_amount));
    let asked = desk
        .ask(async |db| market::promotion_stars_quote(db, actor, promotion, stars).await)
        .await;
    match asked {
        Ok(_) => Ok(None),
        Err(failure) if failure.is_refusal() => Ok(Some(refused(&person, failure)?.text)),
        Err(failure) => Err(failure),
    }
}

/// Said without the database.
fn later(desk: &Desk, checkout: &Checkout) -> Result<String, Failure> {
    let code = checkout.from.language_code.as_deref();
    let language = match code {
        Some(code) if !code.starts_with("ru") => kardan_schema::Language::En,
        _ => kardan_schema::Language::Ru,
    };
    Ok(desk.texts.say(language, "promo.later", ())?)
}

/// Stars were taken. That an order is paid, a notice tells; who paid for nothing is told here.
pub async fn paid(visit: Visit<'_>, paid: &Paid) -> Result<Option<Answer>, Failure> {
    let Visit { desk, person, .. } = visit;
    let wish = StarPaymentTake {
        actor: person.user_id,
        telegram_id: visit.from.id,
        charge: paid.telegram_payment_charge_id.clone(),
        payload: paid.invoice_payload.clone(),
        stars: paid.total_amount,
    };
    let taken = desk
        .ask(async |db| market::star_payment_take(db, &wish).await)
        .await?;
    if taken.state != "stray" {
        return Ok(None);
    }
    let data = json!({ "stars": paid.total_amount });
    plain(desk, person, "promo.stray", data).map(Some)
}

/// Stars went back, whoever gave them back.
pub async fn went_back(desk: &Desk, charge: &str) -> Result<(), Failure> {
    desk.ask(async |db| market::star_payment_refunded(db, charge).await)
        .await
        .map(drop)
}
