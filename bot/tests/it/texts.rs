//! Everything that can be told has a sentence, in both languages, out of the data that its kind promises.

use kardan_bot::Texts;
use kardan_schema::Language;
use kardan_testdb::Database;
use serde_json::{Value, json};

const BOTH: [Language; 2] = [Language::Ru, Language::En];

/// Data with every field that a kind of notice promises; each text has what HTML minds.
fn everything() -> Value {
    let one = json!({ "listing_id": 1, "title": "<b>&", "currency": "RUB", "price_minor": 100, "expires_at": "2026-01-01" });
    let alert = json!({ "name": "<b>&", "severity": "critical", "summary": "<i>", "description": "<script>",
            "runbook": "https://example.org/?a=1&b=2", "has_ended": false, "started_at": "2026-01-01T00:00:00Z", "ended_at": null });
    json!({
        "listing_id": 1, "shop_id": null, "title": "<b>&", "edits": { "title": { "from": "<b>&", "to": "<i>" }, "category_id": { "from": 1, "to": 2 } }, "reason": "rude <i>", "reason_title": "<i>",
        "note": "&", "count": 2, "listings": [one.clone(), one], "text": "<script>", "deal_id": "x", "user_id": 2, "quantity": 3,
        "currency": "RUB", "total_minor": 123_450, "state": "requested", "review_id": 4, "stars": 5, "price_minor": 100,
        "old_price_minor": 200, "name": "<&>", "message_id": "y", "until": "2026-12-31T00:00:00Z", "saved_search_id": 1,
        "promotion_id": 1, "order_kind": "insertion", "shown": 5, "clicked": 1, "begins_at": "2026-01-01T00:00:00Z",
        "ends_at": "2026-12-31T00:00:00Z", "url": "https://example.org/?a=1&b=2", "why": "gone", "broadcast_id": 1, "payment_id": 1,
        "firing": 1, "resolved": 0, "alerts": [alert],
    })
}

#[tokio::test]
async fn every_kind_of_notice_has_a_sentence_that_escapes_what_people_wrote() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let kinds = db
        .superuser()
        .await?
        .query(
            "select k.kind from notify_data.kinds as k where k.lane in ('notice', 'broadcast') order by 1",
            &[],
        )
        .await?;
    assert!(kinds.len() > 20);
    let texts = Texts::load()?;
    for language in BOTH {
        for row in &kinds {
            let kind: String = row.get(0);
            let name = if kind.contains('.') {
                kind.clone()
            } else {
                format!("{kind}.text")
            };
            let said = texts.say(language, &name, everything());
            let said = said.unwrap_or_else(|error| panic!("{kind}: {error:#}"));
            for raw in ["<b>&", "<script>", "<&>", "<i>", "a=1&b"] {
                assert!(!said.replace("<b>&lt;", "").contains(raw), "{kind}: {said}");
            }
        }
    }
    Ok(())
}

#[test]
fn both_languages_have_the_same_sentences() {
    let texts = Texts::load().unwrap();
    assert_eq!(texts.names(Language::Ru), texts.names(Language::En));
}
