//! The life of a listing: every step that it took, at its time, until the moment that the market is shown at.

use crate::catalogue::Kind;
use crate::market::{LISTINGS, Market};
use crate::rng::Rng;
use crate::sample::log_normal;
use crate::season::{DAY, HOUR, MINUTE, SECOND, moment};
use crate::ware::Ware;

/// Steps that a life may have at most; numbers of events are given out in strides of it.
pub const MOST_STEPS: u64 = 64;
/// Price changes at most.
pub const MOST_PRICES: u64 = 4;
/// Deals of a listing at most.
pub const MOST_DEALS: u64 = 8;
/// Checks at most.
pub const MOST_CHECKS: u64 = 2;

/// Who sells.
#[derive(Debug, Clone, Copy)]
pub struct Seller {
    /// The shop, if it is one's.
    pub shop: Option<u64>,
    /// The person who acts.
    pub person: u64,
    /// The town.
    pub place: i64,
    /// From when on they could have listed it.
    pub since: i64,
    /// Until when they could act.
    pub until: i64,
    /// When the market is shown: what happens by itself happens until then.
    pub end: i64,
}

/// A step that is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// When.
    pub at: i64,
    /// What.
    pub event: &'static str,
    /// From which status.
    pub from: Option<&'static str>,
    /// To which.
    pub to: &'static str,
    /// Who; nobody when time itself did.
    pub actor: Option<u64>,
}

/// One check by a moderator.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// When it was asked for.
    pub submitted_at: i64,
    /// When and by whom it ended, and how: `approved`, `rejected`, `withdrawn`.
    pub closed: Option<(i64, &'static str, Option<u64>)>,
    /// Which of the ready reasons.
    pub reason: usize,
}

impl Check {
    /// Whether it ended so.
    #[must_use]
    pub fn is(&self, decision: &str) -> bool {
        self.closed.is_some_and(|(_, how, _)| how == decision)
    }
}

/// A price from a moment on.
#[derive(Debug, Clone, Copy)]
pub struct Price {
    /// Since when.
    pub at: i64,
    /// Of a piece, in minor units.
    pub minor: i64,
    /// From a quantity on.
    pub wholesale: Option<(i64, i32)>,
}

/// Pieces put aside for a buyer.
#[derive(Debug, Clone, Copy)]
pub struct Reservation {
    /// Since when.
    pub at: i64,
    /// Who wants them.
    pub buyer: u64,
    /// How many.
    pub quantity: i32,
    /// When it ended and how: `released`, `sold`; and by whom.
    pub closed: Option<(i64, &'static str, u64)>,
}

impl Reservation {
    /// Whether the pieces went back.
    #[must_use]
    pub fn is_released(&self) -> bool {
        self.closed.is_some_and(|(_, how, _)| how == "released")
    }
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Life {
    /// Who sells.
    pub seller: Seller,
    /// What.
    pub ware: Ware,
    /// Steps, in the order of time.
    pub steps: Vec<Step>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Prices, the first from the beginning.
    pub prices: Vec<Price>,
    /// Pieces put aside.
    pub reservations: Vec<Reservation>,
    /// First publication.
    pub published_at: Option<i64>,
    /// When it expires.
    pub expires_at: Option<i64>,
    /// The last renewal.
    pub renewed_at: Option<i64>,
    /// Pieces left.
    pub stock: i32,
}

impl Life {
    /// The life of the listing with this number.
    #[must_use]
    pub fn of(market: &Market, number: u64) -> Self {
        let blocks = number / LISTINGS + 1;
        let mut rng = market.key("life@1").row(number);
        let seller = seller(market, &mut rng, blocks);
        let ware = Ware::of(market, number, seller.shop.is_some());
        // A second before whatever stops the seller at the latest.
        let begun = moment(&mut rng, seller.since, seller.until, 1.25).min(seller.until - SECOND);
        let mut life = Self {
            seller,
            steps: Vec::with_capacity(8),
            checks: Vec::with_capacity(2),
            prices: vec![Price {
                at: begun,
                minor: ware.price_minor,
                wholesale: ware.wholesale,
            }],
            reservations: Vec::new(),
            published_at: None,
            expires_at: None,
            renewed_at: None,
            stock: ware.stock,
            ware,
        };
        life.step(begun, "created", "draft", Some(seller.person));
        if !rng.permille(35) {
            life.check(&mut rng, blocks, begun);
        }
        if life.published_at.is_some() {
            life.trade(market, &mut rng, blocks);
        }
        life
    }

    /// When it was made.
    #[must_use]
    pub fn begun(&self) -> i64 {
        self.prices
            .first()
            .map_or(self.seller.since, |price| price.at)
    }

    /// Where it is now.
    #[must_use]
    pub fn status(&self) -> &'static str {
        self.steps.last().map_or("draft", |step| step.to)
    }

    /// The price at a moment.
    #[must_use]
    pub fn price_at(&self, at: i64) -> Price {
        let until = self.prices.iter().rev().find(|price| price.at <= at);
        until.or(self.prices.first()).copied().unwrap_or(Price {
            at,
            minor: 0,
            wholesale: None,
        })
    }

    /// What a piece costs whoever takes so many at a moment.
    #[must_use]
    pub fn piece_at(&self, at: i64, quantity: i32) -> i64 {
        let price = self.price_at(at);
        match price.wholesale {
            Some((wholesale, from)) if quantity >= from => wholesale,
            _ => price.minor,
        }
    }

    /// The last change of the row, who made it, and which version it made.
    #[must_use]
    pub fn changed(&self) -> (i64, Option<u64>, i32) {
        let seller = Some(self.seller.person);
        let steps = self.steps.iter().map(|step| (step.at, step.actor));
        let prices = self.prices.iter().map(|price| (price.at, seller));
        let pieces = self.reservations.iter().flat_map(|held| {
            let back = held.closed.filter(|_| held.is_released());
            std::iter::once((held.at, seller)).chain(back.map(|(at, _, by)| (at, Some(by))))
        });
        let touched = steps.chain(prices).chain(pieces);
        let (count, (at, who)) = touched.fold((0, (i64::MIN, None)), |(count, last), next| {
            (count + 1, if next.0 >= last.0 { next } else { last })
        });
        // The first price and the last of two things at one moment are no version of their own.
        (at, who, (count - 1).max(1))
    }

    fn step(&mut self, at: i64, event: &'static str, to: &'static str, actor: Option<u64>) -> bool {
        let limit = match actor {
            Some(_) => self.seller.until,
            None => self.seller.end,
        };
        let is_possible = at < limit && (self.steps.len() as u64) < MOST_STEPS;
        if is_possible {
            let from = self.steps.last().map(|step| step.to);
            self.steps.push(Step {
                at,
                event,
                from,
                to,
                actor,
            });
        }
        is_possible
    }

    /// From the draft to the decision.
    fn check(&mut self, rng: &mut Rng, blocks: u64, begun: i64) {
        let author = Some(self.seller.person);
        let mut at = begun + 4 * MINUTE + delay(rng, 5 * MINUTE, 1.1);
        for round in 0..MOST_CHECKS {
            if !self.step(at, "submitted", "pending", author) {
                return;
            }
            let submitted_at = at;
            at += MINUTE + delay(rng, 40 * MINUTE, 1.1);
            let (event, to, decision, actor) = match rng.below(1000) {
                0..12 => ("withdrawn", "draft", "withdrawn", author),
                12..90 if round == 0 => (
                    "rejected",
                    "rejected",
                    "rejected",
                    Some(Market::moderator(rng, blocks)),
                ),
                _ => (
                    "published",
                    "published",
                    "approved",
                    Some(Market::moderator(rng, blocks)),
                ),
            };
            let is_done = self.step(at, event, to, actor);
            self.checks.push(Check {
                submitted_at,
                closed: is_done.then_some((at, decision, actor.filter(|_| to != "draft"))),
                reason: rng.below(64) as usize,
            });
            match to {
                "published" if is_done => self.published_at = Some(at),
                "rejected" if is_done && rng.permille(620) => {
                    at += delay(rng, 4 * HOUR, 1.2) + MINUTE;
                    continue;
                }
                "rejected" if is_done && rng.permille(400) => {
                    at += delay(rng, 9 * DAY, 0.8) + MINUTE;
                    self.step(at, "archived", "archived", author);
                }
                _ => {}
            }
            return;
        }
    }

    /// From the publication on: renewals and the end, and meanwhile other prices and buyers.
    fn trade(&mut self, market: &Market, rng: &mut Rng, blocks: u64) {
        let author = Some(self.seller.person);
        let published = self.published_at.unwrap_or_default();
        let life = self.ware.days * DAY;
        let mut expires = published + life;
        let mut end = None;
        while end.is_none() && expires < self.seller.until {
            let renewal = expires - HOUR - rng.below(6 * DAY as u64) as i64;
            match rng.below(1000) {
                0..55 => end = Some(("sold", renewal - rng.below(40 * DAY as u64) as i64)),
                55..75 => end = Some(("withdrawn", renewal - rng.below(30 * DAY as u64) as i64)),
                75..110 => end = Some(("expired", expires + rng.below(10 * MINUTE as u64) as i64)),
                _ if self.step(renewal, "renewed", "published", author) => {
                    self.renewed_at = Some(renewal);
                    expires = renewal + life;
                }
                _ => break,
            }
        }
        self.expires_at = Some(expires);
        if end.is_none() && expires < self.seller.end {
            // The seller is blocked, and time goes on.
            end = Some(("expired", expires + rng.below(10 * MINUTE as u64) as i64));
        }
        let last = end.map_or(self.seller.until, |(_, at)| at.min(self.seller.until));
        // Trade after the last renewal only, so that nothing is told of a moment that a renewal has passed.
        let since = self.renewed_at.unwrap_or(published) + MINUTE;
        if last > since + DAY {
            self.reprice(rng, since, last - HOUR);
            self.reserve(market, rng, blocks, (since, last - HOUR), end.is_some());
        }
        match end {
            Some(("sold", at)) => self.sell(market, rng, blocks, at),
            Some(("withdrawn", at)) => {
                self.step(at, "archived", "archived", author);
            }
            Some((_, at)) => {
                self.step(at, "archived", "archived", None);
            }
            None => {}
        }
    }

    fn reprice(&mut self, rng: &mut Rng, since: i64, last: i64) {
        let changes = rng
            .pick(&[0, 0, 0, 0, 0, 0, 1, 1, 2, 3])
            .copied()
            .unwrap_or(0);
        let mut times: Vec<i64> = (0..changes)
            .map(|_| moment(rng, since, last, 1.0))
            .collect();
        times.sort_unstable();
        times.dedup();
        for at in times {
            let former = self.prices.last().map_or(0, |price| price.minor);
            let percent = rng
                .pick(&[80, 85, 90, 90, 95, 95, 105, 110])
                .copied()
                .unwrap_or(95);
            let minor = (former * percent / 100 / 1000 * 1000).max(1000);
            let wholesale = self
                .ware
                .wholesale
                .map(|(_, from)| (minor * 88 / 100 / 100 * 100, from));
            if minor != former {
                self.prices.push(Price {
                    at,
                    minor,
                    wholesale,
                });
            }
        }
    }

    /// Buyers of some of the pieces; one at least stays.
    fn reserve(
        &mut self,
        market: &Market,
        rng: &mut Rng,
        blocks: u64,
        (since, last): (i64, i64),
        is_ending: bool,
    ) {
        if self.ware.kind == Kind::Car || !rng.permille(260) {
            return;
        }
        for _ in 0..=rng.below(3) {
            let at = moment(rng, since, last, 1.0);
            let wanted = 1 + rng.below(3) as i32;
            let quantity = wanted.min(self.stock - 1);
            let Some(buyer) = self.buyer(market, rng, blocks, at) else {
                continue;
            };
            if quantity < 1 {
                break;
            }
            let is_sold = rng.permille(740);
            // Nothing ends while pieces of it are put aside.
            let latest = if is_ending {
                last + 30 * MINUTE
            } else {
                i64::MAX
            };
            let until = (at + MINUTE + delay(rng, DAY, 0.9)).min(latest);
            // The buyer ends the deal: has the pieces, or does not want them any more.
            let how = if is_sold { "sold" } else { "released" };
            let closed = (until < self.seller.until).then_some((until, how, buyer));
            self.stock -= quantity;
            self.reservations.push(Reservation {
                at,
                buyer,
                quantity,
                closed,
            });
        }
        let back = self.reservations.iter().filter(|held| held.is_released());
        self.stock += back.map(|held| held.quantity).sum::<i32>();
    }

    /// The last pieces go: to a buyer who had them put aside, or over the counter.
    fn sell(&mut self, market: &Market, rng: &mut Rng, blocks: u64, at: i64) {
        let author = Some(self.seller.person);
        let buyer = self
            .buyer(market, rng, blocks, at)
            .filter(|_| rng.permille(600));
        if let Some(buyer) = buyer {
            if !self.step(at, "reserved", "reserved", author) {
                return;
            }
            let until = at + HOUR + delay(rng, DAY, 0.7);
            let is_sold = self.step(until, "sold", "sold", Some(buyer));
            self.reservations.push(Reservation {
                at,
                buyer,
                quantity: self.stock,
                closed: is_sold.then_some((until, "sold", buyer)),
            });
        } else if !self.step(at, "sold", "sold", author) {
            return;
        }
        self.stock = 0;
        let later = self.steps.last().map_or(at, |step| step.at) + delay(rng, 20 * DAY, 0.6);
        if self.status() == "sold" && rng.permille(300) {
            self.step(later, "archived", "archived", author);
        }
    }

    /// Somebody who was there by then, is not blocked and does not sell it.
    #[must_use]
    pub fn buyer(&self, market: &Market, rng: &mut Rng, blocks: u64, at: i64) -> Option<u64> {
        (0..3).find_map(|_| {
            let number = Market::somebody(rng, blocks, 1.2);
            let person = market.person(number);
            let is_there = person.created_at < at && person.banned.is_none();
            (is_there && number != self.seller.person).then_some(number)
        })
    }
}

fn seller(market: &Market, rng: &mut Rng, blocks: u64) -> Seller {
    let of_shop = rng.permille(460);
    if of_shop {
        let number = market.some_shop(rng, blocks);
        let shop = market.shop(number);
        if let Some(member) = rng.pick(&shop.members) {
            return Seller {
                shop: Some(number),
                person: member.person,
                place: shop.place,
                since: member.joined_at + MINUTE,
                until: market.to,
                end: market.to,
            };
        }
    }
    let number = Market::somebody(rng, blocks, 1.5);
    let mut person = market.person(number);
    Seller {
        shop: None,
        person: number,
        place: market.catalogue.place(&mut person.rng),
        since: person.created_at + MINUTE,
        until: person.banned.map_or(market.to, |(at, _)| at),
        end: market.to,
    }
}

/// A time that most of such things take.
fn delay(rng: &mut Rng, median: i64, spread: f64) -> i64 {
    (log_normal(rng, median as f64, spread) as i64).clamp(SECOND, 90 * DAY)
}
