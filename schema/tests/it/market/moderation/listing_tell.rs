//! What authors are told of their listings.

use kardan_schema::market::{self, ListingFlag, ModerationEdit, ModerationReject};
use kardan_schema::{FlagReason, ListingId, ModerationItemId, Role, Status, UserId};
use kardan_testdb::ListingFixture;
use serde_json::{Value, json};

use super::Desk;

impl Desk {
    /// What a person was told: kinds and data, in their order.
    async fn told(&self, person: UserId) -> anyhow::Result<Vec<(String, Value)>> {
        let rows = self
            .db
            .superuser()
            .await?
            .query(
                "select o.kind, o.data from notify_data.outbox as o
                 where o.user_id = $1 order by o.event_at, o.id",
                &[&person],
            )
            .await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    async fn retitle(&self, item: ModerationItemId, title: &str) -> anyhow::Result<()> {
        let wish = ModerationEdit {
            actor: self.moderator,
            item,
            version: None,
            title: Some(title.to_owned()),
            description: None,
            category: None,
            subcategory: None,
            brand: None,
            part_number: None,
            condition: None,
            attributes: None,
        };
        market::moderation_edit(&*self.api, &wish).await?;
        Ok(())
    }

    async fn reject(&self, item: ModerationItemId) -> anyhow::Result<()> {
        let wish = ModerationReject {
            actor: self.moderator,
            item,
            reason: "bad_photos".to_owned(),
            note: Some("Another part.".to_owned()),
            version: None,
        };
        market::moderation_reject(&*self.api, &wish).await?;
        Ok(())
    }

    async fn run(&self, job: &str) -> anyhow::Result<()> {
        let maintenance = self.db.as_role("kardan_maintenance").await?;
        maintenance
            .execute(&format!("select from market.{job}()"), &[])
            .await?;
        Ok(())
    }

    /// A published listing of the author that ends so long from now.
    async fn ending(&self, title: &str, after: &str) -> anyhow::Result<ListingId> {
        let fixture = ListingFixture {
            status: Status::Published,
            title: title.to_owned(),
            ..ListingFixture::default()
        };
        let listing = self.db.listing(self.author, &fixture).await?;
        self.arrange(
            &format!(
                "update market_data.listings
                 set expires_at = date_trunc('day', ops.clock_now(), 'UTC') + interval '{after}' where id = $1"
            ),
            listing,
        )
        .await?;
        Ok(listing)
    }
}

#[tokio::test]
async fn an_author_is_told_of_an_approval_once_with_what_the_moderator_changed()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (listing, item) = desk.claimed().await?;
    desk.retitle(item, "Brake pads, front").await?;
    for _ in 0..2 {
        market::moderation_approve(&*desk.api, desk.moderator, item, None).await?;
    }
    let told = desk.told(desk.author).await?;
    let [(kind, data)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(kind, "listing.approved");
    assert_eq!(data["listing_id"], json!(listing));
    assert_eq!(data["title"], json!("Brake pads, front"));
    assert_eq!(data["edits"]["title"]["to"], json!("Brake pads, front"));
    Ok(())
}

#[tokio::test]
async fn a_rejection_reaches_everybody_of_a_shop_with_its_reason_each_time() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let member = desk.db.person(Role::User).await?;
    let (listing, item) = desk.claimed().await?;
    desk.to_shop_of(listing, member).await?;
    desk.reject(item).await?;
    let told = desk.told(member).await?;
    assert_eq!(told[0].0, "listing.rejected");
    assert_eq!(told[0].1["reason"], json!("bad_photos"));
    assert_eq!(told[0].1["note"], json!("Another part."));
    assert!(told[0].1["shop_id"].is_number());
    assert!(desk.told(desk.author).await?.is_empty(), "not their shop's");
    let item = desk.resubmitted(listing).await?;
    market::moderation_claim(&*desk.api, desk.moderator, Some(100)).await?;
    desk.reject(item).await?;
    assert_eq!(desk.told(member).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn an_author_is_told_when_flags_take_a_listing_away() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let fixture = ListingFixture {
        status: Status::Published,
        ..ListingFixture::default()
    };
    let listing = desk.db.listing(desk.author, &fixture).await?;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(desk.db.person(Role::User).await?);
    }
    desk.db.shift_clock("2 days").await?;
    for actor in people {
        let wish = ListingFlag {
            actor,
            listing,
            reason: FlagReason::Spam,
            note: None,
        };
        market::listing_flag(&*desk.api, &wish).await?;
    }
    let told = desk.told(desk.author).await?;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "listing.hidden");
    Ok(())
}

#[tokio::test]
async fn what_ends_on_the_third_day_is_told_together_and_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.ending("too soon", "2 days 23 hours").await?;
    for number in 0..12 {
        desk.ending(
            &format!("ends {number}"),
            &format!("3 days {number} minutes"),
        )
        .await?;
    }
    desk.ending("later", "4 days").await?;
    for _ in 0..2 {
        desk.run("listings_expiring_tell").await?;
    }
    let told = desk.told(desk.author).await?;
    let [(kind, data)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(
        (kind.as_str(), &data["count"]),
        ("listing.expiring", &json!(12))
    );
    let titles: Vec<_> = data["listings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["title"])
        .collect();
    assert_eq!(titles.len(), 10);
    assert_eq!(titles[0], &json!("ends 0"));
    Ok(())
}

#[tokio::test]
async fn what_has_ended_is_told_when_it_is_archived() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.ending("over", "-1 minute").await?;
    for _ in 0..2 {
        desk.run("listings_expire").await?;
    }
    let told = desk.told(desk.author).await?;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "listing.expired");
    assert_eq!(told[0].1["listings"][0]["title"], json!("over"));
    Ok(())
}
