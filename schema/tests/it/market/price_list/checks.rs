//! What an upload gives to the moderators: what is ready, and no more than they can bear.

use kardan_schema::{Reason, Status};
use serde_json::{Value, json};

use super::{How, Shelf, row};
use crate::support::reason;

fn submitted() -> How {
    How {
        submit: true,
        ..How::default()
    }
}

#[tokio::test]
async fn drafts_that_are_ready_wait_for_a_moderator_and_the_others_are_told_why_not()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let old = shelf.good("old", Status::Draft).await?;
    let file = [
        row(2, "new", json!({})),
        row(3, "mute", json!({"contact_phone": ""})),
        row(4, "none", json!({"stock": "0"})),
        json!({"row": 5, "code": "old"}),
    ];
    let report = shelf.upload(&file, &submitted()).await?;
    assert_eq!(report.counts(), [3, 1, 0, 0, 0]);
    assert_eq!(
        report.wrong(),
        [
            (3, "contact_phone", "listing_contact_required"),
            (4, "stock", "listing_stock_required")
        ]
    );
    assert!(report.problems.iter().all(|problem| !problem.is_refused));
    assert_eq!(report.sum.checked_count, 2);
    for (good, status) in [
        (shelf.find("new").await?, Status::Pending),
        (old, Status::Pending),
        (shelf.find("mute").await?, Status::Draft),
        (shelf.find("none").await?, Status::Draft),
    ] {
        assert_eq!(shelf.now(good).await?.0, status);
        let waiting = i64::from(status == Status::Pending);
        assert_eq!(shelf.waiting(good).await?, waiting);
    }
    // The same again: what waits, waits; what could not be submitted still cannot.
    let again = shelf.upload(&file, &submitted()).await?;
    assert_eq!(again.counts(), [0, 0, 4, 0, 0], "{:?}", again.changes);
    assert_eq!(again.wrong(), report.wrong());
    Ok(())
}

#[tokio::test]
async fn a_required_extra_field_keeps_new_goods_among_the_drafts() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let require = "update catalog_data.attribute_definitions set required = true
        where kind = 'part' and key = 'side' and archived_at is null";
    assert!(shelf.admin.execute(require, &[]).await? > 0);
    let report = shelf
        .upload(&[row(2, "new", json!({}))], &submitted())
        .await?;
    assert_eq!(report.wrong(), [(2, "side", "attribute_required")]);
    assert_eq!(shelf.now(shelf.find("new").await?).await?.0, Status::Draft);
    Ok(())
}

#[tokio::test]
async fn one_upload_gives_the_moderators_a_bounded_number_and_the_next_one_goes_on()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let published = shelf.good("published", Status::Published).await?;
    let mut file: Vec<Value> = (2..6)
        .map(|number| row(number, &format!("new-{number}"), json!({})))
        .collect();
    file.push(json!({"row": 6, "code": "published", "title": "Другое название"}));
    let three = How {
        checks: Some(3),
        ..submitted()
    };
    let report = shelf.upload(&file, &three).await?;
    assert_eq!((report.sum.checked_count, report.sum.later_count), (3, 2));
    assert_eq!(report.counts(), [4, 0, 1, 0, 0]);
    // What is published is not changed by halves.
    assert_eq!(shelf.now(published).await?.0, Status::Published);
    let report = shelf.upload(&file, &three).await?;
    assert_eq!((report.sum.checked_count, report.sum.later_count), (2, 0));
    assert_eq!(shelf.now(published).await?.0, Status::Pending);
    let report = shelf.upload(&file, &three).await?;
    assert_eq!(report.counts(), [0, 0, 5, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn what_was_rejected_is_submitted_again_only_with_something_changed() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Rejected).await?;
    let same = [json!({"row": 2, "code": "A-1", "price": "2500"})];
    assert_eq!(
        shelf.upload(&same, &submitted()).await?.counts(),
        [0, 0, 1, 0, 0]
    );
    let better = [json!({"row": 2, "code": "A-1", "title": "Другое название"})];
    shelf.upload(&better, &submitted()).await?;
    assert_eq!(shelf.now(good).await?.0, Status::Pending);
    assert_eq!(
        shelf
            .see::<Option<String>>("l.rejection_reason", good)
            .await?,
        None
    );
    Ok(())
}

#[tokio::test]
async fn whoever_is_no_member_uploads_nothing() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let stranger = shelf.db.person(kardan_schema::Role::User).await?;
    let begun = kardan_schema::market::price_list_begin(&*shelf.api, stranger, shelf.shop).await;
    assert_eq!(reason(begun), Reason::ShopRoleRequired);
    Ok(())
}
