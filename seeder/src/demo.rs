//! Fills in the demo: people, shops, listings in every state of their life. One transaction, so that it is there or not.

use std::collections::HashMap;
use std::pin::pin;

use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use kardan_photos::{CONTENT_TYPE, Photo, Refusal, Store, develop};
use kardan_schema::catalog;
use kardan_schema::market::{
    self, ListingCreate, ListingPhotoAdd, ModerationReject, ShopCreate, ShopInvitationCreate,
};
use kardan_schema::people::{self, OperatorCreate};
use kardan_schema::{
    BrandId, CategoryId, Db, Kind, Language, ListingId, PlaceId, Role, ShopId, ShopRole, UserId,
};
use tokio_postgres::Client;

use crate::drawing::picture;
use crate::file::{self, Demo, Listing, State};

/// Why the demo could not be filled in. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file of the demo cannot be read.
    #[error("demo.toml cannot be read")]
    File(#[from] toml::de::Error),
    /// The file names something that is not in the catalogue.
    #[error("demo.toml: there is no {what} {name:?}")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// What the file calls it.
        name: String,
    },
    /// A function refused.
    #[error("demo.toml: {what}")]
    Refused {
        /// What was being made.
        what: String,
        /// What the function said.
        #[source]
        source: kardan_schema::Error,
    },
    /// A picture could not be drawn.
    #[error("a picture of the demo could not be drawn")]
    Drawing(#[from] image::ImageError),
    /// A picture was refused, which a drawn one never is.
    #[error("a picture of the demo was refused")]
    Picture(#[from] Refusal),
    /// A picture could not be kept.
    #[error("the pictures of the demo could not be kept")]
    Photos(#[from] kardan_photos::Error),
    /// Drawing was cut off.
    #[error("drawing was cut off")]
    Cut(#[from] tokio::task::JoinError),
    /// The transaction failed.
    #[error("the demo could not be filled in")]
    Database(#[from] tokio_postgres::Error),
}

fn refused(what: impl Into<String>) -> impl FnOnce(kardan_schema::Error) -> Error {
    move |source| Error::Refused {
        what: what.into(),
        source,
    }
}

/// Fills in the demo, unless its people are there already, and its pictures into the store. Says whether it did.
///
/// # Errors
/// See [`Error`].
pub async fn fill(client: &mut Client, store: &Store) -> Result<bool, Error> {
    let demo = file::read()?;
    let tx = client.transaction().await?;
    let mut people = HashMap::new();
    for person in &demo.people {
        let create = OperatorCreate {
            subject: person.subject.clone(),
            display_name: person.name.clone(),
            role: person.role,
            language: Language::Ru,
        };
        let made = people::operator_create(&tx, &create)
            .await
            .map_err(refused(&person.subject))?;
        if !made.is_new {
            return Ok(false);
        }
        people.insert(person.subject.as_str(), made.user_id);
    }
    let world = World::read(&tx, &demo, people).await?;
    let mut album = pin!(album(store, &demo));
    for (listing, number) in demo.listings.iter().zip(1..) {
        let photos = album.try_next().await?.unwrap_or_default();
        world.listing(&tx, listing, number, &photos).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Pictures that a listing of the demo gets at most: enough to see their order, few enough for a quick start.
const PICTURES: i32 = 2;

/// The photos of each listing in their order, drawn, developed and kept; two listings at once.
fn album<'a>(
    store: &'a Store,
    demo: &'a Demo,
) -> impl Stream<Item = Result<Vec<Photo>, Error>> + 'a {
    let each = demo.listings.iter().zip(1..);
    let photos = each.map(move |(listing, number)| async move {
        let count = listing.photos.min(PICTURES);
        let drawn = tokio::task::spawn_blocking(move || draw(number, count)).await??;
        for photo in &drawn {
            store.put(photo).await?;
        }
        Ok(drawn)
    });
    futures_util::stream::iter(photos).buffered(2)
}

fn draw(listing: i32, count: i32) -> Result<Vec<Photo>, Error> {
    (1..=count)
        .map(|position| Ok(develop(&picture(listing, position)?)??))
        .collect()
}

/// What the listings of the demo refer to.
struct World<'a> {
    people: HashMap<&'a str, UserId>,
    shops: HashMap<&'a str, (ShopId, UserId)>,
    categories: HashMap<String, (Kind, CategoryId, CategoryId)>,
    brands: HashMap<String, BrandId>,
    places: HashMap<String, PlaceId>,
    moderator: UserId,
}

fn find<'m, T>(
    map: &'m HashMap<impl std::borrow::Borrow<str> + Eq + std::hash::Hash, T>,
    what: &'static str,
    name: &str,
) -> Result<&'m T, Error> {
    map.get(name).ok_or_else(|| Error::Unknown {
        what,
        name: name.to_owned(),
    })
}

impl<'a> World<'a> {
    async fn read(
        db: &impl Db,
        demo: &'a Demo,
        people: HashMap<&'a str, UserId>,
    ) -> Result<Self, Error> {
        let moderator = demo
            .people
            .iter()
            .find(|person| person.role == Role::Moderator)
            .and_then(|person| people.get(person.subject.as_str()).copied())
            .ok_or_else(|| Error::Unknown {
                what: "person with the role",
                name: "moderator".to_owned(),
            })?;
        let mut categories = HashMap::new();
        for kind in Kind::ALL {
            for category in catalog::category_list(db, *kind)
                .await
                .map_err(refused("the categories"))?
            {
                if let Some(parent) = category.parent_id {
                    categories.insert(category.slug, (category.kind, parent, category.category_id));
                }
            }
        }
        let mut brands = HashMap::new();
        for slug in demo
            .listings
            .iter()
            .filter_map(|listing| listing.brand.as_deref())
        {
            let found = catalog::brand_search(db, Some(slug), Some(20))
                .await
                .map_err(refused(slug))?;
            if let Some(brand) = found.into_iter().find(|brand| brand.slug == slug) {
                brands.insert(slug.to_owned(), brand.brand_id);
            }
        }
        let places = catalog::place_list(db, None, Some(100))
            .await
            .map_err(refused("the places"))?;
        let places = places
            .into_iter()
            .map(|place| (place.slug, place.place_id))
            .collect();
        let mut world = Self {
            people,
            shops: HashMap::new(),
            categories,
            brands,
            places,
            moderator,
        };
        for (shop, number) in demo.shops.iter().zip(1..) {
            let made = world.shop(db, shop, number).await?;
            world.shops.insert(shop.name.as_str(), made);
        }
        Ok(world)
    }

    async fn shop(
        &self,
        db: &impl Db,
        shop: &file::Shop,
        number: u8,
    ) -> Result<(ShopId, UserId), Error> {
        let owner = *find(&self.people, "person", &shop.owner)?;
        let create = ShopCreate {
            actor: owner,
            name: shop.name.clone(),
            description: shop.description.clone(),
            place: Some(*find(&self.places, "place", &shop.place)?),
        };
        let made = market::shop_create(db, &create)
            .await
            .map_err(refused(&shop.name))?;
        // The invitation is used at once: nobody ever sees its token.
        let invite = ShopInvitationCreate {
            actor: owner,
            shop: made.shop_id,
            role: ShopRole::Seller,
            token_hash: vec![number; 32],
            ttl_seconds: 3600,
        };
        market::shop_invitation_create(db, &invite)
            .await
            .map_err(refused(&shop.name))?;
        let member = *find(&self.people, "person", &shop.member)?;
        market::shop_invitation_accept(db, member, invite.token_hash)
            .await
            .map_err(refused(&shop.name))?;
        Ok((made.shop_id, owner))
    }

    async fn listing(
        &self,
        db: &impl Db,
        listing: &Listing,
        number: i32,
        photos: &[Photo],
    ) -> Result<(), Error> {
        let say = || listing.title.clone();
        let (actor, shop) = match (&listing.person, &listing.shop) {
            (_, Some(name)) => {
                let (shop, owner) = find(&self.shops, "shop", name)?;
                (*owner, Some(*shop))
            }
            (person, None) => (
                *find(
                    &self.people,
                    "person",
                    person.as_deref().unwrap_or_default(),
                )?,
                None,
            ),
        };
        let (kind, category, subcategory) =
            *find(&self.categories, "subcategory", &listing.subcategory)?;
        let brand = listing
            .brand
            .as_deref()
            .map(|slug| find(&self.brands, "brand", slug))
            .transpose()?;
        let create = ListingCreate {
            actor,
            shop,
            kind,
            title: listing.title.clone(),
            description: listing.description.clone(),
            category,
            subcategory,
            brand: brand.copied(),
            part_number: listing.part_number.clone(),
            condition: listing.condition,
            place: *find(&self.places, "place", &listing.place)?,
            attributes: match &listing.attributes {
                serde_json::Value::Null => serde_json::json!({}),
                given => given.clone(),
            },
            currency: "RUB".to_owned(),
            price_minor: listing.price * 100,
            wholesale_price_minor: listing.wholesale.map(|(roubles, _)| roubles * 100),
            wholesale_min_quantity: listing.wholesale.map(|(_, pieces)| pieces),
            stock_quantity: listing.stock,
            contact_name: String::new(),
            contact_phone: format!("+7 900 000-{:02}-{:02}", number / 100, number % 100),
            contact_telegram: String::new(),
        };
        let made = market::listing_create(db, &create)
            .await
            .map_err(refused(say()))?;
        for photo in photos {
            let photo = ListingPhotoAdd {
                actor,
                listing: made.listing_id,
                version: None,
                storage_key: photo.key.as_str().to_owned(),
                content_type: CONTENT_TYPE.to_owned(),
                width: i32::try_from(photo.width).unwrap_or(i32::MAX),
                height: i32::try_from(photo.height).unwrap_or(i32::MAX),
                size_bytes: i64::try_from(photo.size_bytes()).unwrap_or(i64::MAX),
                perceptual_hash: photo.hash,
            };
            market::listing_photo_add(db, &photo)
                .await
                .map_err(refused(say()))?;
        }
        if listing.state != State::Draft {
            market::listing_submit(db, actor, made.listing_id, None)
                .await
                .map_err(refused(say()))?;
        }
        if matches!(listing.state, State::Published | State::Rejected) {
            self.decide(db, listing, made.listing_id).await?;
        }
        Ok(())
    }

    /// The moderator takes what waits and decides on this one; the others go back into the queue.
    async fn decide(&self, db: &impl Db, listing: &Listing, id: ListingId) -> Result<(), Error> {
        let say = || listing.title.clone();
        let claimed = market::moderation_claim(db, self.moderator, Some(100))
            .await
            .map_err(refused(say()))?;
        for item in claimed {
            if item.listing_id != id {
                market::moderation_release(db, self.moderator, item.item_id)
                    .await
                    .map_err(refused(say()))?;
            } else if listing.state == State::Published {
                market::moderation_approve(db, self.moderator, item.item_id, None)
                    .await
                    .map_err(refused(say()))?;
            } else {
                let reject = ModerationReject {
                    actor: self.moderator,
                    item: item.item_id,
                    reason: listing.reason.clone().unwrap_or_else(|| "other".to_owned()),
                    note: None,
                    version: None,
                };
                market::moderation_reject(db, &reject)
                    .await
                    .map_err(refused(say()))?;
            }
        }
        Ok(())
    }
}
