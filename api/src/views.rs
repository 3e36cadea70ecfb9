//! Views of listings, and what was shown and followed of advertisements: noted in memory, brought to the database together
//! every second. A page that is looked at a thousand times a second costs one call, and nobody waits for it. What a crash
//! takes with it is a second of counting.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kardan_schema::market::{self, ListingViewRecord, PromotionRecord};
use kardan_schema::{ListingId, UserId};
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::auth::Anybody;
use crate::problem::Problem;

/// How often views are brought.
const EVERY: Duration = Duration::from_secs(1);

/// Views that are kept while the database is away; further ones are not counted.
const MOST: usize = 50_000;

/// Views that the function takes at once.
const BATCH: usize = 1000;

/// A person, or what a visitor is told by.
type Viewer = (Option<UserId>, Option<String>);

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seen {
    /// A listing.
    Listing(ListingId),
    /// An advertisement in the slot of a listing, shown or followed.
    Promotion {
        promotion: i64,
        listing: ListingId,
        is_click: bool,
    },
}

/// What, who looked at it, and when first.
type View = ((Seen, Viewer), DateTime<Utc>);

/// What was looked at by whom and when first, since they were brought last.
#[derive(Default)]
pub struct Views(Mutex<HashMap<(Seen, Viewer), DateTime<Utc>>>);

impl Views {
    /// Notes a view.
    pub fn note(&self, what: Seen, who: Anybody) {
        self.keep(((what, who.split()), Utc::now()));
    }

    fn keep(&self, (key, at): View) {
        let Ok(mut noted) = self.0.lock() else { return };
        if noted.len() < MOST {
            noted.entry(key).or_insert(at);
        }
    }

    fn take(&self) -> Vec<View> {
        let Ok(mut noted) = self.0.lock() else {
            return Vec::new();
        };
        std::mem::take(&mut *noted).into_iter().collect()
    }
}

/// Brings views until it is dropped.
pub async fn run(app: App) {
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        bring(&app).await;
    }
}

/// Brings what was noted so far. What the database does not take now is kept for the next time.
pub async fn bring(app: &App) {
    let views = app.views().take();
    for (brought, batch) in views.chunks(BATCH).enumerate() {
        if let Err(problem) = record(app, batch).await {
            tracing::warn!(?problem, "views of listings are not counted yet");
            let left = views.into_iter().skip(brought * BATCH);
            return left.for_each(|view| app.views().keep(view));
        }
    }
}

async fn record(app: &App, views: &[View]) -> Result<(), Problem> {
    let mut listings = ListingViewRecord {
        listings: Vec::new(),
        users: Vec::new(),
        visitors: Vec::new(),
        times: Vec::new(),
    };
    let mut promotions = PromotionRecord {
        promotions: Vec::new(),
        listings: Vec::new(),
        users: Vec::new(),
        visitors: Vec::new(),
        times: Vec::new(),
        clicks: Vec::new(),
    };
    for ((seen, (user, visitor)), at) in views {
        let user = user.map_or(0, |user| user.0);
        let visitor = visitor.clone().unwrap_or_default();
        match *seen {
            Seen::Listing(listing) => {
                listings.listings.push(listing.0);
                listings.users.push(user);
                listings.visitors.push(visitor);
                listings.times.push(*at);
            }
            Seen::Promotion {
                promotion,
                listing,
                is_click,
            } => {
                promotions.promotions.push(promotion);
                promotions.listings.push(listing.0);
                promotions.users.push(user);
                promotions.visitors.push(visitor);
                promotions.times.push(*at);
                promotions.clicks.push(is_click);
            }
        }
    }
    let db = app.write().await?;
    if !listings.listings.is_empty() {
        market::listing_view_record(&db, &listings).await?;
    }
    if !promotions.promotions.is_empty() {
        market::promotion_record(&db, &promotions).await?;
    }
    Ok(())
}
