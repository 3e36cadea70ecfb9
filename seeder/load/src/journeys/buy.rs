//! Somebody buys a piece: asks for it; the seller confirms and hands it over; the buyer has it.

use serde_json::{Value, json};

use crate::visit::{Ask, Ended, Walk};

steps! { Deal;
    REQUEST = "request", POST "/v1/listings/{listing_id}/deals",
        ["listing_unknown", "stock_insufficient", "reservation_own_listing", "deal_request_limit"];
    CONFIRM = "confirm", POST "/v1/deals/{deal_id}/confirm",
        ["stock_insufficient", "deal_move_illegal", "listing_unknown"];
    HAND_OVER = "hand over", POST "/v1/deals/{deal_id}/hand-over", ["deal_move_illegal"];
    COMPLETE = "complete", POST "/v1/deals/{deal_id}/complete", ["deal_move_illegal"];
}

/// The whole deal; gives its number. A review needs one, and its requests count as the deal's.
pub async fn go(walk: &mut Walk) -> Result<String, Ended> {
    let (buyer, stall) = (walk.visit.person.clone(), walk.visit.stall.clone());
    let ask = Ask::path(format!("/v1/listings/{}/deals", stall.listing))
        .by(&buyer)
        .json(json!({ "quantity": 1 }))
        .once();
    let made = walk.call(&REQUEST, ask).await?.json();
    let deal = made
        .get("deal_id")
        .and_then(Value::as_str)
        .ok_or(Ended)?
        .to_owned();
    let path = |what| format!("/v1/deals/{deal}/{what}");
    walk.call(&CONFIRM, Ask::path(path("confirm")).by(&stall.seller))
        .await?;
    walk.call(&HAND_OVER, Ask::path(path("hand-over")).by(&stall.seller))
        .await?;
    walk.call(&COMPLETE, Ask::path(path("complete")).by(&buyer))
        .await?;
    Ok(deal)
}

pub mod review {
    //! Says what the seller was like, and reads what was said of the deal.

    use serde_json::json;

    use crate::visit::{Ask, Ended, Walk};

    steps! { Review;
        WRITE = "write", PUT "/v1/deals/{deal_id}/review", ["review_edit_closed"];
        READ = "read", GET "/v1/deals/{deal_id}/reviews", [];
    }

    /// What people say.
    const SAID: [&str; 4] = [
        "Всё подошло, спасибо!",
        "Отправили в тот же день, упаковано хорошо",
        "Деталь как на фото, встала без доработки",
        "Exactly what I ordered",
    ];

    pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
        let deal = super::go(walk).await?;
        let me = walk.visit.person.clone();
        let stars = 5 - walk.visit.rng.below(6).saturating_sub(3);
        let text = walk.visit.rng.pick(&SAID).copied().unwrap_or_default();
        let ask = Ask::path(format!("/v1/deals/{deal}/review"))
            .by(&me)
            .json(json!({ "stars": stars, "text": text }));
        walk.call(&WRITE, ask).await?;
        walk.call(
            &READ,
            Ask::path(format!("/v1/deals/{deal}/reviews")).by(&me),
        )
        .await?;
        Ok(())
    }
}
