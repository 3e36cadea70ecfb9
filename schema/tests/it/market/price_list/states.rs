//! What an upload does to goods in every state of their life, and to pieces that are held.

use kardan_schema::Status;
use serde_json::json;

use super::{How, Shelf};

#[tokio::test]
async fn stock_counts_the_shelf_and_what_is_held_cannot_be_sold() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let buyer = shelf.db.person(kardan_schema::Role::User).await?;
    let mut goods = Vec::new();
    for code in ["more", "held", "none"] {
        let good = shelf.good(code, Status::Published).await?;
        let hold = "insert into market_data.reservations (
                id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
            values (gen_random_uuid(), $1, $2, 2, 'RUB', 1, ops.clock_now())";
        shelf.admin.execute(hold, &[&good, &buyer]).await?;
        goods.push(good);
    }
    let file = [
        json!({"row": 2, "code": "more", "stock": "10"}),
        json!({"row": 3, "code": "held", "stock": "2"}),
        json!({"row": 4, "code": "none", "stock": "0"}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.counts(), [0, 3, 0, 0, 0], "{:?}", report.problems);
    assert_eq!(shelf.now(goods[0]).await?, (Status::Published, 250_000, 8));
    assert_eq!(shelf.now(goods[1]).await?, (Status::Reserved, 250_000, 0));
    assert_eq!(shelf.now(goods[2]).await?, (Status::Reserved, 250_000, 0));
    // Pieces again, and it is for sale again.
    let file = [json!({"row": 2, "code": "held", "stock": "3"})];
    shelf.upload(&file, &How::default()).await?;
    assert_eq!(shelf.now(goods[1]).await?, (Status::Published, 250_000, 1));
    Ok(())
}

#[tokio::test]
async fn the_last_piece_gone_sells_a_good_and_leaves_its_text_alone() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let good = shelf.good("A-1", Status::Published).await?;
    let file = [json!({"row": 2, "code": "A-1", "stock": "0", "title": "Другое название"})];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.counts(), [0, 1, 0, 0, 0]);
    assert_eq!(shelf.now(good).await?.0, Status::Sold);
    assert_eq!(
        shelf.see::<String>("l.title", good).await?,
        "Колодки тормозные передние"
    );
    let events = "(select array_agg(e.event order by e.id) from market_data.listing_events as e
                   where e.listing_id = l.id)";
    assert_eq!(
        shelf.see::<Vec<String>>(events, good).await?,
        ["created", "sold"]
    );
    // And once more: it is sold, and the file has no pieces.
    assert_eq!(
        shelf.upload(&file, &How::default()).await?.counts(),
        [0, 0, 0, 1, 0]
    );
    Ok(())
}

#[tokio::test]
async fn sold_and_archived_goods_stay_so_until_the_file_has_pieces_of_them() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let (sold, archived) = (
        shelf.good("sold", Status::Sold).await?,
        shelf.good("archived", Status::Archived).await?,
    );
    let priced = [
        json!({"row": 2, "code": "sold", "price": "1"}),
        json!({"row": 3, "code": "archived", "price": "1"}),
    ];
    assert_eq!(
        shelf.upload(&priced, &How::default()).await?.counts(),
        [0, 0, 0, 2, 0]
    );
    let back = [
        json!({"row": 2, "code": "sold", "price": "1", "stock": "4"}),
        json!({"row": 3, "code": "archived", "price": "1", "stock": "4"}),
    ];
    let report = shelf.upload(&back, &How::default()).await?;
    assert_eq!(report.counts(), [0, 2, 0, 0, 0], "{:?}", report.problems);
    for good in [sold, archived] {
        assert_eq!(shelf.now(good).await?, (Status::Draft, 100, 4));
    }
    assert_eq!(
        shelf.upload(&back, &How::default()).await?.counts(),
        [0, 0, 2, 0, 0]
    );
    Ok(())
}

#[tokio::test]
async fn another_text_sends_a_published_good_to_the_moderators_and_one_that_is_checked_waits()
-> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    let published = shelf.good("published", Status::Published).await?;
    let pending = shelf.good("pending", Status::Pending).await?;
    let claimed = shelf.good("claimed", Status::Pending).await?;
    let moderator = shelf.db.person(kardan_schema::Role::Moderator).await?;
    let claim = "update market_data.moderation_items
        set claimed_by = $2, claimed_until = ops.clock_now() + interval '15 minutes'
        where listing_id = $1";
    shelf.admin.execute(claim, &[&claimed, &moderator]).await?;
    let title = "Колодки, пишите на 8 900 123-45-67";
    let file = [
        json!({"row": 2, "code": "published", "title": title}),
        json!({"row": 3, "code": "pending", "title": title, "price": "7"}),
        json!({"row": 4, "code": "claimed", "title": title}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(report.wrong(), [(4, "title", "listing_under_review")]);
    assert_eq!((report.sum.checked_count, report.sum.changed_count), (2, 2));
    for good in [published, pending] {
        assert_eq!(shelf.now(good).await?.0, Status::Pending);
        assert_eq!(shelf.waiting(good).await?, 1);
        let hints = "(select count(*) from market_data.moderation_hints as h
            join market_data.moderation_items as i on i.id = h.item_id
            where i.listing_id = l.id and h.kind = 'contact')";
        assert!(shelf.see::<i64>(hints, good).await? > 0);
    }
    assert_eq!(shelf.now(pending).await?.1, 700);
    Ok(())
}

#[tokio::test]
async fn what_a_state_does_not_allow_is_refused_row_by_row() -> anyhow::Result<()> {
    let shelf = Shelf::new().await?;
    shelf.good("reserved", Status::Reserved).await?;
    shelf.good("pending", Status::Pending).await?;
    let mute = shelf.good("mute", Status::Published).await?;
    shelf.good("rubles", Status::Draft).await?;
    shelf.good("part", Status::Draft).await?;
    let service: String = shelf
        .see(
            "(select c.slug from catalog_data.categories as c where c.kind = 'service' and c.level = 2 limit 1)",
            mute,
        )
        .await?;
    let file = [
        json!({"row": 2, "code": "reserved", "title": "Другое название"}),
        json!({"row": 3, "code": "pending", "stock": "0"}),
        json!({"row": 4, "code": "mute", "contact_phone": ""}),
        json!({"row": 5, "code": "rubles", "currency": "USD", "price": "1"}),
        json!({"row": 6, "code": "part", "category": service}),
    ];
    let report = shelf.upload(&file, &How::default()).await?;
    assert_eq!(
        report.wrong(),
        [
            (2, "title", "listing_not_editable"),
            (3, "stock", "listing_stock_required"),
            (4, "contact_phone", "listing_contact_required"),
            (5, "currency", "price_list_currency_fixed"),
            (6, "category", "listing_category_of_kind"),
        ]
    );
    Ok(())
}
