//! Flags: who may raise them, what they do, and what a moderator's decision makes of them.

use kardan_schema::market::{self, ListingFlag, ModerationFlagList};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{
    Error, FlagOutcome, FlagReason, HintKind, ListingId, Reason, Role, Status, UserId,
};
use kardan_testdb::ListingFixture;

use super::Desk;
use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};
use crate::support::reason;

fn flag(actor: UserId, listing: ListingId) -> ListingFlag {
    ListingFlag {
        actor,
        listing,
        reason: FlagReason::Spam,
        note: None,
    }
}

fn flags(actor: UserId) -> ModerationFlagList {
    ModerationFlagList {
        actor,
        listing: None,
        is_open: None,
        limit: None,
        after: None,
    }
}

impl Desk {
    async fn published(&self) -> anyhow::Result<ListingId> {
        self.db
            .listing(self.author, &ListingFixture::default())
            .await
    }

    /// People whose accounts are older than a day.
    async fn elders(&self, count: usize) -> anyhow::Result<Vec<UserId>> {
        let mut people = Vec::new();
        for _ in 0..count {
            people.push(self.db.person(Role::User).await?);
        }
        self.db
            .superuser()
            .await?
            .execute(
                "update people_data.users set created_at = ops.clock_now() - interval '2 days'",
                &[],
            )
            .await?;
        Ok(people)
    }

    async fn status(&self, listing: ListingId) -> anyhow::Result<Status> {
        let inside = market::listing_view(&*self.api, self.author, listing).await?;
        Ok(inside.unwrap().status)
    }

    async fn items(&self, listing: ListingId) -> anyhow::Result<i64> {
        let row = self
            .db
            .superuser()
            .await?
            .query_one(
                "select count(*) from market_data.moderation_items as i where i.listing_id = $1",
                &[&listing],
            )
            .await?;
        Ok(row.get(0))
    }
}

#[tokio::test]
async fn the_third_flag_hides_a_listing_and_the_queue_says_why() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let people = desk.elders(4).await?;
    for person in &people[..2] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
        assert_eq!(desk.status(listing).await?, Status::Published);
    }
    let third = ListingFlag {
        reason: FlagReason::Prohibited,
        note: Some(" Это подделка ".to_owned()),
        ..flag(people[2], listing)
    };
    let told = market::listing_flag(&*desk.api, &third).await?;
    assert_eq!(told.note, "Это подделка");
    assert_eq!(desk.status(listing).await?, Status::Pending);
    assert_eq!(market::listing_get(&*desk.api, listing).await?, None);
    let item = desk.item(listing).await?;
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert_eq!(hints[0].kind, HintKind::Flagged);
    assert_eq!(
        hints[0].details,
        serde_json::json!({"people": 3, "reasons": {"spam": 2, "prohibited": 1}})
    );
    // Its owner is told why, and by nobody's name.
    let mine = market::listing_hint_list(&*desk.api, desk.author, listing).await?;
    assert_eq!(mine[0].details, hints[0].details);
    let row = desk
        .db
        .superuser()
        .await?
        .query_one(
            "select e.event, e.actor_id from market_data.listing_events as e
             where e.listing_id = $1 order by e.id desc limit 1",
            &[&listing],
        )
        .await?;
    assert_eq!(
        (
            row.get::<_, String>(0).as_str(),
            row.get::<_, Option<i64>>(1)
        ),
        ("resubmitted", None)
    );
    // What is hidden is nothing to flag for somebody new.
    let late = market::listing_flag(&*desk.api, &flag(people[3], listing)).await;
    assert_eq!(reason(late), Reason::ListingUnknown);
    // The item is nobody's own but the author's: any moderator can take it.
    let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    assert_eq!(claimed[0].item_id, item);
    Ok(())
}

#[tokio::test]
async fn a_repeat_changes_the_flag_and_counts_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let person = desk.elders(1).await?[0];
    let first = market::listing_flag(&*desk.api, &flag(person, listing)).await?;
    let again = market::listing_flag(&*desk.api, &flag(person, listing)).await?;
    assert_eq!(again, first);
    for reason in [FlagReason::WrongCategory, FlagReason::SoldElsewhere] {
        let changed = ListingFlag {
            reason,
            ..flag(person, listing)
        };
        let changed = market::listing_flag(&*desk.api, &changed).await?;
        assert_eq!(changed.reason, reason);
        assert_eq!(changed.flagged_at, first.flagged_at);
    }
    assert_eq!(desk.status(listing).await?, Status::Published);
    let listed = market::moderation_flag_list(&*desk.api, &flags(desk.moderator)).await?;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].reason, FlagReason::SoldElsewhere);
    Ok(())
}

#[tokio::test]
async fn new_accounts_and_blocked_people_do_not_help_to_hide() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let elders = desk.elders(4).await?;
    for _ in 0..3 {
        let new = desk.db.person(Role::User).await?;
        market::listing_flag(&*desk.api, &flag(new, listing)).await?;
    }
    assert_eq!(desk.status(listing).await?, Status::Published);
    market::listing_flag(&*desk.api, &flag(elders[0], listing)).await?;
    let ban = UserBlock {
        actor: desk.db.person(Role::Admin).await?,
        user: elders[0],
        until: None,
        reason: "Spam".to_owned(),
    };
    people::user_block(&*desk.api, &ban).await?;
    for person in &elders[1..3] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
        assert_eq!(desk.status(listing).await?, Status::Published);
    }
    let blocked = market::listing_flag(&*desk.api, &flag(elders[0], listing)).await;
    assert_eq!(reason(blocked), Reason::ActorBlocked);
    market::listing_flag(&*desk.api, &flag(elders[3], listing)).await?;
    assert_eq!(desk.status(listing).await?, Status::Pending);
    Ok(())
}

#[tokio::test]
async fn after_an_approval_the_flags_are_closed_and_hide_no_more() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let people = desk.elders(6).await?;
    for person in &people[..3] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
    }
    let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    market::moderation_approve(&*desk.api, desk.moderator, claimed[0].item_id, None).await?;
    let closed = market::moderation_flag_list(&*desk.api, &flags(desk.moderator)).await?;
    assert_eq!(closed.len(), 3);
    for one in &closed {
        assert_eq!(
            (one.outcome, one.closed_by),
            (Some(FlagOutcome::Dismissed), Some(desk.moderator))
        );
    }
    // The same three again: they were heard once.
    for person in &people[..3] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
    }
    assert_eq!(desk.status(listing).await?, Status::Published);
    let open = ModerationFlagList {
        is_open: Some(true),
        ..flags(desk.moderator)
    };
    let open = market::moderation_flag_list(&*desk.api, &open).await?;
    assert!(
        open.len() == 3 && open.iter().all(|one| !one.counts),
        "{open:?}"
    );
    for person in &people[3..] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
    }
    assert_eq!(desk.status(listing).await?, Status::Pending);
    Ok(())
}

#[tokio::test]
async fn a_rejection_upholds_the_flags() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    for person in desk.elders(3).await? {
        market::listing_flag(&*desk.api, &flag(person, listing)).await?;
    }
    let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    let rejection = market::ModerationReject {
        actor: desk.moderator,
        item: claimed[0].item_id,
        reason: "prohibited".to_owned(),
        note: None,
        version: None,
    };
    market::moderation_reject(&*desk.api, &rejection).await?;
    let of_listing = ModerationFlagList {
        listing: Some(listing),
        ..flags(desk.moderator)
    };
    let listed = market::moderation_flag_list(&*desk.api, &of_listing).await?;
    assert!(
        listed
            .iter()
            .all(|one| one.outcome == Some(FlagOutcome::Upheld))
    );
    assert_eq!(desk.status(listing).await?, Status::Rejected);
    Ok(())
}

#[tokio::test]
async fn a_reserved_listing_is_hidden_too_and_is_reserved_again_when_it_is_approved()
-> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let people = desk.elders(4).await?;
    let held = market::listing_reserve(&*desk.api, people[3], listing, 3).await?;
    assert_eq!(desk.status(listing).await?, Status::Reserved);
    for person in &people[..3] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
    }
    assert_eq!(desk.status(listing).await?, Status::Pending);
    assert_eq!(market::listing_get(&*desk.api, listing).await?, None);
    // The buyer keeps the pieces and sees what they are.
    let mine = market::reservation_list_mine(&*desk.api, people[3], None, None).await?;
    assert_eq!(
        (mine[0].listing_status, mine[0].title.is_empty()),
        (Status::Pending, false)
    );
    let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    market::moderation_approve(&*desk.api, desk.moderator, claimed[0].item_id, None).await?;
    assert_eq!(desk.status(listing).await?, Status::Reserved);
    market::reservation_release(&*desk.api, people[3], held.reservation_id).await?;
    assert_eq!(desk.status(listing).await?, Status::Published);
    Ok(())
}

#[tokio::test]
async fn pieces_of_a_flagged_listing_come_back_or_are_sold_while_it_waits() -> anyhow::Result<()> {
    for is_sold in [true, false] {
        let desk = Desk::open().await?;
        let listing = desk.published().await?;
        let people = desk.elders(4).await?;
        let held = market::listing_reserve(&*desk.api, people[3], listing, 3).await?;
        for person in &people[..3] {
            market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
        }
        if is_sold {
            market::reservation_sell(&*desk.api, desk.author, held.reservation_id).await?;
        } else {
            market::reservation_release(&*desk.api, people[3], held.reservation_id).await?;
        }
        assert_eq!(desk.status(listing).await?, Status::Pending);
        let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
        market::moderation_approve(&*desk.api, desk.moderator, claimed[0].item_id, None).await?;
        let end = if is_sold {
            Status::Sold
        } else {
            Status::Published
        };
        assert_eq!(desk.status(listing).await?, end);
    }
    Ok(())
}

#[tokio::test]
async fn the_third_and_the_fourth_flag_at_one_time_hide_it_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let people = desk.elders(4).await?;
    for person in &people[..2] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
    }
    let mut third = desk.db.as_role("kardan_api").await?;
    let fourth = desk.db.as_role("kardan_api").await?;
    let process = backend(&fourth).await?;
    let tx = third.transaction().await?;
    market::listing_flag(&tx, &flag(people[2], listing)).await?;
    let last = flag(people[3], listing);
    let waiting = tokio::spawn(async move { market::listing_flag(&*fourth, &last).await });
    until_blocked(&desk.db, process).await?;
    tx.commit().await?;
    waiting.await??;
    assert_eq!(desk.status(listing).await?, Status::Pending);
    assert_eq!(desk.items(listing).await?, 1);
    let item = desk.item(listing).await?;
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, item).await?;
    assert_eq!(hints[0].details["people"], 4);
    Ok(())
}

#[tokio::test]
async fn nobody_flags_their_own_listing_or_one_that_they_cannot_see() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let listing = desk.published().await?;
    let person = desk.elders(1).await?[0];
    let own = market::listing_flag(&*desk.api, &flag(desk.author, listing)).await;
    assert_eq!(reason(own), Reason::FlagOwnListing);
    let (hidden, _) = desk.submitted().await?;
    for unseen in [hidden, ListingId(-1)] {
        let answer = market::listing_flag(&*desk.api, &flag(person, unseen)).await;
        assert_eq!(reason(answer), Reason::ListingUnknown);
    }
    desk.to_shop_of(listing, person).await?;
    let shops = market::listing_flag(&*desk.api, &flag(person, listing)).await;
    assert_eq!(reason(shops), Reason::FlagOwnListing);
    let long = ListingFlag {
        note: Some("х".repeat(1001)),
        ..flag(desk.moderator, listing)
    };
    let answer = market::listing_flag(&*desk.api, &long).await;
    assert_eq!(reason(answer), Reason::ListingFlagNoteLength);
    Ok(())
}

#[tokio::test]
async fn a_flood_of_flags_is_refused_with_the_seconds_left() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let person = desk.elders(1).await?[0];
    desk.db
        .superuser()
        .await?
        .execute(
            "update ops_data.settings set value = '2' where key = 'flags.daily_count'",
            &[],
        )
        .await?;
    let mut listings = Vec::new();
    for _ in 0..3 {
        listings.push(desk.published().await?);
    }
    for listing in &listings[..2] {
        market::listing_flag(&*desk.api, &flag(person, *listing)).await?;
    }
    let refusal = market::listing_flag(&*desk.api, &flag(person, listings[2])).await;
    let Err(Error::Limited(fault, wait)) = refusal else {
        panic!("was not limited: {refusal:?}");
    };
    assert_eq!(fault.reason, Reason::FlagLimit);
    assert!((86_000..=86_400).contains(&wait.as_secs()), "{wait:?}");
    // What was flagged already may still be changed.
    market::listing_flag(&*desk.api, &flag(person, listings[0])).await?;
    desk.db.shift_clock("24 hours 1 second").await?;
    market::listing_flag(&*desk.api, &flag(person, listings[2])).await?;
    Ok(())
}

#[tokio::test]
async fn moderators_list_flags_in_pages_and_nobody_else_does() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let people = desk.elders(3).await?;
    let listing = desk.published().await?;
    let other = desk.published().await?;
    for person in &people[..2] {
        market::listing_flag(&*desk.api, &flag(*person, listing)).await?;
    }
    market::listing_flag(&*desk.api, &flag(people[2], other)).await?;
    let page = ModerationFlagList {
        limit: Some(2),
        ..flags(desk.moderator)
    };
    let first = market::moderation_flag_list(&*desk.api, &page).await?;
    assert_eq!(
        first.iter().map(|one| one.user_id).collect::<Vec<_>>(),
        [people[2], people[1]]
    );
    let rest = ModerationFlagList {
        after: Some(first[1].flag_id),
        ..page
    };
    let rest = market::moderation_flag_list(&*desk.api, &rest).await?;
    assert_eq!(rest.len(), 1);
    assert_eq!((rest[0].user_id, rest[0].outcome), (people[0], None));
    let answer = market::moderation_flag_list(&*desk.api, &flags(desk.author)).await;
    assert_eq!(reason(answer), Reason::RoleRequired);
    Ok(())
}

#[tokio::test]
async fn flags_are_found_by_their_indexes_however_many_there_are() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let person = desk.elders(1).await?[0];
    let listing = desk.published().await?;
    desk.db
        .superuser()
        .await?
        .batch_execute(&format!(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, 'published', l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                 l.subcategory_id, l.condition, l.place_id, l.price_minor, 1, l.created_at, l.updated_at, l.published_at
             from market_data.listings as l, generate_series(1, 500)
             where l.id = {listing};
             insert into market_data.listing_flags (
                 listing_id, user_id, reason, weight, created_at, closed_at, outcome, closed_by)
             select l.id, {author}, 'spam', 1, ops.clock_now() - n * interval '1 hour', ops.clock_now(), 'upheld',
                 {moderator}
             from market_data.listings as l, generate_series(1, 40) as n;
             insert into market_data.listing_flags (listing_id, user_id, reason, weight, created_at)
             select l.id, {person}, 'spam', 1, ops.clock_now() - interval '2 days'
             from market_data.listings as l where l.id <> {listing} limit 200;
             analyze market_data.listings, market_data.listing_flags",
            author = desk.author,
            moderator = desk.moderator,
        ))
        .await?;
    let list = |what: &str| {
        format!(
            "select count(*) from market.moderation_flag_list({}, {what}, 20, null)",
            desk.moderator
        )
    };
    for mode in [Mode::Custom, Mode::Generic] {
        for (statement, index) in [
            (
                list(&format!("{listing}, null")),
                "listing_flags_listing_id_idx",
            ),
            (list("null, true"), "listing_flags_open_idx"),
            (list("null, null"), "listing_flags_pkey"),
            (
                format!(
                    "select market.listing_flag_require({}, {listing})",
                    desk.moderator
                ),
                "listing_flags_user_id_idx",
            ),
            (
                format!("select market.listing_flag({person}, {listing}, 'spam', null)"),
                "listing_flag_open_unique",
            ),
        ] {
            let plans = Explained::run(&desk.db, mode, &statement).await?;
            plans.assert_index(index);
            plans.assert_no_full_scan("listing_flags");
        }
    }
    Ok(())
}

#[tokio::test]
async fn one_flag_is_enough_for_a_moderator_who_takes_the_listing_back() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let bot = desk.db.as_role("kardan_bot").await?;
    let listing = desk.published().await?;
    let person = desk.elders(1).await?[0];
    market::listing_flag(&*desk.api, &flag(person, listing)).await?;
    let recalled = market::moderation_recall(&*bot, desk.moderator, listing).await?;
    assert_eq!(recalled.status, Status::Pending);
    assert_eq!(market::listing_get(&*desk.api, listing).await?, None);
    // Again it is the same item, and nobody is told twice.
    assert_eq!(
        market::moderation_recall(&*bot, desk.moderator, listing).await?,
        recalled
    );
    assert_eq!(desk.audited(listing).await?, ["moderation.recall"]);
    let hints = market::moderation_hint_list(&*desk.api, desk.moderator, recalled.item_id).await?;
    assert_eq!(hints[0].kind, HintKind::Flagged);
    // The decision in the queue is the one on the flag, by whoever took it back.
    let claimed = market::moderation_claim(&*desk.api, desk.moderator, None).await?;
    assert_eq!(claimed[0].item_id, recalled.item_id);
    let waits = market::moderation_flags_dismiss(&*bot, desk.moderator, listing).await?;
    assert_eq!(waits.dismissed_count, 0);
    market::moderation_approve(&*desk.api, desk.moderator, recalled.item_id, None).await?;
    let closed = market::moderation_flag_list(&*desk.api, &flags(desk.moderator)).await?;
    assert_eq!(closed[0].outcome, Some(FlagOutcome::Dismissed));
    Ok(())
}

#[tokio::test]
async fn flags_of_a_listing_that_people_see_are_dismissed_and_it_stays() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let bot = desk.db.as_role("kardan_bot").await?;
    let listing = desk.published().await?;
    let people = desk.elders(2).await?;
    for person in people {
        market::listing_flag(&*desk.api, &flag(person, listing)).await?;
    }
    for expected in [2, 0] {
        let told = market::moderation_flags_dismiss(&*bot, desk.moderator, listing).await?;
        assert_eq!(told.dismissed_count, expected);
    }
    assert_eq!(desk.status(listing).await?, Status::Published);
    assert_eq!(desk.audited(listing).await?, ["moderation.flags_dismiss"]);
    Ok(())
}

#[tokio::test]
async fn nobody_takes_back_or_clears_what_is_their_own_or_nobodys_to_see() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let bot = desk.db.as_role("kardan_bot").await?;
    let listing = desk.published().await?;
    let own = desk
        .db
        .listing(desk.moderator, &ListingFixture::default())
        .await?;
    for (actor, listing, expected) in [
        (desk.author, listing, Reason::RoleRequired),
        (desk.moderator, own, Reason::ModerationOwnListing),
        (desk.moderator, ListingId(-1), Reason::ListingUnknown),
    ] {
        let recalled = market::moderation_recall(&*bot, actor, listing).await;
        assert_eq!(reason(recalled), expected);
        let dismissed = market::moderation_flags_dismiss(&*bot, actor, listing).await;
        assert_eq!(reason(dismissed), expected);
    }
    let draft = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let draft = desk.db.listing(desk.author, &draft).await?;
    let recalled = market::moderation_recall(&*bot, desk.moderator, draft).await;
    assert_eq!(reason(recalled), Reason::ListingMoveIllegal);
    Ok(())
}
