//! Goods that the file does not name.

use kardan_schema::{Role, Status};
use serde_json::json;

use super::{How, Shelf};

#[tokio::test]
async fn goods_that_the_file_does_not_name_stay_or_are_taken_from_sale_as_asked()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    shelf.good("named", Status::Published).await?;
    let published = shelf.good("published", Status::Published).await?;
    let pending = shelf.good("pending", Status::Pending).await?;
    let draft = shelf.good("draft", Status::Draft).await?;
    let held = shelf.good("held", Status::Published).await?;
    let own = shelf.good("own", Status::Published).await?;
    shelf.set(own, "code = null").await?;
    let buyer = shelf.db.person(Role::User).await?;
    let hold = "insert into market_data.reservations (
            id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
        values (gen_random_uuid(), $1, $2, 1, 'RUB', 1, ops.clock_now())";
    shelf.admin.execute(hold, &[&held, &buyer]).await?;

    let file = [json!({"row": 2, "code": "named", "price": "2500"})];
    let kept = shelf.upload(&file, &How::default()).await?;
    assert_eq!((kept.sum.missing_count, kept.withdrawn), (3, 0));
    assert_eq!(shelf.now(published).await?.0, Status::Published);

    let withdraw = How {
        withdraw: true,
        ..How::default()
    };
    let report = shelf.upload(&file, &withdraw).await?;
    assert_eq!((report.sum.missing_count, report.withdrawn), (3, 2));
    for (good, status) in [
        (published, Status::Archived),
        (pending, Status::Draft),
        (draft, Status::Draft),
        (held, Status::Published),
        (own, Status::Published),
    ] {
        assert_eq!(shelf.now(good).await?.0, status);
        assert_eq!(shelf.waiting(good).await?, 0);
    }
    // The same file once more finds nothing left to take away.
    assert_eq!(shelf.upload(&file, &withdraw).await?.withdrawn, 0);
    Ok(())
}

#[tokio::test]
async fn a_refused_row_still_names_its_good() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Published).await?;
    let withdraw = How {
        withdraw: true,
        ..How::default()
    };
    let file = [json!({"row": 2, "code": "A-1", "price": "dear"})];
    let report = shelf.upload(&file, &withdraw).await?;
    assert_eq!((report.counts(), report.withdrawn), ([0, 0, 0, 0, 1], 0));
    assert_eq!(shelf.now(good).await?.0, Status::Published);
    Ok(())
}
