//! Something else in a listing that is there.

use kardan_schema::catalog::Attribute;
use kardan_schema::market::{
    self, ListingInside, ListingPriceSet, ListingStockSet, ListingUpdate, ModerationEdit,
};
use kardan_schema::{ListingId, ModerationItemId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use super::fields::{Fields, Taken, form};
use super::fits::Fits;
use super::{Input, Next, Question, Room, Talk, amounts};
use crate::cards;
use crate::error::Failure;
use crate::updates::photo_wish;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    Description,
    Price,
    Wholesale,
    Stock,
    Contact,
    Photos,
    Fields,
    Fits,
}

impl Field {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 9] = [
        Self::Price,
        Self::Stock,
        Self::Title,
        Self::Description,
        Self::Photos,
        Self::Wholesale,
        Self::Contact,
        Self::Fields,
        Self::Fits,
    ];

    /// Those that a moderator may change; the rest stays the seller's.
    pub const MODERATED: [Self; 4] = [Self::Title, Self::Description, Self::Fields, Self::Fits];

    /// Its name in buttons and sentences.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Price => "price",
            Self::Wholesale => "wholesale",
            Self::Stock => "stock",
            Self::Contact => "contact",
            Self::Photos => "photos",
            Self::Fields => "fields",
            Self::Fits => "fits",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word() == word)
    }
}

/// What is changed of which listing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Change {
    listing: ListingId,
    field: Field,
    /// What a moderator holds who changes it; none: it is one of its people.
    #[serde(default)]
    item: Option<ModerationItemId>,
    #[serde(default)]
    fields: Fields,
    #[serde(default)]
    fits: Fits,
}

impl Change {
    /// Begins, when the person has to do with the listing.
    pub async fn begin(
        room: &Room<'_>,
        listing: ListingId,
        field: Field,
    ) -> Result<Option<Talk>, Failure> {
        Self::open(room, listing, field, None).await
    }

    /// Begins for the moderator who holds the item.
    pub async fn moderate(
        room: &Room<'_>,
        item: ModerationItemId,
        field: Field,
    ) -> Result<Option<Talk>, Failure> {
        let held = market::moderation_card(room.db, room.person.user_id, item).await?;
        Self::open(room, held.listing_id, field, Some(item)).await
    }

    async fn open(
        room: &Room<'_>,
        listing: ListingId,
        field: Field,
        item: Option<ModerationItemId>,
    ) -> Result<Option<Talk>, Failure> {
        let Some(inside) = market::listing_view(room.db, room.person.user_id, listing).await?
        else {
            return Ok(None);
        };
        let values: Map<_, _> = inside.attributes.as_object().cloned().unwrap_or_default();
        Ok(Some(Talk::Change(Self {
            listing,
            field,
            item,
            fields: Fields::with(values),
            fits: Fits::of(item),
        })))
    }

    /// The listing, while photos of it are asked for.
    pub fn wants_photo(&self) -> Option<ListingId> {
        (self.field == Field::Photos).then_some(self.listing)
    }

    pub async fn hear(&mut self, room: &Room<'_>, input: Input<'_>) -> Result<Next, Failure> {
        let is_done = match (self.field, input) {
            (Field::Photos, Input::Photo(photo)) => {
                let wish = photo_wish(room.person.user_id, self.listing, photo);
                market::listing_photo_add(room.db, &wish).await?;
                false
            }
            (Field::Photos, Input::Tap("photos", "clear")) => {
                self.clear_photos(room).await?;
                false
            }
            (Field::Photos, Input::Tap("photos", _)) | (Field::Fits, Input::Tap("fits", _)) => true,
            (Field::Fits, input) => {
                self.fits.hear(room, self.listing, input).await?;
                false
            }
            (Field::Fields, input) => match self.fill_in(room, input).await? {
                Ok(is_done) => is_done,
                Err(why) => return Ok(Next::Again(why)),
            },
            (_, Input::Text(text)) => match self.write(room, text.trim()).await? {
                Ok(()) => true,
                Err(why) => return Ok(Next::Again(room.say(why, ())?)),
            },
            (Field::Wholesale, Input::Tap("wholesale", _)) => {
                self.set_price(room, None, Some(None)).await?;
                true
            }
            _ => return Ok(Next::Again(room.say("talk.stale", ())?)),
        };
        if !is_done {
            return Ok(Next::Ask);
        }
        if self.item.is_some() {
            return Ok(Next::Over(
                cards::moderation::next(room, "change.done").await?,
            ));
        }
        let card = cards::mine::card(room, self.listing).await?;
        Ok(Next::Over(card.after(&room.say("change.done", ())?)))
    }

    /// Takes a text for the field; the name of what is wrong with it otherwise.
    async fn write(
        &self,
        room: &Room<'_>,
        text: &str,
    ) -> Result<Result<(), &'static str>, Failure> {
        let said = Some(text.to_owned());
        match self.field {
            Field::Title => self.update(room, |wish| wish.title = said).await?,
            Field::Description => self.update(room, |wish| wish.description = said).await?,
            Field::Contact => {
                let Some((phone, telegram)) = super::sell::contact(text) else {
                    return Ok(Err("sell.no_contact"));
                };
                self.update(room, |wish| {
                    wish.contact_phone = Some(phone);
                    wish.contact_telegram = Some(telegram);
                })
                .await?;
            }
            Field::Price => match amounts::price(text) {
                Some((minor, _)) => self.set_price(room, Some(minor), None).await?,
                None => return Ok(Err("sell.no_price")),
            },
            Field::Wholesale => match amounts::wholesale(text) {
                Some(pair) => self.set_price(room, None, Some(Some(pair))).await?,
                None => return Ok(Err("sell.no_wholesale")),
            },
            Field::Stock => match amounts::pieces(text) {
                Some(stock_quantity) => {
                    let wish = ListingStockSet {
                        actor: room.person.user_id,
                        listing: self.listing,
                        version: None,
                        stock_quantity,
                    };
                    market::listing_stock_set(room.db, &wish).await?;
                }
                None => return Ok(Err("sell.no_pieces")),
            },
            Field::Photos => return Ok(Err("sell.photos_wanted")),
            Field::Fields | Field::Fits => return Ok(Err("talk.tap")),
        }
        Ok(Ok(()))
    }

    async fn update(
        &self,
        room: &Room<'_>,
        say: impl FnOnce(&mut ListingUpdate),
    ) -> Result<(), Failure> {
        let mut wish = ListingUpdate {
            actor: room.person.user_id,
            listing: self.listing,
            version: None,
            title: None,
            description: None,
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
        };
        say(&mut wish);
        let Some(item) = self.item else {
            market::listing_update(room.db, &wish).await?;
            return Ok(());
        };
        let wish = ModerationEdit {
            actor: wish.actor,
            item,
            version: None,
            title: wish.title,
            description: wish.description,
            category: wish.category,
            subcategory: wish.subcategory,
            brand: wish.brand,
            part_number: wish.part_number,
            condition: wish.condition,
            attributes: wish.attributes,
        };
        market::moderation_edit(room.db, &wish).await?;
        Ok(())
    }

    /// Sets one of the two prices and leaves the other.
    async fn set_price(
        &self,
        room: &Room<'_>,
        price: Option<i64>,
        wholesale: Option<Option<(i64, i32)>>,
    ) -> Result<(), Failure> {
        let actor = room.person.user_id;
        let now = market::listing_price_get(room.db, actor, self.listing).await?;
        let former = now.wholesale_price_minor.zip(now.wholesale_min_quantity);
        let wholesale = wholesale.unwrap_or(former);
        let wish = ListingPriceSet {
            actor,
            listing: self.listing,
            version: Some(now.version),
            price_minor: price.unwrap_or(now.price_minor),
            wholesale_price_minor: wholesale.map(|(price, _)| price),
            wholesale_min_quantity: wholesale.map(|(_, pieces)| pieces),
        };
        market::listing_price_set(room.db, &wish).await?;
        Ok(())
    }

    async fn clear_photos(&self, room: &Room<'_>) -> Result<(), Failure> {
        let actor = room.person.user_id;
        let photos = market::listing_photo_view(room.db, actor, self.listing).await?;
        for photo in photos {
            market::listing_photo_remove(room.db, actor, photo.photo_id).await?;
        }
        Ok(())
    }

    /// Takes an answer to an extra field: whether it was the last, or what is wrong with it.
    async fn fill_in(
        &mut self,
        room: &Room<'_>,
        input: Input<'_>,
    ) -> Result<Result<bool, String>, Failure> {
        let form = self.form(room).await?;
        if let Some(field) = self.fields.open(&form) {
            if let Taken::Wrong(why) = self.fields.take(room, field, input)? {
                return Ok(Err(why));
            }
            if self.fields.open(&form).is_some() {
                return Ok(Ok(false));
            }
        }
        let values = self.fields.values.clone();
        self.update(room, |wish| wish.attributes = Some(values.into()))
            .await?;
        Ok(Ok(true))
    }

    async fn inside(&self, room: &Room<'_>) -> Result<Option<ListingInside>, Failure> {
        Ok(market::listing_view(room.db, room.person.user_id, self.listing).await?)
    }

    async fn form(&self, room: &Room<'_>) -> Result<Vec<Attribute>, Failure> {
        match self.inside(room).await? {
            Some(inside) => form(room, inside.kind, inside.subcategory_id).await,
            None => Ok(Vec::new()),
        }
    }

    pub async fn ask(&self, room: &Room<'_>) -> Result<Question, Failure> {
        match self.field {
            Field::Fits => return self.fits.ask(room, self.listing).await,
            Field::Fields => {
                return match self.fields.open(&self.form(room).await?) {
                    Some(field) => self.fields.ask(room, field),
                    None => super::sell::nothing_to_fill_in(room),
                };
            }
            _ => {}
        }
        if self.field == Field::Photos {
            return self.ask_photos(room).await;
        }
        let data = json!({ "listing": self.inside(room).await? });
        let mut question = Question::new(room.say(&format!("change.{}", self.field.word()), data)?);
        if self.field == Field::Wholesale {
            question.last(room.button("change.no_wholesale", "d:wholesale:no")?);
        }
        Ok(question)
    }

    async fn ask_photos(&self, room: &Room<'_>) -> Result<Question, Failure> {
        let photos = market::listing_photo_view(room.db, room.person.user_id, self.listing).await?;
        let data = json!({ "count": photos.len() });
        let mut question = Question::new(room.say("change.photos", data)?);
        if !photos.is_empty() {
            question.last(room.button("change.clear_photos", "d:photos:clear")?);
        }
        question.last(room.button("talk.done", "d:photos:done")?);
        Ok(question)
    }
}
