//! The goods of a shop as files: whole, harmless, and price lists again.

use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;

use crate::price_lists::{Store, TWO, counts};
use crate::support::{Server, problem};

/// Goods in every state, without codes, and the two of a price list, one with a title that looks like a formula.
async fn filled<'a>(server: &'a Server) -> anyhow::Result<Store<'a>> {
    let store = Store::open(server).await?;
    store
        .price_list("", TWO.replace("Колодки задние", "=1+1 задние"))
        .await?;
    for status in Status::ALL {
        let is_out = matches!(status, Status::Sold | Status::Reserved);
        let fixture = ListingFixture {
            status: *status,
            stock_quantity: if is_out { 0 } else { 3 },
            ..ListingFixture::default()
        };
        let listing = server.db.listing(store.owner.user, &fixture).await?;
        let give = "update market_data.listings set owner_user_id = null, owner_shop_id = $2,
            wholesale_price_minor = 1, wholesale_min_quantity = 5 where id = $1";
        server
            .superuser()
            .await?
            .execute(give, &[&listing, &store.shop])
            .await?;
    }
    let hold = "insert into market_data.reservations (
            id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
        select gen_random_uuid(), l.id, l.created_by, 2, 'RUB', 1, ops.clock_now()
        from market_data.listings as l where l.status in ('published', 'reserved')";
    server.superuser().await?.batch_execute(hold).await?;
    Ok(store)
}

#[tokio::test]
async fn what_is_exported_and_read_back_changes_nothing() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = filled(&server).await?;
    for (end, kind) in [
        ("goods.csv", "text/csv"),
        ("goods.csv?semicolon=true", "text/csv"),
        ("goods.xlsx", "application/octet-stream"),
    ] {
        let path = format!("/v1/shops/{}/{end}", store.shop);
        let answer = store.owner.get(&path).await?;
        assert_eq!(answer.status(), 200);
        let file = answer.bytes().await?;
        let sent = store
            .file("price-list", kind)
            .body(file.clone())
            .send()
            .await?;
        let report = crate::support::expect(sent, 200).await?;
        // Sold and archived goods have no pieces in the file, or are told to come back.
        let [new, changed, unchanged, left, refused] = counts(&report);
        assert_eq!(
            (new, refused, unchanged + left + changed),
            (0, 0, 9),
            "{end}: {report}"
        );
        assert_eq!(changed, 0, "{end}: {report}");
        if kind == "text/csv" {
            let text = std::str::from_utf8(&file)?;
            assert!(text.starts_with('\u{feff}'));
            assert!(text.contains("'=1+1 задние"), "{text}");
            assert!(text.contains("'+7 900 000-00-00"), "{text}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_goods_of_a_shop_are_its_members_affair() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let stranger = server.person(Role::User).await?;
    for end in ["goods.csv", "goods.xlsx"] {
        let path = format!("/v1/shops/{}/{end}", store.shop);
        problem(stranger.get(&path).await?, 403, "shop_role_required").await?;
        assert_eq!(store.owner.get(&path).await?.status(), 200);
    }
    Ok(())
}
