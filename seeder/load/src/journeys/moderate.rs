//! Somebody moderates: looks at the queue, takes a few, reads one and decides about it.

use serde_json::json;

use super::numbers;
use crate::visit::{Ask, Ended, Walk};

steps! { Moderate;
    QUEUE = "queue", GET "/v1/moderation/queue", [];
    CLAIM = "claim", POST "/v1/moderation/claims", [];
    CARD = "card", GET "/v1/moderation/items/{item_id}", ["moderation_item_unknown"];
    HINTS = "hints", GET "/v1/moderation/items/{item_id}/hints", ["moderation_item_unknown"];
    APPROVE = "approve", POST "/v1/moderation/items/{item_id}/approve",
        ["moderation_decided", "claim_required", "version_stale", "moderation_item_unknown"];
    REASONS = "reasons", GET "/v1/moderation/reasons", [];
    REJECT = "reject", POST "/v1/moderation/items/{item_id}/reject",
        ["moderation_decided", "claim_required", "version_stale", "moderation_item_unknown"];
}

pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
    let me = walk.visit.moderator.clone();
    walk.call(&QUEUE, Ask::path("/v1/moderation/queue").by(&me))
        .await?;
    let ask = Ask::path("/v1/moderation/claims")
        .by(&me)
        .json(json!({ "limit": 3 }));
    let claimed = walk.call(&CLAIM, ask).await?.json();
    // Nothing waits: then there is nothing to do.
    let items = numbers(&claimed, "item_id");
    let Some(item) = walk.visit.rng.pick(&items) else {
        return Ok(());
    };
    let path = format!("/v1/moderation/items/{item}");
    let version = walk.call(&CARD, Ask::path(&path).by(&me)).await?.etag;
    walk.call(&HINTS, Ask::path(format!("{path}/hints")).by(&me))
        .await?;
    if walk.visit.rng.permille(850) {
        let ask = Ask::path(format!("{path}/approve"))
            .by(&me)
            .version(version);
        walk.call(&APPROVE, ask).await?;
        return Ok(());
    }
    let reasons = walk
        .call(&REASONS, Ask::path("/v1/moderation/reasons").by(&me))
        .await?
        .json();
    let codes: Vec<&str> = reasons
        .get("items")
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|reason| reason.get("code")?.as_str())
        .collect();
    let code = walk.visit.rng.pick(&codes).ok_or(Ended)?;
    let ask = Ask::path(format!("{path}/reject")).by(&me).version(version);
    walk.call(&REJECT, ask.json(json!({ "reason": code })))
        .await?;
    Ok(())
}
