//! Who looks at a listing and at its contacts, and what its seller writes to them.

use axum::extract::State;
use kardan_schema::market::{
    self, ContactNotice, ContactNoticeList, ContactsNotified, ListingContactStats, ListingContacts,
    ListingContactsShow,
};
use kardan_schema::{ContactSource, ListingId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Json, Page, Result, done};
use crate::app::App;
use crate::auth::{Anybody, Moderate, ReadInside, Write};
use crate::extract::{Ask, At, Once, PageAsk};
use crate::table::{Table, add};
use crate::views::Seen;

pub fn add(table: &mut Table) {
    add!(table;
        listing_contacts_show => "market.listing_contacts_show";
        listing_view_record => "market.listing_view_record";
        listing_contact_stats => "market.listing_contact_stats";
        listing_contacts_notify => "market.listing_contacts_notify", "ops.idempotency_begin", "ops.idempotency_finish";
        contact_notice_list => "market.contact_notice_list";
        moderation_contact_notice_list => "market.moderation_contact_notice_list";
    );
}

/// Show the contacts of a seller. It is noted who looked, by their token, or that a visitor did. Too many: 429 with the
/// seconds to wait.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/contacts", tag = "listings",
    responses((status = 200, description = "The contacts.", body = ListingContacts)))]
async fn listing_contacts_show(
    State(app): State<App>,
    who: Anybody,
    At(listing): At<ListingId>,
) -> Result<Json<ListingContacts>> {
    let (actor, visitor) = who.split();
    let show = ListingContactsShow {
        actor,
        visitor,
        listing,
        source: ContactSource::Api,
    };
    Ok(Json(
        market::listing_contacts_show(&app.write().await?, &show).await?,
    ))
}

/// Say that somebody looks at a listing. It is counted a second later, once a day and viewer.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/views", tag = "listings",
    responses((status = 204, description = "It will be counted, if there is such a listing.")))]
async fn listing_view_record(
    State(app): State<App>,
    who: Anybody,
    At(listing): At<ListingId>,
) -> Result {
    app.views().note(Seen::Listing(listing), who);
    Ok(done())
}

/// Which days to count.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatsAsk {
    /// So many days, today included, 1 to 90; 30 when left out.
    days: Option<i32>,
}

/// How much a listing is looked at, for its people and moderators.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/contacts/stats", tag = "listings",
    responses((status = 200, description = "The figures.", body = ListingContactStats)))]
async fn listing_contact_stats(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(StatsAsk { days }): Ask<StatsAsk>,
) -> Result<Json<ListingContactStats>> {
    Ok(Json(
        market::listing_contact_stats(&app.write().await?, me.user, listing, days).await?,
    ))
}

/// A message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeWish {
    /// 1 to 500 characters.
    text: String,
}

/// Write to everybody who was shown the contacts of my listing. Once a day: 429 with the seconds to wait.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/contacts/notices", tag = "listings",
    responses((status = 201, description = "The message.", body = ContactsNotified)))]
async fn listing_contacts_notify(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    wish: Once<NoticeWish>,
) -> Result {
    let (NoticeWish { text }, repeat) = wish.split();
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(market::listing_contacts_notify(tx, me.user, listing, text)),
            |_| None,
        )
        .await
}

/// What was written to those who were shown the contacts of a listing, the latest first.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/contacts/notices", tag = "listings",
    responses((status = 200, description = "A part of the list.", body = Page<ContactNotice>)))]
async fn contact_notice_list(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ContactNotice>> {
    let (limit, after) = ask.read::<i64>()?;
    let list = ContactNoticeList {
        actor: me.user,
        listing,
        limit: Some(limit),
        after,
    };
    let rows = market::contact_notice_list(&app.write().await?, &list).await?;
    Ok(Page::part(rows, limit, |row| row.notice_id))
}

/// What sellers write to those who were shown their contacts, the latest first.
#[utoipa::path(get, path = "/v1/moderation/contact-notices", tag = "moderation",
    responses((status = 200, description = "A part of the list.", body = Page<ContactNotice>)))]
async fn moderation_contact_notice_list(
    State(app): State<App>,
    Moderate(me): Moderate,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ContactNotice>> {
    let (limit, after) = ask.read::<i64>()?;
    let db = app.write().await?;
    let rows = market::moderation_contact_notice_list(&db, me.user, Some(limit), after).await?;
    Ok(Page::part(rows, limit, |row| row.notice_id))
}
