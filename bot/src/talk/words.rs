//! Words for something that was tapped: why a deal ends, what a review says, what a moderator tells the author.

use chrono::{DateTime, Utc};
use kardan_schema::market::{
    self, ListingFlag, ModerationReject, ReviewWrite, ShopCreate, ShopUpdate,
};
use kardan_schema::notify::{self, BroadcastCreate};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{FlagReason, ListingId, ModerationItemId, ShopId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Input, Next, Question, Room};
use crate::cards;
use crate::error::Failure;
use crate::updates::Answer;

/// What the words are for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Words {
    /// Why a deal ends.
    Cancel { deal: Uuid },
    /// What the other side of a deal was like.
    Review { deal: Uuid, stars: i32 },
    /// What a moderator adds to the reason.
    Reject {
        item: ModerationItemId,
        version: i32,
        reason: String,
    },
    /// What those are told who were shown the contacts.
    Notify { listing: ListingId },
    /// What is wrong with a listing.
    Flag {
        listing: ListingId,
        reason: FlagReason,
    },
    /// What the platform is like.
    Platform { stars: i32 },
    /// The name of a new shop.
    Shop {},
    /// Another name of a shop.
    ShopName { shop: ShopId },
    /// What a shop says of itself.
    ShopAbout { shop: ShopId },
    /// The person's own name, which confirms that they want to be forgotten.
    Erase {},
    /// Why somebody is blocked.
    Block {
        user: UserId,
        until: Option<DateTime<Utc>>,
    },
    /// What an advertisement for a listing says.
    Promotion {
        listing: ListingId,
        kind: String,
        days: i64,
    },
    /// What many people are told, in Russian.
    BroadcastRu {},
    /// The same in English.
    BroadcastEn { ru: String },
}

impl Words {
    /// Its name in sentences.
    const fn name(&self) -> &'static str {
        match self {
            Self::Cancel { .. } => "words.cancel",
            Self::Review { .. } => "words.review",
            Self::Reject { .. } => "words.reject",
            Self::Notify { .. } => "words.notify",
            Self::Flag { .. } => "words.flag",
            Self::Platform { .. } => "words.platform",
            Self::Shop {} | Self::ShopName { .. } => "words.shop",
            Self::ShopAbout { .. } => "words.about",
            Self::Erase {} => "words.erase",
            Self::Block { .. } => "words.block",
            Self::Promotion { .. } => "promo.words",
            Self::BroadcastRu {} => "words.broadcast_ru",
            Self::BroadcastEn { .. } => "words.broadcast_en",
        }
    }

    /// Whether it is also good without words.
    const fn is_optional(&self) -> bool {
        matches!(
            self,
            Self::Review { .. } | Self::Reject { .. } | Self::Flag { .. } | Self::Platform { .. }
        )
    }

    pub fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let mut question = Question::new(room.say(self.name(), ())?);
        if self.is_optional() {
            question.last(room.button("words.none", "d:words:none")?);
        }
        Ok(question)
    }

    pub async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        let text = match input {
            Input::Text(text) => text.trim().to_owned(),
            Input::Tap("words", "none") if self.is_optional() => String::new(),
            Input::Tap(..) | Input::Photo(_) => {
                return Ok(Next::Again(room.say("talk.stale", ())?));
            }
        };
        match self {
            Self::BroadcastRu {} => {
                *self = Self::BroadcastEn { ru: text };
                Ok(Next::Ask)
            }
            Self::Erase {} => {
                people::user_erase(room.db, room.person.user_id, &text).await?;
                Ok(Next::Gone(Answer::plain(room.say("words.erased", ())?)))
            }
            _ => self.take(room, text).await.map(Next::Over),
        }
    }

    async fn take(&self, room: &Room<'_>, text: String) -> Result<Answer, Failure> {
        let actor = room.person.user_id;
        match self {
            Self::Cancel { deal } => {
                market::deal_cancel(room.db, actor, *deal, text).await?;
                cards::deal::card(room, *deal).await
            }
            Self::Review { deal, stars } => {
                let wish = ReviewWrite {
                    actor,
                    deal: *deal,
                    stars: *stars,
                    text,
                };
                market::review_write(room.db, &wish).await?;
                Ok(Answer::plain(room.say("words.thanks", ())?))
            }
            Self::Reject {
                item,
                version,
                reason,
            } => {
                let wish = ModerationReject {
                    actor,
                    item: *item,
                    reason: reason.clone(),
                    note: Some(text).filter(|text| !text.is_empty()),
                    version: Some(*version),
                };
                market::moderation_reject(room.db, &wish).await?;
                cards::moderation::next(room, "moderation.rejected").await
            }
            Self::Notify { listing } => {
                let told = market::listing_contacts_notify(room.db, actor, *listing, text).await?;
                let data = json!({ "told": told });
                Ok(Answer::plain(room.say("words.notified", data)?))
            }
            Self::Flag { listing, reason } => {
                let wish = ListingFlag {
                    actor,
                    listing: *listing,
                    reason: *reason,
                    note: Some(text).filter(|text| !text.is_empty()),
                };
                market::listing_flag(room.db, &wish).await?;
                Ok(Answer::plain(room.say("words.flagged", ())?))
            }
            Self::Shop {} => {
                let wish = ShopCreate {
                    actor,
                    name: text,
                    description: String::new(),
                    place: None,
                };
                let shop = market::shop_create(room.db, &wish).await?;
                cards::shop::card(room, shop.shop_id).await
            }
            Self::ShopName { shop } => describe(room, *shop, Some(text), None).await,
            Self::ShopAbout { shop } => describe(room, *shop, None, Some(text)).await,
            Self::Block { user, until } => {
                let wish = UserBlock {
                    actor,
                    user: *user,
                    until: *until,
                    reason: text,
                };
                people::user_block(room.db, &wish).await?;
                cards::people::card(room, *user).await
            }
            Self::Promotion {
                listing,
                kind,
                days,
            } => cards::promotion::order(room, *listing, kind, *days, text).await,
            Self::BroadcastEn { ru } => {
                let wish = BroadcastCreate {
                    actor,
                    text_ru: ru.clone(),
                    text_en: text,
                    role: None,
                    language: None,
                    has_telegram: None,
                    in_shop: None,
                    is_selling: None,
                    place: None,
                    seen_since: None,
                };
                let made = notify::broadcast_create(room.db, &wish).await?;
                cards::broadcast::card(room, made.broadcast_id).await
            }
            // Both are taken before.
            Self::BroadcastRu {} | Self::Erase {} => Ok(Answer::plain(room.say("talk.over", ())?)),
            Self::Platform { stars } => {
                market::platform_review_set(room.db, actor, *stars, text).await?;
                Ok(Answer::plain(room.say("words.thanks", ())?))
            }
        }
    }
}

/// Another name of a shop, or other words about it.
async fn describe(
    room: &Room<'_>,
    shop: ShopId,
    name: Option<String>,
    description: Option<String>,
) -> Result<Answer, Failure> {
    let wish = ShopUpdate {
        actor: room.person.user_id,
        shop,
        name,
        description,
        place: None,
        version: None,
    };
    market::shop_update(room.db, &wish).await?;
    cards::shop::card(room, shop).await
}
