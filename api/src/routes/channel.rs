//! Channels of Telegram where listings are published, and their posts.

use axum::extract::State;
use chrono::{DateTime, Utc};
use kardan_schema::market::{self, Channel, ChannelCreate, ChannelPost, ChannelUpdate};
use kardan_schema::{CategoryId, ChannelId, Language, ListingId, PlaceId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Json, Page, Result, done, versioned};
use crate::app::App;
use crate::auth::{Administer, ReadInside};
use crate::extract::{Ask, At, Body, IfMatch, IfNoneMatch, Once, PageAsk};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        channel_create => "market.channel_create", "ops.idempotency_begin", "ops.idempotency_finish";
        channel_list => "market.channel_list";
        channel_get => "market.channel_get";
        channel_update => "market.channel_update";
        channel_delete => "market.channel_delete";
        channel_post_list => "market.channel_post_list";
    );
}

/// What goes to a channel: all that is given must match.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// The category, of either level; none: any.
    category_id: Option<CategoryId>,
    /// The place of sale; none: any.
    place_id: Option<PlaceId>,
    /// Any place of the region that this one is in; not together with a place.
    region_place_id: Option<PlaceId>,
}

impl Rule {
    /// The rules side by side, as the program takes them: 0 is any.
    fn columns(rules: &[Self]) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
        let category = |rule: &Self| rule.category_id.map_or(0, |id| id.0);
        let place = |id: Option<PlaceId>| id.map_or(0, |id| id.0);
        (
            rules.iter().map(category).collect(),
            rules.iter().map(|rule| place(rule.place_id)).collect(),
            rules
                .iter()
                .map(|rule| place(rule.region_place_id))
                .collect(),
        )
    }

    fn rows(channel: &Channel) -> Vec<Self> {
        let given = |id: i64| (id != 0).then_some(id);
        let places = channel.place_ids.iter().zip(&channel.region_place_ids);
        let all = channel.category_ids.iter().zip(places);
        all.map(|(category, (place, region))| Self {
            category_id: given(*category).map(CategoryId),
            place_id: given(*place).map(PlaceId),
            region_place_id: given(*region).map(PlaceId),
        })
        .collect()
    }
}

/// A channel and what goes there.
#[derive(Serialize, ToSchema)]
struct ChannelView {
    /// Its number.
    channel_id: ChannelId,
    /// Its number in Telegram, below zero.
    chat_id: i64,
    /// The group where its posts are talked about; null without one.
    discussion_chat_id: Option<i64>,
    /// Its title.
    title: String,
    /// The language of its posts.
    language: Language,
    /// Whether anything new is published there.
    is_enabled: bool,
    /// A listing goes there when it matches one of them.
    rules: Vec<Rule>,
    /// Who made it.
    created_by: UserId,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was changed last.
    updated_at: DateTime<Utc>,
    /// Its version.
    version: i32,
}

impl From<Channel> for ChannelView {
    fn from(row: Channel) -> Self {
        Self {
            rules: Rule::rows(&row),
            channel_id: row.channel_id,
            chat_id: row.chat_id,
            discussion_chat_id: row.discussion_chat_id,
            title: row.title,
            language: row.language,
            is_enabled: row.is_enabled,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// A channel and what is to go there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelWish {
    /// Its number in Telegram, below zero.
    chat_id: i64,
    /// The group where its posts are talked about; none without one.
    discussion_chat_id: Option<i64>,
    /// Its title, 1 to 128 characters.
    title: String,
    /// The language of its posts.
    language: Language,
    /// Whether anything new is published there.
    is_enabled: bool,
    /// At most 100; a listing goes there when it matches one of them.
    rules: Vec<Rule>,
}

/// What is to go to a channel, as a whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelChange {
    /// The group where its posts are talked about; none without one.
    discussion_chat_id: Option<i64>,
    /// Its title, 1 to 128 characters.
    title: String,
    /// The language of its posts.
    language: Language,
    /// Whether anything new is published there.
    is_enabled: bool,
    /// At most 100; a listing goes there when it matches one of them.
    rules: Vec<Rule>,
}

/// Have listings published in a channel: those that are approved from now on.
#[utoipa::path(post, path = "/v1/channels", tag = "administration",
    responses((status = 201, description = "The channel.", body = ChannelView)))]
async fn channel_create(
    State(app): State<App>,
    Administer(me): Administer,
    wish: Once<ChannelWish>,
) -> Result {
    let (wish, repeat) = wish.split();
    let (categories, places, regions) = Rule::columns(&wish.rules);
    let channel = ChannelCreate {
        actor: me.user,
        chat: wish.chat_id,
        discussion_chat: wish.discussion_chat_id,
        title: wish.title,
        language: wish.language,
        is_enabled: wish.is_enabled,
        categories,
        places,
        regions,
    };
    repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { Ok(market::channel_create(tx, &channel).await?.into()) }),
            |made: &ChannelView| Some(format!("/v1/channels/{}", made.channel_id)),
        )
        .await
}

/// Channels, in the order in which they were made.
#[utoipa::path(get, path = "/v1/channels", tag = "administration",
    responses((status = 200, description = "A part of the list.", body = Page<ChannelView>)))]
async fn channel_list(
    State(app): State<App>,
    Administer(me): Administer,
    Ask(ask): Ask<PageAsk>,
) -> Result<Page<ChannelView>> {
    let (limit, after) = ask.read::<i64>()?;
    let (most, after) = (Some(limit), after.map(ChannelId));
    let rows = market::channel_list(&app.write().await?, me.user, most, after).await?;
    let rows = rows.into_iter().map(ChannelView::from).collect();
    Ok(Page::part(rows, limit, |row| row.channel_id.0))
}

/// A channel.
#[utoipa::path(get, path = "/v1/channels/{channel_id}", tag = "administration",
    responses((status = 200, description = "The channel.", body = ChannelView)))]
async fn channel_get(
    State(app): State<App>,
    Administer(me): Administer,
    At(channel): At<ChannelId>,
    seen: IfNoneMatch,
) -> Result {
    let row = market::channel_get(&app.write().await?, me.user, channel).await?;
    Ok(seen.answer(row.version, &ChannelView::from(row)))
}

/// Change what goes to a channel, as a whole. What was published before is not posted by it.
#[utoipa::path(put, path = "/v1/channels/{channel_id}", tag = "administration",
    responses((status = 200, description = "The channel as it is now.", body = ChannelView)))]
async fn channel_update(
    State(app): State<App>,
    Administer(me): Administer,
    At(channel): At<ChannelId>,
    IfMatch(version): IfMatch,
    Body(wish): Body<ChannelChange>,
) -> Result {
    let (categories, places, regions) = Rule::columns(&wish.rules);
    let change = ChannelUpdate {
        actor: me.user,
        channel,
        version,
        discussion_chat: wish.discussion_chat_id,
        title: wish.title,
        language: wish.language,
        is_enabled: wish.is_enabled,
        categories,
        places,
        regions,
    };
    let row = market::channel_update(&app.write().await?, &change).await?;
    Ok(versioned(row.version, &ChannelView::from(row)))
}

/// Write nothing into a channel any more. Its posts stay as they are.
#[utoipa::path(delete, path = "/v1/channels/{channel_id}", tag = "administration",
    responses((status = 204, description = "Nothing is written there.")))]
async fn channel_delete(
    State(app): State<App>,
    Administer(me): Administer,
    At(channel): At<ChannelId>,
) -> Result {
    market::channel_delete(&app.write().await?, me.user, channel).await?;
    Ok(done())
}

/// Where a listing of mine is posted, and what the posts show.
#[utoipa::path(get, path = "/v1/listings/{listing_id}/posts", tag = "listings",
    responses((status = 200, description = "A post for each channel.", body = Page<ChannelPost>)))]
async fn channel_post_list(
    State(app): State<App>,
    ReadInside(me): ReadInside,
    At(listing): At<ListingId>,
) -> Result<Json<Page<ChannelPost>>> {
    let rows = market::channel_post_list(&app.write().await?, me.user, listing).await?;
    Ok(Page::whole(rows))
}
