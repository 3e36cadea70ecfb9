//! Hints: made when a listing is submitted, made anew when it is edited, shown to its people and to moderators.

use kardan_schema::market::{self, Hint, ListingPhotoAdd, ListingUpdate, ModerationEdit};
use kardan_schema::{HintKind, ListingId, ModerationItemId, Reason, Role, Status, UserId};
use kardan_testdb::ListingFixture;
use serde_json::json;

use super::Desk;
use crate::plans::{Explained, Mode};
use crate::support::reason;

/// What was noticed where, and the words.
fn brief(hints: &[Hint]) -> Vec<(HintKind, &str, &str)> {
    hints
        .iter()
        .map(|hint| (hint.kind, hint.field.as_str(), hint.excerpt.as_str()))
        .collect()
}

impl Desk {
    /// A draft of this person with these words.
    async fn draft(
        &self,
        owner: UserId,
        title: &str,
        description: &str,
        number: &str,
    ) -> anyhow::Result<ListingId> {
        let fixture = ListingFixture {
            status: Status::Draft,
            title: title.to_owned(),
            part_number: number.to_owned(),
            ..ListingFixture::default()
        };
        let listing = self.db.listing(owner, &fixture).await?;
        self.db
            .superuser()
            .await?
            .execute(
                "update market_data.listings set description = $2 where id = $1",
                &[&listing, &description],
            )
            .await?;
        Ok(listing)
    }

    async fn submit(&self, owner: UserId, listing: ListingId) -> anyhow::Result<ModerationItemId> {
        market::listing_submit(&*self.api, owner, listing, None).await?;
        self.item(listing).await
    }

    async fn mine(&self, listing: ListingId) -> anyhow::Result<Vec<Hint>> {
        Ok(market::listing_hint_list(&*self.api, self.author, listing).await?)
    }
}

/// A photo that looks like this.
fn shown(actor: UserId, listing: ListingId, hash: i64) -> ListingPhotoAdd {
    ListingPhotoAdd {
        actor,
        listing,
        version: None,
        storage_key: format!("ab/{listing}"),
        content_type: "image/webp".to_owned(),
        width: 640,
        height: 480,
        size_bytes: 1000,
        perceptual_hash: Some(hash),
    }
}

fn rewrite(actor: UserId, listing: ListingId, description: &str) -> ListingUpdate {
    ListingUpdate {
        actor,
        listing,
        version: None,
        title: None,
        description: Some(description.to_owned()),
        category: None,
        subcategory: None,
        brand: None,
        part_number: None,
        condition: None,
        place: None,
        attributes: None,
        contact_name: None,
        contact_phone: None,
        contact_telegram: None,
    }
}

#[tokio::test]
async fn the_author_is_told_which_words_and_contacts_stand_where() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk
        .draft(
            desk.author,
            "Колодки, а не г0вно",
            "Звоните 8 900 123-45-67",
            "",
        )
        .await?;
    assert_eq!(desk.mine(listing).await?, []);
    let item = desk.submit(desk.author, listing).await?;
    let hints = desk.mine(listing).await?;
    assert_eq!(
        brief(&hints),
        [
            (HintKind::Contact, "description", "8 900 123-45-67"),
            (HintKind::ForbiddenWord, "title", "г0вно"),
        ]
    );
    assert_eq!(hints[0].details["contact"], "phone");
    assert_eq!(hints[1].details["word"], "говно");
    let shown = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert_eq!(shown, hints);
    Ok(())
}

#[tokio::test]
async fn an_edit_makes_the_hints_anew_whoever_makes_it() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk
        .draft(desk.author, "Колодки передние", "Пишите @ivan_parts", "")
        .await?;
    let item = desk.submit(desk.author, listing).await?;
    assert_eq!(desk.mine(listing).await?.len(), 1);
    let edit = rewrite(
        desk.author,
        listing,
        "Новые, в упаковке, говно не предлагаю",
    );
    market::listing_update(&*desk.api, &edit).await?;
    assert_eq!(
        brief(&desk.mine(listing).await?),
        [(HintKind::ForbiddenWord, "description", "говно")]
    );
    market::moderation_claim(&*desk.api, desk.moderator, Some(1)).await?;
    let edit = ModerationEdit {
        actor: desk.moderator,
        item,
        version: None,
        title: None,
        description: Some("Новые, в упаковке".to_owned()),
        category: None,
        subcategory: None,
        brand: None,
        part_number: None,
        condition: None,
        attributes: None,
    };
    market::moderation_edit(&*desk.api, &edit).await?;
    assert_eq!(desk.mine(listing).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_published_listing_that_is_edited_gets_hints_of_its_new_check() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk
        .db
        .listing(desk.author, &ListingFixture::default())
        .await?;
    let edit = rewrite(desk.author, listing, "Вопросы в WhatsApp");
    market::listing_update(&*desk.api, &edit).await?;
    let item = desk.item(listing).await?;
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert_eq!(
        brief(&hints),
        [(HintKind::Contact, "description", "whatsapp")]
    );
    Ok(())
}

#[tokio::test]
async fn the_same_number_of_the_same_seller_is_told_in_any_spelling() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::User).await?;
    let of = |status, number: &str| ListingFixture {
        status,
        title: format!("Деталь {status}"),
        part_number: number.to_owned(),
        ..ListingFixture::default()
    };
    let mut live = Vec::new();
    for status in [Status::Pending, Status::Published, Status::Reserved] {
        live.push(
            desk.db
                .listing(desk.author, &of(status, "06D 115-562"))
                .await?,
        );
    }
    for status in [Status::Draft, Status::Sold, Status::Archived] {
        desk.db
            .listing(desk.author, &of(status, "06D115562"))
            .await?;
    }
    desk.db
        .listing(other, &of(Status::Published, "06D115562"))
        .await?;
    let listing = desk
        .draft(desk.author, "Маслоотделитель", "", "06d.115.562")
        .await?;
    desk.submit(desk.author, listing).await?;
    let hints = desk.mine(listing).await?;
    let mut told: Vec<i64> = hints
        .iter()
        .filter(|hint| hint.kind == HintKind::SameNumber)
        .filter_map(|hint| hint.details["listing_id"].as_i64())
        .collect();
    told.sort_unstable();
    assert_eq!(told, live.iter().map(|one| one.0).collect::<Vec<_>>());
    let none = desk.draft(desk.author, "Кронштейн", "", "").await?;
    desk.submit(desk.author, none).await?;
    assert_eq!(
        desk.mine(none).await?,
        [],
        "no number is no number in common"
    );
    Ok(())
}

#[tokio::test]
async fn nearly_the_same_text_of_the_same_seller_is_told_unless_the_numbers_differ()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let text = "Продаю фару левую в хорошем состоянии, без трещин, крепления целы";
    let first = desk
        .draft(desk.author, "Фара левая Toyota Camry XV50", text, "")
        .await?;
    desk.submit(desk.author, first).await?;
    let again = format!("{text}!");
    let second = desk
        .draft(
            desk.author,
            "Фара левая Toyota Camry XV 50",
            &again,
            "81150-33710",
        )
        .await?;
    desk.submit(desk.author, second).await?;
    let hints = desk.mine(second).await?;
    assert_eq!(
        brief(&hints),
        [(
            HintKind::SimilarText,
            "description",
            "Фара левая Toyota Camry XV50"
        )]
    );
    assert_eq!(hints[0].details["listing_id"], first.0);
    assert!(hints[0].details["similarity"].as_f64() >= Some(0.8));
    // Another number is another thing; another text is one, too.
    let third = desk
        .draft(
            desk.author,
            "Фара левая Toyota Camry XV50",
            text,
            "81150-06A00",
        )
        .await?;
    desk.submit(desk.author, third).await?;
    let told: Vec<_> = desk.mine(third).await?;
    assert!(
        told.iter()
            .all(|hint| hint.details["listing_id"] == first.0),
        "{told:?}"
    );
    let other = desk
        .draft(desk.author, "Радиатор охлаждения", "Алюминиевый, новый", "")
        .await?;
    desk.submit(desk.author, other).await?;
    assert_eq!(desk.mine(other).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_person_and_the_shops_they_sell_in_are_one_seller() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (colleague, stranger) = (
        desk.db.person(Role::User).await?,
        desk.db.person(Role::User).await?,
    );
    let text = "Продаю фару левую в хорошем состоянии, без трещин, крепления целы";
    let title = "Фара левая Toyota Camry XV50";
    // What the person sells themselves, and waits.
    let own = desk.draft(desk.author, title, text, "81150-33710").await?;
    desk.submit(desk.author, own).await?;
    let foreign = desk.draft(stranger, title, "", "81150-33710").await?;
    desk.submit(stranger, foreign).await?;
    // The same in the shop where they sell with a colleague.
    let in_shop = desk.draft(desk.author, title, text, "81150 33710").await?;
    desk.to_shop_of(in_shop, desk.author).await?;
    desk.db
        .superuser()
        .await?
        .execute(
            "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             select l.owner_shop_id, $2, 'seller', ops.clock_now() from market_data.listings as l where l.id = $1",
            &[&in_shop, &colleague],
        )
        .await?;
    let item = desk.submit(desk.author, in_shop).await?;
    let shown = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    let kinds: Vec<_> = shown
        .iter()
        .map(|hint| (hint.kind, hint.details["listing_id"].as_i64()))
        .collect();
    assert_eq!(
        kinds,
        [
            (HintKind::SameNumber, Some(own.0)),
            (HintKind::SimilarText, Some(own.0)),
        ]
    );
    assert_eq!(desk.mine(in_shop).await?, shown);
    // A colleague is not told of what the other one sells alone.
    let theirs = market::listing_hint_list(&*desk.api, colleague, in_shop).await?;
    assert_eq!(theirs, []);

    // And the other way round: the person's next copy meets the one of the shop.
    let again = desk.draft(colleague, title, text, "8115033710").await?;
    let item = desk.submit(colleague, again).await?;
    let shown = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert!(!shown.is_empty());
    assert!(
        shown
            .iter()
            .all(|hint| hint.details["listing_id"] == in_shop.0),
        "{shown:?}"
    );
    assert_eq!(
        market::listing_hint_list(&*desk.api, colleague, again).await?,
        shown
    );
    Ok(())
}

#[tokio::test]
async fn the_very_same_text_of_somebody_else_is_told_to_moderators_only() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::User).await?;
    let text = "Фара в отличном состоянии, стекло прозрачное, крепления целы.";
    let copied = desk.draft(other, "Фара Camry", text, "").await?;
    let session = desk.db.superuser().await?;
    session
        .batch_execute(&format!(
            "update market_data.listings set status = 'pending' where id = {copied};
             update market_data.listings set status = 'published', published_at = ops.clock_now() where id = {copied}"
        ))
        .await?;
    let copy = desk
        .draft(desk.author, "ФАРА, Camry", &text.to_uppercase(), "")
        .await?;
    let item = desk.submit(desk.author, copy).await?;
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert_eq!(
        brief(&hints),
        [(HintKind::SameTextElsewhere, "description", "Фара Camry")]
    );
    assert_eq!(hints[0].details["listing_id"], copied.0);
    assert_eq!(desk.mine(copy).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_photo_that_others_show_already_is_told_to_moderators_and_ones_own_to_the_author()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let other = desk.db.person(Role::User).await?;
    let foreign = desk.db.listing(other, &ListingFixture::default()).await?;
    let own = desk
        .db
        .listing(desk.author, &ListingFixture::default())
        .await?;
    let copy = desk.draft(desk.author, "Фара Camry", "", "").await?;
    for (owner, listing, hash) in [(other, foreign, 0x0ff0), (desk.author, own, 0x0ff1)] {
        let wish = shown(owner, listing, 0x5a3c_96e1_0f78_0000 | hash);
        market::listing_photo_add(&*desk.api, &wish).await?;
    }
    let item = desk.submit(desk.author, copy).await?;
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert_eq!(brief(&hints), []);

    // A photo that comes while the listing waits is looked at too.
    let wish = shown(desk.author, copy, 0x5a3c_96e1_0f78_0ff0);
    market::listing_photo_add(&*desk.api, &wish).await?;
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    let found: Vec<_> = hints
        .iter()
        .map(|hint| {
            (
                &hint.details["listing_id"],
                &hint.details["distance"],
                &hint.details["same_seller"],
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (&json!(foreign), &json!(0), &json!(false)),
            (&json!(own), &json!(1), &json!(true)),
        ]
    );
    let mine = desk.mine(copy).await?;
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].details["listing_id"], own.0);
    Ok(())
}

#[tokio::test]
async fn strangers_see_no_hints_and_only_moderators_see_those_of_an_item() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let stranger = desk.db.person(Role::User).await?;
    let (listing, item) = desk.submitted().await?;
    let answer = market::listing_hint_list(&*desk.api, stranger, listing).await;
    assert_eq!(reason(answer), Reason::ListingUnknown);
    let answer = market::moderation_hint_list(&*desk.api, desk.author, item).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    let answer =
        market::moderation_hint_list(&*desk.api, desk.moderator, ModerationItemId(-1)).await;
    assert_eq!(reason(answer), Reason::ModerationItemUnknown);
    Ok(())
}

#[tokio::test]
async fn copies_are_looked_for_through_indexes_however_large_the_market_is() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, _) = desk.submitted().await?;
    let other = desk.db.person(Role::User).await?;
    desk.db
        .superuser()
        .await?
        .batch_execute(&format!(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, description, category_id, subcategory_id,
                 condition, place_id, part_number, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, 'published', {other}, {other}, {other}, 'Деталь номер ' || n,
                 'Описание этой детали, довольно длинное, чтобы считаться: ' || n, l.category_id, l.subcategory_id,
                 l.condition, l.place_id, 'N-' || n, l.price_minor, 1, l.created_at, l.updated_at, l.created_at
             from market_data.listings as l, generate_series(1, 20000) as n
             where l.id = {listing};
             update market_data.listings
             set description = 'Описание этой детали, довольно длинное, чтобы считаться: 7' where id = {listing};
             analyze market_data.listings"
        ))
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let plans = Explained::run(
            &desk.db,
            mode,
            &format!("select count(*) from market.moderation_duplicate_hints({listing})"),
        )
        .await?;
        plans.assert_index("listings_part_number_idx");
        plans.assert_index("listings_waiting_number_idx");
        plans.assert_index("listings_text_hash_idx");
        plans.assert_index("listings_owner_user_id_idx");
        plans.assert_index("shop_members_user_id_shop_id_idx");
        plans.assert_no_full_scan("listings");
    }
    Ok(())
}
